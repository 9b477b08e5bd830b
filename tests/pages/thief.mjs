// SPDX-License-Identifier: Apache-2.0
//
// Who holds somebody's phone and edits what lies in IndexedDB. Each function runs
// in the page, by the page's own modules.

/** Flip bytes of every sealed record and of the lock, one at a time; gives which could be read all the same. */
export async function flip(pin) {
    const lock = await import('/lock.js');
    const database = await new Promise((come) => {
        indexedDB.open('yaopai').onsuccess = ({ target }) => come(target.result);
    });
    const of = (name, mode = 'readonly') => database.transaction(name, mode).objectStore(name);
    const done = (request) =>
        new Promise((come, failed) => {
            request.onsuccess = () => come(request.result);
            request.onerror = failed;
        });
    const put = (name, value, key) => done(of(name, 'readwrite').put(value, key));
    const store = await lock.unlockByPin(pin);
    const opened = [];
    let tried = 0;
    const attempt = async (what, run) => {
        tried++;
        const got = await run().catch(() => undefined);
        if (got) opened.push(what);
    };
    for (const name of await done(of('sealed').getAllKeys())) {
        const kept = await done(of('sealed').get(name));
        for (const part of ['iv', 'bytes']) {
            const { length } = kept[part];
            const step = Math.max(1, Math.floor(length / 60));
            for (let at = 0; at < length; at += step) {
                kept[part][at] ^= 1;
                await put('sealed', kept, name);
                await attempt(`${name}.${part}[${at}]`, () => store.get(name));
                kept[part][at] ^= 1;
            }
        }
        await put('sealed', kept, name);
        if (!(await store.get(name))) opened.push(`${name} is lost`);
    }
    const kept = await done(of('plain').get('lock'));
    for (const part of ['salt', 'iv', 'wrapped'])
        for (let at = 0; at < kept[part].length; at += 11) {
            kept[part][at] ^= 1;
            await put('plain', { ...kept, wrong: 0, tried: 0 }, 'lock');
            await attempt(`lock.${part}[${at}]`, () => lock.unlockByPin(pin));
            kept[part][at] ^= 1;
        }
    await put('plain', kept, 'lock');
    database.close();
    return { tried, opened };
}

/** Each sealed record put in the place of each other. */
export async function swapped(pin) {
    const lock = await import('/lock.js');
    const store = await lock.unlockByPin(pin);
    const database = await new Promise((come) => {
        indexedDB.open('yaopai').onsuccess = ({ target }) => come(target.result);
    });
    const of = (mode) => database.transaction('sealed', mode).objectStore('sealed');
    const done = (request) =>
        new Promise((come) => {
            request.onsuccess = () => come(request.result);
        });
    const names = await done(of('readonly').getAllKeys());
    const opened = [];
    for (const to of names) {
        const own = await done(of('readonly').get(to));
        for (const from of names.filter((name) => name !== to)) {
            const other = await done(of('readonly').get(from));
            await done(of('readwrite').put(other, to));
            if (await store.get(to).catch(() => undefined)) opened.push(`${from} as ${to}`);
        }
        await done(of('readwrite').put(own, to));
    }
    database.close();
    return opened;
}

/** Write another name on the document of the lock screen (WHAT "attributes"), or into what was signed
 *  ("copies"); or say that it is another one ("document", KEY). */
export async function editQuick([what, key]) {
    const database = await new Promise((come) => {
        indexedDB.open('yaopai').onsuccess = ({ target }) => come(target.result);
    });
    const store = database.transaction('plain', 'readwrite').objectStore('plain');
    await new Promise((come) => {
        store.get('quick').onsuccess = ({ target: { result: quick } }) => {
            if (what === 'document') quick.document = key;
            for (const batch of quick.batches) {
                if (what === 'copies')
                    for (const { bytes } of batch.copies) bytes[bytes.length >> 1] ^= 1;
                if (what === 'attributes')
                    for (const one of batch.attributes)
                        if (typeof one.value === 'string') one.value = 'HURT';
            }
            store.put(quick, 'quick').onsuccess = come;
        };
    });
    database.close();
}

/** What is left of a wallet in this browser. */
export async function left() {
    const registrations = await navigator.serviceWorker.getRegistrations();
    return {
        databases: (await indexedDB.databases()).map(({ name }) => name),
        caches: await caches.keys(),
        workers: registrations.length,
        local: Object.keys(localStorage),
        session: Object.keys(sessionStorage),
        cookies: document.cookie,
    };
}
