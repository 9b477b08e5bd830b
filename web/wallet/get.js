// SPDX-License-Identifier: Apache-2.0
//
// Documents by the authority's own page: it opens in a window, the person says
// there who they are, and it comes back to this page with a code.

import { fetchBytes } from '/wasm/wishes.mjs';
import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, button, trouble } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { CHANNEL } from './comeback.js';
import { said } from './errors.js';
import { askCode, confirm, kept } from './offer.js';

const PATIENCE = 10 * 60 * 1000; // for the person on the authority's page

/* The query with which it came back; undefined when nobody came. */
function openPage(url, page) {
    return new Promise((resolve) => {
        const channel = new BroadcastChannel(CHANNEL);
        const over = (query) => {
            channel.close();
            clearTimeout(timer);
            resolve(query);
        };
        const timer = setTimeout(over, PATIENCE);
        channel.onmessage = ({ data }) => over(String(data));
        if (page && !page.closed) page.location.replace(url);
        else over(undefined);
    });
}

/* What this authority issues: [[id, title]], cards left out: they come with their document. */
async function offered(wallet) {
    const { status, body } = await fetchBytes({
        method: 'GET',
        url: `${wallet.trust.authority}/.well-known/openid-credential-issuer`,
    });
    if (status !== 200) throw new Trouble(t('get_failed'), t('core_NET'), t('trouble_next'));
    const { credential_configurations_supported: all } = JSON.parse(new TextDecoder().decode(body));
    const groups = new Map();
    for (const id of Object.keys(all)) {
        const name = Object.keys(wallet.catalogue.documents).find(
            (one) => id === `${one}_mdoc` || id === `${one}_sdjwt` || id.startsWith(`${one}_card.`),
        );
        if (name) groups.set(name, [...(groups.get(name) ?? []), id]);
    }
    return groups;
}

/** Choose documents, and get them. */
export async function get(wallet) {
    const room = h('div', { class: 'stack' });
    const groups = await offered(wallet).catch((error) => error);
    if (groups instanceof Error)
        return h('div', { class: 'stack' }, h('h1', {}, t('get_title')), trouble(groups));
    const chosen = new Set();
    const run = async () => {
        if (chosen.size === 0) throw new Trouble(t('get_none'), '', t('get_none_next'));
        const page = open('about:blank', 'yaopai-authority', 'popup,width=460,height=780'); // before anything is waited for: else it is blocked
        show(
            room,
            h(
                'div',
                { class: 'panel row', role: 'status' },
                icon('clock'),
                h('p', {}, t('get_waiting')),
            ),
        );
        try {
            const got = await wallet.receive(
                {
                    issuer: wallet.trust.authority,
                    ids: [...chosen].flatMap((name) => groups.get(name)),
                    redirect_uri: `${location.origin}/`,
                },
                {
                    askCode,
                    confirm: (asked) => confirm(wallet, asked),
                    openPage: (url) => openPage(url, page),
                },
            );
            show(room, kept(wallet, got));
        } catch (error) {
            show(
                room,
                trouble(said(error)),
                button(t('get_again'), () => begin()),
            );
        } finally {
            page?.close();
        }
    };
    const begin = () =>
        show(
            room,
            h('p', { class: 'soft' }, t('get_text')),
            h(
                'ul',
                { class: 'list' },
                ...[...groups.keys()].map((name) =>
                    h(
                        'li',
                        {},
                        h(
                            'label',
                            {},
                            icon('card'),
                            h(
                                'span',
                                { class: 'text' },
                                h('b', {}, label(wallet.catalogue.documents[name].title)),
                            ),
                            h('input', {
                                type: 'checkbox',
                                class: 'switch',
                                onchange: (event) =>
                                    event.target.checked ? chosen.add(name) : chosen.delete(name),
                            }),
                        ),
                    ),
                ),
            ),
            button(t('get_go'), run, { kind: 'first wide', sign: 'person' }),
            notice('unknown', h('p', {}, t('get_kiosk'))),
        );
    begin();
    return h('div', { class: 'stack' }, h('h1', {}, t('get_title')), room);
}
