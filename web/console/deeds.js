// SPDX-License-Identifier: Apache-2.0
//
// What is done to documents and devices of a person: each asks for its reason
// first; what takes two operators opens a case (docs/guides/console.md).

import { h } from '/shared/dom.js';
import { go, sheet, button, toast } from '/shared/page.js';
import { t } from '/shared/words.js';
import { documentTitle } from './catalogue.js';
import { question } from './parts.js';
import { call } from './session.js';

const SUSPEND = ['lost', 'stolen', 'investigation', 'error', 'other'];
const REVOKE = [
    'lost',
    'stolen',
    'compromised',
    'replaced',
    'error',
    'renounced',
    'withdrawn',
    'deceased',
    'other',
];
const RESTORE = ['found', 'error', 'investigation', 'other'];
const HOLD = ['investigation', 'court_order', 'identity_dispute', 'safety'];
const ERASE = ['request', 'deceased', 'error'];

const reasons = (words) => ({
    name: 'reason',
    label: t('reason'),
    required: true,
    options: words.map((word) => [word, t(`reason_${word}`)]),
});
const about = ({ file, purpose }) => ({ person: file.person, purpose });

/* ---- by one ---- */

function turn(path, now, one, words, { name, text, done, kind }) {
    return question(`${name}: ${documentTitle(one.document)}`, [reasons(words)], {
        submit: name,
        kind,
        text,
        run: async ({ reason }) => {
            await call('POST', path, { ...about(now), id: one.id, reason });
            toast(done);
        },
    });
}

export const suspend = (now, one) =>
    turn('/api/person/document/suspend', now, one, SUSPEND, {
        name: t('suspend'),
        text: t('suspend_text'),
        done: t('suspend_done'),
    });
export const revoke = (now, one) =>
    turn('/api/person/document/revoke', now, one, REVOKE, {
        name: t('revoke'),
        text: t('revoke_text'),
        done: t('revoke_done'),
        kind: 'danger',
    });

/** End a device: its documents follow. */
export function endDevice(now, one) {
    return question(t('end_device'), [], {
        submit: t('end_device'),
        kind: 'danger',
        text: t('end_device_text'),
        run: async () => {
            await call('POST', '/api/person/device/end', { ...about(now), id: one.id });
            toast(t('end_device_done'));
        },
    });
}

/** Freeze all documents of who lost them. */
export function freeze(now) {
    return question(t('freeze'), [], {
        submit: t('freeze_yes'),
        kind: 'danger',
        text: t('freeze_text'),
        run: async () => {
            await call('POST', '/api/person/freeze', about(now));
            toast(t('freeze_done'));
        },
    });
}

/* ---- by two ---- */

/** Say that it waits for somebody else, and where. */
export async function askedFor(answer) {
    await sheet(t('asked_title'), (close) =>
        h(
            'div',
            { class: 'stack' },
            h('p', {}, t('asked_text')),
            h('p', { class: 'mono small' }, answer.case),
            h(
                'div',
                { class: 'row' },
                button(t('asked_go'), () => {
                    close();
                    go('cases');
                }),
                button(t('close'), () => close(), { kind: 'first' }),
            ),
        ),
    );
}

async function act(path, title, fields, text, body) {
    let answer;
    const yes = await question(title, fields, {
        submit: t('ask_for_it'),
        text: `${text} ${t('two_agree')}`,
        run: async (values) => {
            answer = await call('POST', `/api/acts/${path}`, await body(values));
        },
    });
    if (yes) await askedFor(answer);
}

export const askRestore = (one) =>
    act(
        'restore',
        `${t('restore')}: ${documentTitle(one.document)}`,
        [reasons(RESTORE)],
        t('restore_text'),
        ({ reason }) => ({ id: one.id, reason }),
    );

export const askBulk = (issuances) =>
    act(
        'bulk-revoke',
        t('bulk_revoke'),
        [reasons(REVOKE)],
        t('bulk_text', { count: issuances.length }),
        ({ reason }) => ({ issuances, reason }),
    );

export function askHold(now) {
    const names = [...new Set(now.file.documents.map((one) => one.document))];
    return act(
        'hold',
        t('hold'),
        [
            {
                name: 'document',
                label: t('document'),
                value: '',
                options: [
                    ['', t('all_documents')],
                    ...names.map((name) => [name, documentTitle(name)]),
                ],
            },
            reasons(HOLD),
            { name: 'basis', label: t('basis'), hint: t('basis_hint'), required: true, most: 300 },
            {
                name: 'until',
                label: t('hold_until'),
                type: 'date',
                required: true,
                min: new Date(Date.now() + 86400000).toISOString().slice(0, 10),
            },
        ],
        t('hold_text'),
        ({ document, reason, basis, until }) => ({
            ...about(now),
            ...(document ? { document } : {}),
            reason,
            basis,
            until: Math.floor(Date.parse(`${until}T23:59:59`) / 1000),
        }),
    );
}

export const askErasure = (now) =>
    act('erase', t('erase'), [reasons(ERASE)], t('erase_text'), ({ reason }) => ({
        ...about(now),
        reason,
    }));

/** Both records are looked at: the other one is found by number first. */
export function askGuardian(now) {
    return act(
        'guardian',
        t('guardian'),
        [
            {
                name: 'is',
                label: t('this_person_is'),
                required: true,
                value: 'child',
                options: [
                    ['child', t('is_child')],
                    ['guardian', t('is_guardian')],
                ],
            },
            {
                name: 'number',
                label: t('other_number'),
                required: true,
                mono: true,
                hint: t('other_hint'),
            },
        ],
        t('guardian_text'),
        async ({ is, number }) => {
            const other = await call('POST', '/api/person/find', { number, purpose: now.purpose });
            const mine = now.file.person;
            return is === 'child'
                ? { child: mine, guardian: other.person, purpose: now.purpose }
                : { child: other.person, guardian: mine, purpose: now.purpose };
        },
    );
}
