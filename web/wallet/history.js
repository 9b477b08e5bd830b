// SPDX-License-Identifier: Apache-2.0
//
// To whom what was shown. It is on this device, and nowhere else.

import { h, icon, notice, state } from '/shared/dom.js';
import { label, t, when } from '/shared/words.js';
import { receiptPanel } from './receipt.js';
import { reportButton } from './report.js';
import { agreed } from './transaction.js';

const OUTCOMES = { taken: 'ok', shown: 'ok', sent: 'unknown', failed: 'warn' };
const SIGNS = {
    remote: 'globe',
    counter: 'people',
    standing: 'people',
    sealed: 'lock',
    open: 'qr',
};

const partyOf = (event) => (event.way === 'open' ? t('whoever_looks') : event.party);

const nameOf = (wallet, one) => label(wallet.catalogue.documents[one.name]?.title) || one.name;

const elementsOf = (wallet, one) =>
    one.elements.map(
        (each) =>
            label(
                wallet.catalogue.documents[one.name]?.elements.find((element) =>
                    [element.name, element.identifier, element.claim].includes(each),
                )?.label,
            ) || each,
    );

/* Events of one day below its date. */
function days(events) {
    const all = new Map();
    for (const event of events) {
        const day = when(event.when, { dateStyle: 'full' });
        all.set(day, [...(all.get(day) ?? []), event]);
    }
    return [...all];
}

export function history(wallet) {
    const row = (event) =>
        h(
            'li',
            {},
            h(
                'a',
                { href: `#/event/${event.id}` },
                icon(SIGNS[event.way] ?? 'qr'),
                h(
                    'span',
                    { class: 'text' },
                    h('b', {}, partyOf(event)),
                    h(
                        'small',
                        {},
                        [
                            when(event.when, { timeStyle: 'short' }),
                            label(wallet.catalogue.profiles[event.profile]?.title),
                        ]
                            .filter(Boolean)
                            .join(' · '),
                    ),
                    h(
                        'small',
                        {},
                        event.documents.map((one) => nameOf(wallet, one)).join(t('comma')),
                    ),
                ),
                event.receipt
                    ? state(event.receiptVerified ? 'ok' : 'bad', t('receipt'))
                    : state(OUTCOMES[event.outcome] ?? 'unknown', t(`outcome_${event.outcome}`)),
            ),
        );
    return h(
        'div',
        { class: 'stack' },
        h('h1', {}, t('history_title')),
        h('p', { class: 'soft' }, t('history_text')),
        wallet.events.length === 0
            ? h('div', { class: 'panel empty' }, icon('clock'), h('p', {}, t('history_empty')))
            : null,
        ...days(wallet.events).map(([day, events]) =>
            h(
                'section',
                { class: 'stack tight' },
                h('h2', { class: 'day' }, day),
                h('ul', { class: 'list' }, ...events.map(row)),
            ),
        ),
    );
}

/** One showing, whole. */
export function detailOf(wallet, id) {
    const event = wallet.events.find((one) => one.id === id);
    if (!event) return history(wallet);
    const profile = wallet.catalogue.profiles[event.profile];
    const facts = [
        [t('event_when'), when(event.when)],
        [t('event_way'), t(`event_${event.way}`)],
        [t('asks_place'), event.place],
        [t('asks_for'), label(profile?.purpose)],
        [t('asks_code'), event.code],
    ].filter(([, value]) => value);
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/history' }, icon('back'), t('history_title')),
        ),
        h('h1', {}, partyOf(event)),
        h(
            'section',
            { class: 'panel stack' },
            h(
                'div',
                { class: 'row' },
                state(OUTCOMES[event.outcome] ?? 'unknown', t(`outcome_${event.outcome}`)),
            ),
            h(
                'dl',
                { class: 'facts' },
                ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
            ),
        ),
        ...(event.transactions ?? []).map(agreed),
        ...event.documents.map((one) =>
            h(
                'section',
                { class: 'panel stack' },
                h('h2', {}, nameOf(wallet, one)),
                one.elements.length
                    ? h(
                          'ul',
                          { class: 'chips' },
                          ...elementsOf(wallet, one).map((name) => h('li', {}, name)),
                      )
                    : h('p', { class: 'soft' }, t('bare')),
            ),
        ),
        receiptPanel(event),
        event.way === 'open' ? null : reportButton(wallet, event),
        notice('unknown', h('p', {}, t('event_values'))),
    );
}
