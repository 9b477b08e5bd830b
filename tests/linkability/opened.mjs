// SPDX-License-Identifier: Apache-2.0
// What a desk can read of what it was shown: it opens what was sealed for it
// with the keys in its own store (docs/formats/desk.md section 6, card.md
// section 4), and everything that is encoded is decoded.

import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { b64, cbor, decrypt, sha256, un64 } from '../conformance/jose.mjs';
import { at } from '../conformance/world.mjs';

// ---- the desk's store ----

const QUERY = `
import sqlite3, sys
store = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
print(store.execute(sys.argv[2], (bytes.fromhex(sys.argv[3]),)).fetchone()[0].hex())`;
const row = (desk, sql, id) =>
    Buffer.from(
        execFileSync('python3', ['-c', QUERY, at(`${desk.name}/store/desk.db`), sql, id], {
            encoding: 'utf8',
        }).trim(),
        'hex',
    );

/** What lies in BOX, which is sealed to KIND and ID. */
function unseal(desk, kind, id, box) {
    const secret = Buffer.from(
        fs.readFileSync(at(`${desk.name}/keys/desk.secret`), 'utf8').trim(),
        'hex',
    );
    const key = crypto
        .createHmac('sha256', secret)
        .update('yaopai-desk-box-1')
        .update(Buffer.from([kind]))
        .update(id)
        .digest();
    const open = crypto.createDecipheriv('aes-256-gcm', key, box.subarray(0, 12));
    open.setAAD(id).setAuthTag(box.subarray(-16));
    return cbor(Buffer.concat([open.update(box.subarray(12, -16)), open.final()]));
}

/** The first private key among what was sealed together. */
function privateKey(items) {
    for (const key of items.flat(Infinity).filter(Buffer.isBuffer))
        for (const type of ['pkcs8', 'sec1'])
            try {
                return crypto.createPrivateKey({ key, format: 'der', type });
            } catch {
                /* the next, then */
            }
    throw new Error('no key');
}

/** The secret key of a session that is open. */
export function sessionKey(desk, id) {
    const box = row(desk, 'SELECT sealed FROM enquiry WHERE id = ?1', id);
    return privateKey(unseal(desk, 1, Buffer.from(id, 'hex'), box));
}

/** {key, bytes} of a challenge that nobody answered yet. */
export function challengeKey(desk, id) {
    const ask = (what) => row(desk, `SELECT ${what} FROM once WHERE substr(hash, 1, 16) = ?1`, id);
    const [, bytes, ...rest] = unseal(desk, 4, ask('hash'), ask('payload'));
    return { key: privateKey(rest), bytes };
}

// ---- seals ----

