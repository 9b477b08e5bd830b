// SPDX-License-Identifier: Apache-2.0
//
// The registrar: who may ask people for what, and by what right.

import { h, state } from '/shared/dom.js';
import { Trouble, again, button, toast } from '/shared/page.js';
import { label, t, when } from '/shared/words.js';
import { allProfiles, profileTitle } from './catalogue.js';
import { askedFor } from './deeds.js';
import { head, question, save, table } from './parts.js';
import { call, may } from './session.js';

const GOOD = { active: 'ok', suspended: 'bad' };

async function change(party, verb) {
    const yes = await question(`${t(`party_${verb}`)}: ${party.name}`, [], {
        submit: t(`party_${verb}`),
        kind: verb === 'suspend' ? 'danger' : 'first',
        text: t(`party_${verb}_text`),
        run: () => call('POST', `/api/parties/${encodeURIComponent(party.code)}/${verb}`),
    });
    if (yes) {
        toast(t('party_changed'));
        again();
    }
}

async function certificate(party, node) {
    const pem = new TextDecoder().decode(
        await call('GET', `/api/parties/${encodeURIComponent(party.code)}/certificate`),
    );
    const link = save(`${party.code}.pem`, pem, 'application/x-pem-file');
    link.classList.add('small');
    node.after(link);
    link.click();
    node.remove();
}

/* A key as JSON, or a request for a certificate: what it begins with says which. */
function keyOf(text) {
    const trimmed = text.trim();
    if (trimmed.startsWith('-----BEGIN')) return { request: `${trimmed}\n` };
    try {
        return { key: JSON.parse(trimmed) };
    } catch {
        throw new Trouble(t('key_unread'), t('key_unread_why'), t('key_unread_next'));
    }
}

const days = (profile) => t('days', { count: profile.retention_days ?? 0 });

async function register() {
    let answer;
    const yes = await question(
        t('register_party'),
        [
            {
                name: 'code',
                label: t('party_code'),
                hint: t('party_code_hint'),
                required: true,
                most: 18,
                mono: true,
            },
            { name: 'name', label: t('party_name'), required: true, most: 300 },
            { name: 'host', label: t('party_host'), hint: t('party_host_hint'), most: 300 },
            {
                name: 'profiles',
                label: t('party_profiles'),
                checks: allProfiles().map((one) => [
                    one.name,
                    label(one.title),
                    `${label(one.purpose)} · ${label(one.legal_basis)} · ${days(one)}`,
                ]),
            },
            { name: 'legal_basis', label: t('party_basis'), most: 300 },
            {
                name: 'retention_days',
                label: t('party_days'),
                hint: t('party_days_hint'),
                type: 'number',
                min: 0,
                max: 3650,
            },
            {
                name: 'key',
                label: t('party_key'),
                hint: t('party_key_hint'),
                required: true,
                rows: 6,
            },
        ],
        {
            submit: t('ask_for_it'),
            text: t('register_party_text'),
            run: async ({ key, host, legal_basis, retention_days, ...rest }) => {
                if (rest.profiles.length === 0)
                    throw new Trouble(t('party_no_profile'), '', t('party_no_profile_next'));
                answer = await call('POST', '/api/acts/party', {
                    ...rest,
                    ...keyOf(key),
                    ...(host ? { host } : {}),
                    ...(legal_basis ? { legal_basis } : {}),
                    ...(retention_days === '' ? {} : { retention_days: Number(retention_days) }),
                });
            },
        },
    );
    if (yes) await askedFor(answer);
}

const profilesOf = (party) =>
    (Array.isArray(party.profiles) ? party.profiles : String(party.profiles).split(/[ ,]+/))
        .filter(Boolean)
        .map(profileTitle)
        .join(' · ');

export async function parties() {
    const { parties: all } = await call('GET', '/api/parties');
    const mine = may('registrar');
    const rows = all.map((one) => [
        h('div', {}, h('b', {}, one.name), h('small', { class: 'soft mono' }, one.code)),
        state(GOOD[one.state] ?? 'unknown', t(`party_state_${one.state}`)),
        profilesOf(one),
        h(
            'div',
            {},
            one.legal_basis,
            h(
                'small',
                { class: 'soft' },
                t('keeps', { days: t('days', { count: one.retention_days }) }),
            ),
        ),
        when(one.registered, { dateStyle: 'medium' }),
        h(
            'div',
            { class: 'row tight-row' },
            button(t('certificate'), (node) => certificate(one, node), {
                kind: 'small',
                'aria-label': `${t('certificate')}: ${one.name}`,
            }),
            mine && one.state === 'active'
                ? button(t('party_suspend'), () => change(one, 'suspend'), {
                      kind: 'small danger',
                      'aria-label': `${t('party_suspend')}: ${one.name}`,
                  })
                : null,
            mine && one.state === 'suspended'
                ? button(t('party_lift'), () => change(one, 'lift'), {
                      kind: 'small',
                      'aria-label': `${t('party_lift')}: ${one.name}`,
                  })
                : null,
        ),
    ]);
    return h(
        'div',
        { class: 'stack' },
        head(
            t('place_parties'),
            t('parties_text'),
            mine ? button(t('register_party'), register, { kind: 'first', sign: 'plus' }) : null,
        ),
        h(
            'section',
            { class: 'panel' },
            table(
                t('parties_caption', { count: all.length }),
                [
                    t('party_name'),
                    t('state'),
                    t('party_profiles'),
                    t('party_basis'),
                    t('registered_at'),
                    '',
                ],
                rows,
                { empty: t('no_parties') },
            ),
        ),
    );
}
