// SPDX-License-Identifier: Apache-2.0
//
// What a relying party signed that it was shown (docs/formats/receipt.md).

import { h, icon, notice, state } from '/shared/dom.js';
import { Trouble, button, toast } from '/shared/page.js';
import { knows, label, t, when } from '/shared/words.js';
import { done } from './ending.js';
import { fromLetters } from './store.js';

/** A receipt that was scanned after a card was shown to a checker; gives what is to be seen. */
export async function takeReceipt(wallet, letters) {
    for (const event of wallet.events.filter((one) => one.bound)) {
        const said = wallet.yaopai.readReceipt(
            letters,
            fromLetters(event.bound),
            wallet.trust.told(),
        );
        if (!said.receipt_verified) continue;
        await wallet.note(event, {
            outcome: 'taken',
            receipt: said.receipt,
            receiptVerified: true,
            receiptSays: said.receipt_says,
        });
        return done(t('receipt_kept'), t('receipt_kept_text', { name: event.party }));
    }
    throw new Trouble(t('receipt_none'), t('receipt_none_why'), t('receipt_none_next'));
}

/** The receipt of EVENT as a panel. */
export function receiptPanel(event) {
    if (!event.receipt) return h('p', { class: 'soft small' }, t('receipt_absent'));
    const says = event.receiptSays;
    const verdict =
        says && knows(`receipt_${says.verdict}`) ? t(`receipt_${says.verdict}`) : says?.verdict;
    const facts = says
        ? [
              [t('receipt_when'), when(says.when)],
              [t('receipt_verdict'), verdict],
              [t('asks_for'), label(says.purpose)],
              [t('asks_law'), label(says.legal_basis)],
              [t('receipt_until'), when(says.until)],
              [t('receipt_id'), says.id],
          ].filter(([, value]) => value)
        : [];
    return h(
        'section',
        { class: 'panel stack' },
        h(
            'div',
            { class: 'row apart' },
            h('h2', {}, t('receipt')),
            event.receiptVerified
                ? state('ok', t('receipt_good'))
                : state('bad', t('receipt_unverified')),
        ),
        event.receiptVerified ? null : notice('warn', h('p', {}, t('receipt_bad'))),
        h(
            'dl',
            { class: 'facts' },
            ...facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
        ),
        button([icon('copy'), t('receipt_copy')], async () => {
            await navigator.clipboard.writeText(event.receipt);
            toast(t('copied'));
        }),
    );
}
