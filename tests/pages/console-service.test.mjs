// SPDX-License-Identifier: Apache-2.0
//
// What operators do for the service: relying parties, kiosks, operators, keys,
// lists, and the cases that come from outside.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { tap } from '../homes/tap.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Guest } from './guest.mjs';
import {
    asked,
    confirm,
    enter,
    look,
    open,
    openCase,
    openConsole,
    readOnce,
    refreshed,
    register,
    row,
    sheet,
} from './operators.mjs';
import { TX_CODE, Town } from './town.mjs';

const CODE = '91330106MAC0000174';
const { test, end } = tap('console: service');

const town = await new Town().open();
const browser = await openBrowser();
const ann = await open(browser, town, 'operator-1', { lang: 'zh-CN', theme: 'light' });
const bob = await open(browser, town, 'operator-2', { lang: 'en', theme: 'dark' });

/* What is shown once in the sheet, under the name KEY. */
const once = (eyes, key) => sheet(eyes).getByLabel(eyes.say(key)).textContent();
const done = (eyes) => eyes.press('done', { within: sheet(eyes) });
const go = async (eyes, place) => {
    await eyes.go(`#/${place}`);
    await eyes.heading(`place_${place}`, 1);
    await eyes.redrawn(() =>
        eyes.page.getByRole('link', { name: eyes.say(`place_${place}`) }).click(),
    );
};

/* ---- the registrar ---- */

await test('registers a relying party by two, and gives its certificate', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await go(ann, 'parties');
    await ann.press('register_party');
    const form = sheet(ann);
    await form.locator('[name=code]').fill(CODE);
    await form.locator('[name=name]').fill('示例诊所 SPECIMEN');
    await form.locator('[value=age]').check();
    await form.locator('[name=key]').fill('no key');
    await ann.screen('register-party');
    await enter(form);
    await ann.text('key_unread');
    await form.locator('[name=key]').fill(JSON.stringify(publicKey.export({ format: 'jwk' })));
    await enter(form);
    await asked(ann);
    await confirm(bob, 'case_act_party');
    assert.match(await once(bob, 'done_name_certificate'), /^-----BEGIN CERTIFICATE-----/);
    await bob.screen('certificate');
    await readOnce(bob);
});
await test('suspends a relying party, and lifts it', async () => {
    await go(ann, 'parties');
    const name = '示例诊所 SPECIMEN';
    await ann.page.getByRole('button', { name: `${ann.say('party_suspend')}: ${name}` }).click();
    await ann.screen('suspend-party');
    await enter(sheet(ann));
    await row(ann, name).getByText(ann.say('party_state_suspended'), { exact: true }).waitFor();
    await ann.page.getByRole('button', { name: `${ann.say('party_lift')}: ${name}` }).click();
    await enter(sheet(ann));
    await row(ann, name).getByText(ann.say('party_state_active'), { exact: true }).waitFor();
});

/* ---- kiosks ---- */

await test('pairs a kiosk with the code, and removes it', async () => {
    await go(ann, 'kiosks');
    await ann.press('kiosk_add');
    await sheet(ann).locator('[name=name]').fill('二号厅 SPECIMEN');
    await enter(sheet(ann));
    const code = await once(ann, 'kiosk_code');
    await ann.screen('kiosk-code');
    await done(ann);
    await row(ann, '二号厅').getByText(ann.say('kiosk_state_waiting'), { exact: true }).waitFor();
    const kiosk = await Eyes.open(browser, { page: 'kiosk', url: town.urls.kiosk, lang: 'en' });
    await kiosk.go(`#pair=${code.trim()}`);
    await kiosk.press('pair_take');
    await kiosk.page
        .getByRole('button', { name: kiosk.say('pair_take') })
        .waitFor({ state: 'detached' });
    await go(ann, 'kiosks');
    await row(ann, '二号厅').getByText(ann.say('kiosk_state_paired'), { exact: true }).waitFor();
    await ann.screen('kiosks-paired');
    await ann.page
        .getByRole('button', { name: `${ann.say('kiosk_remove')}: 二号厅 SPECIMEN` })
        .click();
    await ann.screen('kiosk-remove');
    await enter(sheet(ann));
    await row(ann, '二号厅').getByText(ann.say('kiosk_state_removed'), { exact: true }).waitFor();
    await kiosk.close();
});

/* ---- operators ---- */

const eve = await openConsole(browser, town, { lang: 'en', theme: 'light' });

