// SPDX-License-Identifier: Apache-2.0
//
// The log: its newest checkpoint, and for auditors its entries by pages. To read
// a page is an entry of the log too.

import { h, icon, show } from '/shared/dom.js';
import { button } from '/shared/page.js';
import { knows, t, when } from '/shared/words.js';
import { facts, form, head, save, table } from './parts.js';
import { call, may } from './session.js';

const PAGE = 50;

/* A line of docs/formats/audit.md section 5; its text is JSON again. */
function entryOf(line) {
    const entry = JSON.parse(line);
    if (!entry.text) return entry;
    try {
        return { ...entry, said: JSON.parse(entry.text) };
    } catch {
        return entry;
    }
}

async function fetchPage(from, limit) {
    const body = new TextDecoder().decode(await call('POST', '/api/audit/export', { from, limit }));
    const lines = body.trim().split('\n');
    const { next, size } = JSON.parse(lines.pop());
    return { from, next, size, body, entries: lines.map(entryOf) };
}

const said = (entry, name) => entry.said?.[name] ?? entry.said?.detail?.[name];

function row(entry) {
    if (entry.erased)
        return [String(entry.index), '', h('span', { class: 'soft' }, t('log_erased')), '', '', ''];
    const kind = said(entry, 'kind') ?? '';
    const at = said(entry, 'at') ?? said(entry, 'time');
    const purpose = said(entry, 'purpose');
    const key = `event_${String(kind).replaceAll('.', '_')}`;
    return [
        String(entry.index),
        typeof at === 'number' ? when(at, { dateStyle: 'short', timeStyle: 'medium' }) : (at ?? ''),
        h(
            'div',
            {},
            knows(key) ? h('b', {}, t(key)) : null,
            h('small', { class: 'mono soft' }, kind),
        ),
        said(entry, 'by') ?? '',
        purpose ? (knows(`purpose_${purpose}`) ? t(`purpose_${purpose}`) : purpose) : '',
        h(
            'details',
            {},
            h('summary', {}, t('log_text')),
            h(
                'pre',
                { class: 'mono small' },
                entry.said ? JSON.stringify(entry.said, null, 1) : entry.text,
            ),
        ),
    ];
}

function pageOf(page, turn) {
    return h(
        'div',
        { class: 'stack' },
        table(
            t('log_caption', {
                from: page.from,
                to: Math.max(page.from, page.next - 1),
                size: page.size,
            }),
            [t('log_index'), t('log_time'), t('log_event'), t('by'), t('purpose'), ''],
            page.entries.map(row),
            { empty: t('log_end') },
        ),
        h(
            'div',
            { class: 'row' },
            page.from > 0
                ? button(t('log_earlier'), () => turn(Math.max(0, page.from - PAGE)), {
                      sign: 'back',
                  })
                : null,
            page.next < page.size
                ? button(t('log_later'), () => turn(page.next), { sign: 'go' })
                : null,
            save(`log-${page.from}.ndjson`, page.body, 'application/x-ndjson'),
        ),
    );
}

function reader(size) {
    const place = h('div', { 'aria-live': 'polite' });
    const turn = async (from) => show(place, pageOf(await fetchPage(from, PAGE), turn));
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('log_read')),
        h('p', { class: 'soft row' }, icon('eye'), h('span', {}, t('log_read_text'))),
        form(
            [
                {
                    name: 'from',
                    label: t('log_from'),
                    type: 'number',
                    min: 0,
                    max: Math.max(0, size - 1),
                    required: true,
                    value: String(Math.max(0, size - PAGE)),
                },
            ],
            { submit: t('log_show'), run: ({ from }) => turn(Number(from)) },
        ),
        place,
    );
}

export async function audit() {
    let head_now = null;
    try {
        head_now = await call('GET', '/api/audit/checkpoint');
    } catch (error) {
        if (error.status !== 404) throw error;
    }
    return h(
        'div',
        { class: 'stack' },
        head(t('place_audit'), t('audit_text')),
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('checkpoint')),
            head_now
                ? h(
                      'div',
                      { class: 'stack' },
                      facts([[t('log_size'), String(head_now.size)]]),
                      h(
                          'pre',
                          { class: 'mono small', tabindex: '0', 'aria-label': t('checkpoint') },
                          head_now.note,
                      ),
                      h('div', { class: 'row' }, save('checkpoint.txt', head_now.note)),
                      h('p', { class: 'soft small' }, t('checkpoint_text')),
                  )
                : h('p', { class: 'soft' }, t('no_checkpoint')),
        ),
        may('auditor') && head_now ? reader(head_now.size) : null,
        may('auditor') ? null : h('p', { class: 'soft' }, t('log_for_auditors')),
    );
}
