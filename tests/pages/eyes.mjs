// SPDX-License-Identifier: Apache-2.0
//
// A browser that watches what a page does: what it asks whom, what its policy
// stopped, which words it lacked; and looks at each screen.

import axe from 'axe-core';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { BUILD } from './town.mjs';

const ROOT = join(import.meta.dirname, '../..');
const SCREENS = process.env.YAOPAI_SCREENS ? join(BUILD, 'screens') : null;
const SIZES = { phone: { width: 390, height: 844 }, wide: { width: 1280, height: 800 } };
const HOME = /^(?:[\w-]+\.)?localhost$|^127\.0\.0\.1$|^$/; // "": blob: and data:
const ARGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--host-resolver-rules=MAP *.localhost 127.0.0.1, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND',
];

/* What is said in passing (toasts), also when it is gone again: [{text, read}]. */
function hear() {
    globalThis.heard = [];
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const node of addedNodes)
                if (node.matches?.('.toast'))
                    globalThis.heard.push({ text: node.textContent, read: false });
    }).observe(document, { childList: true, subtree: true });
}

/** Chromium; ARGS are its own, e.g. for a camera of a file. */
export function openBrowser(args = []) {
    process.env.PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS = '1';
    const name = ['chromium', 'chromium-browser'].find(
        (each) => spawnSync(each, ['--version']).status === 0,
    );
    const path = spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
    return chromium.launch({ executablePath: path, args: [...ARGS, ...args] });
}

const readWords = (place, lang) =>
    JSON.parse(readFileSync(join(ROOT, 'web', place, 'words', `${lang}.json`), 'utf8'));

/** In  page  "wallet";  lang, theme, size ("phone" or "wide");  url */
export class Eyes {
    static async open(
        browser,
        {
            page,
            url,
            lang = 'zh-CN',
            theme = 'light',
            size = 'phone',
            pictures = true, // false: who is on the screen is nobody's to keep
            ...more
        },
    ) {
        const eyes = new this();
        Object.assign(eyes, {
            name: page,
            url,
            lang,
            theme,
            size,
            pictures,
            seen: { hosts: new Set(), warnings: [], errors: [] },
        });
        eyes.words = { ...readWords('shared', lang), ...readWords(page, lang) };
        eyes.context = await browser.newContext({
            viewport: SIZES[size],
            locale: lang,
            colorScheme: theme,
            reducedMotion: 'reduce',
            permissions: ['clipboard-read', 'clipboard-write'],
            ...more,
        });
        eyes.context.setDefaultTimeout(Number(process.env.YAOPAI_PATIENCE ?? 60) * 1000);
        eyes.context.on('request', (request) =>
            eyes.seen.hosts.add(new URL(request.url()).hostname),
        );
        await eyes.context.addInitScript(hear);
        eyes.context.on('page', (page_) => eyes.#watch(page_));
        eyes.page = await eyes.context.newPage();
        return eyes;
    }

    #watch(page) {
        page.on(
            'console',
            (message) =>
                /no words for|Content Security Policy|TrustedHTML|TrustedScript/.test(
                    message.text(),
                ) && this.seen.warnings.push(message.text()),
        );
        page.on('pageerror', (error) => this.seen.errors.push(String(error.stack)));
        page.on('dialog', (dialog) => {
            this.seen.errors.push(`dialog: ${dialog.message()}`);
            dialog.dismiss();
        });
    }

    /* ---- people ---- */

    /** The page's words for KEY. */
    say(key, values = {}) {
        assert.ok(key in this.words, `no words for ${key}`);
        return this.words[key].replace(/\{(\w+)\}/g, (whole, name) =>
            name in values ? values[name] : whole,
        );
    }

    /** A pattern of the words for KEY, whatever stands in its places. */
    like(key) {
        return new RegExp(
            this.say(key)
                .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
                .replace(/\{\w+\}/g, '.*'),
        );
    }

    go(hash = '') {
        return this.page.goto(`${this.url}/${hash}`);
    }

    press(key, { within = this.page, exact = true } = {}) {
        return within.getByRole('button', { name: this.say(key), exact }).click();
    }

    heading(key, level) {
        return this.page.getByRole('heading', { name: this.like(key), level }).waitFor();
    }

