// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page: the same walk by two people, one with a phone in Chinese and
// a PIN, one before a wide screen in English with a passkey.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { Eyes, giveAuthenticator, openBrowser } from './eyes.mjs';
import { TX_CODE, Town } from './town.mjs';

const PIN = '246810';
const DOCUMENTS = [
    'resident_id_mdoc',
    'resident_id_sdjwt',
    'driving_licence_mdoc',
    'household_booklet_mdoc',
    'health_card_mdoc',
    'resident_id_card.age.age_over_18',
    'resident_id_card.hotel',
];
const { test, end } = tap('wallet');

const town = await new Town().open();
const browser = await openBrowser();

/* ---- what a person does ---- */

async function lockByPin(eyes) {
    await eyes.press('lock_pin');
    await eyes.page.fill('#pin-1', PIN);
    await eyes.page.fill('#pin-2', PIN);
    await eyes.screen('pin');
    await eyes.press('pin_take');
    await eyes.heading('my_documents');
}

async function lockByPasskey(eyes) {
    await giveAuthenticator(eyes);
    await eyes.press('lock_passkey');
    await eyes.heading('my_documents');
}

/** Paste TEXT where codes are scanned. */
async function bring(eyes, text) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    await eyes.go('#/scan');
    await eyes.press('paste');
    await eyes.page.fill('#scan-text', text);
    await eyes.press('paste_take');
}

const sheet = (eyes) => eyes.page.getByRole('dialog');

async function receive(eyes, offer, { screens = false } = {}) {
    await bring(eyes, offer);
    await eyes.page
        .getByLabel(eyes.say('tx_text'))
        .or(eyes.page.locator('#tx'))
        .first()
        .fill(TX_CODE);
    if (screens) await eyes.screen('transaction-code');
    await eyes.press('continue');
    await eyes.heading('offer_title');
    if (screens) await eyes.screen('offer');
    await eyes.press('offer_take');
    await eyes.heading('kept_title');
}

async function openDocument(eyes, place, name = /./) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    const link = eyes.page.locator(`a[href^="#/${place}/"]`).filter({ hasText: name });
    await eyes.redrawn(() => link.first().click());
}

/* ---- the walk ---- */

