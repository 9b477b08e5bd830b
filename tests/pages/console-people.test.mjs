// SPDX-License-Identifier: Apache-2.0
//
// What operators do for people: documents and devices of one who was looked up,
// and files of many, which a second operator agrees to.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { ACCESS, Kiosk } from './enrolling.mjs';
import { openBrowser } from './eyes.mjs';
import { Guest } from './guest.mjs';
import {
    asked,
    confirm,
    enter,
    find,
    giveReason,
    look,
    open,
    openCase,
    readOnce,
    refreshed,
    row,
    says,
    sheet,
} from './operators.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('console: people');

const town = await new Town().open();
const authority = ['-C', town.at('v/authority')];
const holder = town.people[0];

/* Documents of a person in the wallet of the command line. */
town.run([
    'wallet',
    'init',
    '-C',
    town.at('w'),
    '--registrar',
    town.at('v/authority/certificates/reader-root.pem'),
]);
town.run([
    'document',
    'issue',
    ...authority,
    '--wallet',
    town.at('w'),
    '--copies',
    '1',
    '--cards',
    '0',
    '--person',
    holder.number,
]);

const browser = await openBrowser();
const ann = await open(browser, town, 'operator-1', { lang: 'zh-CN', theme: 'light' });
const bob = await open(browser, town, 'operator-2', { lang: 'en', theme: 'dark' });

const TITLES = {
    id: ['居民身份证', 'Resident identity card'],
    licence: ['机动车驾驶证', 'Driving licence'],
};

/* ---- one person ---- */

const press = (eyes, key, title) =>
    eyes.page
        .getByRole('button', { name: `${eyes.say(key)}: ${title}` })
        .first()
        .click();

await test('shows a person with documents, states and the record, by sections', async () => {
    await look(ann, holder);
    await says(ann, TITLES.id[0], 'state_valid');
    await ann.screen('person-documents');
});
await test('shows the portrait when it is asked for', async () => {
    await ann.press('show_portrait');
    await ann.page.locator('.portrait img').waitFor();
});
await test('suspends a document by one, restores it by two', async () => {
    await press(ann, 'suspend', TITLES.licence[0]);
    await ann.screen('suspend');
    await giveReason(ann, 'lost');
    await says(ann, TITLES.licence[0], 'state_suspended');
    await press(ann, 'restore', TITLES.licence[0]);
    await giveReason(ann, 'found');
    await asked(ann);
    await openCase(ann, 'case_act_restore');
    assert.equal(await ann.page.getByRole('button', { name: ann.say('confirm') }).count(), 0);
    await confirm(bob, 'case_act_restore');
    await bob.said('confirmed');
    await look(ann, holder);
    await says(ann, TITLES.licence[0], 'state_valid');
});
await test('revokes one for good', async () => {
    await press(ann, 'revoke', TITLES.licence[0]);
    await ann.screen('revoke');
    await giveReason(ann, 'stolen');
    await says(ann, TITLES.licence[0], 'state_revoked');
});
await test('revokes many when a supervisor agrees', async () => {
    const boxes = ann.page.getByRole('checkbox');
    for (const at of [0, 1]) await boxes.nth(at).check();
    await ann.press('bulk_revoke');
    await giveReason(ann, 'compromised');
    await asked(ann);
    await openCase(bob, 'case_act_bulk_revoke');
    await bob.screen('case-bulk');
    await bob.press('confirm');
    await bob.said('confirmed');
    await look(ann, holder);
    assert.ok((await ann.page.getByText(ann.say('state_revoked'), { exact: true }).count()) >= 3);
});
await test('freezes all for who lost them', async () => {
    await ann.press('freeze');
    await ann.screen('freeze');
    await enter(sheet(ann));
    await ann.said('freeze_done');
    await ann.page.getByText(ann.say('state_suspended'), { exact: true }).first().waitFor();
});
await test('holds by law when a supervisor agrees, and shows it with the person', async () => {
    await ann.press('hold');
    await ann.page.selectOption('[name=reason]', 'court_order');
    await ann.page.fill('[name=basis]', 'SPECIMEN');
    await ann.page.fill(
        '[name=until]',
        new Date(Date.now() + 40 * 86400000).toISOString().slice(0, 10),
    );
    await ann.screen('hold');
    await enter(sheet(ann));
    await asked(ann);
    await confirm(bob, 'case_act_hold');
    await bob.text('done_receipt');
    await readOnce(bob);
    await look(ann, holder);
    await ann.page.getByRole('cell', { name: 'SPECIMEN' }).waitFor();
    await ann.screen('person-held');
});
await test('asks for an erasure, which the asker takes back', async () => {
    await look(ann, town.people[4]);
    await ann.press('erase');
    await ann.screen('erase');
    await giveReason(ann, 'request');
    await asked(ann);
    await openCase(ann, 'case_act_erase');
    await ann.press('take_back');
    await ann.said('refused_done');
});

/* ---- who enrolled ---- */

