// SPDX-License-Identifier: Apache-2.0
//
// What people do at the pages, as several tests walk it: a visit to a kiosk, a
// wallet that gets and shows, a clerk at a desk.

import assert from 'node:assert/strict';
import { giveAuthenticator } from './eyes.mjs';

export const sheet = (eyes) => eyes.page.getByRole('dialog');

/* ---- a wallet ---- */

/** A new wallet, locked by a passkey; gives the authenticator. */
export async function beginWallet(eyes) {
    await eyes.go();
    await eyes.heading('welcome');
    const key = await giveAuthenticator(eyes);
    await eyes.press('lock_passkey');
    await eyes.heading('my_documents');
    return key;
}

/** Paste TEXT where codes are scanned. */
export async function bring(eyes, text) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    await eyes.go('#/scan');
    await eyes.press('paste');
    await eyes.page.fill('#scan-text', text);
    await eyes.press('paste_take');
}

/** Get what OFFER offers, with the six digits CODE. */
export async function receive(eyes, offer, code) {
    await bring(eyes, offer);
    await sheet(eyes).locator('#tx').fill(code);
    await eyes.press('continue');
    await eyes.heading('offer_title');
    await eyes.press('offer_take');
    await eyes.heading('kept_title');
}

/** Open the way of showing the resident identity card whose name is KEY. */
export async function show(eyes, key, values) {
    await eyes.go('#/');
    await eyes.heading('my_documents');
    await eyes.page.locator(`a[href^="#/show/resident_id"]`).first().click();
    await eyes.page
        .getByRole('button', { name: values ? eyes.say(key, values) : eyes.like(key) })
        .first()
        .click();
}

/** Agree to what the sheet asks; gives what stood on it. */
export async function agree(eyes) {
    const yes = sheet(eyes).getByRole('button', { name: eyes.say('agree'), exact: true });
    await yes.waitFor();
    const asked = await sheet(eyes).innerText();
    await yes.click();
    return asked;
}

/* ---- a desk ---- */

/** CLERK reads that the document is good, and VALUES of it. */
export async function accepted(clerk, values) {
    await clerk.verdict('accept');
    const text = await clerk.page.locator('main').innerText();
    for (const value of values) assert.ok(text.includes(value), `${value} is not in: ${text}`);
}

/** Nothing is taken: the page says what went wrong, or gives another verdict. */
export async function refused(eyes) {
    const said = eyes.page.locator('.notice.bad, .verdict:not(.ok)').first();
    await said.waitFor();
    assert.equal(await eyes.page.locator('.verdict.ok').count(), 0);
    return said.innerText();
}

/** Enter the guest into ROOM. */
export async function enterGuest(eyes, room) {
    await eyes.page.fill('#room', room);
    await eyes.press('guest_enter');
    await eyes.text('guest_entered');
}

/* ---- a kiosk ---- */

/** A paired kiosk. CODE is of `yaopai kiosk add`. */
export async function pairKiosk(eyes, code) {
    await eyes.go(`#pair=${code}`);
    await eyes.press('pair_take');
    await eyes.heading('attract', 1);
}

/** A visit, as far as the face: terms, and NUMBER by the keys of the screen. */
export async function beginVisit(eyes, number) {
    await eyes.press('begin');
    await eyes.heading('terms', 1);
    await eyes.press('terms_accept');
    await eyes.heading('number', 1);
    for (const digit of number)
        await eyes.page.locator('.keys').getByRole('button', { name: digit, exact: true }).click();
    await eyes.press('continue');
    await eyes.heading('face', 1);
}

/** Type DIGITS by the keys of the screen. */
export async function type(eyes, digits) {
    for (const digit of digits)
        await eyes.page.locator('.keys').getByRole('button', { name: digit, exact: true }).click();
}
