// SPDX-License-Identifier: Apache-2.0
//
// All that a document says: by groups, and a booklet by its pages.

import { h, show } from '/shared/dom.js';
import { label, t } from '/shared/words.js';
import { picture } from './catalogue.js';

const pageOf = ({ namespace = '', name }) =>
    Number(/\.m(\d\d)$/.exec(namespace)?.[1] ?? /^m(\d\d)\./.exec(name)?.[1] ?? 0);

/* TEXT, with its dates in one piece each. */
const dated = (text) =>
    text.split(/(\d{4}-\d\d-\d\d)/).map((part, at) => (at % 2 ? h('time', {}, part) : part));

/* VALUE of ELEMENT: what has parts is a list of its own. */
function valueOf(wallet, element, value) {
    const parts = element?.parts?.filter((part) => value?.[part.name] !== undefined);
    if (!parts?.length) return wallet.catalogue.text(element, value);
    return h(
        'details',
        {},
        h('summary', {}, t('parts_of', { count: parts.length })),
        h(
            'dl',
            { class: 'parts' },
            ...parts.map((part) =>
                h(
                    'div',
                    {},
                    h('dt', {}, label(part.label)),
                    h('dd', {}, dated(wallet.catalogue.text(part, value[part.name]))),
                ),
            ),
        ),
    );
}

/* {page: {group: [[label, value]]}}; page 0 is not of a person. */
function sorted(wallet, one) {
    const pages = new Map();
    for (const item of one.main.attributes ?? []) {
        if (picture(item.value)) continue;
        const element = wallet.catalogue.element(one.definition, item);
        const page = pageOf(item);
        const groups = pages.get(page) ?? new Map();
        const group = element?.group ?? 'other';
        groups.set(group, [
            ...(groups.get(group) ?? []),
            [label(element?.label) || item.name, valueOf(wallet, element, item.value), element],
        ]);
        pages.set(page, groups);
    }
    return pages;
}

const facts = (rows, kind = 'facts') =>
    h(
        'dl',
        { class: kind },
        ...rows.map(([name, value]) =>
            h(
                'div',
                {},
                h('dt', {}, name),
                h('dd', {}, typeof value === 'string' ? dated(value) : value),
            ),
        ),
    );

/* ---- a booklet: one page at a time --------------------------------------- */

const named = (rows, name) => rows.find(([, , element]) => element?.name === name)?.[1];

function booklet(pages) {
    const leaves = [...pages]
        .sort(([one], [other]) => one - other)
        .map(([page, groups]) => {
            const rows = [...groups.values()].flat();
            return {
                page,
                rows,
                title: page === 0 ? t('booklet_home') : named(rows, 'name') || t('booklet_page'),
                note: page === 0 ? '' : named(rows, 'relation'),
            };
        });
    const room = h('div', {
        class: 'paper',
        role: 'tabpanel',
        id: 'leaf',
        'aria-labelledby': 'tab-0',
        tabindex: 0,
    });
    const turn = (at, focus = false) => {
        const leaf = leaves[at];
        tabs.forEach((tab, index) => {
            tab.setAttribute('aria-selected', String(index === at));
            tab.setAttribute('tabindex', index === at ? '0' : '-1');
        });
        if (focus) tabs[at].focus();
        room.setAttribute('aria-labelledby', `tab-${at}`);
        show(
            room,
            h(
                'div',
                { class: 'leaf' },
                h('h2', {}, [leaf.title, leaf.note].filter(Boolean).join(' · ')),
                facts(leaf.rows, 'cells'),
                h('p', { class: 'foot' }, t('booklet_at', { at: at + 1, count: leaves.length })),
            ),
        );
    };
    const tabs = leaves.map((leaf, at) =>
        h(
            'button',
            {
                type: 'button',
                role: 'tab',
                id: `tab-${at}`,
                'aria-controls': 'leaf',
                onclick: () => turn(at),
                onkeydown: (event) => {
                    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
                    if (to !== undefined) turn((to + leaves.length) % leaves.length, true);
                },
            },
            leaf.title,
        ),
    );
    turn(0);
    return [
        h(
            'section',
            { class: 'leaves' },
            h('div', { class: 'tabs', role: 'tablist', 'aria-label': t('booklet_pages') }, ...tabs),
            room,
        ),
    ];
}

/** What ONE says, as sections. */
export function details(wallet, one) {
    const pages = sorted(wallet, one);
    if (pages.size > 1) return booklet(pages);
    return [...(pages.get(0) ?? [])].map(([group, rows]) =>
        h('section', { class: 'panel stack' }, h('h2', {}, t(`group_${group}`)), facts(rows)),
    );
}
