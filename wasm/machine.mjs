// SPDX-License-Identifier: Apache-2.0
//
// A machine of the core as a handle, and the loop that does what it wishes.
//
//     const machine = await Machine.open(yaopai, 'present', { anchors, bundle, files }, options);
//     const end = await machine.run({ fetch: ..., ask: ..., sign: ... });
//
// It wants the module yaopai-wallet.wasm. A handle is of use until its machine
// stops, and what it knew is overwritten then.

import { Task, YaopaiError } from './task.mjs';
import { concat, inflate, random } from './wishes.mjs';

const KINDS = { receive: 1, present: 2, holder: 3, reader: 4, card_show: 5, card_check: 6 };
const PLACES = ['peer', 'key', 'nonce', 'aad', 'input', 'body']; // members of wishes that are bytes
const RANDOM = 64;

export class Machine {
    #task;

    /**
     * In  trust    anchors, signers (task.mjs); bundle, and seen: what came of the one before; lists: status list
     *              tokens; files: the catalogue as [[path, bytes]]; clock: () => seconds
     *     options  of the machine: README.md
     */
    static async open(
        yaopai,
        kind,
        { clock, bundle, seen, lists = [], files = [], ...trust } = {},
        options = {},
    ) {
        const machine = new Machine(new Task(yaopai), kind, clock);
        try {
            await machine.#begin({ bundle, seen, lists, files, trust }, options);
        } catch (error) {
            machine.close();
            throw error;
        }
        return machine;
    }

    async #begin({ bundle, seen, lists, files, trust }, options) {
        const { kind } = this;
        const task = this.#task;
        task.tell({ now: this.clock() });
        task.trust(trust);
        if (bundle) this.seen = task.readBundle(bundle, seen);
        if (kind === 'reader' || kind === 'card_check')
            // the others judge no document's state
            for (const token of [...lists, ...task.bundleLists()])
                await task.addList(token, inflate);
        for (const [path, bytes] of files)
            task.call('add_file', ...task.putText(path), ...task.put(bytes));
        task.call('begin', KINDS[kind] ?? 0, ...task.putJson(options));
    }

    constructor(task, kind, clock) {
        this.#task = task;
        this.kind = kind;
        this.clock = clock ?? (() => Math.floor(Date.now() / 1000));
    }

    get #live() {
        if (!this.#task) throw new YaopaiError(100, 'USAGE', 'a machine that has ended');
        return this.#task;
    }

    /** What came of the latest wish, {event, ...}; gives the next one. */
    step(event) {
        const task = this.#live;
        task.call('step', ...task.putJson({ now: this.clock(), random: random(RANDOM), ...event }));
        const wish = JSON.parse(task.answerText());
        if (wish.message) wish.message = concat(wish.message.map((place) => task.bytes(place)));
        for (const name of PLACES) if (wish[name]) wish[name] = task.bytes(wish[name]);
        for (const item of wish.items ?? [])
            for (const copy of item.copies) copy.bytes = task.bytes(copy.bytes);
        if (wish.do === 'stop') this.close();
        return wish;
    }

    /** Forget it, and all that it knew. */
    close() {
        this.#task?.calls.end();
        this.#task = undefined;
    }

    /** Do what it wishes by HANDLERS, {wish: async (wish) => event}, until it stops; `each` hears of all. What a
     *  handler throws is told as "failed", and stands in the end as `cause`. */
    async run(handlers) {
        let event = { event: 'start' };
        let cause;
        for (;;) {
            const wish = this.step(event);
            await handlers.each?.(wish);
            if (wish.do === 'stop') return { ...wish, cause };
            try {
                event = await handlers[wish.do](wish);
            } catch (error) {
                cause = error;
                event = { event: 'failed', why: error.status ?? 500 };
            }
        }
    }
}

/** The end of a machine, or what it refused as an error. */
export function must(end, what) {
    if (end.status === 0) return end;
    const error = new YaopaiError(
        end.status,
        end.name,
        `${what}: ${end.said ?? end.refusal ?? end.where ?? ''}`,
    );
    throw Object.assign(error, { end, cause: end.cause });
}

export const done = (bytes) => ({ event: 'done', bytes });
export const refused = { event: 'refused' };
