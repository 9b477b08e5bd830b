// SPDX-License-Identifier: Apache-2.0
//
// The operator's own: passkeys, and how the page looks.

import { h } from '/shared/dom.js';
import { again, button, look, looks, toast } from '/shared/page.js';
import { t, when } from '/shared/words.js';
import { facts, head, short, table } from './parts.js';
import { addPasskey, call, who } from './session.js';

function appearance() {
    const now = looks();
    const onOff = (name, on, off, text) =>
        h(
            'li',
            {},
            h(
                'label',
                {},
                h('span', { class: 'text' }, h('b', {}, text)),
                h('input', {
                    type: 'checkbox',
                    class: 'switch',
                    checked: now[name] === on,
                    onchange: (event) => look(name, event.target.checked ? on : off),
                }),
            ),
        );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('theme')),
        h(
            'div',
            { class: 'field' },
            h('label', { for: 'theme' }, t('theme')),
            h(
                'select',
                { id: 'theme', onchange: (event) => look('theme', event.target.value) },
                ...['auto', 'light', 'dark'].map((each) =>
                    h('option', { value: each, selected: now.theme === each }, t(`theme_${each}`)),
                ),
            ),
        ),
        h(
            'ul',
            { class: 'list' },
            onOff('type', 'large', 'normal', t('large_type')),
            onOff('contrast', 'more', 'auto', t('contrast')),
        ),
    );
}

export async function me() {
    const { passkeys } = await call('GET', '/api/operator/passkeys');
    const { name, roles, id } = who();
    return h(
        'div',
        { class: 'stack narrow' },
        head(t('place_me'), t('me_text')),
        h(
            'section',
            { class: 'panel stack' },
            facts([
                [t('operator_name'), name],
                [t('roles'), roles.map((role) => t(`role_${role}`)).join(' · ')],
                [t('number_of'), short(id)],
            ]),
        ),
        h(
            'section',
            { class: 'panel stack' },
            table(
                t('passkeys_caption', { count: passkeys.length }),
                [t('passkey_model'), t('added'), t('used')],
                passkeys.map((one) => [
                    /^0*$/.test(one.model) ? t('passkey_unnamed') : short(one.model),
                    when(one.added),
                    one.used ? when(one.used) : t('never'),
                ]),
            ),
            h('p', { class: 'soft small' }, t('passkey_add_text')),
            h(
                'div',
                { class: 'row' },
                button(
                    t('passkey_add'),
                    async () => {
                        await addPasskey();
                        toast(t('passkey_added'));
                        again();
                    },
                    { sign: 'plus' },
                ),
            ),
        ),
        appearance(),
    );
}
