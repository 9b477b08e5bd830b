// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page and who serves it: what an authority vouches for in its log is
// installed, and nothing else (docs/formats/page-bundle.md).

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
    appendFileSync,
    cpSync,
    existsSync,
    readFileSync,
    readdirSync,
    rmSync,
    writeFileSync,
} from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Town } from './town.mjs';

const PIN = '246810';
const { test, end } = tap('a page that can be checked');

const town = await new Town().open();
const PAGES = town.at('web/wallet');
const STATEMENT = town.at('v/provider/page-statement.json');
const browser = await openBrowser();

/* ---- who serves ---- */

const hashOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Write FILE of the page, as it is or packed. */
function write(file, text) {
    rmSync(`${PAGES}/${file}.gz`, { force: true });
    writeFileSync(`${PAGES}/${file}`, text);
}

/** MARK is what the page then says of itself. */
function change(mark) {
    const text = readFileSync(`${PAGES}/app.js`, 'utf8').replace(/\nglobalThis.mark = .*/, '');
    write('app.js', `${text}\nglobalThis.mark = '${mark}';\n`);
}

/** Make cache.json agree with the files. */
function list() {
    const files = Object.fromEntries(
        readdirSync(PAGES, { recursive: true, withFileTypes: true })
            .filter((one) => one.isFile() && !/\.gz$|^cache\.json$/.test(one.name))
            .map((one) => `${one.parentPath ?? one.path}/${one.name}`)
            .sort()
            .map((path) => [path.slice(PAGES.length), hashOf(path)]),
    );
    write('cache.json', `${JSON.stringify({ page: 'wallet', files }, null, 1)}\n`);
}

function vouch(authority = town.at('v/authority'), page = PAGES) {
    return JSON.parse(
        town.run([
            'audit',
            'publish',
            '-C',
            authority,
            '--page',
            page,
            '--statement',
            STATEMENT,
            '--json',
        ]),
    );
}

const store = town.at('kept');
function save(name) {
    cpSync(PAGES, `${store}/${name}/page`, { recursive: true });
    if (existsSync(STATEMENT)) cpSync(STATEMENT, `${store}/${name}/statement.json`);
}

function bringBack(name) {
    rmSync(PAGES, { recursive: true });
    cpSync(`${store}/${name}/page`, PAGES, { recursive: true });
    cpSync(`${store}/${name}/statement.json`, STATEMENT);
}

/* ---- who has it ---- */

async function open(looks = {}) {
    const eyes = await Eyes.open(browser, {
        page: 'wallet',
        url: town.urls.wallet,
        lang: 'en',
        ...looks,
    });
    await eyes.go();
    await eyes.heading('welcome');
    return eyes;
}

const eyes = await open();
const { page } = eyes;

/* What the worker answers to WORD. */
function ask(word, who = eyes) {
    return who.page.evaluate(async (asked) => {
        const { active } = await navigator.serviceWorker.ready;
        return new Promise((answered) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => answered(data);
            active.postMessage(asked, [port2]);
        });
    }, word);
}

const look = (who) => ask('look', who);

/* The page has looked for a newer one, as it does when it is opened. */
async function settled(who = eyes) {
    for (;;) {
        const { looked = 0, refused: no } = await ask('tell', who);
        const begun = await who.page.evaluate(() => performance.timeOrigin);
        if (Math.max(looked, no?.at ?? 0) >= begun) return;
        await who.page.waitForTimeout(100);
    }
}

async function reload(who = eyes) {
    await who.page.evaluate(() => history.replaceState(null, '', '/'));
    await who.page.reload();
    await who.page.locator('h1').first().waitFor();
}

const mark = (who = eyes) => who.page.evaluate(() => globalThis.mark);

/** The offered page is refused as CODE; the one before, which says BEFORE, goes on. */
async function refused(code, before) {
    assert.deepEqual(await look(), { state: 'refused', why: code });
    await reload();
    await eyes.text('page_refused');
    await eyes.text(`page_why_${code}`);
    assert.equal(await mark(), before);
}

async function settings(who = eyes) {
    await who.go('#/settings');
    await who.heading('page_title', 2);
}

