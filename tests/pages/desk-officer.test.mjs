// SPDX-License-Identifier: Apache-2.0
//
// Officers at the desk's page: a code, a passkey, hours in which they ask by their
// number, what became of a document, and who somebody is as a second step.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { Clerk } from './clerk.mjs';
import { giveAuthenticator, openBrowser } from './eyes.mjs';
import { Guest, Party } from './guest.mjs';
import { Town } from './town.mjs';

const NUMBER = '7K2Q-0417';
const { test, end } = tap('desk-officer');
const town = await new Town().open();
const party = await Party.open(town, {
    profiles: ['police', 'road_check', 'hotel'],
    retention: 0,
});
await town.fetchTrust();
const guest = await Guest.open(town, {
    configurations: ['resident_id_mdoc', 'driving_licence_mdoc', 'resident_id_card.police'],
});
const browser = await openBrowser();
const me = town.people[0];

async function walk(looks) {
    const clerk = await Clerk.begin(browser, { url: party.url, bearer: party.bearer, ...looks });
    const { page } = clerk;
    const who = looks.lang;
    const sheet = page.getByRole('dialog');

    await test(`${who}: asks nothing of an officer's without one`, async () => {
        await clerk.go('#//police');
        await clerk.text('officer_needed');
        assert.equal(await page.locator('.ways button:not([disabled])').count(), 0);
        await clerk.screen('officer-needed');
    });
    await test(`${who}: takes a code for a passkey once, and no other`, async () => {
        await giveAuthenticator(clerk, { prf: false });
        await clerk.go('#/officer');
        await clerk.heading('nav_officer');
        await page.locator('summary').click();
        await clerk.screen('officer-out');
        await page.fill('#officer-code', 'x'.repeat(43));
        await clerk.press('officer_register');
        await page.locator('.notice.bad').first().waitFor();
        const code = party.officer(`${NUMBER}-${who.slice(0, 2).toUpperCase()}`);
        await page.fill('#officer-code', code);
        await clerk.press('officer_register');
        await clerk.text('officer_registered');
        await clerk.screen('officer-registered');
        // a second one would take the place of the first in the authenticator
        assert.equal(
            await page.getByRole('button', { name: clerk.say('officer_register') }).count(),
            0,
        );
    });
    await test(`${who}: lets the officer in by the passkey`, async () => {
        await clerk.press('officer_login');
        await clerk.text('officer_until');
        await page.getByText(clerk.like('officer_short')).first().waitFor();
        await clerk.screen('officer-in');
    });
    await test(`${who}: asks by the officer's number, and looks up the record with a reason`, async () => {
        const session = await clerk.asked('/api/sessions', () => clerk.ask('police', 'request'));
        await guest.present(session.qr);
        await clerk.verdict('accept');
        await page.getByText(me.number).first().waitFor();
        await clerk.press('look_up');
        await clerk.screen('officer-reason');
        await sheet.getByRole('button', { name: clerk.say('reason_identity_check') }).click();
        await clerk.heading('record_title');
        await page.getByText(clerk.say('record_valid')).first().waitFor();
        await clerk.screen('officer-record');
        await clerk.verdict('accept');
    });
    await test(`${who}: asks who it is as a second step, with a reason`, async () => {
        const session = await clerk.asked('/api/sessions', () =>
            clerk.ask('road_check', 'request'),
        );
        await guest.present(session.qr);
        await clerk.verdict('accept');
        assert.equal(await page.getByText(me.number).count(), 0);
        await clerk.press('second_step');
        const second = await clerk.asked(`/api/sessions/${session.id}/second`, () =>
            sheet.getByRole('button', { name: clerk.say('reason_traffic_stop') }).click(),
        );
        await page.locator('.bars').waitFor();
        await clerk.screen('officer-second');
        await guest.present(second.qr);
        await clerk.verdict('accept');
        await page.getByText(me.number).first().waitFor();
        await clerk.screen('officer-second-shown');
    });
    await test(`${who}: has a challenge answered for the police`, async () => {
        await clerk.ask('police', 'card');
        await page.locator('.bars').waitFor();
        await clerk.screen('officer-challenge');
        // it is good for a minute, so another one is answered
        const made = await clerk.asked('/api/challenges', () => clerk.ask('police', 'card'));
        // no wallet has an officer's certificate in its list: it goes along
        await clerk.wedge(await guest.card('police', { challenge: made.codes[0] }));
        await clerk.verdict('accept');
    });
    await test(`${who}: ends the hours`, async () => {
        await clerk.go('#/officer');
        await clerk.press('officer_out');
        await page.getByRole('button', { name: clerk.say('officer_login'), exact: true }).waitFor();
        await clerk.go('#//police');
        await clerk.text('officer_needed');
    });
    await test(`${who}: asks nobody but this machine, says every word, breaks no policy`, () =>
        clerk.wellBehaved());
    await clerk.close();
}

for (const looks of [
    { lang: 'zh-CN', size: 'phone' },
    { lang: 'en', size: 'wide', theme: 'dark' },
])
    await walk(looks);
end();
await browser.close();
town.end();
process.exit();
