// SPDX-License-Identifier: Apache-2.0
//
// This kiosk as the authority knows it: a key that the browser doesn't export,
// and requests that are signed with it (docs/formats/kiosk.md section 2).
//
// The text that is signed is nine lines of headers, and no format of a document
// or a token: WebCrypto signs it, so nothing of the core is loaded for it.

import { Trouble } from '/shared/page.js';
import { label, span, t } from '/shared/words.js';

const STORE = 'kiosk';
const LATE_MS = 15000; // an answer that has not come by then does not come
const COMPARED_MS = 75000; // the server ends a comparison before (face/check.h)

function openStore() {
    return new Promise((resolve, reject) => {
        const opening = indexedDB.open('yaopai-kiosk', 1);
        opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
        opening.addEventListener('success', () => resolve(opening.result));
        opening.addEventListener('error', () => reject(opening.error));
    });
}

async function inStore(mode, run) {
    const store = await openStore();
    try {
        return await new Promise((resolve, reject) => {
            const asked = run(store.transaction(STORE, mode).objectStore(STORE));
            asked.addEventListener('success', () => resolve(asked.result));
            asked.addEventListener('error', () => reject(asked.error));
        });
    } finally {
        store.close();
    }
}

function letters(bytes) {
    return btoa(String.fromCharCode(...new Uint8Array(bytes)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replace(/=+$/, '');
}

/** The server said no: `code` is its word, `status` that of HTTP. */
export class Refusal extends Trouble {
    constructor(status, said) {
        const wait = said?.seconds > 0 ? t('wait_for', { span: span(said.seconds) }) : '';
        super(label(said?.message) || t('trouble'), wait, said?.message ? '' : t('trouble_next'));
        Object.assign(this, { status, code: said?.error ?? 'unknown' });
    }
}

/** There is no way to the server. */
export class Gone extends Trouble {
    constructor() {
        super(t('gone'), t('trouble_offline'), t('gone_next'));
    }
}

async function send(path, options) {
    let answer;
    try {
        answer = await fetch(path, {
            credentials: 'omit',
            redirect: 'error',
            cache: 'no-store',
            signal: AbortSignal.timeout(LATE_MS),
            ...options,
        });
    } catch (error) {
        console.warn('no answer', error);
        dispatchEvent(new Event('kiosk:gone'));
        throw new Gone();
    }
    const json = (answer.headers.get('content-type') ?? '').startsWith('application/json');
    const said = json ? await answer.json() : null;
    if (!answer.ok) throw new Refusal(answer.status, said);
    return said;
}

export class Device {
    #key;

    constructor({ id, key }) {
        this.id = id;
        this.#key = key;
    }

    /** The device that was paired before, or null. */
    static async find() {
        const kept = await inStore('readonly', (store) => store.get('device'));
        return kept ? new Device(kept) : null;
    }

    /** Pair this page by CODE; the key is made here and stays here. */
    static async pair(code) {
        const { privateKey: key, publicKey } = await crypto.subtle.generateKey(
            { name: 'ECDSA', namedCurve: 'P-256' },
            false,
            ['sign'],
        );
        const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
        const { kiosk: id } = await send('/kiosk/pair', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ code, key: { kty, crv, x, y } }),
        });
        await inStore('readwrite', (store) => store.put({ id, key }, 'device'));
        return new Device({ id, key });
    }

    /** Forget the key: it was removed at the authority, or somebody pairs anew. */
    static forget() {
        return inStore('readwrite', (store) => store.delete('device'));
    }

    /** METHOD TARGET with BODY (bytes, or what becomes JSON), signed; gives what is answered. */
    async ask(method, target, body, session = '') {
        const bytes =
            body === undefined
                ? new Uint8Array()
                : body instanceof Uint8Array
                  ? body
                  : new TextEncoder().encode(JSON.stringify(body));
        const time = String(Math.floor(Date.now() / 1000));
        const nonce = letters(crypto.getRandomValues(new Uint8Array(16)));
        const hash = letters(await crypto.subtle.digest('SHA-256', bytes));
        const text = [
            'yaopai-kiosk-1',
            this.id,
            method,
            target,
            time,
            nonce,
            session,
            hash,
            '',
        ].join('\n');
        const signature = await crypto.subtle.sign(
            { name: 'ECDSA', hash: 'SHA-256' },
            this.#key,
            new TextEncoder().encode(text),
        );
        const headers = {
            'Yaopai-Kiosk': this.id,
            'Yaopai-Time': time,
            'Yaopai-Nonce': nonce,
            'Yaopai-Signature': letters(signature),
        };
        if (session) headers['Yaopai-Session'] = session;
        if (body !== undefined)
            headers['Content-Type'] =
                body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
        return send(target, {
            method,
            headers,
            body: body === undefined ? undefined : bytes,
            signal: AbortSignal.timeout(body instanceof Uint8Array ? COMPARED_MS : LATE_MS),
        });
    }
}