await test('says in its settings whose log it is in, and since when', async () => {
    assert.equal((await look()).state, 'same');
    await eyes.press('lock_pin');
    await page.fill('#pin-1', PIN);
    await page.fill('#pin-2', PIN);
    await eyes.press('pin_take');
    await eyes.heading('my_documents');
    await settings();
    await eyes.text('page_checked');
    await page.getByText(/^Version 1, in the log of authority\.localhost:\d+ since /).waitFor();
    await eyes.screen('page-vouched');
});

await test('offers a newer page that the log has, and uses it when told to', async () => {
    save('first');
    change('second');
    list();
    assert.equal(vouch().version, 2);
    save('second');
    assert.equal((await look()).state, 'ready');
    assert.equal(await mark(), undefined);
    await reload();
    await eyes.text('page_new_text');
    assert.equal(await mark(), undefined); // the open window keeps its page
    await eyes.screen('page-new');
    await eyes.press('page_use');
    await page.waitForFunction(() => globalThis.mark === 'second');
    await page.locator('#pin').waitFor();
    await settled();
    assert.equal(await page.getByText(eyes.like('page_new')).count(), 0);
});

await test('uses a newer page by itself when no window is open', async () => {
    const other = await open();
    assert.equal((await look(other)).state, 'same');
    save('second');
    change('third');
    list();
    vouch();
    save('third');
    assert.equal((await look(other)).state, 'ready');
    // the browser may take a moment until it knows that the window is gone
    for (let tries = 0; tries < 20 && (await mark(other)) !== 'third'; tries++) {
        await other.page.goto('about:blank');
        await other.page.waitForTimeout(tries * 200);
        await other.go();
        await other.heading('welcome');
    }
    assert.equal(await mark(other), 'third');
    await other.close();
});

await test('refuses a changed file', async () => {
    bringBack('second');
    change('changed');
    rmSync(`${PAGES}/cache.json.gz`, { force: true });
    // its list says what it said: nothing is fetched
    assert.equal((await look()).state, 'same');
    await reload();
    await settled();
    assert.equal(await mark(), 'second');
    // a list that is vouched for, and a file that is not of it
    bringBack('third');
    change('changed');
    await refused('CHANGED', 'second');
    await eyes.screen('page-refused');
});

await test('refuses a changed file with a list that agrees', async () => {
    change('changed');
    list();
    await refused('NOT_AUTHORISED', 'second');
});

await test('refuses a page for which nobody vouches any more', async () => {
    rmSync(STATEMENT);
    await refused('MISSING', 'second');
});

await test('refuses a signature of another key', async () => {
    town.run([
        'authority',
        'init',
        '-C',
        town.at('other'),
        '--name',
        'SPECIMEN other',
        '--url',
        town.urls.authority,
        '--demo',
    ]);
    vouch(town.at('other'));
    await refused('UNTRUSTED', 'second');
});

await test('refuses the statement of another page', async () => {
    cpSync(town.at('v/desk/page-statement.json'), STATEMENT);
    await refused('MISMATCH', 'second');
});

await test('refuses what is not in the log', async () => {
    bringBack('third');
    const said = JSON.parse(readFileSync(STATEMENT, 'utf8'));
    said.entry.proof[0] = Buffer.alloc(32, 7).toString('base64url');
    writeFileSync(STATEMENT, JSON.stringify(said));
    await refused('BAD_DIGEST', 'second');
});

await test('refuses words other than the log has', async () => {
    bringBack('third');
    const said = JSON.parse(readFileSync(STATEMENT, 'utf8'));
    said.entry.text = said.entry.text.replace('"version":3', '"version":9');
    writeFileSync(STATEMENT, JSON.stringify(said));
    await refused('BAD_DIGEST', 'second');
});

await test('refuses an older page', async () => {
    bringBack('first');
    await refused('EXPIRED', 'second');
});

await test('keeps the old page whole when a file of the new one does not come', async () => {
    bringBack('third');
    for (const ending of ['', '.gz']) rmSync(`${PAGES}/wallet.css${ending}`, { force: true });
    assert.equal((await look()).state, 'unreachable');
    await reload();
    assert.equal(await mark(), 'second');
    const styled = await page.evaluate(() => fetch('/wallet.css').then((answer) => answer.text()));
    assert.ok(styled.includes('{'));
});

