// SPDX-License-Identifier: Apache-2.0
//
// What the server tells this page of itself. index.html names this script before
// everything: it is asked for while the others are still on their way.

async function read() {
    const answer = await fetch('/config.json', { cache: 'no-store' }).catch(() => null);
    return answer?.ok ? answer.json() : {};
}

/** A promise of {wallet, place, complaints, attendant, try, demo, patience}; empty where there is no network. */
export const told = read();
told.catch(() => {}); // whoever waits for it is told
