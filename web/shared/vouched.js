// SPDX-License-Identifier: Apache-2.0
//
// Who vouches for the page that a person has before them: kept up to date with its
// service worker, and told in words (docs/formats/page-bundle.md).

import { h, notice, show, state } from './dom.js';
import { again, button, install } from './page.js';
import { knows, languageNow, t } from './words.js';

const HOUR = 3600 * 1000;

let registration;
let told = {}; // by the worker: what is kept
let strange = false; // a worker came that nobody vouches for

/** What the worker answers to WORD: tell, look, use. */
function ask(word, worker = registration.active) {
    return new Promise((answered) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => {
            port1.close();
            answered(data);
        };
        worker.postMessage(word, [port2]);
    });
}

async function tell() {
    told = await ask('tell');
    dispatchEvent(new Event('yaopai:page'));
}

async function look() {
    await ask('look');
    await tell();
}

/* A browser fetches a worker's own scripts past every worker, so another one can come.
 * One that is of a bundle that was checked has other scripts than the last. */
function watchGuard() {
    const { active } = registration;
    if (!active) return; // it is the first
    const begun = ask('tell', active);
    const meet = async () => {
        const before = await begun;
        if (!before.seen) return;
        await ask('look', active);
        const after = await ask('tell', active);
        const due = after.guards.some((guard) => guard && guard !== before.guard);
        if (due) return;
        strange = true;
        dispatchEvent(new Event('yaopai:page'));
    };
    registration.addEventListener('updatefound', meet);
    if (registration.installing) meet();
}

/** Install the page, and look for newer ones from now on. */
export async function keepUp() {
    registration = await install();
    if (!registration) return;
    watchGuard();
    await navigator.serviceWorker.ready;
    await look();
    setInterval(() => look().catch((error) => console.warn('page', error)), HOUR);
}

/* ---- telling ---- */

const why = (code) => t(knows(`page_why_${code}`) ? `page_why_${code}` : 'page_why_other');

const when = (moment) =>
    new Intl.DateTimeFormat(languageNow(), { dateStyle: 'long', timeStyle: 'short' }).format(
        new Date(moment),
    );

function refusal() {
    return notice(
        'bad',
        h('b', {}, t('page_refused')),
        h('p', {}, why(told.refused.why)),
        h('p', { class: 'soft' }, t('page_refused_next')),
    );
}

function words() {
    if (strange)
        return notice(
            'bad',
            h('b', {}, t('page_strange')),
            h('p', {}, t('page_strange_why')),
            h('p', { class: 'soft' }, t('page_strange_next')),
        );
    if (told.refused) return refusal();
    if (!told.next) return null;
    return notice(
        'ok',
        h('b', {}, t('page_new')),
        h('p', {}, t(told.seen ? 'page_new_text' : 'page_new_unvouched')),
        h(
            'p',
            {},
            button(t('page_use'), async () => {
                await ask('use');
                location.reload();
            }),
        ),
    );
}

/** What a person has to know of the page before they go on; empty when all is well. */
export function pageNotice() {
    const place = h('div', { class: 'page-notice no-print' });
    const draw = () => show(place, words());
    addEventListener('yaopai:page', draw);
    draw();
    return place;
}

function standing() {
    if (!told.now) return h('p', {}, t('page_not_kept'));
    if (!told.seen) return notice('warn', h('p', {}, t('page_unvouched')));
    const { version, log, at, index, hash } = told.seen;
    return h(
        'div',
        { class: 'stack' },
        h('p', {}, state('ok', t('page_checked'))),
        h('p', {}, t('page_vouched', { version, log: log.replace(/\/log$/, ''), date: when(at) })),
        h('p', { class: 'soft small mono' }, t('page_hash', { index, hash })),
    );
}

/** For a page's settings: which version this is, who vouches for it, and "look now". */
export function pagePart() {
    const place = h('div', { class: 'stack' });
    const draw = () => show(place, standing(), told.refused ? refusal() : null);
    addEventListener('yaopai:page', draw);
    draw();
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('page_title')),
        place,
        button(t('page_look'), async () => {
            if (registration?.active) await look();
            again();
        }),
    );
}

/** Forget the page and who vouched for it: the next one is the first again. */
export async function forgetPage() {
    for (const name of await caches.keys())
        if (name.startsWith('yaopai-')) await caches.delete(name);
    await registration?.unregister();
}
