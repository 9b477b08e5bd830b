// SPDX-License-Identifier: Apache-2.0
//
// The kiosk when it does not go on: no camera, a face that is not found to be
// theirs, no network, nobody there, a session that is over, a kiosk that was
// removed. Each screen says what happened, why, and what to do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { CODE, Visitor } from './kiosk-walk.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('kiosk-trouble');
const town = await new Town().open();
// as patient as a kiosk is in earnest
const { patience, ...earnest } = JSON.parse(
    readFileSync(town.at('v/authority/kiosk.json'), 'utf8'),
);
assert.ok(patience > 60, 'the demo is not patient');
const [one] = town.people;
const visitors = [];

async function come(browser, looks) {
    const eyes = await Visitor.at(browser, town, { size: 'wide', ...looks });
    visitors.push(eyes);
    return eyes;
}

const json = (route, status, body) =>
    route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });

/** The server says that it has an engine, though here it has none. */
const withEngine = (eyes) =>
    eyes.page.addInitScript(() => {
        const ask = globalThis.fetch;
        globalThis.fetch = async (path, options) => {
            const answer = await ask(path, options);
            if (!String(path).endsWith('/session/number') || !answer.ok) return answer;
            return Response.json({ ...(await answer.json()), camera: true });
        };
    });

/* ---- no camera ---- */

const plain = await openBrowser();
const blind = await come(plain, { lang: 'zh-CN' });

await test('says that there is no camera, and goes on with an officer', async () => {
    await withEngine(blind);
    await blind.pair();
    await blind.sayNumber(one.number);
    await blind.text('camera_none');
    await blind.screen('camera-none');
    await blind.tap('again');
    await blind.text('camera_none');
    await blind.askOfficers('face_officer', () => {});
    await blind.tap('leave');
    await blind.heading('end_left', 1);
    await blind.screen('left');
    await blind.tap('to_start');
});

const seeing = await openBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream=deny',
]);
const denied = await come(seeing, { lang: 'en', theme: 'dark' });

await test('says that the camera was denied, and by whom it is allowed', async () => {
    await withEngine(denied);
    await denied.pair();
    await denied.sayNumber(one.number);
    await denied.text('camera_denied');
    await denied.screen('camera-denied');
    await denied.close();
});

/* ---- a face that is not found to be theirs ---- */

const watching = await openBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
]);
const faced = await come(watching, {
    lang: 'en',
    permissions: ['camera', 'clipboard-read', 'clipboard-write'],
});
const said = [
    { result: 'cannot_tell', reason: 'no_face', attempts_left: 2 },
    { result: 'no_match', reason: 'not_alike', attempts_left: 1 },
];

