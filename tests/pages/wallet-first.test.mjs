// SPDX-License-Identifier: Apache-2.0
//
// The first hour: somebody who never saw this starts the demo and does what its
// words say, by the buttons that they name, in each language.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { Town } from './town.mjs';

const PIN = '246810';
const DIGITS = '493536'; // that nobody would guess
const ROOT = join(import.meta.dirname, '../..');
const SPEAKS = {
    en: { locale: 'en', catalogue: 'en', quoted: /“([^”]+)”/g },
    zh: { locale: 'zh-CN', catalogue: 'zh-CN', quoted: /“([^”]+)”/g },
};
const { test, end } = tap('first');
const browser = await openBrowser();

/** Every word that a page has. */
function wordsOf(lang) {
    const words = new Set();
    for (const place of ['wallet', 'kiosk', 'desk', 'console', 'shared'])
        Object.values(
            JSON.parse(
                readFileSync(
                    join(ROOT, 'web', place, 'words', `${SPEAKS[lang].catalogue}.json`),
                    'utf8',
                ),
            ),
        ).forEach((text) => words.add(text));
    for (const profile of ['hotel', 'age'])
        words.add(
            JSON.parse(readFileSync(join(ROOT, 'profiles', `${profile}.json`), 'utf8')).title[lang],
        );
    return words;
}

/** The lines of step NUMBER: their addresses, and the buttons that they name. */
function stepOf(said, number) {
    const from = said.search(new RegExp(`^  ${number}\\. `, 'm'));
    const rest = said.slice(from + 1);
    const text = rest.slice(0, rest.search(/^(?: {2}\d\. |$)/m));
    return {
        address: /http:\/\/\S+/.exec(text)?.[0],
        names: [...text.matchAll(/“([^”]+)”/g)].map((found) => found[1]),
    };
}

async function walk(lang) {
    const town = await new Town({ lang }).open();
    const context = await browser.newContext({
        locale: SPEAKS[lang].locale,
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
        reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(Number(process.env.YAOPAI_PATIENCE ?? 60) * 1000);
    const steps = [1, 2, 3, 4, 5, 6].map((number) => stepOf(town.said, number));
    const [toWallet, toKiosk, toKeep, toDesk, toShow, toCheck] = steps;
    const tab = async (address) => {
        const page = await context.newPage();
        await page.goto(address);
        return page;
    };
    /* a button or a link whose words begin so: some have a second line */
    const press = (page, name) =>
        page
            .getByRole('button', { name })
            .or(page.getByRole('link', { name }))
            .filter({ visible: true })
            .first()
            .click();
    /* what the button NAME copies */
    const copy = async (page, name) => {
        await page.evaluate(() => navigator.clipboard.writeText(''));
        await press(page, name);
        const text = await page.waitForFunction(() => navigator.clipboard.readText());
        return text.jsonValue();
    };
    let wallet;
    let desk;
    let copied;

    await test(`${lang}: names buttons that there are`, () => {
        const words = wordsOf(lang);
        const strange = [...town.said.matchAll(SPEAKS[lang].quoted)]
            .map((found) => found[1])
            .filter((name) => !words.has(name));
        assert.deepEqual(strange, []);
        assert.equal(steps.flatMap((step) => step.names).length, 30);
    });
    await test(`${lang}: tells of ten people`, () => {
        for (const { number, name } of town.people)
            assert.ok(town.said.includes(number) && town.said.includes(name));
    });
    await test(`${lang}: begins a wallet`, async () => {
        wallet = await tab(toWallet.address);
        const [pin, use] = toWallet.names;
        await press(wallet, pin);
        await wallet.fill('#pin-1', PIN);
        await wallet.fill('#pin-2', PIN);
        // who types goes on by Enter, and it is the same
        if (lang === 'zh') await press(wallet, use);
        else await wallet.keyboard.press('Enter');
        await wallet.locator('nav').waitFor();
    });
    await test(`${lang}: gets documents from a kiosk`, async () => {
        const kiosk = await tab(toKiosk.address);
        const [pair, begin, accept, on, officer, all, , , given, take] = toKiosk.names;
        await press(kiosk, pair);
        await press(kiosk, begin);
        await press(kiosk, accept);
        await press(kiosk, town.people[0].name);
        await press(kiosk, on);
        await press(kiosk, officer);
        await press(kiosk, all);
        await press(kiosk, on);
        await kiosk.locator('.keys').waitFor();
        await kiosk.keyboard.type(DIGITS);
        await press(kiosk, on);
        await press(kiosk, given);
        copied = await copy(kiosk, take);
        assert.match(copied, /^openid-credential-offer:/);
    });
    const paste = async (page, text, [open, put]) => {
        await press(page, open);
        await page.fill('#scan-text', text);
        await press(page, put);
    };
    await test(`${lang}: puts them into the wallet`, async () => {
        const [scan, open, put, on, keep] = toKeep.names;
        await press(wallet, scan);
        await paste(wallet, copied, [open, put]);
        await wallet.locator('dialog input').first().fill(DIGITS);
        await press(wallet, on);
        await press(wallet, keep);
        await wallet.locator('.ending.ok').waitFor(); // they are kept
    });
    /* A card for the hotel's desk, whose challenge is good for a minute. */
    const card = async () => {
        await desk?.close();
        desk = await tab(toDesk.address);
        const [hotel, way, take] = toDesk.names;
        await press(desk, hotel);
        await press(desk, way);
        const challenge = await copy(desk, take);
        const [scan, open, put, agree, takeCard] = toShow.names;
        await press(wallet, scan);
        await paste(wallet, challenge, [open, put]);
        await press(wallet, agree);
        copied = await copy(wallet, takeCard);
    };
    await test(`${lang}: shows a sealed card to the hotel's desk`, async () => {
        await card();
        assert.match(copied, /^YP1:/);
    });
    await test(`${lang}: is verified, and entered into the register`, async () => {
        const [open, put, verified, enter] = toCheck.names;
        const says = () => desk.getByText(verified, { exact: true }).first();
        for (let tries = 0; tries < 3; tries++) {
            if (tries > 0) await card(); // it took more than the minute
            await paste(desk, copied, [open, put]).catch(() => {});
            await says().or(desk.locator('.notice.bad')).first().waitFor();
            if (await says().isVisible()) break;
        }
        await says().waitFor();
        await desk.getByText(town.people[0].number).first().waitFor();
        await desk.locator('form input').first().fill('8088');
        await press(desk, enter);
        await desk.getByText('8088').first().waitFor();
    });
    await context.close();
    await town.close();
    town.end();
}

await walk('en');
await walk('zh');
end();
await browser.close();
process.exit();