await test('takes the good page after all of them', async () => {
    bringBack('third');
    assert.equal((await look()).state, 'ready');
    await reload();
    assert.equal(await page.getByText(eyes.like('page_refused')).count(), 0);
    await eyes.press('page_use');
    await page.waitForFunction(() => globalThis.mark === 'third');
});

await test('runs and shows nothing that is not of the page', async () => {
    write('evil.html', '<!doctype html><title>evil</title><script src="/evil.js"></script>');
    write('evil.js', 'globalThis.mark = "evil";');
    await page
        .evaluate(() =>
            new Promise((over) => {
                const script = document.createElement('script');
                script.src = trustedTypes.defaultPolicy?.createScriptURL('/evil.js') ?? '/evil.js';
                script.onload = script.onerror = over;
                document.head.append(script);
            }).catch(() => {}),
        )
        .catch(() => {});
    assert.equal(await mark(), 'third');
    const answer = await page.goto(`${town.urls.wallet}/evil.html`);
    assert.equal(answer.status(), 404);
    await eyes.go();
    await page.locator('#pin').waitFor();
});

await test('warns when another worker comes that nobody vouches for', async () => {
    appendFileSync(`${PAGES}/sw.js`, '\n// another\n');
    rmSync(`${PAGES}/sw.js.gz`, { force: true });
    await reload();
    await eyes.text('page_strange');
    await eyes.screen('page-strange');
});

await test('does not warn of a worker that the log has', async () => {
    bringBack('third');
    const other = await open();
    await look(other);
    appendFileSync(`${PAGES}/sw.js`, '\n// newer\n');
    rmSync(`${PAGES}/sw.js.gz`, { force: true });
    list();
    vouch();
    save('fourth');
    await reload(other);
    await other.text('page_new_text');
    await other.page.waitForTimeout(500);
    assert.equal(await other.page.getByText(other.like('page_strange')).count(), 0);
    const before = await other.page.evaluate(() => performance.timeOrigin);
    await other.press('page_use');
    await other.page.waitForFunction((begun) => performance.timeOrigin !== begun, before);
    await reload(other);
    assert.equal((await look(other)).state, 'same');
    assert.equal(await other.page.getByText(other.like('page_strange')).count(), 0);
    await other.close();
});

await test('keeps nothing at first sight of what is not vouched for as it says', async () => {
    change('changed');
    list();
    const other = await open();
    await other.page.waitForTimeout(1000);
    assert.equal(
        await other.page.evaluate(async () =>
            Boolean((await navigator.serviceWorker.getRegistration())?.active),
        ),
        false,
    );
    await other.close();
});

await test('says so where nobody vouches for it, and begins to check once somebody does', async () => {
    rmSync(STATEMENT);
    const other = await open();
    assert.equal((await look(other)).state, 'same');
    await other.press('lock_pin');
    await other.page.fill('#pin-1', PIN);
    await other.page.fill('#pin-2', PIN);
    await other.press('pin_take');
    await other.heading('my_documents');
    await settings(other);
    await other.text('page_unvouched');
    vouch();
    await other.press('page_look');
    await other.text('page_checked');
    rmSync(STATEMENT);
    change('once more');
    list();
    assert.deepEqual(await look(other), { state: 'refused', why: 'MISSING' });
    await other.close();
});

await test('forgets who vouched for it when everything is deleted', async () => {
    bringBack('fourth');
    const other = await open();
    assert.equal((await look(other)).state, 'same');
    await other.press('lock_pin');
    await other.page.fill('#pin-1', PIN);
    await other.page.fill('#pin-2', PIN);
    await other.press('pin_take');
    await other.heading('my_documents');
    vouch(town.at('other'));
    await settings(other);
    await other.press('delete_all');
    await other.press('delete_yes', { within: other.page.getByRole('dialog') });
    await other.heading('gone_title');
    await other.press('gone_begin');
    await other.heading('welcome');
    assert.equal((await look(other)).state, 'same');
    await other.close();
});

await test('tells at the desk as well whose log its page is in', async () => {
    const other = await Eyes.open(browser, {
        page: 'desk',
        url: town.urls.desk,
        size: 'wide',
    });
    await other.go(`#key=${town.bearer}`);
    await other.page.locator('nav').waitFor();
    await look(other);
    await settings(other);
    await other.text('page_checked');
    await other.screen('page-vouched');
    other.wellBehaved();
    await other.close();
});

await browser.close();
await town.close();
end();
