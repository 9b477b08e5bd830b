// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page among people who mean no good: names that are markup, frames,
// links of strangers, an edited store, a changed page, no server at all.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { ask, serve } from './asker.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Town } from './town.mjs';

const PIN = '246810';
const HURT = '<img src=x onerror=alert(1)>';
const { test, end } = tap('wallet under attack');

const town = await new Town().open();
town.run([
    'party',
    'register',
    '-C',
    town.at('v/authority'),
    '--code',
    '91330106MAC0000174',
    '--name',
    HURT,
    '--profile',
    'age',
    '--legal-basis',
    '"><script>alert(2)</script>',
    '--out',
    town.at('markup'),
]);
town.run(['trust', 'publish', '-C', town.at('v/authority'), '--output', town.at('v/trust')]);
await town.fetchTrust();
const browser = await openBrowser();

async function open(looks = {}) {
    const eyes = await Eyes.open(browser, { page: 'wallet', url: town.urls.wallet, ...looks });
    await eyes.go();
    await eyes.heading('welcome');
    await eyes.press('lock_pin');
    await eyes.page.fill('#pin-1', PIN);
    await eyes.page.fill('#pin-2', PIN);
    await eyes.press('pin_take');
    await eyes.heading('my_documents');
    return eyes;
}

async function bring(eyes, text) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    await eyes.go('#/scan');
    await eyes.press('paste');
    await eyes.page.fill('#scan-text', text);
    await eyes.press('paste_take');
}

async function unlock(eyes, pin = PIN) {
    await eyes.page.fill('#pin', pin);
    await eyes.press('unlock');
}

const reload = async () => {
    await page.evaluate(() => history.replaceState(null, '', '/'));
    await page.reload();
};
const sheet = (eyes) => eyes.page.getByRole('dialog');
const eyes = await open();
const { page } = eyes;

await test('gets documents without a transaction code', async () => {
    await bring(
        eyes,
        town.offer(['resident_id_mdoc', 'resident_id_sdjwt', 'resident_id_card.age.age_over_18'], {
            code: '',
        }),
    );
    await eyes.press('offer_take');
    await eyes.heading('kept_title');
});

/* ---- what is shown ---- */

await test('N324 shows what a party is called as text, whatever it is', async () => {
    const asked = await ask(town.at('markup'), {
        query: {
            credentials: [
                {
                    id: 'a',
                    format: 'dc+sd-jwt',
                    meta: { vct_values: ['urn:yaopai:resident_id:1'] },
                    claims: [{ path: ['age_equal_or_over', '18'] }],
                },
            ],
        },
    });
    await bring(eyes, asked.link);
    await sheet(eyes).getByText(HURT).first().waitFor();
    assert.equal(await page.locator('img[src="x"], script:not([src])').count(), 0);
    await eyes.screen('hostile-name');
    await eyes.press('say_no', { within: sheet(eyes) });
    await eyes.text('said_no'); // until then the place of codes tells of this one
    assert.ok(!asked.answered(), String(asked.server.told));
    asked.server.close();
});

await test('N324 shows what an issuer says of its code as text', async () => {
    const issuer = await serve({});
    const offer = {
        credential_issuer: issuer.url,
        credential_configuration_ids: [HURT],
        grants: {
            'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
                'pre-authorized_code': 'x',
                tx_code: { description: HURT },
            },
        },
    };
    await bring(
        eyes,
        `openid-credential-offer://?credential_offer=${encodeURIComponent(JSON.stringify(offer))}`,
    );
    await eyes.page.getByText(HURT).or(eyes.page.locator('.notice.bad')).first().waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    issuer.close();
});

await test('refuses who asks for more than was registered, and cannot be talked into it', async () => {
    const asked = await ask(town.at('markup'), {});
    await bring(eyes, asked.link);
    await page.locator('.notice.bad').first().waitFor();
    assert.ok(!asked.answered(), String(asked.server.told));
    assert.equal(
        await sheet(eyes)
            .getByRole('button', { name: eyes.say('agree') })
            .count(),
        0,
    );
    await eyes.screen('over-asking');
    await page.keyboard.press('Escape');
    asked.server.close();
});

await test('refuses a request that another signed', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const asked = await ask(town.at('v/hotel'), { key: privateKey });
    await bring(eyes, asked.link);
    await eyes.page.locator('.notice.bad').waitFor();
    assert.ok(!asked.answered(), String(asked.server.told));
    await eyes.screen('bad-signature');
    asked.server.close();
});

await test('says so when a text is no code it knows', async () => {
    await bring(eyes, HURT);
    await eyes.text('code_unknown');
    await eyes.screen('unknown-code');
    assert.equal(await page.locator('img[src="x"]').count(), 0);
});

