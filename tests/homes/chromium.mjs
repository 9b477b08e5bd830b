// SPDX-License-Identifier: Apache-2.0
//
// A page of ours in Chromium, for tests: it is served the files of wasm/, the
// catalogue, its own script and what ROUTES give, under the policy of pages; what it
// posts to /done is what came of it.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TYPES = { mjs: 'text/javascript', json: 'application/json', wasm: 'application/wasm' };
const FLAGS = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];

export const chromium = ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
);

const files = (root) =>
    ['documents', 'documents/codes', 'profiles'].flatMap((name) =>
        readdirSync(join(root, name))
            .filter((file) => /\.(json|csv)$/.test(file))
            .map((file) => `${name}/${file}`),
    );

/** In  root     of the sources;  module: the file yaopai-wallet.wasm;  page: path of its script
 *      routes   {path: async (body) => bytes or text}
 *      connect  whom it may speak with beside its own server */
export async function inBrowser({ root, module, page, routes = {}, connect = '' }) {
    const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${connect}`;
    const catalogue = files(root);
    const profile = mkdtempSync(join(tmpdir(), 'yaopai-browser-'));
    const find = (path) => {
        if (path === '/') return `<!doctype html><script type="module" src="/${page}"></script>`;
        if (path === '/catalogue') return JSON.stringify(catalogue);
        if (path === '/yaopai-wallet.wasm') return readFileSync(module);
        const known =
            /^\/wasm\/[a-z]+\.mjs$/.test(path) ||
            path === `/${page}` ||
            catalogue.includes(path.slice(1));
        return known ? readFileSync(join(root, path)) : null;
    };
    let told;
    const done = new Promise((come) => (told = come));
    const give = async (path, body) => {
        if (path === '/done') return (told(JSON.parse(body)), '');
        return routes[path] ? routes[path](body) : find(path);
    };
    const server = http.createServer((request, answer) => {
        const pieces = [];
        request.on('data', (piece) => pieces.push(piece));
        request.on('end', async () => {
            const found = await give(request.url, Buffer.concat(pieces)).catch((error) =>
                told({ error: String(error.stack) }),
            );
            answer
                .writeHead(found == null ? 404 : 200, {
                    'Content-Security-Policy': policy,
                    'Content-Type':
                        request.url === '/'
                            ? 'text/html'
                            : (TYPES[request.url.split('.').pop()] ?? 'application/octet-stream'),
                })
                .end(found);
        });
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    const child = spawn(
        chromium,
        [...FLAGS, `--user-data-dir=${profile}`, `http://localhost:${server.address().port}/`],
        { stdio: 'ignore', detached: true },
    ); // it has children of its own: a group
    const end = () => {
        try {
            process.kill(-child.pid, 'SIGKILL');
        } catch {
            // all of them are gone
        }
    };
    process.on('exit', end);
    const late = setTimeout(
        () => told({ error: 'nothing was heard of it in five minutes' }),
        300e3,
    );
    const said = await done;
    clearTimeout(late);
    const over = new Promise((gone) =>
        child.exitCode === null && child.signalCode === null ? child.once('exit', gone) : gone(),
    );
    end();
    await over;
    server.close();
    server.closeAllConnections();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    return said;
}
