// SPDX-License-Identifier: Apache-2.0
//
// Many people at once: what operators sent, how far it is, and the report.

import { h, icon, notice, show, state } from '/shared/dom.js';
import { again, button, toast } from '/shared/page.js';
import { knows, languageNow, t, when } from '/shared/words.js';
import { nameOf, readNames } from './cases.js';
import { facts, head, question, save, table } from './parts.js';
import { chooseFile } from './sending.js';
import { call, may, who } from './session.js';

const PAGE = 200;
const MOST = 500;
const SOON = 1000;
const GOOD = {
    receiving: 'unknown',
    waiting: 'warn',
    running: 'unknown',
    done: 'ok',
    ended: 'bad',
};
const open = (one) => ['receiving', 'waiting', 'running'].includes(one.state);

const number = (value) => new Intl.NumberFormat(languageNow()).format(value);

/** How far ONE is: a bar, and the same in words. */
function progress(one) {
    if (one.lines === 0) return null;
    const share = one.done / one.lines;
    const words = t('intake_far', { done: number(one.done), lines: number(one.lines) });
    return h(
        'div',
        { class: 'stack tight' },
        h('progress', { max: 1, value: String(share), 'aria-label': words }),
        h('small', {}, words),
    );
}

const outcome = (one) =>
    [
        t('intake_applied', { count: number(one.applied) }),
        one.same > 0 ? t('intake_same', { count: number(one.same) }) : null,
        one.older > 0 ? t('intake_older', { count: number(one.older) }) : null,
        t('intake_refused', { count: number(one.refused) }),
    ]
        .filter(Boolean)
        .join(' · ');

const stateOf = (one) =>
    h(
        'div',
        {},
        state(
            one.state === 'done' && one.refused > 0 ? 'warn' : GOOD[one.state],
            t(`intake_state_${one.state}`),
        ),
        one.why
            ? h(
                  'small',
                  { class: 'soft' },
                  knows(`intake_why_${one.why}`) ? t(`intake_why_${one.why}`) : one.why,
              )
            : null,
    );

/* ---- ending ---- */

async function end(one) {
    const yes = await question(t('intake_end'), [], {
        submit: t('intake_end'),
        kind: 'danger',
        text: t('intake_end_text'),
        run: () => call('POST', `/api/intakes/${one.id}/end`),
    });
    if (yes) {
        toast(t('intake_ended'));
        again();
    }
}

const endButton = (one, kind = 'small danger') =>
    open(one) && (one.sender === who().id || may('supervisor'))
        ? button(t('intake_end'), () => end(one), { kind })
        : null;

/* ---- the list ---- */

/* Draws PLACE anew while something of it goes on and it is still looked at. */
function keepDrawing(place, draw, goesOn) {
    const turn = async () => {
        if (!place.isConnected) return;
        let more = true;
        try {
            more = await draw();
        } catch (error) {
            if (error.status === 401) return; // the session is over
        }
        if (more) setTimeout(turn, SOON);
    };
    if (goesOn) setTimeout(turn, SOON);
}

function rowOf(one) {
    return [
        h(
            'div',
            {},
            h('b', {}, t(`intake_${one.kind}`)),
            h('small', { class: 'soft' }, when(one.opened)),
        ),
        stateOf(one),
        progress(one),
        one.done > 0 ? outcome(one) : '',
        nameOf(one.sender),
        h(
            'div',
            { class: 'row tight-row' },
            h(
                'a',
                {
                    class: 'button small',
                    href: `#/intake/${one.id}`,
                    'aria-label': `${t('intake_report')}: ${t(`intake_${one.kind}`)}, ${when(one.opened)}`,
                },
                t('intake_report'),
            ),
            endButton(one),
        ),
    ];
}

function listOf(all) {
    return table(
        t('intakes_caption', { count: all.length }),
        [t('what'), t('state'), t('intake_progress'), t('outcome'), t('by'), ''],
        all.map(rowOf),
        { empty: t('no_intakes') },
    );
}

export async function intakes() {
    const [{ intakes: all }] = await Promise.all([call('GET', '/api/intakes'), readNames()]);
    const place = h('section', { class: 'panel' }, listOf(all));
    const busy = (list) => list.some((one) => one.state === 'running');
    const draw = async () => {
        const { intakes: now } = await call('GET', '/api/intakes');
        if (!place.contains(document.activeElement)) show(place, listOf(now));
        return busy(now);
    };
    keepDrawing(place, draw, busy(all));
    return h(
        'div',
        { class: 'stack' },
        head(t('place_intakes'), t('intakes_text'), button(t('refresh'), again, { kind: 'small' })),
        may('officer', 'supervisor')
            ? chooseFile(all.find((one) => open(one) && one.sender === who().id))
            : null,
        place,
    );
}

