// SPDX-License-Identifier: Apache-2.0
//
// The end: the code that a wallet reads, for two minutes and once; what is
// printed for who has no telephone.

import { code } from '/shared/code.js';
import { h, icon, notice, show } from '/shared/dom.js';
import { button } from '/shared/page.js';
import { label, t, when } from '/shared/words.js';
import { print } from './help.js';
import { accessCard, receipt } from './paper.js';

/** 3TEX-X8GW-GWKE */
export const inFours = (text) => text.match(/.{1,4}/g).join('-');

const two = (number) => String(number).padStart(2, '0');

function accessPanel(kiosk, given) {
    return h(
        'section',
        { class: 'panel stack given' },
        h('h2', {}, t('given')),
        h(
            'b',
            { class: 'big mono', role: 'img', 'aria-label': given.split('').join(' ') },
            inFours(given),
        ),
        h('p', {}, t('given_text')),
        button(t('given_print'), () => print(() => accessCard(given), 'paper_out_code'), {
            sign: 'print',
        }),
    );
}

function forWallet(kiosk, over) {
    const {
        visit: { offer: made },
        config,
    } = kiosk;
    const life = Math.max(1, made.expires - Math.floor(made.came / 1000));
    const ends = made.came + Math.min(life, 120) * 1000;
    const clock = h('b', { class: 'clock', role: 'timer' });
    const bar = h('progress', { max: 120, value: 120, 'aria-label': t('offer_left') });
    const picture = code(made.offer, {
        what: t('offer'),
        level: 'L',
        link: config.wallet ? `${config.wallet.replace(/\/?$/, '/')}#${made.offer}` : undefined,
    });
    const room = h(
        'div',
        { class: 'offer panel' },
        h('div', { class: 'row left' }, icon('clock'), clock, bar),
        picture,
    );
    const tick = () => {
        const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
        clock.textContent = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
        bar.value = seconds;
        if (seconds === 0) {
            clearInterval(room.timer);
            over(room);
        }
    };
    room.timer = setInterval(tick, 500);
    tick();
    return room;
}

function notYet(made) {
    return h(
        'div',
        { class: 'stack' },
        notice(
            'warn',
            h('b', {}, t('notice_title')),
            h('p', {}, t('notice_text', { when: when(made.notice_until) })),
        ),
    );
}

export function offer(kiosk) {
    const { visit } = kiosk;
    const made = visit.offer;
    const over = (room) =>
        show(room, notice('warn', h('b', {}, t('offer_over')), h('p', {}, t('offer_over_next'))));
    const right = made.offer ? forWallet(kiosk, over) : notYet(made);
    const chosen = (visit.documents ?? [])
        .filter((one) => visit.chosen.has(one.name))
        .map((one) => label(one.title));
    const node = h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t(made.offer ? 'offer_title' : 'notice_head')),
        h(
            'div',
            { class: 'columns' },
            h(
                'div',
                { class: 'stack' },
                made.offer
                    ? h(
                          'ol',
                          { class: 'howto' },
                          h('li', {}, t('offer_1')),
                          h('li', {}, t('offer_2')),
                          h('li', {}, t('offer_3')),
                      )
                    : null,
                h('p', { class: 'soft' }, t('offer_documents', { list: chosen.join(t('comma')) })),
                made.access_code ? accessPanel(kiosk, made.access_code) : null,
            ),
            right,
        ),
        h(
            'div',
            { class: 'row onward' },
            button(
                t('receipt_print'),
                () => print(() => receipt(kiosk, chosen), 'paper_out_receipt'),
                { sign: 'print' },
            ),
            button(t('finish'), () => kiosk.finish({ kind: 'ok', key: 'end_done' }), {
                kind: 'first',
                sign: 'tick',
            }),
        ),
    );
    node.stop = () => clearInterval(right.timer);
    return node;
}
