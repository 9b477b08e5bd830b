// SPDX-License-Identifier: Apache-2.0
//
// What the desk's page keeps on this device, sealed under a key that the browser
// holds and nobody can take out: the key of the API, an officer's hours, the trust
// bundle. Who copies the files of the browser's profile reads none of it; who has
// this very browser has the desk, until the key is forgotten or its line removed.

const NAME = 'yaopai-desk';

function opened() {
    return new Promise((resolve, reject) => {
        const asked = indexedDB.open(NAME, 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore('kept');
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
}

let database;

async function run(mode, work) {
    database ??= await opened();
    return new Promise((resolve, reject) => {
        const change = database.transaction('kept', mode, { durability: 'strict' });
        const asked = work(change.objectStore('kept'));
        change.oncomplete = () => resolve(asked?.result);
        change.onerror = change.onabort = () => reject(change.error);
    });
}

const raw = (name) => run('readonly', (store) => store.get(name));

async function sealer() {
    const kept = await raw('sealer');
    if (kept) return kept;
    const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
    ]);
    // of two tabs that begin together one made it first
    await run('readwrite', (store) => store.add(fresh, 'sealer')).catch(() => {});
    return raw('sealer');
}

const about = (name) => new TextEncoder().encode(`yaopai-desk-1 ${name}`);
const letters = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The value called NAME, or undefined; what was edited cannot be read, and is gone. */
export async function get(name) {
    const kept = await raw(name);
    if (!kept) return undefined;
    try {
        const text = await crypto.subtle.decrypt(
            { name: 'AES-GCM', iv: kept.iv, additionalData: about(name) },
            await sealer(),
            kept.bytes,
        );
        return JSON.parse(new TextDecoder().decode(text), (key, item) =>
            item && typeof item === 'object' && '$bytes' in item ? bytesOf(item.$bytes) : item,
        );
    } catch {
        await drop(name);
        return undefined;
    }
}

/** Keep VALUE, in which may be bytes. */
export async function put(name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = JSON.stringify(value, (key, item) =>
        item instanceof Uint8Array ? { $bytes: letters(item) } : item,
    );
    const bytes = new Uint8Array(
        await crypto.subtle.encrypt(
            { name: 'AES-GCM', iv, additionalData: about(name) },
            await sealer(),
            new TextEncoder().encode(text),
        ),
    );
    await run('readwrite', (store) => store.put({ iv, bytes }, name));
}

export async function drop(name) {
    await run('readwrite', (store) => store.delete(name));
}

/** Everything, for good. */
export async function forget() {
    await run('readwrite', (store) => store.clear());
}
