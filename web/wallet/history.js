// SPDX-License-Identifier: Apache-2.0
//
// To whom what was shown. It is on this device, and nowhere else.

import { h, icon, state } from '/shared/dom.js';
import { label, t, when } from '/shared/words.js';

const OUTCOMES = { taken: 'ok', shown: 'ok', sent: 'unknown', failed: 'warn' };

export function history(wallet) {
    const name = (one) => label(wallet.catalogue.documents[one.name]?.title) || one.name;
    const elements = (one) => one.elements.map((each) => label(wallet.catalogue.documents[one.name]?.elements.find((element) => element.name === each || element.identifier === each || element.claim === each)?.label) || each).join(t('comma'));
    return h('div', { class: 'stack' }, h('h1', {}, t('history_title')), h('p', { class: 'soft' }, t('history_text')),
        wallet.events.length === 0 ? h('p', { class: 'panel' }, t('history_empty')) : h('ul', { class: 'list' }, ...wallet.events.map((event) =>
            h('li', {}, h('div', { class: 'event' }, icon(event.way === 'remote' ? 'globe' : event.way === 'counter' ? 'people' : 'qr'),
                h('span', { class: 'text' }, h('b', {}, event.party), h('small', {}, `${when(event.when)} · ${label(wallet.catalogue.profiles[event.profile]?.title)}`),
                    ...event.documents.map((one) => h('details', {}, h('summary', {}, name(one)), h('small', {}, elements(one))))),
                state(OUTCOMES[event.outcome] ?? 'unknown', t(`outcome_${event.outcome}`)))))));
}
