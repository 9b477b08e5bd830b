// SPDX-License-Identifier: Apache-2.0
//
// What the kiosk prints: a receipt, and a card with the access code. Neither is a
// document: nobody is told by them who somebody is.

import { h } from '/shared/dom.js';
import { label, t, when } from '/shared/words.js';

const now = () => Math.floor(Date.now() / 1000);

/** A receipt of what was chosen; no number, no name, no code. */
export function receipt(kiosk, chosen) {
    const { visit, device, config } = kiosk;
    const facts = [
        [t('receipt_when'), when(now())],
        [t('receipt_where'), label(config.place) || device.id.slice(0, 8)],
        [t('receipt_terms'), visit.terms?.version ?? ''],
        [t('receipt_documents'), chosen.join(t('comma'))],
    ];
    return h(
        'section',
        { class: 'paper receipt' },
        h('h1', {}, t('receipt')),
        h('p', { class: 'small' }, t('specimen')),
        h('dl', {}, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
        h('p', {}, t('receipt_next')),
        h('p', {}, t('receipt_lost')),
        h('p', { class: 'small' }, t('receipt_none')),
    );
}

/** A card for the purse, of the size of a bank's card. */
export function accessCard(kiosk, given) {
    return h(
        'section',
        { class: 'paper purse' },
        h('b', {}, t('purse')),
        h('p', { class: 'mono letters' }, given.match(/.{1,4}/g).join('-')),
        h('p', {}, t('purse_text')),
        h('p', { class: 'small' }, when(now(), { dateStyle: 'medium' }), ' · ', t('specimen')),
    );
}
