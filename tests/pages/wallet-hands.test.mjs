// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page without a mouse, for who hears it, and with every server
// stopped.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { PIN, arrive, bring, openDocument, reopen, sheet, visit } from './holder.mjs';
import { TX_CODE, Town } from './town.mjs';

const DOCUMENTS = [
    'resident_id_mdoc',
    'resident_id_sdjwt',
    'household_booklet_mdoc',
    'resident_id_card.age.age_over_18',
    'resident_id_card.hotel',
];
const { test, end } = tap('wallet by hand and ear');

const town = await new Town().open();
await town.fetchTrust();
const browser = await openBrowser();

/* ---- by keys ------------------------------------------------------------- */

/** What has the focus: {name, tag, seen: it is visibly so, inside: its box is on the screen}. */
const focused = (page) =>
    page.evaluate(() => {
        const node = document.activeElement;
        const style = getComputedStyle(node);
        const box = node.getBoundingClientRect();
        const shown = node.closest('label') && node.type === 'file' ? null : node;
        return {
            tag: node.tagName.toLowerCase(),
            text: (node.getAttribute('aria-label') ?? node.textContent).trim().slice(0, 60),
            id: node.id,
            seen:
                shown !== null &&
                style.outlineStyle !== 'none' &&
                parseFloat(style.outlineWidth) >= 2,
            inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
            top: box.top + scrollY,
        };
    });

/* What has the focus has come into sight; "body" is the browser's own place between its ends. */
const moved = ({ tag, seen, inside }) => tag === 'body' || (seen && inside);

/** Tab until WANTED(focused) holds: each stop on the way is visible and on the screen. */
async function tabTo(page, wanted, { most = 40 } = {}) {
    const stops = [];
    for (let i = 0; i < most; i++) {
        await page.keyboard.press('Tab');
        let now = await focused(page);
        for (let wait = 0; wait < 400 && !moved(now); wait++) {
            await page.waitForTimeout(25); // it scrolls there
            now = await focused(page);
        }
        stops.push(`${now.tag} ${now.text || now.id}`);
        if (now.tag === 'body') continue;
        assert.ok(now.seen, `the focus can be seen: ${now.tag} ${now.text}`);
        assert.ok(now.inside, `the focus is on the screen: ${now.tag} ${now.text}`);
        if (wanted(now)) return now;
    }
    throw new Error(`not reached by Tab: ${stops.join(' | ')}`);
}

const pressKey = (eyes, key, values) =>
    tabTo(eyes.page, ({ text }) => text.includes(eyes.say(key, values))).then(() =>
        eyes.page.keyboard.press('Enter'),
    );

/** The focus has come to the heading TEXT. */
const headedAs = (eyes, text) =>
    eyes.page.waitForFunction(
        (words) =>
            /^H[12]$/.test(document.activeElement.tagName) &&
            document.activeElement.textContent === words,
        text,
    );
const headed = (eyes, key) => headedAs(eyes, eyes.say(key));

