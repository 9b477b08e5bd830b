// SPDX-License-Identifier: Apache-2.0
//
// The desk's page when its server, the authority and the network are gone: what it
// goes on judging, what it says it can't, and that it forgets no showing.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { Clerk } from './clerk.mjs';
import { openBrowser } from './eyes.mjs';
import { Guest, Party } from './guest.mjs';
import { Town } from './town.mjs';

const DAY = 86400;
const { test, end } = tap('desk-offline');
const town = await new Town().open();
const party = await Party.open(town, { profiles: ['hotel', 'age', 'train', 'police'] });
await town.fetchTrust();
const guest = await Guest.open(town, {
    configurations: [
        'resident_id_card.age.age_over_18',
        'resident_id_card.age.age_over_60',
        'resident_id_card.hotel',
        'resident_id_paper.hotel',
    ],
    copies: 8,
});
const browser = await openBrowser();
const me = town.people[0];

/* This page's clock is that many seconds ahead of its device's, from the next load on. */
async function ahead(clerk, seconds) {
    await clerk.page.evaluate(
        (value) => localStorage.setItem('test.ahead', String(value)),
        seconds,
    );
    await clerk.page.reload();
    await clerk.page.locator('nav').waitFor();
}

const clerk = await Clerk.begin(browser, { url: party.url, bearer: party.bearer, lang: 'en' });
const { page } = clerk;
await page.addInitScript(() => {
    const now = Date.now;
    const more = Number(localStorage.getItem('test.ahead') ?? 0) * 1000;
    Date.now = () => now() + more;
});

/** Ask for an age by a card of this moment, without the server. */
async function age(code, choice = /18/) {
    await clerk.ask('age', 'card');
    await page.getByRole('button', { name: choice }).click();
    if (code) await clerk.wedge(code);
}

await test('is kept on this device, with whom it may believe', () => clerk.kept());
await party.stop();
await town.close();
await clerk.context.setOffline(true);

let shown;
await test('opens when every server and the network are gone, and says so', async () => {
    await page.reload();
    await page.locator('nav').waitFor();
    await clerk.text('off_title');
    await clerk.go('#//hotel');
    await page.locator('.purposes a[aria-current][href="#//hotel"]').waitFor();
    const ways = page.locator('.ways button');
    assert.deepEqual(await ways.evaluateAll((all) => all.map((one) => one.disabled)), [
        true,
        true,
        false,
    ]);
    await clerk.screen('offline');
    await clerk.go('#//police');
    await page.getByRole('heading', { name: 'Police' }).waitFor();
    assert.equal(await page.locator('.ways button:not([disabled])').count(), 0);
});
await test('accepts a card of this moment', async () => {
    shown = await guest.card('age', { choice: 'age_over_18' });
    await age(shown);
    await clerk.verdict('accept');
    await clerk.text('off_result');
    await page.getByText(clerk.say('kept_nowhere')).waitFor();
    await page.getByText(clerk.like('status_age')).first().waitFor();
    assert.equal(
        await page.getByRole('button', { name: clerk.say('receipt'), exact: true }).count(),
        0,
    );
    await clerk.screen('offline-accept');
});
await test('refuses the same card again', async () => {
    shown = await guest.card('age', { choice: 'age_over_18' }); // it is of this moment
    await age(shown);
    await clerk.verdict('accept');
    await age(shown);
    const { next } = await clerk.verdict('reject');
    assert.equal(next, clerk.say('verdict_replay_next'));
});
await test('refuses it also after the page was loaded anew', async () => {
    await page.reload();
    await page.locator('nav').waitFor();
    await age(shown);
    await clerk.verdict('reject');
    await clerk.screen('offline-replay');
});
await test('refuses an age that is not reached, and a card that was changed', async () => {
    await age(await guest.card('age', { choice: 'age_over_60' }), /60/);
    await clerk.verdict('reject');
    const card = await guest.card('age', { choice: 'age_over_18' });
    const at = card.length - 20;
    await age(card.slice(0, at) + (card[at] === '7' ? '8' : '7') + card.slice(at + 1));
    const seen = await Promise.race([
        clerk.verdict(),
        clerk.text('refused_not_a_document').then(() => ({ word: 'none' })),
    ]);
    assert.ok([clerk.say('verdict_reject'), 'none'].includes(seen.word), seen.word);
});
await test('takes no sealed card for one that answers a challenge', async () => {
    await clerk.ask('hotel', 'card');
    await clerk.text('off_sealed');
    await clerk.screen('offline-sealed');
    await clerk.wedge(await guest.card('age', { choice: 'age_over_18' }));
    const seen = await clerk.verdict('reject');
    assert.ok(seen.why.length > 0);
});
await test('asks the clerk to compare the face of paper, and then accepts it', async () => {
    await clerk.ask('hotel', 'card');
    await clerk.wedge(await guest.paper('hotel'));
    await clerk.verdict('indeterminate');
    await clerk.heading('portrait_title');
    await page.getByText(me.number).waitFor();
    await clerk.screen('offline-paper');
    await clerk.press('portrait_same');
    const seen = await clerk.verdict('accept');
    assert.equal(seen.why, clerk.say('verdict_compared_text'));
});
await test('refuses paper of another purpose, whoever looked', async () => {
    await clerk.ask('train', 'card');
    await clerk.wedge(await guest.paper('hotel'));
    await clerk.verdict('reject');
});
await test('leaves it open when its data are too old, and says what to do', async () => {
    if (!guest.later(2 * DAY)) return 'no compiler here';
    await ahead(clerk, 2 * DAY);
    await age(await guest.card('age', { choice: 'age_over_18' }));
    const { why, next } = await clerk.verdict('indeterminate');
    assert.ok(why.includes(clerk.say('check_status')), why);
    assert.equal(next, clerk.say('verdict_old_next'));
    await clerk.screen('offline-old');
    return undefined;
});
await test('leaves it open when its data are over, or its clock is wrong', async () => {
    for (const seconds of [60 * DAY, -60 * DAY]) {
        await ahead(clerk, seconds);
        await age();
        const { why, next } = await clerk.verdict('indeterminate');
        assert.ok(why.includes(clerk.say('check_bundle')), why);
        assert.equal(next, clerk.say(seconds > 0 ? 'verdict_old_next' : 'verdict_clock_next'));
    }
    await clerk.screen('offline-over');
    await ahead(clerk, 0);
});
await test('goes on with the server when it is there again', async () => {
    await town.open();
    await party.start();
    await clerk.context.setOffline(false);
    await page.reload();
    await page.locator('nav').waitFor();
    await page.waitForFunction(() => document.querySelector('.reach')?.childElementCount === 0);
    await clerk.ask('hotel', 'request');
    await page.locator('.bars').waitFor();
});
await test('asks nobody but this machine, says every word, breaks no policy', () =>
    clerk.wellBehaved());
end();
await browser.close();
town.end();
process.exit();