/* ---- policy ---- */

await test('N325 gives every answer the policy, also what is not there', async () => {
    for (const path of [
        '/',
        '/index.html',
        '/app.js',
        '/sw.js',
        '/shared/app.css',
        '/config.json',
        '/no-such-page',
        '/%2e%2e/provider.ini',
    ]) {
        const { headers } = await town.look('wallet', path);
        const policy = headers['content-security-policy'] ?? '';
        for (const rule of [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ].slice(0, path.startsWith('/no') || path.includes('%') ? 1 : 3))
            assert.ok(policy.includes(rule), `${path}: ${rule}: ${policy}`);
        assert.ok(!/unsafe-inline|'unsafe-eval'/.test(policy), path);
        assert.equal(headers['x-content-type-options'], 'nosniff', path);
    }
    const { headers } = await town.look('wallet', '/');
    assert.ok(
        headers['content-security-policy'].includes(
            "require-trusted-types-for 'script'; trusted-types yaopai",
        ),
    );
});

await test('N336 lets no script run that is not its own, in a task of the page', async () => {
    const tried = await eyes.attempts();
    assert.deepEqual(tried, {
        eval: 'EvalError',
        made: 'EvalError',
        timer: tried.timer,
        html: 'TypeError',
        worker: 'TypeError',
        policy: 'TypeError',
        inline: 'TypeError',
        handler: tried.handler,
        elsewhere: 'TypeError',
        image: 'refused',
        hurt: false,
    });
    eyes.seen.warnings.length = 0; // of these attempts
    eyes.seen.hosts.delete('example.org');
});

await test("N326 is shown in nobody's frame", async () => {
    const other = await serve({
        '/': () => ['text/html', `<!doctype html><iframe src="${town.urls.wallet}/"></iframe>`],
    });
    const frame = await eyes.context.newPage();
    await frame.goto(`${other.url}/`);
    const inside = frame.frames()[1];
    await inside?.waitForURL(/^chrome-error:/);
    assert.ok(
        !inside ||
            !(await inside.evaluate(() => document.body.innerText).catch(() => '')).includes(
                eyes.say('locked'),
            ),
    );
    assert.ok(!inside || inside.url().startsWith('chrome-error:'), inside?.url());
    await frame.close();
    other.close();
    eyes.seen.warnings.length = 0; // of this attempt
});

await test('says of nobody that they asked for too much, where nobody signed that they did', async () => {
    const asked = await ask(town.at('v/hotel'), {});
    const client = new URLSearchParams(asked.link.split('?')[1]).get('client_id');
    const query = [{ id: 'a', format: 'mso_mdoc', meta: { doctype_value: 'x' } }];
    const own = new URLSearchParams({
        client_id: client,
        response_type: 'vp_token',
        response_mode: 'direct_post',
        response_uri: `${asked.server.url}/response`,
        nonce: 'n'.repeat(43),
        dcql_query: JSON.stringify({ credentials: query }),
    });
    await bring(eyes, `openid4vp://?${own}`);
    await eyes.text('unsigned');
    assert.equal(await page.getByText(eyes.like('over_asking')).count(), 0);
    asked.server.close();
});

await test('is open in one tab at a time: two would show the same copy, and undo what the other wrote', async () => {
    const second = await eyes.context.newPage();
    await second.goto(`${town.urls.wallet}/`);
    await second.fill('#pin', PIN);
    assert.equal(await page.locator('#pin').count(), 0); // not before it is unlocked there
    await second.getByRole('button', { name: eyes.say('unlock') }).click();
    await second.getByRole('heading', { name: eyes.say('my_documents') }).waitFor();
    await unlock(eyes);
    await page.locator('nav').waitFor();
    await second.locator('#pin').waitFor();
    await second.close();
});

await test("N330 fetches nothing of a stranger's link before it is unlocked, shows nothing before it is agreed", async () => {
    const asked = await ask(town.at('v/hotel'), {});
    const other = await serve({
        '/': () => [
            'text/html',
            `<!doctype html><a href="${town.urls.wallet}/#${asked.link}">x</a>`,
        ],
    });
    const stranger = await eyes.context.newPage();
    await stranger.goto(`${other.url}/`);
    await stranger.click('a');
    await stranger.locator('#pin').waitFor();
    assert.deepEqual(asked.server.seen, []);
    await stranger.fill('#pin', PIN);
    await stranger.getByRole('button', { name: eyes.say('unlock') }).click();
    await stranger.getByRole('dialog').waitFor();
    assert.ok(!asked.answered(), String(asked.server.told));
    await stranger.close();
    asked.server.close();
    other.close();
});

