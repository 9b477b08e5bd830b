// SPDX-License-Identifier: Apache-2.0
//
// What came of it, to be read across a counter: first one word with its colour
// and shape, then who it is, then why; the checks one by one for who asks.

import { h, notice, state } from '/shared/dom.js';
import { again, button, go } from '/shared/page.js';
import { knows, label, span, t, when } from '/shared/words.js';
import { picture } from '/shared/catalogue.js';
import { faces } from './faces.js';
import { enter } from './guests.js';
import { judgedOf, rowsOf } from './judged.js';
import { lookUp, second } from './officer.js';
import { receipt } from './receipt.js';
import { head, rowWords } from './verdict.js';

const STATES = {
    valid: 'ok',
    revoked: 'bad',
    suspended: 'bad',
    other: 'bad',
    unknown: 'unknown',
    none: 'unknown',
};
const OUTCOMES = { pass: 'ok', fail: 'bad', note: 'warn', unknown: 'unknown', absent: 'unknown' };

/* Of paper: a person compares the face, and says so; then it is judged anew. */
function portraitStep(walk, judged) {
    if (!judged.remains.includes('compare_portrait')) return null;
    const yes = button(t('portrait_same'), () => judged.compare(), { kind: 'first', sign: 'face' });
    const no = button(
        t('portrait_other'),
        () => walk.tell({ ...judged, remains: [], other: true }),
        { kind: 'danger', sign: 'cross' },
    );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('portrait_title')),
        h('p', {}, t('portrait_text')),
        h('div', { class: 'row' }, yes, no),
    );
}

function stateRow({ status }) {
    const word = state(
        STATES[status.state] ?? 'unknown',
        t(`status_${knows(`status_${status.state}`) ? status.state : 'other'}`),
    );
    return h(
        'div',
        { class: 'row' },
        word,
        status.age === undefined
            ? null
            : h('span', { class: 'soft small' }, t('status_age', { age: span(status.age) })),
    );
}

/* What DOCUMENT says. */
function facts(rows) {
    const face = rows.find((row) => row.picture);
    return h(
        'div',
        { class: face ? 'with-face' : '' },
        face ? h('img', { class: 'portrait', src: face.picture, alt: t('portrait_of') }) : null,
        h(
            'dl',
            { class: 'facts large' },
            ...rows
                .filter((row) => !row.picture)
                .flatMap((row) => [
                    h('dt', {}, label(row.label) || row.name),
                    h(
                        'dd',
                        {},
                        typeof row.value === 'boolean'
                            ? state(row.value ? 'ok' : 'bad', t(row.value ? 'yes' : 'no'))
                            : row.text,
                    ),
                ]),
        ),
    );
}

function nothingSaid(judged, document, rows) {
    if (document.authentic === false) return notice('bad', h('p', {}, t('not_authentic')));
    if (rows.length > 0 || judged.match) return null;
    const why = judged.match !== undefined ? 'not_kept_values' : 'not_told';
    return notice('unknown', h('p', {}, t(judged.verdict === 'reject' ? 'not_told_refused' : why)));
}

function one({ desk, profile }, judged, document) {
    const rows = rowsOf(desk, profile, document, picture);
    const name = label(document.definition?.title) || document.type;
    const refused = judged.other || judged.verdict === 'reject';
    const said = rows.length > 0 ? facts(rows) : null;
    return h(
        'section',
        { class: 'panel stack shown', 'aria-label': name },
        h('div', { class: 'row apart' }, h('h2', {}, name), stateRow(document)),
        nothingSaid(judged, document, rows),
        // what was refused is not to be read as a yes in passing
        said && refused ? h('details', {}, h('summary', {}, t('said_refused')), said) : said,
        h(
            'p',
            { class: 'soft small' },
            [
                document.issuer && t('issued_by', { name: document.issuer }),
                document.valid_until &&
                    t('valid_until', {
                        day: when(Date.parse(document.valid_until) / 1000, { dateStyle: 'medium' }),
                    }),
            ]
                .filter(Boolean)
                .join(' · '),
        ),
    );
}

function together({ checks }) {
    const row = checks.find((each) => each.check === 'one_person');
    return !row
        ? null
        : h(
              'p',
              { class: 'row' },
              state(OUTCOMES[row.outcome] ?? 'unknown', t(`one_person_${row.outcome}`)),
          );
}

function compared({ desk, profile }, { matches }) {
    const elements = desk.asks(profile).flatMap((each) => each.elements);
    return !matches
        ? null
        : h(
              'ul',
              { class: 'list' },
              ...matches.map(({ element, match }) =>
                  h(
                      'li',
                      {},
                      h(
                          'div',
                          {},
                          h(
                              'span',
                              { class: 'text' },
                              h(
                                  'b',
                                  {},
                                  label(elements.find((each) => each.name === element)?.label) ||
                                      element,
                              ),
                          ),
                          state(match ? 'ok' : 'bad', t(match ? 'match_same' : 'match_other')),
                      ),
                  ),
              ),
          );
}

