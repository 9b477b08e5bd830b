// SPDX-License-Identifier: Apache-2.0
//
// The desk's page by keys alone from its door to the guest register, in high
// contrast and large type; with a camera that gives a hint of a face; a document that
// is not in force; and a party whose name is markup.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tap } from '../homes/tap.mjs';
import { Clerk } from './clerk.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Guest, Party } from './guest.mjs';
import { Town } from './town.mjs';

const NAME = '<img src=x onerror=hurt=1><b>示例';
const MOCK = join(import.meta.dirname, '../tools/face_mock.py');
const engine = (mode) => ({
    provider: 'mock',
    command: `/usr/bin/python3 -I -S -B ${MOCK} ${mode}`,
});
const { test, end } = tap('desk-hands');
const town = await new Town().open();
const party = await Party.open(town, { name: NAME, profiles: ['hotel'], settings: {} });
await town.fetchTrust();
const guest = await Guest.open(town, {
    configurations: ['resident_id_mdoc', 'resident_id_card.hotel'],
    copies: 8,
});
const browser = await openBrowser([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
]);
const me = town.people[0];

const eyes = await Eyes.open(browser, { page: 'desk', url: party.url, lang: 'en', size: 'wide' });
Object.setPrototypeOf(eyes, Clerk.prototype);
const { page } = eyes;

/* Tab until what is focused says TEXT, as a pattern; never by a pointer. */
async function tabTo(text, most = 60) {
    for (let steps = 0; steps < most; steps++) {
        await page.keyboard.press('Tab');
        const said = await page.evaluate(() => {
            const at = document.activeElement;
            if (!at.matches('a, button, input, select, summary')) return '';
            return [at.innerText, at.getAttribute('aria-label'), at.labels?.[0]?.innerText]
                .filter(Boolean)
                .join(' ');
        });
        if (text.test(said)) return;
    }
    assert.fail(`no key leads to ${text}`);
}
const word = (key) => eyes.like(key);
const press = async (key) => {
    await tabTo(word(key));
    await page.keyboard.press('Enter');
};

/* A place that came has the focus. */
const came = () => page.waitForFunction(() => document.activeElement.matches('h1, h2'));

await test('checks a guest in by keys alone', async () => {
    await eyes.go();
    await eyes.heading('welcome');
    await page.waitForFunction(() => document.activeElement.id === 'key');
    await page.keyboard.type(party.bearer); // the field has the focus
    await page.keyboard.press('Enter');
    await page.locator('nav').waitFor();
    await came();
    const asked = await eyes.asked('/api/sessions', () => press('way_request'));
    await page.locator('.bars').waitFor();
    await guest.present(asked.qr);
    await eyes.verdict('accept');
    await tabTo(word('guest_room'));
    await page.keyboard.type('1203');
    await page.keyboard.press('Enter');
    await eyes.text('guest_entered');
    await press('guest_see');
    await page.locator('tbody tr').first().waitFor();
    await page.getByText(me.name).first().waitFor();
    await press('guest_left');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await press('settings');
    await eyes.heading('settings');
});
await test('goes straight to the content by a key', async () => {
    await eyes.go('#/');
    await page.reload();
    await page.locator('nav').waitFor();
    await came();
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
});
await test('N324 shows the name of its party as text', async () => {
    await page.getByText(NAME, { exact: true }).first().waitFor();
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.equal(await page.evaluate(() => 'hurt' in globalThis), false);
});
await test('can be read in high contrast and large type', async () => {
    await eyes.go('#/settings');
    await eyes.heading('settings');
    for (const key of ['large_type', 'contrast']) {
        await tabTo(word(key));
        await page.keyboard.press('Space');
    }
    assert.deepEqual(
        await page
            .evaluate(() => ({ ...document.documentElement.dataset }))
            .then((set) => [set.type, set.contrast]),
        ['large', 'more'],
    );
    await page.getByText(eyes.say('face_grade_none')).waitFor();
    await eyes.screen('large-settings');
    await eyes.go('#//hotel');
    await page.locator('.ways').waitFor();
    await eyes.screen('large-home');
    const asked = await eyes.asked('/api/sessions', () => eyes.ask('hotel', 'request'));
    await page.locator('.bars').waitFor();
    await eyes.screen('large-request');
    await guest.present(asked.qr);
    await eyes.verdict('accept');
    assert.equal(await page.getByText(eyes.say('face_title')).count(), 0); // there is no engine
    await eyes.screen('large-accept');
    await page.evaluate(() => localStorage.clear());
});

