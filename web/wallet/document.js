// SPDX-License-Identifier: Apache-2.0
//
// One document: its face, how it stands, what it says, its copies.

import { h, icon, notice, state } from '/shared/dom.js';
import { again, button, go, sheet, toast } from '/shared/page.js';
import { label, t, when } from '/shared/words.js';
import { details } from './details.js';
import { said } from './errors.js';
import { faceOf } from './faces.js';
import { home } from './home.js';
import { copiesOf, standing, titleOf } from './states.js';

function renewal(wallet, one) {
    const sources = [
        ...new Set(one.batches.map((batch) => wallet.sourceOf(batch)).filter(Boolean)),
    ];
    if (sources.length === 0) return h('p', { class: 'soft small' }, t('renew_none'));
    return button(
        t('renew'),
        async () => {
            try {
                for (const source of sources) await wallet.renew(source);
            } catch (error) {
                throw said(error);
            }
            toast(t('renewed'));
            again();
        },
        { kind: 'wide', sign: 'download' },
    );
}

function remove(wallet, one) {
    return button(
        t('delete_document'),
        async () => {
            const yes = await sheet(t('delete_document'), (close) =>
                h(
                    'div',
                    { class: 'stack' },
                    h('p', {}, t('delete_text')),
                    h(
                        'div',
                        { class: 'row actions' },
                        button(t('delete_yes'), () => close(true), {
                            kind: 'danger',
                            sign: 'trash',
                        }),
                        button(t('cancel'), () => close()),
                    ),
                ),
            );
            if (yes) {
                await wallet.remove(one.batches);
                go('');
            }
        },
        { kind: 'danger wide', sign: 'trash' },
    );
}

function copies(wallet, one) {
    const row = (batch) =>
        h(
            'li',
            {},
            h(
                'div',
                {},
                h(
                    'span',
                    { class: 'text' },
                    h('b', {}, t(`format_${batch.format}`)),
                    h(
                        'small',
                        {},
                        batch.profile
                            ? label(wallet.catalogue.profiles[batch.profile]?.title)
                            : t('received', { when: when(batch.received) }),
                    ),
                ),
                state(...copiesOf(batch)),
            ),
        );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('copies')),
        h('p', { class: 'soft small' }, t('copies_text')),
        h('ul', { class: 'list' }, ...one.batches.map(row)),
        renewal(wallet, one),
    );
}

/** The document KEY. */
export async function detail(wallet, key) {
    const one = wallet.documents().find((each) => each.key === decodeURIComponent(key));
    if (!one) return home(wallet);
    const now = await standing(wallet, one);
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/' }, icon('back'), t('back')),
        ),
        h(
            'div',
            { class: 'sides' },
            h(
                'div',
                { class: 'stack side' },
                h('h1', { class: 'unseen' }, titleOf(one)),
                faceOf(wallet, one, { stamp: now.stamp }),
                now.kind === 'ok'
                    ? h('div', {}, state('ok', now.text))
                    : notice(
                          now.kind,
                          h('b', {}, now.text),
                          h('p', {}, now.next),
                          now.age ? h('p', { class: 'soft small' }, now.age) : null,
                      ),
                h(
                    'a',
                    { class: 'button first wide', href: `#/show/${encodeURIComponent(one.key)}` },
                    icon('qr'),
                    t('show'),
                ),
            ),
            h(
                'div',
                { class: 'stack' },
                ...details(wallet, one),
                copies(wallet, one),
                remove(wallet, one),
            ),
        ),
    );
}
