// SPDX-License-Identifier: Apache-2.0
//
// How a page looks, as its settings ask it: theme, large type, more contrast.

import { h } from './dom.js';
import { look, looks } from './page.js';
import { t } from './words.js';

function onOff(name, [on, off], text) {
    return h(
        'li',
        {},
        h(
            'label',
            {},
            h('span', { class: 'text' }, h('b', {}, text)),
            h('input', {
                type: 'checkbox',
                class: 'switch',
                checked: looks()[name] === on,
                onchange: (event) => look(name, event.target.checked ? on : off),
            }),
        ),
    );
}

/** What may be chosen: it holds at once, and for the next time. */
export function looksPart() {
    const theme = h(
        'select',
        { id: 'theme', onchange: (event) => look('theme', event.target.value) },
        ...['auto', 'light', 'dark'].map((each) =>
            h('option', { value: each, selected: looks().theme === each }, t(`theme_${each}`)),
        ),
    );
    return h(
        'section',
        { class: 'stack' },
        h('div', { class: 'field' }, h('label', { for: 'theme' }, t('theme')), theme),
        h(
            'ul',
            { class: 'list' },
            onOff('type', ['large', 'normal'], t('large_type')),
            onOff('contrast', ['more', 'auto'], t('contrast')),
        ),
    );
}
