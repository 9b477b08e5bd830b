// SPDX-License-Identifier: Apache-2.0
//
// Who looked at my record: what the authority's log has of the person, each entry
// with what this page could check of it; and an alarm where the log is not the
// one that was seen before.

import { readLog } from '/wasm/log.mjs';
import { fetchBytes } from '/wasm/wishes.mjs';
import { h, icon, notice, state } from '/shared/dom.js';
import { Trouble, again, button, toast } from '/shared/page.js';
import { knows, t, when } from '/shared/words.js';
import { within } from './own.js';

const MOST_PAGES = 40; // of 50 entries each
const GOOD = ['first', 'same', 'grown'];
const WRONG = ['BAD_DIGEST', 'MISMATCH', 'MALFORMED', 'VALUE']; // an entry that says something else than the log

const decode = (bytes) => new TextDecoder().decode(bytes);
const now = () => Math.floor(Date.now() / 1000);

/* ---- the log, as this wallet knows it ---- */

/* {keys, since, seen: {size, root, when, checkpoint}, alarm}: sealed, in the store. */
async function known(wallet) {
    const kept = await wallet.store.get('log');
    if (kept) return kept;
    const { status, body } = await fetchBytes({
        method: 'GET',
        url: `${wallet.trust.authority}/log/key`,
        most: 8192,
    }).catch(() => ({ status: 0 }));
    if (status !== 200) throw new Trouble(t('looked_no_key'), t('core_NET'), t('record_later'));
    return { keys: decode(body), since: now() };
}

/* What is wrong with the log itself, or undefined. */
function alarmOf({ head, growth }) {
    if (head !== 'OK') return head === 'CRYPTO' || head === 'UNSUPPORTED' ? undefined : 'signature';
    return growth === 'shorter' || growth === 'forked' ? growth : undefined;
}

/* Why an entry is not "in the log, checked here". */
function why(judged, entry) {
    if (judged.head !== 'OK') return 'head';
    if (judged.growth === 'unproven') return 'unproven';
    if (!GOOD.includes(judged.growth)) return judged.growth;
    if (entry.state === 'OK') return undefined;
    if (entry.state === 'MISSING') return 'no_proof';
    return WRONG.includes(entry.state) ? 'wrong' : 'unknown';
}

function read(entry, judged) {
    let said = {};
    try {
        said = JSON.parse(entry.text);
    } catch {
        // it is shown as it stands
    }
    return { ...entry, said, why: why(judged, entry) };
}

/* All entries, newest first; what is good of the log's head is kept. */
async function fetchAll(wallet, record) {
    const log = await known(wallet);
    const entries = [];
    let from = 0;
    let alarm;
    let doubt; // of the log's head: also where no entry is there to say it
    for (let page = 0; page < MOST_PAGES && from !== null; page++) {
        const { body, said } = await record.ask('POST', '/wallet/log', {
            from,
            ...(log.seen ? { seen: log.seen.size } : {}),
        });
        const judged = readLog(wallet.yaopai, log, body);
        entries.push(...judged.entries.map((entry) => read(entry, judged)));
        const wrong = alarmOf(judged);
        if (wrong)
            alarm ??= {
                kind: wrong,
                when: now(),
                before: log.seen?.checkpoint,
                after: said.checkpoint,
            };
        doubt ??= why(judged, { state: 'OK' });
        if (judged.head === 'OK' && GOOD.includes(judged.growth))
            log.seen = {
                size: judged.size,
                root: judged.root,
                when: now(),
                checkpoint: said.checkpoint,
            };
        from = Number.isInteger(said.next) && said.next > from ? said.next : null;
    }
    if (alarm) log.alarm = alarm;
    await wallet.store.put({ log });
    return { log, entries: entries.reverse(), doubt, more: from !== null };
}

/* ---- an alarm ---- */

const evidence = (log) =>
    [
        `${t(`alarm_${log.alarm.kind}`)} (${new Date(log.alarm.when * 1000).toISOString()})`,
        log.alarm.before ? `${t('alarm_before')}\n${log.alarm.before}` : '',
        `${t('alarm_after')}\n${log.alarm.after}`,
        `${t('alarm_keys')}\n${log.keys}`,
    ]
        .filter(Boolean)
        .join('\n');

function alarmPart(wallet, record, log) {
    if (!log.alarm) return null;
    return h(
        'section',
        { class: 'stack' },
        notice(
            'bad',
            h('b', {}, t(`alarm_${log.alarm.kind}`)),
            h('p', {}, t(`alarm_${log.alarm.kind}_why`)),
            h('p', { class: 'soft' }, t('alarm_next', { when: when(log.alarm.when) })),
        ),
        h(
            'div',
            { class: 'row actions' },
            button(
                t('alarm_report'),
                async () => {
                    await record.ask('POST', '/wallet/complaint', {
                        text: evidence(log).slice(0, 1200),
                    });
                    toast(t('alarm_reported'));
                },
                { kind: 'danger', sign: 'bell' },
            ),
            button(
                t('alarm_copy'),
                async () => {
                    await navigator.clipboard.writeText(evidence(log));
                    toast(t('copied'));
                },
                { sign: 'copy' },
            ),
            button(
                t('alarm_done'),
                async () => {
                    delete log.alarm;
                    await wallet.store.put({ log });
                    again();
                },
                { kind: 'plain' },
            ),
        ),
    );
}

