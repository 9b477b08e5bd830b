// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page when things are not as they should be: copies run out,
// documents end, the clock is wrong, the network gone, a challenge moves.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { ask } from './asker.mjs';
import { openBrowser } from './eyes.mjs';
import { cameraOf, film, parts } from './film.mjs';
import { bring, later, open, openDocument, receive, reopen, sheet, visit } from './holder.mjs';
import { Town } from './town.mjs';

const DAY = 86400;
const COPIES = 4;
const DOCUMENTS = [
    'resident_id_mdoc',
    'resident_id_sdjwt',
    'driving_licence_mdoc',
    'vehicle_registration_mdoc',
    'household_booklet_mdoc',
    'health_card_mdoc',
    'pass_mdoc',
    'resident_id_card.age.age_over_18',
    'resident_id_card.hotel',
];
const { test, end } = tap('wallet states');

/* ---- what the authority does --------------------------------------------- */

const town = await new Town().open();
const authority = (...words) => town.run([...words, '-C', town.at('v/authority')]);

/* few copies, so that they run out within a test */
async function withFewCopies() {
    await town.close();
    const ini = town.at('v/authority/authority.ini');
    writeFileSync(ini, readFileSync(ini, 'utf8').replace(/^batch = .*$/m, `batch = ${COPIES}`));
    await town.open();
}

/* The serving authority signs lists as well: what it signed this very second is early for others. */
async function publish(most = 5) {
    try {
        authority('statuslist', 'publish', '--output', town.at('v/lists'));
        authority('trust', 'publish', '--output', town.at('v/trust'));
    } catch (error) {
        if (most === 0) throw error;
        await new Promise((come) => setTimeout(come, 1500));
        await publish(most - 1);
    }
}

const { number } = town.people[0];
const change = (verb, document, ...more) =>
    authority('document', verb, '--person', number, '--document', document, ...more);

/* ---- what the person does ------------------------------------------------ */

async function showOnce(eyes, way = 'way_open_text', note = 'open_note') {
    await openDocument(eyes, 'show', 'resident_id');
    await eyes.page
        .getByRole('button', { name: eyes.say(way) })
        .first()
        .click();
    await eyes.text(note);
}

/** What GATE says of all parts that the page shows in turn. */
async function judged(eyes, gate) {
    let said;
    for (const part of (await eyes.copied()).split('\n')) said = JSON.parse(await gate.say(part));
    return said.verdict;
}

async function refreshTrust(eyes) {
    await visit(eyes, 'settings', 'settings');
    await eyes.press('trust_refresh');
    await eyes.said('trust_refreshed');
    await eyes.page.locator('.toast').first().waitFor({ state: 'detached' });
}

/** NAME stands as KEY says, on its face too where it is not good. */
async function stands(eyes, name, key, { stamped = true } = {}) {
    await openDocument(eyes, 'document', name);
    await eyes.page.getByText(eyes.like(`${key}_next`)).waitFor();
    assert.equal(
        await eyes.page.locator('.face .stamp').count(),
        stamped ? 1 : 0,
        `${name} ${key}`,
    );
}

/* ---- the walk ------------------------------------------------------------ */

async function copiesRunOut(eyes) {
    const { page, lang } = eyes;
    await test(`${lang}: warns when few copies are left, and when there are none`, async () => {
        for (let i = 0; i < COPIES; i++) await showOnce(eyes);
        await openDocument(eyes, 'document', 'resident_id');
        await page.getByText(eyes.say('copies_none')).first().waitFor(); // of the card
        await eyes.screen('copies-over');
    });
    await test(`${lang}: shows the document by codes that move when the cards have run out`, async () => {
        await openDocument(eyes, 'show', 'resident_id');
        assert.equal(
            await page.getByRole('button', { name: eyes.say('way_open_text') }).count(),
            0,
        );
        await eyes.screen('ways-moving');
        await showOnce(eyes, 'way_moves_text', 'moves_note');
        await eyes.screen('moving');
        assert.equal(await judged(eyes, town.gate('age', { choice: 'age_over_18' })), 'accept');
        await showOnce(eyes, 'way_moves_text', 'moves_note');
        await visit(eyes, '');
        await page.getByText(eyes.say('state_few_copies', { count: COPIES - 2 })).waitFor();
        await eyes.screen('few-copies');
    });
    await test(`${lang}: gets new copies without the person`, async () => {
        await openDocument(eyes, 'document', 'resident_id');
        await eyes.press('renew');
        await eyes.said('renewed');
        await eyes.page
            .getByText(eyes.say('state_ready', { count: COPIES }))
            .first()
            .waitFor();
    });
}

