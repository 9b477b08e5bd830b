// SPDX-License-Identifier: Apache-2.0
//
// Which documents: all that there are, with the reason where there is none, and
// a preview of what stands in each.

import { face } from '/shared/face.js';
import { h, icon, notice, show, state } from '/shared/dom.js';
import { Trouble, button, sheet, toast } from '/shared/page.js';
import { label, languageNow, t } from '/shared/words.js';
import { keypad } from './keypad.js';
import { readCatalogue } from './known.js';

const other = (title) => title?.[languageNow() === 'en' ? 'zh' : 'en'] ?? '';

async function preview(one) {
    const { documents: known } = await readCatalogue();
    const { elements = [] } = known[one.name] ?? {};
    const { groups = [] } = known;
    return sheet(label(one.title), () =>
        h(
            'div',
            { class: 'stack preview' },
            face({ kind: one.name, title: label(one.title), subtitle: other(one.title) }),
            h('p', {}, t('preview_text')),
            ...groups
                .map((group) => [group, elements.filter((element) => element.group === group.name)])
                .filter(([, list]) => list.length > 0)
                .map(([group, list]) =>
                    h(
                        'section',
                        {},
                        h('h3', {}, label(group.label)),
                        h(
                            'p',
                            { class: 'soft' },
                            list
                                .map((element) => label(element.label))
                                .join(languageNow() === 'en' ? ', ' : '、'),
                        ),
                    ),
                ),
        ),
    );
}

/* What people come for first, then what they may have, then what not. */
const rank = (one) => (one.entitled ? (one.name === 'resident_id' ? 0 : 1) : 2);

function card(visit, one, changed) {
    const box = h('input', {
        type: 'checkbox',
        class: 'tick',
        checked: visit.chosen.has(one.name),
        disabled: !one.entitled,
        'aria-label': label(one.title),
        onchange: () => {
            if (box.checked) visit.chosen.add(one.name);
            else visit.chosen.delete(one.name);
            changed();
        },
    });
    return h(
        'li',
        { class: `choice${one.entitled ? '' : ' not'}` },
        h(
            'label',
            {},
            box,
            h(
                'span',
                { class: 'picture', 'aria-hidden': 'true' },
                face({ kind: one.name, title: label(one.title), subtitle: other(one.title) }),
            ),
            h(
                'span',
                { class: 'text' },
                h('b', {}, label(one.title)),
                one.entitled
                    ? null
                    : h(
                          'span',
                          { class: 'why' },
                          state('unknown', t('not_entitled')),
                          ' ',
                          label(one.why),
                      ),
            ),
        ),
        h(
            'button',
            {
                type: 'button',
                class: 'button',
                'aria-label': t('preview_of', { title: label(one.title) }),
                onclick: () => preview(one),
            },
            icon('eye'),
            t('preview'),
        ),
    );
}

/* A parent chooses for a child of the household. */
async function forChild(kiosk) {
    const { visit } = kiosk;
    await sheet(t('child'), (close) => {
        const go = button(
            t('continue'),
            async () => {
                await visit.sayChild(pad.value);
                visit.documents = null;
                visit.chosen.clear();
                visit.child = true;
                close();
                kiosk.draw();
            },
            { kind: 'first wide', sign: 'go' },
        );
        const pad = keypad({
            name: t('child_number'),
            length: [18, 18],
            last: 'X',
            groups: [6, 8, 4],
            input: (text, enough) => {
                go.disabled = !enough;
            },
            done: () => go.click(),
        });
        return h(
            'div',
            { class: 'stack' },
            h('p', {}, t('child_text')),
            pad,
            h('div', { class: 'stack' }, go),
        );
    });
}

async function lost(kiosk) {
    const yes = await sheet(t('lost'), (close) =>
        h(
            'div',
            { class: 'stack' },
            h('p', {}, t('lost_text')),
            button(t('lost_yes'), () => close(true), { kind: 'danger wide', sign: 'phone' }),
            button(t('cancel'), () => close(), { kind: 'wide' }),
        ),
    );
    if (!yes) return;
    let count;
    await kiosk.step(async (visit) => {
        count = await visit.lose();
        visit.replaces = true;
    });
    if (count !== undefined) toast(t('lost_done', { count })); // else it ended meanwhile
}

export function documents(kiosk) {
    const { visit } = kiosk;
    const list = h('ul', { class: 'choices' });
    const go = button(
        t('continue'),
        () => {
            if (visit.chosen.size === 0)
                throw new Trouble(t('choose_none'), '', t('choose_none_next'));
            return kiosk.step(() => visit.choose());
        },
        { kind: 'first', sign: 'go' },
    );
    const count = h('p', { role: 'status', class: 'soft' });
    const changed = () => {
        count.textContent = t('chosen', { count: visit.chosen.size });
    };
    const draw = () => {
        const sorted = [...visit.documents].sort((a, b) => rank(a) - rank(b));
        show(list, ...sorted.map((one) => card(visit, one, changed)));
        changed();
    };
    const all = button(
        t('choose_all'),
        () => {
            for (const one of visit.documents) if (one.entitled) visit.chosen.add(one.name);
            draw();
        },
        { sign: 'list' },
    );
    const replaces = h('input', {
        type: 'checkbox',
        class: 'switch',
        role: 'switch',
        checked: visit.replaces,
        onchange: (event) => {
            visit.replaces = event.target.checked;
        },
    });
    const node = h(
        'div',
        { class: 'stack', 'data-wide': '' },
        h(
            'div',
            { class: 'row apart' },
            h('h1', {}, t(visit.child ? 'choose_child' : 'choose')),
            all,
        ),
        h('p', { class: 'soft' }, t('choose_text')),
        list,
        h(
            'label',
            { class: 'row replaces' },
            replaces,
            h(
                'span',
                {},
                h('b', {}, t('replace')),
                h('small', { class: 'soft' }, t('replace_text')),
            ),
        ),
        h(
            'div',
            { class: 'row apart' },
            h(
                'div',
                { class: 'row' },
                visit.child ? null : button(t('child'), () => forChild(kiosk), { sign: 'people' }),
                visit.child ? null : button(t('lost'), () => lost(kiosk), { sign: 'phone' }),
            ),
        ),
        h('div', { class: 'row onward' }, count, go),
    );
    if (visit.documents) draw();
    else
        kiosk
            .step(() => visit.listDocuments())
            .catch((error) =>
                show(
                    list,
                    h(
                        'li',
                        {},
                        notice(
                            'bad',
                            h('b', {}, error.what ?? t('trouble')),
                            h('p', {}, error.next ?? ''),
                        ),
                    ),
                ),
            );
    return node;
}