/* ---- entries ---- */

const OWN = ['person', 'code', 'device', 'passkey', 'session'];
const LOOKS =
    /^(person\.(read|show|search|devices)|police\.|officer\.|case\.read|netcert\.check|log\.(read|export)|document\.list)/;

const by = (one) => one.said.detail?.by;
const isLook = (one) => LOOKS.test(one.said.kind ?? '') && !OWN.includes(by(one));

const word = (before, text) => {
    const key = `${before}_${String(text).replaceAll(/[^a-z0-9]+/gi, '_')}`;
    return knows(key) ? t(key) : String(text);
};

function facts(one) {
    const { detail = {} } = one.said;
    return [
        [t('looked_by'), detail.by && word('looked_by', detail.by)],
        [t('looked_party'), detail.party],
        [t('looked_roles'), detail.roles?.map((each) => word('role', each)).join(t('comma'))],
        [t('looked_purpose'), detail.purpose && word('purpose', detail.purpose)],
        [t('looked_reason'), detail.reason && word('purpose', detail.reason)],
        [t('looked_document'), detail.document ?? detail.item],
        [t('looked_index'), String(one.index)],
    ].filter(([, value]) => value);
}

const checked = (one) =>
    one.why
        ? state(
              one.why === 'wrong' ? 'bad' : 'warn',
              t('looked_not_checked', { why: t(`why_${one.why}`) }),
          )
        : state('ok', t('looked_checked'));

function row(one) {
    const at = Date.parse(one.said.at ?? '') / 1000;
    const who = by(one);
    const title = one.said.kind ? word('kind', one.said.kind) : t('looked_unreadable');
    return h(
        'li',
        { class: 'entry' },
        h(
            'details',
            {},
            h(
                'summary',
                {},
                icon(isLook(one) ? 'eye' : 'list'),
                h(
                    'span',
                    { class: 'text' },
                    h('b', {}, title),
                    h(
                        'small',
                        {},
                        [
                            Number.isFinite(at) ? when(at) : '',
                            who ? word('looked_by', who) : '',
                            one.said.detail?.purpose
                                ? word('purpose', one.said.detail.purpose)
                                : '',
                        ]
                            .filter(Boolean)
                            .join(' · '),
                    ),
                    checked(one),
                ),
            ),
            h(
                'dl',
                { class: 'facts' },
                ...facts(one).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
            ),
            h(
                'pre',
                { class: 'mono small', tabindex: '0', 'aria-label': t('looked_entry') },
                one.text,
            ),
        ),
    );
}

let all = false; // what the person chose to see

function list(entries) {
    const shown = all ? entries : entries.filter(isLook);
    return shown.length
        ? h('ul', { class: 'list entries' }, ...shown.map(row))
        : h('div', { class: 'panel empty' }, icon('eye'), h('p', {}, t('looked_none')));
}

function summary(entries, doubt) {
    const not = entries.filter((one) => one.why).length;
    if (entries.length === 0)
        return doubt
            ? notice('warn', h('p', {}, t('looked_not_checked', { why: t(`why_${doubt}`) })))
            : null;
    return not === 0
        ? notice('ok', h('p', {}, t('looked_all_checked', { count: entries.length })))
        : notice(
              'warn',
              h('b', {}, t('looked_some', { count: entries.length - not, not })),
              h('p', {}, t('looked_some_next')),
          );
}

function draw(wallet, record, { log, entries, doubt, more }) {
    const place = h('div', { 'aria-live': 'polite' }, list(entries));
    const choice = h(
        'label',
        { class: 'row' },
        h('input', {
            type: 'checkbox',
            class: 'switch',
            checked: all,
            onchange: (event) => {
                all = event.target.checked;
                place.replaceChildren(list(entries));
            },
        }),
        t('looked_all'),
    );
    return h(
        'div',
        { class: 'stack' },
        alarmPart(wallet, record, log),
        summary(entries, doubt),
        choice,
        place,
        more ? notice('unknown', h('p', {}, t('looked_more'))) : null,
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('looked_how')),
            h('p', { class: 'soft small' }, t('looked_how_text')),
            log.seen
                ? h(
                      'p',
                      { class: 'soft small' },
                      t('looked_seen', {
                          size: log.seen.size,
                          when: when(log.seen.when),
                          since: when(log.since, { dateStyle: 'medium' }),
                      }),
                  )
                : null,
        ),
    );
}

export const looked = (wallet) =>
    within(wallet, 'looked_title', 'looked_text', async (record) =>
        draw(wallet, record, await fetchAll(wallet, record)),
    );
