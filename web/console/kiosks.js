// SPDX-License-Identifier: Apache-2.0
//
// Kiosks, and the code by which a new one is paired.

import { h, state } from '/shared/dom.js';
import { again, button, toast } from '/shared/page.js';
import { span, t, when } from '/shared/words.js';
import { head, question, table, tellOnce } from './parts.js';
import { call, may } from './session.js';

const GOOD = { paired: 'ok', waiting: 'warn', removed: 'bad' };

async function add() {
    let made;
    const yes = await question(
        t('kiosk_add'),
        [
            {
                name: 'name',
                label: t('kiosk_name'),
                hint: t('kiosk_name_hint'),
                required: true,
                most: 60,
            },
        ],
        {
            submit: t('kiosk_add'),
            run: async (values) => {
                made = await call('POST', '/api/kiosks', values);
            },
        },
    );
    if (!yes) return;
    await tellOnce(t('kiosk_code'), t('kiosk_code_text', { span: span(made.expires_in) }), [
        [t('kiosk_code'), made.code],
    ]);
    again();
}

async function remove(one) {
    const yes = await question(`${t('kiosk_remove')}: ${one.name}`, [], {
        submit: t('kiosk_remove'),
        kind: 'danger',
        text: t('kiosk_remove_text'),
        run: () => call('POST', `/api/kiosks/${one.id}/remove`),
    });
    if (yes) {
        toast(t('kiosk_removed'));
        again();
    }
}

export async function kiosks() {
    const { kiosks: all } = await call('GET', '/api/kiosks');
    const rows = all.map((one) => [
        h('b', {}, one.name),
        state(GOOD[one.state] ?? 'unknown', t(`kiosk_state_${one.state}`)),
        when(one.added),
        when(one.changed),
        may('administrator') && one.state !== 'removed'
            ? button(t('kiosk_remove'), () => remove(one), {
                  kind: 'small danger',
                  'aria-label': `${t('kiosk_remove')}: ${one.name}`,
              })
            : null,
    ]);
    return h(
        'div',
        { class: 'stack' },
        head(
            t('place_kiosks'),
            t('kiosks_text'),
            may('administrator')
                ? button(t('kiosk_add'), add, { kind: 'first', sign: 'plus' })
                : null,
        ),
        h(
            'section',
            { class: 'panel' },
            table(
                t('kiosks_caption', { count: all.length }),
                [t('kiosk_name'), t('state'), t('added'), t('changed'), ''],
                rows,
                { empty: t('no_kiosks') },
            ),
        ),
    );
}
