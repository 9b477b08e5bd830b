// SPDX-License-Identifier: Apache-2.0
//
// One person: looked up exactly, for a purpose, and then what there is of them.

import { h, icon, notice, show, state } from '/shared/dom.js';
import { again, button, go } from '/shared/page.js';
import { knows, t, when } from '/shared/words.js';
import { codes, documentTitle, profileTitle } from './catalogue.js';
import {
    askBulk,
    askErasure,
    askGuardian,
    askHold,
    askRestore,
    endDevice,
    freeze,
    revoke,
    suspend,
} from './deeds.js';
import { offer } from './offer.js';
import { facts, form, head, table } from './parts.js';
import { record } from './record.js';
import { call, may } from './session.js';

export const PURPOSES = [
    'counter',
    'telephone',
    'lost_device',
    'correction',
    'complaint',
    'enrolment',
    'guardian',
    'error',
    'misuse',
    'court',
    'law',
];
const DAY = { dateStyle: 'medium' };
const WAYS = {
    number: ['number'],
    document_number: ['document_number'],
    plate: ['plate_kind', 'plate'],
    name: ['name', 'birth_date'],
};

let current = null; // {purpose, file}: of this tab only, and nothing of it is kept

/** The field that asks why somebody's record is looked at. */
export function purposeField(value) {
    return {
        name: 'purpose',
        label: t('purpose'),
        required: true,
        hint: t('purpose_hint'),
        value,
        options: PURPOSES.map((one) => [one, t(`purpose_${one}`)]),
    };
}

/** Show the person that a case is about. */
export async function lookAt(handle, purpose) {
    current = { purpose, file: await call('POST', '/api/person', { person: handle, purpose }) };
    go('person');
}

/* Each look is counted and noted, this one too. */
async function lookAgain() {
    await lookAt(current.file.person, current.purpose);
    again();
}

/* ---- looking up ---- */

const INPUTS = {
    number: () => ({
        name: 'number',
        label: t('field_number'),
        required: true,
        mono: true,
        pattern: '[0-9A-Za-z]{6,18}',
        hint: t('number_hint'),
    }),
    document_number: () => ({
        name: 'document_number',
        label: t('field_document_number'),
        required: true,
        mono: true,
    }),
    plate_kind: () => ({
        name: 'plate_kind',
        label: t('field_plate_kind'),
        required: true,
        value: '02',
        options: codes('plate_kind'),
    }),
    plate: () => ({ name: 'plate', label: t('field_plate'), required: true }),
    name: () => ({ name: 'name', label: t('field_name'), required: true, hint: t('name_hint') }),
    birth_date: () => ({
        name: 'birth_date',
        label: t('field_birth_date'),
        required: true,
        type: 'date',
    }),
};

export function find() {
    const room = h('div');
    const fill = (way) =>
        show(
            room,
            form([purposeField(), ...WAYS[way].map((name) => INPUTS[name]())], {
                submit: t('look_up'),
                run: async (values) => {
                    current = {
                        purpose: values.purpose,
                        file: await call('POST', '/api/person/find', values),
                    };
                    go('person');
                },
            }),
        );
    const ways = h(
        'div',
        { class: 'segments', role: 'radiogroup', 'aria-label': t('find_by') },
        ...Object.keys(WAYS).map((way, at) =>
            h(
                'label',
                {},
                h('input', {
                    type: 'radio',
                    name: 'way',
                    value: way,
                    checked: at === 0,
                    onchange: () => fill(way),
                }),
                h('span', {}, t(`find_${way}`)),
            ),
        ),
    );
    fill('number');
    return h(
        'div',
        { class: 'stack narrow' },
        head(t('place_find'), t('find_text')),
        notice('unknown', h('b', {}, t('look_logged')), h('p', {}, t('look_logged_text'))),
        h('section', { class: 'panel stack' }, ways, room),
        current ? h('p', {}, h('a', { href: '#/person' }, t('last_person'))) : null,
    );
}

/* ---- who ---- */

function portrait() {
    const place = h('div', { class: 'portrait' }, icon('person'));
    const show_it = button(
        t('show_portrait'),
        async () => {
            const bytes = await call('POST', '/api/person/portrait', {
                person: current.file.person,
                purpose: current.purpose,
            });
            const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
            show(
                place,
                h('img', {
                    src: url,
                    alt: t('portrait_of', { name: current.file.who.name ?? '' }),
                    onload: () => URL.revokeObjectURL(url),
                }),
            );
            show_it.remove();
        },
        { sign: 'eye', title: t('portrait_logged') },
    );
    return h('div', { class: 'stack tight' }, place, show_it);
}

function identity({ file, purpose }) {
    const { who } = file;
    return h(
        'section',
        { class: 'panel identity' },
        portrait(),
        h(
            'div',
            { class: 'stack tight' },
            facts([
                [t('field_name'), who.name],
                [t('field_number'), h('span', { class: 'mono' }, who.number ?? '')],
                [t('field_birth_date'), who.birth_date],
                [t('field_sex'), codes('sex').find(([value]) => value === String(who.sex))?.[1]],
                [t('field_nationality'), who.nationality],
                [t('registered_at'), when(file.registered)],
            ]),
            h(
                'p',
                { class: 'soft small row' },
                icon('eye'),
                h('span', {}, t('looked_for', { purpose: t(`purpose_${purpose}`) })),
            ),
        ),
    );
}

/* ---- documents, devices ---- */

const GOOD = { valid: 'ok', suspended: 'warn', revoked: 'bad' };

export function documentState(word) {
    return state(GOOD[word] ?? 'unknown', knows(`state_${word}`) ? t(`state_${word}`) : word);
}

