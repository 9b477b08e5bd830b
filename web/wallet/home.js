// SPDX-License-Identifier: Apache-2.0
//
// The documents: their faces, and each with all that it says.

import { face } from '/shared/face.js';
import { h, icon, notice, state } from '/shared/dom.js';
import { again, button, go, sheet, toast } from '/shared/page.js';
import { label, languageNow, span, t, when } from '/shared/words.js';
import { picture } from './catalogue.js';
import { said } from './errors.js';
import { attribute, copiesOf, standing, titleOf } from './states.js';

/** Something of a number only: who looks over a shoulder learns nothing. */
const hidden = (text) => (text ? `•••• ${String(text).slice(-4)}` : '');

/** What stands on the face of a document. */
export function faceOf(wallet, one, { href, stamp } = {}) {
    const batch = one.main;
    const name =
        attribute(batch, 'full_name', 'name', 'name_utf8') ??
        [attribute(batch, 'family_name'), attribute(batch, 'given_name')].filter(Boolean).join('');
    const facts = [
        [t('face_name'), name || attribute(batch, 'registration_number') || '', true],
        [t('face_birth'), attribute(batch, 'birth_date', 'birthdate')],
        [
            t('face_number'),
            hidden(
                attribute(batch, 'document_number', 'id_number', 'vehicle_identification_number'),
            ),
        ],
        [t('face_expires'), attribute(batch, 'expiry_date', 'date_of_expiry')],
    ].filter(([, value]) => value);
    return face({
        kind: one.name,
        title: titleOf(one),
        subtitle: one.definition?.title?.[languageNow() === 'en' ? 'zh' : 'en'] ?? '',
        picture: picture(attribute(batch, 'portrait', 'picture', 'portrait_small')),
        facts,
        foot: '',
        stamp,
        href,
    });
}

/* What people have to know before they show anything. */
function notices({ trust }) {
    if (trust.late())
        return notice(
            'warn',
            h('b', {}, t('clock_wrong')),
            h(
                'p',
                {},
                t('clock_wrong_text', {
                    now: when(Date.now() / 1000),
                    signed: when(trust.kept.moment),
                }),
            ),
            h('p', { class: 'soft' }, t('clock_wrong_next')),
        );
    if (!trust.kept.bundle)
        return notice('warn', h('b', {}, t('no_trust')), h('p', {}, t('no_trust_next')));
    if (!navigator.onLine || trust.problem)
        return notice(
            'unknown',
            h('b', {}, t('offline_now')),
            h('p', {}, t('offline_age', { age: span(Math.max(1, trust.age())) })),
        );
    return trust.age() > 86400
        ? notice('unknown', h('p', {}, t('trust_old', { age: span(trust.age()) })))
        : null;
}

export async function home(wallet) {
    const all = wallet.documents();
    const states = await Promise.all(all.map((one) => standing(wallet, one)));
    return h(
        'div',
        { class: 'stack' },
        h('h1', {}, t('my_documents')),
        notices(wallet),
        all.length === 0
            ? h(
                  'div',
                  { class: 'panel stack empty' },
                  icon('card'),
                  h('h2', {}, t('nothing_yet')),
                  h('p', { class: 'soft' }, t('nothing_yet_next')),
                  button(t('scan_offer'), () => go('scan'), { kind: 'first wide', sign: 'scan' }),
                  button(t('get_title'), () => go('get'), { kind: 'wide', sign: 'person' }),
              )
            : null,
        all.length
            ? h(
                  'div',
                  { class: 'documents stack' },
                  ...all.map((one, at) =>
                      h(
                          'section',
                          { class: 'stack tight' },
                          faceOf(wallet, one, {
                              href: `#/document/${encodeURIComponent(one.key)}`,
                              stamp: states[at].stamp,
                          }),
                          h(
                              'div',
                              { class: 'row apart' },
                              h(
                                  'span',
                                  { class: 'below' },
                                  state(states[at].kind, states[at].text),
                                  states[at].age
                                      ? h('small', { class: 'soft' }, states[at].age)
                                      : null,
                              ),
                              h(
                                  'a',
                                  {
                                      class: 'button',
                                      href: `#/show/${encodeURIComponent(one.key)}`,
                                      'aria-label': t('show_what', { title: titleOf(one) }),
                                  },
                                  icon('qr'),
                                  t('show'),
                              ),
                          ),
                      ),
                  ),
              )
            : null,
        all.length
            ? button(t('get_more'), () => go('get'), { kind: 'plain wide', sign: 'plus' })
            : null,
    );
}

