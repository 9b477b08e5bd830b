// SPDX-License-Identifier: Apache-2.0
//
// The desk's page with a real person before the counter: every way of showing, and
// what the clerk reads of it.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { Clerk } from './clerk.mjs';
import { openBrowser } from './eyes.mjs';
import { Guest, Party } from './guest.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('desk-ways');
const town = await new Town().open();
const party = await Party.open(town, {
    profiles: ['hotel', 'age', 'identity', 'mortgage', 'train'],
    standing: 'hotel',
});
await town.fetchTrust();
const guest = await Guest.open(town, {
    configurations: [
        'resident_id_mdoc',
        'resident_id_sdjwt',
        'resident_id_card.hotel',
        'resident_id_card.age.age_over_18',
        'resident_id_card.train',
        'resident_id_card.identity',
        'resident_id_paper.hotel',
        'household_booklet_mdoc',
    ],
    copies: 8,
});
const browser = await openBrowser();
const me = town.people[0];

async function onLine(clerk, profile, { act = () => {} } = {}) {
    const session = await clerk.asked('/api/sessions', async () => {
        await clerk.ask(profile, 'request');
        await act();
    });
    await clerk.page.locator('.bars').waitFor();
    return session;
}

async function walk(looks) {
    const clerk = await Clerk.begin(browser, { url: party.url, bearer: party.bearer, ...looks });
    const { page } = clerk;
    const who = looks.lang;

    await test(`${who}: shows what may be asked here`, async () => {
        await clerk.heading('purposes');
        assert.equal(await page.locator('.purposes a').count(), 5);
        await clerk.screen('purposes');
    });
    await test(`${who}: accepts a guest who answers the code on line`, async () => {
        const session = await onLine(clerk, 'hotel');
        await clerk.screen('request');
        await guest.present(session.qr);
        await clerk.verdict('accept');
        await page.getByText(me.name).first().waitFor();
        await page.getByText(me.number).first().waitFor();
        await page.waitForFunction(
            () => document.querySelector('img.portrait')?.naturalWidth > 100,
        );
        await page.getByText(clerk.say('status_valid')).first().waitFor();
        await page.getByText(clerk.like('status_age')).first().waitFor();
        await clerk.screen('accept');
        const rows = await clerk.report();
        assert.equal(rows[clerk.say('check_issuer_signature')], clerk.say('outcome_pass'));
        assert.equal(rows[clerk.say('check_status')], clerk.say('outcome_pass'));
        await clerk.screen('report');
    });
    await test(`${who}: says that nothing was shown when the person says no`, async () => {
        const session = await onLine(clerk, 'hotel');
        await guest.refuse(session.qr);
        await clerk.text('state_refused');
        assert.equal(await page.locator('.verdict.ok, .verdict.bad').count(), 0);
        await clerk.screen('refused');
    });
    await test(`${who}: talks with a phone across the counter`, async () => {
        const { engagement, over } = await guest.counter({ mailbox: `${party.url}/mailboxes` });
        await clerk.ask('hotel', 'counter');
        await clerk.screen('counter');
        await clerk.wedge(engagement);
        await clerk.verdict('accept');
        assert.equal((await over).code, 0);
        await page.getByText(me.name).first().waitFor();
    });
    await test(`${who}: says no to what is no code of a phone`, async () => {
        await clerk.ask('hotel', 'counter');
        await clerk.wedge('https://example.org/menu');
        await clerk.text('not_engagement');
    });
    await test(`${who}: has a challenge answered, read by a scanner in the hand`, async () => {
        await clerk.ask('hotel', 'card');
        await page.locator('.bars').waitFor();
        await clerk.screen('challenge');
        // it is good for a minute, so another one is answered
        const made = await clerk.asked('/api/challenges', () => clerk.ask('hotel', 'card'));
        const card = await guest.card('hotel', { challenge: made.codes[0], reader: party.reader });
        await clerk.wedge(card);
        await clerk.verdict('accept');
        await page.getByText(me.number).first().waitFor();
        await clerk.screen('card');
        const rows = await clerk.report();
        assert.equal(rows[clerk.say('check_card_challenge')], clerk.say('outcome_pass'));
    });
    await test(`${who}: has it answered by a picture of a code`, async () => {
        const made = await clerk.asked('/api/challenges', () => clerk.ask('train', 'card'));
        const png = town.at('card.png');
        await guest.card('train', { challenge: made.codes[0], reader: party.reader, png });
        await clerk.image(png);
        await clerk.verdict('accept');
    });
    await test(`${who}: refuses the answer to another challenge, and goes on`, async () => {
        const ask = () => clerk.asked('/api/challenges', () => clerk.ask('train', 'card'));
        const first = await ask();
        const card = await guest.card('train', {
            challenge: first.codes[0],
            reader: party.reader,
        });
        await ask();
        await clerk.paste(card);
        await clerk.text('refused_another_challenge');
        await clerk.screen('another-challenge');
        const second = await ask(); // each is good for a minute
        await clerk.paste(card);
        await clerk.text('refused_another_challenge');
        const fresh = await guest.card('train', {
            challenge: second.codes[0],
            reader: party.reader,
        });
        await clerk.wedge(fresh);
        await clerk.verdict('accept');
    });
    await test(`${who}: accepts a code of this moment, once`, async () => {
        await clerk.ask('age', 'card');
        await clerk.heading('which');
        await clerk.screen('which-age');
        await page.getByRole('button', { name: /18/ }).click();
        const card = await guest.card('age', { choice: 'age_over_18' });
        await clerk.paste(card);
        await clerk.verdict('accept');
        await clerk.ask('age', 'card');
        await page.getByRole('button', { name: /18/ }).click();
        await clerk.paste(card);
        const { next } = await clerk.verdict('reject');
        assert.equal(next, clerk.say('verdict_replay_next'));
        await clerk.screen('reject');
    });
    await test(`${who}: refuses an age that was not asked for`, async () => {
        await clerk.ask('age', 'card');
        await page.getByRole('button', { name: /60/ }).click();
        await clerk.wedge(await guest.card('age', { choice: 'age_over_18' }));
        await clerk.verdict('reject');
    });
    await test(`${who}: says what is no document, and reads on`, async () => {
        await clerk.ask('age', 'card');
        await page.getByRole('button', { name: /18/ }).click();
        await clerk.wedge('HELLO WORLD 1234567890');
        await clerk.text('refused_not_a_document');
        await clerk.wedge(await guest.card('age', { choice: 'age_over_18' }));
        await clerk.verdict('accept');
        await clerk.screen('age');
    });
    await test(`${who}: takes paper for a purpose that allows it, when the clerk has compared the face`, async () => {
        const paper = await guest.paper('hotel');
        await clerk.ask('hotel', 'card'); // with a challenge on the screen, which paper can't answer
        await clerk.wedge(paper);
        await clerk.verdict('indeterminate');
        await clerk.heading('portrait_title');
        await page.getByText(me.number).waitFor();
        assert.equal(await page.locator('#room').count(), 0);
        await clerk.screen('paper');
        await clerk.press('portrait_same');
        const seen = await clerk.verdict('accept');
        assert.equal(seen.why, clerk.say('verdict_compared_text'));
        await page.locator('#room').waitFor();
        await clerk.ask('hotel', 'card');
        await clerk.paste(paper);
        await clerk.press('portrait_other');
        await clerk.text('portrait_other_text');
        assert.equal((await clerk.verdict()).shape, 'cross');
        await clerk.screen('paper-other');
        await clerk.ask('train', 'card');
        await clerk.wedge(paper);
        await clerk.verdict('reject');
    });
    await test(`${who}: compares what it has, and is told only whether it is so`, async () => {
        const fill = async (number) => {
            await page.locator('#value-full_name').fill(me.name);
            await page.locator('#value-id_number').fill(number);
            await clerk.press('continue');
        };
        const same = await onLine(clerk, 'identity', { act: () => fill(me.number) });
        await guest.present(same.qr);
        await clerk.verdict('accept');
        await page.getByText(clerk.say('match_same')).first().waitFor();
        assert.ok(!(await page.locator('main').innerText()).includes(me.number));
        await clerk.screen('match');
        // a wallet says nothing of values that it does not have
        const other = await onLine(clerk, 'identity', {
            act: () => fill(town.people[1].number),
        });
        await guest.present(other.qr).catch(() => {});
        await clerk.text('state_refused');
        const made = await clerk.asked('/api/challenges', async () => {
            await clerk.ask('identity', 'card');
            await fill(town.people[1].number);
        });
        await clerk.wedge(
            await guest.card('identity', { challenge: made.codes[0], reader: party.reader }),
        );
        const seen = await clerk.verdict();
        assert.equal(seen.word, clerk.say('verdict_differs'));
        assert.equal(seen.shape, 'cross');
        await clerk.screen('match-other');
    });
    await test(`${who}: asks for several documents of one person`, async () => {
        const session = await onLine(clerk, 'mortgage');
        await guest.present(session.qr);
        await clerk.verdict('accept');
        await page.getByText(clerk.say('one_person_pass')).first().waitFor();
        await clerk.screen('mortgage');
    });
    await test(`${who}: prints the standing code, which a guest scans and says a number`, async () => {
        await clerk.ask('hotel', 'print');
        await page.locator('article.paper .bars').waitFor();
        await clerk.screen('standing-paper');
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.locator('nav').isVisible(), false);
        assert.equal(await page.locator('article.paper').isVisible(), true);
        await page.emulateMedia({ media: null });
        const { standing } = JSON.parse((await party.ask('GET', '/api/desk')).body);
        await clerk.ask('hotel', 'number');
        await clerk.screen('number');
        const said = await guest.present(standing[0].letters, ['--yes', '--json']);
        const number = /"number": ?"?(\d\d)/.exec(said)?.[1] ?? /\b([1-9]\d)\b/.exec(said)[1];
        await page.locator('#number').fill(number === '10' ? '11' : '10');
        await clerk.press('number_take');
        await clerk.text('refused_unknown_number');
        await page.locator('#number').fill(number);
        await clerk.press('number_take');
        await clerk.verdict('accept');
    });
    await test(`${who}: prints a receipt without a value`, async () => {
        const made = await clerk.asked('/api/challenges', () => clerk.ask('hotel', 'card'));
        await clerk.wedge(
            await guest.card('hotel', { challenge: made.codes[0], reader: party.reader }),
        );
        await clerk.verdict('accept');
        await clerk.press('receipt');
        const sheet = page.getByRole('dialog');
        await sheet.locator('.bars').waitFor();
        await clerk.screen('receipt');
        const text = await sheet.innerText();
        assert.ok(!text.includes(me.number) && !text.includes(me.name));
        await page.emulateMedia({ media: 'print' });
        assert.equal(await page.locator('.page').isVisible(), false);
        assert.equal(await sheet.isVisible(), true);
        await page.emulateMedia({ media: null });
        await page.keyboard.press('Escape');
    });
    await test(`${who}: enters a guest, lists them with their end, lets them leave, removes them`, async () => {
        await page.locator('#room').fill('=1203');
        await clerk.press('guest_enter');
        await clerk.text('guest_entered');
        await clerk.screen('entered');
        await clerk.go('#/guests');
        await page.locator('tbody tr').first().waitFor();
        await page.getByText(me.name).first().waitFor();
        await clerk.screen('guests-listed');
        await clerk.press('guest_left');
        await clerk.screen('guest-left');
        await clerk.press('save', { within: page.getByRole('dialog') });
        await page.locator('dialog').waitFor({ state: 'detached' });
        const rows = await page.locator('tbody tr').count();
        await page
            .getByRole('button', { name: clerk.like('guest_remove_who') })
            .first()
            .click();
        await clerk.screen('guest-remove');
        await clerk.press('guest_remove', { within: page.getByRole('dialog') });
        await page.waitForFunction(
            (before) => document.querySelectorAll('tbody tr').length < before,
            rows,
        );
    });
    await test(`${who}: removes a result at once`, async () => {
        const session = await onLine(clerk, 'hotel');
        await guest.present(session.qr);
        await clerk.verdict('accept');
        await clerk.press('remove_result');
        await clerk.heading('purposes');
        assert.equal((await party.ask('GET', `/api/sessions/${session.id}`)).status, 404);
    });
    await test(`${who}: asks nobody but this machine, says every word, breaks no policy`, () =>
        clerk.wellBehaved());
    await clerk.close();
}

for (const looks of [
    { lang: 'zh-CN', size: 'wide' },
    { lang: 'en', size: 'phone', theme: 'dark' },
])
    await walk(looks);
end();
await browser.close();
town.end();
process.exit();
