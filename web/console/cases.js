// SPDX-License-Identifier: Apache-2.0
//
// What waits: enrolments for officers, acts that take two, anomalies, reports,
// complaints. The list never says of whom.

import { h, state } from '/shared/dom.js';
import { again, button, toast } from '/shared/page.js';
import { knows, span, t } from '/shared/words.js';
import { head, short, table } from './parts.js';
import { call, may, who } from './session.js';

export function kindName(kind) {
    const key = `case_${kind.replaceAll('.', '_')}`;
    return knows(key) ? t(key) : kind;
}

const STATES = { open: 'warn', decided: 'unknown', closed: 'ok' };
export const stateOf = (word) => state(STATES[word] ?? 'unknown', t(`case_state_${word}`));

let names = new Map(); // of operators

/** Learn how operators are called, for who may read that. */
export async function readNames() {
    if (may('auditor', 'administrator'))
        names = new Map(
            (await call('GET', '/api/operators')).operators.map((one) => [one.id, one.name]),
        );
}

/* ---- the list ---- */

let filter = { state: 'waiting', kind: '' };
const GROUPS = [
    '',
    'enrol.',
    'credential.',
    'act.',
    'person.',
    'report.',
    'party.',
    'login.',
    'console.',
    'operator.',
];

async function fetchCases() {
    const states = filter.state === 'waiting' ? ['decided', 'open'] : [filter.state];
    const all = await Promise.all(states.map((one) => call('GET', `/api/cases?state=${one}`)));
    return {
        cases: all
            .flatMap((one) => one.cases)
            .filter((one) => one.kind.startsWith(filter.kind))
            .sort((a, b) => a.opened - b.opened),
        full: all.some((one) => one.full),
    };
}

function select(name, text, options) {
    const id = `filter-${name}`;
    return h(
        'div',
        { class: 'field inline' },
        h('label', { for: id }, text),
        h(
            'select',
            {
                id,
                onchange: (event) => {
                    filter = { ...filter, [name]: event.target.value };
                    again();
                },
            },
            ...options.map(([value, words]) =>
                h('option', { value, selected: filter[name] === value }, words),
            ),
        ),
    );
}

/** The operator ID as others call them. */
export const nameOf = (id) =>
    id === who().id ? h('b', {}, t('you')) : (names.get(id) ?? short(id));

const takenBy = (one) =>
    one.taken_by ? nameOf(one.taken_by) : h('span', { class: 'soft' }, t('nobody'));

export async function cases() {
    const [{ cases: all, full }] = await Promise.all([fetchCases(), readNames()]);
    const auditor = !may('clerk', 'officer', 'supervisor', 'registrar', 'administrator');
    const rows = all.map((one) => [
        h('b', {}, kindName(one.kind)),
        stateOf(one.state),
        span(one.age),
        takenBy(one),
        auditor
            ? null
            : h(
                  'div',
                  { class: 'row tight-row' },
                  one.state !== 'closed' && !one.taken_by
                      ? button(
                            t('take'),
                            async () => {
                                await call('POST', `/api/cases/${one.id}/take`);
                                toast(t('taken'));
                                again();
                            },
                            { kind: 'small', 'aria-label': `${t('take')}: ${kindName(one.kind)}` },
                        )
                      : null,
                  h(
                      'a',
                      {
                          class: 'button small',
                          href: `#/case/${one.id}/${one.kind}/${one.state}`,
                          'aria-label': `${t('open_case')}: ${kindName(one.kind)}`,
                      },
                      t('open_case'),
                  ),
              ),
    ]);
    return h(
        'div',
        { class: 'stack' },
        head(t('place_cases'), t('cases_text'), button(t('refresh'), again, { kind: 'small' })),
        h(
            'div',
            { class: 'row' },
            select(
                'state',
                t('state'),
                ['waiting', 'open', 'decided', 'closed'].map((one) => [
                    one,
                    t(`case_state_${one}`),
                ]),
            ),
            select(
                'kind',
                t('kind'),
                GROUPS.map((one) => [
                    one,
                    one ? t(`case_group_${one.slice(0, -1)}`) : t('all_kinds'),
                ]),
            ),
        ),
        h(
            'section',
            { class: 'panel stack' },
            table(
                t('cases_caption', { count: all.length }),
                [t('kind'), t('state'), t('age'), t('taken_by'), ''],
                rows,
                { empty: t('no_cases') },
            ),
            full ? h('p', { class: 'soft small' }, t('cases_full')) : null,
        ),
    );
}
