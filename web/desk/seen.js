// SPDX-License-Identifier: Apache-2.0
//
// Showings that this device accepted by itself: each counts once, also when the
// page was loaded anew meanwhile.

import * as kept from './kept.js';

const REMEMBER = 180; // seconds; an open card is over by then
const VERDICTS = { pass: 'accept', fail: 'reject', unknown: 'indeterminate' };

/* One after the other, also of two tabs: what is read is written before the next reads. */
const inTurn = (run) => navigator.locks.request('yaopai-desk-shown', run);

async function claim(key) {
    const now = Math.floor(Date.now() / 1000);
    const all = Object.entries((await kept.get('shown')) ?? {});
    const live = Object.fromEntries(all.filter(([, until]) => until > now));
    if (key in live) return 'fail';
    await kept.put('shown', { ...live, [key]: now + REMEMBER });
    return 'pass';
}

/** JUDGED, which was accepted: only if it was not before. Paper has no key: its face is compared each time. */
export async function once(judged) {
    if (judged.verdict !== 'accept' || judged.format === 'printed-card') return judged;
    const outcome = judged.replay_key ? await inTurn(() => claim(judged.replay_key)) : 'unknown';
    const row = {
        check: 'card_replay',
        outcome,
        source: 'docs/formats/gate.md',
        ...(outcome === 'fail' ? { why: 'EXISTS' } : {}),
    };
    return { ...judged, checks: [...judged.checks, row], verdict: VERDICTS[outcome] };
}