function report(judged) {
    return h(
        'details',
        { class: 'panel report' },
        h('summary', {}, t('report', { count: judged.checks.length })),
        h(
            'div',
            { class: 'scroll' },
            h(
                'table',
                { class: 'table' },
                h(
                    'thead',
                    {},
                    h(
                        'tr',
                        {},
                        h('th', { scope: 'col' }, t('report_check')),
                        h('th', { scope: 'col' }, t('report_outcome')),
                        h('th', { scope: 'col' }, t('report_source')),
                    ),
                ),
                h(
                    'tbody',
                    {},
                    ...judged.checks.map((row) => {
                        const { what, wrong } = rowWords(row);
                        return h(
                            'tr',
                            {},
                            h(
                                'td',
                                {},
                                what,
                                wrong ? h('div', { class: 'soft small' }, wrong) : null,
                            ),
                            h(
                                'td',
                                {},
                                state(
                                    OUTCOMES[row.outcome] ?? 'unknown',
                                    t(`outcome_${row.outcome}`),
                                ),
                            ),
                            h(
                                'td',
                                { class: 'soft small' },
                                row.source === 'ours' ? t('report_ours') : (row.source ?? ''),
                            ),
                        );
                    }),
                ),
            ),
        ),
    );
}

function recordRows({ record }) {
    return !record
        ? null
        : h(
              'section',
              { class: 'panel stack' },
              h('h2', {}, t('record_title')),
              h(
                  'p',
                  { class: 'soft small' },
                  t('record_asked', { when: when(record.asked), number: record.officer }),
              ),
              h(
                  'ul',
                  { class: 'list' },
                  ...record.rows.map((row) =>
                      h(
                          'li',
                          {},
                          h(
                              'div',
                              {},
                              h(
                                  'span',
                                  { class: 'text' },
                                  h(
                                      'b',
                                      {},
                                      knows(`record_${row.state}`)
                                          ? t(`record_${row.state}`)
                                          : row.state,
                                  ),
                                  h(
                                      'small',
                                      {},
                                      [
                                          ...(row.flags ?? []).map((flag) =>
                                              knows(`flag_${flag}`) ? t(`flag_${flag}`) : flag,
                                          ),
                                          row.why &&
                                              (knows(`record_why_${row.why}`)
                                                  ? t(`record_why_${row.why}`)
                                                  : row.why),
                                      ]
                                          .filter(Boolean)
                                          .join(' · '),
                                  ),
                              ),
                              state(
                                  OUTCOMES[row.outcome] ?? 'unknown',
                                  t(`outcome_${row.outcome}`),
                              ),
                          ),
                      ),
                  ),
              ),
          );
}

/** The result of WALK, and what may be done with it. */
export function result(walk, judged) {
    const { desk, profile } = walk;
    const node = h(
        'div',
        { class: 'stack result' },
        head(judged),
        judged.alone
            ? notice(
                  'warn',
                  h('p', {}, t('off_result', { age: span(Math.max(0, desk.age() ?? 0)) })),
              )
            : null,
        together(judged),
        compared(walk, judged),
        portraitStep(walk, judged),
        ...judged.documents.map((document) => one(walk, judged, document)),
        faces(walk, judged),
        recordRows(judged),
        profile.name === 'hotel' && judged.verdict === 'accept' && judged.id && !judged.other
            ? enter(desk, judged)
            : null,
        profile.officer && judged.kind === 'sessions'
            ? h(
                  'div',
                  { class: 'row no-print' },
                  profile.live_state
                      ? button(
                            t('look_up'),
                            async () => {
                                const now = await lookUp(desk, judged.id);
                                if (now)
                                    walk.tell(
                                        judgedOf(desk, profile, now.result, {
                                            id: judged.id,
                                            kind: 'sessions',
                                        }),
                                    );
                            },
                            { sign: 'search' },
                        )
                      : null,
                  profile.asks.some((each) => each.step === 2) && !judged.second
                      ? button(t('second_step'), () => second(walk, judged), { sign: 'person' })
                      : null,
              )
            : null,
        h(
            'div',
            { class: 'row no-print' },
            button(t('next_person'), again, { kind: 'first', sign: 'go' }),
            judged.id ? button(t('receipt'), () => receipt(walk, judged), { sign: 'print' }) : null,
            judged.kind === 'sessions'
                ? button(
                      t('remove_result'),
                      async () => {
                          await desk.ask('DELETE', `/api/sessions/${judged.id}`);
                          go('');
                      },
                      { kind: 'plain', sign: 'trash' },
                  )
                : null,
        ),
        report(judged),
        h(
            'p',
            { class: 'soft small' },
            [
                t('judged_at', { when: when(judged.judged) }),
                judged.alone
                    ? t('kept_nowhere')
                    : profile.days > 0
                      ? t('kept_days', { days: profile.days })
                      : t('kept_not'),
            ].join(' · '),
        ),
    );
    queueMicrotask(() => node.querySelector('.verdict b')?.scrollIntoView({ block: 'center' }));
    return node;
}