await test('invites an operator by two halves of a code', async () => {
    await go(ann, 'operators');
    await ann.press('operator_add');
    await sheet(ann).locator('[name=name]').fill('operator-3');
    await ann.screen('operator-add');
    await enter(sheet(ann));
    const first = await once(ann, 'half_first');
    await ann.screen('operator-half');
    await done(ann);
    await asked(ann);
    await confirm(bob, 'case_operator_add');
    const second = await once(bob, 'done_name_code');
    await readOnce(bob);
    await register(eve, 'operator-3', `${first.trim()}.${second.trim()}`);
});
await test('never offers a clerk what only others may', async () => {
    const places = await eve.page.getByRole('navigation').getByRole('link').allTextContents();
    assert.deepEqual(
        places,
        ['find', 'cases', 'me'].map((name) => eve.say(`place_${name}`)),
    );
    await look(eve, town.people[2]);
    assert.equal(await eve.page.getByRole('button', { name: eve.say('erase') }).count(), 0);
    await eve.text('record_for_officers');
    await eve.screen('person-clerk');
    await eve.go('#/operators');
    await eve.heading('place_find', 1);
    assert.equal(
        await eve.page.getByRole('heading', { name: eve.say('place_operators') }).count(),
        0,
    );
});
await test('issues what a clerk offered when one decided and another confirmed', async () => {
    await town.fetchTrust();
    await look(eve, town.people[2]);
    await eve.press('offer');
    await eve.text('offer_which');
    await eve.page.fill('[name=tx_code]', TX_CODE);
    await enter(sheet(eve));
    await eve.text('offer_waits');
    const link = await eve.copied(sheet(eve));
    await done(eve);
    const guest = await Guest.open(town, { person: 2 });
    const received = guest.receive([], { link, copies: 2 });
    received.catch(() => {}); // told below
    // a case for each document: they come one after the other
    let over = false;
    const ends = () => (over = true);
    received.then(ends, ends);
    const waits = row(ann, ann.say('case_state_open')).getByRole('link', {
        name: `${ann.say('open_case')}: ${ann.say('case_credential_issue')}`,
    });
    await go(ann, 'cases');
    let decided = 0;
    while (!over) {
        await ann.redrawn(() => ann.press('refresh'));
        if ((await waits.count()) === 0) {
            await ann.page.waitForTimeout(500);
            continue;
        }
        await openCase(ann, 'case_credential_issue', 'counter', 'case_state_open');
        if (decided === 0) await ann.screen('case-decide');
        await ann.press('accept');
        await ann.said('decide_done');
        await openCase(bob, 'case_credential_issue', 'counter', 'case_state_decided');
        if (decided === 0) await bob.screen('case-confirm');
        await bob.press('accept');
        await bob.said('confirm_done');
        await ann.heading('place_cases', 1);
        decided++;
    }
    assert.ok(decided > 0);
    await received;
    await look(ann, town.people[2]);
    await ann.page.getByText(ann.say('state_valid'), { exact: true }).first().waitFor();
});
await test('gives other roles by two, and ends an operator while the page is open', async () => {
    await go(ann, 'operators');
    await ann.page
        .getByRole('button', { name: `${ann.say('operator_roles')}: operator-3` })
        .click();
    await sheet(ann).locator('[value=officer]').check();
    await enter(sheet(ann));
    await asked(ann);
    await confirm(bob, 'case_operator_roles');
    await bob.said('confirmed');
    await eve.go('#/cases');
    await eve.page.getByRole('button', { name: eve.say('log_in') }).waitFor(); // logs in anew
    await eve.press('log_in');
    await eve.page.getByRole('navigation').waitFor();
    await look(eve, town.people[2]);
    await go(ann, 'operators');
    await ann.page.getByRole('button', { name: `${ann.say('operator_end')}: operator-3` }).click();
    await enter(sheet(ann));
    await asked(ann);
    await confirm(bob, 'case_operator_end');
    await bob.said('confirmed');
    await eve.press('look_again');
    await eve.page.getByRole('button', { name: eve.say('log_in') }).waitFor();
    assert.equal(await eve.page.getByText(town.people[2].name).count(), 0);
});

/* ---- keys, lists ---- */

await test('asks for another key, to which two administrators agree', async () => {
    await go(ann, 'signers');
    await ann.page
        .getByRole('button', { name: ann.like('rotate') })
        .first()
        .click();
    await ann.screen('rotate');
    await enter(sheet(ann));
    await asked(ann);
    await confirm(bob, 'case_act_rotate_signer');
    assert.match(await once(bob, 'done_name_next'), /yaopai signer rotate/);
    await readOnce(bob);
});
await test('signs lists and bundle anew', async () => {
    await go(ann, 'trust');
    await ann.press('publish');
    await ann.said('publish_done');
    await ann.page.getByRole('cell', { name: ann.say('artefact_bundle_cose') }).waitFor();
});

/* ---- what comes from outside ---- */

await test('looks into what a wallet reported, and closes it', async () => {
    const { status } = await town.person('POST', '/reports', {
        body: {
            why: 'too_much',
            party: CODE,
            profile: 'age',
            asked: ['resident_address'],
        },
    });
    assert.ok(status < 300);
    await openCase(ann, 'case_report_request');
    await ann.screen('case-report');
    await ann.press('close_case');
    await sheet(ann).locator('[name=outcome]').selectOption('followed');
    await enter(sheet(ann));
    await ann.said('case_closed');
});
await test('takes a case, so that the other one sees who is at it', async () => {
    await town.person('POST', '/reports', { body: { why: 'pressure', party: CODE } });
    await go(ann, 'cases');
    const take = ann.page.getByRole('button', {
        name: `${ann.say('take')}: ${ann.say('case_report_request')}`,
    });
    await refreshed(ann, take);
    await take.last().click();
    await ann.said('taken');
    await go(bob, 'cases');
    await refreshed(bob, row(bob, bob.say('case_report_request')).getByText('operator-1'));
    await bob.screen('cases-taken');
});
await test('tells somebody else of who looks up too many', async () => {
    const number = town.people[3].number;
    const codes = await ann.page.evaluate(
        async (body) => {
            const all = [];
            for (let i = 0; i < 50; i++)
                all.push(
                    (
                        await fetch('/api/person/find', {
                            method: 'POST',
                            body,
                            headers: { 'Content-Type': 'application/json' },
                        })
                    ).status,
                );
            return all;
        },
        JSON.stringify({ purpose: 'counter', number }),
    );
    assert.ok(codes.every((code) => code === 200));
    await openCase(bob, 'case_console_look_ups');
    await bob.screen('case-alarm');
    await openCase(ann, 'case_console_look_ups');
    await ann.press('close_case');
    await sheet(ann).locator('[name=outcome]').selectOption('seen');
    await enter(sheet(ann));
    await sheet(ann).getByRole('alert').waitFor(); // not about oneself
});

await test('asks nobody but this machine, says every word, breaks no policy', () => {
    for (const eyes of [ann, bob, eve]) eyes.wellBehaved();
});
end();
await browser.close();
town.end();