async function byKeys() {
    const eyes = await arrive(browser, town, { lang: 'en', theme: 'dark' });
    const { page } = eyes;
    const { keyboard } = page;
    await test('by keys alone: begins, the first stop leads past what all screens have', async () => {
        await keyboard.press('Tab');
        assert.equal((await focused(page)).text, eyes.say('skip'));
        await pressKey(eyes, 'lock_pin');
        await page.waitForFunction(() => document.activeElement.id === 'pin-1');
        await keyboard.type(PIN);
        await keyboard.press('Tab');
        await keyboard.type(PIN);
        await keyboard.press('Enter');
        await headed(eyes, 'my_documents');
    });
    await test('by keys alone: receives a document', async () => {
        await pressKey(eyes, 'scan_offer');
        await headed(eyes, 'scan_title');
        await pressKey(eyes, 'paste');
        await page.waitForFunction(() => document.activeElement.id === 'scan-text');
        await keyboard.insertText(town.offer(DOCUMENTS));
        await pressKey(eyes, 'paste_take');
        await page.locator('#tx').waitFor();
        await page.waitForFunction(() => document.activeElement.id === 'tx');
        await keyboard.type(TX_CODE);
        await keyboard.press('Enter');
        await eyes.heading('offer_title');
        await inSheet(eyes, 'offer_take');
        await headed(eyes, 'kept_title');
    });
    await test('by keys alone: shows an open card that a gate accepts', async () => {
        await pressKey(eyes, 'to_documents');
        await headed(eyes, 'my_documents');
        await tabTo(
            page,
            ({ text }) => text === eyes.say('show_what', { title: 'Resident identity card' }),
        );
        await keyboard.press('Enter');
        await headedAs(eyes, 'Resident identity card');
        await tabTo(page, ({ text }) => text.includes('Age check'));
        await keyboard.press('Enter');
        await eyes.text('open_note');
        await pressKey(eyes, 'copy');
        await eyes.said('copied');
        const gate = town.gate('age', { choice: 'age_over_18' });
        const text = await page.evaluate(() => navigator.clipboard.readText());
        assert.equal(JSON.parse(await gate.say(text)).verdict, 'accept');
    });
    await test('by keys alone: answers a request, and leaves another by Escape', async () => {
        for (const agree of [true, false]) {
            const session = await town.desk('POST', '/api/sessions', { profile: 'hotel' });
            await pressKey(eyes, 'nav_scan');
            await headed(eyes, 'scan_title');
            await pressKey(eyes, 'paste');
            await page.waitForFunction(() => document.activeElement.id === 'scan-text');
            await keyboard.insertText(session.qr);
            await pressKey(eyes, 'paste_take');
            await sheet(eyes).waitFor();
            if (agree) await inSheet(eyes, 'agree');
            else await keyboard.press('Escape');
            await headed(eyes, agree ? 'shown_title' : 'said_no');
        }
    });
    await test('by keys alone: turns the pages of a booklet, and the place is told', async () => {
        await openDocument(eyes, 'document', 'household_booklet');
        await tabTo(page, ({ id }) => id === 'tab-0');
        await keyboard.press('ArrowRight');
        assert.equal((await focused(page)).id, 'tab-1');
        await eyes.page.getByText(eyes.say('booklet_at', { at: 2, count: 2 })).waitFor();
        assert.equal((await page.locator('nav a[aria-current]').count()) <= 1, true);
    });
    return eyes;
}

/** Within a sheet the focus goes round and stays; then KEY is pressed. */
async function inSheet(eyes, key) {
    const { page } = eyes;
    await tabTo(page, ({ text }) => text.includes(eyes.say(key)));
    assert.ok(await page.evaluate(() => !!document.activeElement.closest('dialog')));
    await page.keyboard.press('Enter');
}

/* ---- by ear -------------------------------------------------------------- */

/** Roles and names as a screen reader gets them, of what can be operated. */
async function heard(eyes) {
    const session = await eyes.context.newCDPSession(eyes.page);
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    await session.detach();
    return nodes
        .filter((node) => !node.ignored)
        .map((node) => ({ role: node.role?.value, name: (node.name?.value ?? '').trim() }));
}