/* ---- one document -------------------------------------------------------- */

function groupsOf(wallet, one) {
    const groups = new Map();
    for (const item of one.main.attributes ?? []) {
        const element = wallet.catalogue.element(one.definition, item);
        if (picture(item.value)) continue;
        const group = element?.group ?? 'other';
        groups.set(group, [
            ...(groups.get(group) ?? []),
            [label(element?.label) || item.name, wallet.catalogue.text(element, item.value)],
        ]);
    }
    return groups;
}

function renewal(wallet, one) {
    const sources = [
        ...new Set(one.batches.map((batch) => wallet.sourceOf(batch)).filter(Boolean)),
    ];
    if (sources.length === 0) return h('p', { class: 'soft small' }, t('renew_none'));
    return button(
        t('renew'),
        async () => {
            try {
                for (const source of sources) await wallet.renew(source);
            } catch (error) {
                throw said(error);
            }
            toast(t('renewed'));
            again();
        },
        { kind: 'wide', sign: 'download' },
    );
}

function remove(wallet, one) {
    return button(
        t('delete_document'),
        async () => {
            const yes = await sheet(t('delete_document'), (close) =>
                h(
                    'div',
                    { class: 'stack' },
                    h('p', {}, t('delete_text')),
                    h(
                        'div',
                        { class: 'row actions' },
                        button(t('delete_yes'), () => close(true), {
                            kind: 'danger',
                            sign: 'trash',
                        }),
                        button(t('cancel'), () => close()),
                    ),
                ),
            );
            if (yes) {
                await wallet.remove(one.batches);
                go('');
            }
        },
        { kind: 'danger wide', sign: 'trash' },
    );
}

/** One document, by groups. */
export async function detail(wallet, key) {
    const one = wallet.documents().find((each) => each.key === decodeURIComponent(key));
    if (!one) return home(wallet);
    const now = await standing(wallet, one);
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/' }, icon('back'), t('back')),
        ),
        h('h1', { class: 'unseen' }, titleOf(one)),
        faceOf(wallet, one, { stamp: now.stamp }),
        now.kind === 'ok'
            ? null
            : notice(
                  now.kind,
                  h('b', {}, now.text),
                  h('p', {}, now.next),
                  now.age ? h('p', { class: 'soft small' }, now.age) : null,
              ),
        h(
            'a',
            { class: 'button first wide', href: `#/show/${encodeURIComponent(one.key)}` },
            icon('qr'),
            t('show'),
        ),
        ...[...groupsOf(wallet, one)].map(([group, facts]) =>
            h(
                'section',
                { class: 'panel stack' },
                h('h2', {}, t(`group_${group}`)),
                h(
                    'dl',
                    { class: 'facts' },
                    ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
                ),
            ),
        ),
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('copies')),
            h('p', { class: 'soft small' }, t('copies_text')),
            h(
                'ul',
                { class: 'list' },
                ...one.batches.map((batch) =>
                    h(
                        'li',
                        {},
                        h(
                            'div',
                            {},
                            h(
                                'span',
                                { class: 'text' },
                                h('b', {}, t(`format_${batch.format}`)),
                                h(
                                    'small',
                                    {},
                                    batch.profile
                                        ? label(wallet.catalogue.profiles[batch.profile]?.title)
                                        : t('received', { when: when(batch.received) }),
                                ),
                            ),
                            state(...copiesOf(batch)),
                        ),
                    ),
                ),
            ),
            renewal(wallet, one),
        ),
        remove(wallet, one),
    );
}
