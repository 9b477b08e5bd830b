// SPDX-License-Identifier: Apache-2.0
//
// Documents are shown across a counter: ISO/IEC 18013-5 by the machines of
// core/proximity, both sides.
//
//     const boxes = await Mailboxes.open(yaopai, `${provider}/mailboxes`);
//     const end = await hold(yaopai, trust, boxes.told, { show, choose, way: boxes });
//     const end = await read(yaopai, trust, { letters, chain }, { next, sign, way });
//
// A way carries whole messages: {send(bytes, last), receive(seconds)}; receive()
// gives null when nothing came. Without `way` a reader takes the mailbox that the
// code names.

import { Machine, done, must, refused } from './machine.mjs';
import { Task, YaopaiError } from './task.mjs';
import { aead, agreer, fetchBytes, makeKey, signer } from './wishes.mjs';

const LONGEST = 25; // seconds that a mailbox waits for a message
const MESSAGE = 1 << 20; // bytes of one at the most
const PIECES = 1; // how a message lies in a mailbox

/** What both sides do alike: ROW is {agree, key} of the session. */
function common(session, way, clock) {
    return {
        make_key: async () => {
            session.key = await makeKey('ECDH');
            return { event: 'key', key: session.key.point };
        },
        aead: async (wish) => done(await aead(wish)),
        send: async ({ body, last }) => {
            await way().send(body, last);
            return { event: 'done' };
        },
        wait: async ({ deadline }) => {
            const bytes = await way().receive(Math.max(0, deadline - clock()));
            return bytes === undefined
                ? { event: 'end' }
                : bytes
                  ? { event: 'message', bytes }
                  : { event: 'tick' };
        },
    };
}

/** The holder. HOST: show(letters, bytes): the engagement, as a code; choose(asked): [{request, issued, key, elements,
 *  mac, despite}] or null; way. Keys of documents that sign are of ECDSA, those that MAC of ECDH. */
export async function hold(yaopai, trust, options, host) {
    const machine = await Machine.open(yaopai, 'holder', trust, options);
    const session = {};
    let chosen = [];
    const keyOf = ({ role, index }) =>
        (role === 'session' ? session.key : chosen[index].key).private;
    const handlers = {
        ...common(session, () => host.way, machine.clock),
        show: async ({ text, body }) => {
            await host.show(text, body);
            return { event: 'done' };
        },
        agree: async (wish) => done(await agreer(keyOf(wish))(wish.peer)),
        sign: async (wish) => done(await signer(keyOf(wish))(wish.message)),
        ask: async (wish) => {
            chosen = await host.choose(wish.asked);
            return chosen?.length
                ? { event: 'consent', choices: chosen.map(({ key, ...choice }) => choice) }
                : refused;
        },
    };
    try {
        return must(await machine.run(handlers), 'hold');
    } finally {
        machine.close();
    }
}

/** The reader. OPTIONS: letters of the code, chain: its certificates without the root. HOST: next(answer): {profile,
 *  choice, step} to ask, or null to end; sign(message) by the reader's key; way. */
export async function read(yaopai, trust, options, host) {
    const machine = await Machine.open(yaopai, 'reader', trust, options);
    const session = {};
    let { way } = host;
    const both = common(session, () => way, machine.clock);
    const handlers = {
        ...both,
        make_key: async (wish) => {
            way ??= Mailboxes.named(yaopai, wish, host);
            return both.make_key();
        },
        agree: async ({ peer }) => done(await agreer(session.key.private)(peer)),
        sign: async ({ message }) => done(await host.sign(message)),
        next: async (answer) => {
            const asked = await host.next(
                answer.result || answer.took !== undefined ? answer : null,
            );
            return asked ? { event: 'request', ...asked } : { event: 'end' };
        },
    };
    try {
        return must(await machine.run(handlers), 'read');
    } finally {
        machine.close();
    }
}

// ---- mailboxes -----------------------------------------------------------------------------------------------------

/** Two boxes, each for one direction: docs/formats/provider.md section 2. */
export class Mailboxes {
    #way;
    #after = 0;

    constructor(yaopai, { url, write, read }, host = {}) {
        Object.assign(this, { yaopai, url, write, read, host });
        this.#way = new Task(yaopai);
        this.#way.call('open_way', PIECES, 0, MESSAGE);
    }

    /** Open both at URL; told is for hold(). */
    static async open(yaopai, url, host = {}) {
        const open = async () => {
            const { status, body } = await fetchBytes({ method: 'POST', url }, host);
            if (status !== 201) throw new YaopaiError(507, 'NET', 'mailbox');
            return JSON.parse(new TextDecoder().decode(body));
        };
        const [toHolder, toReader] = [await open(), await open()];
        const boxes = new Mailboxes(
            yaopai,
            { url, write: toReader.write, read: toHolder.read },
            host,
        );
        boxes.told = { mailbox: url, to_holder: toHolder.write, to_reader: toReader.read };
        return boxes;
    }

    /** Those that a code names: for a reader. */
    static named(yaopai, { mailbox, to_holder: write, to_reader: read }, host = {}) {
        if (!mailbox) throw new YaopaiError(502, 'UNSUPPORTED', 'no way to talk');
        return new Mailboxes(yaopai, { url: mailbox, write, read }, host);
    }

    async send(message) {
        const way = this.#way;
        way.call('send_message', ...way.put(message));
        for (;;) {
            way.call('next_chunk');
            const body = way.answer();
            if (body.length === 0) return;
            const { status } = await fetchBytes(
                {
                    method: 'POST',
                    url: `${this.url}/${this.write}`,
                    body,
                    headers: { 'Content-Type': 'application/octet-stream' },
                },
                this.host,
            );
            if (status !== 204) throw new YaopaiError(507, 'NET', 'mailbox');
        }
    }

    async receive(seconds) {
        const end = Date.now() + seconds * 1000;
        for (;;) {
            const left = Math.ceil((end - Date.now()) / 1000);
            if (left <= 0) return null;
            const piece = await this.#next(Math.min(left, LONGEST));
            if (piece === null) continue;
            this.#way.call('take_chunk', ...this.#way.put(piece));
            const message = this.#way.answer();
            if (message.length > 0) return message;
        }
    }

    async #next(wait) {
        const { status, body } = await fetchBytes(
            {
                method: 'GET',
                url: `${this.url}/${this.read}?after=${this.#after}&wait=${wait}`,
                most: MESSAGE,
            },
            this.host,
        );
        if (status === 204) return null;
        if (status !== 200) throw new YaopaiError(507, 'NET', 'mailbox');
        this.#after++;
        return body;
    }
}