/* ---- the store ---- */

/** What lies in IndexedDB: changed by RUN(store, cursor), a function in text. */
const edit = (change) =>
    page.evaluate(
        ([source]) =>
            new Promise((done, failed) => {
                const asked = indexedDB.open('yaopai');
                asked.onsuccess = () => {
                    const names = ['plain', 'sealed'];
                    const transaction = asked.result.transaction(names, 'readwrite');
                    transaction.oncomplete = () => {
                        asked.result.close();
                        done();
                    };
                    transaction.onerror = failed;
                    for (const name of names)
                        transaction.objectStore(name).openCursor().onsuccess = ({
                            target: { result: cursor },
                        }) => {
                            if (!cursor) return;
                            const { value } = cursor;
                            if (source === 'forget tries' && cursor.key === 'lock')
                                cursor.update({ ...value, wrong: 0, tried: 0 });
                            if (source === name && value.bytes) {
                                value.bytes[value.bytes.length >> 1] ^= 1;
                                cursor.update(value);
                            }
                            if (source === 'swap' && name === 'sealed' && cursor.key === 'history')
                                transaction.objectStore('sealed').put(value, 'batches');
                            cursor.continue();
                        };
                };
            }),
        [change],
    );

await test('N339 makes who tries PINs wait', async () => {
    await reload();
    // all of it in one moment, however long it takes here
    await page.evaluate((now) => (Date.now = () => now), Date.now());
    for (let i = 0; i < 6; i++) {
        await unlock(eyes, '111111');
        await eyes.page.locator('.notice.bad').waitFor();
        await page.waitForTimeout(50);
    }
    await page.getByText(eyes.like('pin_wait')).waitFor();
    await eyes.screen('wait');
    await unlock(eyes); // the right one has to wait as well
    await page.waitForTimeout(500);
    assert.equal(await page.getByRole('heading', { name: eyes.say('my_documents') }).count(), 0);
});

await test('N337 opens nothing for who edits the counter of tries', async () => {
    await edit('forget tries');
    await reload();
    await unlock(eyes, '111111');
    await eyes.text('pin_wrong');
    await unlock(eyes);
    await eyes.heading('my_documents');
    assert.ok((await page.locator('a[href^="#/show/"]').count()) > 0);
});

await test('works on with every server stopped: documents, and a code that a gate accepts', async () => {
    await page.waitForFunction(
        () =>
            navigator.serviceWorker.controller !== null ||
            navigator.serviceWorker.ready.then(() => true),
    );
    await reload();
    await unlock(eyes);
    await eyes.heading('my_documents');
    await town.close();
    await reload();
    await unlock(eyes);
    await eyes.heading('my_documents');
    await eyes.screen('offline');
    await page.locator('a[href^="#/show/"]').first().click();
    await page.getByRole('button', { name: eyes.say('way_open', { profile: '年龄核验' }) }).click();
    await eyes.text('open_note');
    const gate = town.gate('age', { choice: 'age_over_18' });
    assert.equal(JSON.parse(await gate.say(await eyes.copied())).verdict, 'accept');
});

await test('asked nobody but this machine all the time', () => eyes.wellBehaved());

await test('N340 shows nothing of a store that was edited', async () => {
    if (!town.served) await town.open();
    await edit('sealed');
    await reload();
    await unlock(eyes);
    await page.locator('.notice.bad').first().waitFor();
    assert.equal(await page.locator('.face').count(), 0);
    await eyes.screen('edited');
});

/* ---- a changed page ---- */

await test('keeps the page it has when a file was changed and the list of hashes was not', async () => {
    const other = await open();
    await other.page.evaluate(async () => {
        await navigator.serviceWorker.ready;
    });
    const app = town.at('web/wallet/app.js'),
        worker = town.at('web/wallet/sw.js');
    const before = readFileSync(app, 'utf8');
    writeFileSync(app, `globalThis.hurt = 1;\n${before}`);
    appendFileSync(worker, '\n// newer\n');
    await other.page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        await registration.update().catch(() => {});
        const coming = registration.installing;
        if (coming)
            await new Promise((gone) =>
                coming.addEventListener(
                    'statechange',
                    () => coming.state === 'redundant' && gone(),
                ),
            );
    });
    await other.page.reload();
    await other.page.locator('#pin').waitFor();
    assert.equal(await other.page.evaluate(() => globalThis.hurt), undefined);
    writeFileSync(app, before);
    await other.close();
});

end();
await browser.close();
town.end();
process.exit();
