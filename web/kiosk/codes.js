// SPDX-License-Identifier: Apache-2.0
//
// The codes that a person chooses: six digits for the wallet, and one for when
// the telephone is lost. They are sent once and shown to nobody.

import { h } from '/shared/dom.js';
import { button, trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { keypad } from './keypad.js';
import { listPapers } from './known.js';
import { sheets } from './sheets.js';

const TRANSACTION = 6;
const ACCESS = 8;

/* Which of the two would be guessed is not told: both are typed again. */
function finish(kiosk) {
    return kiosk.step(async (visit) => {
        try {
            await visit.makeOffer();
        } catch (error) {
            if (error.code !== 'weak_code') throw error;
            Object.assign(visit, {
                codes: { transaction: '', access: '', way: '' },
                codesAt: 'transaction',
                weak: error,
            });
        }
    });
}

/* Who has no telephone goes another way from here, if there is paper of what was chosen. */
function byPaper(kiosk) {
    const { visit } = kiosk;
    const room = h('section', { class: 'panel stack no-phone' }, h('h2', {}, t('no_phone')));
    const counter = () => h('p', { class: 'soft' }, t('no_phone_counter'));
    listPapers(visit.chosen).then(
        (papers) =>
            room.append(
                ...(papers.length > 0
                    ? [
                          h('p', { class: 'soft' }, t('no_phone_text')),
                          h(
                              'div',
                              { class: 'stack' },
                              button(
                                  t('by_paper'),
                                  () => {
                                      visit.codesAt = 'paper';
                                      kiosk.draw();
                                  },
                                  { kind: 'wide', sign: 'print' },
                              ),
                          ),
                      ]
                    : [counter()]),
            ),
        () => room.append(counter()),
    );
    return room;
}

function transaction(kiosk) {
    const { visit } = kiosk;
    const go = button(
        t('continue'),
        () => {
            visit.codes.transaction = pad.value;
            Object.assign(visit, { codesAt: 'access', weak: null });
            kiosk.draw();
        },
        { kind: 'first wide', sign: 'go' },
    );
    const pad = keypad({
        name: t('code_name'),
        length: [TRANSACTION, TRANSACTION],
        secret: true,
        input: (text, enough) => {
            go.disabled = !enough;
        },
        done: () => go.click(),
    });
    return h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t('code')),
        h(
            'div',
            { class: 'columns' },
            h(
                'div',
                { class: 'stack' },
                visit.weak ? trouble(visit.weak) : null,
                h('p', { class: 'lead' }, t('code_text')),
                h(
                    'ul',
                    { class: 'plain' },
                    h('li', {}, t('code_1')),
                    h('li', {}, t('code_2')),
                    h('li', {}, t('code_3')),
                ),
                byPaper(kiosk),
            ),
            h('div', { class: 'stack' }, pad, h('div', { class: 'stack' }, go)),
        ),
    );
}

function access(kiosk) {
    const { visit } = kiosk;
    const take =
        (way, code = '') =>
        async () => {
            Object.assign(visit.codes, { way, access: code || pad.value });
            await finish(kiosk);
        };
    const own = button(t('access_own'), take('own'), { kind: 'first wide', sign: 'go' });
    const pad = keypad({
        name: t('access_name'),
        length: [ACCESS, ACCESS],
        secret: true,
        input: (text, enough) => {
            own.disabled = !enough;
        },
        done: () => own.click(),
    });
    return h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h('h1', {}, t('access')),
        h(
            'div',
            { class: 'columns' },
            h(
                'div',
                { class: 'stack' },
                h('p', { class: 'lead' }, t('access_text')),
                h(
                    'div',
                    { class: 'stack' },
                    button(t('access_given'), take('given'), { kind: 'wide', sign: 'print' }),
                ),
                h('p', { class: 'soft' }, t('access_given_text')),
                h(
                    'div',
                    { class: 'stack' },
                    button(t('access_kept'), take('kept'), { kind: 'wide', sign: 'key' }),
                ),
                h('p', { class: 'soft' }, t('access_kept_text')),
                h(
                    'div',
                    { class: 'stack' },
                    button(
                        t('code_other'),
                        () => {
                            visit.codesAt = 'transaction';
                            kiosk.draw();
                        },
                        { kind: 'plain', sign: 'back' },
                    ),
                ),
            ),
            h('div', { class: 'stack' }, pad, h('div', { class: 'stack' }, own)),
        ),
    );
}

export function codes(kiosk) {
    if (kiosk.visit.codesAt === 'paper') return sheets(kiosk);
    return kiosk.visit.codesAt === 'access' && kiosk.visit.codes.transaction
        ? access(kiosk)
        : transaction(kiosk);
}
