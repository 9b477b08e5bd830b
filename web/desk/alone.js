// SPDX-License-Identifier: Apache-2.0
//
// With the server gone the core in this page judges what needs no challenge: open
// cards, an mdoc by codes that move, paper that the clerk compares. The challenges
// of a desk are signed by its reader key, which lies at the server and nowhere else.

import { h, notice, show, state } from '/shared/dom.js';
import { Trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { checkCard } from '/wasm/cards.mjs';
import { judgedOf } from './judged.js';
import { once } from './seen.js';
import { linesOf, scanning } from './wedge.js';

/* Codes that are scanned, one by one; null when the walk is over. */
function reading(walk) {
    const { signal } = walk;
    const queue = [];
    let wake;
    const scanner = scanning(signal, (text) => {
        queue.push(...linesOf(text));
        wake?.();
    });
    signal.addEventListener('abort', () => wake?.(), { once: true });
    const scan = async ({ why }) => {
        if (why)
            scanner.refuse(
                new Trouble(t('refused_not_a_document'), '', t('refused_not_a_document_next')),
            );
        while (queue.length === 0 && !signal.aborted)
            await new Promise((resolve) => (wake = resolve));
        return queue.shift() ?? null;
    };
    return { scanner, scan };
}

/* What this device could not judge at all, as a verdict: it is never a no. */
const unjudged = (why) => ({
    verdict: 'indeterminate',
    checks: [{ check: 'bundle', outcome: 'unknown', source: 'ours', why }],
});

/* One judgement; SCAN gives the letters. What was read is in `read`, to be judged again. */
async function judge({ desk, profile, more }, scan, compared) {
    const read = [];
    try {
        const { yaopai, trust } = await desk.judge();
        const judged = await checkCard(
            yaopai,
            trust,
            { profile: profile.name, status_age: desk.statusAge(), compared, ...more },
            {
                scan: async (wish) => {
                    const text = await scan(wish);
                    if (text !== null) read.push(text);
                    return text;
                },
                show: () => {},
                sign: () => {},
            },
        );
        if (compared && judged.format === 'printed-card') judged.compared = true;
        return { judged: await once(judged), read };
    } catch (error) {
        if (!['EXPIRED', 'NOT_YET_VALID', 'UNTRUSTED', 'BAD_SIGNATURE'].includes(error.code))
            throw error;
        return { judged: unjudged(error.code), read }; // of the bundle: it is over, or the clock is wrong
    }
}

function tell(walk, { judged: raw, read }) {
    const { desk, profile } = walk;
    const judged = judgedOf(desk, profile, raw, { alone: true });
    if (judged.remains.includes('compare_portrait'))
        judged.compare = async () => {
            const again = [...read];
            tell(walk, await judge(walk, async () => again.shift() ?? null, true));
        };
    walk.tell(judged);
}

/** The way. */
export async function alone(walk) {
    const { desk, profile, room, signal } = walk;
    if (desk.age() === undefined)
        throw new Trouble(t('off_title'), t('off_nothing'), t('off_nothing_next'));
    const { scanner, scan } = reading(walk);
    show(
        room,
        profile.card === 'open'
            ? null
            : notice(
                  'warn',
                  h('b', {}, t('off_sealed')),
                  h('p', {}, t('off_sealed_why')),
                  h(
                      'p',
                      { class: 'soft' },
                      t(profile.paper_days ? 'off_paper' : 'off_sealed_next'),
                  ),
              ),
        h('p', { class: 'row' }, state('warn', t('off_by_itself'))),
        h('p', { class: 'soft' }, t('card_how')),
        scanner.node,
    );
    try {
        const told = await judge(walk, scan, false);
        if (!signal.aborted) tell(walk, told);
    } finally {
        scanner.stop();
    }
}
