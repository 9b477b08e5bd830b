// SPDX-License-Identifier: Apache-2.0
//
// What the first screen of each page costs somebody with a slow phone and a slow
// network: bytes are held to a limit; how long it took is told, never asserted.

import assert from 'node:assert/strict';
import { tap } from '../homes/tap.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { openFront } from './front.mjs';
import { Town } from './town.mjs';

const MOST = 150 * 1024;
const SLOW = { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const { test, end } = tap('weight');
const town = await new Town().open();
const browser = await openBrowser();

/** In  the page's name, where it is;
 *  out {bytes, files: [path], protocols: {name}, painted: ms} of its first screen */
async function weigh(name, url) {
    // what a service worker keeps comes after the first screen, and is counted by nobody who waits
    const eyes = await Eyes.open(browser, {
        page: name,
        url,
        serviceWorkers: 'block',
        ignoreHTTPSErrors: true,
    });
    const session = await eyes.context.newCDPSession(eyes.page);
    const weight = { bytes: 0, files: [], protocols: new Set() };
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', { offline: false, ...SLOW });
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    session.on('Network.responseReceived', ({ response }) => {
        weight.files.push(new URL(response.url).pathname);
        weight.protocols.add(response.protocol);
    });
    session.on('Network.loadingFinished', ({ encodedDataLength }) => {
        weight.bytes += encodedDataLength;
    });
    await eyes.page.addInitScript(() => {
        new PerformanceObserver((list) => {
            globalThis.painted = list.getEntries().at(-1).startTime;
        }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    await eyes.page.goto(eyes.url, { waitUntil: 'networkidle' });
    await eyes.page.locator('h1').first().waitFor();
    weight.painted = await eyes.page.evaluate(() => globalThis.painted);
    await eyes.close();
    return weight;
}

const tell = (name, { files, bytes, painted }, how) =>
    console.log(
        `# ${name}: ${files.length} files, ${Math.round(bytes / 1024)} kB, largest painted after ` +
            `${Math.round(painted)} ms by ${how} at 1.6 Mbit/s, 150 ms and a CPU four times slower`,
    );

for (const name of ['wallet', 'desk', 'kiosk', 'console']) {
    await test(`${name}: its first screen is light, and brings no core and no scanner`, async () => {
        const weight = await weigh(name, town.urls[name]);
        tell(name, weight, 'HTTP/1.1');
        const { bytes, files } = weight;
        assert.ok(files.length > 5 && bytes > 10 * 1024, 'nothing was measured');
        assert.ok(bytes < MOST, `${bytes} bytes`);
        assert.deepEqual(
            files.filter((file) => /\.wasm$|^\/vendor\/zxing|^\/catalogue\.json/.test(file)),
            [],
        );
        // all that app.js begins with was named in index.html: nothing is found behind something else
        const index = (await town.get(name, '/')).toString();
        for (const file of files.filter((each) => /\.m?js$/.test(each)))
            assert.ok(index.includes(`href="${file}"`), `${file} is not named in index.html`);
    });
    await test(`${name}: its first screen is the same where HTTP/2 stands before it`, async () => {
        const front = await openFront(town, town.urls[name]);
        const weight = await weigh(name, front.url);
        front.stop();
        tell(name, weight, 'HTTP/2');
        assert.deepEqual([...weight.protocols], ['h2']);
        assert.ok(weight.bytes < MOST, `${weight.bytes} bytes`);
    });
}
end();
await browser.close();
town.end();
process.exit();