await test('shows the device of who enrolled, and ends it with its documents', async () => {
    await town.fetchTrust();
    const kiosk = await Kiosk.open(town, browser);
    const { offer } = await kiosk.enrol(2, ['resident_id']);
    await kiosk.close();
    const guest = await Guest.open(town, { person: 2 });
    await guest.receive([], { link: offer, copies: 2 });
    await look(ann, town.people[2]);
    await ann.page.getByText(ann.say('device_active'), { exact: true }).waitFor();
    await ann.screen('person-device');
    await ann.press('end_device');
    await ann.screen('end-device');
    await enter(sheet(ann));
    await ann.page.getByText(ann.say('device_ended'), { exact: true }).waitFor();
    await says(ann, TITLES.id[0], 'state_revoked');
});
await test('reads a complaint with the person who made it, and closes it', async () => {
    const login = await town.person('POST', '/person/login', {
        body: { number: town.people[2].number, code: ACCESS },
    });
    const answer = await town.person('POST', '/person/complaint', {
        headers: { Cookie: login.headers['set-cookie'][0].split(';')[0] },
        body: { text: 'SPECIMEN: the counter was closed' },
    });
    assert.equal(answer.status, 201);
    await openCase(bob, 'case_person_complaint', 'complaint');
    await bob.page.getByText('SPECIMEN: the counter was closed').waitFor();
    await bob.screen('case-complaint');
    await bob.press('look_at_person');
    await bob.page.getByRole('heading', { name: town.people[2].name, exact: true }).waitFor();
    await openCase(bob, 'case_person_complaint', 'complaint');
    await bob.press('close_case');
    await sheet(bob).locator('[name=outcome]').selectOption('explained');
    await enter(sheet(bob));
    await bob.said('case_closed');
});
await test('notes a guardian when another operator agrees', async () => {
    await look(ann, town.people[7]);
    await ann.press('guardian');
    await sheet(ann).locator('[name=number]').fill(town.people[0].number);
    await ann.screen('guardian');
    await enter(sheet(ann));
    await asked(ann);
    await confirm(bob, 'case_act_guardian');
    await bob.said('confirmed');
    await look(ann, town.people[7]);
    await ann.page.getByRole('table', { name: ann.say('guardians_of') }).waitFor();
});

/* ---- many ---- */

/* The people of a generated file, without portraits: those are files of their own. */
town.run([
    'person',
    'generate',
    ...authority,
    '--count',
    '30',
    '--seed',
    '11',
    '--out',
    town.at('more.jsonl'),
]);
const lines = readFileSync(town.at('more.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
        const { portrait, ...rest } = JSON.parse(line);
        assert.ok(portrait);
        return JSON.stringify(rest);
    });
const send = async (eyes, name, text, kind) => {
    writeFileSync(town.at(name), text);
    await eyes.go('#/intakes');
    await eyes.heading('place_intakes', 1);
    await eyes.page.selectOption('[name=kind]', kind);
    await eyes.page.setInputFiles('#people-file', town.at(name));
    await enter(eyes.page.locator('main form'));
};

/* The row of the file that was imported; another, of a line too long, ended in the same second. */
const imported = (eyes) =>
    row(eyes, eyes.say('intake_import')).filter({ hasText: eyes.say('intake_state_done') });
const openReport = (eyes) =>
    imported(eyes)
        .getByRole('link', { name: eyes.like('intake_report') })
        .click();

await test('never sends what is no file of people', async () => {
    await send(ann, 'empty.jsonl', '', 'import');
    await ann.text('file_empty');
    await send(ann, 'long.jsonl', 'x'.repeat(300000), 'import');
    await ann.text('file_line');
    await send(ann, 'many.jsonl', '\n'.repeat(20001), 'import');
    await ann.text('file_large');
});
await test('sends a file of people, which waits for a second operator', async () => {
    const text = ['nonsense', ...lines.slice(0, 25), lines[3], '{"number":"1"}'].join('\n');
    await ann.go('#/intakes');
    await ann.heading('place_intakes', 1);
    await ann.screen('intakes-empty');
    await send(ann, 'people.jsonl', text, 'import');
    await asked(ann);
    await ann.text('intake_state_waiting');
    await ann.text('send_one_waiting');
    await ann.screen('intakes-waiting');
});
await test('applies it when the other one agrees, and reports line by line', async () => {
    await openCase(bob, 'case_act_intake');
    await bob.page.getByText('28', { exact: true }).waitFor();
    await bob.screen('case-intake');
    await bob.press('confirm');
    await bob.said('confirmed');
    await ann.go('#/intakes');
    await refreshed(ann, imported(ann));
    await ann.screen('intakes');
    await openReport(ann);
    await ann.heading('intake_state');
    const cells = ann.page.getByRole('row');
    await ann.page.getByRole('cell', { name: '27', exact: true }).waitFor();
    assert.ok((await cells.filter({ hasText: 'EXISTS' }).count()) === 1);
    await ann.screen('intake-report');
    await find(ann, JSON.parse(lines[3]).number);
    await ann.page.getByRole('heading', { name: JSON.parse(lines[3]).name }).waitFor();
});
await test('gives the report as a table', async () => {
    await ann.go('#/intakes');
    await openReport(ann);
    const [download] = await Promise.all([
        ann.page.waitForEvent('download'),
        ann.press('intake_table'),
    ]);
    const table = readFileSync(await download.path(), 'utf8');
    assert.match(table, /^\ufeffline,field,code,reason\r\n1,"",/);
    assert.match(table, /\r\n27,"number","EXISTS",/);
    for (const line of lines.slice(0, 25)) assert.ok(!table.includes(JSON.parse(line).number));
});
await test('follows the bureau, and says what was known before', async () => {
    const change = JSON.stringify({
        op: 'event',
        number: town.people[1].number,
        version: 3,
        event: 'licence_points',
        points: 3,
    });
    await send(bob, 'changes.jsonl', [change, change, '{"op":"drop"}'].join('\n'), 'sync');
    await asked(bob);
    await confirm(ann, 'case_act_intake');
    await bob.go('#/intakes');
    await bob.heading('place_intakes', 1);
    await refreshed(
        bob,
        row(bob, bob.say('intake_sync')).getByText(bob.say('intake_state_done'), { exact: true }),
    );
    await row(bob, bob.say('intake_same', { count: 1 })).waitFor();
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    ann.wellBehaved();
    bob.wellBehaved();
});
end();
await browser.close();
town.end();
