// SPDX-License-Identifier: Apache-2.0
//
// Documents that a guardian holds for a child: apart from the own ones, and never
// shown among them. Whose are shown is one choice for the whole wallet.

import { h, icon, notice } from '/shared/dom.js';
import { again } from '/shared/page.js';
import { t, when } from '/shared/words.js';

const CHINA = 8 * 3600; // seconds that a day begins earlier there
const isOf = (catalogue, item, attribute, name) =>
    catalogue.element(catalogue.byType(item.type), attribute)?.name === name;
const find = (catalogue, item, name) =>
    item.attributes?.find((one) => isOf(catalogue, item, one, name))?.value;

/** Which of several ITEM is, of ITEMS that came together: {subject, child}. A card does not say itself that it is a
 *  child's, so what says it counts for all; KNOWN: whose they are, where that is known. */
export function subjectOf(catalogue, items, item, known) {
    const guarded = items.find((one) => find(catalogue, one, 'held_by_guardian') === true);
    const vehicle = find(catalogue, item, 'vehicle_identification_number');
    const child = guarded ? find(catalogue, guarded, 'full_name') : known;
    return { subject: vehicle ?? child ?? '', ...(child ? { child } : {}) };
}

/* The birthday after YEARS; who was born on 29 February has it on 1 March. */
function birthday(birth, years) {
    const [year, month, day] = birth.split('-').map(Number);
    return Date.UTC(year + years, month - 1, day) / 1000 - CHINA;
}

/** The day on which it is ENDS in China. */
export const dayOf = (ends) => when(ends, { dateStyle: 'long', timeZone: 'Asia/Shanghai' });

/* Until when BATCH is held: the 14th or the 18th birthday after it came. */
function endOf(birth, received) {
    const years = birthday(birth, 14) > received ? 14 : 18;
    return { years, ends: birthday(birth, years) };
}

/** The children whose documents are here: [{name, years, ends}]; ends undefined where no document says a birth date. */
export function children(wallet) {
    const all = new Map();
    for (const batch of wallet.batches) {
        if (!batch.child) continue;
        const birth = String(find(wallet.catalogue, batch, 'birth_date') ?? '');
        const known = /^\d{4}-\d{2}-\d{2}/.test(birth)
            ? endOf(birth.slice(0, 10), batch.received)
            : {};
        all.set(batch.child, { name: batch.child, ...all.get(batch.child), ...known });
    }
    return [...all.values()];
}

/** Whose documents are shown, where there are a child's: one of a group of buttons. */
export function whose(wallet) {
    const all = children(wallet);
    if (all.length === 0) {
        wallet.whose = undefined;
        return null;
    }
    const one = (name, text, sign) =>
        h(
            'button',
            {
                type: 'button',
                class: wallet.whose === name ? 'button first' : 'button',
                'aria-pressed': String(wallet.whose === name),
                onclick: () => {
                    wallet.whose = name;
                    again();
                },
            },
            icon(sign),
            text,
        );
    return h(
        'div',
        { class: 'row whose', role: 'group', 'aria-label': t('children_whose') },
        one(undefined, t('children_mine'), 'person'),
        ...all.map(({ name }) => one(name, name, 'people')),
    );
}

/** What a guardian has to know of the child that is chosen; nothing otherwise. */
export function guarding(wallet) {
    const child = children(wallet).find((one) => one.name === wallet.whose);
    if (!child) return null;
    const { name, years, ends } = child;
    if (ends !== undefined && ends <= wallet.trust.now())
        return notice(
            'warn',
            h('b', {}, t('children_over', { name, years })),
            h('p', {}, t('children_over_next', { name })),
        );
    return notice(
        'unknown',
        h('b', {}, t('children_held', { name })),
        h(
            'p',
            {},
            ends === undefined
                ? t('children_until_event')
                : t('children_until', {
                      name,
                      years,
                      when: dayOf(ends),
                  }),
        ),
        h('p', { class: 'soft' }, t('children_switch', { name })),
    );
}

/** Before something is shown: that it is a child's. */
export const showingFor = (wallet) =>
    wallet.whose ? notice('warn', h('p', {}, t('children_showing', { name: wallet.whose }))) : null;
