// SPDX-License-Identifier: Apache-2.0
//
// The desk's page: its key, and what is asked at a counter.

import { tap } from '../homes/tap.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { Town } from './town.mjs';

const { test, end } = tap('desk');
const town = await new Town().open();
const browser = await openBrowser();

for (const looks of [
    { lang: 'zh-CN', size: 'wide' },
    { lang: 'en', size: 'phone', theme: 'dark' },
]) {
    const eyes = await Eyes.open(browser, { page: 'desk', url: town.urls.desk, ...looks });
    await test(`${looks.lang}: asks for its key, and refuses another`, async () => {
        await eyes.go();
        await eyes.heading('welcome');
        await eyes.screen('key');
        await eyes.page.fill('#key', 'x'.repeat(40));
        await eyes.press('key_use');
        await eyes.page.locator('.notice.bad').first().waitFor();
    });
    await test(`${looks.lang}: opens with its key`, async () => {
        await eyes.page.fill('#key', town.bearer);
        await eyes.press('key_use');
        await eyes.page.locator('nav').waitFor();
        await eyes.page.locator('main h1').waitFor();
        await eyes.screen('home');
    });
    for (const place of ['guests', 'settings'])
        await test(`${looks.lang}: has its place of ${place}`, async () => {
            await eyes.go(`#/${place}`);
            await eyes.page.locator('main h1').waitFor();
            await eyes.page.waitForTimeout(300);
            await eyes.screen(place);
        });
    await test(`${looks.lang}: asks nobody but this machine, says every word, breaks no policy`, () =>
        eyes.wellBehaved());
    await eyes.close();
}
end();
await browser.close();
town.end();
process.exit();
