// SPDX-License-Identifier: Apache-2.0
//
// A person's record, seen from the wallet: who looked, with each entry checked in
// the page before a log that lies in every way; devices, grants, requests, and
// documents that a guardian holds for a child.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { ACCESS, Kiosk } from './enrolling.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Liar } from './liar.mjs';
import { TX_CODE, Town } from './town.mjs';

const PIN = '246810';
const OWN = ['resident_id', 'driving_licence'];
const CHILD = 7; // of the demo's people, in the household of 0 and 1
const { test, end } = tap('wallet-record');

const town = await new Town().open();
const browser = await openBrowser();
const kiosk = await Kiosk.open(town, browser);

/* ---- what a person does ---- */

const sheet = (eyes) => eyes.page.getByRole('dialog');

async function begin(eyes) {
    await eyes.go();
    await eyes.heading('welcome');
    await eyes.press('lock_pin');
    await eyes.page.fill('#pin-1', PIN);
    await eyes.page.fill('#pin-2', PIN);
    await eyes.press('pin_take');
    await eyes.heading('my_documents');
}

async function receive(eyes, offer) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    await eyes.go('#/scan');
    await eyes.press('paste');
    await eyes.page.fill('#scan-text', offer);
    await eyes.press('paste_take');
    await eyes.page.locator('#tx').fill(TX_CODE);
    await eyes.press('continue');
    await eyes.heading('offer_title');
    await eyes.press('offer_take');
    await eyes.heading('kept_title');
}

/** Go to PLACE, and wait for its heading KEY and what follows. */
async function place(eyes, name, key) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    await eyes.go(`#/${name}`);
    await eyes.heading(key, 1);
}

async function looked(eyes) {
    await place(eyes, 'looked', 'looked_title');
    await eyes.heading('looked_how');
}

/** All entries as they are drawn: [text]. */
async function entries(eyes) {
    const all = eyes.page.getByRole('checkbox', { name: eyes.say('looked_all') });
    if (!(await all.isChecked())) await all.check();
    return eyes.page.locator('.entries summary').allInnerTexts();
}

const checked = (eyes, list) => list.filter((one) => one.includes(eyes.say('looked_checked')));

async function logIn(eyes, code = ACCESS, within = eyes.page) {
    await within.locator('#own-number').fill(town.people[eyes.person].number);
    await within.locator('#own-code').fill(code);
    await eyes.press('own_login', { within });
}

/** It takes a while until something gets into the log: until HOLDS, or never. */
async function until(holds) {
    for (let tries = 0; tries < 60 && !(await holds()); tries++)
        await new Promise((over) => setTimeout(over, 1000));
}

/** Somebody at the authority looks at PERSON's record. */
const look = (person) =>
    town.run(['person', 'show', '-C', town.at('v/authority'), town.people[person].number]);

/* ---- the walk ---- */

