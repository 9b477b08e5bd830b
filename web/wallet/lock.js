// SPDX-License-Identifier: Apache-2.0
//
// The lock: one random master key, wrapped by what a passkey derives (PRF), or
// by a PIN where there is no PRF. A PIN has few digits: whoever has a copy of
// this device's storage can try them all. The page says so.

import { makePasskey, usePasskey } from '/shared/passkey.js';
import { Sealed, plain } from './store.js';

const ROUNDS = 600000; // of PBKDF2
const LABEL = new TextEncoder().encode('yaopai-wallet-page-lock-1');
const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const base64url = (bytes) =>
    btoa(String.fromCharCode(...bytes))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '');

/** Is there a wallet on this device, and how is it locked? undefined, "passkey" or "pin". */
export async function kind() {
    return (await plain.get('lock'))?.kind;
}

/** The passkey that opens it, by its id; undefined: none. */
export async function credential() {
    return (await plain.get('lock'))?.credential;
}

async function wrapping(secret, salt, kindOf) {
    const base = await crypto.subtle.importKey(
        'raw',
        secret,
        kindOf === 'pin' ? 'PBKDF2' : 'HKDF',
        false,
        ['deriveKey'],
    );
    const how =
        kindOf === 'pin'
            ? { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }
            : { name: 'HKDF', hash: 'SHA-256', salt, info: LABEL };
    return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
    ]);
}

async function keep(kindOf, secret, more = {}) {
    const salt = random(32);
    const iv = random(12);
    const master = random(32);
    const wrapped = new Uint8Array(
        await crypto.subtle.encrypt(
            { name: 'AES-GCM', iv, additionalData: LABEL },
            await wrapping(secret, salt, kindOf),
            master,
        ),
    );
    await plain.put('lock', { kind: kindOf, salt, iv, wrapped, wrong: 0, ...more });
    return open(master);
}

async function open(master) {
    const key = await crypto.subtle.importKey('raw', master, 'AES-GCM', false, [
        'encrypt',
        'decrypt',
    ]);
    master.fill(0);
    return new Sealed(key);
}

async function unwrap(lock, secret) {
    const key = await wrapping(secret, lock.salt, lock.kind);
    return open(
        new Uint8Array(
            await crypto.subtle.decrypt(
                { name: 'AES-GCM', iv: lock.iv, additionalData: LABEL },
                key,
                lock.wrapped,
            ),
        ),
    );
}

/** Lock by a passkey of this device, made now. Gives the store, or null: the device derives no secrets. */
export async function lockByPasskey(name) {
    const prf = random(32);
    const { extensions, credential } = await makePasskey({
        challenge: base64url(random(32)),
        rp: { name },
        timeout: 60000,
        attestation: 'none',
        user: { id: base64url(random(16)), name, displayName: name },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: {
            authenticatorAttachment: 'platform',
            residentKey: 'required',
            userVerification: 'required',
        },
        extensions: { prf: { eval: { first: prf } } },
    });
    let secret = extensions.prf?.results?.first;
    if (!secret && extensions.prf?.enabled) secret = await derive(credential.id, prf);
    return secret
        ? keep('passkey', new Uint8Array(secret), { prf, credential: credential.id })
        : null;
}

async function derive(credential, prf) {
    const { extensions } = await usePasskey({
        challenge: base64url(random(32)),
        userVerification: 'required',
        timeout: 60000,
        allowCredentials: [{ type: 'public-key', id: credential }],
        extensions: { prf: { eval: { first: prf } } },
    });
    return extensions.prf?.results?.first;
}

/** Lock by a PIN. */
export const lockByPin = (pin) => keep('pin', new TextEncoder().encode(pin));

/** Open by the passkey; null when it was another's, or gave nothing. */
export async function unlockByPasskey() {
    const lock = await plain.get('lock');
    const secret = await derive(lock.credential, lock.prf);
    return secret ? unwrap(lock, new Uint8Array(secret)).catch(() => null) : null;
}

/** How many seconds until the next PIN may be tried. */
export async function pause() {
    const { wrong = 0, tried = 0 } = (await plain.get('lock')) ?? {};
    const wait = wrong < 4 ? 0 : Math.min(3600, 15 * 2 ** (wrong - 4));
    return Math.max(0, Math.ceil(tried / 1000 + wait - Date.now() / 1000));
}

/** Open by the PIN; null when it is wrong. One after the other, so that each wrong one is counted. */
export const unlockByPin = (pin) => navigator.locks.request('yaopai-pin', () => tryPin(pin));

async function tryPin(pin) {
    const lock = await plain.get('lock');
    if ((await pause()) > 0) return null;
    await plain.put('lock', { ...lock, wrong: lock.wrong + 1, tried: Date.now() });
    const opened = await unwrap(lock, new TextEncoder().encode(pin)).catch(() => null);
    if (opened) await plain.put('lock', { ...lock, wrong: 0, tried: 0 });
    return opened;
}
