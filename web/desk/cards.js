// SPDX-License-Identifier: Apache-2.0
//
// Cards: a challenge is shown, the phone answers it by a code; or a code is
// read as it is (open cards, an mdoc by codes that move). With the server
// gone the core in this page judges what needs no challenge: those of a desk are
// signed by its reader key, which lies at the server and nowhere else.

import { animated, code } from '/shared/code.js';
import { h, notice, show, state } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { checkCard } from '/wasm/cards.mjs';
import { countdown } from './request.js';
import { judgedOf } from './judged.js';
import { scanning } from './wedge.js';

const REPLAY_MS = 180000; // an open card is over by then
const shown = new Map(); // showings that were accepted here, without the server

/* What was read: a code, or the parts of one, each in its line. */
const linesOf = (text) =>
    text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter(Boolean)
        .map((line) => line.match(/^https?:[^#]*#(.+)$/)?.[1] ?? line);

/** The way. */
export async function card(walk) {
    const { desk, profile } = walk;
    if (!desk.online) return alone(walk);
    try {
        return await (profile.card === 'sealed' ? sealed(walk, {}) : open(walk));
    } catch (error) {
        if (desk.online || error.name === 'AbortError') throw error;
        return alone(walk);
    }
}

/* ---- by the server ---- */

/* Read codes until the server takes them: RUN(codes) asks it, and gives undefined while parts are missing. */
function readBy(walk, run) {
    const codes = new Set();
    let busy = false;
    let failed;
    const done = new Promise((resolve, reject) => {
        failed = reject;
        walk.scanner = scanning(walk.signal, async (text) => {
            for (const line of linesOf(text)) codes.add(line);
            if (busy) return;
            busy = true;
            try {
                const got = await run([...codes]);
                if (got) {
                    walk.scanner.stop();
                    resolve(got);
                }
            } catch (error) {
                codes.clear();
                if (
                    error.status === 400 &&
                    ['not_a_document', 'another_challenge'].includes(error.code)
                )
                    walk.scanner.refuse(error);
                else reject(error);
            } finally {
                busy = false;
            }
        });
    });
    return { done, failed };
}

async function judge(walk, body) {
    const { desk, scanner } = walk;
    try {
        return await desk.ask('POST', '/api/cards', body);
    } catch (error) {
        if (error.code !== 'incomplete') throw error;
        scanner.say(
            h(
                'p',
                { class: 'soft', role: 'status' },
                t('parts_come', { count: body.codes.length }),
            ),
        );
        return undefined;
    }
}

const tellCard = ({ desk, profile, tell }, got) =>
    tell(judgedOf(desk, profile, got.result, { id: got.id, kind: 'cards' }));

async function sealed(walk, { along = false }) {
    const { desk, profile, room, signal, more } = walk;
    show(room, h('p', { role: 'status' }, t('busy')));
    const asked = await desk.ask('POST', '/api/challenges', {
        profile: profile.name,
        with_certificate: along || undefined,
        officer: desk.officerNow()?.officer,
    });
    const wallet = desk.about.wallet;
    const what = t('challenge_of', { purpose: label(profile.title) });
    const reading = readBy(walk, (codes) => judge(walk, { codes, challenge: asked.id, ...more }));
    const picture =
        asked.codes.length > 1
            ? animated(asked.codes, { what })
            : code(asked.codes[0], {
                  what,
                  link: wallet ? `${wallet}/#${asked.codes[0]}` : undefined,
              });
    signal.addEventListener('abort', () => picture.stop?.(), { once: true });
    const timer = setTimeout(
        () => reading.failed(new Trouble(t('challenge_over'), '', t('challenge_over_next'))),
        Math.max(0, asked.expires * 1000 - Date.now()),
    );
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    show(
        room,
        h(
            'div',
            { class: 'ask even' },
            h(
                'section',
                { class: 'stack' },
                h('h2', {}, t('challenge_show')),
                picture,
                countdown(asked.expires, signal),
                along
                    ? null
                    : button(
                          t('challenge_along'),
                          () => {
                              clearTimeout(timer);
                              walk.scanner.stop();
                              picture.stop?.();
                              sealed(walk, { along: true }).catch(walk.fail);
                          },
                          { kind: 'plain' },
                      ),
            ),
            h('section', { class: 'stack' }, h('h2', {}, t('challenge_scan')), walk.scanner.node),
        ),
    );
    try {
        tellCard(walk, await reading.done);
    } finally {
        clearTimeout(timer);
        picture.stop?.();
    }
}

async function open(walk) {
    const { profile, room, more } = walk;
    const reading = readBy(walk, (codes) => judge(walk, { codes, profile: profile.name, ...more }));
    show(room, h('p', { class: 'soft' }, t('card_how')), walk.scanner.node);
    tellCard(walk, await reading.done);
}

/* ---- by itself ---- */

function once(judged) {
    const now = Date.now();
    for (const [key, until] of shown) if (until < now) shown.delete(key);
    if (judged.verdict !== 'accept') return judged;
    const twice = !judged.replay_key ? 'unknown' : shown.has(judged.replay_key) ? 'fail' : 'pass';
    if (judged.replay_key) shown.set(judged.replay_key, now + REPLAY_MS);
    const checks = [
        ...judged.checks,
        {
            check: 'card_replay',
            outcome: twice,
            source: 'docs/formats/gate.md',
            ...(twice === 'fail' ? { why: 'EXISTS' } : {}),
        },
    ];
    return {
        ...judged,
        checks,
        verdict: { pass: 'accept', fail: 'reject', unknown: 'indeterminate' }[twice],
    };
}

async function alone(walk) {
    const { desk, profile, room, signal, tell, more } = walk;
    if (desk.age() === undefined)
        throw new Trouble(t('off_title'), t('off_nothing'), t('off_nothing_next'));
    show(room);
    if (profile.card !== 'open')
        room.append(
            notice(
                'warn',
                h('b', {}, t('off_sealed')),
                h('p', {}, t('off_sealed_why')),
                h('p', { class: 'soft' }, t('off_sealed_next')),
            ),
        );
    const { yaopai, trust } = await desk.judge();
    const queue = [];
    let wake;
    const scanner = scanning(signal, (text) => {
        queue.push(...linesOf(text));
        wake?.();
    });
    room.append(
        h('p', { class: 'row' }, state('warn', t('off_by_itself'))),
        h('p', { class: 'soft' }, t('card_how')),
        scanner.node,
    );
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
    const judged = await checkCard(
        yaopai,
        trust,
        { profile: profile.name, ...more },
        { scan, show: () => {}, sign: () => {} },
    );
    scanner.stop();
    tell(judgedOf(desk, profile, once(judged), { alone: true }));
}
