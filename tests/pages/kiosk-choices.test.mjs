// SPDX-License-Identifier: Apache-2.0
//
// What not everybody chooses at the kiosk: large type and more contrast, a child's
// documents, a lost telephone, a number by camera, a code that nobody scanned, and
// 24 hours to wait.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { CODE, Visitor } from './kiosk-walk.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('kiosk-choices');
const town = await new Town().open();
const browser = await openBrowser();
const parent = town.people.find((one) => one.household?.relation === '02');
const child = town.people.find(
    (one) => one.household?.number === parent.household.number && one.birth_date > '2010',
);
const stranger = town.people.find((one) => one.household?.number !== parent.household.number);

const one = await Visitor.at(browser, town, {
    lang: 'en',
    size: 'wide',
    theme: 'dark',
    contrast: 'more',
});

const focused = (eyes) => eyes.page.evaluate(() => document.activeElement.id);

await test('is read in large type and with more contrast, on every screen', async () => {
    await one.pair();
    assert.equal(await one.page.locator('html').getAttribute('data-contrast'), 'more');
    await one.tap('large_type');
    assert.equal(await one.page.locator('html').getAttribute('data-type'), 'large');
    assert.equal(await focused(one), 'type');
    await one.screen('large-attract');
    await one.begin();
    await one.screen('large-terms');
    await one.tap('terms_accept');
    await one.heading('number', 1);
    await one.screen('large-number');
});
await test('says that there is no camera for a number, and takes it by keys', async () => {
    await one.tap('scan');
    await one.page.getByRole('heading', { name: one.say('scan') }).waitFor();
    await one.screen('scan');
    await one.tap('scan_keys');
    await one.type(parent.number);
    await one.tap('continue');
    await one.heading('face', 1);
    await one.tap('face_officer_go');
    await one.heading('choose', 1);
    await one.page.locator('.choice').first().waitFor();
    await one.screen('large-choose');
});
await test('changes the language in the midst of it, and keeps what was chosen', async () => {
    await one.page.getByRole('checkbox', { name: 'Health card', exact: true }).check();
    await one.tap('language');
    await one.page.getByRole('heading', { name: '选择证件' }).waitFor();
    await one.page.waitForFunction(() => document.activeElement.id === 'language');
    assert.ok(
        await one.page.getByRole('checkbox', { name: '电子健康卡', exact: true }).isChecked(),
    );
    await one.page.getByRole('button', { name: 'English', exact: true }).click();
    await one.heading('choose', 1);
});
await test('ends all devices of who lost a telephone, when asked twice', async () => {
    await one.tap('lost');
    await one.heading('lost');
    await one.screen('lost');
    await one.tap('cancel');
    await one.tap('lost');
    await one.tap('lost_yes', { within: one.page.getByRole('dialog') });
    await one.said('lost_done');
});
await test("gives a parent a child's documents, and nobody else's", async () => {
    await one.tap('child');
    const keys = one.page.getByRole('dialog').locator('.keys');
    const type = async (number) => {
        for (const letter of number)
            await keys.getByRole('button', { name: letter, exact: true }).click();
    };
    await one.screen('child');
    await type(stranger.number);
    await one.tap('continue', { within: one.page.getByRole('dialog') });
    await one.page.getByRole('dialog').getByRole('alert').waitFor();
    await one.screen('child-refused');
    for (let i = 0; i < 18; i++)
        await keys.getByRole('button', { name: one.say('rub_out') }).click();
    await type(child.number);
    await one.tap('continue', { within: one.page.getByRole('dialog') });
    await one.heading('choose_child', 1);
    await one.choose('Resident identity card');
    await one.screen('large-code');
});
await test('says that the code is over that nobody scanned, and prints a receipt all the same', async () => {
    await one.type(CODE);
    await one.tap('continue');
    await one.tap('access_kept');
    await one.heading('offer_title', 1);
    await one.page.clock.install();
    await one.screen('large-offer');
    // what the page counts is the time since it came
    await one.page.evaluate(() => {
        const now = Date.now.bind(Date);
        Date.now = () => now() + 130000;
    });
    await one.page.clock.runFor(1000);
    await one.text('offer_over');
    assert.equal(await one.page.locator('.offer .bars').count(), 0);
    await one.screen('offer-over');
    await one.tap('finish');
    await one.heading('end_done', 1);
    assert.equal(await one.page.locator('html').getAttribute('data-type'), 'large');
    await one.tap('to_start');
    assert.equal(await one.page.locator('html').getAttribute('data-type'), 'normal');
    await one.close();
});

const two = await Visitor.at(browser, town, { lang: 'zh-CN', size: 'phone' });

await test('says until when somebody waits who has a device of a higher level', async () => {
    await two.pair();
    await two.sayNumber(stranger.number);
    await two.tap('face_officer_go');
    await two.heading('choose', 1);
    await two.choose('居民身份证');
    await two.context.route('**/kiosk/session/offer', (route) =>
        route.fulfill({
            status: 200,
            contentType: 'application/json',
            body: JSON.stringify({
                step: 'over',
                level: 3,
                notice_until: Math.floor(Date.now() / 1000) + 86400,
            }),
        }),
    );
    await two.type(CODE);
    await two.tap('continue');
    await two.tap('access_kept');
    await two.heading('notice_head', 1);
    await two.screen('notice');
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    one.wellBehaved();
    two.wellBehaved();
});
end();
await browser.close();
town.end();
process.exit();
