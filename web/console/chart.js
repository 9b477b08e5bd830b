// SPDX-License-Identifier: Apache-2.0
//
// Bars, drawn as SVG; the numbers stand in a table below them for who can't see.

import { h, s } from '/shared/dom.js';
import { t } from '/shared/words.js';
import { table } from './parts.js';

const WIDE = 440;
const ROW = 34;
const NAMES = 182;

/** Lying bars: ITEMS [[name, number, ?text]], the longest as wide as there is room. */
export function lyingBars(title, items, heads) {
    if (items.length === 0)
        return h(
            'figure',
            { class: 'chart' },
            h('figcaption', {}, h('h2', { class: 'caption' }, title)),
            h('p', { class: 'soft empty' }, t('none')),
        );
    const most = Math.max(1, ...items.map(([, value]) => value));
    const height = items.length * ROW;
    const room = WIDE - NAMES - 72;
    return h(
        'figure',
        { class: 'chart' },
        h('figcaption', {}, h('h2', { class: 'caption' }, title)),
        s(
            'svg',
            { viewBox: `0 0 ${WIDE} ${height}`, 'aria-hidden': 'true', class: 'bars-lying' },
            ...items.flatMap(([name, value, text], at) => [
                s(
                    'text',
                    { x: NAMES - 10, y: at * ROW + 21, 'text-anchor': 'end', class: 'name' },
                    fit(name),
                ),
                s('rect', {
                    x: NAMES,
                    y: at * ROW + 6,
                    width: Math.max(2, (value / most) * room),
                    height: ROW - 13,
                    rx: 4,
                    class: `bar tone${at % 2}`,
                }),
                s(
                    'text',
                    {
                        x: NAMES + Math.max(2, (value / most) * room) + 8,
                        y: at * ROW + 21,
                        class: 'value',
                    },
                    text ?? String(value),
                ),
            ]),
        ),
        numbers(title, items, heads),
    );
}

/** Standing bars over time: ITEMS [[name, number]]. */
export function standingBars(title, items, heads) {
    const most = Math.max(1, ...items.map(([, value]) => value));
    const height = 170;
    const step = WIDE / items.length;
    return h(
        'figure',
        { class: 'chart' },
        h('figcaption', {}, h('h2', { class: 'caption' }, title)),
        s(
            'svg',
            {
                viewBox: `0 0 ${WIDE} ${height + 30}`,
                'aria-hidden': 'true',
                class: 'bars-standing',
            },
            s('line', { x1: 0, x2: WIDE, y1: height, y2: height, class: 'ground' }),
            ...items.flatMap(([name, value], at) => {
                const tall = (value / most) * (height - 34);
                return [
                    s('rect', {
                        x: at * step + step * 0.18,
                        y: height - Math.max(tall, 1),
                        width: step * 0.64,
                        height: Math.max(tall, 1),
                        rx: 4,
                        class: 'bar tone0',
                    }),
                    s(
                        'text',
                        {
                            x: at * step + step / 2,
                            y: height - tall - 8,
                            'text-anchor': 'middle',
                            class: 'value',
                        },
                        String(value),
                    ),
                    s(
                        'text',
                        {
                            x: at * step + step / 2,
                            y: height + 22,
                            'text-anchor': 'middle',
                            class: 'name',
                        },
                        name,
                    ),
                ];
            }),
        ),
        numbers(title, items, heads),
    );
}

/* Wide letters take two places of the 19 that there are. */
function fit(name) {
    let room = 19;
    let out = '';
    for (const letter of name) {
        room -= letter.codePointAt(0) > 0x2e80 ? 2 : 1;
        if (room < 1) return `${out}…`;
        out += letter;
    }
    return out;
}

function numbers(title, items, heads) {
    return h(
        'details',
        { class: 'numbers' },
        h('summary', {}, t('as_table')),
        table(
            title,
            heads,
            items.map(([name, value, text]) => [name, text ?? String(value)]),
            { hidden: true },
        ),
    );
}
