// SPDX-License-Identifier: Apache-2.0
//
// The console without a mouse: log in, look somebody up, suspend, ask for a
// restoration, and a second operator who agrees to it. Keys only.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { openBrowser } from './eyes.mjs';
import { openConsole, register } from './operators.mjs';
import { Town } from './town.mjs';

const MOST = 160; // presses of Tab until something must have come
const LICENCE = 'Driving licence';
const { test, end } = tap('console by keys');

const town = await new Town().open();
const holder = town.people[0];
town.run([
    ...['wallet', 'init', '-C', town.at('w')],
    ...['--registrar', town.at('v/authority/certificates/reader-root.pem')],
]);
town.run([
    ...['document', 'issue', '-C', town.at('v/authority'), '--wallet', town.at('w')],
    ...['--copies', '1', '--cards', '0', '--person', holder.number],
]);
const browser = await openBrowser();

/* ---- keys ---- */

const focused = (eyes) =>
    eyes.page.evaluate(() => {
        const node = document.activeElement;
        const label = node.labels?.[0]?.textContent ?? '';
        const style = getComputedStyle(node.matches('.segments input') ? node.nextSibling : node);
        return {
            role: node.getAttribute('role') ?? node.tagName.toLowerCase(),
            name: (node.getAttribute('aria-label') ?? (label || node.textContent)).trim(),
            seen: style.outlineStyle !== 'none' || node.matches('h1, h2, body'),
        };
    });

/* What has the focus moves there. */
const comesIntoSight = (eyes) =>
    eyes.page.waitForFunction(() => {
        const { top } = document.activeElement.getBoundingClientRect();
        return top >= -1 && top < innerHeight;
    });

/* Tab until what is called NAME has the focus: it can be seen that it has. */
async function tabTo(eyes, name, { role } = {}) {
    const passed = [];
    for (let i = 0; i < MOST; i++) {
        await eyes.page.keyboard.press('Tab');
        const at = await focused(eyes);
        assert.ok(at.seen, `nobody sees where the focus is: ${at.name}`);
        if (at.name.startsWith(name) && (role ?? at.role) === at.role) {
            await comesIntoSight(eyes);
            return;
        }
        passed.push(at.name);
    }
    assert.fail(`never came to ${name}: ${[...new Set(passed)].join(' | ')}`);
}

async function press(eyes, key, more = {}) {
    await tabTo(eyes, eyes.say(key), more);
    await eyes.page.keyboard.press('Enter');
}

const type = (eyes, text) => eyes.page.keyboard.type(text);
const heading = (eyes, name) =>
    eyes.page.waitForFunction(
        (text) =>
            document.activeElement?.matches('h1, h2') &&
            document.activeElement.textContent === text,
        name,
    );

/* By its first letters; who types them too slowly begins again. */
async function choose(eyes, key, word) {
    await tabTo(eyes, eyes.say(key));
    for (let tries = 0; tries < 10; tries++) {
        await type(eyes, eyes.say(word));
        const chosen = await eyes.page.evaluate(
            () => document.activeElement.selectedOptions[0].textContent,
        );
        if (chosen === eyes.say(word)) return;
        await eyes.page.waitForTimeout(1500); // letters of before are forgotten
    }
    assert.fail(`not chosen by keys: ${word}`);
}

async function logIn(name) {
    const eyes = await openConsole(browser, town, { lang: 'en', theme: 'light' });
    const { code } = JSON.parse(readFileSync(town.at(`v/${name}.json`)));
    await register(eyes, name, code);
    await heading(eyes, eyes.say('place_dashboard')); // it takes the focus when it comes
    await press(eyes, 'log_out');
    await eyes.page.getByRole('button', { name: eyes.say('log_in') }).waitFor();
    await press(eyes, 'log_in');
    await eyes.page.getByRole('navigation').waitFor();
    await heading(eyes, eyes.say('place_dashboard'));
    return eyes;
}

async function goTo(eyes, place) {
    await press(eyes, `place_${place}`, { role: 'a' });
    await heading(eyes, eyes.say(`place_${place}`));
}

async function lookUp(eyes) {
    await goTo(eyes, 'find');
    await choose(eyes, 'purpose', 'purpose_counter');
    await tabTo(eyes, eyes.say('field_number'));
    await type(eyes, holder.number);
    await eyes.page.keyboard.press('Enter');
    await heading(eyes, holder.name);
}

let ann;
let bob;

await test('logs out and in again', async () => {
    ann = await logIn('operator-1');
    bob = await logIn('operator-2');
});
await test('goes to the content, past the places', async () => {
    await press(ann, 'skip', { role: 'a' });
    await heading(ann, ann.say('place_dashboard'));
});
await test('looks somebody up for a purpose, by another way as well', async () => {
    await goTo(ann, 'find');
    await tabTo(ann, ann.say('find_number'));
    await ann.page.keyboard.press('ArrowRight');
    await ann.page.locator('[name=document_number]').waitFor();
    await ann.page.keyboard.press('ArrowLeft');
    await ann.page.locator('[name=number]').waitFor();
    await lookUp(ann);
});
await test('suspends a document, and comes back to the person', async () => {
    await press(ann, 'suspend', { role: 'button' });
    await ann.page.getByRole('dialog').waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.page.locator('dialog').waitFor({ state: 'detached' });
    assert.match((await focused(ann)).name, ann.like('suspend')); // where it was
    await tabTo(ann, `${ann.say('suspend')}: ${LICENCE}`);
    await ann.page.keyboard.press('Enter');
    await choose(ann, 'reason', 'reason_lost');
    await press(ann, 'suspend', { role: 'button' });
    await ann.said('suspend_done');
    await heading(ann, holder.name);
});
await test('asks for a restoration', async () => {
    await tabTo(ann, `${ann.say('restore')}: ${LICENCE}`);
    await ann.page.keyboard.press('Enter');
    await choose(ann, 'reason', 'reason_found');
    await press(ann, 'ask_for_it', { role: 'button' });
    await ann.text('asked_text');
    await ann.page.keyboard.press('Escape');
});
await test('approves what the other one asked', async () => {
    await goTo(bob, 'cases');
    await bob.redrawn(() => press(bob, 'refresh'));
    assert.equal((await focused(bob)).name, bob.say('refresh')); // where it was
    await tabTo(bob, `${bob.say('open_case')}: ${bob.say('case_act_restore')}`);
    await bob.page.keyboard.press('Enter');
    await heading(bob, bob.say('case_act_restore'));
    await choose(bob, 'purpose', 'purpose_law');
    await press(bob, 'open_case', { role: 'button' });
    await heading(bob, bob.say('case_says'));
    await tabTo(bob, bob.say('confirm'));
    await bob.page.locator('main .button.first:not([aria-disabled])').waitFor();
    await bob.page.keyboard.press('Enter');
    await bob.said('confirmed');
    await lookUp(ann);
    const licence = ann.page.getByRole('row').filter({ hasText: LICENCE }).first();
    await licence.getByText(ann.say('state_valid'), { exact: true }).waitFor();
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    ann.wellBehaved();
    bob.wellBehaved();
});
end();
await browser.close();
town.end();
