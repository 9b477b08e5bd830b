// SPDX-License-Identifier: Apache-2.0
//
// All servers as a browser of somebody else's page meets them, walked along the
// documents of their routes: forged requests, foreign origins, names that are not
// theirs, addresses that lead elsewhere; and what a browser keeps of a counter.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tap } from '../homes/tap.mjs';
import { Clerk } from './clerk.mjs';
import { openBrowser } from './eyes.mjs';
import { Guest } from './guest.mjs';
import * as operators from './operators.mjs';
import { Town } from './town.mjs';

const DOCS = join(import.meta.dirname, '../../docs');
const EVIL = 'http://evil.example';
const METHODS = ['get', 'post', 'put', 'delete', 'patch'];
const { test, end } = tap('servers');
const town = await new Town().open();
await town.fetchTrust();
const browser = await openBrowser();
const eyes = await operators.open(browser, town, 'operator-1', { lang: 'en' });
const [session] = await eyes.context.cookies(town.urls.console);
const cookie = `${session.name}=${session.value}`;

const read = (name) => readFileSync(join(DOCS, name), 'utf8');
const documented = (name) =>
    Object.entries(JSON.parse(read(`api/${name}.json`)).paths).flatMap(([path, item]) =>
        METHODS.filter((method) => item[method]).map((method) => ({
            method: method.toUpperCase(),
            path,
            ...item[method],
        })),
    );
const filled = (path) => path.replace(/\{\w+\}/g, '00112233445566778899aabbccddeeff');

/* [server, method, path, who] of the authority, by the list that a test holds to its tables. */
const roles = read('api/roles.txt')
    .split('\n')
    .filter((line) => line && line[0] !== '#')
    .map((line) => line.split(' '))
    .map(([listener, ...rest]) => [listener === 'public' ? 'authority' : listener, ...rest]);
const cookied = [
    ...roles.filter(
        ([server, , , who]) => ['page', 'person', 'operator'].includes(who) && server !== 'admin',
    ),
    ...documented('desk')
        .filter(({ tags }) => tags.includes('officers'))
        .map(({ method, path }) => ['desk', method, path, 'page']),
];
const everywhere = [
    ...roles.filter(([server]) => server !== 'admin'),
    ...documented('desk')
        .filter(({ path, tags }) => !tags.includes('supervision') && path !== '/metrics')
        .map(({ method, path }) => ['desk', method, path]),
    ...documented('provider')
        .filter(({ path }) => path !== '/metrics')
        .map(({ method, path }) => ['wallet', method, path]),
];

const ask = (server, method, path, headers = {}, body) =>
    town.tell(town.urls[server], method, filled(path), { headers, body });
const json = { 'Content-Type': 'application/json' };

/* With a body, or without one where the route has none. */
async function send(server, method, path, headers) {
    const body = method === 'DELETE' ? undefined : '{}';
    const said = await ask(server, method, path, headers, body);
    return said.status === 413 ? ask(server, method, path, headers) : said;
}

