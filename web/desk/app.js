// SPDX-License-Identifier: Apache-2.0
//
// The desk's page: looks, words, its key, and then its places.

import { h, icon, notice, show, state } from '/shared/dom.js';
import { later, look, skip, trouble, wander } from '/shared/page.js';
import { keepUp, pageNotice } from '/shared/vouched.js';
import { changeLanguage, languageNow, loadWords, span, t } from '/shared/words.js';
import { Desk } from './desk.js';
import { login } from './login.js';

/* On a slow network the first screen does not wait for the others. */
const home = later(() => import('./home.js'), 'home');
const asking = later(() => import('./asking.js'), 'asking');
const guests = later(() => import('./guests.js'), 'guests');
const officer = later(() => import('./officer.js'), 'officer');
const settings = later(() => import('./settings.js'), 'settings');

const NAV = [
    ['', 'scan', 'nav_check'],
    ['guests', 'bed', 'nav_guests'],
    ['officer', 'badge', 'nav_officer'],
    ['settings', 'gear', 'settings'],
];

const CLOCKS = 60; // seconds by which two clocks may differ

/* Which places this desk has any use for. */
function useful(desk, place) {
    const profiles = desk.profiles();
    return place === 'guests'
        ? profiles.some((one) => one.name === 'hotel')
        : place === 'officer'
          ? profiles.some((one) => one.officer)
          : true;
}

const offText = (age) =>
    age === undefined
        ? t('off_nothing')
        : age < -CLOCKS
          ? t('off_clock')
          : t('off_text', { age: span(Math.max(0, age)) });

/* Is the server there? If not: what still goes, and by how old a bundle. */
function reach(desk) {
    const bar = h('div', { class: 'reach no-print', 'aria-live': 'polite' });
    const draw = () => {
        const age = desk.age();
        show(
            bar,
            desk.online
                ? null
                : notice('warn', h('b', {}, t('off_title')), h('p', {}, offText(age))),
        );
    };
    addEventListener('yaopai:reach', draw);
    draw();
    return bar;
}

/** The frame of all places; gives the element that they are put in. */
export function frame(desk) {
    const main = h('main', { id: 'main', class: desk ? 'wide' : '' });
    const other = languageNow() === 'en' ? 'zh-CN' : 'en';
    const officerNow = desk?.officerNow();
    show(
        document.body,
        skip(main),
        h(
            'div',
            { class: 'page' },
            h(
                'header',
                {},
                h('img', { src: '/icon.svg', alt: '', width: 36, height: 36 }),
                h(
                    'div',
                    { class: 'who' },
                    h('b', {}, desk?.about?.name ?? t('title')),
                    desk ? h('span', { class: 'soft small' }, desk.about?.place ?? '') : null,
                ),
                h(
                    'span',
                    { class: 'row end' },
                    officerNow
                        ? state('ok', t('officer_short', { number: officerNow.number }))
                        : null,
                    h(
                        'button',
                        {
                            type: 'button',
                            class: 'button plain',
                            lang: other,
                            onclick: () => changeLanguage(other),
                        },
                        t('language'),
                    ),
                ),
            ),
            desk
                ? h(
                      'nav',
                      { 'aria-label': t('nav') },
                      h(
                          'ul',
                          {},
                          ...NAV.filter(([place]) => useful(desk, place)).map(
                              ([place, sign, key]) =>
                                  h('li', {}, h('a', { href: `#/${place}` }, icon(sign), t(key))),
                          ),
                      ),
                  )
                : null,
            h('div', {}, pageNotice(), desk ? reach(desk) : null, main),
        ),
    );
    return main;
}

/* A link may bring the key in its fragment, which no server sees: #key=... */
function broughtKey() {
    const [, key] = location.hash.match(/^#key=([\w-]{32,128})$/) ?? [];
    if (key) globalThis.history.replaceState(null, '', '#/');
    return key;
}

async function opened() {
    const key = broughtKey();
    try {
        return (await Desk.open(key)) ?? login(frame(null));
    } catch (error) {
        return login(frame(null), error);
    }
}

async function start() {
    look();
    await loadWords();
    keepUp().catch((error) => console.warn('offline', error));
    const desk = await opened();
    const places = {
        '': (profile) => home(desk, profile),
        ask: (profile, way) => asking(desk, profile, way),
        guests: () => guests(desk),
        officer: () => officer(desk),
        settings: () => settings(desk),
    };
    let main = frame(desk);
    const anew = () => (main = frame(desk));
    addEventListener('yaopai:language', anew);
    addEventListener('yaopai:officer', anew);
    await wander(places, {
        replaceChildren: (...nodes) => main.replaceChildren(...nodes),
        append: (...nodes) => main.append(...nodes),
        querySelector: (what) => main.querySelector(what),
        querySelectorAll: (what) => main.querySelectorAll(what),
        contains: (node) => main.contains(node),
    });
}

start().catch((error) =>
    show(document.body, h('main', { class: 'page' }, h('h1', {}, t('title')), trouble(error))),
);
