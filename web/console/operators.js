// SPDX-License-Identifier: Apache-2.0
//
// Operators and their roles: proposed by one administrator, done by another.

import { h, state } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { t } from '/shared/words.js';
import { askedFor } from './deeds.js';
import { head, question, table, tellOnce } from './parts.js';
import { call, may, who } from './session.js';

export const ROLES = ['clerk', 'officer', 'supervisor', 'registrar', 'auditor', 'administrator'];
const GOOD = { active: 'ok', invited: 'warn', ended: 'bad' };

const roleField = (value = []) => ({
    name: 'roles',
    label: t('roles'),
    value,
    checks: ROLES.map((role) => [role, t(`role_${role}`), t(`role_${role}_may`)]),
});

async function propose(title, fields, text, path, submit = t('propose'), kind = 'first') {
    let answer;
    const yes = await question(title, fields, {
        submit,
        kind,
        text: `${text} ${t('two_administrators')}`,
        run: async (values) => {
            if (values.roles?.length === 0) throw new Trouble(t('no_role'), '', t('no_role_next'));
            answer = await call('POST', path, fields.length > 0 ? values : undefined);
        },
    });
    if (!yes) return;
    if (answer.half)
        await tellOnce(t('half_title'), t('half_text'), [[t('half_first'), answer.half]]);
    await askedFor(answer);
}

const add = () =>
    propose(
        t('operator_add'),
        [
            {
                name: 'name',
                label: t('operator_name'),
                hint: t('operator_name_new'),
                required: true,
                pattern: '[a-z0-9.\\-]{1,40}',
            },
            roleField(['clerk']),
        ],
        t('operator_add_text'),
        '/api/operators',
    );

const roles = (one) =>
    propose(
        `${t('operator_roles')}: ${one.name}`,
        [roleField(one.roles)],
        t('operator_roles_text'),
        `/api/operators/${one.id}/roles`,
    );

const end = (one) =>
    propose(
        `${t('operator_end')}: ${one.name}`,
        [],
        t('operator_end_text'),
        `/api/operators/${one.id}/end`,
        t('propose'),
        'danger',
    );

function actions(one) {
    if (!may('administrator') || one.state === 'ended') return null;
    return h(
        'div',
        { class: 'row tight-row' },
        one.id === who().id
            ? null
            : button(t('operator_roles'), () => roles(one), {
                  kind: 'small',
                  'aria-label': `${t('operator_roles')}: ${one.name}`,
              }),
        button(t('operator_end'), () => end(one), {
            kind: 'small danger',
            'aria-label': `${t('operator_end')}: ${one.name}`,
        }),
    );
}

export async function operators() {
    const { operators: all } = await call('GET', '/api/operators');
    const rows = all.map((one) => [
        h(
            'div',
            {},
            h('b', {}, one.name),
            one.id === who().id ? h('small', { class: 'soft' }, t('you')) : null,
        ),
        state(GOOD[one.state] ?? 'unknown', t(`operator_state_${one.state}`)),
        one.roles.map((role) => t(`role_${role}`)).join(' · '),
        actions(one),
    ]);
    return h(
        'div',
        { class: 'stack' },
        head(
            t('place_operators'),
            t('operators_text'),
            may('administrator')
                ? button(t('operator_add'), add, { kind: 'first', sign: 'plus' })
                : null,
        ),
        h(
            'section',
            { class: 'panel' },
            table(
                t('operators_caption', { count: all.length }),
                [t('operator_name'), t('state'), t('roles'), ''],
                rows,
            ),
        ),
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('roles_title')),
            h(
                'dl',
                { class: 'facts' },
                ...ROLES.flatMap((role) => [
                    h('dt', {}, t(`role_${role}`)),
                    h('dd', {}, t(`role_${role}_may`)),
                ]),
            ),
        ),
    );
}
