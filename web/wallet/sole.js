// SPDX-License-Identifier: Apache-2.0
//
// One tab at a time has the wallet open, the one in which it was unlocked last: two
// would show the same copy, and each undo what the other wrote.

const NAME = 'yaopai-wallet-open';
const PATIENCE = 3000; // for a tab that sleeps

/* Until this tab is closed, or another one takes over by force. */
const hold = (options) =>
    new Promise((held, failed) => {
        let mine = false;
        navigator.locks
            .request(NAME, options, () => {
                mine = true;
                held();
                return new Promise(() => {});
            })
            .catch((error) => (mine ? location.reload() : failed(error)));
    });

/** This tab has the wallet from here on; where another one has it, that one is locked. */
export async function takeOver() {
    const channel = new BroadcastChannel(NAME);
    channel.postMessage('mine');
    await hold({ signal: AbortSignal.timeout(PATIENCE) }).catch(() => hold({ steal: true }));
    channel.onmessage = () => location.reload();
}
