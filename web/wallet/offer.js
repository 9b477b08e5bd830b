// SPDX-License-Identifier: Apache-2.0
//
// Documents come: by an offer, by the authority's page, or anew from where they
// came before.

import { h, icon, notice } from '/shared/dom.js';
import { emblem } from '/shared/emblem.js';
import { button, sheet } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { picture } from './catalogue.js';
import { done } from './ending.js';

const FIRST = 6; // facts of a document that are shown before it is kept

export async function askCode({ length, letters, text, again }) {
    return sheet(t('tx_code'), (close) => {
        const input = h('input', {
            id: 'tx',
            inputmode: letters ? 'text' : 'numeric',
            autocomplete: 'one-time-code',
            maxlength: length || 32,
        });
        const form = h(
            'form',
            {
                class: 'stack',
                onsubmit: (event) => {
                    event.preventDefault();
                    close(input.value.trim());
                },
            },
            again ? notice('bad', h('p', {}, t('tx_again'))) : null,
            h('div', { class: 'field' }, h('label', { for: 'tx' }, text || t('tx_text')), input),
            h('button', { class: 'button first', type: 'submit' }, t('continue')),
        );
        return form;
    });
}

/* What is offered of one document, in all its forms. */
function offered(wallet, items) {
    const definition = wallet.catalogue.byType(items[0].type);
    const richest = items.reduce((one, other) =>
        other.attributes.length > one.attributes.length ? other : one,
    );
    const portrait = items
        .flatMap((item) => item.attributes)
        .map((one) => picture(one.value))
        .find(Boolean);
    const facts = richest.attributes.filter((one) => !picture(one.value)).slice(0, FIRST);
    return h(
        'section',
        { class: 'panel stack tight' },
        h(
            'div',
            { class: 'row nowrap' },
            portrait
                ? h('img', { class: 'thumb', src: portrait, alt: '' })
                : h('span', { class: 'mark' }, emblem(definition?.name ?? '')),
            h(
                'div',
                { class: 'grow' },
                h('h3', {}, label(definition?.title) || items[0].title || items[0].type),
                h('p', { class: 'soft small' }, items.map(formOf(wallet)).join(t('comma'))),
            ),
        ),
        h(
            'details',
            {},
            h('summary', {}, t('offer_details')),
            h(
                'dl',
                { class: 'facts' },
                ...facts.map((one) => {
                    const element = wallet.catalogue.element(definition, one);
                    return h(
                        'div',
                        {},
                        h('dt', {}, label(element?.label) || one.name),
                        h('dd', {}, wallet.catalogue.text(element, one.value)),
                    );
                }),
            ),
        ),
    );
}

const formOf = (wallet) => (item) =>
    item.profile
        ? `${t(`format_${item.format}`)} (${label(wallet.catalogue.profiles[item.profile]?.title)})`
        : t(`format_${item.format}`);

/* ITEMS by the document that they are. */
function byDocument(wallet, items) {
    const all = new Map();
    for (const item of items) {
        const name = wallet.catalogue.byType(item.type)?.name ?? item.type;
        all.set(name, [...(all.get(name) ?? []), item]);
    }
    return [...all.values()];
}

const nameOf = (wallet, item) => label(wallet.catalogue.byType(item.type)?.title) || item.title;

/* Those that did not come, or not as they should, each with why. */
const refusals = (wallet, items) =>
    items
        .filter((item) => item.state === 'bad')
        .map((item) =>
            notice(
                'warn',
                h(
                    'p',
                    {},
                    t(item.said ? 'offer_refused' : 'offer_bad', {
                        title: nameOf(wallet, item) || item.id,
                        why: item.said || item.why,
                    }),
                ),
            ),
        );

export async function confirm(wallet, { issuer, calls_itself: name, items }) {
    return sheet(t('offer_title'), (close) =>
        h(
            'div',
            { class: 'stack' },
            h(
                'section',
                { class: 'panel row' },
                icon('badge'),
                h(
                    'div',
                    { class: 'grow' },
                    h('b', {}, t('offer_from', { name: name || issuer })),
                    h('p', { class: 'soft small' }, issuer),
                ),
            ),
            ...byDocument(
                wallet,
                items.filter((item) => item.state === 'good'),
            ).map((each) => offered(wallet, each)),
            ...refusals(wallet, items),
            h(
                'div',
                { class: 'row actions' },
                button(t('offer_take'), () => close(true), { kind: 'first', sign: 'tick' }),
                button(t('say_no'), () => close(false)),
            ),
        ),
    );
}

/** What was kept, as people read it. */
export function kept(wallet, got) {
    const items = got.items.filter((item) => item.state === 'kept');
    const names = [...new Set(items.map((item) => nameOf(wallet, item)).filter(Boolean))];
    return done(
        t('kept_title'),
        names.length
            ? t('kept_names', { names: names.join(t('comma')) })
            : t('kept_text', { count: items.length }),
        { more: refusals(wallet, got.items) },
    );
}

export async function receiveOffer(wallet, offer) {
    return kept(
        wallet,
        await wallet.receive({ offer }, { askCode, confirm: (asked) => confirm(wallet, asked) }),
    );
}
