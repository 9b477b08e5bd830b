// SPDX-License-Identifier: Apache-2.0
//
// What a person agrees to beside showing documents, each field in a line of its
// own (docs/formats/transactions.md). What has others never came so far: the core
// refuses it.

import { h, icon } from '/shared/dom.js';
import { knows, t } from '/shared/words.js';

const FIELDS = {
    'urn:yaopai:payment:1': ['payee', 'amount', 'currency', 'reference'],
    'urn:yaopai:contract:1': ['title', 'with', 'reference', 'sha256'],
};

const KIND = { 'urn:yaopai:payment:1': 'payment', 'urn:yaopai:contract:1': 'contract' };

/** ONE transaction, as a panel. */
export function agreed(one) {
    const kind = KIND[one.type];
    const word = (name) => (knows(`${kind}_${name}`) ? t(`${kind}_${name}`) : name);
    return h(
        'section',
        { class: 'panel stack agreed' },
        h(
            'div',
            { class: 'row' },
            icon('pen'),
            h(
                'h3',
                {},
                kind ? t('transaction_of', { what: t(`agree_${kind}`) }) : t('transaction'),
            ),
        ),
        h(
            'dl',
            { class: 'facts' },
            ...(FIELDS[one.type] ?? [])
                .filter((name) => name in one)
                .flatMap((name) => [h('dt', {}, word(name)), h('dd', {}, String(one[name]))]),
        ),
    );
}
