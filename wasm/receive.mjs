// SPDX-License-Identifier: Apache-2.0
//
// Documents come: OpenID4VCI by the machine of core/vci/receive.h.
//
//     const got = await receive(yaopai, trust, { offer, client_id, loopback }, {
//         provider, askCode: async (code) => '1234', confirm: async (asked) => true, store: async (items) => {} });
//
// Without an offer: issuer, ids and redirect_uri; openPage(url) gives the query with
// which the person's browser came back.
//
// store() is handed [{format, type, ..., copies: [{bytes, key}]}]: the key of each
// copy is a CryptoKey that cannot be taken out, to be kept as it is.

import { Machine, done, must, refused } from './machine.mjs';
import { aead, agreer, fetchBytes, makeKey, signer } from './wishes.mjs';

const FIELDS = {
    type: 'content-type',
    nonce: 'dpop-nonce',
    challenge: 'oauth-client-attestation-challenge',
};

/** Keys by role; those of copies by document and number. */
class Keys {
    constructor(session) {
        this.session = session;
        this.copies = new Map();
    }

    async make({ role, item, count }) {
        const made = [];
        for (let i = 0; i < count; i++)
            made.push(await makeKey(role === 'copy' ? 'ECDSA' : 'ECDH'));
        if (role === 'copy') made.forEach((key, index) => this.copies.set(`${item}.${index}`, key));
        else [this[role]] = made;
        return made.map((key) => key.point);
    }

    get({ role, item, index }) {
        return role === 'copy' ? this.copies.get(`${item}.${index}`) : this[role];
    }

    ofItem(item, count) {
        return Array.from({ length: count }, (_, index) => this.copies.get(`${item}.${index}`));
    }
}

async function answer(wish, host) {
    const got = await fetchBytes(wish, host);
    const event = { event: 'answer', status: got.status, body: got.body };
    for (const [name, field] of Object.entries(FIELDS)) event[name] = got.headers.get(field) ?? '';
    return event;
}

const join = (points) => Uint8Array.from(points.flatMap((point) => [...point]));

/** What is good of the items, each copy with its key. */
function withKeys(items, keys) {
    return items
        .map((item, at) => ({
            ...item,
            copies: item.copies.map(({ bytes, key }) => ({
                bytes,
                key: keys.get({ role: 'copy', item: at, index: key }),
            })),
        }))
        .filter((item) => item.state === 'good');
}

function handlers(keys, host) {
    const yes = (said) => (said ? { event: 'done' } : refused);
    return {
        fetch: (wish) => answer(wish, host),
        sign: async (wish) => done(await signer(keys.get(wish).private)(wish.message)),
        make_keys: async (wish) => ({ event: 'keys', keys: join(await keys.make(wish)) }),
        agree: async (wish) => done(await agreer(keys.get(wish).private)(wish.peer)),
        aead: async (wish) => done(await aead(wish)),
        attest: async () => done(await host.provider.attest(keys.session)),
        attest_keys: async ({ item, count, text }) =>
            done(await host.provider.attestKeys(keys.ofItem(item, count), text)),
        ask_code: async (wish) => {
            const code = await host.askCode(wish);
            return typeof code === 'string' ? done(new TextEncoder().encode(code)) : refused;
        },
        open_page: async ({ text }) => {
            const query = await host.openPage?.(text);
            return typeof query === 'string' ? done(new TextEncoder().encode(query)) : refused;
        },
        wait: async ({ seconds }) => {
            await new Promise((over) => setTimeout(over, seconds * 1000));
            return { event: 'done' };
        },
        confirm: async (wish) => yes(await host.confirm(wish)),
        store: async (wish) => {
            await host.store(withKeys(wish.items, keys));
            return { event: 'done' };
        },
    };
}

/** Where documents can be had again, without the person: to be kept like a key. */
function sourceOf(session, options, wishes) {
    const source = {
        session,
        refresh_token: options.refresh_token,
        issuer: options.issuer,
        ids: options.ids,
    };
    return {
        source,
        each: async (wish) => {
            source.issuer = wish.issuer ?? source.issuer;
            if (wish.items) source.ids = [...new Set(wish.items.map((item) => item.id))];
            if (!wish.refresh_token) return;
            source.refresh_token = wish.refresh_token;
            if (options.refresh_token)
                // it came in the place of another, which is over
                await wishes.keepSource?.({ ...source });
        },
    };
}

/** Gives the end: {items, source, status, ...}, its status not zero where some of them were refused. Nothing kept: a
 *  YaopaiError with the end in `end`. A source, given as options with the same client_id, gets the same documents
 *  anew: {...source, client_id}. */
export async function receive(yaopai, trust, { session, ...options }, host) {
    session ??= await makeKey();
    const machine = await Machine.open(yaopai, 'receive', trust, {
        client_id: host.provider?.clientId,
        ...options,
        session_key: session.point,
        attester: !!host.provider,
    });
    const { source, each } = sourceOf(session, options, host);
    try {
        const end = await machine.run({ ...handlers(new Keys(session), host), each });
        // what is kept is kept, whatever came of the others: each item says its own
        const kept = (end.items ?? []).filter((item) => item.state === 'kept');
        if (kept.length === 0) must(end, 'receive');
        source.ids = [...new Set(kept.map((item) => item.id))];
        return { ...end, source: source.refresh_token && source };
    } finally {
        machine.close();
    }
}
