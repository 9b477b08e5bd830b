// SPDX-License-Identifier: Apache-2.0
//
// Whatever code or link is brought to the wallet: an offer, a request, a
// challenge of a checker.

import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, button, go, sheet, trouble } from '/shared/page.js';
import { Scanner } from '/shared/scan.js';
import { label, t } from '/shared/words.js';
import { present } from '/wasm/present.mjs';
import { consent } from './consent.js';
import { picture } from './catalogue.js';
import { answerChallenge } from './showing.js';

/** What TEXT is: "offer", "request", "challenge", "engagement", or undefined. */
export function kindOf(text) {
    if (/^openid-credential-offer:|^haip-vci:|[?&#]credential_offer(_uri)?=/.test(text))
        return 'offer';
    if (/^openid4vp:|^haip-vp:|[?&]request_uri=|[?&]client_id=/.test(text))
        return 'request';
    if (/^YP1[CQX]?:/.test(text) || /^YPC/.test(text))
        return 'challenge';
    return undefined;
}

/** The link in a link to this page: http://wallet/#openid4vp://... */
const unwrapped = (text) => {
    const at = text.indexOf('#');
    return /^https?:/.test(text) && at > 0 && kindOf(decodeURIComponent(text.slice(at + 1))) ? decodeURIComponent(text.slice(at + 1)) : text;
};

export function scan(wallet, brought) {
    const room = h('div', { class: 'stack' });
    let scanner;
    const take = async (text) => {
        const link = unwrapped(text.trim().split(/\s/)[0]); // what was copied may have words behind it
        const kind = kindOf(link);
        if (!kind)
            return scanner?.say(trouble(new Trouble(t('code_unknown'), '', t('code_unknown_next'))));
        scanner?.stop();
        scanner = undefined;
        show(room, h('div', { class: 'panel row' }, icon('clock'), h('p', { role: 'status' }, t(`busy_${kind}`))));
        try {
            show(room, await { offer: receiveOffer, request: answerRequest, challenge: answerChallenge }[kind](wallet, link));
        } catch (error) {
            show(room, trouble(said(error)), button(t('scan_again'), begin, { sign: 'scan' }));
        }
        return undefined;
    };
    const begin = () => {
        scanner = new Scanner({ take });
        show(room, scanner.node);
    };
    addEventListener('hashchange', () => scanner?.stop(), { once: true });
    if (brought)
        take(decodeURIComponent(brought));
    else
        begin();
    return h('div', { class: 'stack' }, h('h1', {}, t('scan_title')), room);
}

/** What the core refused, as people read it. */
export function said(error) {
    if (error instanceof Trouble || !error?.code)
        return error;
    const key = `core_${error.code}`;
    const text = t(key);
    return new Trouble(t('core_refused'), text === key ? `${error.code}` : text, error.end?.said || t('core_next'));
}

/* ---- an offer ---- */

async function askCode({ length, letters, text, again }) {
    return sheet(t('tx_code'), (close) => {
        const input = h('input', { id: 'tx', inputmode: letters ? 'text' : 'numeric', autocomplete: 'one-time-code', maxlength: length || 32 });
        const form = h('form', { class: 'stack', onsubmit: (event) => {
            event.preventDefault();
            close(input.value.trim());
        } }, again ? notice('bad', h('p', {}, t('tx_again'))) : null,
        h('div', { class: 'field' }, h('label', { for: 'tx' }, text || t('tx_text')), input),
        h('button', { class: 'button first', type: 'submit' }, t('continue')));
        return form;
    });
}

async function confirm(wallet, { issuer, calls_itself: name, items }) {
    return sheet(t('offer_title'), (close) => h('div', { class: 'stack' },
        h('p', {}, t('offer_from', { name: name || issuer })), h('p', { class: 'soft small' }, issuer),
        ...items.filter((item) => item.state === 'good').map((item) => {
            const definition = wallet.catalogue.byType(item.type);
            const facts = item.attributes.filter((one) => !picture(one.value)).slice(0, 6);
            return h('section', { class: 'panel stack' }, h('h3', {}, label(definition?.title) || item.title || item.type),
                h('p', { class: 'soft small' }, t(`format_${item.format}`), item.profile ? ` · ${label(wallet.catalogue.profiles[item.profile]?.title)}` : ''),
                h('dl', { class: 'facts' }, ...facts.flatMap((one) => {
                    const element = wallet.catalogue.element(definition, one);
                    return [h('dt', {}, label(element?.label) || one.name), h('dd', {}, wallet.catalogue.text(element, one.value))];
                })));
        }),
        ...items.filter((item) => item.state === 'bad').map((item) => notice('warn', h('p', {}, t('offer_bad', { title: item.title || item.id, why: item.why })))),
        h('div', { class: 'row' }, button(t('offer_take'), () => close(true), { kind: 'first', sign: 'tick' }), button(t('say_no'), () => close(false)))));
}

async function receiveOffer(wallet, offer) {
    const got = await wallet.receive(offer, { askCode, confirm: (asked) => confirm(wallet, asked) });
    const kept = got.items.filter((item) => item.state === 'kept');
    return h('div', { class: 'stack' }, notice('ok', h('b', {}, t('kept_title')), h('p', {}, t('kept_text', { count: kept.length }))),
        button(t('to_documents'), () => go(''), { kind: 'first wide', sign: 'card' }));
}

/* ---- a request ---- */

async function answerRequest(wallet, link) {
    const held = wallet.batches.filter((batch) => batch.format !== 'org.yaopai.card').map((batch) => wallet.copyOf(batch));
    const event = { way: 'remote' };
    const handed = await Promise.all(held.map((one) => wallet.handed(one)));
    const end = await present(wallet.yaopai, wallet.trust.told(), { link, held: handed, loopback: wallet.trust.loopback }, {
        choose: (asked) => consent(wallet, asked, held, event),
        open: async (url) => (event.back = url) })
        .catch(async (error) => {
            if (event.id)
                await wallet.note(event, { outcome: 'failed' });
            throw error;
        });
    await wallet.note(event, { outcome: 'taken', receipt: end.receipt });
    return h('div', { class: 'stack' }, notice('ok', h('b', {}, t('shown_title')), h('p', {}, t('shown_text', { name: event.party }))),
        event.back ? h('a', { class: 'button first wide', href: event.back, rel: 'noopener' }, t('go_back')) : null,
        button(t('to_documents'), () => go(''), { kind: event.back ? 'wide' : 'first wide', sign: 'card' }));
}
