// SPDX-License-Identifier: Apache-2.0
//
// Who stands behind the counter and uses the desk's page: keys, a scanner in the
// hand, pictures; and what they read on the screen.

import assert from 'node:assert/strict';
import { Eyes } from './eyes.mjs';

const LOOKS = { accept: ['ok', 'tick'], reject: ['bad', 'cross'], indeterminate: ['', 'question'] };

export class Clerk extends Eyes {
    /** A clerk of the desk at URL, whose key is BEARER; LOOKS are those of Eyes. */
    static async begin(browser, { url, bearer, ...looks }) {
        const clerk = await Clerk.open(browser, { page: 'desk', url, ...looks });
        await clerk.go(`#key=${bearer}`);
        await clerk.page.locator('nav').waitFor();
        return clerk;
    }

    /** Until the page is kept on this device, and the bundle with it. */
    async kept() {
        await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
        await this.page.waitForFunction(async () =>
            (await caches.keys()).some((name) => name.startsWith('yaopai-')),
        );
        await this.go('#/settings');
        await this.page.getByText(this.like('alone_age')).waitFor();
    }

    /** PROFILE by WAY, e.g. "hotel", "request". */
    async ask(profile, way) {
        await this.go('#/');
        await this.go(`#//${profile}`);
        await this.page.locator(`.purposes a[aria-current][href="#//${profile}"]`).waitFor();
        await this.page
            .getByRole('button', { name: this.like(`way_${way}`) })
            .first()
            .click();
    }

    /** What the page asks its server by ACT: the answer to POST PATH. */
    async asked(path, act) {
        const answered = this.page.waitForResponse(
            (answer) =>
                new URL(answer.url()).pathname === path && answer.request().method() === 'POST',
        );
        answered.catch(() => {});
        await act();
        return (await answered).json();
    }

    async paste(text) {
        await this.press('paste');
        await this.page.fill('#scan-text', text);
        await this.press('paste_take');
    }

    /** As a scanner in the hand types it: fast, then Enter. The page is not touched. */
    async wedge(text) {
        await this.page.getByText(this.say('wedge_hint')).waitFor();
        await this.page.evaluate((letters) => {
            const press = (key) =>
                document.activeElement.dispatchEvent(
                    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
                );
            for (const letter of letters) press(letter);
            press('Enter');
        }, text);
    }

    /** The code in a file of a picture. */
    async image(path) {
        await this.page.locator('input[type=file]').setInputFiles(path);
    }

    /** What is to be read across the counter: colour, shape and word say the same. The word. */
    async verdict(wanted) {
        const node = this.page.locator('.verdict').first();
        await node.waitFor();
        if (wanted)
            await this.page
                .getByText(this.say(`verdict_${wanted}`), { exact: true })
                .first()
                .waitFor();
        const seen = await node.evaluate((element) => ({
            kind: element.className,
            shape: element.querySelector('use').getAttribute('href').split('#')[1],
            word: element.querySelector('b').textContent,
            why: element.querySelector('p').textContent,
            next: element.querySelector('.next')?.textContent ?? '',
        }));
        const [kind, shape] = LOOKS[wanted] ?? LOOKS.reject;
        if (wanted) {
            assert.equal(seen.kind.trim(), `verdict ${kind}`.trim());
            assert.equal(seen.shape, shape);
            assert.equal(seen.word, this.say(`verdict_${wanted}`));
            assert.ok(seen.why.length > 0);
        }
        return seen;
    }

    /** The rows of the report, when it is opened: {what: outcome}. */
    async report() {
        const node = this.page.locator('details.report');
        await node.locator('summary').click();
        const rows = await node
            .locator('tbody tr')
            .evaluateAll((all) =>
                all.map((row) => [
                    row.cells[0].firstChild.textContent,
                    row.cells[1].textContent.trim(),
                ]),
            );
        return Object.fromEntries(rows);
    }
}
