// SPDX-License-Identifier: Apache-2.0
//
// The face: what will happen, the turns that the server asks for, what came of
// it. An officer can always be asked instead.

import { h, icon, notice, show, state } from '/shared/dom.js';
import { Trouble, button, trouble } from '/shared/page.js';
import { knows, t } from '/shared/words.js';
import { Camera } from './camera.js';
import { framesOf, prepareFrames } from './frames.js';

const SIGNS = { left: '←', right: '→', centre: '●' };
const FIRST_MS = 1500; // from the word to the first picture
const NEXT_MS = 550;
const EACH = 2; // pictures of a turn
const LOOK_MS = 700;

const pause = (ms) =>
    new Promise((resolve) => {
        setTimeout(resolve, ms);
    });

/** What the server found, in words for people. */
function told({ result, reason, attempts_left: left }) {
    const key = `face_${reason}`;
    const what = t(result === 'no_match' ? 'face_no_match' : 'face_cannot_tell');
    const why = knows(key) ? t(key) : '';
    return new Trouble(
        what,
        why,
        left === 0
            ? t('face_officer_next')
            : knows(`${key}_next`)
              ? t(`${key}_next`)
              : t('face_left', { count: left }),
    );
}

export function camera(kiosk) {
    const { visit } = kiosk;
    const device = new Camera();
    let over = false;
    let timer;
    const askOfficer = () => {
        visit.why = null;
        return kiosk.step(() => visit.askOfficer());
    };
    const ask = () =>
        button(t('face_officer'), askOfficer, {
            kind: 'wide',
            sign: 'person',
        });
    const word = h('p', { class: 'word', 'aria-live': 'assertive' });
    const arrow = h('div', { class: 'arrow', 'aria-hidden': 'true' });
    const light = h('div', { class: 'light', 'aria-live': 'polite' });
    const view = h(
        'div',
        { class: 'mirror' },
        device.video,
        h('div', { class: 'oval', 'aria-hidden': 'true' }),
        arrow,
        light,
    );
    const side = h('div', { class: 'stack' });
    const room = h('div', { class: 'columns' }, side, view);
    const node = h('div', { class: 'stack', 'data-wide': '' }, h('h1', {}, t('face')), room);

    function tell(...first) {
        show(
            side,
            ...first,
            first.length > 0
                ? null // it was read, and what went wrong has the room
                : h(
                      'ol',
                      { class: 'howto' },
                      h('li', {}, t('face_1')),
                      h('li', {}, t('face_2')),
                      h('li', {}, t('face_3')),
                  ),
            start,
            ask(),
            h('p', { class: 'soft' }, t('face_kept')),
        );
    }

    async function follow(challenge, frames) {
        for (const [index, move] of challenge.moves.entries()) {
            word.textContent = t(`move_${move}`);
            arrow.textContent = SIGNS[move];
            arrow.dataset.move = move;
            for (let i = 0; i < EACH && !over; i++) {
                await pause(i === 0 ? FIRST_MS : NEXT_MS);
                frames.push({ move: index, jpeg: await device.take() });
            }
        }
        arrow.textContent = '';
        word.textContent = t('face_wait');
    }

    /* One attempt; gives what was found, or undefined when another screen is there by now. */
    async function compare() {
        visit.why = null;
        const challenge = await visit.challenge();
        if (!challenge) return undefined;
        show(side, word, h('p', { class: 'soft' }, t('face_follow')));
        prepareFrames();
        const frames = [];
        let bytes;
        try {
            await follow(challenge, frames);
            if (over) return undefined;
            bytes = await framesOf(challenge.nonce, frames);
        } finally {
            for (const frame of frames) frame.jpeg.fill(0);
            device.wipe();
        }
        const found = await visit.sayFace(bytes).finally(() => bytes.fill(0));
        if (found.result !== 'match') visit.why = told(found);
        return found;
    }

    const start = button(
        t('face_start'),
        async () => {
            let found;
            try {
                found = await compare();
            } catch (error) {
                try {
                    return await kiosk.fail(visit, error);
                } catch {
                    // there is no button on the screen that it could stand beside
                    return over ? undefined : tell(trouble(error));
                }
            }
            if (over) return kiosk.visit === visit && !kiosk.gone ? kiosk.draw() : undefined;
            if (found && found.result !== 'match' && visit.step === 'face')
                return tell(
                    trouble(visit.why),
                    knows(`face_${found.reason}_next`)
                        ? state('unknown', t('face_left', { count: found.attempts_left }))
                        : null,
                );
            if (found?.result === 'match') {
                show(
                    side,
                    h(
                        'div',
                        { class: 'verdict ok', role: 'status' },
                        h('span', { class: 'shape' }, icon('tick')),
                        h('b', {}, t('face_match')),
                        h('p', {}, t('face_match_next')),
                    ),
                );
                await pause(1400);
            }
            return over ? undefined : kiosk.draw();
        },
        { kind: 'first wide', sign: 'face' },
    );

    if (!visit.camera) {
        show(
            room,
            h(
                'div',
                { class: 'stack' },
                h('p', { class: 'lead' }, t('face_none')),
                h(
                    'ol',
                    { class: 'howto' },
                    h('li', {}, t('officer_1')),
                    h('li', {}, t('officer_2')),
                ),
                button(t('face_officer_go'), askOfficer, {
                    kind: 'first wide',
                    sign: 'person',
                }),
            ),
        );
        return node;
    }
    tell(...(visit.why ? [trouble(visit.why)] : [])); // of an answer that came to another screen
    device
        .start()
        .then(() => {
            timer = setInterval(
                () =>
                    show(
                        light,
                        device.isDark() ? notice('warn', h('p', {}, t('face_dark'))) : null,
                    ),
                LOOK_MS,
            );
        })
        .catch((error) => {
            if (over) return;
            show(
                room,
                h(
                    'div',
                    { class: 'stack' },
                    trouble(error),
                    ask(),
                    button(t('again'), kiosk.draw, { kind: 'wide', sign: 'face' }),
                ),
            );
        });
    node.stop = () => {
        over = true;
        clearInterval(timer);
        device.stop();
    };
    return node;
}
