// SPDX-License-Identifier: Apache-2.0
//
// How the page looks, what it keeps, what can be saved and restored, and how to
// be rid of all of it.

import { h, icon, notice, state } from '/shared/dom.js';
import { looksPart } from '/shared/looks.js';
import { Trouble, again, button, toast } from '/shared/page.js';
import { pagePart } from '/shared/vouched.js';
import { span, t } from '/shared/words.js';
import { erasePart } from './erasing.js';
import * as lock from './lock.js';
import { chosen, choose } from './quick.js';
import { titleOf } from './states.js';

async function quickPart(wallet) {
    const now = await chosen();
    const list = h(
        'select',
        {
            id: 'quick',
            onchange: async (event) => {
                await choose(wallet, event.target.value);
                again();
            },
        },
        h('option', { value: '', selected: !now }, t('quick_none')),
        ...wallet
            .documents()
            .map((one) => h('option', { value: one.key, selected: one.key === now }, titleOf(one))),
    );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('quick_title')),
        h('p', { class: 'soft' }, t('quick_text')),
        h('div', { class: 'field' }, h('label', { for: 'quick' }, t('quick_which')), list),
        now ? notice('warn', h('p', {}, t('quick_warn'))) : null,
    );
}

const trustPart = (wallet) =>
    h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('trust_title')),
        h(
            'p',
            {},
            wallet.trust.kept.bundle
                ? t('trust_age', { age: span(Math.max(1, wallet.trust.age())) })
                : t('no_trust'),
        ),
        h('p', { class: 'soft small mono' }, wallet.trust.authority ?? ''),
        button(t('trust_refresh'), async () => {
            await wallet.trust.refresh();
            toast(t('trust_refreshed'));
            again();
        }),
    );

/* How it is locked, and whether the browser may throw it away. */
async function keepingPart() {
    const kind = await lock.kind();
    const kept = await navigator.storage?.persisted?.().catch(() => false);
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('keeping_title')),
        h('div', {}, state(kind === 'pin' ? 'warn' : 'ok', t(`locked_by_${kind}`))),
        h('p', { class: 'soft small' }, t(`locked_by_${kind}_text`)),
        h('div', {}, state(kept ? 'ok' : 'warn', t(kept ? 'kept_for_good' : 'kept_for_now'))),
        kept
            ? null
            : [
                  h('p', { class: 'soft small' }, t('kept_for_now_text')),
                  button(t('keep_ask'), async () => {
                      const got = await navigator.storage?.persist?.().catch(() => false);
                      if (!got)
                          throw new Trouble(t('keep_no'), t('keep_no_why'), t('keep_no_next'));
                      again();
                  }),
              ],
    );
}

export async function settings(wallet) {
    return h(
        'div',
        { class: 'stack' },
        h('h1', {}, t('settings')),
        looksPart(),
        h(
            'ul',
            { class: 'list' },
            h(
                'li',
                {},
                h(
                    'a',
                    { href: '#/own' },
                    icon('eye'),
                    h(
                        'span',
                        { class: 'text' },
                        h('b', {}, t('own_title')),
                        h('small', {}, t('own_short')),
                    ),
                    icon('go'),
                ),
            ),
            h(
                'li',
                {},
                h(
                    'a',
                    { href: '#/save' },
                    icon('download'),
                    h(
                        'span',
                        { class: 'text' },
                        h('b', {}, t('save_title')),
                        h('small', {}, t('save_short')),
                    ),
                    icon('go'),
                ),
            ),
            h(
                'li',
                {},
                h(
                    'a',
                    { href: '#/lost' },
                    icon('phone'),
                    h(
                        'span',
                        { class: 'text' },
                        h('b', {}, t('lost_title')),
                        h('small', {}, t('lost_short')),
                    ),
                    icon('go'),
                ),
            ),
            h(
                'li',
                {},
                h(
                    'button',
                    { type: 'button', onclick: () => location.reload() },
                    icon('lock'),
                    h('span', { class: 'text' }, h('b', {}, t('lock_now'))),
                    icon('go'),
                ),
            ),
        ),
        await quickPart(wallet),
        await keepingPart(),
        trustPart(wallet),
        pagePart(),
        erasePart(wallet),
    );
}
