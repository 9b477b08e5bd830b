// SPDX-License-Identifier: Apache-2.0
//
// The first screen of the kiosk, for who is nobody there yet.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('kiosk');
const town = await new Town().open();
const browser = await openBrowser();

for (const looks of [
    { lang: 'zh-CN', size: 'wide' },
    { lang: 'en', size: 'phone', theme: 'dark' },
]) {
    const eyes = await Eyes.open(browser, { page: 'kiosk', url: town.urls.kiosk, ...looks });
    await test(`${looks.lang}: begins, and lets nobody in`, async () => {
        await eyes.go();
        await eyes.page.locator('h1').first().waitFor();
        await eyes.page.waitForTimeout(300);
        await eyes.screen('first');
    });
    await test(`${looks.lang}: asks nobody but this machine, says every word, breaks no policy`, () =>
        eyes.wellBehaved());
    await eyes.close();
}
await test('gives its policy with the page', async () => {
    const { headers } = await town.look('kiosk', '/');
    assert.match(
        headers['content-security-policy'] ?? '',
        /default-src 'none'.*frame-ancestors 'none'.*require-trusted-types-for 'script'/,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
});
end();
await browser.close();
town.end();
process.exit();