async function challengeMoves(eyes) {
    await test(`${eyes.lang}: answers a challenge that moves before the camera`, async () => {
        town.run([
            'gate',
            'challenge',
            '--profile',
            'hotel',
            '--place',
            '示例'.repeat(32), // so that it is too long for one code
            '--reader-key',
            town.at('v/hotel/reader-key.pem'),
            '--reader-certificate',
            town.at('v/hotel/reader.pem'),
            '--with-certificate',
            '--out',
            town.at('v/hotel'),
        ]);
        const text = readFileSync(town.at('v/hotel/challenge.txt'), 'utf8').replace(/\n$/, '');
        await film(parts(text), town.at('camera.y4m'));
        await visit(eyes, 'scan');
        await eyes.press('agree', { within: sheet(eyes) });
        await eyes.text('sealed_note');
        writeFileSync(town.at('answer.txt'), await eyes.copied());
        const said = town.run([
            'verify',
            town.at('answer.txt'),
            '--trust',
            town.at('bundle.cose'),
            '--trust-anchor',
            town.at('trust-root.pem'),
            '--challenge',
            town.at('v/hotel/challenge.txt'),
            '--challenge-key',
            town.at('v/hotel/challenge.key'),
            '--profile',
            'hotel',
            '--json',
        ]);
        assert.equal(JSON.parse(said).verdict, 'accept');
    });
}

async function overAsked(eyes) {
    await test(`${eyes.lang}: says who asks for too much, and reports it`, async () => {
        const asked = await ask(town.at('v/hotel'), {
            query: {
                credentials: [
                    {
                        id: 'a',
                        format: 'dc+sd-jwt',
                        meta: { vct_values: ['urn:yaopai:resident_id:1'] },
                        claims: [{ path: ['name'] }, { path: ['ethnicity'] }],
                    },
                ],
            },
        });
        await bring(eyes, asked.link);
        await eyes.text('over_asking');
        await eyes.text('registered_for');
        await eyes.screen('over-asked');
        await eyes.press('report');
        await eyes.page.getByLabel(eyes.say('report_why')).selectOption('pressure');
        await eyes.screen('report');
        await eyes.press('report_send');
        await eyes.said('report_sent');
        assert.ok(!asked.answered(), String(asked.server.told));
        asked.server.close();
        await eyes.page.keyboard.press('Escape');
    });
}

async function clockAndNetwork(eyes) {
    const { page, lang } = eyes;
    await test(`${lang}: says when this device's clock is wrong`, async () => {
        await later(eyes, -3 * DAY);
        await eyes.text('clock_wrong');
        await eyes.screen('clock-wrong');
        await later(eyes, 0);
    });
    await test(`${lang}: tells how old it is what it knows, without a network`, async () => {
        await eyes.context.setOffline(true);
        await page.evaluate(() => dispatchEvent(new Event('yaopai:draw')));
        await eyes.text('offline_now');
        await eyes.screen('no-network');
        await eyes.context.setOffline(false);
    });
    await test(`${lang}: tells which copies are over, and which documents have expired`, async () => {
        await later(eyes, 10 * DAY);
        await stands(eyes, 'resident_id', 'state_unknown', { stamped: false });
        await visit(eyes, '');
        await eyes.screen('trust-over');
        await later(eyes, 120 * DAY);
        await stands(eyes, 'resident_id', 'state_copies_over', { stamped: false });
        await eyes.screen('over');
        await later(eyes, 40 * 365 * DAY);
        await stands(eyes, 'resident_id', 'state_expired');
        await visit(eyes, '');
        await eyes.screen('expired');
        await later(eyes, 0);
    });
}