/* ---- the report ---- */

/* All pages of the table that the server writes. */
async function fetchTable(id) {
    const pages = [];
    let after = 0;
    do {
        const query = `after=${after}&limit=${MOST}`;
        const [bytes, { next }] = await Promise.all([
            call('GET', `/api/intakes/${id}/table?${query}`),
            call('GET', `/api/intakes/${id}/report?${query}`),
        ]);
        if (bytes) pages.push(bytes);
        after = next;
    } while (after !== undefined);
    return new Blob(['\ufeff', ...pages], { type: 'text/csv' });
}

function keepTable(id) {
    return button(
        t('intake_table'),
        async (node) => {
            const link = save(`yaopai-${id.slice(0, 8)}.csv`, await fetchTable(id), 'text/csv');
            node.replaceWith(link);
            link.click();
            link.focus();
        },
        { sign: 'download' },
    );
}

/* The problems of one line, one below the other. */
function lineOf([line, problems]) {
    return [
        number(line),
        h(
            'ul',
            { class: 'plain stack tight' },
            ...problems.map((one) =>
                h(
                    'li',
                    {},
                    one.field
                        ? h('b', { class: 'mono' }, one.field)
                        : h('b', {}, t('intake_whole_line')),
                    ` ${one.reason} `,
                    h('span', { class: 'mono small soft' }, one.code),
                ),
            ),
        ),
    ];
}

function problemTable(problems) {
    const lines = new Map();
    for (const one of problems) lines.set(one.line, [...(lines.get(one.line) ?? []), one]);
    return table(
        t('intake_problems'),
        [t('intake_line'), t('intake_wrong')],
        [...lines].map(lineOf),
        {
            empty: t('intake_no_problems'),
        },
    );
}

/* Page by page: the first, and more when asked for. */
async function problemsOf(one) {
    const place = h('div', { class: 'stack' });
    let all = [];
    const more = async (after) => {
        const page = await call(
            'GET',
            `/api/intakes/${one.id}/report?after=${after}&limit=${PAGE}`,
        );
        all = [...all, ...page.problems];
        show(
            place,
            problemTable(all),
            page.next === undefined
                ? null
                : h(
                      'div',
                      { class: 'row' },
                      button(t('intake_more'), () => more(page.next)),
                  ),
        );
    };
    await more(0);
    return place;
}

function summary(one) {
    return h(
        'div',
        { class: 'stack' },
        h('div', { class: 'row apart' }, h('h2', {}, t('intake_state')), stateOf(one)),
        progress(one),
        facts([
            [t('intake_lines'), number(one.lines)],
            [t('intake_count_applied'), number(one.applied)],
            [t('intake_count_same'), one.kind === 'sync' ? number(one.same) : undefined],
            [t('intake_count_older'), one.kind === 'sync' ? number(one.older) : undefined],
            [t('intake_count_refused'), number(one.refused)],
            [t('by'), nameOf(one.sender)],
            [t('opened'), when(one.opened)],
            [t('changed'), when(one.changed)],
        ]),
    );
}

/** The report of the intake ID. */
export async function intake(id) {
    const find = async () =>
        (await call('GET', '/api/intakes')).intakes.find((one) => one.id === id);
    await readNames();
    const one = await find();
    if (!one)
        return h(
            'div',
            { class: 'stack' },
            head(t('intake_report')),
            notice('unknown', h('p', {}, t('intake_gone'))),
        );
    const top = h('section', { class: 'panel', 'aria-live': 'polite' }, summary(one));
    const below = h('section', { class: 'panel stack' }, await problemsOf(one));
    const draw = async () => {
        const now = await find();
        if (now) show(top, summary(now));
        if (now?.state === 'running') return true;
        if (now) show(below, await problemsOf(now));
        return false;
    };
    keepDrawing(top, draw, one.state === 'running');
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/intakes' }, icon('back'), t('place_intakes')),
        ),
        head(
            `${t(`intake_${one.kind}`)}: ${t('intake_report')}`,
            t('intake_report_text'),
            one.refused > 0 ? keepTable(id) : null,
            endButton(one, 'danger'),
        ),
        top,
        below,
    );
}
