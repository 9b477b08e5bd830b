// SPDX-License-Identifier: Apache-2.0
//
// What moves beside a code that is shown: a picture of a screen stands still.

import { h } from '/shared/dom.js';
import { t } from '/shared/words.js';

const STEP = 30; // seconds of an open card

/** Seconds until the code of this moment is over. */
const rest = () => STEP - (Math.floor(Date.now() / 1000) % STEP);

/** The clock and a light that passes; stop() of it when it is over. COUNTED: how long this code is good still. */
export function alive({ counted = false } = {}) {
    const clock = h('time', {});
    const node = h('div', { class: 'alive', 'aria-hidden': 'true' }, clock);
    const bar = counted
        ? h('progress', { class: 'rest', max: STEP, value: rest(), 'aria-label': t('open_rest') })
        : null;
    const draw = () => {
        clock.textContent = new Date().toLocaleTimeString();
        if (bar) bar.value = rest();
    };
    draw();
    const timer = setInterval(draw, 1000);
    const whole = h('div', { class: 'stack tight' }, node, bar);
    whole.stop = () => clearInterval(timer);
    return whole;
}

/** Milliseconds until the next step. */
export const untilNext = () => STEP * 1000 - (Date.now() % (STEP * 1000)) + 50;
