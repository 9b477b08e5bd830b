// SPDX-License-Identifier: Apache-2.0
//
// What there is of a person who was looked up: documents with their states,
// devices, what holds them back, guardians.

import { h, state } from '/shared/dom.js';
import { button } from '/shared/page.js';
import { knows, t, when } from '/shared/words.js';
import { documentTitle, profileTitle } from './catalogue.js';
import { askBulk, askRestore, endDevice, revoke, suspend } from './deeds.js';
import { lookAgain } from './find.js';
import { table } from './parts.js';
import { may } from './session.js';

const day = (seconds) => h('time', {}, when(seconds, { dateStyle: 'medium' }));
const MOST_PROFILES = 3; // named of one document's cards

/* ---- documents ---- */

const GOOD = { valid: 'ok', suspended: 'warn', revoked: 'bad' };

function documentState(word) {
    return state(GOOD[word] ?? 'unknown', knows(`state_${word}`) ? t(`state_${word}`) : word);
}

function documentActions(now, one, done) {
    const title = documentTitle(one.document);
    const small = (key, run, kind = '') =>
        button(t(key), run, { kind: `small ${kind}`, 'aria-label': `${t(key)}: ${title}` });
    return h(
        'div',
        { class: 'row tight-row' },
        one.state === 'valid' ? small('suspend', () => suspend(now, one).then(done)) : null,
        one.state === 'suspended' && may('officer', 'supervisor')
            ? small('restore', () => askRestore(one))
            : null,
        one.state !== 'revoked' && may('officer', 'supervisor')
            ? small('revoke', () => revoke(now, one).then(done), 'danger')
            : null,
    );
}

/* What was issued together ends together: one row, with what there is of it. */
function together(batches) {
    const all = new Map();
    for (const one of batches) {
        const row = all.get(one.id) ?? { ...one, batches: [] };
        row.batches.push(one);
        all.set(one.id, row);
    }
    const over = (one) => Number(one.state === 'revoked');
    return [...all.values()].sort((a, b) => over(a) - over(b) || b.issued - a.issued);
}

function formsOf(batches) {
    const all = batches
        .map((one) => one.profile)
        .filter(Boolean)
        .map(profileTitle);
    const profiles = all.slice(0, MOST_PROFILES);
    if (all.length > profiles.length)
        profiles.push(t('and_more', { count: all.length - profiles.length }));
    const formats = [...new Set(batches.map((one) => t(`format_${one.format}`)))];
    return [formats.join(' · '), profiles.join(t('comma'))].filter(Boolean).join(': ');
}

/* Cards run out before copies do. */
function untilOf(batches) {
    const ends = batches.map((one) => one.valid_until);
    const [first, last] = [Math.min(...ends), Math.max(...ends)];
    return first === last
        ? day(last)
        : h(
              'div',
              {},
              day(last),
              h(
                  'small',
                  { class: 'soft' },
                  t('some_until', { when: when(first, { dateStyle: 'medium' }) }),
              ),
          );
}

export function documents(now) {
    const { file } = now;
    const many = new Set();
    const bulk = button(t('bulk_revoke'), () => askBulk([...many]), {
        kind: 'danger',
        sign: 'octagon',
        disabled: true,
    });
    const done = (yes) => (yes ? lookAgain() : undefined);
    const pick = (one) =>
        h('input', {
            type: 'checkbox',
            'aria-label': `${t('choose_for_bulk')}: ${documentTitle(one.document)}`,
            onchange: (event) => {
                many[event.target.checked ? 'add' : 'delete'](one.id);
                bulk.disabled = many.size === 0;
            },
        });
    const senior = may('officer', 'supervisor');
    const all = together(file.documents);
    const rows = all.map((one) => [
        ...(senior ? [one.state === 'revoked' ? null : pick(one)] : []),
        h(
            'div',
            {},
            h('b', {}, documentTitle(one.document)),
            h('small', { class: 'soft' }, formsOf(one.batches)),
        ),
        documentState(one.state),
        t(`level_${one.level}`),
        String(one.batches.reduce((sum, { copies }) => sum + copies, 0)),
        day(one.issued),
        untilOf(one.batches),
        documentActions(now, one, done),
    ]);
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('documents_of'),
            [
                ...(senior ? [t('choose_short')] : []),
                t('document'),
                t('state'),
                t('level'),
                t('copies'),
                t('issued'),
                t('valid_until'),
                '',
            ],
            rows,
            { empty: t('no_documents') },
        ),
        senior && all.some((one) => one.state !== 'revoked')
            ? h('div', { class: 'row' }, bulk, h('span', { class: 'soft small' }, t('two_agree')))
            : null,
    );
}

/* ---- devices, bars, guardians ---- */

export function devices(now) {
    const { file } = now;
    const kinds = { active: 'ok', ended: 'bad', notice: 'warn', offered: 'warn' };
    const rows = file.devices.map((one) => [
        h('span', { class: 'mono' }, one.id.slice(0, 8)),
        state(
            kinds[one.state] ?? 'unknown',
            knows(`device_${one.state}`) ? t(`device_${one.state}`) : one.state,
        ),
        t(`level_${one.level}`),
        when(one.started),
        when(one.changed),
        may('officer', 'supervisor') && one.state !== 'ended'
            ? button(
                  t('end_device'),
                  () => endDevice(now, one).then((yes) => (yes ? lookAgain() : undefined)),
                  { kind: 'small danger' },
              )
            : null,
    ]);
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('devices_of'),
            [t('device'), t('state'), t('level'), t('started'), t('changed'), ''],
            rows,
            { empty: t('no_devices') },
        ),
    );
}

export function bars({ file }) {
    if (file.bars.length === 0) return null;
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('bars_of'),
            [t('what'), t('document'), t('reason'), t('basis'), t('by'), t('started'), t('ends')],
            file.bars.map((one) => [
                state(one.ended ? 'unknown' : 'warn', t(`bar_${one.kind}`)),
                documentTitle(one.document),
                knows(`reason_${one.reason}`) ? t(`reason_${one.reason}`) : one.reason,
                one.legal_basis ?? '',
                knows(`author_${one.by}`) ? t(`author_${one.by}`) : one.by,
                when(one.started),
                one.ended
                    ? t('ended_at', { when: when(one.ended) })
                    : one.ends
                      ? when(one.ends)
                      : t('until_lifted'),
            ]),
        ),
    );
}

export function guardians({ file }) {
    if (file.guardians.length === 0) return null;
    return h(
        'section',
        { class: 'panel stack' },
        table(
            t('guardians_of'),
            [t('this_person_is'), t('reason'), t('started'), t('ends')],
            file.guardians.map((one) => [
                t(`is_${one.is}`),
                knows(`reason_${one.reason}`) ? t(`reason_${one.reason}`) : one.reason,
                when(one.started),
                when(one.ends),
            ]),
        ),
    );
}
