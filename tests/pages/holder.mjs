// SPDX-License-Identifier: Apache-2.0
//
// What a person does with the wallet's page, whichever test it is.

import { Eyes } from './eyes.mjs';
import { TX_CODE } from './town.mjs';

export const PIN = '246810';

export const sheet = (eyes) => eyes.page.getByRole('dialog');

/** A wallet of TOWN in BROWSER, not begun yet. Its clock can be moved (`later`). */
export async function arrive(browser, town, looks = {}) {
    const eyes = await Eyes.open(browser, { page: 'wallet', url: town.urls.wallet, ...looks });
    await eyes.context.addInitScript(() => {
        const Real = Date;
        const shift = Number(globalThis.name) || 0;
        globalThis.Date = class extends Real {
            constructor(...parts) {
                if (parts.length) super(...parts);
                else super(Real.now() + shift);
            }

            static now() {
                return Real.now() + shift;
            }
        };
    });
    await eyes.go();
    await eyes.heading('welcome');
    return eyes;
}

/** Lock it by a PIN, the first time. */
export async function lockByPin(eyes, pin = PIN) {
    await eyes.press('lock_pin');
    await eyes.page.fill('#pin-1', pin);
    await eyes.page.fill('#pin-2', pin);
    await eyes.press('pin_take');
    await eyes.heading('my_documents');
}

/** A wallet that is begun. */
export async function open(browser, town, looks) {
    const eyes = await arrive(browser, town, looks);
    await lockByPin(eyes);
    return eyes;
}

export async function unlock(eyes, pin = PIN) {
    await eyes.page.locator('#pin').fill(pin);
    await eyes.press('unlock');
}

/** The page is opened anew, and unlocked. */
export async function reopen(eyes, pin = PIN) {
    await eyes.page.evaluate(() => history.replaceState(null, '', '/'));
    await eyes.page.reload();
    await unlock(eyes, pin);
}

/** The clock of this device says another time, by SECONDS. */
export async function later(eyes, seconds) {
    await eyes.page.evaluate((shift) => (globalThis.name = String(shift)), seconds * 1000);
    await reopen(eyes);
}

/** The place HASH, whatever was there before. */
export async function visit(eyes, hash, heading) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    if (hash) await eyes.go(`#/${hash}`);
    if (heading) await eyes.heading(heading, 1);
}

/** Paste TEXT where codes are scanned. */
export async function bring(eyes, text) {
    await visit(eyes, 'scan');
    await eyes.press('paste');
    await eyes.page.fill('#scan-text', text);
    await eyes.press('paste_take');
}

/** Take the documents of OFFER. */
export async function receive(eyes, offer, { code = TX_CODE } = {}) {
    await bring(eyes, offer);
    if (code) {
        await eyes.page.locator('#tx').fill(code);
        await eyes.press('continue');
    }
    await eyes.heading('offer_title');
    await eyes.press('offer_take');
    await eyes.heading('kept_title');
}

/** Open the document whose title is KEY's in the catalogue: PLACE "document" or "show". */
export async function openDocument(eyes, place, name) {
    await visit(eyes, '');
    const link = eyes.page.locator(`a[href^="#/${place}/${name}"]`).first();
    await eyes.redrawn(() => link.click());
}
