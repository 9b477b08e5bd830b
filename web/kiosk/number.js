// SPDX-License-Identifier: Apache-2.0
//
// Who it is: a number by keys, or from a code that a camera reads.

import { h, icon, notice, show } from '/shared/dom.js';
import { button, trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { Scanner } from '/shared/scan.js';
import { keypad } from './keypad.js';

const DIGITS = 18;
const WHOLE = /(?<![0-9])([0-9]{17}[0-9X])(?![0-9A-Z])/; // the one number in a text that was scanned

export function number(kiosk) {
    const { visit, config } = kiosk;
    const side = h('div', { class: 'stack' });
    let scanner = null;
    const wrong = h('div', {}); // beside the keys, where there is room on a low screen
    const go = button(
        t('continue'),
        async () => {
            show(wrong);
            try {
                await kiosk.step(() => visit.sayNumber(pad.value));
            } catch (error) {
                show(wrong, trouble(error));
            }
        },
        { kind: 'first wide', sign: 'go' },
    );
    const pad = keypad({
        name: t('number_name'),
        length: [DIGITS, DIGITS],
        last: 'X',
        groups: [6, 8, 4],
        value: visit.typed,
        input: (text, enough) => {
            visit.typed = text;
            go.disabled = !enough;
        },
        done: () => go.click(),
    });

    const byCamera = () => {
        scanner = new Scanner({
            take: (text) => {
                const found = text.toUpperCase().match(WHOLE)?.[1];
                if (!found)
                    return scanner.say(
                        notice('warn', h('b', {}, t('scan_none')), h('p', {}, t('scan_none_next'))),
                    );
                visit.typed = found;
                return kiosk.draw();
            },
        });
        show(
            side,
            h('h2', {}, t('scan')),
            scanner.node,
            button(t('scan_keys'), kiosk.draw, { sign: 'back' }),
        );
    };
    show(
        side,
        wrong,
        h('p', {}, t('number_text')),
        h('div', { class: 'row' }, button(t('scan'), byCamera, { sign: 'scan' })),
        config.try
            ? notice(
                  'unknown',
                  h('b', {}, t('try')),
                  h(
                      'ul',
                      { class: 'tries' },
                      ...config.try.map((one) =>
                          h(
                              'li',
                              {},
                              h(
                                  'button',
                                  {
                                      type: 'button',
                                      class: 'button',
                                      onclick: () => {
                                          visit.typed = one.number;
                                          kiosk.draw();
                                      },
                                  },
                                  icon('person'),
                                  h(
                                      'span',
                                      {},
                                      one.name,
                                      ' ',
                                      h('span', { class: 'mono small' }, one.number),
                                  ),
                              ),
                          ),
                      ),
                  ),
              )
            : null,
    );
    const node = h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t('number')),
        h(
            'div',
            { class: 'columns' },
            side,
            h('div', { class: 'stack' }, pad, h('div', { class: 'stack' }, go)),
        ),
    );
    node.stop = () => scanner?.stop();
    return node;
}