async function walk(looks, person) {
    const eyes = await Eyes.open(browser, { page: 'wallet', url: town.urls.wallet, ...looks });
    const { page } = eyes;
    eyes.person = person;
    const row = (name, body) => test(`${looks.lang}: ${name}`, body);

    await row('asks for number and code where no device is known', async () => {
        await begin(eyes);
        await place(eyes, 'own', 'own_title');
        await eyes.heading('own_login_title');
        await eyes.screen('record-login');
        await eyes.press('own_login');
        await eyes.text('lost_empty');
        await page.fill('#own-number', town.people[person].number);
        await page.keyboard.press('Tab');
        await page.keyboard.type('99999999');
        await page.keyboard.press('Enter');
        await eyes.text('lost_wrong');
    });
    await row('is let in by the key of the device that was enrolled', async () => {
        const { offer } = await kiosk.enrol(person, OWN);
        await receive(eyes, offer);
        await place(eyes, 'settings', 'settings');
        await page.locator('a[href="#/own"]').click();
        await eyes.text('own_by_device');
        await eyes.screen('record');
    });
    await row('sees who looked, each entry checked here', async () => {
        look(person);
        const texts = () => page.locator('.entries summary').allInnerTexts();
        const isThere = (list) => list.some((one) => one.includes(eyes.say('kind_person_show')));
        await until(async () => {
            await looked(eyes);
            await eyes.text('looked_all_checked');
            return isThere(await texts());
        });
        assert.ok(isThere(await texts()));
        await eyes.screen('looked');
        const list = await entries(eyes);
        assert.ok(list.length >= 5, `${list.length}`);
        assert.equal(checked(eyes, list).length, list.length);
        await page.locator('.entries summary').first().focus();
        await page.keyboard.press('Enter');
        await page.locator('.entries details[open] pre').waitFor();
        await eyes.screen('looked-entry');
        await looked(eyes); // the same log has grown
        await eyes.text('looked_all_checked');
    });
    await lies(eyes, row);
    await row('finds this device in the list, and no other is ended by its key alone', async () => {
        await place(eyes, 'devices', 'devices_title');
        await eyes.text('devices_this');
        await eyes.screen('devices');
        await page
            .getByRole('button', { name: eyes.like('devices_end_one') })
            .first()
            .click();
        await eyes.text('devices_end_this');
        await eyes.screen('devices-end');
        await eyes.press('devices_end', { within: sheet(eyes) });
        await eyes.text('own_code_text');
        await eyes.screen('record-code');
        await page.keyboard.press('Escape');
        await eyes.text('devices_this');
    });
    await row('sees grants, and ends one', async () => {
        await place(eyes, 'grants', 'grants_title');
        await eyes.text('grants_none');
        await eyes.screen('grants-none');
        if (!(await grant(person))) return 'no party that may be granted anything';
        await place(eyes, 'grants', 'grants_title');
        await eyes.text('grant_running');
        await eyes.screen('grants');
        await page.getByRole('button', { name: eyes.like('grants_end_one') }).click();
        await eyes.press('grants_end', { within: sheet(eyes) });
        await eyes.text('grant_withdrawn');
    });
    await row('complains, and reads what became of it', async () => {
        await place(eyes, 'requests', 'requests_title');
        await page.locator('summary', { hasText: eyes.say('ask_complaint') }).click();
        await eyes.press('ask_complaint_send');
        await eyes.text('ask_empty');
        await page.fill('#ask-complaint', 'SPECIMEN');
        await eyes.screen('complain');
        await eyes.press('ask_complaint_send');
        await eyes.heading('cases_title');
        await eyes.text('case_is_open');
        await eyes.screen('requests');
    });
    await row('gets all that is held only with the code', async () => {
        await place(eyes, 'requests', 'requests_title');
        await eyes.press('ask_export_send');
        await eyes.text('own_code_text');
        const [file] = await Promise.all([
            page.waitForEvent('download'),
            logIn(eyes, ACCESS, sheet(eyes)),
        ]);
        assert.equal(file.suggestedFilename(), 'yaopai-record.json');
    });
    await row('asks for a correction', async () => {
        await place(eyes, 'requests', 'requests_title');
        await page.locator('summary', { hasText: eyes.say('ask_correction') }).click();
        await page.fill('#ask-correction', 'SPECIMEN');
        await eyes.press('ask_correction_send');
        await page.getByText(eyes.say('case_person_correction')).first().waitFor();
    });
    await guards(eyes, row);
    await row('logs out, and ends this device by number and code', async () => {
        await place(eyes, 'own', 'own_title');
        await eyes.press('own_logout');
        await eyes.heading('settings', 1);
        await place(eyes, 'devices', 'devices_title');
        await page
            .getByRole('button', { name: eyes.like('devices_end_one') })
            .first()
            .click();
        await eyes.press('devices_end', { within: sheet(eyes) });
        await logIn(eyes, ACCESS, sheet(eyes));
        await eyes.text('devices_over');
        await page.getByText(eyes.say('devices_this')).first().waitFor({ state: 'hidden' });
    });
    return eyes;
}

/** Whether the person granted something to the hotel, by the authority's own page. */
async function grant(person) {
    const { status, headers } = await town.person('POST', '/person/login', {
        body: { number: town.people[person].number, code: ACCESS },
    });
    assert.equal(status, 200);
    const [party] = town.parties();
    const answer = await town.person('POST', '/person/grants', {
        headers: { Cookie: headers['set-cookie'][0].split(';')[0] },
        body: { party, item: 'resident_id.full_name', ends: Math.floor(Date.now() / 1000) + 86400 },
    });
    if (answer.status !== 201) console.log(`# ${answer.status} ${answer.body}`);
    return answer.status === 201;
}

/* ---- a log that lies ---- */

