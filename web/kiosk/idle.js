// SPDX-License-Identifier: Apache-2.0
//
// Who went away leaves nothing on the screen: after a while without a touch the
// page asks, counts down, and wipes itself.

import { h } from '/shared/dom.js';
import { button, sheet } from '/shared/page.js';
import { t } from '/shared/words.js';

const ASK_S = 20; // of counting down
const QUIET_S = { terms: 150, officer: 1700, offer: 400, face: 60 };
const USUAL_S = 40;
const FRESH_S = 25; // before the server's end somebody who is not asked for yet is told of

let touched = Date.now();
// not "scroll": a page does so by itself as well, when a sheet closes or a screen changes
for (const name of ['pointerdown', 'keydown', 'input', 'wheel'])
    addEventListener(
        name,
        () => {
            touched = Date.now();
        },
        { capture: true, passive: true },
    );

async function askWho() {
    const clock = h('b', { class: 'clock', role: 'timer' }, String(ASK_S));
    const bar = h('progress', { max: ASK_S, value: ASK_S, 'aria-label': t('idle_left') });
    const ends = Date.now() + ASK_S * 1000; // timers of a page may be late
    let timer;
    const stays = await sheet(t('idle_ask'), (close) => {
        timer = setInterval(() => {
            const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
            clock.textContent = String(left);
            bar.value = left;
            if (left <= 0) close(false);
        }, 1000);
        return h(
            'div',
            { class: 'stack idle' },
            h('p', {}, t('idle_text')),
            clock,
            bar,
            button(t('idle_stay'), () => close(true), { kind: 'first wide' }),
            button(t('idle_end'), () => close(false), { kind: 'wide' }),
        );
    });
    clearInterval(timer);
    return stays !== false;
}

/** Watch over VISIT until stop(); GONE is called when nobody is there. PATIENCE: the seconds without a touch that are
 *  usual here. */
export function watch(visit, gone, patience = USUAL_S) {
    let asking = false;
    let over = false; // what is answered after the end is of nobody's visit
    touched = Date.now();
    const timer = setInterval(async () => {
        if (asking) return;
        const quiet = (Date.now() - touched) / 1000;
        const told =
            visit.step !== 'offer' &&
            visit.step !== 'officer' &&
            visit.expires - Date.now() / 1000 < FRESH_S;
        asking = true;
        try {
            if (quiet > (QUIET_S[visit.step] ?? patience)) {
                const stays = await askWho();
                if (over) return undefined;
                if (!stays) return gone();
                touched = Date.now();
                if (visit.step !== 'offer') await visit.stay();
            } else if (told) {
                await visit.stay();
            }
        } catch (error) {
            if (over) return undefined;
            if (error.status === 404 || error.status === 401) return gone(error);
            console.warn('stay', error);
        } finally {
            asking = false;
        }
        return undefined;
    }, 1000);
    return () => {
        over = true;
        clearInterval(timer);
    };
}
