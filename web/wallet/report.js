// SPDX-License-Identifier: Apache-2.0
//
// Telling the authority of a request that should not be. It learns who asked
// what, and nothing of who tells it.

import { fetchBytes } from '/wasm/wishes.mjs';
import { h, notice } from '/shared/dom.js';
import { Trouble, button, sheet, toast } from '/shared/page.js';
import { t } from '/shared/words.js';

const WHY = ['too_much', 'unknown_party', 'wrong_name', 'pressure', 'other'];
const hash = /^[0-9a-f]{64}$/;

/* ASKED is what a machine told of who asks, or an event of the history. */
function body(asked, why) {
    const claims = (asked.query?.credentials ?? []).flatMap((one) =>
        (one.claims ?? []).map((claim) => claim.path.at(-1)),
    );
    const names = claims.length ? claims : (asked.documents ?? []).flatMap((one) => one.elements);
    return {
        why,
        party: asked.code,
        profile: asked.profile,
        client_id: asked.client_id ?? asked.client,
        certificate: hash.test(asked.certificate ?? '') ? asked.certificate : undefined,
        asked: names.length
            ? names.slice(0, 40).map((name) => String(name).slice(0, 80))
            : undefined,
    };
}

async function send(wallet, asked, why) {
    const { status } = await fetchBytes({
        method: 'POST',
        url: `${wallet.trust.authority}/reports`,
        headers: { 'Content-Type': 'application/json' },
        body: new TextEncoder().encode(JSON.stringify(body(asked, why))),
    }).catch(() => ({ status: 0 }));
    if (status === 429) throw new Trouble(t('report_failed'), t('report_wait'), t('report_later'));
    if (status !== 202)
        throw new Trouble(
            t('report_failed'),
            t(status === 0 ? 'trouble_offline' : 'report_refused'),
            t('report_later'),
        );
}

/** Report who ASKED; WHY is what it most likely is. */
export function report(wallet, asked, why = 'too_much') {
    return sheet(t('report'), (close) => {
        const choice = h(
            'select',
            { id: 'why' },
            ...WHY.map((each) =>
                h('option', { value: each, selected: each === why }, t(`report_${each}`)),
            ),
        );
        return h(
            'div',
            { class: 'stack' },
            h('p', {}, t('report_text')),
            h('div', { class: 'field' }, h('label', { for: 'why' }, t('report_why')), choice),
            notice('unknown', h('p', {}, t('report_who'))),
            h(
                'div',
                { class: 'row actions' },
                button(
                    t('report_send'),
                    async () => {
                        await send(wallet, asked, choice.value);
                        toast(t('report_sent'));
                        close(true);
                    },
                    { kind: 'danger', sign: 'bell' },
                ),
                button(t('cancel'), () => close()),
            ),
        );
    });
}

/** A button for it; nothing where nobody is known. */
export function reportButton(wallet, asked, why) {
    return asked.client_id || asked.client || asked.code || asked.certificate
        ? button(t('report'), () => report(wallet, asked, why), {
              kind: 'plain small',
              sign: 'bell',
          })
        : null;
}