function documentActions(one, done) {
    const title = documentTitle(one.document);
    const small = (key, run, kind = '') =>
        button(t(key), run, { kind: `small ${kind}`, 'aria-label': `${t(key)}: ${title}` });
    return h(
        'div',
        { class: 'row tight-row' },
        one.state === 'valid' ? small('suspend', () => suspend(current, one).then(done)) : null,
        one.state === 'suspended' && may('officer', 'supervisor')
            ? small('restore', () => askRestore(one))
            : null,
        one.state !== 'revoked' && may('officer', 'supervisor')
            ? small('revoke', () => revoke(current, one).then(done), 'danger')
            : null,
    );
}

function documents({ file }) {
    const many = new Set();
    const bulk = button(t('bulk_revoke'), () => askBulk([...many]), {
        kind: 'danger',
        sign: 'octagon',
        disabled: true,
    });
    const done = (yes) => (yes ? lookAgain() : undefined);
    const pick = (one) =>
        h('input', {
            type: 'checkbox',
            'aria-label': `${t('choose_for_bulk')}: ${documentTitle(one.document)}`,
            onchange: (event) => {
                many[event.target.checked ? 'add' : 'delete'](one.id);
                bulk.disabled = many.size === 0;
            },
        });
    const senior = may('officer', 'supervisor');
    const rows = file.documents.map((one) => [
        ...(senior ? [one.state === 'revoked' ? null : pick(one)] : []),
        h(
            'div',
            {},
            h('b', {}, documentTitle(one.document)),
            h(
                'small',
                { class: 'soft' },
                t(`format_${one.format}`),
                one.profile ? ` · ${profileTitle(one.profile)}` : '',
            ),
        ),
        documentState(one.state),
        t(`level_${one.level}`),
        String(one.copies),
        when(one.issued, DAY),
        when(one.valid_until, DAY),
        documentActions(one, done),
    ]);
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('documents_of'),
            [
                ...(senior ? [t('choose_short')] : []),
                t('document'),
                t('state'),
                t('level'),
                t('copies'),
                t('issued'),
                t('valid_until'),
                '',
            ],
            rows,
            { empty: t('no_documents') },
        ),
        senior && file.documents.some((one) => one.state !== 'revoked')
            ? h('div', { class: 'row' }, bulk, h('span', { class: 'soft small' }, t('two_agree')))
            : null,
    );
}

function devices({ file }) {
    const kinds = { active: 'ok', ended: 'bad', notice: 'warn', offered: 'warn' };
    const rows = file.devices.map((one) => [
        h('span', { class: 'mono' }, one.id.slice(0, 8)),
        state(
            kinds[one.state] ?? 'unknown',
            knows(`device_${one.state}`) ? t(`device_${one.state}`) : one.state,
        ),
        t(`level_${one.level}`),
        when(one.started),
        when(one.changed),
        may('officer', 'supervisor') && one.state !== 'ended'
            ? button(
                  t('end_device'),
                  () => endDevice(current, one).then((yes) => (yes ? lookAgain() : undefined)),
                  { kind: 'small danger' },
              )
            : null,
    ]);
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('devices_of'),
            [t('device'), t('state'), t('level'), t('started'), t('changed'), ''],
            rows,
            { empty: t('no_devices') },
        ),
    );
}

function bars({ file }) {
    if (file.bars.length === 0) return null;
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('bars_of'),
            [t('what'), t('document'), t('reason'), t('basis'), t('by'), t('started'), t('ends')],
            file.bars.map((one) => [
                state(one.ended ? 'unknown' : 'warn', t(`bar_${one.kind}`)),
                documentTitle(one.document),
                knows(`reason_${one.reason}`) ? t(`reason_${one.reason}`) : one.reason,
                one.legal_basis ?? '',
                one.by,
                when(one.started),
                one.ended
                    ? t('ended_at', { when: when(one.ended) })
                    : one.ends
                      ? when(one.ends)
                      : t('until_lifted'),
            ]),
        ),
    );
}

function guardians({ file }) {
    if (file.guardians.length === 0) return null;
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('guardians_of'),
            [t('this_person_is'), t('reason'), t('started'), t('ends')],
            file.guardians.map((one) => [
                t(`is_${one.is}`),
                knows(`reason_${one.reason}`) ? t(`reason_${one.reason}`) : one.reason,
                when(one.started),
                when(one.ends),
            ]),
        ),
    );
}

/* ---- the person ---- */

function actions(now) {
    const senior = may('officer', 'supervisor');
    const after = (yes) => (yes ? lookAgain() : undefined);
    return h(
        'div',
        { class: 'row no-print', role: 'group', 'aria-label': t('actions') },
        button(t('offer'), () => offer(now).then(after), { kind: 'first', sign: 'card' }),
        button(t('freeze'), () => freeze(now).then(after), { sign: 'pause' }),
        senior ? button(t('hold'), () => askHold(now), { sign: 'lock' }) : null,
        senior ? button(t('guardian'), () => askGuardian(now), { sign: 'people' }) : null,
        senior
            ? button(t('erase'), () => askErasure(now), { kind: 'danger', sign: 'trash' })
            : null,
    );
}

export function person() {
    if (!current) return find();
    return h(
        'div',
        { class: 'stack' },
        head(
            current.file.who.name ?? t('person'),
            undefined,
            button(t('look_again'), lookAgain, { sign: 'eye', title: t('look_logged') }),
            button(
                t('put_away'),
                () => {
                    current = null;
                    go('find');
                },
                { sign: 'cross' },
            ),
        ),
        actions(current),
        identity(current),
        documents(current),
        devices(current),
        bars(current),
        guardians(current),
        current.file.record
            ? record(current.file.record)
            : h('p', { class: 'soft' }, t('record_for_officers')),
    );
}
