// SPDX-License-Identifier: Apache-2.0
//
// What the kiosk prints: a receipt, a card with the access code, and a sheet whose
// code a checker scans. Nothing of it is on the screen.

import { bars } from '/shared/code.js';
import { h } from '/shared/dom.js';
import { label, t, when } from '/shared/words.js';

const now = () => Math.floor(Date.now() / 1000);

/** A receipt of what was done; no number, no name, no code. DONE: a line for each thing. */
export function receipt(kiosk, done) {
    const { visit, device, config } = kiosk;
    const facts = [
        [t('receipt_when'), when(now())],
        [t('receipt_where'), label(config.place) || device.id.slice(0, 8)],
        [t('receipt_terms'), visit.terms?.version ?? ''],
    ];
    return h(
        'section',
        { class: 'paper receipt' },
        h('h1', {}, t('receipt')),
        h('p', { class: 'small' }, t('specimen')),
        h('dl', {}, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
        h('b', {}, t('receipt_documents')),
        h('ul', {}, ...done.map((line) => h('li', {}, line))),
        h('p', {}, t('receipt_next')),
        h('p', {}, t('receipt_lost')),
        h('p', {}, label(config.complaints) || t('receipt_complain')),
        h('p', { class: 'small' }, t('receipt_none')),
    );
}

/** A card for the purse, of the size of a bank's card. */
export function accessCard(given) {
    return h(
        'section',
        { class: 'paper purse' },
        h('b', {}, t('purse')),
        h('p', { class: 'mono letters' }, given.match(/.{1,4}/g).join('-')),
        h('p', {}, t('purse_text')),
        h('p', { class: 'small' }, when(now(), { dateStyle: 'medium' }), ' · ', t('specimen')),
    );
}

/* Both languages: who checks it may read the other one. */
const both = (words, name = 'span') => [
    h(name, { lang: 'zh-CN' }, words.zh),
    h(name, { lang: 'en', class: 'other' }, words.en),
];

function portrait(letters) {
    const base64 = letters.replaceAll('-', '+').replaceAll('_', '/');
    return h('img', { class: 'portrait', src: `data:image/jpeg;base64,${base64}`, alt: '' });
}

/** The sheet that the authority issued: its words are those that stand in the code. */
export function sheetOf(sheet) {
    return h(
        'section',
        { class: 'paper document' },
        sheet.specimen ? h('div', { class: 'across', 'aria-hidden': 'true' }, 'SPECIMEN') : null,
        h(
            'header',
            {},
            h('div', {}, ...both(sheet.title, 'h1'), h('p', {}, sheet.issuer)),
            h(
                'div',
                { class: 'purpose' },
                ...both(sheet.purpose, 'b'),
                h('p', { class: 'until' }, `${sheet.from} → ${sheet.until}`),
            ),
        ),
        h(
            'div',
            { class: 'middle' },
            sheet.portrait ? portrait(sheet.portrait) : null,
            h(
                'dl',
                {},
                ...sheet.rows.flatMap((row) => [
                    h('dt', {}, ...both(row.label)),
                    h('dd', {}, row.value),
                ]),
            ),
        ),
        h(
            'div',
            { class: 'middle' },
            bars(sheet.code, { level: 'M', what: label(sheet.title) }),
            h(
                'div',
                {},
                h('p', {}, ...both(sheet.reason)),
                h('p', { class: 'law' }, ...both(sheet.basis)),
                h('ol', {}, ...sheet.notes.map((note) => h('li', {}, ...both(note)))),
            ),
        ),
        h('footer', {}, ...both(sheet.foot, 'p')),
    );
}
