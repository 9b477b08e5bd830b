// SPDX-License-Identifier: Apache-2.0
//
// The fine lines of a document's face, drawn from the letters of its kind: rosettes
// whose petals interweave, and bands of waves between two edges.

import { s } from './dom.js';

export const WIDTH = 350;
export const HEIGHT = 221;

/** A small generator: the same letters give the same numbers everywhere. */
export function generator(text) {
    let state = 2166136261;
    for (const letter of text) state = Math.imul(state ^ letter.codePointAt(0), 16777619);
    return () => {
        state = (Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9) | 0;
        return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
    };
}

const point = (x, y, first) => `${first ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;

/** One family of turned rings: {x, y, from, to, rings, petals, swing, twist}. */
export function rosette({ x, y, from, to, rings, petals, swing, twist, flat = 1 }) {
    let path = '';
    const steps = Math.max(96, petals * 16);
    for (let ring = 0; ring < rings; ring++) {
        const part = ring / (rings - 1);
        const radius = from + (to - from) * part;
        for (let i = 0; i <= steps; i++) {
            const turn = (i / steps) * 2 * Math.PI;
            const r = radius * (1 + swing * Math.sin(petals * turn + twist * part * Math.PI));
            path += point(x + r * Math.cos(turn), y + r * flat * Math.sin(turn), i === 0);
        }
        path += 'Z';
    }
    return path;
}

/* Lines that swing between two edges, each a little later than the one before. */
function band({ middle, wide, lines, waves, phase, slope }) {
    let path = '';
    for (let line = 0; line < lines; line++) {
        const shift = (line / lines) * 2 * Math.PI;
        for (let x = -5; x <= WIDTH + 5; x += 5) {
            const at = (x / WIDTH) * 2 * Math.PI;
            const height = wide * (0.55 + 0.45 * Math.sin(at * 0.9 + phase));
            const y =
                middle + slope * (x - WIDTH / 2) + height * Math.sin(waves * at + shift + phase);
            path += point(x, y, x === -5);
        }
    }
    return path;
}

const drawn = new Map();

/* The paths of KIND: two families, each in an ink of its own. */
function paths(kind) {
    if (drawn.has(kind)) return drawn.get(kind);
    const random = generator(kind);
    const x = WIDTH * (0.7 + random() * 0.16);
    const y = HEIGHT * (0.42 + random() * 0.26);
    const petals = 6 + Math.floor(random() * 6);
    const first = rosette({
        x,
        y,
        from: 14,
        to: 118,
        rings: 15,
        petals,
        swing: 0.1 + random() * 0.08,
        twist: 1.5 + random() * 2,
    });
    const second = rosette({
        x,
        y,
        from: 10,
        to: 46,
        rings: 9,
        petals: petals * 2,
        swing: 0.16,
        twist: 2,
    });
    const waves = 1.4 + random() * 1.2;
    const phase = random() * 6;
    const lower = band({
        middle: HEIGHT * 0.8,
        wide: 30 + random() * 12,
        lines: 13,
        waves,
        phase,
        slope: -0.12,
    });
    const upper = band({
        middle: HEIGHT * 0.22,
        wide: 18 + random() * 10,
        lines: 9,
        waves: waves + 0.6,
        phase: phase + 2,
        slope: 0.1,
    });
    const made = [first + lower, second + upper];
    drawn.set(kind, made);
    return made;
}

/** The lines of KIND, as an element that fills a face. */
export function guilloche(kind) {
    const [one, two] = paths(kind);
    return s(
        'svg',
        {
            class: 'lines',
            viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
            preserveAspectRatio: 'xMidYMid slice',
            'aria-hidden': 'true',
        },
        s('path', { class: 'one', d: one }),
        s('path', { class: 'two', d: two }),
    );
}