const FORGED = [
    { Origin: EVIL },
    { Origin: 'null' },
    { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
];

await test('N327 refuses what a page of somebody else sends with our cookie', async () => {
    const changing = cookied.filter(([, method]) => method !== 'GET');
    assert.ok(changing.length > 60, String(changing.length));
    for (const [server, method, path] of changing)
        for (const headers of FORGED) {
            const said = await send(server, method, path, { ...json, cookie, ...headers });
            assert.equal(
                said.status,
                403,
                `${server} ${method} ${path} ${JSON.stringify(headers)}`,
            );
        }
});
await test('N327 refuses a form, plain text, a method in a header, and no origin at all', async () => {
    const own = { cookie, Origin: town.urls.console };
    for (const [server, method, path, who] of cookied) {
        if (method !== 'POST' || who !== 'operator') continue;
        const bare = await send(server, method, path, { ...json, cookie });
        assert.equal(bare.status, 403, `${path}: no origin`);
        for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
            // one without a body is refused for having one
            const said = await ask(server, method, path, { ...own, 'Content-Type': type }, '{}');
            assert.ok([413, 415].includes(said.status), `${path}: ${type}: ${said.status}`);
        }
    }
    // the session is there still: nothing of it logged out
    const still = await ask('console', 'GET', '/api/operator', { cookie });
    assert.equal(still.status, 200);
    for (const name of ['X-HTTP-Method-Override', 'X-Method-Override', '_method'])
        assert.equal(
            (await ask('console', 'GET', '/api/operator', { cookie, [name]: 'POST' })).status,
            200,
        );
});
await test('N327 keeps its cookies from scripts and other sites', async () => {
    assert.equal(session.httpOnly, true);
    assert.equal(session.sameSite, 'Strict');
    // without TLS it can't be Secure; with it the name says __Host-
    assert.equal(session.secure, new URL(town.urls.console).protocol === 'https:');
});
await test('N328 leads nobody elsewhere', async () => {
    const query = ['next', 'redirect_uri', 'return_to', 'back', 'url', 'response_code']
        .map((name) => `${name}=${encodeURIComponent(`${EVIL}/x`)}`)
        .join('&');
    for (const [server, method, path] of everywhere) {
        if (method !== 'GET') continue;
        const { headers } = await ask(server, method, `${path}?${query}`);
        assert.ok(!String(headers.location ?? '').includes('evil'), `${server} ${path}`);
    }
    for (const back of ['javascript:alert(1)', '//evil.example', 'data:text/html,x']) {
        const said = await town.desk('POST', '/api/sessions', { profile: 'hotel', back });
        assert.equal(said.error, 'invalid_request', back);
    }
});
await test('N329 gives pages of other origins what is for any wallet, and that without cookies', async () => {
    const wallets = new Set(
        roles
            .filter(([, , , who]) => ['anybody', 'wallet'].includes(who))
            .map(([server, , path]) => `${server} ${path}`),
    );
    for (const [server, method, path] of everywhere)
        for (const Origin of [EVIL, 'null', `${town.urls[server]}.evil.example`]) {
            const { headers } = await ask(server, method, path, { Origin, cookie });
            const allowed = headers['access-control-allow-origin'];
            const where = `${server} ${method} ${path} ${Origin}`;
            assert.ok(allowed === undefined || allowed === '*', where);
            assert.equal(headers['access-control-allow-credentials'], undefined, where);
            if (['console', 'kiosk'].includes(server)) assert.equal(allowed, undefined, where);
            if (server === 'authority' && !wallets.has(`${server} ${path}`))
                assert.equal(allowed, undefined, where);
        }
    for (const path of ['/api/sessions', '/api/guests', '/officer/login', '/api/desk']) {
        const { headers } = await ask('desk', 'OPTIONS', path, {
            Origin: EVIL,
            'Access-Control-Request-Method': 'POST',
        });
        assert.equal(headers['access-control-allow-origin'], undefined, path);
    }
});
await test('N331 has nothing personal kept by a browser or a proxy', async () => {
    for (const [server, method, path] of everywhere) {
        const { status, headers } = await ask(server, method, path, { cookie });
        const keeps = headers['cache-control'] ?? '';
        const page = path === '/' || path.startsWith('/{a}'); // a page's own files
        if (/^\/(api|person|wallet|kiosk|enrol|officer|request|response|go|done)\b/.test(path))
            assert.match(keeps, /no-store/, `${server} ${method} ${path} ${status}`);
        else if (!page && !/public/.test(keeps))
            assert.match(keeps, /no-store/, `${server} ${path}`);
    }
});
await test('N331 shows nothing of a guest when somebody goes back after the key was forgotten', async () => {
    const guest = await Guest.open(town, { configurations: ['resident_id_mdoc'] });
    const clerk = await Clerk.begin(browser, {
        url: town.urls.desk,
        bearer: town.bearer,
        lang: 'en',
    });
    const asked = await clerk.asked('/api/sessions', () => clerk.ask('hotel', 'request'));
    await guest.present(asked.qr);
    await clerk.verdict('accept');
    await clerk.go('#/settings');
    await clerk.press('key_forget');
    await clerk.press('key_forget', { within: clerk.page.getByRole('dialog') });
    await clerk.heading('welcome');
    for (let steps = 0; steps < 3; steps++) {
        await clerk.page.goBack().catch(() => {});
        await clerk.page.waitForTimeout(300);
        const text = await clerk.page.locator('body').innerText();
        assert.ok(!text.includes(town.people[0].number) && !text.includes(town.people[0].name));
    }
    const kept = await clerk.page.evaluate(async () => {
        const names = [...Object.entries(localStorage)].flat().join(' ');
        const all = await Promise.all(
            (await caches.keys()).map(async (name) =>
                (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname),
            ),
        );
        return { names, paths: all.flat() };
    });
    assert.ok(!kept.names.includes(town.people[0].number));
    assert.deepEqual(
        kept.paths.filter((path) => path.startsWith('/api')),
        [],
    );
    await clerk.close();
});
await test('N332 lets no browser guess a type; the proxy before it wants TLS of today', async () => {
    for (const [server, method, path] of everywhere) {
        const { headers } = await ask(server, method, path);
        assert.equal(headers['x-content-type-options'], 'nosniff', `${server} ${method} ${path}`);
    }
    const proxy = read('nginx/yaopai.conf');
    assert.match(proxy, /ssl_protocols TLSv1\.2 TLSv1\.3;/);
    const servers = proxy.match(/listen +(\[::\]:)?443/g).length;
    const year = proxy.match(/Strict-Transport-Security "max-age=31536000"/g).length;
    assert.ok(year >= Math.min(servers, 3), `${year} of ${servers}`);
});
await test('N333 says its own name, whatever it is called by', async () => {
    const called = {
        Host: 'evil.example',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        'X-Original-URL': 'http://evil.example/',
        Forwarded: 'host=evil.example',
    };
    for (const [server, method, path] of everywhere) {
        if (method !== 'GET') continue;
        const { headers, body } = await ask(server, method, path, called);
        const where = `${server} ${path}`;
        assert.ok(!body.includes('evil.example'), where);
        assert.ok(!JSON.stringify(headers).includes('evil.example'), where);
    }
    const { qr } = JSON.parse(
        (
            await town.tell(town.urls.desk, 'POST', '/api/sessions', {
                headers: { ...json, ...called, Authorization: `Bearer ${town.bearer}` },
                body: '{"profile":"hotel"}',
            })
        ).body,
    );
    assert.ok(!qr.includes('evil') && decodeURIComponent(qr).includes(town.urls.desk), qr);
});
await test('N335 lets nobody consent without a script, and shows everything at four times the size', async () => {
    const bare = await browser.newContext({ javaScriptEnabled: false });
    const page = await bare.newPage();
    for (const name of ['wallet', 'desk', 'kiosk', 'console']) {
        await page.goto(`${town.urls[name]}/`);
        assert.equal(await page.locator('form, button, input').count(), 0, name);
        assert.match(await page.locator('body').innerText(), /JavaScript/, name);
    }
    await bare.close();
    const clerk = await Clerk.begin(browser, {
        url: town.urls.desk,
        bearer: town.bearer,
        lang: 'en',
    });
    // 1280 pixels at 400 %: WCAG 1.4.10
    await clerk.page.setViewportSize({ width: 320, height: 256 });
    for (const place of ['#/', '#//hotel', '#/ask/hotel/request', '#/guests', '#/settings']) {
        await clerk.go(place);
        await clerk.page.locator('main h1, main h2').first().waitFor();
        await clerk.page.waitForTimeout(150);
        const wide = await clerk.page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(wide <= 0, `${place}: ${wide} pixels stick out`);
        assert.deepEqual(await clerk.violations(), [], place);
    }
    await clerk.close();
});
end();
await browser.close();
town.end();
process.exit();
