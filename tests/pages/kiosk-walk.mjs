// SPDX-License-Identifier: Apache-2.0
//
// A person at the kiosk: step by step, by touch or by keys alone; and what its
// printer would have got.

import assert from 'node:assert/strict';
import { Eyes } from './eyes.mjs';

export const CODE = '739150';

/** A code for a page that is not paired yet. */
export function pairingCode(town) {
    const said = town.run([
        'kiosk',
        'add',
        '-C',
        town.at('v/authority'),
        '--name',
        'SPECIMEN',
        '--json',
    ]);
    return JSON.parse(said).code;
}

/** What is printed is kept as text in `globalThis.papers`: [{kind, text, codes}]. */
function watchPrinter() {
    globalThis.papers = [];
    globalThis.print = () => {
        const paper = document.querySelector('body > .paper');
        globalThis.papers.push({
            kind: paper.className.replace('paper ', ''),
            text: paper.textContent,
            codes: paper.querySelectorAll('.bars').length,
            pictures: [...paper.querySelectorAll('img')].map((one) => one.naturalWidth),
        });
    };
}

export class Visitor extends Eyes {
    /** A page at TOWN's kiosk, paired. */
    static async at(browser, town, looks) {
        const eyes = await Eyes.open(browser, { page: 'kiosk', url: town.urls.kiosk, ...looks });
        Object.setPrototypeOf(eyes, Visitor.prototype);
        Object.assign(eyes, { town, taps: true });
        await eyes.page.addInitScript(watchPrinter);
        return eyes;
    }

    async pair() {
        await this.go(`#pair=${pairingCode(this.town)}`);
        await this.heading('pair');
        await this.tap('pair_take');
        await this.heading('attract', 1);
    }

    /** Touch the button of KEY; or go there by Tab, and press Enter. */
    async tap(key, { within = this.page } = {}) {
        const target = within.getByRole('button', { name: this.say(key), exact: true }).first();
        if (this.taps) return target.click();
        await this.reach(target);
        return this.page.keyboard.press('Enter');
    }

    /** By Tab alone. */
    async reach(target) {
        await target.waitFor();
        for (let i = 0; i < 80; i++) {
            if (await target.evaluate((node) => node === document.activeElement)) return;
            await this.page.keyboard.press('Tab');
        }
        assert.fail(`no way by Tab to ${target}`);
    }

    /** Type TEXT: key by key of the keypad, or of the keyboard. */
    async type(text) {
        const keys = this.page.locator('.keys');
        for (const letter of text)
            await (this.taps
                ? keys.getByRole('button', { name: letter, exact: true }).click()
                : this.page.keyboard.press(letter));
    }

    async begin() {
        await this.tap('begin');
        await this.heading('terms', 1);
    }

    async accept() {
        await this.begin();
        await this.tap('terms_accept');
        await this.heading('number', 1);
    }

    async sayNumber(number) {
        await this.accept();
        await this.type(number);
        await this.tap('continue');
        await this.heading('face', 1);
    }

    /** Two made-up officers say yes after some seconds; not before LOOK has looked at how one waits for them. */
    async askOfficers(key = 'face_officer_go', look = () => this.screen('officer')) {
        const waits = (route) =>
            route.request().method() === 'GET'
                ? route.fulfill({ json: { step: 'officer' } })
                : route.fallback();
        await this.context.route('**/kiosk/session', waits);
        await this.tap(key);
        await this.heading('officer', 1);
        await look();
        await this.context.unroute('**/kiosk/session', waits);
        await this.heading('choose', 1);
    }

    /** Press NODE until SIGN is there: the page tries by itself as well. */
    async insist(node, sign) {
        for (let tries = 0; tries < 60 && !(await sign.isVisible()); tries++)
            await node.click({ timeout: 1000 }).catch(() => {});
        await sign.waitFor();
    }

    async choose(...names) {
        for (const name of names) {
            const box = this.page.getByRole('checkbox', { name, exact: true });
            if (this.taps) await box.check();
            else {
                await this.reach(box);
                await this.page.keyboard.press('Space');
            }
        }
        await this.tap('continue');
        await this.heading('code', 1);
    }

    papers() {
        return this.page.evaluate(() => globalThis.papers);
    }

    /** What of a visit is left: on the page, in its stores, in its history. */
    left() {
        return this.page.evaluate(async () => {
            const kept = { ...localStorage };
            const pasted = await navigator.clipboard.readText().catch(() => '');
            return {
                shown: document.documentElement.outerHTML,
                fields: [...document.querySelectorAll('input')].map((one) => one.value).join(' '),
                stores: [...Object.keys(kept), ...Object.keys({ ...sessionStorage })].sort(),
                caches: (
                    await Promise.all(
                        (await caches.keys()).map(async (name) =>
                            (await (await caches.open(name)).keys()).map((one) => one.url),
                        ),
                    )
                ).flat(),
                pasted,
                address: location.href,
                history: history.length,
            };
        });
    }
}
