// SPDX-License-Identifier: Apache-2.0
//
// Before anything leaves the wallet: who asks, what for, by which law, how long
// it is kept, and each element; what need not be shown is off until it is
// switched on. Who asks for more than was registered is shown nothing.

import { h, icon, notice } from '/shared/dom.js';
import { button, sheet } from '/shared/page.js';
import { label, languageNow, t, when } from '/shared/words.js';

/** The party's name as people read it. */
export const nameOf = (asked) => (languageNow() === 'en' ? asked.name_en || asked.name : asked.name) || asked.organisation || t('nobody');

/** Who asks, as a panel. */
export function who(wallet, asked, { place } = {}) {
    const profile = wallet.catalogue.profiles[asked.profile];
    const rows = [
        [t('asks_for'), label(profile?.purpose)], [t('asks_place'), place],
        [t('asks_law'), asked.legal_basis || label(profile?.legal_basis)],
        [t('asks_kept'), asked.retention_days === undefined ? '' : asked.retention_days === 0 ? t('not_kept') : t('kept_days', { days: asked.retention_days })],
        [t('asks_code'), asked.code],
    ].filter(([, value]) => value);
    return h('section', { class: 'panel stack' },
        h('div', { class: 'row' }, icon(asked.registered || asked.reader === 'good' ? 'badge' : 'warn'), h('b', {}, nameOf(asked))),
        asked.signed === false ? notice('bad', h('b', {}, t('unsigned')), h('p', {}, t('unsigned_next')))
            : h('p', { class: 'soft small' }, asked.registered || asked.code ? t('registered') : t('not_registered')),
        h('dl', { class: 'facts' }, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}

/** What this party may not ask for is not shown, whatever the person says. */
export function refusal(asked) {
    return notice('bad', h('b', {}, t('over_asking')), h('p', {}, t('over_asking_why', { name: nameOf(asked) })), h('p', { class: 'soft' }, t('over_asking_next')));
}

const stepName = (path) => path.map((step) => (step === null ? '*' : String(step))).join('.');

/** The elements of a credential query that a fit would disclose. */
function elementsOf(wallet, query, fit, definition) {
    const claims = query.claims ?? [];
    return (fit?.claims ?? []).map((at) => {
        const path = claims[at]?.path ?? [];
        const said = query.format === 'mso_mdoc' ? { namespace: path[0], name: path[1] } : { name: stepName(path) };
        const element = wallet.catalogue.element(definition, said);
        return { name: element?.name ?? said.name, label: label(element?.label) || said.name, sensitive: !element || !!element.sensitive };
    });
}

/**
 * Ask the person by a sheet: gives [[query, held]] or null; EVENT gets what is to be remembered.
 *
 *   held  [{batch, at, again}], as the machine was handed them
 */
export async function consent(wallet, asked, held, event) {
    if (asked.allowed !== 'OK') {
        await sheet(t('request'), (close) => h('div', { class: 'stack' }, who(wallet, asked), refusal(asked), button(t('close'), () => close())));
        return null;
    }
    if (!asked.satisfied) {
        await sheet(t('request'), (close) => h('div', { class: 'stack' }, who(wallet, asked),
            notice('warn', h('b', {}, t('not_held')), h('p', { class: 'soft' }, t('not_held_next'))), button(t('say_no'), () => close())));
        return null;
    }
    const queries = asked.query.credentials;
    const must = new Set(asked.answer.map(([at]) => at));
    const shown = new Map(asked.answer);
    const optional = queries.map((_, at) => at).filter((at) => !must.has(at) && asked.fits[at]?.length > 0 && optionalSet(asked.query, queries[at].id));
    const part = (at, heldAt) => {
        const copy = held[heldAt];
        const definition = wallet.catalogue.byType(copy.batch.type);
        return { at, copy, definition, elements: elementsOf(wallet, queries[at], asked.fits[at].find((fit) => fit.held === heldAt), definition) };
    };
    const draw = ({ copy, definition, elements }, tail) => h('section', { class: 'panel stack' },
        h('div', { class: 'row apart' }, h('h3', {}, label(definition?.title) || copy.batch.type), tail),
        copy.again ? notice('warn', h('p', {}, t('copy_again'))) : null,
        elements.length === 0 ? h('p', {}, t('bare')) : h('ul', { class: 'list' }, ...elements.map((one) => h('li', {}, h('div', {}, h('span', { class: 'text' }, h('b', {}, one.label)), one.sensitive ? h('span', { class: 'state warn' }, icon('eye'), t('sensitive')) : null)))));
    const answer = await sheet(t('request'), (close) => h('div', { class: 'stack' },
        who(wallet, asked),
        ...asked.transactions.map((one) => notice('warn', h('b', {}, t('transaction')), h('p', { class: 'mono' }, JSON.stringify(one)))),
        ...[...shown].map(([at, heldAt]) => draw(part(at, heldAt))),
        ...optional.map((at) => draw(part(at, asked.fits[at][0].held), h('input', { type: 'checkbox', class: 'switch', 'aria-label': t('optional'), onchange: (change) =>
            (change.target.checked ? shown.set(at, asked.fits[at][0].held) : shown.delete(at)) }))),
        asked.expires ? h('p', { class: 'soft small' }, t('answer_until', { when: when(asked.expires, { timeStyle: 'medium' }) })) : null,
        h('div', { class: 'row' }, button(t('agree'), () => close(true), { kind: 'first', sign: 'tick' }), button(t('say_no'), () => close()))));
    if (!answer)
        return null;
    const parts = [...shown].map(([at, heldAt]) => part(at, heldAt));
    Object.assign(event, await wallet.spend(parts.map(({ copy }) => copy), {
        ...event, party: nameOf(asked), code: asked.code, profile: asked.profile,
        documents: parts.map(({ definition, copy, elements }) => ({ name: definition?.name ?? copy.batch.type, elements: elements.map((one) => one.name) })) }));
    return [...shown];
}

const optionalSet = (query, id) => (query.credential_sets ?? []).some((set) => set.required === false && set.options.some((option) => option.includes(id)));