/* The desk anew, with an engine in MODE; a guest that was accepted. */
async function accepted(mode) {
    await party.stop();
    party.set({ face: engine(mode) });
    await party.start();
    await eyes.go('#/');
    await page.reload();
    await page.locator('nav').waitFor();
    const asked = await eyes.asked('/api/sessions', () => eyes.ask('hotel', 'request'));
    await guest.present(asked.qr);
    await eyes.verdict('accept');
    await eyes.heading('face_title');
    return asked;
}

async function photograph() {
    await eyes.press('face_camera');
    await page.waitForFunction(() => document.querySelector('.face-view video')?.videoWidth > 0);
    await eyes.press('face_take');
}

if (existsSync('/usr/bin/python3')) {
    await test('compares the face by the camera as a hint, and the clerk decides', async () => {
        await accepted('alike');
        await eyes.text('face_grade_test');
        await eyes.screen('face');
        await photograph();
        await eyes.text('face_alike');
        await eyes.text('face_decide');
        await eyes.verdict('accept');
        await eyes.screen('face-alike');
        assert.equal(await page.locator('video').count(), 0); // the camera is let go
        await eyes.press('portrait_same');
        await eyes.text('face_said');
    });
    await test('tells of another face, and the clerk says no', async () => {
        await accepted('unlike');
        await photograph();
        await eyes.text('face_other');
        await eyes.screen('face-other');
        assert.equal((await eyes.verdict('accept')).shape, 'tick'); // a hint turns nothing
        await eyes.press('portrait_other');
        await page.getByText(eyes.say('verdict_other'), { exact: true }).waitFor();
        assert.equal((await eyes.verdict()).shape, 'cross');
        assert.equal(await page.locator('#room').count(), 0);
    });
    await test('says when nobody can tell', async () => {
        await accepted('nobody');
        await photograph();
        await eyes.text('face_cannot_tell');
        await eyes.text('face_why_no_face');
        await eyes.text('face_by_eye');
        await eyes.screen('face-cannot-tell');
        await accepted('die');
        await photograph();
        await eyes.text('face_why_no_engine');
    });
}
await test('refuses a document that is suspended, and says so; no face makes it better', async () => {
    town.run([
        ...['document', 'suspend', '-C', town.at('v/authority'), '--person', me.number],
        ...['--document', 'resident_id', '--reason', 'investigation'],
    ]);
    town.run(['statuslist', 'publish', '-C', town.at('v/authority'), '--output', town.at('lists')]);
    town.run(['trust', 'publish', '-C', town.at('v/authority'), '--output', town.at('published')]);
    await party.stop();
    await party.start(); // fetches the bundle of now
    await eyes.go('#/');
    await page.reload();
    await page.locator('nav').waitFor();
    const asked = await eyes.asked('/api/sessions', () => eyes.ask('hotel', 'request'));
    await guest.present(asked.qr);
    const { why, next } = await eyes.verdict('reject');
    assert.ok(why.includes(eyes.say('why_SUSPENDED')), why);
    assert.equal(next, eyes.say('verdict_reject_next'));
    await page.getByText(eyes.say('status_suspended')).first().waitFor();
    assert.equal(await page.getByText(eyes.say('face_title')).count(), 0);
    assert.equal(await page.locator('#room').count(), 0);
    await eyes.screen('suspended');
});
await test('asks nobody but this machine, says every word, breaks no policy', () =>
    eyes.wellBehaved());
end();
await browser.close();
town.end();
process.exit();
