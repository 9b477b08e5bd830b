// SPDX-License-Identifier: Apache-2.0
//
// How something ended, in the middle of the screen: shape, word, what next.

import { h, icon } from '/shared/dom.js';
import { button, go } from '/shared/page.js';
import { t } from '/shared/words.js';

/** It is over: TITLE, and BODY below it. KIND: ok, or unknown where nothing was done. BACK: where the person came from. */
export function done(title, body, { back, more = [], kind = 'ok' } = {}) {
    return h(
        'div',
        { class: 'stack' },
        h(
            'section',
            { class: `ending ${kind}`, role: 'status' },
            h('span', { class: 'mark' }, icon(kind === 'ok' ? 'tick' : 'eye-off')),
            h('h2', {}, title),
            body ? h('p', { class: 'soft' }, body) : null,
        ),
        ...more,
        back
            ? h('a', { class: 'button first wide', href: back, rel: 'noopener' }, t('go_back'))
            : null,
        button(t('to_documents'), () => go(''), {
            kind: back ? 'wide' : 'first wide',
            sign: 'card',
        }),
    );
}
