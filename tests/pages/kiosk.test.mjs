// SPDX-License-Identifier: Apache-2.0
//
// The kiosk: two people's walks from the terms to documents on a telephone, and on
// paper by keys alone; what is declined, what is left behind. The camera's walk is
// journey.test.mjs; what goes wrong is kiosk-trouble.test.mjs.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { CODE, Visitor, pairingCode } from './kiosk-walk.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('kiosk');
const town = await new Town().open();
const browser = await openBrowser();
const [one, two] = town.people;
let made = {}; // what the page was given, which must not stay: {offer, access}

/* ---- on a telephone, by touch ---- */

const zh = await Visitor.at(browser, town, { lang: 'zh-CN', size: 'wide' });

await test('pairs by a whole code, once, and forgets it', async () => {
    const code = pairingCode(town);
    await zh.go();
    await zh.heading('pair', 1);
    await zh.screen('pair');
    await zh.page.fill('#pair', code.slice(0, 7));
    await zh.tap('pair_take');
    await zh.text('pair_short');
    await zh.page.fill('#pair', 'AAAA-AAAA-AAAA');
    await zh.tap('pair_take');
    await zh.page.getByText('yaopai kiosk add').first().waitFor();
    await zh.screen('pair-wrong');
    await zh.go(`#pair=${code}`);
    await zh.page.reload();
    await zh.heading('pair', 1);
    await zh.page.waitForURL(({ hash }) => hash === '');
    await zh.tap('pair_take');
    await zh.heading('attract', 1);
    await zh.screen('attract');
});
await test('gives the terms, and nothing to who declines', async () => {
    await zh.begin();
    await zh.screen('terms');
    await zh.tap('terms_decline');
    await zh.heading('end_declined', 1);
    await zh.screen('declined');
    await zh.tap('to_start');
    await zh.heading('attract', 1);
});
await test('calls an attendant from every screen', async () => {
    await zh.tap('call');
    await zh.heading('called');
    await zh.screen('called');
    await zh.tap('called_done');
    await zh.accept();
    await zh.tap('call');
    await zh.tap('called_done');
});
await test('refuses a number that can be none', async () => {
    await zh.screen('number');
    await zh.type('110101199003071234');
    await zh.tap('continue');
    await zh.page.getByRole('alert').waitFor();
    await zh.screen('number-wrong');
    for (let i = 0; i < 18; i++)
        await zh.page.getByRole('button', { name: zh.say('rub_out') }).click();
    await zh.type(one.number);
    await zh.tap('continue');
    await zh.heading('face', 1);
});
await test('goes on when two officers say yes', async () => {
    await zh.screen('face-officer');
    await zh.askOfficers();
});
await test('shows what stands in a document before it is chosen', async () => {
    await zh.page.locator('.choice').first().waitFor();
    await zh.screen('choose');
    await zh.page
        .getByRole('button', { name: zh.say('preview_of', { title: '居民身份证' }), exact: true })
        .click();
    await zh.page.getByRole('dialog').getByText('公民身份号码').first().waitFor();
    await zh.screen('preview');
    await zh.tap('close');
    await zh.tap('continue');
    await zh.text('choose_none');
    await zh.choose('居民身份证', '机动车驾驶证');
});
await test('refuses a code that others would guess, and takes another', async () => {
    await zh.screen('code');
    await zh.type('123456');
    await zh.tap('continue');
    await zh.heading('access', 1);
    await zh.tap('access_kept');
    await zh.heading('code', 1);
    await zh.page.getByRole('alert').waitFor();
    await zh.screen('code-weak');
    await zh.type(CODE);
    assert.equal(await zh.page.locator('.pad input').getAttribute('type'), 'password');
    await zh.tap('continue');
    await zh.heading('access', 1);
    await zh.screen('access');
});
await test('gives the offer and, once, an access code', async () => {
    const answer = zh.page.waitForResponse(/session\/offer$/);
    await zh.tap('access_given');
    const { offer, access_code: access } = await (await answer).json();
    made = { offer, access };
    await zh.heading('offer_title', 1);
    assert.equal(await zh.copied(), offer);
    await zh.page.getByText(access.match(/.{4}/g).join('-')).first().waitFor();
});
await test('gives the telephone its documents', () => {
    // within two minutes
    writeFileSync(town.at('offer'), `${made.offer}\n`);
    writeFileSync(town.at('tx'), `${CODE}\n`);
    const wallet = (...words) =>
        town.run(['wallet', words[0], '-C', town.at('w'), ...words.slice(1)]);
    wallet('init', '--local', '--provider', town.urls.wallet);
    const said = wallet(
        'receive',
        '--local',
        '--yes',
        '--copies',
        '2',
        '--trust',
        town.at('v/authority/certificates/population-root.pem'),
        '--trust',
        town.at('v/authority/certificates/traffic-root.pem'),
        '--tx-code-file',
        town.at('tx'),
        town.at('offer'),
    );
    assert.match(said, /2/);
});
await test('prints a card with the code, and a receipt that says nothing of the person', async () => {
    await zh.screen('offer');
    await zh.tap('given_print');
    await zh.screen('paper-asked');
    await zh.tap('paper_yes');
    await zh.tap('receipt_print');
    await zh.tap('paper_yes');
    const [card, receipt] = await zh.papers();
    assert.equal(card.kind, 'purse');
    assert.ok(card.text.includes(made.access.match(/.{4}/g).join('-')));
    assert.equal(receipt.kind, 'receipt');
    assert.ok(receipt.text.includes('居民身份证'));
    assert.ok(receipt.text.includes(zh.say('receipt_complain').slice(0, 4)));
    for (const secret of [one.number, one.name, CODE, made.access, one.address])
        assert.ok(!receipt.text.includes(secret), secret);
});
await test('N331 never keeps anything of a visit, in page, stores or history', async () => {
    await zh.tap('finish');
    await zh.heading('end_done', 1);
    await zh.screen('end');
    const check = async () => {
        const left = await zh.left();
        for (const secret of [one.number, one.name, CODE, made.access, made.offer])
            assert.ok(!`${left.shown} ${left.fields}`.includes(secret), secret);
        assert.deepEqual(
            left.stores.filter((name) => !name.startsWith('yaopai.')),
            [],
        );
        assert.deepEqual(
            left.caches.filter((url) =>
                /kiosk\/|config/.test(new URL(url).pathname.replace('/kiosk.css', '')),
            ),
            [],
        );
        assert.equal(new URL(left.address).hash, '');
        assert.equal(new URL(left.address).pathname, '/');
    };
    await check();
    await zh.tap('to_start');
    await zh.heading('attract', 1);
    await check();
    await zh.page.goBack().catch(() => 'there is nothing to go back to');
    await zh.page.goForward().catch(() => 'nor forth');
    if (zh.page.url().startsWith('http')) await check();
    await zh.go();
});
await test('N331 gives up a visit whose page is left, and shows it to nobody who comes back', async () => {
    await zh.heading('attract', 1);
    await zh.accept();
    await zh.type(one.number);
    await zh.page.goto(`${town.urls.authority}/.well-known/oauth-authorization-server`);
    await zh.page.goBack();
    const { shown, fields } = await zh.left();
    assert.ok(!`${shown} ${fields}`.includes(one.number.slice(0, 6)));
});