/** The vp_token in a body that was posted. */
export function openPosted(body, key) {
    const response = new URLSearchParams(body.toString()).get('response');
    return JSON.parse(decrypt(response, { priv: key.export({ format: 'jwk' }) }).text).vp_token;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
export function base45(text) {
    const out = [];
    for (let i = 0; i < text.length; i += 3) {
        const digits = [...text.slice(i, i + 3)].map((c) => ALPHABET.indexOf(c));
        const value = digits.reduce((sum, digit, j) => sum + digit * 45 ** j, 0);
        out.push(...(digits.length === 3 ? [value >> 8, value & 255] : [value]));
    }
    return Buffer.from(out);
}

const number = (value, len) =>
    Buffer.from([...Array(len).keys()].map((i) => (value >> (8 * (len - 1 - i))) & 255));
const hmac = (key, ...parts) =>
    crypto.createHmac('sha256', key).update(Buffer.concat(parts)).digest();
function extract(suite, salt, label, input) {
    return hmac(salt, Buffer.from('HPKE-v1'), suite, Buffer.from(label), input);
}
function expand(suite, secret, label, info, len) {
    return hmac(
        secret,
        number(len, 2),
        Buffer.from('HPKE-v1'),
        suite,
        Buffer.from(label),
        info,
        Buffer.from([1]),
    ).subarray(0, len);
}

/** HPKE, mode base: P-256, HKDF-SHA256, AES-128-GCM (RFC 9180). */
function openHpke(key, info, enc, sealed) {
    const point = crypto.createPublicKey(key).export({ format: 'jwk' });
    const own = Buffer.concat([Buffer.from([4]), un64(point.x), un64(point.y)]);
    const theirs = crypto.createPublicKey({
        format: 'jwk',
        key: { kty: 'EC', crv: 'P-256', x: b64(enc.subarray(1, 33)), y: b64(enc.subarray(33)) },
    });
    const kem = Buffer.from('KEM\x00\x10');
    const suite = Buffer.concat([Buffer.from('HPKE'), number(0x10, 2), number(1, 2), number(1, 2)]);
    const none = Buffer.alloc(0);
    const prk = extract(
        kem,
        none,
        'eae_prk',
        crypto.diffieHellman({ privateKey: key, publicKey: theirs }),
    );
    const shared = expand(kem, prk, 'shared_secret', Buffer.concat([enc, own]), 32);
    const context = Buffer.concat([
        Buffer.from([0]),
        extract(suite, none, 'psk_id_hash', none),
        extract(suite, none, 'info_hash', info),
    ]);
    const secret = extract(suite, shared, 'secret', none);
    const open = crypto.createDecipheriv(
        'aes-128-gcm',
        expand(suite, secret, 'key', context, 16),
        expand(suite, secret, 'base_nonce', context, 12),
    );
    open.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
}

/** {outer, bytes, values} of a code in letters, sealed to CHALLENGE {key, bytes}
 *  or open. Values by the labels of docs/formats/card.md. */
export function openCard(letters, challenge) {
    const outer = base45(letters.trim().replace(/^YP1:/, ''));
    let bytes = outer;
    if (challenge) {
        const [enc, sealed] = cbor(outer);
        bytes = openHpke(challenge.key, sha256(challenge.bytes), enc, sealed);
    }
    const {
            value: [, , payload],
        } = cbor(cbor(bytes)[0]),
        claims = cbor(payload),
        values = {};
    for (const space of [169, -65537])
        for (const [label, value] of claims.get(space) ?? [])
            if (space === 169 || label > 1) values[`${space}/${label}`] = [...leaves(value)];
    return { outer, bytes, values };
}

// ---- everything that is encoded, decoded ----

const looksEncoded = (text) =>
    text.length >= 22 && /^[A-Za-z0-9_-]+$/.test(text) && /[0-9]/.test(text) && /[A-Z]/.test(text);

/** The octets that stand as letters in VALUE of JSON. */
function* inside(value) {
    if (typeof value === 'string') {
        const [, picture] = /^data:[^,]*;base64,(.*)$/.exec(value) ?? [];
        if (picture) yield Buffer.from(picture, 'base64');
        else if (looksEncoded(value)) yield un64(value);
    } else if (value && typeof value === 'object') {
        for (const one of Object.values(value)) yield* inside(one);
    }
}

function* ofJson(part) {
    const text = un64(part).toString(),
        value = JSON.parse(text);
    yield Buffer.from(text.replace(/(;base64,)[^"]*/g, '$1')); // it comes decoded
    for (const certificate of value.x5c ?? []) yield Buffer.from(certificate, 'base64');
    yield* inside(value);
}

function* ofJws(token) {
    const [header, payload, signature] = token.split('.');
    yield* ofJson(header);
    yield* ofJson(payload);
    yield un64(signature);
}

function* ofSdjwt(token) {
    const parts = token.split('~');
    yield* ofJws(parts[0]);
    for (const disclosure of parts.slice(1, -1)) yield* ofJson(disclosure);
    yield* ofJws(parts.at(-1));
}

/** The views that a desk has of a vp_token. */
export function* views(token) {
    for (const shown of Object.values(token).flat())
        if (shown.includes('~')) yield* ofSdjwt(shown);
        else yield un64(shown); // CBOR: octets are octets in it
}

// ---- values ----

function* leaves(value) {
    if (typeof value === 'string' && /^data:/.test(value))
        yield Buffer.from(value.replace(/^[^,]*,/, ''), 'base64');
    if (typeof value === 'string' || Buffer.isBuffer(value)) yield Buffer.from(value);
    else if (value instanceof Map) for (const one of value.values()) yield* leaves(one);
    else if (value?.item !== undefined || value?.tag !== undefined)
        yield* leaves(value.item ?? value.value);
    else if (value && typeof value === 'object')
        for (const one of Object.values(value)) yield* leaves(one);
}

/** {element: [octets of its value]} of a vp_token. */
export function values(token) {
    const found = {};
    const note = (name, value) => (found[name] ??= []).push(...leaves(value));
    for (const shown of Object.values(token).flat()) {
        if (shown.includes('~')) {
            for (const part of shown.split('~').slice(1, -1)) {
                const [, name, value] = JSON.parse(un64(part));
                note(name, value);
            }
            continue;
        }
        for (const document of cbor(un64(shown)).get('documents'))
            for (const items of document.get('issuerSigned').get('nameSpaces').values())
                for (const { item } of items)
                    note(item.get('elementIdentifier'), item.get('elementValue'));
    }
    return found;
}

// ---- what passed ----

/** The views of a request on the wire: what is encoded in it is decoded, what is
 *  sealed in it stays so. */
export function wireViews(octets) {
    const [, before, jwe] =
        /^(.*\nresponse=)([\w.-]+)(?:&.*)?$/s.exec(octets.toString('latin1')) ?? [];
    if (!jwe) return [Buffer.from(decodeURIComponent(octets.toString('latin1')), 'latin1')];
    const parts = jwe.split('.');
    return [Buffer.from(before, 'latin1'), ...ofJson(parts[0]), ...parts.slice(2).map(un64)];
}

/** Everything that can be read in OCTETS, letters that stand for octets too. */
export function* deep(octets, depth = 4) {
    yield octets;
    const text = decodeURIComponent(
        octets
            .toString('latin1')
            .replace(/%(?![0-9A-Fa-f]{2})/g, '%25')
            .replace(/%[89A-Fa-f][0-9A-Fa-f]/g, '?'),
    );
    for (const [letters] of depth ? text.matchAll(/[A-Za-z0-9_-]{22,}/g) : [])
        yield* deep(un64(letters), depth - 1);
}
