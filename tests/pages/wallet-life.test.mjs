// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page over a phone's life: how it is locked, what a thief can do,
// what lies on the lock screen, saving and restoring on another device, the
// history as a file, and the end of all of it.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { Eyes, giveAuthenticator, openBrowser } from './eyes.mjs';
import { PIN, arrive, bring, open, receive, reopen, sheet, unlock, visit } from './holder.mjs';
import { editQuick, flip, left, swapped } from './thief.mjs';
import { Town } from './town.mjs';

const LANG = process.env.YAOPAI_LANG ?? 'zh-CN';
const OTHER = LANG === 'en' ? 'zh-CN' : 'en';
const HEALTH_CARD = { en: 'Health card', 'zh-CN': '电子健康卡' };
const PASSPHRASE = 'SPECIMEN passphrase';
const { test, end } = tap('wallet life');

const town = await new Town().open();
await town.fetchTrust();
const browser = await openBrowser();

/* ---- how it is locked ---- */

await test('falls back to a PIN where the device derives no secrets, and says its limits', async () => {
    const eyes = await Eyes.open(browser, {
        page: 'wallet',
        url: town.urls.wallet,
        lang: OTHER,
    });
    await eyes.go();
    await eyes.heading('welcome');
    await giveAuthenticator(eyes, { prf: false });
    await eyes.press('lock_passkey');
    await eyes.text('no_prf');
    await eyes.text('pin_limits');
    await eyes.screen('no-prf');
    await eyes.page.fill('#pin-1', '12345');
    await eyes.page.fill('#pin-2', '12345');
    await eyes.press('pin_take');
    await eyes.text('pin_short');
    await eyes.page.fill('#pin-1', PIN);
    await eyes.page.fill('#pin-2', '135791');
    await eyes.press('pin_take');
    await eyes.text('pin_differs');
    await eyes.screen('pin-differs');
    await eyes.close();
});

await test('keeps what came where an authority did not give the rest, and says which', async () => {
    const eyes = await open(browser, town, { lang: OTHER });
    await receive(eyes, town.offer(['resident_id_sdjwt', 'health_card_sdjwt'], { person: 1 }));
    await eyes.page.locator('.notice.warn', { hasText: HEALTH_CARD[OTHER] }).waitFor();
    await eyes.screen('some-kept');
    await visit(eyes, '');
    await eyes.page.locator('a[href^="#/document/resident_id"]').first().click();
    await eyes.press('renew'); // its source was kept as well
    await eyes.text('renewed');
    await eyes.close();
});

const eyes = await arrive(browser, town, { lang: LANG });
const { page } = eyes;

await test('asks the browser to keep what it stores, and says what it answered', async () => {
    await page.evaluate(() => {
        globalThis.asked = 0;
        navigator.storage.persist = async () => (globalThis.asked++, false);
    });
    await eyes.press('lock_pin');
    await page.fill('#pin-1', PIN);
    await page.fill('#pin-2', PIN);
    await eyes.press('pin_take');
    await eyes.heading('my_documents');
    await page.waitForFunction(() => globalThis.asked === 1);
    await eyes.go('#/settings');
    await eyes.text('kept_for_now');
    await eyes.text('locked_by_pin');
    await eyes.press('keep_ask');
    await eyes.text('keep_no');
    await eyes.screen('settings-keeping');
});

await receive(
    eyes,
    town.offer([
        'resident_id_mdoc',
        'resident_id_sdjwt',
        'driving_licence_mdoc',
        'resident_id_card.age.age_over_18',
        'resident_id_card.hotel',
    ]),
);

