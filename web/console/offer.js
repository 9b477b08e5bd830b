// SPDX-License-Identifier: Apache-2.0
//
// Offering documents at the counter: what, in which forms, and a code that the
// person chooses and types themselves.

import { h, notice } from '/shared/dom.js';
import { Trouble, button, sheet } from '/shared/page.js';
import { code } from '/shared/code.js';
import { label, span, t } from '/shared/words.js';
import { allDocuments, configurations } from './catalogue.js';
import { form } from './parts.js';
import { call, may } from './session.js';

const MOST = 4096; // letters of a code that is drawn: a link is far shorter

function shown(made, close) {
    return h(
        'div',
        { class: 'stack' },
        may('officer', 'supervisor') ? null : notice('warn', h('p', {}, t('offer_waits'))),
        h('p', {}, t('offer_made', { span: span(made.expires_in) })),
        made.link.length < MOST ? code(made.link, { what: t('offer'), link: made.link }) : null,
        button(t('done'), () => close(true), { kind: 'first' }),
    );
}

function fields() {
    return [
        {
            name: 'documents',
            label: t('offer_which'),
            value: ['resident_id'],
            checks: allDocuments().map((one) => [one.name, label(one.title)]),
        },
        {
            name: 'forms',
            label: t('offer_forms'),
            value: ['mdoc', 'sdjwt'],
            checks: [
                ['mdoc', t('format_mdoc-issuer-signed'), t('form_mdoc_hint')],
                ['sdjwt', t('format_sd-jwt-vc'), t('form_sdjwt_hint')],
                ['card', t('format_card'), t('form_card_hint')],
            ],
        },
        {
            name: 'vehicle',
            label: t('offer_vehicle'),
            hint: t('offer_vehicle_hint'),
            type: 'number',
            min: 0,
            max: 31,
            inputmode: 'numeric',
            value: '',
        },
        {
            name: 'tx_code',
            label: t('offer_code'),
            hint: t('offer_code_hint'),
            type: 'password',
            required: true,
            pattern: '[0-9]{4,12}',
            inputmode: 'numeric',
            autocomplete: 'new-password',
        },
    ];
}

/** Offer documents to the person of NOW; true when it was done. */
export function offer(now) {
    return sheet(t('offer'), (close) => {
        const node = h(
            'div',
            {},
            form(fields(), {
                submit: t('offer_make'),
                before: [h('p', { class: 'soft' }, t('offer_text'))],
                cancel: () => close(),
                run: async (values) => {
                    const all = values.documents.flatMap((name) =>
                        configurations(name)
                            .filter(([id]) =>
                                values.forms.includes(id.slice(name.length + 1).split('.')[0]),
                            )
                            .map(([id]) => id),
                    );
                    if (all.length === 0)
                        throw new Trouble(t('offer_nothing'), '', t('offer_nothing_next'));
                    const made = await call('POST', '/api/person/offer', {
                        person: now.file.person,
                        purpose: now.purpose,
                        configurations: all,
                        tx_code: values.tx_code,
                        ...(values.vehicle === '' ? {} : { vehicle: Number(values.vehicle) }),
                    });
                    node.replaceChildren(shown(made, close));
                },
            }),
        );
        return node;
    });
}
