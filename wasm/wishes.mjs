// SPDX-License-Identifier: Apache-2.0
//
// The core's wishes, performed by WebCrypto, DecompressionStream and fetch. Keys
// are CryptoKeys that cannot be taken out: a key of ours is {private, point}.

import { YaopaiError } from './task.mjs';

async function unpack(bytes, max) {
    const reader = new Blob([bytes])
        .stream()
        .pipeThrough(new DecompressionStream('deflate'))
        .getReader();
    const pieces = [];
    let length = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        length += value.length;
        if (length > max) {
            await reader.cancel();
            throw new YaopaiError(401, 'LIMIT', 'inflate');
        }
        pieces.push(value);
    }
    return concat(pieces);
}

/** Unpack a zlib stream to at most MAX bytes: what is longer, broken or
 *  followed by anything is refused, and never held in memory whole. Not every
 *  host minds what follows a stream; one that nothing follows needs its last
 *  byte. */
export async function inflate(bytes, max) {
    const whole = await unpack(bytes, max);
    const early = await unpack(bytes.subarray(0, -1), max).catch(() => null);
    if (early !== null) throw new YaopaiError(202, 'TRAILING', 'inflate');
    return whole;
}

/** Fulfil wishes to sign with a private ECDSA key of WebCrypto, and wishes to
 *  agree with an ECDH one. Both may be non-extractable, and should be. */
export function signer(key) {
    return async (message) =>
        new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, message));
}

export function agreer(key) {
    return async (point) => {
        const peer = await crypto.subtle.importKey(
            'raw',
            point,
            { name: 'ECDH', namedCurve: 'P-256' },
            false,
            [],
        );
        return new Uint8Array(
            await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, key, 256),
        );
    };
}

/** A key that nobody can take out: NAME is "ECDSA" (it signs) or "ECDH" (it agrees). */
export async function makeKey(name = 'ECDSA') {
    const uses = name === 'ECDSA' ? ['sign', 'verify'] : ['deriveBits'];
    const pair = await crypto.subtle.generateKey({ name, namedCurve: 'P-256' }, false, uses);
    return {
        private: pair.privateKey,
        point: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    };
}

/** AES-GCM: {key, nonce, aad, input, opens}. */
export async function aead({ key, nonce, aad, input, opens }) {
    const how = { name: 'AES-GCM', iv: nonce, additionalData: aad };
    const secret = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, [
        opens ? 'decrypt' : 'encrypt',
    ]);
    try {
        return new Uint8Array(
            await crypto.subtle[opens ? 'decrypt' : 'encrypt'](how, secret, input),
        );
    } catch {
        throw new YaopaiError(505, 'SECRET', 'aead');
    }
}

export function random(length) {
    return crypto.getRandomValues(new Uint8Array(length));
}

/** The body of an answer, at most MOST bytes of it. */
async function readBody(answer, most) {
    if (!answer.body) return new Uint8Array(0);
    const reader = answer.body.getReader();
    const pieces = [];
    let length = 0;
    for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        length += value.length;
        if (length > most) {
            await reader.cancel();
            throw new YaopaiError(401, 'LIMIT', 'fetch');
        }
        pieces.push(value);
    }
    return concat(pieces);
}

/** A request of HTTP, without cookies, following nothing:
 *  {method, url, headers, body, most} gives {status, headers, body}. */
export async function fetchBytes({ method, url, headers = {}, body, most = 1 << 20 }, how = {}) {
    let answer;
    try {
        answer = await (how.fetch ?? fetch)(url, {
            method,
            headers,
            body: body?.length ? body : undefined,
            redirect: 'manual',
            credentials: 'omit',
            cache: 'no-store',
            referrerPolicy: 'no-referrer',
            signal: how.signal,
        });
    } catch (error) {
        throw Object.assign(new YaopaiError(507, 'NET', url), { cause: error });
    }
    if (answer.type === 'opaqueredirect')
        // of browsers: it leads somewhere, and says no more
        return { status: 302, headers: new Headers(), body: new Uint8Array(0) };
    return { status: answer.status, headers: answer.headers, body: await readBody(answer, most) };
}

export function concat(pieces) {
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
    }
    return whole;
}
