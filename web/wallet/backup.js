// SPDX-License-Identifier: Apache-2.0
//
// A backup: the history with its receipts, and by name what was held. Never a
// document or a key: documents are issued anew. To a file under a passphrase, or
// to the provider under a recovery code that nobody else has.
//
//     "yaopaiP1" | rounds u32 | salt 16 | nonce 12 | AES-256-GCM
//
// rounds is PBKDF2's; 0: the secret is a recovery code, and HKDF will do.

import { fetchBytes } from '/wasm/wishes.mjs';
import { Trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { toLetters } from './store.js';

const MAGIC = new TextEncoder().encode('yaopaiP1');
const ROUNDS = 600000;
const PAGE = 8192; // a whole number of these: its length tells little
const MOST = 240 << 10;
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'; // of a recovery code, 5 bits each
const COUNT = 26;
const HEAD = MAGIC.length + 4 + 16;
const utf8 = (text) => new TextEncoder().encode(text);

/* ---- sealing ------------------------------------------------------------- */

async function keyOf(secret, salt, rounds) {
    const base = await crypto.subtle.importKey(
        'raw',
        utf8(secret),
        rounds ? 'PBKDF2' : 'HKDF',
        false,
        ['deriveKey'],
    );
    const how = rounds
        ? { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }
        : { name: 'HKDF', hash: 'SHA-256', salt, info: MAGIC };
    return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
    ]);
}

async function seal(content, secret, rounds) {
    const plain = utf8(JSON.stringify(content));
    const padded = new Uint8Array(Math.ceil((plain.length + 4) / PAGE) * PAGE);
    new DataView(padded.buffer).setUint32(0, plain.length);
    padded.set(plain, 4);
    const head = new Uint8Array(HEAD);
    head.set(MAGIC);
    new DataView(head.buffer).setUint32(MAGIC.length, rounds);
    const salt = crypto.getRandomValues(head.subarray(MAGIC.length + 4));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: head },
        await keyOf(secret, salt, rounds),
        padded,
    );
    return new Uint8Array(await new Blob([head, iv, sealed]).arrayBuffer());
}

async function open(bytes, secret) {
    const wrong = () =>
        new Trouble(t('backup_wrong'), t('backup_wrong_why'), t('backup_wrong_next'));
    const rounds =
        bytes.length > HEAD + 12
            ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length)
            : -1;
    if (rounds < 0 || rounds > 10 * ROUNDS || MAGIC.some((byte, at) => bytes[at] !== byte))
        throw wrong();
    const head = bytes.slice(0, HEAD);
    const key = await keyOf(secret, head.slice(MAGIC.length + 4), rounds);
    const plain = await crypto.subtle
        .decrypt(
            { name: 'AES-GCM', iv: bytes.slice(HEAD, HEAD + 12), additionalData: head },
            key,
            bytes.slice(HEAD + 12),
        )
        .catch(() => {
            throw wrong();
        });
    const length = new DataView(plain).getUint32(0);
    return JSON.parse(
        new TextDecoder().decode(new Uint8Array(plain, 4, Math.min(length, plain.byteLength - 4))),
    );
}

/* ---- what is in it ------------------------------------------------------- */

function contentOf(wallet, events = wallet.events) {
    return {
        version: 1,
        made: Math.floor(Date.now() / 1000),
        events,
        held: wallet.documents().map((one) => one.name),
    };
}

/* Adds what is not there; gives how many events, and what was held that is not here. */
async function take(wallet, content) {
    if (content?.version !== 1 || !Array.isArray(content.events) || !Array.isArray(content.held))
        throw new Trouble(t('backup_wrong'), t('core_MALFORMED'), t('backup_wrong_next'));
    const known = new Set(wallet.events.map((one) => one.id));
    const fresh = content.events.filter(
        (one) =>
            typeof one?.id === 'string' &&
            /^[0-9a-f]{24}$/.test(one.id) &&
            !known.has(one.id) &&
            Array.isArray(one.documents),
    );
    await wallet.remember(fresh);
    const here = new Set(wallet.documents().map((one) => one.name));
    return {
        count: fresh.length,
        missing: content.held.filter(
            (name) => name in wallet.catalogue.documents && !here.has(name),
        ),
    };
}

/* ---- to a file ----------------------------------------------------------- */

/** The backup of WALLET under PASSPHRASE, as bytes. */
export const toFile = (wallet, passphrase) => seal(contentOf(wallet), passphrase, ROUNDS);

/** Restore of BYTES; SECRET is its passphrase. */
export const fromFile = async (wallet, bytes, secret) => take(wallet, await open(bytes, secret));

/* ---- to the provider ----------------------------------------------------- */

/** A fresh recovery code: 130 bits. */
export function freshCode() {
    const letters = Array.from(
        crypto.getRandomValues(new Uint8Array(COUNT)),
        (byte) => LETTERS[byte & 31],
    ).join('');
    return letters.match(/.{1,5}/g).join('-');
}

/** As people may type it; undefined: it is none. */
export function codeOf(typed) {
    const letters = typed.toUpperCase().replace(/[\s-]/g, '');
    return letters.length === COUNT && [...letters].every((letter) => LETTERS.includes(letter))
        ? letters.match(/.{1,5}/g).join('-')
        : undefined;
}

async function derived(code, label) {
    const base = await crypto.subtle.importKey('raw', utf8(code), 'HKDF', false, ['deriveBits']);
    const bits = await crypto.subtle.deriveBits(
        { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(label) },
        base,
        256,
    );
    return toLetters(new Uint8Array(bits))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');
}

async function addressOf(code) {
    return {
        url: `${location.origin}/backups/${await derived(code, 'yaopai-backup-name-1')}`,
        token: await derived(code, 'yaopai-backup-token-1'),
    };
}

const failed = (status) =>
    new Trouble(
        t('backup_failed'),
        t(status === 404 ? 'backup_not_there' : 'core_NET'),
        t('trouble_next'),
    );

/** Put the backup at the provider in the place of version VERSION; gives the version that it is now. */
export async function toProvider(wallet, code, version) {
    const { url, token } = await addressOf(code);
    let { events } = wallet;
    let body = await seal(contentOf(wallet, events), code, 0);
    while (body.length > MOST) {
        events = events.slice(0, Math.floor(events.length * 0.8)); // the oldest are left out
        body = await seal(contentOf(wallet, events), code, 0);
    }
    const { status } = await fetchBytes({
        method: 'PUT',
        url,
        body,
        headers: {
            Authorization: `Backup ${token}`,
            'If-Match': `"${version}"`,
            'Content-Type': 'application/octet-stream',
        },
    });
    if (status !== 204) throw failed(status);
    return version + 1;
}

/** Restore what lies at the provider under CODE; gives {count, missing, version}. */
export async function fromProvider(wallet, code) {
    const { url } = await addressOf(code);
    const { status, headers, body } = await fetchBytes({ method: 'GET', url });
    if (status !== 200) throw failed(status);
    return {
        ...(await take(wallet, await open(body, code))),
        version: Number((headers.get('etag') ?? '"0"').replaceAll('"', '')) || 0,
    };
}

/** Remove it there. */
export async function removeAtProvider(code) {
    const { url, token } = await addressOf(code);
    const { status } = await fetchBytes({
        method: 'DELETE',
        url,
        headers: { Authorization: `Backup ${token}` },
    });
    if (status !== 204 && status !== 404) throw failed(status);
}
