// SPDX-License-Identifier: Apache-2.0
//
// A card at a gate, both sides, with no network on either.
//
//     await showCard(yaopai, trust, { issued, challenge, key }, { agree: async (asked) => true, show });
//     const verdict = await checkCard(yaopai, trust, { profile, place, chain }, { sign, show, scan });
//
// A sealed card answers the challenge of one checker, once; an open one the
// moment. Whoever checks open cards keeps each verdict's replay_key for a while.

import { Machine, done, must, refused } from './machine.mjs';
import { CODES, Task } from './task.mjs';
import { aead, agreer, inflate, makeKey, signer } from './wishes.mjs';

const MOST_PRINTED = 16384; // bytes: docs/formats/card.md section 6

function common(host) {
    let once;
    return {
        make_key: async () => {
            once = await makeKey('ECDH');
            return { event: 'key', key: once.point };
        },
        agree: async ({ peer }) => done(await agreer(once.private)(peer)),
        aead: async (wish) => done(await aead(wish)),
        show: async ({ texts, deadline }) => {
            await host.show(texts, deadline);
            return { event: 'done' };
        },
    };
}

/** The holder's side. issued: a card or, with `mdoc`, an mdoc for codes that move. challenge: the letters that the
 *  gate shows (of all its codes, when it moves), or none; profile and choice are for an mdoc without one. HOST:
 *  agree(asked): who asks what where; show(texts): the letters of each code. */
export async function showCard(yaopai, trust, { key, challenge = [], ...options }, host) {
    const machine = await Machine.open(yaopai, 'card_show', trust, {
        ...options,
        challenge: [challenge].flat(),
    });
    try {
        return must(
            await machine.run({
                ...common(host),
                ask: async (wish) => ((await host.agree(wish)) ? { event: 'done' } : refused),
                sign: async ({ message }) => done(await signer(key.private)(message)),
            }),
            'showCard',
        );
    } finally {
        machine.close();
    }
}

/* What was scanned, as the machine hears it: paper is packed, and the host unpacks it. */
async function scanned(yaopai, text) {
    const task = new Task(yaopai);
    if (task.calls.read_code(...task.putText(text)) !== CODES.printed)
        return { event: 'code', text };
    const bytes = await inflate(task.answer(), MOST_PRINTED).catch(() => null);
    return bytes ? { event: 'paper', bytes } : { event: 'code', text };
}

/** The checker's side. OPTIONS: profile, choice; with place and chain (DER, leaf first) it shows a challenge;
 *  with_certificate, status_age; compared: of paper, somebody looked at the face. HOST: sign(message) by the reader's key; show(texts, deadline); scan({why,
 *  deadline}): the letters of a code, or of one part of a code that moves, or null when nobody came. Gives the verdict. */
export async function checkCard(yaopai, trust, options, host) {
    const machine = await Machine.open(yaopai, 'card_check', trust, options);
    try {
        const end = await machine.run({
            ...common(host),
            sign: async ({ message }) => done(await host.sign(message)),
            scan: async (wish) => {
                const text = await host.scan(wish);
                return typeof text === 'string' ? scanned(yaopai, text) : { event: 'tick' };
            },
        });
        return must(end, 'checkCard').result;
    } finally {
        machine.close();
    }
}
