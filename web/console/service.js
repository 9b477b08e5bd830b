// SPDX-License-Identifier: Apache-2.0
//
// What is signed for everybody, and by which keys.

import { h, state } from '/shared/dom.js';
import { again, button, toast } from '/shared/page.js';
import { knows, span, t, when } from '/shared/words.js';
import { askedFor } from './deeds.js';
import { head, question, short, table } from './parts.js';
import { call, may } from './session.js';

const day = { dateStyle: 'medium' };
const now = () => Math.floor(Date.now() / 1000);

/* ---- keys ---- */

const GOOD = { 'in-use': 'ok', replaced: 'unknown', expired: 'warn', revoked: 'bad' };

async function rotate({ role, kind }) {
    let answer;
    const yes = await question(`${t('rotate')}: ${worded(`signer_role_${role}`, role)}`, [], {
        submit: t('ask_for_it'),
        text: `${t('rotate_text')} ${t('two_administrators')}`,
        run: async () => {
            answer = await call('POST', '/api/acts/rotate-signer', { role, kind });
        },
    });
    if (yes) await askedFor(answer);
}

const worded = (key, otherwise) => (knows(key) ? t(key) : otherwise);

export async function signers() {
    const { signers: all } = await call('GET', '/api/signers');
    const rows = all.map((one) => [
        h('b', {}, worded(`signer_role_${one.role}`, one.role)),
        worded(`signer_kind_${one.kind}`, one.kind),
        state(GOOD[one.state] ?? 'unknown', t(`signer_state_${one.state}`)),
        when(one.not_before, day),
        one.not_after - now() < 30 * 86400 && one.state === 'in-use'
            ? state('warn', when(one.not_after, day))
            : when(one.not_after, day),
        short(one.sha256),
        may('administrator') &&
        one.state === 'in-use' &&
        ['root', 'signer', 'status'].includes(one.kind)
            ? button(t('rotate'), () => rotate(one), {
                  kind: 'small',
                  'aria-label': `${t('rotate')}: ${worded(`signer_role_${one.role}`, one.role)}`,
              })
            : null,
    ]);
    return h(
        'div',
        { class: 'stack' },
        head(t('place_signers'), t('signers_text')),
        h(
            'section',
            { class: 'panel' },
            table(
                t('signers_caption', { count: all.length }),
                [
                    t('signer_role'),
                    t('signer_kind'),
                    t('state'),
                    t('valid_from'),
                    t('valid_until'),
                    'SHA-256',
                    '',
                ],
                rows,
            ),
        ),
    );
}

/* ---- lists ---- */

function freshness(one) {
    const left = one.expires - now();
    return left <= 0
        ? state('bad', t('list_expired'))
        : left < 3600
          ? state('warn', t('list_ends', { span: span(left) }))
          : state('ok', t('list_good'));
}

const cells = (name, one) => [
    name,
    freshness(one),
    String(one.version),
    when(one.signed),
    span(one.age),
    when(one.expires),
];
const heads = () => [t('what'), t('state'), t('version'), t('signed'), t('age'), t('expires')];

export async function trust() {
    const { lists, ...artefacts } = await call('GET', '/api/trust');
    const publish = may('supervisor', 'administrator')
        ? button(
              t('publish'),
              async () => {
                  await call('POST', '/api/trust/publish');
                  toast(t('publish_done'));
                  setTimeout(() => location.hash === '#/trust' && again(), 1500);
              },
              { kind: 'first', sign: 'pen' },
          )
        : null;
    return h(
        'div',
        { class: 'stack' },
        head(t('place_trust'), t('trust_text'), publish),
        h(
            'section',
            { class: 'panel' },
            table(
                t('artefacts_caption'),
                heads(),
                Object.entries(artefacts).map(([name, one]) =>
                    cells(
                        h(
                            'div',
                            {},
                            h('b', {}, worded(`artefact_${name.replace('.', '_')}`, name)),
                            h('small', { class: 'soft mono' }, name),
                        ),
                        one,
                    ),
                ),
            ),
        ),
        h(
            'section',
            { class: 'panel' },
            table(
                t('lists_caption', { count: lists.length }),
                heads(),
                lists.map((one) =>
                    cells(h('b', {}, t('list_number', { number: one.number })), one),
                ),
                { empty: t('no_lists') },
            ),
        ),
    );
}
