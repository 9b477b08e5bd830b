// SPDX-License-Identifier: Apache-2.0
//
// The emblem of a kind of document, and its colours.

import { s } from './dom.js';
import { generator } from './guilloche.js';

/* tint, wash, second ink, mark */
const KINDS = {
    resident_id: ['#1f5580', '#dcebf5', '#2f8f8a', 'star'],
    driving_licence: ['#2c5f3a', '#e1f0e2', '#8a7a22', 'wheel'],
    vehicle_registration: ['#33469a', '#e2e6f8', '#7a4aa0', 'car'],
    residence_permit: ['#176a6a', '#daf0ed', '#3a6fb0', 'gate'],
    household_booklet: ['#7c2631', '#f8ebe2', '#a8762a', 'house'],
    health_card: ['#97305f', '#fae4ee', '#c0682c', 'leaf'],
    pass: ['#54438a', '#ebe5f8', '#2f7f9a', 'key'],
    net_certificate: ['#1a5f8f', '#def0f8', '#5a4aa0', 'ring'],
};
const OTHERS = ['#4c5a2c', '#7a4b1e', '#2d5f86', '#6b3b73', '#1f6b55'];

/** [tint, wash, second ink, mark] of KIND. */
export function look(kind) {
    if (kind in KINDS) return KINDS[kind];
    const random = generator(kind);
    const draw = () => OTHERS[Math.floor(random() * OTHERS.length)];
    return [draw(), '#ecefe9', draw(), 'ring'];
}

const MARKS = {
    star: 'm16 7 2.2 5.9 6.3.3-4.9 4 1.7 6.1-5.3-3.4-5.3 3.4 1.7-6.1-4.9-4 6.3-.3z',
    wheel: 'M16 7a9 9 0 1 0 0 18 9 9 0 0 0 0-18m0 3a6 6 0 0 1 5.7 4H10.300A6 6 0 0 1 16 10m-6 6.2 4 .8-.6 5A6 6 0 0 1 10 16.200m8.6 5.8-.6-5 4-.8a6 6 0 0 1-3.4 5.8',
    car: 'M9 17l1.7-5a2 2 0 0 1 1.9-1.400h6.800a2 2 0 0 1 1.9 1.400L23 17v6h-3v-2h-8v2H9zm3-1h8l-1-3h-6z',
    gate: 'M8 12c5-1 11-1 16 0v2H8zm2 3h3v9h-3zm9 0h3v9h-3zm-5 0h4v2h-4zM16 7l5 3H11z',
    house: 'M16 7 25 15h-2.500v9h-4.500v-6h-4v6H9.500v-9H7z',
    leaf: 'M16 24.500C10.500 20.600 8 17.600 8 14.200 8 11.500 10 9.600 12.400 9.600c1.500 0 2.800.7 3.600 2 .8-1.300 2.100-2 3.600-2 2.400 0 4.400 1.900 4.400 4.600 0 3.400-2.500 6.400-8 10.300',
    key: 'M12 9a5 5 0 1 0 3.5 8.600L23 25l2-2-1.5-1.5 1.5-1.5-2-2-1.5 1.5-3.8-3.800A5 5 0 0 0 12 9m0 3a2 2 0 1 1 0 4 2 2 0 0 1 0-4',
    ring: 'M16 8a8 8 0 1 0 0 16 8 8 0 0 0 0-16m0 3.500a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9',
};

/** The emblem of KIND. GOLD: in gold on nothing, as it stands on a cover. */
export function emblem(kind, { gold = false } = {}) {
    const [tint, , , mark] = look(kind);
    const ink = gold ? '#f2cf6b' : '#fff';
    return s(
        'svg',
        { class: 'emblem', viewBox: '0 0 32 32', 'aria-hidden': 'true' },
        gold ? null : s('circle', { cx: 16, cy: 16, r: 15.5, fill: tint }),
        s('circle', {
            cx: 16,
            cy: 16,
            r: 13.2,
            fill: 'none',
            stroke: ink,
            'stroke-opacity': gold ? 1 : 0.55,
            'stroke-width': 0.8,
        }),
        s('path', { d: MARKS[mark], fill: mark === 'star' ? '#f2cf6b' : ink }),
    );
}

/** The mark of KIND alone, large and faint behind what is written. */
export function watermark(kind) {
    return s(
        'svg',
        { class: 'watermark', viewBox: '6 6 20 20', 'aria-hidden': 'true' },
        s('path', { d: MARKS[look(kind)[3]], fill: 'currentColor' }),
    );
}
