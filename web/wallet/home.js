// SPDX-License-Identifier: Apache-2.0
//
// The documents: their faces, and each with all that it says.

import { face } from '/shared/face.js';
import { h, icon, notice, state } from '/shared/dom.js';
import { button, go, sheet } from '/shared/page.js';
import { label, languageNow, span, t, when } from '/shared/words.js';
import { picture } from './catalogue.js';

const FEW = 2; // copies left: the wallet warns

const attribute = (batch, ...names) => batch.attributes?.find((one) => names.includes(one.name))?.value;

/** Something of a number only: who looks over a shoulder learns nothing. */
const hidden = (text) => (text ? `•••• ${String(text).slice(-4)}` : '');

/** What stands on the face of a document. */
export function faceOf(wallet, one, { href, stamp } = {}) {
    const batch = one.main;
    const name = attribute(batch, 'full_name', 'name', 'name_utf8') ?? [attribute(batch, 'family_name'), attribute(batch, 'given_name')].filter(Boolean).join('');
    const facts = [
        [t('face_name'), name || attribute(batch, 'registration_number') || '', true],
        [t('face_birth'), attribute(batch, 'birth_date', 'birthdate')],
        [t('face_number'), hidden(attribute(batch, 'document_number', 'id_number', 'vehicle_identification_number'))],
        [t('face_expires'), attribute(batch, 'expiry_date', 'date_of_expiry')],
    ].filter(([, value]) => value);
    return face({ kind: one.name, title: label(one.definition?.title) || one.name,
        subtitle: one.definition?.title?.[languageNow() === 'en' ? 'zh' : 'en'] ?? '',
        picture: picture(attribute(batch, 'portrait', 'picture', 'portrait_small')), facts, foot: '', stamp, href });
}

/** Good or not, in words: [kind, text]. */
export function conditionOf(batch) {
    const left = batch.copies.filter((copy) => copy.shown === 0).length;
    const until = attribute(batch, 'expiry_date', 'date_of_expiry');
    if (until && until < new Date().toISOString().slice(0, 10))
        return ['bad', t('state_expired')];
    if (left === 0)
        return ['warn', t('state_no_copies')];
    return left <= FEW ? ['warn', t('state_few_copies', { count: left })] : ['ok', t('state_ready', { count: left })];
}

export function home(wallet) {
    const all = wallet.documents();
    const { trust } = wallet;
    return h('div', { class: 'stack' }, h('h1', {}, t('my_documents')),
        trust.problem && !trust.kept.bundle ? notice('warn', h('b', {}, t('no_trust')), h('p', {}, t('no_trust_next')))
            : trust.age() > 86400 ? notice('unknown', h('p', {}, t('trust_old', { age: span(trust.age()) }))) : null,
        all.length === 0 ? h('div', { class: 'panel stack' }, h('h2', {}, t('nothing_yet')), h('p', { class: 'soft' }, t('nothing_yet_next')),
            button(t('scan_offer'), () => go('scan'), { kind: 'first wide', sign: 'scan' })) : null,
        ...all.map((one) => h('section', { class: 'stack tight' }, faceOf(wallet, one, { href: `#/document/${encodeURIComponent(one.key)}` }),
            h('div', { class: 'row apart' }, state(...conditionOf(one.main)),
                h('a', { class: 'button', href: `#/show/${encodeURIComponent(one.key)}` }, icon('qr'), t('show'))))));
}

/** One document, by groups. */
export function detail(wallet, key) {
    const one = wallet.documents().find((each) => each.key === decodeURIComponent(key));
    if (!one)
        return home(wallet);
    const groups = new Map();
    for (const said of one.main.attributes ?? []) {
        const element = wallet.catalogue.element(one.definition, said);
        if (picture(said.value))
            continue;
        const group = element?.group ?? 'other';
        if (!groups.has(group))
            groups.set(group, []);
        groups.get(group).push([label(element?.label) || said.name, wallet.catalogue.text(element, said.value)]);
    }
    return h('div', { class: 'stack' },
        h('div', { class: 'row' }, h('a', { class: 'button plain', href: '#/' }, icon('back'), t('back'))),
        h('h1', { class: 'unseen' }, label(one.definition?.title) || one.name),
        faceOf(wallet, one),
        h('a', { class: 'button first wide', href: `#/show/${encodeURIComponent(one.key)}` }, icon('qr'), t('show')),
        ...[...groups].map(([group, facts]) => h('section', { class: 'panel stack' }, h('h2', {}, t(`group_${group}`)),
            h('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])))),
        h('section', { class: 'panel stack' }, h('h2', {}, t('copies')),
            h('ul', { class: 'list' }, ...one.batches.map((batch) => h('li', {}, h('div', {}, h('span', { class: 'text' },
                h('b', {}, t(`format_${batch.format}`)), h('small', {}, batch.profile ? label(wallet.catalogue.profiles[batch.profile]?.title) : t('received', { when: when(batch.received) }))),
            state(...conditionOf(batch))))))),
        button(t('delete_document'), async () => {
            const yes = await sheet(t('delete_document'), (close) => h('div', { class: 'stack' }, h('p', {}, t('delete_text')),
                h('div', { class: 'row' }, button(t('delete_yes'), () => close(true), { kind: 'danger', sign: 'trash' }), button(t('cancel'), () => close()))));
            if (yes) {
                await wallet.remove(one.batches);
                go('');
            }
        }, { kind: 'danger wide', sign: 'trash' }));
}
