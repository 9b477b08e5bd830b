// SPDX-License-Identifier: Apache-2.0
//
// What reads codes at a counter: the camera, a pasted text, an image, or a
// scanner in the hand, which types what it read and then Enter.

import { h, show } from '/shared/dom.js';
import { trouble } from '/shared/page.js';
import { Scanner } from '/shared/scan.js';
import { t } from '/shared/words.js';

const GAP_MS = 120; // who types more slowly is a person
const LEAST = 8; // letters

/** What was read: a code, or the parts of one, each in its line. A blank at its end is a letter of base45. */
export const linesOf = (text) =>
    text
        .split(/\r?\n/)
        .map((line) => line.replace(/^\s+|\t+$/g, ''))
        .filter(Boolean)
        .map((line) => line.match(/^https?:[^#]*#(.+)$/)?.[1] ?? line);

/** TAKE gets what a scanner in the hand typed; until SIGNAL, and while nobody writes in a field. */
export function wedge(signal, take) {
    let typed = '';
    let last = 0;
    addEventListener(
        'keydown',
        (event) => {
            const writes =
                event.target instanceof HTMLElement &&
                event.target.matches('input, textarea, select');
            if (writes || event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.timeStamp - last > GAP_MS) typed = '';
            last = event.timeStamp;
            if (event.key === 'Enter' && typed.length >= LEAST) {
                event.preventDefault();
                take(typed);
                typed = '';
            } else if (event.key.length === 1) {
                typed += event.key;
                if (typed.length > 1 && event.key === ' ') event.preventDefault(); // base45 has blanks: nothing is to scroll or be pressed
            }
        },
        { signal },
    );
    // pasted beside every field: the same as typed
    addEventListener(
        'paste',
        (event) => {
            if (event.target instanceof HTMLElement && event.target.matches('input, textarea'))
                return;
            const text = event.clipboardData?.getData('text/plain');
            if (text?.trim()) take(text);
        },
        { signal },
    );
}

/** All of them: {node, refuse(error), say(...children), stop()}. */
export function scanning(signal, take) {
    const ends = new AbortController();
    const said = h('div', { 'aria-live': 'polite' });
    const scanner = new Scanner({ take: (text) => take(text) });
    const stop = () => {
        ends.abort();
        scanner.stop();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop(); // the clerk went elsewhere before it began
    wedge(ends.signal, take);
    return {
        node: h(
            'div',
            { class: 'stack reading' },
            scanner.node,
            h('p', { class: 'soft small' }, t('wedge_hint')),
            said,
        ),
        stop,
        refuse: (error) => show(said, trouble(error)),
        say: (...children) => show(said, ...children),
    };
}
