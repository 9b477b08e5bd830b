// SPDX-License-Identifier: Apache-2.0
//
// The console's page among people who mean no good: names that are markup, frames,
// presses that were meant for something else, sessions that are over.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tap } from '../homes/tap.mjs';
import { serve } from './asker.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import { asked, enter, look, open, openCase, readOnce, sheet } from './operators.mjs';
import { Town } from './town.mjs';

const CODE = '91330106MAC0000174';
const CORPUS = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    "'><svg onload=alert(1)>",
    'javascript:alert(1)',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '{{constructor.constructor("alert(1)")()}}',
    '<a href="javascript:alert(1)">x</a>',
    '&lt;script&gt;alert(1)&lt;/script&gt;',
    '</title><script>alert(1)</script>',
    '<math><mtext><style><img src=x onerror=alert(1)>',
];
const { test, end } = tap('console under attack');

const town = await new Town().open();
const authority = ['-C', town.at('v/authority')];
town.run([
    ...['party', 'register', ...authority, '--code', CODE, '--name', CORPUS[0]],
    ...['--profile', 'age', '--legal-basis', CORPUS[1], '--out', town.at('markup')],
]);
/* A person whose record is markup wherever its form allows it. */
const { portrait, ...person } = JSON.parse(
    readFileSync(town.at('v/people/people.jsonl'), 'utf8').split('\n')[5],
);
assert.ok(portrait);
Object.assign(person, { address: CORPUS[0] });
writeFileSync(
    town.at('markup.jsonl'),
    JSON.stringify({ op: 'upsert', number: person.number, version: 9, record: person }),
);
town.run(['person', 'sync', ...authority, town.at('markup.jsonl')]);

const browser = await openBrowser();
const ann = await open(browser, town, 'operator-1', { lang: 'zh-CN', theme: 'light' });
const bob = await open(browser, town, 'operator-2', { lang: 'en', theme: 'dark' });

const markup = (eyes) =>
    eyes.page.evaluate(
        () =>
            document.querySelectorAll(
                'main script, main iframe, main img[src="x"], main math, main a[href^="javascript"], [onerror], [onload]',
            ).length,
    );
const shown = async (eyes, text) => {
    await eyes.page.getByText(text, { exact: true }).first().waitFor();
    assert.equal(await markup(eyes), 0);
};

/* ---- names ---- */

await test('shows N324 as letters: names of a relying party, its legal basis', async () => {
    await ann.go('#/parties');
    await shown(ann, CORPUS[0]);
    await ann.page.getByRole('cell', { name: CORPUS[1] }).waitFor();
    await ann.screen('parties-markup');
});
await test('shows N324 as letters: a person’s address', async () => {
    await look(ann, person);
    await shown(ann, CORPUS[0]);
});
await test('shows N324 as letters: a corpus of names of kiosks', async () => {
    const codes = await ann.page.evaluate(async (names) => {
        const all = [];
        for (const name of names) {
            const headers = { 'Content-Type': 'application/json' };
            const body = JSON.stringify({ name });
            all.push((await fetch('/api/kiosks', { method: 'POST', headers, body })).status);
        }
        return all;
    }, CORPUS);
    assert.ok(codes.every((code) => code === 201));
    await ann.go('#/kiosks');
    for (const name of CORPUS) await shown(ann, name);
    await ann.page
        .getByRole('button', { name: `${ann.say('kiosk_remove')}: ${CORPUS[0]}` })
        .click();
    await sheet(ann).getByRole('heading', { name: CORPUS[0] }).waitFor();
    await ann.press('cancel', { within: sheet(ann) });
});
await test('shows N324 as letters: what an operator writes for another one', async () => {
    await look(ann, town.people[1]);
    await ann.press('hold');
    await ann.page.selectOption('[name=reason]', 'safety');
    await ann.page.fill('[name=basis]', CORPUS[4]);
    await ann.page.fill(
        '[name=until]',
        new Date(Date.now() + 9 * 86400000).toISOString().slice(0, 10),
    );
    await enter(sheet(ann));
    await asked(ann);
    await openCase(bob, 'case_act_hold');
    await shown(bob, CORPUS[4]);
});

/* ---- presses ---- */

const counting = (eyes, path) => {
    const seen = [];
    eyes.page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().includes(path)) seen.push(request.url());
    });
    return seen;
};

