// SPDX-License-Identifier: Apache-2.0
//
// The service worker of a page: all files of cache.json, each checked by its
// hash, or none of them; then the page is given from what was kept.

const LATER = /^\/vendor\/zxing\//; // fetched with the others, but not waited for
const FRESH = ['/config.json'];

async function hashOf(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/* What the page is made of; its hash is the page's. */
async function fetchList() {
    const bytes = await (await fetch('/cache.json', { cache: 'no-cache' })).arrayBuffer();
    const { files } = JSON.parse(new TextDecoder().decode(bytes));
    return { version: await hashOf(bytes), files };
}

async function fetchChecked(path, hash) {
    const answer = await fetch(path, { cache: 'no-cache', credentials: 'omit' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const bytes = await answer.arrayBuffer();
    if ((await hashOf(bytes)) !== hash) throw new Error(`${path}: it was changed`);
    return new Response(bytes, { headers: answer.headers });
}

/** Serve the page of WORKER from what was kept of it. */
export function keep(worker) {
    worker.addEventListener('install', (event) =>
        event.waitUntil(
            (async () => {
                const { version, files } = await fetchList();
                const there = await caches.has(`yaopai-${version}`); // of the page that is in use: that one stays
                const cache = await caches.open(`yaopai-${version}`);
                await Promise.all(
                    Object.entries(files)
                        .filter(([path]) => !LATER.test(path))
                        .map(async ([path, hash]) =>
                            cache.put(path, await fetchChecked(path, hash)),
                        ),
                ).catch(async (error) => {
                    if (!there) await caches.delete(`yaopai-${version}`); // all of it, or nothing
                    throw error;
                });
                for (const [path, hash] of Object.entries(files).filter(([name]) =>
                    LATER.test(name),
                ))
                    fetchChecked(path, hash)
                        .then((answer) => cache.put(path, answer))
                        .catch((error) => console.warn(error));
                await worker.skipWaiting();
            })(),
        ),
    );

    worker.addEventListener('activate', (event) =>
        event.waitUntil(
            (async () => {
                const { version } = await fetchList().catch(() => ({}));
                if (version)
                    for (const name of await caches.keys())
                        if (name.startsWith('yaopai-') && name !== `yaopai-${version}`)
                            await caches.delete(name);
                await worker.clients.claim();
            })(),
        ),
    );

    worker.addEventListener('fetch', (event) => {
        const url = new URL(event.request.url);
        if (
            url.origin !== location.origin ||
            event.request.method !== 'GET' ||
            FRESH.includes(url.pathname)
        )
            return;
        event.respondWith(
            (async () => {
                const kept = await caches.match(
                    url.pathname === '/' ? '/index.html' : url.pathname,
                    { ignoreSearch: true },
                );
                return kept ?? fetch(event.request);
            })(),
        );
    });
}
