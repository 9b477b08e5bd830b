// SPDX-License-Identifier: Apache-2.0
//
// Before anything leaves the wallet: who asks, what for, by which law, how long
// it is kept, and each element; what need not be shown is off until it is
// switched on. Who asks for more than was registered is shown nothing.

import { h, icon, notice, state } from '/shared/dom.js';
import { button, sheet } from '/shared/page.js';
import { label, languageNow, t, when } from '/shared/words.js';
import { picture } from './catalogue.js';
import { showingFor } from './children.js';
import { reportButton } from './report.js';
import { agreed } from './transaction.js';

/** The party's name as people read it. */
export const nameOf = (asked) =>
    (languageNow() === 'en' ? asked.name_en || asked.name : asked.name) ||
    asked.organisation ||
    t('nobody');

/** Who asks, as a panel. */
export function who(wallet, asked, { place } = {}) {
    const profile = wallet.catalogue.profiles[asked.profile];
    const known = asked.registered || asked.reader === 'good';
    const rows = [
        [t('asks_for'), label(profile?.purpose)],
        [t('asks_place'), place],
        [
            t('asks_law'),
            languageNow() === 'en' && profile
                ? label(profile.legal_basis)
                : asked.legal_basis || label(profile?.legal_basis),
        ],
        [
            t('asks_kept'),
            asked.retention_days === undefined
                ? ''
                : asked.retention_days === 0
                  ? t('not_kept')
                  : t('kept_days', { days: asked.retention_days }),
        ],
        [t('asks_code'), asked.code],
    ].filter(([, value]) => value);
    return h(
        'section',
        { class: 'panel stack who' },
        h(
            'div',
            { class: 'row' },
            h('span', { class: `crest ${known ? 'ok' : 'warn'}` }, icon(known ? 'badge' : 'warn')),
            h(
                'div',
                { class: 'grow' },
                h('b', { class: 'name' }, nameOf(asked)),
                asked.signed === false
                    ? null
                    : known || asked.code
                      ? state('ok', t('registered'))
                      : state('warn', t('not_registered')),
            ),
        ),
        asked.signed === false
            ? notice('bad', h('b', {}, t('unsigned')), h('p', {}, t('unsigned_next')))
            : null,
        h(
            'dl',
            { class: 'facts' },
            ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
        ),
    );
}

/* What ASKED is registered for, each profile with the elements that it may ask for. */
function registeredFor(wallet, { profiles = [] }) {
    const known = profiles.map((name) => wallet.catalogue.profiles[name]).filter(Boolean);
    if (known.length === 0) return null;
    const elementsOf = (profile) =>
        profile.asks.flatMap(({ document, elements, choices = [] }) =>
            [...elements, ...choices].map(
                (name) =>
                    label(
                        wallet.catalogue.documents[document]?.elements.find(
                            (one) => one.name === name,
                        )?.label,
                    ) || name,
            ),
        );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('registered_for')),
        ...known.map((profile) =>
            h(
                'div',
                { class: 'stack tight' },
                h('b', {}, label(profile.title)),
                h(
                    'ul',
                    { class: 'chips' },
                    ...[...new Set(elementsOf(profile))].map((name) => h('li', {}, name)),
                ),
            ),
        ),
    );
}

/** What this party may not ask for is not shown, whatever the person says. */
export function refusal(wallet, asked) {
    return h(
        'div',
        { class: 'stack' },
        notice(
            'bad',
            h('b', {}, t('over_asking')),
            h('p', {}, t('over_asking_why', { name: nameOf(asked) })),
            h('p', { class: 'soft' }, t('over_asking_next')),
        ),
        registeredFor(wallet, asked),
        reportButton(wallet, asked, 'too_much'),
    );
}

const stepName = (path) => path.map((step) => (step === null ? '*' : String(step))).join('.');

/** ELEMENT of a document of DEFINITION that is SAID ({namespace, name}) in BATCH: its words and its value. */
export function toldElement(wallet, batch, definition, said) {
    const element = wallet.catalogue.element(definition, said);
    const names = [element?.name, element?.identifier, element?.claim, said.name];
    const value = batch?.attributes?.find((one) => names.includes(one.name))?.value;
    return {
        name: element?.name ?? said.name,
        label: label(element?.label) || said.name,
        sensitive: !element || !!element.sensitive,
        picture: picture(value),
        text: value === undefined || picture(value) ? '' : wallet.catalogue.text(element, value),
    };
}

/** The elements of a credential query that a fit would disclose. */
function elementsOf(wallet, batch, query, fit, definition) {
    const claims = query.claims ?? [];
    return (fit?.claims ?? []).map((at) => {
        const path = claims[at]?.path ?? [];
        return toldElement(
            wallet,
            batch,
            definition,
            query.format === 'mso_mdoc'
                ? { namespace: path[0], name: path[1] }
                : { name: stepName(path) },
        );
    });
}

