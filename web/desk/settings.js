// SPDX-License-Identifier: Apache-2.0
//
// How the page looks, by what it judges alone, and how it forgets its key.

import { h, notice } from '/shared/dom.js';
import { looksPart } from '/shared/looks.js';
import { again, button, sheet, toast } from '/shared/page.js';
import { pagePart } from '/shared/vouched.js';
import { label, span, t } from '/shared/words.js';
import { forget } from './kept.js';

function alone(desk) {
    const open = desk
        .profiles()
        .filter((one) => one.card === 'open')
        .map((one) => label(one.title));
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('alone_title')),
        h(
            'p',
            {},
            desk.age() === undefined
                ? t('alone_nothing')
                : t('alone_age', { age: span(desk.age()) }),
        ),
        h(
            'ul',
            {},
            h('li', {}, t('alone_open', { purposes: open.join(' · ') || t('alone_none') })),
            h('li', {}, t('alone_not')),
        ),
        button(t('alone_refresh'), async () => {
            desk.trust.fetched = 0;
            await desk.look({ strict: true });
            toast(t('alone_refreshed'));
            again();
        }),
    );
}

/** The place. */
export function settings(desk) {
    return h(
        'div',
        { class: 'stack narrow' },
        h('h1', {}, t('settings')),
        looksPart(),
        alone(desk),
        pagePart(),
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('face_title')),
            h('p', { class: 'soft' }, t(`face_grade_${desk.about?.face ?? 'none'}`)),
        ),
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('key_title')),
            h('p', { class: 'soft' }, t('key_text')),
            button(
                t('key_forget'),
                async () => {
                    const yes = await sheet(t('key_forget'), (close) =>
                        h(
                            'div',
                            { class: 'stack' },
                            notice('warn', h('p', {}, t('key_forget_text'))),
                            h(
                                'div',
                                { class: 'row' },
                                button(t('key_forget'), () => close(true), {
                                    kind: 'danger',
                                    sign: 'lock',
                                }),
                                button(t('cancel'), () => close()),
                            ),
                        ),
                    );
                    if (!yes) return;
                    await forget();
                    location.replace('/');
                },
                { kind: 'danger', sign: 'lock' },
            ),
        ),
    );
}