await test('tells in plain words that a face was not found to be theirs, and how often is left', async () => {
    await withEngine(faced);
    await faced.pair();
    await faced.context.route('**/kiosk/session/challenge', (route) =>
        json(route, 200, {
            nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
            moves: ['left'],
            expires: Math.floor(Date.now() / 1000) + 60,
        }),
    );
    await faced.context.route('**/kiosk/session/face', (route) =>
        json(route, 200, {
            step: 'face',
            camera: true,
            expires: Math.floor(Date.now() / 1000) + 60,
            face: said.shift(),
        }),
    );
    await faced.sayNumber(one.number);
    await faced.page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0);
    await faced.screen('camera');
    const move = faced.text('move_left'); // it stands there for a moment
    await faced.tap('face_start');
    await move;
    await faced.screen('camera-move');
    await faced.text('face_no_face');
    await faced.screen('face-none');
    await faced.tap('face_start');
    await faced.text('face_not_alike');
    await faced.page
        .getByText(faced.say('face_left', { count: 1 }))
        .first()
        .waitFor();
    await faced.screen('face-not-alike');
});
await test('says that it took too long, and begins again', async () => {
    const late = { en: 'The camera took too long. Begin the comparison again.', zh: '' };
    await faced.context.unroute('**/kiosk/session/face');
    await faced.context.route('**/kiosk/session/face', (route) =>
        json(route, 409, { error: 'late', message: late }),
    );
    await faced.tap('face_start');
    await faced.page.getByText(late.en).waitFor();
    await faced.screen('face-late');
    await faced.page.getByRole('button', { name: faced.say('face_start') }).waitFor();
});
await test('goes on with what was found, where the network went with the answer', async () => {
    const step = { step: 'face', camera: true, expires: Math.floor(Date.now() / 1000) + 60 };
    await faced.context.unroute('**/kiosk/session/face');
    await faced.context.route('**/kiosk/session/face', (route) => route.abort());
    await faced.context.route('**/kiosk/session', (route) =>
        route.request().method() === 'GET' ? json(route, 200, step) : route.fallback(),
    );
    await faced.tap('face_start');
    await faced.heading('gone', 1);
    await faced.heading('face', 1);
    Object.assign(step, { step: 'officer', case: 'e4e6cf7200000000e4e6cf7200000000' });
    await faced.tap('face_start');
    await faced.heading('gone', 1);
    await faced.heading('officer', 1);
    Object.assign(step, { step: 'face', case: undefined });
    await faced.heading('face', 1);
    await faced.context.unroute('**/kiosk/session');
});
await test('sends to an officer after the third, and says why', async () => {
    await faced.context.unroute('**/kiosk/session/face');
    await faced.context.route('**/kiosk/session/face', async (route) => {
        const asked = route.request();
        assert.equal(asked.headers()['content-type'], 'application/octet-stream');
        assert.ok(asked.postDataBuffer().length > 1000);
        await json(route, 200, {
            step: 'officer',
            case: 'e4e6cf7200000000e4e6cf7200000000',
            expires: Math.floor(Date.now() / 1000) + 1800,
            face: { result: 'no_match', reason: 'not_alike', attempts_left: 0 },
        });
    });
    let decided = false;
    await faced.context.route('**/kiosk/session', (route) => {
        if (route.request().method() !== 'GET') return route.fallback();
        if (!decided) return json(route, 200, { step: 'officer' });
        return json(route, 403, {
            error: 'refused',
            message: {
                en: 'The officers could not confirm who you are. Ask at the counter.',
                zh: '',
            },
        });
    });
    await faced.tap('face_start');
    await faced.heading('officer', 1);
    await faced.page.getByText('E4E6-CF72').waitFor();
    await faced.text('face_no_match');
    await faced.screen('attempts-over');
    decided = true; // and the officers say no
    await faced.heading('end_refused', 1);
    await faced.screen('refused');
    await faced.tap('to_start');
    await faced.context.unroute('**/kiosk/session');
});

/* ---- nobody there, too late ---- */

const idle = await come(plain, { lang: 'zh-CN', size: 'phone' });

await test('asks who does nothing, counts down, and wipes itself', async () => {
    await idle.context.route('**/config.json', (route) => json(route, 200, earnest));
    const begun = Date.now();
    const after = (seconds) => idle.page.clock.setFixedTime(begun + seconds * 1000);
    const typed = async () =>
        (await idle.page.locator('.pad input').inputValue()).replaceAll(' ', '');
    await after(0); // time goes on when the test says so
    await idle.pair();
    await idle.accept();
    await idle.type(one.number.slice(0, 9));
    await after(42);
    await idle.heading('idle_ask');
    await idle.screen('idle');
    const stayed = idle.page.waitForResponse('**/kiosk/session/stay'); // a sheet is gone before it is told of
    await idle.tap('idle_stay');
    await stayed;
    assert.equal(await typed(), one.number.slice(0, 9));
    await after(84);
    await idle.page.evaluate(() => dispatchEvent(new Event('scroll'))); // by nobody
    await idle.heading('idle_ask');
    await after(105);
    await idle.heading('end_idle', 1);
    await idle.screen('idle-over');
    assert.ok(!(await idle.left()).shown.includes(one.number.slice(0, 6)));
    await after(119);
    await idle.heading('attract', 1);
    await idle.close();
});
await test('says that a session is over, where the server has forgotten it', async () => {
    const late = await come(plain, { lang: 'en', size: 'phone' });
    await late.pair();
    await late.accept();
    await late.context.route('**/kiosk/session/number', (route) =>
        json(route, 404, {
            error: 'over',
            message: { zh: '', en: 'The session is over: it took too long, or was ended.' },
        }),
    );
    await late.type(one.number);
    await late.tap('continue');
    await late.heading('end_over', 1);
    await late.screen('over');
    await late.close();
});

