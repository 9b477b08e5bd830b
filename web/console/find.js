// SPDX-License-Identifier: Apache-2.0
//
// Looking somebody up: exactly, and for a purpose. Who was found is of this tab
// only, and nothing of them is kept.

import { h, notice, show } from '/shared/dom.js';
import { again, go } from '/shared/page.js';
import { t } from '/shared/words.js';
import { codes } from './catalogue.js';
import { form, head } from './parts.js';
import { call } from './session.js';

const PURPOSES = [
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
const WAYS = {
    number: ['number'],
    document_number: ['document_number'],
    plate: ['plate_kind', 'plate'],
    name: ['name', 'birth_date'],
};

let current = null;

/** Who was looked up last, and for what: {purpose, file}; null: nobody. */
export const looked = () => current;

export function putAway() {
    current = null;
}

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

/** Each look is counted and noted, this one too. */
export async function lookAgain() {
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
