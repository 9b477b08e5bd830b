// SPDX-License-Identifier: Apache-2.0
//
// A request of a relying party is answered: on line, and at a counter by the
// code that stands there on paper.

import { fetchBytes } from '/wasm/wishes.mjs';
import { present } from '/wasm/present.mjs';
import { h, icon, notice } from '/shared/dom.js';
import { Trouble, button, sheet } from '/shared/page.js';
import { t } from '/shared/words.js';
import { consent, nameOf, refusal, who } from './consent.js';
import { done } from './ending.js';
import { said } from './errors.js';

/** The documents that can be shown on line: a copy of each batch. */
const heldOf = (wallet) =>
    wallet
        .held()
        .filter((batch) => ['mso_mdoc', 'dc+sd-jwt'].includes(batch.format))
        .map((batch) => wallet.copyOf(batch));

async function run(wallet, link, event, allowed = () => true) {
    const held = heldOf(wallet);
    const handed = await Promise.all(held.map((one) => wallet.handed(one)));
    const end = await present(
        wallet.yaopai,
        wallet.trust.told(),
        { link, held: handed, loopback: wallet.trust.loopback, tell: true },
        {
            choose: async (asked) => (
                (event.refused = asked),
                allowed(asked) ? consent(wallet, asked, held, event) : null
            ),
            open: async (url) => (event.back = url),
        },
    ).catch(async (error) => {
        if (event.id) await wallet.note(event, { outcome: 'failed' });
        throw error;
    });
    await wallet.note(event, {
        outcome: 'taken',
        receipt: end.receipt,
        receiptVerified: end.receipt_verified,
        receiptSays: end.receipt_says,
    });
    return end;
}

/* What the core says of a request whose signature was good: who asks is who they say. */
const TOO_MUCH = ['more is asked for than was registered', 'a pseudonym was not registered'];

/** Who asked for what was not registered: told by name, and nothing was shown. */
function overAsked(wallet, link, error) {
    const client = new URLSearchParams(link.slice(link.indexOf('?') + 1)).get('client_id') ?? '';
    let party = {};
    try {
        party = wallet.yaopai.readParty(client, wallet.trust.told());
    } catch {
        // nobody of the list
    }
    const asked = { ...party, client_id: client };
    if (!party.name) throw said(error);
    return h(
        'div',
        { class: 'stack' },
        who(wallet, { ...asked, registered: true }),
        refusal(wallet, asked),
    );
}

/** Answer the request of LINK; gives what is to be seen. */
export async function answerRequest(wallet, link) {
    const event = { way: 'remote' };
    try {
        await run(wallet, link, event);
    } catch (error) {
        if (TOO_MUCH.includes(error.end?.refusal) && !event.refused)
            return overAsked(wallet, link, error);
        if (error.end?.refusal === 'the request is not signed')
            // a name that stands in it may be anybody's
            throw new Trouble(t('core_refused'), t('unsigned'), t('core_next'));
        if (error.code === 'REFUSED' && !event.id && event.refused && error.end?.where === 'person')
            return notShown();
        throw error;
    }
    return done(t('shown_title'), t('shown_text', { name: event.party }), {
        back: event.back,
        more: receiptNote(event),
    });
}

/** Nothing was shown, as the person wished. */
export const notShown = () => done(t('said_no'), t('said_no_text'), { kind: 'unknown' });

function receiptNote(event) {
    if (!event.receipt) return [];
    return [
        notice(
            event.receiptVerified ? 'ok' : 'warn',
            h('p', {}, t(event.receiptVerified ? 'receipt_came' : 'receipt_bad')),
        ),
    ];
}

/* ---- the code on paper --------------------------------------------------- */

const isNumber = (text) => typeof text === 'string' && /^[1-9][0-9]$/.test(text);

async function openSession(wallet, code) {
    if (!wallet.trust.loopback && !code.url.startsWith('https://'))
        throw new Trouble(t('standing_refused'), t('standing_plain'), t('standing_next'));
    const { status, body } = await fetchBytes({
        method: 'POST',
        url: `${code.url}/standing/${code.id}`,
    });
    if (status !== 201)
        throw new Trouble(t('standing_refused'), t('standing_closed'), t('standing_next'));
    const { request, number } = JSON.parse(new TextDecoder().decode(body));
    if (!isNumber(number) || typeof request !== 'string')
        throw new Trouble(t('standing_refused'), t('core_MALFORMED'), t('standing_next'));
    return { request, number };
}

/** Answer at the counter whose code LETTERS is: the place is confirmed first, and at the end a number is said. */
export async function answerStanding(wallet, letters) {
    const code = wallet.yaopai.readStanding(letters, wallet.trust.told());
    const there = await sheet(t('standing_title'), (close) =>
        h(
            'div',
            { class: 'stack' },
            who(wallet, { ...code, registered: true }),
            h(
                'section',
                { class: 'panel place' },
                icon('globe'),
                h(
                    'div',
                    {},
                    h('small', { class: 'soft' }, t('asks_place')),
                    h('b', {}, code.place),
                ),
            ),
            notice('unknown', h('p', {}, t('standing_ask'))),
            h(
                'div',
                { class: 'row actions' },
                button(t('standing_here'), () => close(true), { kind: 'first', sign: 'tick' }),
                button(t('standing_not'), () => close()),
            ),
        ),
    );
    if (!there) return notShown();
    const { request, number } = await openSession(wallet, code);
    const event = { way: 'standing', place: code.place };
    let other = false;
    try {
        await run(wallet, request, event, (asked) => {
            other = asked.certificate !== code.reader || asked.profile !== code.profile;
            return !other;
        });
    } catch (error) {
        if (other)
            throw new Trouble(t('standing_refused'), t('standing_other'), t('standing_next'));
        if (error.code === 'REFUSED' && !event.id && event.refused && error.end?.where === 'person')
            return notShown();
        throw error;
    }
    return done(t('shown_title'), t('standing_say', { name: nameOf(code) }), {
        more: [
            h('p', { class: 'number', 'aria-label': t('standing_number', { number }) }, number),
            ...receiptNote(event),
        ],
    });
}
