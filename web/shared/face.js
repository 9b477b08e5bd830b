// SPDX-License-Identifier: Apache-2.0
//
// A document's face: colours, emblem and guilloche are drawn from its kind, so
// that each is known at a glance, and no picture has to be fetched.
//
//     face({ kind: 'resident_id', title, subtitle, picture, facts: [[label, value, whole]] })

import { h } from './dom.js';
import { emblem, look, watermark } from './emblem.js';
import { guilloche } from './guilloche.js';
import { t } from './words.js';

export { look };

const SMALL = 'SPECIMEN YAOPAI 样本 '.repeat(24); // print that a copy smears

function factList(facts) {
    return h(
        'dl',
        {},
        ...facts.map(([name, value, whole]) =>
            h('div', { class: whole ? 'whole' : '' }, h('dt', {}, name), h('dd', {}, value)),
        ),
    );
}

/* A card: emblem and title above, portrait and facts below. */
const card = ({ kind, title, subtitle, picture, facts, badge, plate }) => [
    h(
        'div',
        { class: 'top' },
        emblem(kind),
        h('div', { class: 'title' }, h('b', {}, title), h('span', {}, subtitle)),
        badge ? h('div', { class: 'badge' }, h('small', {}, badge[0]), h('b', {}, badge[1])) : null,
    ),
    h(
        'div',
        { class: `inside${picture ? '' : ' no-picture'}` },
        picture ? h('div', { class: 'picture' }, h('img', { src: picture, alt: '' })) : null,
        plate ? h('div', { class: 'plate' }, h('span', {}, plate)) : null,
        factList(facts),
    ),
];

/* A booklet lies open: its cover at the left, a page at the right. */
const booklet = ({ kind, title, subtitle, facts }) => [
    h(
        'div',
        { class: 'cover' },
        emblem(kind, { gold: true }),
        h('b', {}, title),
        h('span', {}, subtitle),
    ),
    h('div', { class: 'leaf' }, factList(facts)),
];

/**
 * The face as an element.
 *
 *   kind       name of the document in the catalogue
 *   title      of the document; SUBTITLE in the other language
 *   picture    an address of a portrait; undefined: there is none
 *   facts      [[label, value, whole row]]
 *   badge      [label, value] at its corner: what is asked most
 *   plate      of a vehicle
 *   foot       what stands at its left below; SPECIMEN stands at the right
 *   stamp      a word across it, where it is not good
 *   href       makes it a link
 */
export function face({ facts = [], subtitle = '', foot = '', specimen = true, ...told }) {
    const { kind, title, stamp, href } = told;
    const [tint, wash, ink] = look(kind);
    const open = kind === 'household_booklet';
    const inside = [
        guilloche(kind),
        watermark(kind),
        ...(open ? booklet : card)({ ...told, subtitle, facts }),
        specimen ? h('div', { class: 'small-print', 'data-text': SMALL }) : null,
        h(
            'div',
            { class: 'specimen' },
            h('span', {}, foot),
            h('span', {}, specimen ? t('specimen') : ''),
        ),
        stamp ? h('div', { class: 'stamp' }, stamp) : null,
    ];
    const properties = {
        class: `face${open ? ' booklet' : ''}${stamp ? ' over' : ''}`,
        style: { '--tint': tint, '--wash': wash, '--second': ink },
    };
    const name = t('face_label', { title, name: facts[0]?.[1] ?? '' });
    return h(
        'div',
        { class: 'face-room' },
        href
            ? h('a', { ...properties, href }, ...inside)
            : h('article', { ...properties, 'aria-label': name }, ...inside),
    );
}