/* ---- on paper, by keys alone ---- */

const en = await Visitor.at(browser, town, { lang: 'en', size: 'wide', theme: 'dark' });
let sheet;

await test('by keys: comes to the choice without a touch', async () => {
    await en.pair();
    en.taps = false;
    await en.sayNumber(two.number);
    await en.askOfficers();
    await en.choose('Resident identity card');
});
await test('by keys: gives a sheet for one purpose', async () => {
    await en.tap('by_paper');
    await en.heading('paper', 1);
    await en.page.locator('.sheet-way').first().waitFor();
    await en.screen('paper');
    const answer = en.page.waitForResponse(/session\/paper$/);
    await en.reach(en.page.getByRole('button', { name: 'Print: Hotel check-in', exact: true }));
    await en.page.keyboard.press('Enter');
    ({ sheet } = await (await answer).json());
    await en.heading('paper_ask');
    const [paper] = await en.papers();
    assert.equal(paper.kind, 'document');
    assert.equal(paper.codes, 1);
    assert.ok(paper.pictures[0] > 100);
    for (const said of [
        two.name,
        two.number,
        'SPECIMEN',
        sheet.until,
        'Hotel check-in',
        '旅馆入住',
    ])
        assert.ok(paper.text.includes(said), said);
});
await test('by keys: prints it again where no paper came, and issues nothing twice', async () => {
    await en.tap('paper_no');
    await en.heading('paper_out');
    await en.screen('paper-out');
    await en.tap('paper_again', { within: en.page.getByRole('dialog') });
    await en.tap('paper_yes');
    await en.text('paper_came');
    await en.screen('paper-came');
    assert.equal((await en.papers()).length, 2);
    const issued = town.run([
        'document',
        'list',
        '--json',
        '-C',
        town.at('v/authority'),
        '--person',
        two.number,
    ]);
    const papers = JSON.parse(issued).documents.filter((each) => each.format === 'printed-card');
    assert.deepEqual(
        papers.map(({ profile, state, level }) => [profile, state, level]),
        [['hotel', 'valid', 4]],
    );
});
await test('gives a code that the hotel takes when its clerk has compared the face, and not before', async () => {
    const scan = async (compared) =>
        (await town.desk('POST', '/api/cards', { codes: [sheet.code], profile: 'hotel', compared }))
            .result;
    assert.equal((await scan(false)).verdict, 'indeterminate');
    const taken = await scan(true);
    assert.equal(taken.verdict, 'accept', JSON.stringify(taken));
    assert.ok(JSON.stringify(taken).includes(two.number));
});
await test('by keys: prints a receipt of it, ends, and leaves nothing', async () => {
    await en.tap('receipt_print');
    await en.tap('paper_yes');
    const receipt = (await en.papers()).at(-1);
    assert.equal(receipt.kind, 'receipt');
    assert.ok(receipt.text.includes('Hotel check-in'));
    assert.ok(!receipt.text.includes(two.number) && !receipt.text.includes(two.name));
    await en.tap('finish');
    await en.heading('end_paper', 1);
    await en.screen('end-paper');
    const { shown } = await en.left();
    for (const secret of [two.number, two.name, sheet.code, sheet.portrait])
        assert.ok(!shown.includes(secret));
    await en.tap('to_start');
    // the first language again, for whoever comes next
    await en.page.getByRole('heading', { name: '在这里办理电子证件' }).waitFor();
});

await test('gives its policy with the page', async () => {
    const { headers } = await town.look('kiosk', '/');
    assert.match(
        headers['content-security-policy'] ?? '',
        /default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    zh.wellBehaved();
    en.wellBehaved();
});
end();
await browser.close();
town.end();
process.exit();
