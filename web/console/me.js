// SPDX-License-Identifier: Apache-2.0
//
// The operator's own: passkeys, and how the page looks.

import { h } from '/shared/dom.js';
import { looksPart } from '/shared/looks.js';
import { again, button, toast } from '/shared/page.js';
import { t, when } from '/shared/words.js';
import { facts, head, short, table } from './parts.js';
import { addPasskey, call, who } from './session.js';

const appearance = () => h('div', { class: 'panel stack' }, h('h2', {}, t('theme')), looksPart());

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
