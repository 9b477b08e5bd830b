// SPDX-License-Identifier: Apache-2.0
//
// The terms: read, accepted, or declined. Who declines leaves nothing behind.

import { h } from '/shared/dom.js';
import { button } from '/shared/page.js';
import { languageNow, t } from '/shared/words.js';

/* The text is written in lines of print; a paragraph begins with a number, or after an empty line. */
function paragraphs(text) {
    const parts = [];
    for (const line of text.split('\n')) {
        const trimmed = line.trim();
        if (!trimmed) continue;
        if (parts.length < 2 || /^(\d+\.|[一二三四五六七八九十]+、)/.test(trimmed))
            parts.push(trimmed);
        else parts[parts.length - 1] += (languageNow() === 'en' ? ' ' : '') + trimmed;
    }
    return parts;
}

export function terms(kiosk) {
    const { visit } = kiosk;
    const [title, ...rest] = paragraphs(visit.terms.text);
    const accept = button(t('terms_accept'), () => kiosk.step(() => visit.accept()), {
        kind: 'first',
        sign: 'tick',
    });
    const text = h(
        'div',
        { class: 'panel terms', tabindex: '0', role: 'region', 'aria-label': t('terms') },
        h('h2', {}, title),
        ...rest.map((part) => h('p', {}, part)),
    );
    return h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t('terms')),
        h('p', { class: 'soft' }, t('terms_text', { version: visit.terms.version })),
        text,
        h(
            'div',
            { class: 'row ways' },
            accept,
            button(
                t('terms_decline'),
                async () => {
                    await visit.decline().catch((error) => console.warn('decline', error));
                    await kiosk.finish({ kind: 'unknown', key: 'end_declined' });
                },
                { sign: 'cross' },
            ),
        ),
    );
}
