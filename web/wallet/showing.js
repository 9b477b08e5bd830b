// SPDX-License-Identifier: Apache-2.0
//
// Showing at a counter or a gate: a code of this moment, a code for a challenge
// that was scanned, or a conversation across the counter.

import { animated, code } from '/shared/code.js';
import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, button, go, sheet, trouble } from '/shared/page.js';
import { Scanner } from '/shared/scan.js';
import { label, t } from '/shared/words.js';
import { showCard } from '/wasm/cards.mjs';
import { Mailboxes, hold } from '/wasm/counter.mjs';
import { nameOf, refusal, who } from './consent.js';
import { faceOf, home } from './home.js';
import { said } from './scan.js';

const STEP = 30; // seconds of an open card

/** What moves while something is shown; stop() when it is over. */
function alive() {
    const clock = h('time', {});
    const node = h('div', { class: 'alive', 'aria-hidden': 'true' }, clock);
    const draw = () => (clock.textContent = new Date().toLocaleTimeString());
    draw();
    const timer = setInterval(draw, 1000);
    node.stop = () => clearInterval(timer);
    return node;
}

/** Ways of showing the document KEY. */
export function showing(wallet, key) {
    const one = wallet.documents().find((each) => each.key === decodeURIComponent(key));
    if (!one)
        return home(wallet);
    const room = h('div', { class: 'stack' });
    const stops = [];
    const over = () => stops.splice(0).forEach((stop) => stop());
    addEventListener('hashchange', over, { once: true });
    const begin = (run) => async () => {
        over();
        show(room, h('p', { role: 'status' }, t('busy_show')));
        try {
            await run(room, stops);
        } catch (error) {
            show(room, trouble(said(error)));
        }
    };
    const open = wallet.batches.filter((batch) => batch.format === 'org.yaopai.card' && wallet.catalogue.profiles[batch.profile]?.card === 'open' && wallet.catalogue.byType(batch.type) === one.definition);
    return h('div', { class: 'stack' },
        h('div', { class: 'row' }, h('a', { class: 'button plain', href: '#/' }, icon('back'), t('back'))),
        h('h1', {}, t('show_how')), faceOf(wallet, one),
        h('ul', { class: 'list' },
            h('li', {}, h('button', { type: 'button', onclick: () => go('scan') }, icon('scan'), h('span', { class: 'text' }, h('b', {}, t('way_scan')), h('small', {}, t('way_scan_text'))), icon('go'))),
            one.batches.some((batch) => batch.format === 'mso_mdoc')
                ? h('li', {}, h('button', { type: 'button', onclick: begin((node, ends) => counter(wallet, node, ends)) }, icon('people'), h('span', { class: 'text' }, h('b', {}, t('way_counter')), h('small', {}, t('way_counter_text'))), icon('go'))) : null,
            ...open.map((batch) => h('li', {}, h('button', { type: 'button', onclick: begin((node, ends) => openCard(wallet, batch, node, ends)) }, icon('qr'),
                h('span', { class: 'text' }, h('b', {}, t('way_open', { profile: label(wallet.catalogue.profiles[batch.profile]?.title) })), h('small', {}, t('way_open_text'))), icon('go'))))),
        room);
}

/* ---- a code of this moment ---- */

async function openCard(wallet, batch, room, stops) {
    const copy = wallet.copyOf(batch);
    const handed = await wallet.handed(copy);
    await wallet.spend([copy], { way: 'open', profile: batch.profile, party: t('whoever_looks'), documents: [{ name: wallet.catalogue.byType(batch.type)?.name, elements: (batch.attributes ?? []).map((each) => each.name) }], outcome: 'shown' });
    const moving = alive();
    const place = h('div');
    stops.push(() => moving.stop());
    let timer;
    const draw = async () => {
        await showCard(wallet.yaopai, wallet.trust.told(), { issued: handed.bytes, key: handed.key }, {
            agree: async () => true, show: (texts) => show(place, texts.length > 1 ? animated(texts) : code(texts[0], { what: t('card') })) });
    };
    await draw();
    show(room, moving, place, h('p', { class: 'soft small' }, t('open_note')));
    timer = setInterval(() => draw().catch((error) => show(place, trouble(said(error)))), STEP * 1000);
    stops.push(() => clearInterval(timer));
}

/* ---- for a checker who showed a challenge ---- */

/** Answer CHALLENGE (letters): asks, and gives what is to be shown. */
export async function answerChallenge(wallet, challenge) {
    const read = wallet.yaopai.readCode(challenge);
    if (read.kind !== 'challenge')
        throw new Trouble(t('not_a_challenge'), '', t('code_unknown_next'));
    const cards = wallet.batches.filter((batch) => batch.format === 'org.yaopai.card');
    let last = new Trouble(t('no_card'), '', t('no_card_next'));
    for (const batch of cards) {
        const copy = wallet.copyOf(batch);
        const handed = await wallet.handed(copy);
        let texts;
        let asked;
        try {
            await showCard(wallet.yaopai, wallet.trust.told(), { issued: handed.bytes, challenge, key: handed.key }, {
                agree: async (wish) => {
                    asked = wish;
                    return agreeChallenge(wallet, wish, batch, copy);
                },
                show: (each) => (texts = each) });
        } catch (error) {
            if (asked)
                throw error;
            last = error;
            continue; // a card for another purpose
        }
        return shownCode(texts, asked);
    }
    throw said(last);
}

