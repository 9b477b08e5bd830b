// SPDX-License-Identifier: Apache-2.0
//
// One person who was looked up: who they are, and what there is of them.

import { h, icon, show } from '/shared/dom.js';
import { button, go } from '/shared/page.js';
import { t, when } from '/shared/words.js';
import { codes } from './catalogue.js';
import { askErasure, askGuardian, askHold, freeze } from './deeds.js';
import { find, lookAgain, looked, putAway } from './find.js';
import { bars, devices, documents, guardians } from './holdings.js';
import { offer } from './offer.js';
import { facts, head } from './parts.js';
import { record } from './record.js';
import { call, may } from './session.js';

/* ---- who ---- */

function portrait(now) {
    const place = h('div', { class: 'portrait' }, icon('person'));
    const show_it = button(
        t('show_portrait'),
        async () => {
            const bytes = await call('POST', '/api/person/portrait', {
                person: now.file.person,
                purpose: now.purpose,
            });
            const url = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
            show(
                place,
                h('img', {
                    src: url,
                    alt: t('portrait_of', { name: now.file.who.name ?? '' }),
                    onload: () => URL.revokeObjectURL(url),
                }),
            );
            show_it.remove();
        },
        { sign: 'eye', title: t('portrait_logged') },
    );
    return h('div', { class: 'stack tight' }, place, show_it);
}

function identity(now) {
    const { file, purpose } = now;
    const { who } = file;
    return h(
        'section',
        { class: 'panel identity' },
        portrait(now),
        h(
            'div',
            { class: 'stack tight' },
            facts([
                [t('field_name'), who.name],
                [t('field_number'), h('span', { class: 'mono' }, who.number ?? '')],
                [t('field_birth_date'), who.birth_date],
                [t('field_sex'), codes('sex').find(([value]) => value === String(who.sex))?.[1]],
                [t('field_nationality'), who.nationality],
                [t('registered_at'), when(file.registered)],
            ]),
            h(
                'p',
                { class: 'soft small row' },
                icon('eye'),
                h('span', {}, t('looked_for', { purpose: t(`purpose_${purpose}`) })),
            ),
        ),
    );
}

/* ---- the person ---- */

function actions(now) {
    const senior = may('officer', 'supervisor');
    const after = (yes) => (yes ? lookAgain() : undefined);
    return h(
        'div',
        { class: 'row no-print', role: 'group', 'aria-label': t('actions') },
        button(t('offer'), () => offer(now).then(after), { kind: 'first', sign: 'card' }),
        button(t('freeze'), () => freeze(now).then(after), { sign: 'pause' }),
        senior ? button(t('hold'), () => askHold(now), { sign: 'lock' }) : null,
        senior ? button(t('guardian'), () => askGuardian(now), { sign: 'people' }) : null,
        senior
            ? button(t('erase'), () => askErasure(now), { kind: 'danger', sign: 'trash' })
            : null,
    );
}

export function person() {
    const current = looked();
    if (!current) return find();
    return h(
        'div',
        { class: 'stack' },
        head(
            current.file.who.name ?? t('person'),
            undefined,
            button(t('look_again'), lookAgain, { sign: 'eye', title: t('look_logged') }),
            button(
                t('put_away'),
                () => {
                    putAway();
                    go('find');
                },
                { sign: 'cross' },
            ),
        ),
        actions(current),
        identity(current),
        documents(current),
        devices(current),
        bars(current),
        guardians(current),
        current.file.record
            ? record(current.file.record)
            : h('p', { class: 'soft' }, t('record_for_officers')),
    );
}