await test('never takes N326: a press in the half second after the button came', async () => {
    const seen = counting(bob, '/api/acts/');
    await openCase(bob, 'case_act_hold');
    await bob.page.evaluate(() => {
        globalThis.pressed = 0;
        new MutationObserver(() => {
            const button = [...document.querySelectorAll('main .button.first')].find((each) =>
                each.querySelector('use[href$="#tick"]'),
            );
            if (!button || globalThis.pressed) return;
            globalThis.pressed = 1;
            button.click();
        }).observe(document.body, { childList: true, subtree: true });
    });
    await openCase(bob, 'case_act_hold'); // drawn anew, and pressed as it comes
    await bob.page.waitForFunction(() => globalThis.pressed === 1);
    await bob.page.waitForTimeout(250);
    assert.deepEqual(seen, []);
});
await test('never takes N326: a press as the page comes to the front', async () => {
    const seen = counting(bob, '/api/acts/');
    await bob.page.waitForTimeout(600);
    await bob.page.evaluate(() => {
        dispatchEvent(new Event('focus'));
        [...document.querySelectorAll('main .button.first')].at(-1).click();
    });
    await bob.page.waitForTimeout(200);
    assert.deepEqual(seen, []);
});
await test('takes one press of two', async () => {
    const seen = counting(bob, '/api/acts/');
    // it takes presses now
    await bob.page.locator('main .button.first:not([aria-disabled])').waitFor();
    await bob.page.getByRole('button', { name: bob.say('confirm') }).dblclick();
    await bob.text('done_receipt');
    assert.equal(seen.length, 1);
    await readOnce(bob);
});
await test('never stands N326 in a frame of others', async () => {
    const other = await serve({
        '/': () => ['text/html', `<!doctype html><iframe src="${town.urls.console}/"></iframe>`],
    });
    const eyes = await Eyes.open(browser, { page: 'console', url: other.url });
    await eyes.page.goto(other.url);
    const [frame] = eyes.page.frames().slice(1);
    await frame.waitForURL(/^chrome-error:/);
    assert.equal(await frame.locator('.button').count(), 0);
    await eyes.close();
    other.close?.();
});

/* ---- what is over ---- */

await test('never shows N331 again: back after logging out', async () => {
    await look(ann, town.people[3]);
    await ann.go('#/me');
    await ann.press('log_out');
    const door = ann.page.getByRole('button', { name: ann.say('log_in') });
    await door.waitFor();
    for (let i = 0; i < 3; i++) {
        await ann.page.goBack().catch(() => {});
        await door.waitFor();
        assert.equal(await ann.page.getByText(town.people[3].name).count(), 0);
    }
    await ann.go();
    await ann.press('log_in');
    await ann.page.getByRole('navigation').waitFor();
});
await test('never leaves a person on the screen of another tab after logging out', async () => {
    await look(ann, town.people[3]);
    const tab = await ann.context.newPage();
    await tab.goto(`${town.urls.console}/#/me`);
    await tab.getByRole('button', { name: ann.say('log_out') }).click();
    await ann.page.getByRole('button', { name: ann.say('log_in') }).waitFor();
    assert.equal(await ann.page.getByText(town.people[3].name).count(), 0);
    await tab.close();
    await ann.press('log_in');
    await ann.page.getByRole('navigation').waitFor();
});
await test('never leaves a person on the screen of who went away', async () => {
    await bob.page.clock.install();
    await look(bob, town.people[3]);
    await bob.page.clock.fastForward(16 * 60 * 1000);
    await bob.page.getByText(town.people[3].name).first().waitFor({ state: 'detached' });
    await bob.page.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await bob.page.getByText(town.people[3].name).count(), 0);
});
await test('never keeps anything of a person on the device', async () => {
    await look(ann, town.people[3]);
    const kept = await ann.page.evaluate(async () =>
        JSON.stringify([
            { ...localStorage },
            { ...sessionStorage },
            (await indexedDB.databases?.()) ?? [],
            await caches.keys(),
        ]),
    );
    for (const value of [town.people[3].name, town.people[3].number])
        assert.ok(!kept.includes(value));
});

/* ---- scripts of others ---- */

await test('never lets a task of the page make scripts, or ask others', async () => {
    const said = await ann.attempts();
    for (const way of ['eval', 'made', 'html', 'worker', 'policy', 'inline', 'elsewhere'])
        assert.notEqual(said[way], 'done', way);
    assert.equal(said.hurt, false);
    ann.seen.warnings.length = 0; // these were meant to be stopped
    ann.seen.hosts.delete('example.org');
});
await test('asks nobody but this machine, says every word, breaks no policy', () => {
    ann.wellBehaved();
    bob.wellBehaved();
});
end();
await browser.close();
town.end();
