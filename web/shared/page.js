// SPDX-License-Identifier: Apache-2.0
//
// What every page does when it begins: how it looks to whom, where it is, what
// it says when something goes wrong.

import { h, icon, notice, show, showAgain } from './dom.js';
import { t } from './words.js';

/* ---- what may become a script ---- */

/** Scripts and workers of this origin, by paths that stand in our own code. */
export const policy = globalThis.trustedTypes?.createPolicy('yaopai', {
    createScriptURL(path) {
        const url = new URL(path, location.origin);
        if (url.origin !== location.origin) throw new TypeError('a script of another origin');
        return url.href;
    },
}) ?? { createScriptURL: (path) => path };

/* ---- looks ---- */

const LOOKS = {
    theme: ['auto', 'light', 'dark'],
    contrast: ['auto', 'more'],
    type: ['normal', 'large'],
};

function keptLook(name) {
    try {
        return localStorage.getItem(`yaopai.${name}`) ?? LOOKS[name][0];
    } catch {
        return LOOKS[name][0];
    }
}

/** How it looks now: {theme, contrast, type}. */
export function looks() {
    return { theme: keptLook('theme'), contrast: keptLook('contrast'), type: keptLook('type') };
}

/** Look so from now on; without arguments: as was chosen, or the system says. */
export function look(name, value) {
    if (name !== undefined)
        try {
            localStorage.setItem(`yaopai.${name}`, value);
        } catch {
            // it is for this time only
        }
    const now = looks();
    const root = document.documentElement.dataset;
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    root.theme = now.theme === 'auto' ? (dark ? 'dark' : 'light') : now.theme;
    root.contrast =
        now.contrast === 'more' || matchMedia('(prefers-contrast: more)').matches
            ? 'more'
            : 'normal';
    root.type = now.type;
    document
        .querySelector('meta[name="theme-color"]')
        ?.setAttribute('content', root.theme === 'dark' ? '#0c1312' : '#f2f4f3');
}

