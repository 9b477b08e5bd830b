// SPDX-License-Identifier: Apache-2.0
//
// The second button of a request: wallets that the browser knows (Digital
// Credentials API), played by Chromium's virtual wallet with what the wallet of the
// command line answers. It declines, answers otherwise than asked, and another page.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { Clerk } from './clerk.mjs';
import { openBrowser } from './eyes.mjs';
import { Guest } from './guest.mjs';
import { Town } from './town.mjs';

const { test, end, skipAll } = tap('desk-browser');
const browser = await openBrowser();
const town = await new Town().open();
await town.fetchTrust();
const guest = await Guest.open(town, { configurations: ['resident_id_mdoc', 'resident_id_sdjwt'] });
const clerk = await Clerk.begin(browser, {
    url: town.urls.desk,
    bearer: town.bearer,
    lang: 'en',
});
const { page } = clerk;
if (!(await page.evaluate(() => 'DigitalCredential' in globalThis))) {
    town.end();
    skipAll('this Chromium knows no digital credentials');
}
const devtools = await clerk.context.newCDPSession(page);
const { frameTree } = await devtools.send('Page.getFrameTree');
const wallet = (behaviour) =>
    devtools.send('DigitalCredentials.setVirtualWalletBehavior', {
        frameId: frameTree.frame.id,
        ...behaviour,
    });

/* What the guest's wallet gives a page of ORIGIN for ASKED, by PROTOCOL. */
async function answer(asked, protocol, origin) {
    const request = asked.requests.find((one) => one.protocol === protocol);
    assert.ok(request, protocol);
    const [file, out] = [town.at('request.json'), town.at('answer.json')];
    writeFileSync(file, JSON.stringify({ requests: [request] }));
    await guest.present('', ['--dc-api', file, '--origin', origin, '--yes', '--output', out]);
    const said = JSON.parse(readFileSync(out, 'utf8'));
    return said.data ?? said;
}

/* The button is pressed; BEHAVE(asked) sets what the virtual wallet does, before the page has the request. */
async function press(behave) {
    const first = await clerk.asked('/api/sessions', () => clerk.ask('hotel', 'request'));
    await page.locator('.bars').waitFor();
    await page.route(
        '**/api/sessions',
        async (route) => {
            const json = await town.desk('POST', '/api/sessions', route.request().postDataJSON());
            await behave(json);
            await route.fulfill({ status: 201, json });
        },
        { times: 1 },
    );
    await clerk.press('by_browser');
    return first;
}

await test('accepts what a wallet of the browser shows, and waits for no code', async () => {
    await press(async (asked) =>
        wallet({
            action: 'respond',
            protocol: 'openid4vp-v1-signed',
            response: await answer(asked, 'openid4vp-v1-signed', town.urls.desk),
        }),
    );
    await clerk.verdict('accept');
    await page.getByText(town.people[0].number).first().waitFor();
    await clerk.screen('browser-accept');
});
await test('takes a no for a no', async () => {
    const first = await press(() => wallet({ action: 'decline' }));
    await clerk.text('state_refused');
    assert.equal(await page.locator('.verdict.ok, .verdict.bad').count(), 0);
    // the code beside it is answered no more
    let gone;
    for (let tries = 0; tries < 100 && gone?.error !== 'not_found'; tries++) {
        gone = await town.desk('GET', `/api/sessions/${first.id}`);
        await page.waitForTimeout(100); // the page tells the desk so by itself
    }
    assert.equal(gone.error, 'not_found');
});
await test('refuses an answer by a protocol that nobody offered', async () => {
    await press(async (asked) =>
        wallet({
            action: 'respond',
            protocol: 'openid4vci-v1',
            response: await answer(asked, 'openid4vp-v1-signed', town.urls.desk),
        }),
    );
    await clerk.text('other_protocol');
    assert.equal(await page.locator('.verdict').count(), 0);
    await clerk.screen('browser-protocol');
});
await test('refuses an answer to another page, and nonsense', async () => {
    for (const response of [
        async (asked) => answer(asked, 'openid4vp-v1-unsigned', 'http://elsewhere.localhost'),
        async () => ({ vp_token: 'nonsense' }),
        async () => ({}),
    ]) {
        await press(async (asked) =>
            wallet({
                action: 'respond',
                protocol: 'openid4vp-v1-unsigned',
                response: await response(asked).catch(() => ({})),
            }),
        );
        await clerk.text('refused_invalid_request');
        assert.equal(await page.locator('.verdict').count(), 0);
    }
});
await test('lets a wallet go that says nothing', async () => {
    await press(() => wallet({ action: 'wait' }));
    await clerk.text('waiting_wallet');
    await clerk.go('#/guests');
    await clerk.heading('nav_guests');
});
await test('asks nobody but this machine, says every word, breaks no policy', () =>
    clerk.wellBehaved());
end();
await browser.close();
town.end();
process.exit();
