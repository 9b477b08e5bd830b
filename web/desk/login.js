// SPDX-License-Identifier: Apache-2.0
//
// The key of this counter, typed once. DESIGN.md says why it is no password of a clerk's.

import { h, notice, show } from '/shared/dom.js';
import { trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { Desk } from './desk.js';

/** Ask for it in MAIN; a promise of the desk. ERROR: what went wrong before. */
export function login(main, error) {
    return new Promise((resolve) => {
        const input = h('input', {
            id: 'key',
            type: 'password',
            autocomplete: 'off',
            spellcheck: 'false',
            'aria-describedby': 'key-hint',
        });
        const said = h('div', { 'aria-live': 'polite' }, error ? trouble(error) : null);
        const submit = h('button', { class: 'button first wide', type: 'submit' }, t('key_use'));
        const form = h(
            'form',
            {
                class: 'stack',
                onsubmit: async (event) => {
                    event.preventDefault();
                    const key = input.value.trim();
                    if (!/^[\w-]{32,128}$/.test(key)) {
                        input.setAttribute('aria-invalid', 'true');
                        show(
                            said,
                            notice(
                                'bad',
                                h('b', {}, t('key_wrong')),
                                h('p', {}, t('key_wrong_next')),
                            ),
                        );
                        return input.focus();
                    }
                    submit.setAttribute('aria-busy', 'true');
                    try {
                        resolve(await Desk.open(key));
                    } catch (problem) {
                        show(said, trouble(problem));
                    } finally {
                        submit.removeAttribute('aria-busy');
                    }
                    return undefined;
                },
            },
            h(
                'div',
                { class: 'field' },
                h('label', { for: 'key' }, t('key_label')),
                input,
                h('small', { id: 'key-hint' }, t('key_hint')),
            ),
            said,
            submit,
        );
        show(
            main,
            h(
                'div',
                { class: 'stack welcome' },
                h('img', { src: '/icon.svg', alt: '', width: 96, height: 96 }),
                h('h1', {}, t('welcome')),
                h('p', { class: 'soft' }, t('welcome_text')),
                form,
            ),
        );
        input.focus();
    });
}
