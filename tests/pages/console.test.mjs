// SPDX-License-Identifier: Apache-2.0
//
// The console's page: two operators, each in a language of their own, register,
// look somebody up, offer documents; what one asks the other confirms.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { enter, find, openCase, openConsole, readOnce, register, sheet } from './operators.mjs';
import { TX_CODE, Town } from './town.mjs';

const PLACES = [
    'dashboard',
    'cases',
    'intakes',
    'parties',
    'kiosks',
    'operators',
    'signers',
    'trust',
    'audit',
    'me',
];
const { test, end } = tap('console');

const town = await new Town().open();
const browser = await openBrowser();

async function walk(name, looks) {
    const eyes = await openConsole(browser, town, looks);
    const { code } = JSON.parse(readFileSync(town.at(`v/${name}.json`)));
    await test(`${name}: registers a passkey and logs in`, async () => {
        await register(eyes, name, code, { screens: true });
        await eyes.heading('place_dashboard', 1);
    });
    await test(`${name}: sees each place`, async () => {
        for (const place of PLACES) {
            await eyes.go(`#/${place}`);
            await eyes.heading(`place_${place}`, 1);
            await eyes.screen(place);
        }
    });
    await test(`${name}: never finds who is not there`, async () => {
        await find(eyes, '110101199001019999');
        await eyes.text('refused_not_found');
        await eyes.screen('nobody');
    });
    await test(`${name}: looks somebody up, and offers documents`, async () => {
        await find(eyes, town.people[0].number);
        await eyes.page.getByRole('heading', { name: town.people[0].name }).waitFor();
        await eyes.screen('person');
        await eyes.press('offer');
        await eyes.screen('offer');
        await eyes.page.fill('[name=tx_code]', TX_CODE);
        await enter(sheet(eyes));
        await eyes.text('offer_made');
        assert.match(await eyes.copied(sheet(eyes)), /^openid-credential-offer:/);
        await eyes.press('done', { within: sheet(eyes) });
    });
    return eyes;
}

const one = await walk('operator-1', { lang: 'zh-CN', theme: 'light' });
const two = await walk('operator-2', { lang: 'en', theme: 'dark' });

await test('sees each place in large type with high contrast', async () => {
    const looks = (values) =>
        two.page.evaluate(
            (pairs) => pairs.forEach(([name, value]) => localStorage.setItem(name, value)),
            Object.entries(values).map(([name, value]) => [`yaopai.${name}`, value]),
        );
    await looks({ contrast: 'more', type: 'large' });
    await two.page.reload();
    for (const place of PLACES) {
        await two.go(`#/${place}`);
        await two.heading(`place_${place}`, 1);
        await two.screen(`${place}-large`);
    }
    await looks({ contrast: 'auto', type: 'normal' });
    await two.page.reload();
});
await test('never does alone what takes two', async () => {
    await find(one, town.people[1].number);
    await one.press('hold');
    await one.page.selectOption('[name=reason]', 'court_order');
    await one.page.fill('[name=basis]', 'SPECIMEN');
    await one.page.fill(
        '[name=until]',
        new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10),
    );
    await enter(sheet(one));
    await one.press('asked_go');
    await openCase(one, 'case_act_hold');
    assert.equal(await one.page.getByRole('button', { name: one.say('confirm') }).count(), 0);
    await one.screen('own-case');
});
await test('does it when another one confirms, and gives the receipt', async () => {
    await openCase(two, 'case_act_hold');
    await two.screen('case');
    await two.press('confirm');
    await two.text('done_receipt');
    await readOnce(two);
});
await test('reads the log by pages, who looked at whom for what among it', async () => {
    await two.go('#/audit');
    await two.press('log_show');
    await two.page
        .getByRole('cell', { name: two.say('purpose_counter') })
        .first()
        .waitFor();
    await two.screen('log');
});
await test('never shows a place to who logged out', async () => {
    await one.press('log_out');
    await one.page.getByRole('button', { name: one.say('log_in') }).waitFor();
    await one.go('#/cases');
    await one.page.getByRole('button', { name: one.say('log_in') }).waitFor();
});
await test('gives its policy with the page', async () => {
    const { headers } = await town.look('console', '/');
    assert.match(
        headers['content-security-policy'] ?? '',
        /default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    one.wellBehaved();
    two.wellBehaved();
});
end();
await browser.close();
town.end();
