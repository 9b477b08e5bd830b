// SPDX-License-Identifier: Apache-2.0
//
// What moves beside a code that is shown: a picture of a screen stands still. Two
// rosettes in the document's inks turn against each other; a clock goes on; a
// ring says how long the code is good.

import { h, s } from '/shared/dom.js';
import { look } from '/shared/emblem.js';
import { generator, rosette } from '/shared/guilloche.js';
import { t } from '/shared/words.js';

const STEP = 30; // seconds of an open card
const AROUND = 2 * Math.PI * 20;

/** Seconds until the code of this moment is over. */
const rest = () => STEP - (Math.floor(Date.now() / 1000) % STEP);

function seal(kind) {
    const random = generator(kind);
    const petals = 7 + Math.floor(random() * 6);
    const one = (count, twist) =>
        rosette({ x: 0, y: 0, from: 8, to: 42, rings: 10, petals: count, swing: 0.13, twist });
    return s(
        'svg',
        { class: 'turning', viewBox: '-50 -50 100 100' },
        s('path', { class: 'one', d: one(petals, 1.6) }),
        s('path', { class: 'two', d: one(petals + 2, -1.6) }),
    );
}

/**
 * Call stop() of it when it is over.
 *
 *   counted  say how long this code is good still
 *   kind     of the document that is shown
 *   text     what is shown
 */
export function alive({ counted = false, kind = '', text = '' } = {}) {
    const clock = h('time', {});
    const ring = s('circle', { class: 'left', r: 20, 'stroke-dasharray': AROUND });
    const number = h('b', {});
    const bar = counted
        ? h(
              'div',
              { class: 'ring', role: 'timer', 'aria-label': t('open_rest') },
              s(
                  'svg',
                  { viewBox: '-24 -24 48 48', 'aria-hidden': 'true' },
                  s('circle', { r: 20 }),
                  ring,
              ),
              number,
          )
        : null;
    const draw = () => {
        clock.textContent = new Date().toLocaleTimeString([], { hour12: false });
        const left = rest();
        number.textContent = String(left);
        ring.setAttribute('stroke-dashoffset', String(AROUND * (1 - left / STEP)));
    };
    draw();
    const timer = setInterval(draw, 250);
    const [tint, wash, ink] = look(kind);
    const whole = h(
        'div',
        { class: 'alive', style: { '--tint': tint, '--wash': wash, '--second': ink } },
        h('span', { class: 'seal', 'aria-hidden': 'true' }, seal(kind)),
        h('div', { class: 'grow', 'aria-hidden': 'true' }, clock, h('small', {}, text)),
        bar,
    );
    whole.stop = () => clearInterval(timer);
    return whole;
}

/** Milliseconds until the next step. */
export const untilNext = () => STEP * 1000 - (Date.now() % (STEP * 1000)) + 50;
