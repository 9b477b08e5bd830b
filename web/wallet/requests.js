// SPDX-License-Identifier: Apache-2.0
//
// What a person may ask of the authority: all that it holds, a correction, an
// end, or that somebody looks into something; and what became of it.

import { h, icon, notice, state } from '/shared/dom.js';
import { Trouble, again, button, toast } from '/shared/page.js';
import { knows, t, when } from '/shared/words.js';
import { download } from './saving.js';
import { sure, within, withCode } from './own.js';

const MOST = 4000; // bytes
const STATES = { open: 'warn', decided: 'unknown', closed: 'ok' };

/* ---- asking ---- */

function written(id) {
    const text = document.getElementById(id).value.trim();
    if (!text) throw new Trouble(t('ask_empty'), '', t('ask_empty_next'));
    if (new TextEncoder().encode(text).length > MOST)
        throw new Trouble(t('ask_long'), '', t('ask_long_next'));
    return text;
}

function asking(record, kind, { sign, danger } = {}) {
    const id = `ask-${kind}`;
    return h(
        'details',
        { class: 'panel asking' },
        h('summary', {}, icon(sign), h('b', {}, t(`ask_${kind}`))),
        h(
            'div',
            { class: 'stack' },
            h('p', { class: 'soft' }, t(`ask_${kind}_text`)),
            h(
                'div',
                { class: 'field' },
                h('label', { for: id }, t(`ask_${kind}_label`)),
                h('textarea', { id, rows: 4, maxlength: MOST }),
            ),
            button(
                t(`ask_${kind}_send`),
                async () => {
                    const text = written(id);
                    if (danger && !(await sure(t(`ask_${kind}_send`), t(`ask_${kind}_sure`))))
                        return;
                    const sent = await withCode(record.wallet, async () => {
                        await record.ask('POST', `/wallet/${kind}`, { text });
                        return true;
                    });
                    if (!sent) return;
                    toast(t('ask_sent'));
                    again();
                },
                { kind: danger ? 'danger wide' : 'wide', sign },
            ),
        ),
    );
}

function exporting(record) {
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('ask_export')),
        h('p', { class: 'soft' }, t('ask_export_text')),
        button(
            t('ask_export_send'),
            async () => {
                const answer = await withCode(record.wallet, () =>
                    record.ask('GET', '/wallet/export'),
                );
                if (!answer) return;
                download('yaopai-record.json', [answer.body], 'application/json');
                toast(t('saved'));
            },
            { kind: 'wide', sign: 'download' },
        ),
    );
}

/* ---- what became of it ---- */

const kindOf = (kind) => {
    const key = `case_${kind.replaceAll('.', '_')}`;
    return knows(key) ? t(key) : t('case_other');
};

async function cases(record) {
    const all = (await record.ask('GET', '/wallet/cases')).said.cases;
    if (all.length === 0) return null;
    return h(
        'section',
        { class: 'stack' },
        h('h2', {}, t('cases_title')),
        h(
            'ul',
            { class: 'list' },
            ...all.map((one) =>
                h(
                    'li',
                    {},
                    h(
                        'div',
                        {},
                        h(
                            'span',
                            { class: 'text' },
                            h('b', {}, kindOf(one.kind)),
                            h('small', {}, when(one.opened)),
                            knows(`decision_${one.decision}`)
                                ? h('small', {}, t(`decision_${one.decision}`))
                                : null,
                        ),
                        state(STATES[one.state] ?? 'unknown', t(`case_is_${one.state}`)),
                    ),
                ),
            ),
        ),
    );
}

export const requests = (wallet) =>
    within(wallet, 'requests_title', 'requests_text', async (record) =>
        h(
            'div',
            { class: 'stack' },
            await cases(record),
            asking(record, 'complaint', { sign: 'bell' }),
            asking(record, 'correction', { sign: 'pen' }),
            record.child
                ? notice('unknown', h('p', {}, t('requests_child')))
                : h(
                      'div',
                      { class: 'stack' },
                      exporting(record),
                      asking(record, 'erasure', { sign: 'trash', danger: true }),
                  ),
        ),
    );
