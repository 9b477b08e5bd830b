// SPDX-License-Identifier: Apache-2.0
//
// The files of wasm/ in Chromium, under the policy that pages of ours have:
// node tests/homes/browser.mjs build
//
// Keys are the browser's. Alone: documents are made for them; a page shows and
// judges them, and meets itself across a counter and at a gate. Then before the
// programs, which are of another origin: a provider, an authority, a desk. Prints
// TAP.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, inBrowser } from './chromium.mjs';
import { tap } from './tap.mjs';
import { TX_CODE, World } from './world.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = resolve(process.argv[2] ?? 'build');
const { test, end, skipAll } = tap('browser');

if (!chromium) skipAll('no Chromium here');
try {
    execFileSync(join(ROOT, 'wasm/build'), [join(BUILD, 'wasm')], {
        stdio: ['ignore', 'ignore', 'pipe'],
    });
} catch (error) {
    if (error.status === 77) skipAll('no clang-19 here');
    throw error;
}
const home = { root: ROOT, module: join(BUILD, 'wasm/yaopai-wallet.wasm') };
const world = new World(join(BUILD, 'yaopai'));

// ---- alone ----

const made = world.at('made');
mkdirSync(made);
const alone = await inBrowser({
    ...home,
    page: 'tests/homes/browser_page.mjs',
    routes: {
        '/keys': async (points) => {
            const hex = (from) => points.subarray(from, from + 65).toString('hex');
            execFileSync(join(BUILD, 'tests/documents'), [made, hex(0), hex(65)]);
            return 'made';
        },
        ...Object.fromEntries(
            ['issued.cbor', 'card', 'session.cbor', 'root.der', 'signer.der'].map((name) => [
                `/made/${name}`,
                async () => readFileSync(join(made, name)),
            ]),
        ),
    },
});

await test('takes the same files as they are, without eval and inline scripts', () =>
    assert.equal(alone.error, undefined));
await test('shows and accepts an mdoc', () => assert.equal(alone.mdoc, 'accept'));
await test('meets itself across a counter', () => {
    assert.deepEqual(alone.counter, [[true, true]]);
    assert.equal(alone.holder, 1);
});
await test('shows and judges a card', () => assert.deepEqual(alone.card, [true, true]));
await test('unpacks', () => assert.equal(alone.inflated, true));
await test('has keys that cannot be taken out', () => assert.equal(alone.kept, 'kept'));

// ---- before programs of another origin ----

await world.make();
const desk = async (method, path, body) =>
    JSON.stringify((await world.ask(method, path, body && JSON.parse(body))).body);
const walked = await inBrowser({
    ...home,
    page: 'tests/homes/browser_walk.mjs',
    connect: Object.values(world.urls).join(' '),
    routes: {
        '/world': async () => JSON.stringify({ urls: world.urls, code: TX_CODE }),
        '/offer': async () => world.offer('resident_id_mdoc', 'resident_id_sdjwt'),
        '/bundle': async () => {
            await world.makeDesk(); // which knows the status of what was issued
            return Buffer.from(world.read('t/bundle.cose'));
        },
        '/trust-root': async () => readDer('t/trust-root.pem'),
        '/population-root': async () => readDer('a/certificates/population-root.pem'),
        '/session': (body) => desk('POST', '/api/sessions', body),
        '/counter': (body) => desk('POST', '/api/counters', body),
        '/result': async (id) => {
            for (let i = 0; ; i++) {
                const said = await desk('GET', `/api/sessions/${id}?wait=5`);
                if (JSON.parse(said).state !== 'open' || i === 12) return said;
            }
        },
    },
});

function readDer(name) {
    return execFileSync('openssl', ['x509', '-in', world.at(name), '-outform', 'DER']);
}

await test('speaks with servers of another origin', () => assert.equal(walked.error, undefined));
await test('receives an mdoc and an SD-JWT', () =>
    assert.deepEqual(walked.kept, ['mso_mdoc kept', 'dc+sd-jwt kept']));
await test('shows a desk what it registered', () => assert.equal(walked.online, 'accept'));
await test("shows the same across the desk's counter", () =>
    assert.equal(walked.counter, 'accept'));
await test('says goodbye to its provider', () => assert.equal(walked.left, true));
end();
world.end();