async function byEar(eyes) {
    const OPERATED = [
        'button',
        'link',
        'textbox',
        'combobox',
        'switch',
        'checkbox',
        'tab',
        'image',
    ];
    const places = [
        ['', 'my_documents'],
        ['scan', 'scan_title'],
        ['history', 'history_title'],
        ['settings', 'settings'],
        ['save', 'save_title'],
        ['lost', 'lost_title'],
        ['get', 'get_title'],
    ];
    await test('by ear: everything that is operated has a name, each screen one title, landmarks', async () => {
        for (const [place, heading] of places) {
            await visit(eyes, place, heading);
            const all = await heard(eyes);
            const silent = all.filter(({ role, name }) => OPERATED.includes(role) && !name);
            assert.deepEqual(silent, [], place);
            const roles = all.map(({ role }) => role);
            for (const role of ['banner', 'main', 'navigation'])
                assert.ok(roles.includes(role), `${place}: ${role}`);
            assert.equal(await eyes.page.locator('h1').count(), 1, place);
        }
    });
    await test('by ear: a document says what it is, whose, and how it stands', async () => {
        await visit(eyes, '');
        const names = (await heard(eyes)).map(({ name }) => name);
        const face = names.find((name) => name.startsWith('Resident identity card'));
        assert.ok(face, names.join('\n'));
        assert.ok(names.includes(eyes.say('show_what', { title: 'Resident identity card' })));
        await openDocument(eyes, 'document', 'resident_id');
        await eyes.page.locator('.face').waitFor();
        const card = (await heard(eyes)).find(({ role }) => role === 'article');
        assert.match(card.name, /Resident identity card.*李示例/);
    });
    await test('by ear: a code says what it is, its countdown is told, what moves is not read out', async () => {
        await openDocument(eyes, 'show', 'resident_id');
        await eyes.page.getByRole('button', { name: /Age check/ }).click();
        await eyes.text('open_note');
        const all = await heard(eyes);
        assert.ok(
            all.some(({ role, name }) => role === 'image' && name.includes(eyes.say('card'))),
        );
        assert.ok(all.some(({ role, name }) => role === 'timer' && name === eyes.say('open_rest')));
        assert.ok(!all.some(({ name }) => /^\d\d:\d\d:\d\d$/.test(name)));
    });
}

/* ---- with every server stopped ------------------------------------------- */

async function alone(eyes) {
    const { page } = eyes;
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(async () => (await caches.keys()).length > 0);
    await reopen(eyes);
    await eyes.heading('my_documents');
    await town.close();
    await test('with every server stopped: opens, and shows an open card', async () => {
        await reopen(eyes);
        await eyes.heading('my_documents');
        await openDocument(eyes, 'show', 'resident_id');
        await page.getByRole('button', { name: /Age check/ }).click();
        await eyes.text('open_note');
        const gate = town.gate('age', { choice: 'age_over_18' });
        assert.equal(JSON.parse(await gate.say(await eyes.copied())).verdict, 'accept');
    });
    await test('with every server stopped: answers a challenge by a sealed card', async () => {
        const gate = town.gate('hotel', { reader: 'hotel' });
        await bring(eyes, JSON.parse(await gate.line()).challenge);
        await eyes.press('agree', { within: sheet(eyes) });
        await eyes.text('sealed_note');
        assert.equal(JSON.parse(await gate.say(await eyes.copied())).verdict, 'accept');
        await eyes.screen('sealed-alone');
    });
    await test('with every server stopped: has its history, its documents, its settings', async () => {
        await visit(eyes, 'history', 'history_title');
        assert.ok((await page.locator('a[href^="#/event/"]').count()) >= 3);
        await page.locator('a[href^="#/event/"]').first().click();
        await eyes.text('event_values');
        await openDocument(eyes, 'document', 'household_booklet');
        await eyes.text('booklet_home');
        await visit(eyes, 'settings', 'settings');
    });
    await test('with every server stopped: says what does need one', async () => {
        await visit(eyes, 'get', 'get_title');
        await eyes.page.locator('.notice.bad').waitFor();
        await eyes.screen('get-alone');
        await visit(eyes, 'settings', 'settings');
        await eyes.press('trust_refresh');
        await eyes.page.locator('.notice.bad').waitFor();
        await openDocument(eyes, 'show', 'resident_id');
        await page.getByRole('button', { name: eyes.like('way_counter') }).click();
        await eyes.page.locator('.notice.bad').waitFor();
        await eyes.screen('counter-alone');
    });
}

const eyes = await byKeys();
await byEar(eyes);
await alone(eyes);
await test('asks nobody but this machine, says every word, breaks no policy', () =>
    eyes.wellBehaved());
end();
await browser.close();
town.end();
process.exit();