async function agreeChallenge(wallet, asked, batch, copy) {
    const yes = await sheet(t('challenge_title'), (close) => h('div', { class: 'stack' },
        who(wallet, { ...asked, registered: true }, { place: asked.place }),
        asked.allowed && asked.allowed !== 'OK' ? refusal(asked) : null,
        h('section', { class: 'panel stack' }, h('h3', {}, label(wallet.catalogue.byType(batch.type)?.title)),
            h('ul', { class: 'list' }, ...(batch.attributes ?? []).map((one) => {
                const element = wallet.catalogue.element(wallet.catalogue.byType(batch.type), one);
                return h('li', {}, h('div', {}, h('span', { class: 'text' }, h('b', {}, label(element?.label) || one.name)), element?.sensitive ? h('span', { class: 'state warn' }, icon('eye'), t('sensitive')) : null));
            }))),
        h('div', { class: 'row' }, button(t('agree'), () => close(true), { kind: 'first', sign: 'tick' }), button(t('say_no'), () => close(false)))));
    if (yes)
        await wallet.spend([copy], { way: 'sealed', profile: batch.profile, party: nameOf(asked), place: asked.place,
            documents: [{ name: wallet.catalogue.byType(batch.type)?.name, elements: (batch.attributes ?? []).map((each) => each.name) }], outcome: 'shown' });
    return yes;
}

function shownCode(texts, asked) {
    const moving = alive();
    addEventListener('hashchange', () => moving.stop(), { once: true });
    return h('div', { class: 'stack' }, h('h2', {}, t('show_to', { name: nameOf(asked) })), moving,
        texts.length > 1 ? animated(texts) : code(texts[0], { what: t('card') }), h('p', { class: 'soft small' }, t('sealed_note')));
}

/* ---- across the counter ---- */

async function counter(wallet, room, stops) {
    const boxes = await Mailboxes.open(wallet.yaopai, `${location.origin}/mailboxes`);
    const moving = alive();
    stops.push(() => moving.stop());
    let event;
    const end = await hold(wallet.yaopai, wallet.trust.told(), { first_wait: 60, ...boxes.told }, {
        way: boxes,
        show: (text) => show(room, moving, code(text, { what: t('engagement') }), h('p', { class: 'soft small' }, t('counter_note'))),
        choose: async (asked) => {
            const chosen = await chooseCounter(wallet, asked);
            if (!chosen)
                return null;
            event = await wallet.spend(chosen.map((one) => one.copy), { way: 'counter', party: nameOf(asked[0]), profile: asked[0].profile,
                documents: chosen.map((one, at) => ({ name: one.definition?.name, elements: asked[at].elements.map(([, name]) => name) })) });
            return Promise.all(chosen.map(async ({ copy, request }) => {
                const handed = await wallet.handed(copy);
                return { request, issued: handed.bytes, key: handed.key };
            }));
        } });
    if (event)
        await wallet.note(event, { outcome: end.answered ? 'taken' : 'failed' });
    show(room, end.answered ? notice('ok', h('b', {}, t('shown_title'))) : notice('warn', h('p', {}, t('counter_nobody'))), button(t('to_documents'), () => go(''), { kind: 'first wide' }));
}

async function chooseCounter(wallet, asked) {
    const parts = asked.map((one, request) => {
        const batch = wallet.batches.filter((each) => each.format === 'mso_mdoc' && each.type === one.type).at(-1);
        return batch && { request, definition: wallet.catalogue.byType(one.type), copy: wallet.copyOf(batch), one };
    }).filter(Boolean);
    const bad = asked.find((one) => one.allowed !== 'OK' || one.reader !== 'good');
    const yes = await sheet(t('request'), (close) => h('div', { class: 'stack' }, who(wallet, asked[0]),
        bad ? refusal(bad) : parts.length === 0 ? notice('warn', h('b', {}, t('not_held'))) : null,
        ...(bad ? [] : parts.map(({ definition, one }) => h('section', { class: 'panel stack' }, h('h3', {}, label(definition?.title)),
            h('ul', { class: 'list' }, ...one.elements.map(([namespace, name]) => {
                const element = wallet.catalogue.element(definition, { namespace, name });
                return h('li', {}, h('div', {}, h('span', { class: 'text' }, h('b', {}, label(element?.label) || name)), element?.sensitive ? h('span', { class: 'state warn' }, icon('eye'), t('sensitive')) : null));
            }))))),
        h('div', { class: 'row' }, bad || parts.length === 0 ? null : button(t('agree'), () => close(true), { kind: 'first', sign: 'tick' }), button(t('say_no'), () => close(false)))));
    return yes ? parts : null;
}

export { Scanner };