await test('locks when who laid it down comes back after a while', async () => {
    const away = (hidden, after) =>
        page.evaluate(
            ([now, shift]) => {
                const time = Date.now() + shift;
                Date.now = () => time;
                Object.defineProperty(document, 'hidden', { value: now, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
            },
            [hidden, after],
        );
    await away(true, 0);
    await away(false, 60_000);
    await eyes.page.waitForTimeout(200);
    assert.equal(await page.locator('#pin').count(), 0);
    await away(true, 0);
    await away(false, 301_000);
    await page.locator('#pin').waitFor();
    await eyes.screen('locked');
    await reopen(eyes);
});

/* ---- receipts, and one copy once ---- */

await test('N342 shows another copy each time, and keeps the receipt of who was shown', async () => {
    for (let i = 0; i < 2; i++) {
        const session = await town.desk('POST', '/api/sessions', { profile: 'hotel' });
        await bring(eyes, session.qr);
        await eyes.press('agree', { within: sheet(eyes) });
        await eyes.text('receipt_came');
        assert.equal((await town.result(session)).verdict, 'accept');
    }
    await visit(eyes, '');
    await page
        .getByText(eyes.say('state_ready', { count: 20 }))
        .first()
        .waitFor(); // of the mdoc: SD-JWT was shown
    await eyes.go('#/history');
    await page.locator('a[href^="#/event/"]').first().click();
    await eyes.text('receipt_good');
    await eyes.screen('receipt');
});

/* ---- a thief ---- */

await test('N337 N347 opens nothing of a record of which one byte was edited', async () => {
    await visit(eyes, '');
    const { tried, opened } = await page.evaluate(flip, PIN);
    assert.ok(tried > 300, `${tried}`);
    assert.deepEqual(opened, []);
});

await test('N338 opens no record in the place of another', async () => {
    assert.deepEqual(await page.evaluate(swapped, PIN), []);
});

await test('shows one chosen document on the lock screen, and nothing else', async () => {
    await visit(eyes, 'settings', 'settings');
    const choice = page.getByLabel(eyes.say('quick_which'));
    assert.equal(await choice.inputValue(), ''); // nothing, unless the person says so
    await choice.selectOption({ index: 2 });
    await eyes.text('quick_warn');
    await eyes.screen('settings-quick');
    await page.reload();
    await eyes.press('quick_show');
    await page.locator('.face').waitFor();
    await eyes.screen('lock-screen');
    assert.equal(await page.locator('.face').count(), 1);
    for (const place of ['history', 'settings', 'save', 'document/resident_id%20']) {
        await eyes.go(`#/${place}`);
        await page.waitForTimeout(100);
        assert.equal(await page.locator('.face').count(), 1, place);
        assert.equal(await page.getByText(eyes.say('history_title')).count(), 0, place);
    }
});

await test('N340 shows what the issuer signed, whatever was written beside it', async () => {
    await page.evaluate(editQuick, ['attributes']);
    await page.goto(`${eyes.url}/`);
    await page.reload();
    await eyes.press('quick_show');
    await page.locator('.face').waitFor();
    assert.ok(!(await page.locator('main').innerText()).includes('HURT'));
    await page.evaluate(editQuick, ['copies']);
    await page.goto(`${eyes.url}/`);
    await page.reload();
    await eyes.press('quick_show');
    await page.locator('.notice.bad').waitFor();
    assert.equal(await page.locator('.face').count(), 0);
    await eyes.screen('lock-screen-edited');
    await page.goto(`${eyes.url}/`);
    await page.reload();
    await unlock(eyes);
    await visit(eyes, 'settings', 'settings');
    assert.notEqual(await page.getByLabel(eyes.say('quick_which')).inputValue(), '');
});

await test('N340 puts no other document outside the seal for who writes there that it is chosen', async () => {
    const choice = page.getByLabel(eyes.say('quick_which'));
    const own = await choice.inputValue();
    const keys = await choice.locator('option').evaluateAll((all) => all.map((one) => one.value));
    const other = keys.find((key) => key && key !== own);
    await page.evaluate(editQuick, ['document', other]);
    await reopen(eyes);
    await visit(eyes, 'settings', 'settings');
    assert.equal(await choice.inputValue(), own);
    await choice.selectOption('');
    await page.waitForTimeout(300);
});

/* ---- saving, and another device ---- */

let code;
await test('saves to the provider under a code that nobody else has', async () => {
    await visit(eyes, 'save', 'save_title');
    await eyes.screen('saving');
    await eyes.press('provider_begin');
    code = await sheet(eyes).locator('.recovery').innerText();
    assert.match(code, /^([2-9A-HJ-NP-Z]{5}-){5}[2-9A-HJ-NP-Z]$/);
    await eyes.screen('recovery-code');
    await eyes.press('code_written', { within: sheet(eyes) });
});

const file = town.at('backup.yaopai');
await test('saves to a file under a passphrase', async () => {
    await visit(eyes, 'save', 'save_title');
    await page.locator('#passphrase').fill('short');
    await eyes.press('save_file');
    await eyes.text('passphrase_short');
    await page.locator('#passphrase').fill(PASSPHRASE);
    const [coming] = await Promise.all([page.waitForEvent('download'), eyes.press('save_file')]);
    await coming.saveAs(file);
    const bytes = readFileSync(file);
    assert.equal(bytes.subarray(0, 8).toString(), 'yaopaiP1');
    assert.ok(!bytes.includes(town.people[0].number));
});

await test('hands out the history as a file that others can read', async () => {
    await visit(eyes, 'save', 'save_title');
    const [coming] = await Promise.all([
        page.waitForEvent('download'),
        eyes.press('export_history'),
    ]);
    const path = town.at('history.json');
    await coming.saveAs(path);
    const events = JSON.parse(readFileSync(path, 'utf8'));
    assert.equal(events.length, 2);
    assert.ok(
        events.every((one) => one.receipt && one.documents[0].elements.includes('full_name')),
    );
    assert.ok(!readFileSync(path, 'utf8').includes(town.people[0].number)); // names, never values
});

await test('comes back on another device by the code: the history, and what has to be got again', async () => {
    const other = await open(browser, town, { lang: OTHER, theme: 'dark' });
    await visit(other, 'save', 'save_title');
    await other.text('save_what_not');
    await other.page.getByText(other.say('restore_provider')).first().click();
    await other.page.locator('#recovery').fill('2222-NOT-A-CODE');
    await other.press('restore_provider');
    await other.text('code_wrong');
    await other.page.locator('#recovery').fill(code.toLowerCase().replaceAll('-', ' '));
    await other.press('restore_provider');
    await other.page.getByText(other.say('restored', { count: 2 })).waitFor();
    await other.text('restored_missing');
    await other.screen('restored');
    await visit(other, 'history', 'history_title');
    assert.equal(await other.page.locator('a[href^="#/event/"]').count(), 2);
    await visit(other, '');
    await other.text('nothing_yet'); // keys don't leave a device
    other.wellBehaved();
    await other.close();
});

await test('N347 takes no backup that was edited, nor by another passphrase', async () => {
    const other = await open(browser, town, { lang: OTHER });
    const bytes = readFileSync(file);
    const restore = async (content, passphrase) => {
        const edited = town.at('edited.yaopai');
        writeFileSync(edited, content);
        await visit(other, 'save', 'save_title');
        await other.page.getByText(other.say('restore_file')).first().click();
        await other.page.setInputFiles('#backup-file', edited);
        await other.page.locator('#restore-passphrase').fill(passphrase);
        await other.press('restore_file');
    };
    for (const at of [0, 12, 30, 60, bytes.length - 1]) {
        const edited = Buffer.from(bytes);
        edited[at] ^= 1;
        await restore(edited, PASSPHRASE);
        await other.text('backup_wrong');
    }
    await restore(bytes, `${PASSPHRASE}!`);
    await other.text('backup_wrong');
    await other.screen('backup-wrong');
    await restore(bytes, PASSPHRASE);
    await other.page.getByText(other.say('restored', { count: 2 })).waitFor();
    await other.close();
});

/* ---- the end ---- */

await test('N345 leaves nothing behind when everything is deleted, and says what it cannot delete', async () => {
    await reopen(eyes);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await visit(eyes, 'settings', 'settings');
    await eyes.press('delete_all');
    await sheet(eyes).getByLabel(eyes.say('delete_backup')).check();
    await eyes.screen('delete-all');
    await eyes.press('delete_yes', { within: sheet(eyes) });
    await eyes.heading('gone_title');
    await eyes.screen('gone');
    assert.deepEqual(await page.evaluate(left), {
        databases: [],
        caches: [],
        workers: 0,
        local: [],
        session: [],
        cookies: '',
    });
    await eyes.press('gone_begin');
    await eyes.heading('welcome');
    const other = await open(browser, town, { lang: OTHER });
    await visit(other, 'save', 'save_title');
    await other.page.getByText(other.say('restore_provider')).first().click();
    await other.page.locator('#recovery').fill(code);
    await other.press('restore_provider');
    await other.text('backup_not_there');
    await other.close();
});

await test('asks nobody but this machine, says every word, breaks no policy', () =>
    eyes.wellBehaved());
end();
await browser.close();
town.end();
process.exit();
