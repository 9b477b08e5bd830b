// SPDX-License-Identifier: Apache-2.0
//
// One person's day, before real servers: a kiosk whose camera sees a face that a
// real engine compares, documents in the wallet, a hotel's desk by each of its
// ways, a gate; then every server stops, and the card is still good.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { Somebody, cameraOf, findEngine } from './camera.mjs';
import { Clerk } from './clerk.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import * as hands from './hands.mjs';
import { BUILD, Town } from './town.mjs';

const CODE = '493536';
const PATIENCE_MS = 150000; // for the engine, where others want the machine as well
const ATTEMPTS = 3; // of one visit
const TOO_LATE = ['拍摄超时', 'The camera took too long']; // the authority says
const AGE = { 'zh-CN': '年龄核验', en: 'Age check' };
const { test: row, end, skipAll } = tap('journey');

/* Each step needs the one before. */
let broken = false;
const test = (name, body) =>
    row(name, async () => {
        if (broken) throw new Error('not reached');
        broken = true;
        await body();
        broken = false;
    });

const engine = findEngine(BUILD);
if (!engine.command) skipAll(engine.why);

/* ---- people whose portraits are photographs, and a camera that sees one ---- */

const town = await new Town().open();
await town.close();
const browser = await openBrowser(cameraOf(town.at('camera.y4m')));
const somebody = await Somebody.stand(browser, engine.samples, town.at('camera.y4m'));

