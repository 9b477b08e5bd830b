// SPDX-License-Identifier: Apache-2.0
//
// The code on paper at the counter: the guest scans it and says the number that
// the phone shows; and the paper itself, to be printed.

import { bars } from '/shared/code.js';
import { h, icon, notice, show } from '/shared/dom.js';
import { button, trouble } from '/shared/page.js';
import { label, t, when } from '/shared/words.js';
import { judgedOf } from './judged.js';

const codesOf = ({ desk, profile }) =>
    (desk.about.standing ?? []).filter((one) => one.profile === profile.name);

/** The way: a number is typed. */
export async function number(walk) {
    const { desk, profile, room, tell } = walk;
    const standing = codesOf(walk);
    const input = h('input', {
        id: 'number',
        class: 'big-number',
        inputmode: 'numeric',
        pattern: '[0-9]*',
        maxlength: 2,
        autocomplete: 'off',
        'aria-describedby': 'number-hint',
    });
    const place = h(
        'select',
        { id: 'place' },
        ...standing.map((one) => h('option', { value: one.id }, one.place)),
    );
    const said = h('div', { 'aria-live': 'polite' });
    const submit = h('button', { class: 'button first wide', type: 'submit' }, t('number_take'));
    const take = async () => {
        submit.setAttribute('aria-busy', 'true');
        try {
            const got = await desk.ask('POST', `/api/standing/${place.value}`, {
                number: input.value,
            });
            tell(judgedOf(desk, profile, got.result, { id: got.id, kind: 'sessions' }));
        } catch (error) {
            show(said, trouble(error));
            input.select();
        } finally {
            submit.removeAttribute('aria-busy');
        }
    };
    show(
        room,
        h(
            'form',
            {
                class: 'stack panel',
                onsubmit: (event) => {
                    event.preventDefault();
                    if (/^[1-9]\d$/.test(input.value)) return take();
                    show(said, notice('bad', h('p', {}, t('number_two'))));
                    return input.focus();
                },
            },
            h('p', {}, t('number_text')),
            standing.length > 1
                ? h(
                      'div',
                      { class: 'field' },
                      h('label', { for: 'place' }, t('number_place')),
                      place,
                  )
                : null,
            h(
                'div',
                { class: 'field' },
                h('label', { for: 'number' }, t('number_label')),
                input,
                h('small', { id: 'number-hint' }, t('number_hint')),
            ),
            said,
            submit,
        ),
    );
    input.focus();
}

/** The way: the paper. */
export async function paper(walk) {
    const { desk, profile, room } = walk;
    show(
        room,
        h(
            'div',
            { class: 'row no-print' },
            button(t('print'), () => print(), { kind: 'first', sign: 'print' }),
        ),
        ...codesOf(walk).map((one) =>
            h(
                'article',
                { class: 'paper' },
                h(
                    'header',
                    {},
                    h('img', { src: '/icon.svg', alt: '', width: 54, height: 54 }),
                    h('div', {}, h('b', {}, desk.about.name), h('span', {}, one.place)),
                ),
                h('h2', {}, label(profile.title)),
                bars(one.letters, { level: 'M', what: t('paper_code') }),
                h(
                    'ol',
                    { class: 'steps' },
                    h('li', {}, t('paper_1')),
                    h('li', {}, t('paper_2', { name: desk.about.name, place: one.place })),
                    h('li', {}, t('paper_3')),
                ),
                h(
                    'footer',
                    {},
                    h('span', { class: 'row' }, icon('shield'), t('paper_sign')),
                    h(
                        'span',
                        {},
                        t('valid_until', { day: when(one.expires, { dateStyle: 'medium' }) }),
                    ),
                ),
            ),
        ),
    );
}
