// SPDX-License-Identifier: Apache-2.0
//
// Whatever code or link is brought to the wallet: an offer, a request, a
// challenge of a checker, the code of a counter, a receipt.

import { h, icon, show } from '/shared/dom.js';
import { Trouble, button, trouble } from '/shared/page.js';
import { Scanner } from '/shared/scan.js';
import { t } from '/shared/words.js';
import { Parts, cleaned, kindOf } from './codes.js';
import { said } from './errors.js';
import { receiveOffer } from './offer.js';
import { takeReceipt } from './receipt.js';
import { answerRequest, answerStanding } from './request.js';
import { answerChallenge } from './challenge.js';

const RUN = {
    offer: receiveOffer,
    request: answerRequest,
    challenge: answerChallenge,
    standing: answerStanding,
    receipt: takeReceipt,
};

let running; // what goes on, as it is seen: drawn anew, the page shows it again

/** Scan; BROUGHT is a text that came already. */
export function scan(wallet, brought) {
    if (running && !brought) return running;
    const room = h('div', { class: 'stack' });
    const title = h('h1', {}, t('scan_title'));
    let scanner;
    let parts;
    const over = () => {
        scanner?.stop();
        scanner = undefined;
    };
    const begin = () => {
        parts = new Parts(wallet.yaopai);
        scanner = new Scanner({ take });
        addEventListener('yaopai:leave', over, { once: true });
        title.classList.remove('unseen');
        show(room, h('p', { class: 'soft' }, t('scan_text')), scanner.node);
    };
    const follow = async (kind, text) => {
        over();
        running = whole;
        show(
            room,
            h(
                'div',
                { class: 'panel row', role: 'status' },
                icon('clock'),
                h('p', {}, t(`busy_${kind}`)),
            ),
        );
        try {
            show(room, await RUN[kind](wallet, text));
            title.classList.add('unseen'); // what came of it has a heading of its own
        } catch (error) {
            show(
                room,
                trouble(said(error)),
                button(t('scan_again'), begin, { sign: 'scan', kind: 'wide' }),
            );
        }
        if (running === whole) running = undefined;
        room.querySelector('h2')?.setAttribute('tabindex', '-1');
        room.querySelector('h2')?.focus({ preventScroll: true });
    };
    const part = (text) => {
        const { count, total, texts } = parts.take(text);
        scanner?.say(h('p', { role: 'status' }, t('parts', { count, total })));
        return texts ? follow('challenge', texts) : undefined;
    };
    const take = (text) => {
        const whole = cleaned(text);
        const kind = kindOf(whole);
        try {
            if (kind === 'part') return part(whole);
        } catch (error) {
            return scanner?.say(trouble(said(error)));
        }
        if (!(kind in RUN))
            return scanner?.say(
                trouble(
                    new Trouble(
                        t('code_unknown'),
                        kind === 'card' ? t('code_card') : '',
                        t('code_unknown_next'),
                    ),
                ),
            );
        return follow(kind, whole);
    };
    const whole = h('div', { class: 'stack' }, title, room);
    begin();
    if (brought) take(brought);
    return whole;
}
