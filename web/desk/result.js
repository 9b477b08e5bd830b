// SPDX-License-Identifier: Apache-2.0
//
// What came of it, to be read across a counter: first one word with its colour
// and shape, then who it is, then why; the checks one by one for who asks.

import { h, icon, notice, state } from '/shared/dom.js';
import { again, button, go } from '/shared/page.js';
import { knows, label, span, t, when } from '/shared/words.js';
import { picture } from '/shared/catalogue.js';
import { enter } from './guests.js';
import { judgedOf, reasonOf, rowsOf } from './judged.js';
import { lookUp, second } from './officer.js';
import { receipt } from './receipt.js';

const LOOKS = { accept: ['ok', 'tick'], reject: ['bad', 'cross'], indeterminate: ['', 'question'] };
const STATES = {
    valid: 'ok',
    revoked: 'bad',
    suspended: 'bad',
    other: 'bad',
    unknown: 'unknown',
    none: 'unknown',
};
const OUTCOMES = { pass: 'ok', fail: 'bad', note: 'warn', unknown: 'unknown', absent: 'unknown' };

/** The words of a row: what was looked at, and what was wrong with it. */
export function rowWords({ check, why }) {
    const what = knows(`check_${check}`) ? t(`check_${check}`) : check;
    const wrong = !why ? '' : knows(`why_${why}`) ? t(`why_${why}`) : why;
    return { what, wrong };
}

function head(judged) {
    const [kind, sign] = LOOKS[judged.verdict] ?? LOOKS.indeterminate;
    const row = judged.verdict === 'accept' ? undefined : reasonOf(judged);
    const { what, wrong } = row ? rowWords(row) : {};
    const why = judged.remains.includes('compare_portrait')
        ? t('compare_portrait')
        : row
          ? t(`row_${row.outcome}`, { what }) + (wrong ? t('colon') + wrong : '')
          : judged.match === false
            ? t('match_no')
            : t('verdict_accept_text');
    return h(
        'div',
        { class: `verdict ${kind}`, role: judged.verdict === 'reject' ? 'alert' : 'status' },
        h('span', { class: 'shape' }, icon(sign)),
        h('b', {}, t(judged.match === false ? 'verdict_differs' : `verdict_${judged.verdict}`)),
        h('p', {}, why),
    );
}

/* Of paper: a person compares the face, and says so here; nothing is sent. */
function portraitStep(judged) {
    if (!judged.remains.includes('compare_portrait')) return null;
    const said = h('div', { 'aria-live': 'polite' });
    const yes = button(
        t('portrait_same'),
        () => said.replaceChildren(notice('ok', h('b', {}, t('portrait_same_said')))),
        { sign: 'face' },
    );
    const no = button(
        t('portrait_other'),
        () => said.replaceChildren(notice('bad', h('b', {}, t('portrait_other_said')))),
        { kind: 'danger' },
    );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('portrait_title')),
        h('p', {}, t('portrait_text')),
        h('div', { class: 'row' }, yes, no),
        said,
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

function one({ desk, profile }, judged, document) {
    const rows = rowsOf(desk, profile, document, picture);
    const face = rows.find((row) => row.picture);
    const name = label(document.definition?.title) || document.type;
    return h(
        'section',
        { class: 'panel stack shown', 'aria-label': name },
        h('div', { class: 'row apart' }, h('h2', {}, name), stateRow(document)),
        document.authentic === false
            ? notice('bad', h('p', {}, t('not_authentic')))
            : rows.length === 0 && !judged.match
              ? notice(
                    'unknown',
                    h('p', {}, t(judged.match === undefined ? 'not_told' : 'not_kept_values')),
                )
              : null,
        h(
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
        ),
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
            ? notice('warn', h('p', {}, t('off_result', { age: span(desk.age() ?? 0) })))
            : null,
        together(judged),
        compared(walk, judged),
        portraitStep(judged),
        ...judged.documents.map((document) => one(walk, judged, document)),
        recordRows(judged),
        profile.name === 'hotel' && judged.verdict === 'accept' && judged.id
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
