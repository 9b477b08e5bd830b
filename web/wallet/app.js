// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page: looks, words, lock, and then its places.

import { h, icon, show } from '/shared/dom.js';
import { install, look, trouble, wander } from '/shared/page.js';
import { changeLanguage, languageNow, loadWords, t } from '/shared/words.js';
import * as lock from './lock.js';
import { begin, unlock } from './begin.js';
import { detail, home } from './home.js';
import { history } from './history.js';
import { scan } from './scan.js';
import { settings } from './settings.js';
import { showing } from './showing.js';
import { Wallet } from './wallet.js';

const NAV = [['', 'card', 'nav_documents'], ['scan', 'scan', 'nav_scan'], ['history', 'clock', 'nav_history'], ['settings', 'gear', 'nav_settings']];

/** The frame of all places; gives the element that they are put in. */
export function frame({ nav = true } = {}) {
    const main = h('main', { id: 'main' });
    const language = h('button', { type: 'button', class: 'button plain', lang: languageNow() === 'en' ? 'zh-CN' : 'en',
        onclick: () => changeLanguage(languageNow() === 'en' ? 'zh-CN' : 'en') }, t('language'));
    show(document.body,
        h('a', { class: 'skip', href: '#main', onclick: (event) => {
            event.preventDefault();
            main.querySelector('h1, h2')?.focus();
        } }, t('skip')),
        h('div', { class: 'page' },
            h('header', {}, h('img', { src: '/icon.svg', alt: '', width: 34, height: 34 }), h('b', { class: 'brand' }, t('title')), h('span', { class: 'row', style: { 'margin-inline-start': 'auto' } }, language)),
            main,
            nav ? h('nav', { 'aria-label': t('nav') }, h('ul', {}, ...NAV.map(([place, sign, key]) =>
                h('li', {}, h('a', { href: `#/${place}` }, icon(sign), t(key)))))) : null));
    return main;
}

async function opened() {
    const kind = await lock.kind();
    return kind ? unlock(frame({ nav: false }), kind) : begin(frame({ nav: false }));
}

async function start() {
    look();
    await loadWords();
    install().catch((error) => console.warn('offline', error));
    const store = await opened();
    const wallet = await Wallet.open(store);
    const places = {
        '': () => home(wallet), document: (key) => detail(wallet, key), show: (key) => showing(wallet, key),
        scan: (text) => scan(wallet, text), history: () => history(wallet), settings: () => settings(wallet),
    };
    addEventListener('yaopai:language', () => wanderInto());
    let main = frame();
    function wanderInto() {
        const fresh = frame();
        main.replaceWith(fresh);
        main = fresh;
    }
    // links to this page carry what they bring in the fragment: #openid4vp://..., #openid-credential-offer://...
    const brought = location.hash.match(/^#((?:openid|haip|mdoc|https?:|YP1:).+)$/s);
    if (brought)
        history_replace(brought[1]);
    await wander(places, main);
}

function history_replace(text) {
    globalThis.history.replaceState(null, '', `#/scan/${encodeURIComponent(text)}`);
}

start().catch((error) => show(document.body, h('main', { class: 'page' }, trouble(error))));
