// SPDX-License-Identifier: Apache-2.0
//
// Numbers of many, never of one: what was issued, how enrolments ended, what
// waits, and how the server is doing.

import { h, notice } from '/shared/dom.js';
import { again, button } from '/shared/page.js';
import { knows, languageNow, span, t, when } from '/shared/words.js';
import { kindName } from './cases.js';
import { documentTitle } from './catalogue.js';
import { lyingBars, standingBars } from './chart.js';
import { head } from './parts.js';
import { call } from './session.js';

const SPANS = { hour: 3600, day: 86400, week: 604800, month: 2592000 };
const DAYS = 7;
let chosen = 'day';

const number = (value) => new Intl.NumberFormat(languageNow()).format(value);
const total = (items, name) => items.reduce((sum, one) => sum + one[name], 0);

/* Adds up what has the same NAME. */
function grouped(items, name, value) {
    const sums = new Map();
    for (const one of items) sums.set(name(one), (sums.get(name(one)) ?? 0) + one[value]);
    return [...sums].sort((a, b) => b[1] - a[1]);
}

/* The server counts since a time: a day is what was since its morning, less what was since the next. */
async function days() {
    const midnight = new Date();
    midnight.setHours(0, 0, 0, 0);
    const starts = Array.from(
        { length: DAYS },
        (_, at) => new Date(midnight).setDate(midnight.getDate() - (DAYS - 1 - at)) / 1000,
    );
    const since = await Promise.all(
        starts.map((start) => call('GET', `/api/counts?since=${start}`)),
    );
    const sums = since.map((one) => total(one.issued, 'copies'));
    return starts.map((start, at) => [
        when(start, { month: 'numeric', day: 'numeric' }),
        sums[at] - (sums[at + 1] ?? 0),
    ]);
}

function tile(name, value, hint, kind = '') {
    return h(
        'div',
        { class: `tile ${kind}` },
        h('span', { class: 'soft' }, name),
        h('b', {}, value),
        hint ? h('small', { class: 'soft' }, hint) : null,
    );
}

const time = (us) =>
    us >= 1000000
        ? t('seconds', { count: (us / 1000000).toFixed(1) })
        : t('milliseconds', { count: (us / 1000).toFixed(us < 10000 ? 1 : 0) });

function server(requests) {
    if (!requests) return h('p', { class: 'soft' }, t('no_requests'));
    const share = requests.count > 0 ? requests.failed / requests.count : 0;
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('server')),
        h('p', { class: 'soft small' }, t('server_text')),
        h(
            'div',
            { class: 'tiles' },
            tile(t('requests'), number(requests.count)),
            tile(t('requests_refused'), number(requests.refused), t('requests_refused_hint')),
            tile(
                t('requests_failed'),
                number(requests.failed),
                new Intl.NumberFormat(languageNow(), {
                    style: 'percent',
                    maximumFractionDigits: 2,
                }).format(share),
                requests.failed > 0 ? 'bad' : '',
            ),
            tile(t('half_within'), time(requests.half_us)),
            tile(t('most_within'), time(requests.most_us), t('most_hint')),
        ),
        h(
            'div',
            { class: 'columns' },
            lyingBars(
                t('chart_answers'),
                [
                    ['requests_done', requests.count - requests.refused - requests.failed],
                    ['requests_refused', requests.refused],
                    ['requests_failed', requests.failed],
                ].map(([name, value]) => [t(name), value, number(value)]),
                [t('outcome'), t('count')],
            ),
            lyingBars(
                t('chart_latency'),
                [
                    [t('half_within'), requests.half_us, time(requests.half_us)],
                    [t('most_within'), requests.most_us, time(requests.most_us)],
                ],
                [t('what'), t('time_to_answer')],
            ),
        ),
    );
}

function choose() {
    return h(
        'div',
        { class: 'field inline' },
        h('label', { for: 'since' }, t('since')),
        h(
            'select',
            {
                id: 'since',
                onchange: (event) => {
                    chosen = event.target.value;
                    again();
                },
            },
            ...Object.keys(SPANS).map((one) =>
                h('option', { value: one, selected: one === chosen }, t(`since_${one}`)),
            ),
        ),
    );
}

const levelled = (one) =>
    `${knows(`device_${one.state}`) ? t(`device_${one.state}`) : one.state} · ${t(`level_${one.level}`)}`;

export async function dashboard() {
    const since = Math.floor(Date.now() / 1000) - SPANS[chosen];
    const [counts, perDay] = await Promise.all([call('GET', `/api/counts?since=${since}`), days()]);
    const waiting = grouped(counts.cases, (one) => kindName(one.kind), 'count');
    const oldest = Math.max(0, ...counts.cases.map((one) => one.oldest_age));
    return h(
        'div',
        { class: 'stack' },
        head(t('place_dashboard'), t('dashboard_text'), choose(), button(t('refresh'), again)),
        h(
            'div',
            { class: 'tiles' },
            tile(t('people'), number(counts.people), t('people_hint')),
            tile(
                t('issued_copies'),
                number(total(counts.issued, 'copies')),
                t('issued_batches', { count: number(total(counts.issued, 'batches')) }),
            ),
            tile(t('enrolments'), number(total(counts.enrolments, 'count'))),
            tile(
                t('waiting'),
                number(total(counts.cases, 'count')),
                oldest > 0 ? t('oldest', { span: span(oldest) }) : t('nothing_waits'),
                oldest > 86400 ? 'warn' : '',
            ),
            tile(t('log_entries'), number(counts.log_entries)),
        ),
        oldest > 3 * 86400
            ? notice('warn', h('p', {}, t('queue_old', { span: span(oldest) })))
            : null,
        h(
            'div',
            { class: 'columns' },
            h(
                'section',
                { class: 'panel' },
                standingBars(t('chart_days'), perDay, [t('day'), t('copies')]),
            ),
            h(
                'section',
                { class: 'panel' },
                lyingBars(
                    t('chart_documents'),
                    grouped(counts.issued, (one) => documentTitle(one.document), 'copies').map(
                        ([name, value]) => [name, value, number(value)],
                    ),
                    [t('document'), t('copies')],
                ),
            ),
            h(
                'section',
                { class: 'panel' },
                lyingBars(t('chart_enrolments'), grouped(counts.enrolments, levelled, 'count'), [
                    t('state'),
                    t('count'),
                ]),
            ),
            h(
                'section',
                { class: 'panel' },
                lyingBars(t('chart_queue'), waiting, [t('kind'), t('count')]),
            ),
        ),
        server(counts.requests),
    );
}