    text(key) {
        return this.page.getByText(this.like(key)).first().waitFor();
    }

    /** The words of KEY are said in passing, after they were waited for last. */
    async said(key) {
        await this.page.waitForFunction(
            (words) => {
                const said = globalThis.heard.filter(
                    (each) => !each.read && new RegExp(`^${words}$`).test(each.text),
                );
                for (const each of said) each.read = true;
                return said.length > 0;
            },
            this.like(key).source,
            { polling: 100 },
        );
    }

    /** What is copied when "copy" is pressed. */
    async copied(within = this.page) {
        await this.page.evaluate(() => navigator.clipboard.writeText(''));
        await this.press('copy', { within });
        await this.said('copied');
        return this.page.evaluate(() => navigator.clipboard.readText());
    }

    /** What ACT has drawn anew is there, and nothing of before. */
    async redrawn(act) {
        const before = await this.page.locator('main > *').first().elementHandle();
        await act();
        await before.waitForElementState('hidden');
    }

    /* ---- what is looked at on every screen ---- */

    /** The screen NAME: nothing sticks out, axe finds nothing, in the light and in the dark. */
    async screen(name) {
        await this.page.waitForTimeout(SCREENS ? 300 : 60); // what moves has come
        for (const theme of ['light', 'dark']) {
            await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
            for (const size of SCREENS
                ? Object.keys(SIZES)
                : [
                      theme === this.theme
                          ? this.size
                          : Object.keys(SIZES).find((each) => each !== this.size),
                  ])
                await this.#examine(name, theme, size);
        }
        await this.page.setViewportSize(SIZES[this.size]);
        await this.page.emulateMedia({ colorScheme: this.theme, reducedMotion: 'reduce' });
        if (this.name === 'wallet') await this.looks(name);
    }

