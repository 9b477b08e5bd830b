// SPDX-License-Identifier: Apache-2.0
//
// What operators do at the console's page, whoever they are.

import { readFileSync } from 'node:fs';
import { Eyes, giveAuthenticator } from './eyes.mjs';

export const sheet = (eyes) => eyes.page.getByRole('dialog');
export const enter = (within) => within.locator('button[type=submit]').press('Enter');

/** The row of a table that says NAME. */
export const row = (eyes, name) => eyes.page.getByRole('row').filter({ hasText: name });

/** A page of the console with a key for passkeys, in a profile of its own. */
export async function openConsole(browser, town, looks = {}) {
    const eyes = await Eyes.open(browser, {
        page: 'console',
        url: town.urls.console,
        size: 'wide',
        ...looks,
    });
    eyes.key = await giveAuthenticator(eyes, { prf: false });
    return eyes;
}

/** Register with the code of an invitation, and log in. */
export async function register(eyes, name, code, { screens = false } = {}) {
    await eyes.go();
    await eyes.heading('title');
    if (screens) await eyes.screen('door');
    await eyes.press('have_invitation');
    await eyes.page.fill('[name=name]', name);
    await eyes.page.fill('[name=code]', code);
    if (screens) await eyes.screen('register');
    await enter(eyes.page.locator('form'));
    await eyes.text('registered');
    await eyes.press('log_in');
    await eyes.page.getByRole('navigation').waitFor();
}

/** The demo's operator NAME, logged in. */
export async function open(browser, town, name, looks) {
    const eyes = await openConsole(browser, town, looks);
    const { code } = JSON.parse(readFileSync(town.at(`v/${name}.json`)));
    await register(eyes, name, code);
    return eyes;
}

export async function find(eyes, number, purpose = 'counter') {
    await eyes.go('#/find');
    await eyes.page.selectOption('[name=purpose]', purpose);
    await eyes.page.fill('[name=number]', number);
    await enter(eyes.page.locator('main form'));
}

export async function look(eyes, person) {
    await find(eyes, person.number);
    await eyes.page.getByRole('heading', { name: person.name, exact: true }).waitFor();
}

/** The list is drawn anew, until WANTED is in it: it may have been drawn before that came. */
export async function refreshed(eyes, wanted) {
    for (let tries = 0; tries < 60; tries++) {
        await eyes.redrawn(() => eyes.press('refresh'));
        if ((await wanted.count()) > 0) return;
        await eyes.page.waitForTimeout(1000);
    }
}

/** Open the newest case that is called KIND; STATE: of those that are in it. */
export async function openCase(eyes, kind, purpose = 'law', state = undefined) {
    await eyes.go('#/cases');
    await eyes.heading('place_cases', 1);
    const rows = state ? row(eyes, eyes.say(state)) : eyes.page;
    const name = `${eyes.say('open_case')}: ${eyes.say(kind)}`;
    await refreshed(eyes, rows.getByRole('link', { name }));
    await rows.getByRole('link', { name }).last().click();
    await eyes.page.selectOption('[name=purpose]', purpose);
    await enter(eyes.page.locator('main form'));
    await eyes.heading('case_says');
    // what is agreed to takes no press before it was in sight
    const agree = eyes.page.locator('main .button.first');
    if ((await agree.count()) > 0) await agree.first().scrollIntoViewIfNeeded();
}

/** What one asked, another confirms. */
export async function confirm(eyes, kind) {
    await openCase(eyes, kind);
    await eyes.press('confirm');
}

/** Choose WORD where a reason is asked, and send the sheet. */
export async function giveReason(eyes, word) {
    await sheet(eyes).locator('[name=reason]').selectOption(word);
    await enter(sheet(eyes));
}

/** What is said after asking for what takes two. */
export async function asked(eyes) {
    await eyes.text('asked_text');
    await sheet(eyes)
        .getByRole('button', { name: eyes.say('close') })
        .last()
        .click();
    await eyes.page.locator('dialog').waitFor({ state: 'detached' });
}

/** A receipt, or what else is told once, was read; the page goes back to the cases. */
export async function readOnce(eyes) {
    await eyes.press('done', { within: sheet(eyes) });
    await eyes.heading('place_cases', 1);
}

/** A document's row says STATE. */
export async function says(eyes, name, word) {
    await row(eyes, name).getByText(eyes.say(word), { exact: true }).first().waitFor();
}
