// SPDX-License-Identifier: Apache-2.0
//
// What the wallet keeps on this device, in IndexedDB:
//
//   plain    how it is locked, and looks; nothing of a document
//   sealed   everything else, AES-256-GCM under a key that only an unlocked
//            wallet has in memory
//   keys     device keys: CryptoKeys that nobody can take out, so they lie as
//            they are; which copy one belongs to is sealed

const NAME = 'yaopai';
const STORES = ['plain', 'sealed', 'keys'];

function opened() {
    return new Promise((resolve, reject) => {
        const asked = indexedDB.open(NAME, 1);
        asked.onupgradeneeded = () =>
            STORES.forEach((name) => asked.result.createObjectStore(name));
        asked.onsuccess = () => {
            // another tab deletes everything: nothing is written here any more
            asked.result.onversionchange = () => {
                asked.result.close();
                location.reload();
            };
            resolve(asked.result);
        };
        asked.onerror = () => reject(asked.error);
    });
}

let database;

async function run(mode, names, work) {
    database ??= await opened();
    return new Promise((resolve, reject) => {
        const change = database.transaction(names, mode, { durability: 'strict' });
        let value;
        change.oncomplete = () => resolve(value);
        change.onerror = change.onabort = () => reject(change.error);
        work(change, (got) => (value = got));
    });
}

const read = (store, key) =>
    run('readonly', [store], (change, give) => {
        const asked = change.objectStore(store).get(key);
        asked.onsuccess = () => give(asked.result);
    });

export const plain = {
    get: (key) => read('plain', key),
    put: (key, value) =>
        run('readwrite', ['plain'], (change) => change.objectStore('plain').put(value, key)),
};

/** The key called ID: {private, point}; it cannot be taken out, so it lies as it is. */
export const deviceKey = (id) => read('keys', id);

/** A sealed store; made by lock.js when the wallet is unlocked. */
export class Sealed {
    #key;

    constructor(key) {
        this.#key = key;
    }

    async #seal(name, value) {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const aad = new TextEncoder().encode(`yaopai-page-1 ${name}`);
        const text = new TextEncoder().encode(
            JSON.stringify(value, (key, item) =>
                item instanceof Uint8Array ? { $bytes: toLetters(item) } : item,
            ),
        );
        return {
            iv,
            bytes: new Uint8Array(
                await crypto.subtle.encrypt(
                    { name: 'AES-GCM', iv, additionalData: aad },
                    this.#key,
                    text,
                ),
            ),
        };
    }

    /** The value called NAME, or undefined. What was edited cannot be read. */
    async get(name) {
        const kept = await read('sealed', name);
        if (!kept) return undefined;
        const aad = new TextEncoder().encode(`yaopai-page-1 ${name}`);
        const text = await crypto.subtle.decrypt(
            { name: 'AES-GCM', iv: kept.iv, additionalData: aad },
            this.#key,
            kept.bytes,
        );
        return JSON.parse(new TextDecoder().decode(text), (key, item) =>
            item && typeof item === 'object' && '$bytes' in item ? fromLetters(item.$bytes) : item,
        );
    }

    /** Put VALUES ({name: value}; undefined removes) and KEYS ({id: CryptoKey}) all or nothing. */
    async put(values, keys = {}, keysGone = []) {
        const made = await Promise.all(
            Object.entries(values).map(async ([name, value]) => [
                name,
                value === undefined ? undefined : await this.#seal(name, value),
            ]),
        );
        await run('readwrite', ['sealed', 'keys'], (change) => {
            for (const [name, value] of made)
                if (value === undefined) change.objectStore('sealed').delete(name);
                else change.objectStore('sealed').put(value, name);
            for (const [id, key] of Object.entries(keys)) change.objectStore('keys').put(key, id);
            for (const id of keysGone) change.objectStore('keys').delete(id);
        });
    }

    /** The key called ID: {private, point}. */
    key(id) {
        return deviceKey(id);
    }
}

/** Everything, for good. */
export async function forgetAll() {
    database?.close();
    database = undefined;
    await new Promise((resolve, reject) => {
        const asked = indexedDB.deleteDatabase(NAME);
        asked.onsuccess = resolve;
        asked.onerror = () => reject(asked.error);
        asked.onblocked = () => reject(new Error('another tab has it open'));
    });
}

export function toLetters(bytes) {
    let text = '';
    for (let i = 0; i < bytes.length; i += 0x8000)
        text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return btoa(text);
}

export function fromLetters(text) {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
        letter.charCodeAt(0),
    );
}
