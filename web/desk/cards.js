// SPDX-License-Identifier: Apache-2.0
//
// Cards: a challenge is shown, the phone answers it by a code; or a code is
// read as it is (open cards, an mdoc by codes that move, paper). With the server
// gone the page judges by itself: alone.js.

import { animated, code } from '/shared/code.js';
import { h, show } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { alone } from './alone.js';
import { countdown } from './request.js';
import { judgedOf } from './judged.js';
import { linesOf, scanning } from './wedge.js';

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
                else {
                    walk.scanner.stop();
                    reject(error);
                }
            } finally {
                busy = false;
            }
        });
    });
    return { done, failed };
}

async function judge(walk, body) {
    const { desk, profile, scanner, more } = walk;
    try {
        return { body, got: await desk.ask('POST', '/api/cards', body) };
    } catch (error) {
        if (error.code === 'paper_needs_no_challenge')
            return judge(walk, { codes: body.codes.slice(-1), profile: profile.name, ...more });
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

/* Of paper the clerk is asked to compare the face; it counts when they say so. */
function tellCard(walk, { got, body }) {
    const judged = judgedOf(walk.desk, walk.profile, got.result, { id: got.id, kind: 'cards' });
    if (judged.remains.includes('compare_portrait'))
        judged.compare = async () => tellCard(walk, await judge(walk, { ...body, compared: true }));
    walk.tell(judged);
}

async function sealed(walk, { along = false }) {
    const { desk, profile, room, signal, more } = walk;
    show(room, h('p', { role: 'status' }, t('busy')));
    const asked = await desk.ask('POST', '/api/challenges', {
        profile: profile.name,
        with_certificate: along || undefined,
        officer: desk.officerNow()?.officer,
    });
    signal.throwIfAborted();
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
