// SPDX-License-Identifier: Apache-2.0
//
// The service worker of a page: gives the page from the bundle that was checked and
// kept (bundle.js), with every server stopped, and nothing else that could run.

import { Bundles } from './bundle.js';

const FRESH = ['/config.json', '/cache.json', '/statement.json']; // of the server, not of the page
const RUNS = [
    'document',
    'iframe',
    'frame',
    'embed',
    'object',
    'script',
    'worker',
    'sharedworker',
    'serviceworker',
    'audioworklet',
    'paintworklet',
    'style',
    'xslt',
    'json',
    'manifest',
];

/** Serve PAGE from what was kept of it. alone: nobody is there to ask whether a new one is to be used. */
export function keep(worker, page, { vouched = true, alone = false } = {}) {
    const bundles = new Bundles(page, { vouched });

    async function windows() {
        return (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true }))
            .length;
    }

    async function answer(request) {
        const { pathname } = new URL(request.url);
        if (request.mode === 'navigate' && (alone || (await windows()) === 0)) await bundles.use();
        const found = await bundles.give(pathname === '/' ? '/index.html' : pathname);
        if (found) return found;
        return found === undefined && RUNS.includes(request.destination)
            ? new Response('not of this page', { status: 404 })
            : fetch(request);
    }

    const asked = {
        tell: () => bundles.tell(),
        look: () => bundles.look(),
        use: () => bundles.use(),
    };

    worker.addEventListener('install', (event) =>
        event.waitUntil(bundles.install().then(() => worker.skipWaiting())),
    );

    worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

    worker.addEventListener('message', (event) => {
        const [port] = event.ports;
        if (!port || !Object.hasOwn(asked, event.data)) return;
        event.waitUntil(
            asked[event.data]().then(
                (told) => port.postMessage(told ?? {}),
                (error) => port.postMessage({ state: 'unreachable', why: String(error) }),
            ),
        );
    });

    worker.addEventListener('fetch', (event) => {
        const { request } = event;
        const url = new URL(request.url);
        if (
            url.origin !== location.origin ||
            request.method !== 'GET' ||
            FRESH.includes(url.pathname)
        )
            return;
        event.respondWith(answer(request));
        if (alone && request.mode === 'navigate') event.waitUntil(bundles.look());
    });
}
