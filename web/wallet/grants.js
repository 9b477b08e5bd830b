// SPDX-License-Identifier: Apache-2.0
//
// Which relying party may ask the authority yes-or-no questions about this
// person, until when; and ending that.

import { h, icon, state } from '/shared/dom.js';
import { again, button, toast } from '/shared/page.js';
import { label, t, when } from '/shared/words.js';
import { sure, within } from './own.js';

const KINDS = { running: 'ok', ended: 'unknown', withdrawn: 'unknown' };

/* "resident_id.age_over_18" as people read it. */
function nameOf(wallet, item) {
    const [document, element] = item.split('.');
    const definition = wallet.catalogue.documents[document];
    const found = definition?.elements.find((one) => one.name === element);
    return [label(definition?.title) || document, label(found?.label) || element]
        .filter(Boolean)
        .join(' · ');
}

async function end(record, one) {
    if (!(await sure(t('grants_end'), t('grants_end_text', { name: one.name })))) return;
    await record.ask('DELETE', `/wallet/grants/${one.id}`);
    toast(t('grants_ended'));
    again();
}

function row(wallet, record, one) {
    return h(
        'li',
        {},
        h(
            'div',
            { class: 'device' },
            icon('key'),
            h(
                'span',
                { class: 'text' },
                h('b', {}, one.name),
                h('small', {}, nameOf(wallet, one.item)),
                h('small', {}, t('grants_until', { from: when(one.granted), to: when(one.ends) })),
                state(KINDS[one.state] ?? 'unknown', t(`grant_${one.state}`)),
            ),
            one.state === 'running'
                ? button(t('grants_end'), () => end(record, one), {
                      kind: 'danger small',
                      'aria-label': t('grants_end_one', { name: one.name }),
                  })
                : null,
        ),
    );
}

export const grants = (wallet) =>
    within(wallet, 'grants_title', 'grants_text', async (record) => {
        const all = (await record.ask('GET', '/wallet/grants')).said.grants;
        return all.length === 0
            ? h('div', { class: 'panel empty' }, icon('key'), h('p', {}, t('grants_none')))
            : h('ul', { class: 'list' }, ...all.map((one) => row(wallet, record, one)));
    });