async function ended(eyes) {
    await test(`${eyes.lang}: shows what was suspended, held and revoked as that`, async () => {
        change('suspend', 'vehicle_registration', '--reason', 'investigation');
        change('revoke', 'driving_licence', '--reason', 'lost');
        change('revoke', 'health_card', '--reason', 'replaced');
        change(
            'hold',
            'household_booklet',
            '--reason',
            'investigation',
            '--basis',
            'SPECIMEN',
            '--until',
            new Date(Date.now() + 30 * DAY * 1000).toISOString().slice(0, 10),
            '--operator',
            'SPECIMEN',
        );
        await publish();
        await refreshTrust(eyes);
        await stands(eyes, 'vehicle_registration', 'state_suspended');
        await stands(eyes, 'driving_licence', 'state_revoked');
        await eyes.screen('revoked');
        await stands(eyes, 'household_booklet', 'state_suspended');
        await visit(eyes, '');
        await eyes.screen('ended');
        await openDocument(eyes, 'show', 'driving_licence');
        await eyes.screen('ways-revoked');
    });
    change('restore', 'vehicle_registration', '--reason', 'found');
    await test(`${eyes.lang}: takes a document as good again when it was restored`, async () => {
        await publish();
        await refreshTrust(eyes);
        await openDocument(eyes, 'document', 'vehicle_registration');
        await eyes.page.getByText(eyes.like('state_ready')).first().waitFor();
        assert.equal(await eyes.page.locator('.face .stamp').count(), 0);
    });
}

await withFewCopies();
await town.fetchTrust();
const browser = await openBrowser(cameraOf(town.at('camera.y4m')));
const eyes = await open(browser, town, {
    lang: process.env.YAOPAI_LANG ?? 'zh-CN',
    permissions: ['clipboard-read', 'clipboard-write', 'camera'],
});
await receive(eyes, town.offer(DOCUMENTS));
await visit(eyes, '');
await eyes.screen('all-documents');
await openDocument(eyes, 'document', 'household_booklet');
await eyes.page.getByRole('tab').nth(1).click();
await eyes.screen('booklet');
await copiesRunOut(eyes);
await overAsked(eyes);
await clockAndNetwork(eyes);
await ended(eyes);
await test('lets go of the camera when the scanner is drawn anew', async () => {
    const { page } = eyes;
    await visit(eyes, '');
    await page.evaluate(() => {
        globalThis.tracks = [];
        navigator.mediaDevices.getUserMedia = async () => {
            const canvas = document.createElement('canvas');
            canvas.getContext('2d').fillRect(0, 0, 9, 9);
            const stream = canvas.captureStream(5);
            globalThis.tracks.push(...stream.getTracks());
            return stream;
        };
    });
    const live = (count) =>
        page.waitForFunction(
            ([made, left]) =>
                globalThis.tracks.length === made &&
                globalThis.tracks.filter((each) => each.readyState === 'live').length === left,
            count,
        );
    await eyes.go('#/scan');
    await live([1, 1]);
    for (const made of [2, 3]) {
        await page.locator('header button').click(); // another language
        await live([made, 1]);
    }
    await eyes.go('#/');
    await live([3, 0]);
    await reopen(eyes); // with the camera that there is
});
await test('moves nothing from under a finger when there is no camera, and says why', async () => {
    const { page } = eyes;
    for (const [name, key] of [
        ['NotFoundError', 'camera_none'],
        ['NotAllowedError', 'camera_denied'],
        ['NotReadableError', 'camera_busy'],
    ]) {
        await visit(eyes, '');
        await page.evaluate((said) => {
            navigator.mediaDevices.getUserMedia = () =>
                new Promise((_, failed) => {
                    globalThis.noCamera = () => failed(new DOMException('none', said));
                });
        }, name);
        await eyes.go('#/scan');
        const paste = page.getByRole('button', { name: eyes.say('paste'), exact: true });
        await paste.hover();
        await page.mouse.down();
        const before = await paste.boundingBox();
        await page.evaluate(() => globalThis.noCamera());
        await eyes.text(key);
        assert.deepEqual(await paste.boundingBox(), before);
        await page.mouse.up();
        await page.locator('#scan-text').waitFor();
    }
    await eyes.screen('no-camera');
    await reopen(eyes); // with the camera that there is
});
await challengeMoves(eyes); // last: the camera goes on showing it
await reopen(eyes);
await test('asks nobody but this machine, says every word, breaks no policy', () =>
    eyes.wellBehaved());
end();
await browser.close();
town.end();
process.exit();
