// SPDX-License-Identifier: Apache-2.0
//
// The wallet's page: looks, words, lock, and then its places.

import { h, icon, show } from '/shared/dom.js';
import { dress, later, look, skip, trouble, wander } from '/shared/page.js';
import { keepUp, pageNotice } from '/shared/vouched.js';
import { changeLanguage, languageNow, loadWords, t } from '/shared/words.js';
import * as lock from './lock.js';
import { begin, unlock } from './begin.js';
import { opened as plainText } from './codes.js';
import { comeBack } from './comeback.js';
import { QuickStore, chosen, merge, proven } from './quick.js';
import { takeOver } from './sole.js';

/* What only an unlocked wallet needs is fetched when it is: on a slow network
 * the first screen does not wait for it. */
const home = later(() => import('./home.js'), 'home');
const detail = later(() => import('./document.js'), 'detail');
const showing = later(() => import('./showing.js'), 'showing');
const scan = later(() => import('./scan.js'), 'scan');
const history = later(() => import('./history.js'), 'history');
const detailOf = later(() => import('./history.js'), 'detailOf');
const settings = later(() => import('./settings.js'), 'settings');
const get = later(() => import('./get.js'), 'get');
const saving = later(() => import('./saving.js'), 'saving');
const lost = later(() => import('./lost.js'), 'lost');
const own = later(() => import('./own.js'), 'own');
const looked = later(() => import('./looked.js'), 'looked');
const devices = later(() => import('./devices.js'), 'devices');
const grants = later(() => import('./grants.js'), 'grants');
const requests = later(() => import('./requests.js'), 'requests');
const openWallet = later(() => import('./wallet.js'), 'openWallet');

const AWAY = 5 * 60 * 1000;

const NAV = [
    ['', 'card', 'nav_documents'],
    ['scan', 'scan', 'nav_scan'],
    ['history', 'clock', 'nav_history'],
    ['settings', 'gear', 'nav_settings'],
];

/** The frame of all places around MAIN. */
export function frame({ nav = true, main = h('main', { id: 'main' }) } = {}) {
    const language = h(
        'button',
        {
            type: 'button',
            class: 'button plain',
            lang: languageNow() === 'en' ? 'zh-CN' : 'en',
            onclick: () => changeLanguage(languageNow() === 'en' ? 'zh-CN' : 'en'),
        },
        t('language'),
    );
    show(
        document.body,
        skip(main),
        h(
            'div',
            { class: 'page' },
            h(
                'header',
                {},
                h('img', { src: '/icon.svg', alt: '', width: 34, height: 34 }),
                h('b', { class: 'brand' }, t('title')),
                h('span', { class: 'row end' }, language),
            ),
            nav
                ? h(
                      'nav',
                      { 'aria-label': t('nav') },
                      h(
                          'ul',
                          {},
                          ...NAV.map(([place, sign, key]) =>
                              h('li', {}, h('a', { href: `#/${place}` }, icon(sign), t(key))),
                          ),
                      ),
                  )
                : null,
            pageNotice(),
            main,
        ),
    );
    return main;
}

/** Draw by RUN now and in each other language, until it gives a value. */
function asking(run) {
    return new Promise((resolve, reject) => {
        const draw = () =>
            run(frame({ nav: false })).then((value) => {
                removeEventListener('yaopai:language', draw);
                resolve(value);
            }, reject);
        addEventListener('yaopai:language', draw);
        draw();
    });
}

async function opened() {
    const kind = await lock.kind();
    const quick = await chosen();
    return asking((main) => (kind ? unlock(main, kind, quick) : begin(main)));
}

/* ---- what links bring: this page's address with the code in its fragment ---- */

let brought;

/* The history of the browser is no place for what a link brought. */
function takeBrought() {
    const text = location.hash.match(/^#((?:openid|haip|mdoc|https?:|Y[A-Z]{1,2}1:).+)$/is)?.[1];
    if (!text) return;
    brought = plainText(text);
    globalThis.history.replaceState(null, '', '/#/scan');
}

function scanPlace(wallet) {
    const text = brought;
    brought = undefined;
    return scan(wallet, text);
}

/* The document of the lock screen, and nothing else. */
async function showQuick() {
    const wallet = await proven(await openWallet(new QuickStore()));
    const key = await chosen();
    wallet.whose = wallet.batches[0]?.child;
    const main = frame({ nav: false });
    addEventListener('yaopai:language', () => frame({ nav: false, main }));
    return wander(
        { '': () => showing(wallet, key, { locked: true }), scan: () => scanPlace(wallet) },
        main,
    );
}

/* Who lays the device down and comes back later unlocks it again; not in the middle of fetching documents. */
function lockWhenAway() {
    let since;
    document.addEventListener('visibilitychange', () => {
        if (document.hidden) since = Date.now();
        else if (Date.now() - since > AWAY && !location.hash.startsWith('#/get')) location.reload();
    });
}

async function start() {
    if (comeBack()) return;
    look();
    await loadWords();
    keepUp().catch((error) => console.warn('offline', error));
    takeBrought();
    addEventListener('hashchange', takeBrought); // also while it is locked
    const opening = opened();
    const dressed = dress('/shared/face.css', '/details.css', '/show.css', '/record.css');
    const store = await opening;
    await takeOver();
    await dressed;
    if (!store) return showQuick();
    const wallet = await openWallet(store);
    await merge(wallet).catch((error) => console.warn('quick', error));
    const places = {
        '': () => home(wallet),
        document: (key) => detail(wallet, key),
        show: (key) => showing(wallet, key),
        scan: () => scanPlace(wallet),
        history: () => history(wallet),
        event: (id) => detailOf(wallet, id),
        settings: () => settings(wallet),
        get: () => get(wallet),
        save: () => saving(wallet),
        lost: () => lost(wallet),
        own: () => own(wallet),
        looked: () => looked(wallet),
        devices: () => devices(wallet),
        grants: () => grants(wallet),
        requests: () => requests(wallet),
    };
    lockWhenAway();
    const main = frame();
    addEventListener('yaopai:language', () => frame({ main }));
    await wander(places, main);
}

/* Nothing can be shown: why, and the way back to the lock. */
start().catch((error) =>
    show(
        frame({ nav: false }),
        h(
            'div',
            { class: 'stack welcome' },
            h('img', { src: '/icon.svg', alt: '', width: 112, height: 112 }),
            h('h1', {}, t('title')),
            trouble(error),
            h('a', { class: 'button wide', href: '/' }, icon('lock'), t('quick_back')),
        ),
    ),
);
