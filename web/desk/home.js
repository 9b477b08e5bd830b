// SPDX-License-Identifier: Apache-2.0
//
// For which purpose, and by which way.

import { h, icon, notice } from '/shared/dom.js';
import { go } from '/shared/page.js';
import { label, t } from '/shared/words.js';

const KEPT = 'yaopai.desk.profile';
const SIGNS = {
    hotel: 'bed',
    age: 'person',
    train: 'train',
    flight: 'go',
    road_check: 'car',
    police: 'badge',
    hospital: 'plus',
    mortgage: 'house',
    government: 'house',
    identity: 'search',
    parcel: 'search',
    door: 'key',
    net: 'globe',
};

function remembered() {
    try {
        return localStorage.getItem(KEPT);
    } catch {
        return null;
    }
}

function remember(name) {
    try {
        localStorage.setItem(KEPT, name);
    } catch {
        // it is for this time only
    }
}

/** [way, icon, does it need the server] for PROFILE. */
export function waysOf(desk, profile) {
    const standing = (desk.about.standing ?? []).some((one) => one.profile === profile.name);
    return [
        ['request', 'qr', true],
        profile.match_only ? null : ['counter', 'phone', true],
        profile.card === 'none'
            ? null
            : ['card', 'scan', profile.card === 'sealed' && !profile.paper_days],
        standing ? ['number', 'list', true] : null,
        standing ? ['print', 'print', false] : null,
    ].filter(Boolean);
}

function waysText(desk, profile, way, server) {
    if (server && !desk.online) return t('way_off');
    if (way === 'card' && profile.paper_days)
        return t(
            !desk.online && profile.card === 'sealed' ? 'way_paper_text' : 'way_card_paper_text',
        );
    return t(`way_${way}_text`);
}

function chooser(desk, chosen) {
    return h(
        'section',
        { class: 'stack', 'aria-labelledby': 'purposes' },
        h('h1', { id: 'purposes' }, t('purposes')),
        h(
            'ul',
            { class: 'list purposes' },
            ...desk.profiles().map((one) =>
                h(
                    'li',
                    {},
                    h(
                        'a',
                        {
                            href: `#//${one.name}`,
                            'aria-current': one.name === chosen.name ? 'true' : null,
                        },
                        icon(SIGNS[one.name] ?? 'card'),
                        h(
                            'span',
                            { class: 'text' },
                            h('b', {}, label(one.title)),
                            h('small', {}, label(one.purpose)),
                        ),
                        one.name === chosen.name ? icon('tick') : icon('go'),
                    ),
                ),
            ),
        ),
    );
}

/** What PROFILE asks, on which ground, and how long it is kept. */
export function terms(desk, profile) {
    return h(
        'details',
        { class: 'panel' },
        h('summary', {}, t('asked_for')),
        h(
            'div',
            { class: 'stack' },
            ...desk
                .asks(profile)
                .map(({ definition, elements, optional, step }) =>
                    h(
                        'div',
                        {},
                        h(
                            'h3',
                            {},
                            label(definition?.title),
                            optional
                                ? h('span', { class: 'soft small' }, ` · ${t('optional')}`)
                                : null,
                            step > 1
                                ? h('span', { class: 'soft small' }, ` · ${t('second_step')}`)
                                : null,
                        ),
                        h('p', {}, elements.map((one) => label(one.label) || one.name).join(' · ')),
                    ),
                ),
            h(
                'dl',
                { class: 'facts' },
                h('dt', {}, t('legal_basis')),
                h('dd', {}, label(profile.legal_basis)),
                h('dt', {}, t('kept_for')),
                h(
                    'dd',
                    {},
                    profile.days > 0 ? t('kept_days', { days: profile.days }) : t('kept_not'),
                ),
            ),
        ),
    );
}

export function home(desk, wanted) {
    const profiles = desk.profiles();
    if (profiles.length === 0)
        return h(
            'div',
            { class: 'stack' },
            h('h1', {}, t('nav_check')),
            notice('warn', h('b', {}, t('no_profiles')), h('p', {}, t('no_profiles_next'))),
        );
    if (wanted) remember(wanted);
    const profile =
        desk.profile(wanted ?? remembered()) ??
        profiles.find((one) => one.name === 'hotel') ??
        profiles[0];
    const needsOfficer = profile.officer && !desk.officerNow();
    return h(
        'div',
        { class: 'columns desk' },
        chooser(desk, profile),
        h(
            'section',
            { class: 'stack' },
            h('h2', { class: 'chosen' }, label(profile.title)),
            h('p', { class: 'soft' }, label(profile.purpose)),
            needsOfficer
                ? notice(
                      'warn',
                      h('b', {}, t('officer_needed')),
                      h('p', {}, h('a', { href: '#/officer' }, t('officer_needed_next'))),
                  )
                : null,
            h(
                'ul',
                { class: 'list ways' },
                ...waysOf(desk, profile).map(([way, sign, server]) =>
                    h(
                        'li',
                        {},
                        h(
                            'button',
                            {
                                type: 'button',
                                disabled: needsOfficer || (server && !desk.online),
                                onclick: () => go('ask', profile.name, way),
                            },
                            icon(sign),
                            h(
                                'span',
                                { class: 'text' },
                                h('b', {}, t(`way_${way}`)),
                                h('small', {}, waysText(desk, profile, way, server)),
                            ),
                            icon('go'),
                        ),
                    ),
                ),
            ),
            terms(desk, profile),
        ),
    );
}