async function walk(who, looks, lock) {
    const eyes = await Eyes.open(browser, { page: 'wallet', url: town.urls.wallet, ...looks });
    const { page } = eyes;
    await test(`${who}: begins`, async () => {
        await eyes.go();
        await eyes.heading('welcome');
        await eyes.screen('welcome');
        await lock(eyes);
        await eyes.screen('empty');
    });
    await test(`${who}: receives by a pasted offer and a transaction code`, async () => {
        await eyes.go('#/scan');
        await eyes.page.getByRole('button', { name: eyes.say('paste') }).waitFor();
        await eyes.screen('scan');
        await receive(eyes, town.offer(DOCUMENTS), { screens: true });
        await eyes.screen('kept');
    });
    await test(`${who}: has a face for each document, without a whole number on it`, async () => {
        await eyes.go('#/');
        await eyes.heading('my_documents');
        assert.equal(await page.locator('a[href^="#/show/"]').count(), 4);
        assert.ok(!(await page.locator('main').innerText()).includes(town.people[0].number));
        await eyes.screen('home');
        await openDocument(eyes, 'document');
        await page.locator('dl.facts').first().waitFor();
        await eyes.screen('document');
    });
    await test(`${who}: says what somebody may drive, and how long`, async () => {
        await openDocument(eyes, 'document', /机动车驾驶证|Driving licence/);
        await page
            .locator('dl.facts dd')
            .filter({ hasText: /^[A-Z0-9]+ (\(78\) )?\d{4}-\d\d-\d\d – \d{4}-\d\d-\d\d/ })
            .waitFor();
        await eyes.screen('licence');
    });
    await test(`${who}: shows the hotel's desk what it registered`, async () => {
        const session = await town.desk('POST', '/api/sessions', { profile: 'hotel' });
        await bring(eyes, session.qr);
        await eyes.press('agree', { within: sheet(eyes) });
        await eyes.text('shown_title');
        await eyes.screen('shown');
        assert.equal((await town.result(session)).verdict, 'accept');
    });
    await test(`${who}: says no, and the desk learns only that`, async () => {
        const session = await town.desk('POST', '/api/sessions', { profile: 'hotel' });
        await bring(eyes, session.qr);
        await sheet(eyes)
            .getByRole('button', { name: eyes.say('agree') })
            .waitFor();
        await eyes.screen('request');
        await eyes.press('say_no', { within: sheet(eyes) });
        await eyes.text('said_no');
        await eyes.screen('refused');
        const { state, result } = await town.desk('GET', `/api/sessions/${session.id}?wait=5`);
        assert.ok(!result?.documents?.length, `${state}`);
    });
    await test(`${who}: answers a gate's challenge, once`, async () => {
        const challenged = async () => {
            const gate = town.gate('hotel', { reader: 'hotel' });
            await bring(eyes, JSON.parse(await gate.line()).challenge);
            await sheet(eyes)
                .getByRole('button', { name: eyes.say('agree') })
                .waitFor();
            return gate;
        };
        await challenged();
        await eyes.screen('challenge');
        await eyes.press('say_no', { within: sheet(eyes) });
        await eyes.text('said_no');
        const gate = await challenged(); // each is good for a minute
        await eyes.press('agree', { within: sheet(eyes) });
        await eyes.text('sealed_note');
        const card = await eyes.copied();
        assert.equal(JSON.parse(await gate.say(card)).verdict, 'accept');
        assert.notEqual(JSON.parse(await (await elsewhere('hotel')).say(card)).verdict, 'accept');
        await eyes.screen('sealed-card');
    });
    await test(`${who}: shows a code of this moment`, async () => {
        await openDocument(eyes, 'show');
        await eyes.screen('ways');
        await page
            .getByRole('button', {
                name: eyes.say('way_open', {
                    profile: looks.lang === 'en' ? 'Age check' : '年龄核验',
                }),
            })
            .click();
        await eyes.text('open_note');
        await eyes.screen('open-card');
        const gate = town.gate('age', { choice: 'age_over_18' });
        assert.equal(JSON.parse(await gate.say(await eyes.copied())).verdict, 'accept');
    });
    await test(`${who}: shows the same across the counter`, async () => {
        await openDocument(eyes, 'show');
        await page.getByRole('button', { name: eyes.like('way_counter') }).click();
        await eyes.text('counter_note');
        await eyes.screen('counter');
        const counter = await town.desk('POST', '/api/counters', {
            profile: 'hotel',
            engagement: await eyes.copied(),
        });
        assert.ok(counter.id, JSON.stringify(counter));
        await eyes.press('agree', { within: sheet(eyes) });
        await eyes.text('shown_title');
        assert.equal((await town.result(counter)).verdict, 'accept');
    });
    await test(`${who}: remembers to whom what was shown`, async () => {
        await eyes.go('#/history');
        await eyes.heading('history_title');
        assert.ok((await page.locator('a[href^="#/event/"]').count()) >= 4);
        await eyes.screen('history');
    });
    await test(`${who}: has settings`, async () => {
        await eyes.go('#/settings');
        await eyes.heading('settings', 1);
        await eyes.screen('settings');
    });
    return eyes;
}

/** Another gate of the same, which did not show that challenge. */
async function elsewhere(profile) {
    const gate = town.gate(profile, { reader: profile });
    await gate.line();
    return gate;
}

await town.fetchTrust();
const one = await walk('by PIN', { lang: 'zh-CN', theme: 'light', size: 'phone' }, lockByPin);
const two = await walk('by passkey', { lang: 'en', theme: 'dark', size: 'wide' }, lockByPasskey);
await test('N334 asks nobody but this machine, says every word, breaks no policy', () => {
    one.wellBehaved();
    two.wellBehaved();
});
end();
await browser.close();
town.end();
process.exit();