async function lies(eyes, row) {
    const { page } = eyes;
    const liar = await Liar.stand(eyes, town);
    const alarm = async (kind) => {
        await looked(eyes);
        await eyes.text(`alarm_${kind}`);
        await eyes.screen(`alarm-${kind}`);
        assert.equal(checked(eyes, await entries(eyes)).length, 0);
        liar.tell(undefined);
        await eyes.press('alarm_done');
        await eyes.text('looked_all_checked');
        assert.equal(await page.getByText(eyes.say(`alarm_${kind}`)).count(), 0);
    };
    await row('never says "checked" of an entry without a proof', async () => {
        liar.tell('no_proof');
        await looked(eyes);
        const list = await entries(eyes);
        assert.equal(checked(eyes, list).length, list.length - 1);
        assert.ok(list.some((one) => one.includes(eyes.say('why_no_proof'))));
        await eyes.screen('looked-unproven');
    });
    await row('never says "checked" of an entry with a wrong proof', async () => {
        liar.tell('wrong_proof');
        await looked(eyes);
        const list = await entries(eyes);
        assert.equal(checked(eyes, list).length, list.length - 1);
        assert.ok(list.some((one) => one.includes(eyes.say('why_wrong'))));
    });
    await row('never says "checked" of a text that was changed', async () => {
        liar.tell('other_text');
        await looked(eyes);
        const list = await entries(eyes);
        assert.equal(checked(eyes, list).length, list.length - 1);
        assert.ok(list.some((one) => one.includes(eyes.say('why_wrong'))));
    });
    await row(
        'says so where it is not shown that the log is the same, also of no entry at all',
        async () => {
            liar.tell('silence');
            look(eyes.person); // the log grows
            await page.waitForTimeout(2500);
            await looked(eyes);
            await page.locator('.notice.warn', { hasText: eyes.say('why_unproven') }).waitFor();
            liar.tell(undefined);
            await looked(eyes);
        },
    );
    await row('checks nothing where it is not shown that the log is the same', async () => {
        liar.tell('no_consistency');
        look(eyes.person); // the log grows
        let list;
        await until(async () => {
            await looked(eyes);
            list = await entries(eyes);
            return checked(eyes, list).length < list.length;
        });
        assert.equal(checked(eyes, list).length, 0);
        assert.ok(list.every((one) => one.includes(eyes.say('why_unproven'))));
    });
    await row('tells of a log that is shorter than before', async () => {
        liar.tell('shorter');
        await alarm('shorter');
    });
    await row('tells of another log with a good signature', async () => {
        liar.tell('fork');
        await alarm('forked');
    });
    await row('tells of a checkpoint that is not signed by the log', async () => {
        liar.tell('other_key');
        await alarm('signature');
        liar.tell('no_signature');
        await alarm('signature');
    });
    await row('keeps an alarm until the person has dealt with it, and reports it', async () => {
        liar.tell('shorter');
        await looked(eyes);
        await eyes.text('alarm_shorter');
        liar.tell(undefined);
        await looked(eyes);
        await eyes.text('alarm_shorter');
        await eyes.press('alarm_copy');
        await eyes.said('copied');
        assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\n— \S+ /);
        await eyes.press('alarm_done');
        await eyes.text('looked_all_checked');
    });
    await liar.leave();
}

/* ---- a child ---- */

async function guards(eyes, row) {
    const { page } = eyes;
    const { number, name } = town.people[CHILD];
    await row('holds a child’s documents apart from the own ones', async () => {
        const { offer } = await kiosk.enrol(eyes.person, ['resident_id'], {
            child: number,
            code: null,
        });
        await receive(eyes, offer);
        await eyes.go('#/');
        await eyes.heading('my_documents');
        assert.equal(await page.locator('a[href^="#/show/"]').count(), 2);
        await eyes.screen('home-guardian');
        await page.getByRole('button', { name, exact: true }).click();
        await eyes.text('children_held');
        assert.equal(await page.locator('a[href^="#/show/"]').count(), 1);
        await eyes.screen('home-child');
    });
    await row('shows a child’s document only when the child is chosen, and says so', async () => {
        const session = await town.desk('POST', '/api/sessions', { profile: 'hotel' });
        await page.getByRole('button', { name, exact: true }).waitFor();
        await page.evaluate(() => (location.hash = '#/scan'));
        await eyes.heading('scan_title', 1);
        await eyes.press('paste');
        await page.fill('#scan-text', session.qr);
        await eyes.press('paste_take');
        await sheet(eyes).getByText(eyes.say('children_showing', { name })).waitFor();
        await eyes.screen('request-child');
        await eyes.press('say_no', { within: sheet(eyes) });
        await eyes.text('said_no');
    });
    await row('reads the child’s record as its guardian', async () => {
        await place(eyes, 'own', 'own_title');
        await page
            .getByLabel(eyes.say('own_whose'))
            .selectOption({ label: eyes.say('own_child', { name }) });
        await eyes.text('own_until');
        await eyes.screen('record-child');
        await page.evaluate(() => (location.hash = '#/looked'));
        await eyes.heading('looked_how');
        await eyes.text('looked_all_checked');
    });
}

await walk({ lang: 'zh-CN', theme: 'light', size: 'phone' }, 0).then((eyes) =>
    test('zh-CN: asks nobody but this machine, says every word, breaks no policy', () =>
        eyes.wellBehaved()),
);
await walk({ lang: 'en', theme: 'dark', size: 'wide' }, 1).then((eyes) =>
    test('en: asks nobody but this machine, says every word, breaks no policy', () =>
        eyes.wellBehaved()),
);
end();
await browser.close();
town.end();
process.exit();