/** Made-up people, in the register of this test alone, with PORTRAITS of their own. */
function register(portraits) {
    town.run(['person', 'generate', '--count', '12', '--seed', '4711', '--out', town.at('more')]);
    const people = readFileSync(town.at('more'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter((one) => one.licence)
        .slice(0, portraits.length)
        .map((one, at) => ({ ...one, portrait: `own-${at}.jpg` }));
    portraits.forEach((jpeg, at) => writeFileSync(town.at(`own-${at}.jpg`), jpeg));
    writeFileSync(town.at('own.jsonl'), people.map((one) => `${JSON.stringify(one)}\n`).join(''));
    town.run(['person', 'import', '-C', town.at('v/authority'), town.at('own.jsonl')]);
    return people;
}

const { own, other } = somebody.portraits;
const [guest, stranger, visitor] = register([own, other, own]);
const settings = town.at('v/authority/authority.ini');
writeFileSync(
    settings,
    readFileSync(settings, 'utf8').replace(
        /^provider = officer$/m,
        `provider = human\ncommand = ${engine.command}`,
    ),
);
await town.open();
await town.fetchTrust();

/* ---- at the kiosk ---- */

const heading = (eyes, key) => eyes.page.getByRole('heading', { name: eyes.say(key), exact: true });

/* Look at the camera as the page says; gives what the server found: a match brings the documents. */
async function showOnce(eyes) {
    const words = Object.fromEntries(
        ['left', 'right', 'centre'].map((move) => [move, eyes.say(`move_${move}`)]),
    );
    const following = somebody.follow(eyes.page, words);
    await eyes.press('face_start');
    await heading(eyes, 'choose')
        .or(heading(eyes, 'officer'))
        .or(heading(eyes, 'gone'))
        .or(eyes.page.locator('main .notice.bad'))
        .first()
        .waitFor({ timeout: PATIENCE_MS });
    somebody.following = false;
    await following;
    return (await heading(eyes, 'choose').count())
        ? 'match'
        : eyes.page.locator('main').first().innerText();
}

/** The same, again where it could not be told: on a busy machine a picture may come late. */
async function showFace(eyes) {
    for (let left = ATTEMPTS - 1; ; left--) {
        const found = await showOnce(eyes);
        const late = [eyes.say('face_cannot_tell'), eyes.say('gone'), ...TOO_LATE];
        if (left === 0 || !late.some((words) => found.includes(words))) return found;
        console.log(`# once more: ${found.replaceAll('\n', ' ')}`);
        await eyes.page.waitForTimeout(5500); // the authority's pause after an attempt
        if (await heading(eyes, 'choose').count()) return 'match'; // the answer came after all
    }
}

/** The whole visit of PERSON: gives the link of the code at its end. */
async function visitKiosk(eyes, person) {
    await hands.beginVisit(eyes, person.number);
    assert.equal(await showFace(eyes), 'match');
    await eyes.press('choose_all');
    await eyes.press('continue');
    await eyes.heading('code', 1);
    await hands.type(eyes, CODE);
    await eyes.press('continue');
    await eyes.heading('access', 1);
    await eyes.press('access_given');
    await eyes.heading('offer_title', 1);
    const offer = await eyes.copied();
    await eyes.press('finish');
    await eyes.heading('end_done', 1);
    return offer;
}

/* ---- the day ---- */

/** PERSON's day. STRANGE: who they are not; BYCAMERA: the desk's camera reads the wallet's screen. */
async function day(looks, person, { strange, byCamera } = {}) {
    const { lang } = looks;
    const open = (page, more) =>
        Eyes.open(browser, {
            page,
            url: town.urls[page],
            pictures: false,
            ...looks,
            ...more,
        });
    const kiosk = await open('kiosk', { size: 'wide' });
    const wallet = await open('wallet');
    const desk = await Clerk.begin(browser, {
        ...looks,
        size: 'wide',
        url: town.urls.desk,
        bearer: town.bearer,
        pictures: false,
    });
    let offer;

    await test(`${lang}: a kiosk is paired, and opens for a visit`, async () => {
        const { code } = JSON.parse(
            town.run([
                'kiosk',
                'add',
                '-C',
                town.at('v/authority'),
                '--name',
                `SPECIMEN ${lang}`,
                '--json',
            ]),
        );
        await hands.pairKiosk(kiosk, code);
    });
    if (strange)
        await test(`${lang}: the engine does not take a face for somebody else's`, async () => {
            await hands.beginVisit(kiosk, strange.number);
            const said = await showFace(kiosk);
            assert.ok(said.includes(kiosk.say('face_no_match')), said);
            assert.equal(new Set(somebody.moves).size, 3, `${somebody.moves}`);
            await kiosk.screen('no-match');
            await kiosk.press('leave');
            await kiosk.press('to_start');
            await kiosk.heading('attract', 1);
        });
    await test(`${lang}: the engine knows a face again, and the kiosk gives a code`, async () => {
        offer = await visitKiosk(kiosk, person);
        await somebody.holdUp(browser); // nothing: who comes next is before another camera
        assert.match(offer, /^openid-credential-offer:/);
    });
    await test(`${lang}: the wallet begins with a passkey, and gets the documents`, async () => {
        await hands.beginWallet(wallet);
        await hands.receive(wallet, offer, CODE);
        await wallet.go('#/');
        await wallet.heading('my_documents');
        assert.ok((await wallet.page.locator('a[href^="#/show/"]').count()) >= 2);
        await wallet.screen('home');
    });
    await test(`${lang}: the same code gives nothing to another wallet`, async () => {
        const thief = await open('wallet');
        await hands.beginWallet(thief);
        await hands.bring(thief, offer);
        await hands.sheet(thief).locator('#tx').fill(CODE);
        await thief.press('continue');
        await hands.refused(thief);
        await thief.close();
    });

    /* -- the hotel -- */

    await test(`${lang}: the desk keeps its page and whom to trust for later`, () => desk.kept());
    await test(`${lang}: the desk takes a sealed card, once`, async () => {
        await desk.ask('hotel', 'card');
        await hands.bring(wallet, await desk.copied());
        const asked = await hands.agree(wallet);
        assert.ok(asked.includes('示例酒店'), asked);
        await wallet.text('sealed_note');
        const card = await wallet.copied();
        if (byCamera)
            await somebody.holdUp(browser, await wallet.page.locator('svg.bars').screenshot());
        else await desk.paste(card);
        await hands.accepted(desk, [person.name, person.number]);
        await somebody.holdUp(browser);
        await desk.screen('card');
        await hands.enterGuest(desk, `${lang} 1`);
        await desk.ask('hotel', 'card');
        await desk.copied();
        await desk.paste(card);
        await hands.refused(desk);
    });
    await test(`${lang}: the desk talks with the wallet across the counter, once`, async () => {
        await desk.ask('hotel', 'counter');
        await hands.show(wallet, 'way_counter');
        await wallet.text('counter_note');
        const engagement = await wallet.copied();
        await desk.paste(engagement);
        await hands.agree(wallet);
        await wallet.text('shown_title');
        await hands.accepted(desk, [person.name, person.number]);
        await hands.enterGuest(desk, `${lang} 2`);
        await desk.ask('hotel', 'counter');
        await desk.paste(engagement);
        await hands.refused(desk);
    });
    await test(`${lang}: the paper at the counter gives a number, good for once`, async () => {
        await hands.bring(wallet, paper);
        await wallet.press('standing_here', { within: hands.sheet(wallet) });
        await hands.agree(wallet);
        await wallet.text('shown_title');
        const number = await wallet.page.locator('p.number').innerText();
        await desk.ask('hotel', 'number');
        await desk.page.fill('#number', number);
        await desk.press('number_take');
        await hands.accepted(desk, [person.name, person.number]);
        await hands.enterGuest(desk, `${lang} 3`);
        await desk.ask('hotel', 'number');
        await desk.page.fill('#number', number);
        await desk.press('number_take');
        await hands.refused(desk);
    });
    await test(`${lang}: the desk asks on line, and is answered once`, async () => {
        await desk.ask('hotel', 'request');
        const request = await desk.copied();
        await hands.bring(wallet, request);
        await hands.agree(wallet);
        await wallet.text('shown_title');
        await hands.accepted(desk, [person.name, person.number]);
        await hands.enterGuest(desk, `${lang} 4`);
        await hands.bring(wallet, request);
        await hands.refused(wallet);
    });
    await test(`${lang}: all four are in the register of guests`, async () => {
        await desk.go('#/guests');
        await desk.page.locator('table.table').waitFor();
        const text = await desk.page.locator('table.table').innerText();
        for (const room of [1, 2, 3, 4]) assert.ok(text.includes(`${lang} ${room}`), text);
        assert.ok(text.includes(person.name) && text.includes(person.number), text);
    });

    /* -- a gate -- */

    await test(`${lang}: a gate opens for a sealed card and for an open one, once each`, async () => {
        const sealing = town.gate('hotel', { reader: 'hotel' });
        const { challenge } = JSON.parse(await sealing.line());
        await hands.bring(wallet, challenge);
        await hands.agree(wallet);
        await wallet.text('sealed_note');
        const sealed = await wallet.copied();
        assert.equal(await through(sealing, sealed), 'accept');
        const open_ = town.gate('age', { choice: 'age_over_18' });
        await showAge(wallet, lang);
        const card = await wallet.copied();
        assert.equal(await through(open_, card), 'accept');
        await wallet.page.waitForTimeout(3500); // until then it is the same showing
        assert.equal(await through(sealing, sealed), 'reject');
        assert.equal(await through(open_, card), 'reject');
    });
    return { kiosk, wallet, desk };
}

/** A card that anybody may check, for the age. */
async function showAge(wallet, lang) {
    await hands.show(wallet, 'way_open', { profile: AGE[lang] });
    await wallet.page.locator('figure.code').waitFor();
}

/** The clerk asks for the first of the ages. */
async function askAge(desk) {
    await desk.ask('age', 'card');
    const which = desk.page.getByRole('heading', { name: desk.say('which') });
    await which.locator('..').getByRole('button').first().click();
}

/** What GATE says of a card, whose parts are a line each. */
async function through(gate, card) {
    let said;
    for (const line of card.split('\n')) said = JSON.parse(await gate.say(line));
    return said.verdict;
}

/* ---- every server stops ---- */

async function night({ kiosk, wallet, desk }, { lang }) {
    await test(`${lang}: the wallet opens and shows, the desk checks, with every server stopped`, async () => {
        for (const { page } of [wallet, desk])
            await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
        await town.close();
        for (const { page } of [wallet, desk]) {
            await page.evaluate(() => history.replaceState(null, '', '/'));
            await page.reload();
        }
        await wallet.press('unlock');
        await wallet.heading('my_documents');
        await showAge(wallet, lang);
        await askAge(desk);
        const card = await wallet.copied();
        await desk.paste(card);
        await hands.accepted(desk, []);
        await desk.text('off_result');
        await desk.screen('alone');
        await askAge(desk);
        await desk.paste(card);
        await hands.refused(desk);
    });
    await test(`${lang}: nobody but this machine was asked`, () => {
        for (const eyes of [kiosk, wallet, desk]) eyes.wellBehaved();
    });
    for (const eyes of [kiosk, wallet, desk]) await eyes.close();
}

const paper = readFileSync(town.at('v/hotel/standing.txt'), 'utf8').trim();
for (const [looks, person, more] of [
    [{ lang: 'zh-CN', theme: 'light', size: 'phone' }, guest, { strange: stranger }],
    [{ lang: 'en', theme: 'dark', size: 'wide' }, visitor, { byCamera: true }],
]) {
    if (!town.served) await town.open();
    await night(await day(looks, person, more), looks);
}
end();
somebody.leave();
await browser.close();
town.end();
process.exit();