/** Elements as people read them before they agree: name, value, and what is sensitive. */
export function elementList(elements) {
    return elements.length === 0
        ? h('p', {}, t('bare'))
        : h(
              'dl',
              { class: 'asked' },
              ...elements.map((one) =>
                  h(
                      'div',
                      {},
                      h(
                          'dt',
                          {},
                          one.label,
                          one.sensitive
                              ? h('span', { class: 'state warn' }, icon('eye'), t('sensitive'))
                              : null,
                      ),
                      h(
                          'dd',
                          {},
                          one.picture
                              ? h('img', { src: one.picture, alt: t('portrait') })
                              : one.text || '✓',
                      ),
                  ),
              ),
          );
}

/** Nothing can be shown: SAYING is why. */
function cannot(wallet, asked, ...saying) {
    return sheet(t('request'), (close) =>
        h(
            'div',
            { class: 'stack' },
            who(wallet, asked),
            ...saying,
            h(
                'div',
                { class: 'row actions' },
                button(t('close'), () => close()),
            ),
        ),
    );
}

/**
 * Ask the person by a sheet: gives [[query, held]] or null; EVENT gets what is to be remembered.
 *
 *   held  [{batch, at, again}], as the machine was handed them
 */
export async function consent(wallet, asked, held, event) {
    if (asked.allowed !== 'OK') {
        await cannot(wallet, asked, refusal(wallet, asked));
        return null;
    }
    if (!asked.satisfied) {
        await cannot(
            wallet,
            asked,
            notice(
                'warn',
                h('b', {}, t('not_held')),
                h('p', { class: 'soft' }, t('not_held_next')),
            ),
        );
        return null;
    }
    const queries = asked.query.credentials;
    const must = new Set(asked.answer.map(([at]) => at));
    const shown = new Map(asked.answer);
    const optional = queries
        .map((_, at) => at)
        .filter(
            (at) =>
                !must.has(at) &&
                asked.fits[at]?.length > 0 &&
                optionalSet(asked.query, queries[at].id),
        );
    const part = (at, heldAt) => {
        const copy = held[heldAt];
        const definition = wallet.catalogue.byType(copy.batch.type);
        return {
            at,
            copy,
            definition,
            elements: elementsOf(
                wallet,
                copy.batch,
                queries[at],
                asked.fits[at].find((fit) => fit.held === heldAt),
                definition,
            ),
        };
    };
    const draw = ({ copy, definition, elements }, tail) =>
        h(
            'section',
            { class: 'panel stack' },
            h(
                'div',
                { class: 'row apart' },
                h('h3', {}, label(definition?.title) || copy.batch.type),
                tail,
            ),
            copy.again ? notice('warn', h('p', {}, t('copy_again'))) : null,
            elementList(elements),
        );
    const choice = (at) =>
        draw(
            part(at, asked.fits[at][0].held),
            h(
                'label',
                { class: 'row' },
                t('optional'),
                h('input', {
                    type: 'checkbox',
                    class: 'switch',
                    onchange: (change) =>
                        change.target.checked
                            ? shown.set(at, asked.fits[at][0].held)
                            : shown.delete(at),
                }),
            ),
        );
    const yes = await sheet(t('request'), (close) =>
        h(
            'div',
            { class: 'stack' },
            who(wallet, asked, { place: event.place }),
            showingFor(wallet),
            ...asked.transactions.map((one) => agreed(one)),
            ...[...shown].map(([at, heldAt]) => draw(part(at, heldAt))),
            ...optional.map(choice),
            reportButton(wallet, asked),
            asked.expires
                ? h(
                      'p',
                      { class: 'soft small' },
                      t('answer_until', { when: when(asked.expires, { timeStyle: 'medium' }) }),
                  )
                : null,
            h(
                'div',
                { class: 'row actions' },
                button(t(asked.transactions.length ? 'agree_both' : 'agree'), () => close(true), {
                    kind: 'first',
                    sign: 'tick',
                }),
                button(t('say_no'), () => close()),
            ),
        ),
    );
    if (!yes) return null;
    const parts = [...shown].map(([at, heldAt]) => part(at, heldAt));
    Object.assign(
        event,
        await wallet.spend(
            parts.map(({ copy }) => copy),
            {
                ...event,
                party: nameOf(asked),
                code: asked.code,
                profile: asked.profile,
                client: asked.client_id,
                certificate: asked.certificate,
                transactions: asked.transactions.length ? asked.transactions : undefined,
                documents: parts.map(({ definition, copy, elements }) => ({
                    name: definition?.name ?? copy.batch.type,
                    elements: elements.map((one) => one.name),
                })),
            },
        ),
    );
    return [...shown];
}

const optionalSet = (query, id) =>
    (query.credential_sets ?? []).some(
        (set) => set.required === false && set.options.some((option) => option.includes(id)),
    );
