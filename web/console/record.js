// SPDX-License-Identifier: Apache-2.0
//
// The record of the register as it is, by its sections. Officers see it.

import { h } from '/shared/dom.js';
import { knows, t } from '/shared/words.js';
import { recordLabel, recordValue } from './catalogue.js';
import { facts } from './parts.js';

/* As the catalogue names what is in a list. */
const SINGULAR = { vehicles: 'vehicle' };

const nameOf = (key, within) => {
    const path = within ? `${within}.${key}` : key;
    return knows(`field_${key}`)
        ? t(`field_${key}`)
        : recordLabel(path) || key.replaceAll('_', ' ');
};

function valueOf(value) {
    if (value === true || value === false) return t(value ? 'yes' : 'no');
    return Array.isArray(value) ? value.map(valueOf).join(' · ') : String(value);
}

const flat = (record, within) =>
    Object.entries(record)
        .filter(
            ([, value]) =>
                typeof value !== 'object' ||
                (Array.isArray(value) && value.every((one) => typeof one !== 'object')),
        )
        .map(([key, value]) => [
            nameOf(key, within),
            valueOf(recordValue(within ? `${within}.${key}` : key, value)),
        ]);

function section(key, value) {
    return h(
        'details',
        { class: 'section' },
        h('summary', {}, nameOf(key)),
        facts(flat(value, SINGULAR[key] ?? key)),
        ...nested(value),
    );
}

/* Sections, and lists of them: vehicles, members of a household. */
function nested(record) {
    const found = [];
    for (const [key, value] of Object.entries(record)) {
        if (Array.isArray(value) && value.some((one) => typeof one === 'object'))
            value.forEach((one, at) =>
                found.push(section(key, value.length > 1 ? { '#': at + 1, ...one } : one)),
            );
        else if (value !== null && typeof value === 'object' && !Array.isArray(value))
            found.push(section(key, value));
    }
    return found;
}

export function record(whole) {
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('record')),
        facts(flat(whole).filter(([name]) => name !== nameOf('portrait'))),
        ...nested(whole),
    );
}
