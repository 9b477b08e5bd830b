// SPDX-License-Identifier: Apache-2.0
//
// The files of wasm/ in Chromium, under the policy that pages of ours have:
// node tests/homes/browser.mjs build
//
// Keys are the browser's, documents are made for them; a page shows and judges
// them, and meets itself across a counter and at a gate. Prints TAP.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tap } from './tap.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = resolve(process.argv[2] ?? 'build');
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
const TYPES = { mjs: 'text/javascript', json: 'application/json', wasm: 'application/wasm' };
const { test, end, skipAll } = tap('browser');

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find((name) => spawnSync(name, ['--version']).status === 0);
if (!browser)
    skipAll('no Chromium here');
try {
    execFileSync(join(ROOT, 'wasm/build'), [join(BUILD, 'wasm')], { stdio: ['ignore', 'ignore', 'pipe'] });
} catch (error) {
    if (error.status === 77)
        skipAll('no clang-19 here');
    throw error;
}

const folder = mkdtempSync(join(tmpdir(), 'yaopai-browser-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const catalogue = ['documents', 'documents/codes', 'profiles'].flatMap((name) =>
    readdirSync(join(ROOT, name)).filter((file) => /\.(json|csv)$/.test(file)).map((file) => `${name}/${file}`));

/** What is served: nothing but this. */
function find(path) {
    if (path === '/')
        return Buffer.from('<!doctype html><script type="module" src="/tests/homes/browser_page.mjs"></script>');
    if (path === '/catalogue')
        return Buffer.from(JSON.stringify(catalogue));
    if (path === '/yaopai-wallet.wasm')
        return readFileSync(join(BUILD, 'wasm', path));
    if (/^\/made\/[a-z.]+$/.test(path))
        return readFileSync(join(folder, path));
    if (/^\/wasm\/[a-z]+\.mjs$/.test(path) || path === '/tests/homes/browser_page.mjs' || catalogue.includes(path.slice(1)))
        return readFileSync(join(ROOT, path));
    return null;
}

function makeDocuments(points) {
    const hex = (from) => points.subarray(from, from + 65).toString('hex');
    execFileSync('mkdir', ['-p', join(folder, 'made')]);
    execFileSync(join(BUILD, 'tests/documents'), [join(folder, 'made'), hex(0), hex(65)]);
    return 'ok';
}

let told;
const done = new Promise((come) => (told = come));
const asked = [];
const server = http.createServer((request, answer) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
        const body = Buffer.concat(pieces);
        asked.push(request.headers.host);
        if (request.url === '/done')
            told(JSON.parse(body));
        const found = request.url === '/keys' ? makeDocuments(body) : request.url === '/done' ? '' : find(request.url);
        answer.writeHead(found === null ? 404 : 200, {
            'Content-Type': request.url === '/' ? 'text/html' : TYPES[request.url.split('.').pop()] ?? 'application/octet-stream',
            'Content-Security-Policy': POLICY }).end(found);
    });
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const child = spawn(browser, ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', `--user-data-dir=${join(folder, 'profile')}`,
    `http://localhost:${server.address().port}/`], { stdio: 'ignore' });
const late = setTimeout(() => told({ error: 'nothing was heard of it in a minute' }), 60e3);
const said = await done;
clearTimeout(late);

await test('takes the same files as they are, without eval and inline scripts', () => assert.equal(said.error, undefined));
await test('shows and accepts an mdoc', () => assert.equal(said.mdoc, 'accept'));
await test('meets itself across a counter', () => {
    assert.deepEqual(said.counter, [[true, true]]);
    assert.equal(said.holder, 1);
});
await test('shows and judges a card', () => assert.deepEqual(said.card, [true, true]));
await test('unpacks', () => assert.equal(said.inflated, true));
await test('has keys that cannot be taken out', () => assert.equal(said.kept, 'kept'));
end();

const over = new Promise((gone) => child.once('exit', gone));
child.kill('SIGTERM');
await over;
server.close();
server.closeAllConnections();