for (const wish of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'])
    matchMedia(wish).addEventListener('change', () => look());

/* ---- places: #/a/b ---- */

/**
 * Draw what the address says, now and whenever it changes.
 *
 *   places  {"": home, "show": (id) => ...}: functions that give a node, or a promise of one
 *   into    the element that they are put in; its title gets the focus, so that a screen reader begins there; who is in the
 *           midst of a place that is drawn anew stays where they are
 */
export function wander(places, into) {
    let turn = 0;
    let drawn; // the address of what is there

    async function draw() {
        const mine = ++turn;
        dispatchEvent(new Event('yaopai:leave')); // a place lets go of its camera and clocks, also when it is drawn anew
        const [name, ...rest] = decodeURI(location.hash.replace(/^#\/?/, '')).split('/');
        const place = places[name] ?? places[''];
        let node;
        try {
            node = await place(...rest);
        } catch (error) {
            node = trouble(error);
        }
        if (mine !== turn) return; // somebody went on meanwhile
        const same = location.hash === drawn;
        drawn = location.hash;
        const stays = (same ? showAgain : show)(into, node) === true;
        for (const link of document.querySelectorAll('nav a'))
            if (link.getAttribute('href') === `#/${name}`)
                link.setAttribute('aria-current', 'page');
            else link.removeAttribute('aria-current');
        into.querySelector('h1, h2')?.setAttribute('tabindex', '-1');
        if (stays) return;
        into.querySelector('h1, h2')?.focus({ preventScroll: true });
        scrollTo(0, 0);
    }

    addEventListener('hashchange', draw);
    addEventListener('yaopai:language', draw);
    addEventListener('yaopai:draw', draw);
    // whoever presses where they are wants to begin there again
    document.addEventListener('click', (event) => {
        const link = event.target.closest?.('nav a');
        if (link && link.getAttribute('href') === location.hash) draw();
    });
    return draw();
}

/** A place whose script is fetched when somebody first goes there: what NAME of LOAD's module does. */
export const later =
    (load, name) =>
    async (...words) =>
        (await load())[name](...words);

/** Stylesheets that the first screen does without, at PATHS: in force when it resolves. One that does not come is done without. */
export function dress(...paths) {
    const one = (href) =>
        new Promise((onload) => {
            document.head.append(h('link', { rel: 'stylesheet', href, onload, onerror: onload }));
        });
    return Promise.all(paths.map(one));
}

/** For keyboards: past header and places, to what MAIN begins with. */
export function skip(main) {
    const link = h('a', { class: 'skip', href: '#main' }, t('skip'));
    link.addEventListener('click', (event) => {
        event.preventDefault();
        main.querySelector('h1, h2')?.focus();
    });
    return link;
}

/** Draw the place anew. */
export function again() {
    dispatchEvent(new Event('yaopai:draw'));
}

/** Go there. */
export function go(...parts) {
    location.hash = `#/${parts.map(encodeURIComponent).join('/')}`;
}

/* ---- when something goes wrong ---- */

/** An error that says to people what failed, why, and what to do next. */
export class Trouble extends Error {
    constructor(what, why = '', next = '') {
        super(why ? `${what}: ${why}` : what);
        Object.assign(this, { what, why, next });
    }
}

/** ERROR as people read it. */
export function trouble(error) {
    const known =
        error instanceof Trouble
            ? error
            : new Trouble(
                  t('trouble'),
                  error?.name === 'TypeError' && !navigator.onLine
                      ? t('trouble_offline')
                      : String(error?.message ?? error),
                  t('trouble_next'),
              );
    if (!(error instanceof Trouble)) console.error(error);
    return notice(
        'bad',
        h('b', {}, known.what),
        known.why ? h('p', {}, known.why) : null,
        known.next ? h('p', { class: 'soft' }, known.next) : null,
    );
}

/** Say something that needs no answer. */
export function toast(text) {
    const node = h('div', { class: 'toast', role: 'status' }, text);
    document.body.append(node);
    setTimeout(() => node.remove(), 4200);
}

/** A button that is busy until what it does is done, and tells what went wrong. */
export function button(text, run, { kind = '', sign, ...more } = {}) {
    const node = h(
        'button',
        { type: 'button', class: `button ${kind}`, ...more },
        sign ? icon(sign) : null,
        text,
    );
    node.addEventListener('click', async () => {
        if (node.getAttribute('aria-busy') === 'true') return;
        node.setAttribute('aria-busy', 'true');
        node.parentElement?.querySelector(':scope > .notice.bad')?.remove();
        try {
            await run(node);
        } catch (error) {
            const told = trouble(error);
            node.after(told);
            told.scrollIntoView({ block: 'nearest' });
        } finally {
            node.removeAttribute('aria-busy');
        }
    });
    return node;
}

/** Ask by a sheet: BODY gets a function that closes it with a value; a promise of that value, or undefined. */
export function sheet(title, body) {
    return new Promise((resolve) => {
        let answer;
        const id = `sheet-${crypto.randomUUID()}`;
        const node = h('dialog', { class: 'sheet', 'aria-labelledby': id });
        const close = (value) => {
            answer = value;
            node.close();
        };
        node.append(
            h(
                'div',
                { class: 'stack' },
                h(
                    'div',
                    { class: 'row apart' },
                    h('h2', { id, tabindex: '-1' }, title),
                    h(
                        'button',
                        {
                            type: 'button',
                            class: 'button plain round',
                            'aria-label': t('close'),
                            onclick: () => close(),
                        },
                        icon('cross'),
                    ),
                ),
                body(close),
            ),
        );
        node.addEventListener('close', () => {
            node.remove();
            resolve(answer);
        });
        document.body.append(node);
        node.showModal();
        // where to type; else what it is about, and not the way out
        const field = node.querySelector('input:not([type="checkbox"]), textarea');
        (field ?? node.querySelector('h2')).focus();
    });
}

/* ---- without a network ---- */

/** Install the page on this device: it is checked, then kept (shared/keep.js). */
export async function install() {
    if (!('serviceWorker' in navigator) || !globalThis.isSecureContext) return null;
    return navigator.serviceWorker.register(policy.createScriptURL('/sw.js'), {
        type: 'module',
        updateViaCache: 'none',
    });
}