    async #examine(name, theme, size) {
        await this.page.setViewportSize(SIZES[size]);
        await this.#settled();
        if (SCREENS) await this.#take(name, theme, size);
        const where = `${name}, ${size}, ${theme}, ${this.lang}`;
        const wide = await this.#outside();
        assert.ok(wide <= 0, `${where}: ${wide} pixels stick out`);
        assert.deepEqual(await this.violations(), [], where);
    }

    /* What moves has come; and who wants no motion has none (screen() asks for that). */
    async #settled() {
        await this.page.waitForTimeout(60);
        const moves = await this.page.evaluate(async () => {
            // what changes begins to move at the next frame
            for (let frame = 0; frame < 2; frame++)
                await new Promise((drawn) => requestAnimationFrame(drawn));
            return document
                .getAnimations()
                .filter((each) => each instanceof CSSTransition)
                .map((each) => `${each.transitionProperty} of ${each.effect.target.localName}`);
        });
        assert.deepEqual(moves, [], 'moves, though nothing is to');
    }

    /* A picture of all of it: as high as it is, so that what stays at an edge is at its edge. */
    async #take(name, look, size) {
        if (!this.pictures) return;
        mkdirSync(SCREENS, { recursive: true });
        const { width, height } = SIZES[size];
        const whole = await this.page.evaluate(() => {
            document.querySelector('.toast')?.remove();
            const dialog = document.querySelector('dialog[open]');
            return dialog
                ? Math.ceil(dialog.scrollHeight / 0.9)
                : document.documentElement.scrollHeight;
        });
        await this.page.setViewportSize({ width, height: Math.max(height, Math.min(whole, 4000)) });
        await this.#settled();
        await this.page.screenshot({
            path: join(SCREENS, `${this.name}-${name}-${size}-${look}-${this.lang}.png`),
        });
        await this.page.setViewportSize(SIZES[size]);
    }

    /** The screen NAME with large letters, more contrast, and the colours that a system forces: nothing sticks out. */
    async looks(name) {
        const set = (name_, value) =>
            this.page.evaluate(
                ([key, to]) => (document.documentElement.dataset[key] = to),
                [name_, value],
            );
        for (const [look, turn, back] of [
            ['large', () => set('type', 'large'), () => set('type', 'normal')],
            ['contrast', () => set('contrast', 'more'), () => set('contrast', 'normal')],
            [
                'forced',
                () => this.page.emulateMedia({ forcedColors: 'active' }),
                () => this.page.emulateMedia({ forcedColors: 'none' }),
            ],
        ]) {
            await turn();
            await this.#settled();
            const wide = await this.#outside();
            if (SCREENS) await this.#take(name, look, this.size);
            await back();
            assert.ok(wide <= 0, `${name}, ${look}, ${this.lang}: ${wide} pixels stick out`);
        }
    }

    #outside() {
        return this.page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
    }

    /** What axe finds: [[rule, elements]]. */
    async violations() {
        if (!(await this.page.evaluate(() => 'axe' in globalThis)))
            await this.page.evaluate(axe.source);
        const found = await this.page.evaluate(async () => {
            // what stays at the edge hides what scrolls below it: to axe it is in the way
            const staying = [...document.querySelectorAll('*')].filter(
                (node) => getComputedStyle(node).position === 'sticky',
            );
            staying.forEach((node) => node.style.setProperty('position', 'static'));
            const said = await axe.run(document, {
                resultTypes: ['violations'],
                iframes: false,
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            });
            staying.forEach((node) => node.style.removeProperty('position'));
            return said;
        });
        return found.violations.map((each) => [
            each.id,
            ...each.nodes.map(
                (node) => `${node.target.join(' ')}: ${node.failureSummary.split('\n')[1]?.trim()}`,
            ),
        ]);
    }

    /* ---- what is asserted when all is over ---- */

    /** No request left this machine, no word was missing, no script failed, no policy was broken. */
    wellBehaved() {
        assert.deepEqual(
            [...this.seen.hosts].filter((host) => !HOME.test(host)),
            [],
            'hosts elsewhere',
        );
        assert.deepEqual(this.seen.warnings, []);
        assert.deepEqual(this.seen.errors, []);
    }

    /** What a script of somebody else's could do in a task of the page: {eval, inline, html, elsewhere}, each "done" or why not. */
    attempts() {
        return this.page.evaluate(
            () =>
                new Promise((told) =>
                    setTimeout(async () => {
                        const tried = (attempt) => {
                            try {
                                attempt();
                                return 'done';
                            } catch (error) {
                                return error.name;
                            }
                        };
                        /* eslint-disable no-eval, no-new-func, no-implied-eval -- they must fail */
                        const said = {
                            eval: tried(() => (0, eval)('1')),
                            made: tried(() => new Function('return 1')()),
                            timer: tried(() => setTimeout('globalThis.hurt = 1')),
                            html: tried(() => (document.createElement('p').innerHTML = '<b>1</b>')),
                            worker: tried(() => new Worker('data:text/javascript,1')),
                            policy: tried(() =>
                                trustedTypes.createPolicy('mine', { createHTML: (text) => text }),
                            ),
                        };
                        /* eslint-enable */
                        const script = document.createElement('script');
                        said.inline = tried(() => (script.textContent = 'globalThis.hurt = 1'));
                        said.handler = tried(() =>
                            document
                                .createElement('p')
                                .setAttribute('onclick', 'globalThis.hurt = 1'),
                        );
                        said.elsewhere = await fetch('http://example.org/').then(
                            () => 'done',
                            (error) => error.name,
                        );
                        const image = new Image();
                        said.image = await new Promise((seen) => {
                            image.onload = () => seen('done');
                            image.onerror = () => seen('refused');
                            image.src = 'http://example.org/a.png';
                        });
                        document.body.append(document.createElement('p'));
                        setTimeout(() => told({ ...said, hurt: 'hurt' in globalThis }), 50);
                    }, 0),
                ),
        );
    }

    close() {
        return this.context.close();
    }
}

/** An authenticator of this page, as a phone has it. With PRF, or without. */
export async function giveAuthenticator(eyes, { prf = true } = {}) {
    const session = await eyes.context.newCDPSession(eyes.page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
            protocol: 'ctap2',
            ctap2Version: 'ctap2_1',
            transport: 'internal',
            hasResidentKey: true,
            hasUserVerification: true,
            hasPrf: prf,
            isUserVerified: true,
            automaticPresenceSimulation: true,
        },
    });
    return {
        remove: () => session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
    };
}
