// SPDX-License-Identifier: Apache-2.0
//
// Answers to wishes that are wrong, short, of another kind or no answer at all,
// for tests: what a machine makes of them is an error status, never a trap.

import { isDeepStrictEqual } from 'node:util';
import { Machine } from '../../wasm/machine.mjs';
import { YaopaiError } from '../../wasm/yaopai.mjs';

const BYTES = ['bytes', 'key', 'keys', 'body'];

const each = (event, change) =>
    Object.fromEntries(
        Object.entries(event).map(([name, value]) => [
            name,
            BYTES.includes(name) && value instanceof Uint8Array ? change(value) : value,
        ]),
    );

const flip = (bytes) => {
    const changed = bytes.slice();
    if (changed.length) changed[changed.length >> 1] ^= 0x10;
    return changed;
};

/** Ways to spoil an event; none of them makes a good one of it. */
export const WAYS = {
    flipped: (event) => each(event, flip),
    short: (event) => each(event, (bytes) => bytes.slice(0, bytes.length >> 1)),
    empty: (event) => each(event, () => new Uint8Array(0)),
    longer: (event) => each(event, (bytes) => new Uint8Array([...bytes, 7])),
    absent: ({ event }) => ({ event }),
    another: () => ({ event: 'failed', why: 505 }),
    again: () => ({ event: 'start' }),
    unknown: () => ({ event: 'nonsense' }),
    typed: () => ({ event: 7 }),
    nowhere: (event) => ({ ...event, bytes: [0xfffffff0, 0x7fffffff] }),
    before: (event) => ({ ...event, bytes: [8, 4096] }),
    backwards: (event) => ({ ...event, now: -1 }),
    unlucky: (event) => ({ ...event, random: new Uint8Array(3) }),
};

/** Run BODY with event AT (1: the first after "start") of the machines of KIND spoiled by WAY. Gives {reached,
 *  changed, value or error}; an error that is none of ours is thrown. */
export async function spoiled(kind, at, way, body) {
    const step = Machine.prototype.step;
    let count = 0;
    let reached = false;
    let changed = false;
    Machine.prototype.step = function spoil(event) {
        if (this.kind !== kind || count++ !== at) return step.call(this, event);
        const other = WAYS[way](event);
        reached = true;
        changed = !isDeepStrictEqual(other, event);
        return step.call(this, other);
    };
    try {
        const value = await body();
        return { value, reached, changed };
    } catch (error) {
        if (!(error instanceof YaopaiError)) throw error;
        return { error, reached, changed };
    } finally {
        Machine.prototype.step = step;
    }
}
