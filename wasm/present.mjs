// SPDX-License-Identifier: Apache-2.0
//
// Documents are shown on line: OpenID4VP by the machine of core/vp/present.h.
//
//     const end = await present(yaopai, trust, { link, held, loopback }, {
//         choose: async (asked) => asked.answer, open: async (url) => true });
//
// held: [{format: "mso_mdoc" or "dc+sd-jwt", bytes, key}]. choose() is told who
// asks what and which of what is held would do; it gives [[query, held]] or null,
// and before it gives anything it notes that those copies are spent.

import { Machine, done, must, refused } from './machine.mjs';
import { aead, agreer, fetchBytes, makeKey, signer } from './wishes.mjs';

async function answer({ accept, type, ...wish }, host) {
    const headers = {};
    if (accept) headers.Accept = accept;
    if (type) headers['Content-Type'] = type;
    const got = await fetchBytes({ ...wish, headers }, host);
    return {
        event: 'answer',
        status: got.status,
        type: got.headers.get('content-type') ?? '',
        body: got.body,
    };
}

function handlers(held, host) {
    let once;
    return {
        fetch: (wish) => answer(wish, host),
        ask: async (wish) => {
            const shown = await host.choose(wish);
            return shown?.length ? { event: 'chosen', shown } : refused;
        },
        sign: async (wish) => done(await signer(held[wish.held].key.private)(wish.message)),
        make_key: async () => {
            once = await makeKey('ECDH');
            return { event: 'key', key: once.point };
        },
        agree: async ({ peer }) => done(await agreer(once.private)(peer)),
        aead: async (wish) => done(await aead(wish)),
        hand_over: async ({ body }) => {
            await host.handOver(body);
            return { event: 'done' };
        },
        open: async ({ text }) => {
            await host.open?.(text);
            return { event: 'done' };
        },
    };
}

/** Gives the end: {redirect, ...}. Refused: a YaopaiError with the end in `end`. */
export async function present(yaopai, trust, { held, ...options }, host) {
    const machine = await Machine.open(yaopai, 'present', trust, {
        ...options,
        held: held.map(({ format, bytes }) => ({ format, bytes })),
    });
    try {
        return must(await machine.run(handlers(held, host)), 'present');
    } finally {
        machine.close();
    }
}