/* ---- the network ---- */

const cut = await come(plain, { lang: 'en' });

await test('says that the network is gone in the midst of a visit, and goes on where it was', async () => {
    await cut.pair();
    await cut.accept();
    await cut.type(one.number);
    await town.close();
    await cut.tap('continue');
    await cut.heading('gone', 1);
    await cut.screen('gone-visit');
    await town.open();
    await cut.insist(
        cut.page.getByRole('button', { name: cut.say('again'), exact: true }),
        cut.page.getByRole('heading', { name: cut.say('number'), level: 1 }),
    );
    assert.equal(
        (await cut.page.locator('.pad input').inputValue()).replaceAll(' ', ''),
        one.number,
    );
    await cut.tap('continue');
    await cut.heading('face', 1);
    await cut.tap('leave');
    await cut.tap('to_start');
});
await test('opens without a network, and says so to who begins', async () => {
    await town.close();
    await cut.page.reload();
    await cut.page.getByRole('heading', { level: 1 }).waitFor();
    await cut.page.locator('.start .first').click();
    await cut.page.getByRole('heading', { name: '暂时没有网络' }).waitFor();
    await cut.screen('gone-idle');
    await town.open();
    await cut.insist(cut.page.locator('.alone .first'), cut.page.locator('.start .first'));
});
await test('begins where the network went before the screens of a visit came', async () => {
    const eyes = await come(plain, { lang: 'en', serviceWorkers: 'block' }); // who would have kept them
    await eyes.pair();
    await eyes.context.route('**/steps.js', (route) => route.abort());
    await eyes.page.locator('.start .first').click();
    await eyes.heading('gone', 1);
    await eyes.context.unroute('**/steps.js');
    await eyes.insist(eyes.page.locator('.alone .first'), eyes.page.locator('.start .first'));
    await eyes.accept();
});

/* ---- the kiosk itself ---- */

await test('says that a kiosk was removed, and is paired anew by a code alone', async () => {
    const eyes = await come(plain, { lang: 'en', theme: 'dark' });
    await eyes.pair();
    await eyes.accept();
    const kiosks = JSON.parse(
        town.run(['kiosk', 'list', '--json', '-C', town.at('v/authority')]),
    ).kiosks;
    for (const { kiosk: id } of kiosks.filter(({ state }) => state !== 'removed'))
        town.run(['kiosk', 'remove', '-C', town.at('v/authority'), id]);
    await eyes.type(one.number);
    await eyes.tap('continue');
    await eyes.heading('end_unpaired', 1);
    await eyes.screen('unpaired');
    await eyes.tap('to_start');
    await eyes.page.locator('.start .first').click();
    await eyes.page.locator('.alone.bad').waitFor(); // and to who begins
    await eyes.page.locator('.alone.bad .button').nth(1).click();
    await eyes.page.locator('#pair').waitFor();
    await eyes.page.reload();
    await eyes.page.locator('#pair').waitFor(); // the key is gone
});
await test('says what there is to do where no more sheets are printed', async () => {
    const eyes = await come(plain, { lang: 'en' });
    await eyes.pair();
    await eyes.sayNumber(one.number);
    await eyes.askOfficers();
    await eyes.choose('Health card');
    await eyes.tap('by_paper');
    await eyes.context.route('**/kiosk/session/paper', (route) =>
        json(route, 409, {
            error: 'sheets',
            message: {
                en: 'No more sheets are printed in this session. Begin again, or ask at the counter.',
                zh: '',
            },
        }),
    );
    await eyes.page
        .getByRole('button', { name: /^Print: / })
        .first()
        .click();
    await eyes.page.getByRole('alert').waitFor();
    await eyes.screen('sheets-over');
    await eyes.tap('back');
    await eyes.type(CODE);
    await eyes.tap('continue');
    await eyes.heading('access', 1);
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    for (const eyes of visitors) eyes.wellBehaved();
});
end();
for (const browser of [plain, seeing, watching]) await browser.close();
town.end();
process.exit();
