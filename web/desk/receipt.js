// SPDX-License-Identifier: Apache-2.0
//
// The receipt: who asked whom for what, by names and without a value, signed by
// the desk. Scanned by a wallet, or printed for who has none.

import { code } from '/shared/code.js';
import { h, notice } from '/shared/dom.js';
import { button, sheet } from '/shared/page.js';
import { label, t, when } from '/shared/words.js';

const MOST = 2300; // letters of a code that a phone still reads from a screen

/** Show it, to be scanned or printed. */
export async function receipt({ desk, profile }, judged) {
    const { receipt: letters } = await desk.ask('GET', `/api/${judged.kind}/${judged.id}/receipt`);
    const elements = judged.documents.map(({ definition, attributes = [], type }) => [
        label(definition?.title) || type,
        attributes
            .map((one) => label(desk.catalogue.element(definition, one)?.label) || one.name)
            .join(' · '),
    ]);
    await sheet(t('receipt'), () =>
        h(
            'div',
            { class: 'stack receipt' },
            h('h3', {}, desk.about.name),
            h('p', { class: 'soft small' }, [desk.about.place, desk.about.code].join(' · ')),
            h(
                'dl',
                { class: 'facts' },
                h('dt', {}, t('receipt_purpose')),
                h('dd', {}, label(profile.title)),
                h('dt', {}, t('legal_basis')),
                h('dd', {}, label(profile.legal_basis)),
                h('dt', {}, t('receipt_when')),
                h('dd', {}, when(judged.judged)),
                h('dt', {}, t('receipt_verdict')),
                h('dd', {}, t(`verdict_${judged.verdict}`)),
                h('dt', {}, t('kept_for')),
                h(
                    'dd',
                    {},
                    profile.days > 0 ? t('kept_days', { days: profile.days }) : t('kept_not'),
                ),
                ...elements.flatMap(([title, names]) => [
                    h('dt', {}, title),
                    h('dd', {}, names || '—'),
                ]),
            ),
            letters.length <= MOST
                ? code(letters, { what: t('receipt') })
                : notice('unknown', h('p', {}, t('receipt_sent'))),
            h('p', { class: 'soft small' }, t('receipt_text')),
            button(t('print'), () => print(), { kind: 'first no-print', sign: 'print' }),
        ),
    );
}
