// SPDX-License-Identifier: Apache-2.0
//
// A document's face: colours, emblem and guilloche are drawn from its kind, so
// that each is known at a glance, and no picture has to be fetched.
//
//     face({ kind: 'resident_id', title, subtitle, picture, facts: [[label, value, whole]] })

import { h, s } from './dom.js';
import { t } from './words.js';

const TINTS = {
    resident_id: ['#24597a', '#e0ecf3', 'star'],
    driving_licence: ['#2f5d3a', '#e4f0e4', 'wheel'],
    vehicle_registration: ['#3b4a8c', '#e5e8f6', 'car'],
    residence_permit: ['#1d6b6b', '#dff1ef', 'gate'],
    household_booklet: ['#7c2f3a', '#f6e6e2', 'house'],
    health_card: ['#8a3a63', '#f7e5ee', 'leaf'],
    pass: ['#5b4a86', '#ece7f6', 'key'],
};
const OTHERS = ['#4c5a2c', '#7a4b1e', '#2d5f86', '#6b3b73', '#1f6b55'];

/* A small generator: the same letters give the same lines everywhere. */
function generator(text) {
    let state = 2166136261;
    for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
    return () => {
        state = (Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9) | 0;
        return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
    };
}

/** The tint, wash and emblem of KIND. */
export function look(kind) {
    if (kind in TINTS) return TINTS[kind];
    const tint = OTHERS[Math.floor(generator(kind)() * OTHERS.length)];
    return [tint, '#ecefe9', 'ring'];
}

/* Two families of curves that interweave: rosettes around a point, waves across. */
function guilloche(kind) {
    const random = generator(kind);
    const width = 350;
    const height = 221;
    const lines = [];
    const [cx, cy] = [width * (0.6 + random() * 0.3), height * (0.35 + random() * 0.4)];
    const petals = 5 + Math.floor(random() * 7);
    const swing = 0.16 + random() * 0.2;
    for (let ring = 0; ring < 11; ring++) {
        let path = '';
        const radius = 22 + ring * 9;
        for (let i = 0; i <= 180; i++) {
            const turn = (i / 180) * 2 * Math.PI;
            const r = radius * (1 + swing * Math.sin(petals * turn + ring * 0.55));
            path += `${i === 0 ? 'M' : 'L'}${(cx + r * Math.cos(turn)).toFixed(1)} ${(cy + r * 0.72 * Math.sin(turn)).toFixed(1)}`;
        }
        lines.push(path);
    }
    const [low, high, phase] = [1.1 + random() * 1.4, 2.2 + random() * 2, random() * 6];
    for (let row = 0; row < 16; row++) {
        let path = '';
        for (let x = -6; x <= width + 6; x += 6) {
            const at = (x / width) * 2 * Math.PI;
            const y =
                height * 0.5 +
                62 *
                    Math.sin(low * at + phase + row * 0.11) *
                    Math.cos(high * at * 0.35 + row * 0.07) +
                (row - 8) * 5.2;
            path += `${path === '' ? 'M' : 'L'}${x} ${y.toFixed(1)}`;
        }
        lines.push(path);
    }
    return s(
        'svg',
        {
            class: 'lines',
            viewBox: `0 0 ${width} ${height}`,
            preserveAspectRatio: 'xMidYMid slice',
            'aria-hidden': 'true',
        },
        s('path', { d: lines.join('') }),
    );
}

const MARKS = {
    star: 'm16 7 2.2 5.9 6.3.3-4.9 4 1.7 6.1-5.3-3.4-5.3 3.4 1.7-6.1-4.9-4 6.3-.3z',
    wheel: 'M16 7a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 3a6 6 0 0 1 5.7 4H10.300A6 6 0 0 1 16 10m-6 6.2 4 .8-.6 5A6 6 0 0 1 10 16.200m8.6 5.8-.6-5 4-.8a6 6 0 0 1-3.4 5.8',
    car: 'M9 17l1.7-5a2 2 0 0 1 1.9-1.400h6.800a2 2 0 0 1 1.9 1.400L23 17v6h-3v-2h-8v2H9zm3-1h8l-1-3h-6z',
    gate: 'M8 12c5-1 11-1 16 0v2H8zm2 3h3v9h-3zm9 0h3v9h-3zm-5 0h4v2h-4zM16 7l5 3H11z',
    house: 'M16 7 25 15h-2.500v9h-4.500v-6h-4v6H9.500v-9H7z',
    leaf: 'M16 8v16M16 8c-6 3-7 9-4 14 1-5 2-7 4-9m0-5c6 3 7 9 4 14-1-5-2-7-4-9',
    key: 'M12 9a5 5 0 1 0 3.5 8.600L23 25l2-2-1.5-1.5 1.5-1.5-2-2-1.5 1.5-3.8-3.800A5 5 0 0 0 12 9m0 3a2 2 0 1 1 0 4 2 2 0 0 1 0-4',
    ring: 'M16 8a8 8 0 1 0 0 16 8 8 0 0 0 0-16m0 3.500a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9',
};

function emblem(tint, mark) {
    return s(
        'svg',
        { class: 'emblem', viewBox: '0 0 32 32', 'aria-hidden': 'true' },
        s('circle', { cx: 16, cy: 16, r: 15.5, fill: tint }),
        s('circle', {
            cx: 16,
            cy: 16,
            r: 13.2,
            fill: 'none',
            stroke: '#fff',
            'stroke-opacity': 0.55,
            'stroke-width': 0.8,
        }),
        s('path', {
            d: MARKS[mark],
            fill: mark === 'star' ? '#f2cf6b' : '#fff',
            stroke: mark === 'leaf' ? '#fff' : 'none',
            'stroke-width': 1.4,
        }),
    );
}

/**
 * The face as an element.
 *
 *   kind       name of the document in the catalogue
 *   title      of the document; SUBTITLE in the other language
 *   picture    an address of a portrait; undefined: there is none
 *   facts      [[label, value, whole row]]
 *   foot       what stands at its left below; SPECIMEN stands at the right
 *   stamp      a word across it, where it is not good
 *   href       makes it a link
 */
export function face({
    kind,
    title,
    subtitle = '',
    picture,
    facts = [],
    foot = '',
    stamp,
    href,
    specimen = true,
}) {
    const [tint, wash, mark] = look(kind);
    const inside = [
        guilloche(kind),
        h(
            'div',
            { class: 'top' },
            emblem(tint, mark),
            h('div', { class: 'title' }, h('b', {}, title), h('span', {}, subtitle)),
        ),
        h(
            'div',
            { class: `inside${picture ? '' : ' no-picture'}` },
            picture ? h('div', { class: 'picture' }, h('img', { src: picture, alt: '' })) : null,
            h(
                'dl',
                {},
                ...facts.map(([name, value, whole]) =>
                    h(
                        'div',
                        { class: whole ? 'whole' : '' },
                        h('dt', {}, name),
                        h('dd', {}, value),
                    ),
                ),
            ),
        ),
        h(
            'div',
            { class: 'specimen' },
            h('span', {}, foot),
            h('span', {}, specimen ? t('specimen') : ''),
        ),
        stamp ? h('div', { class: 'stamp' }, stamp) : null,
    ];
    const properties = {
        class: `face${kind === 'household_booklet' ? ' booklet' : ''}`,
        style: { '--tint': tint, '--wash': wash },
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
