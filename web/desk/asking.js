// SPDX-License-Identifier: Apache-2.0
//
// One question to one person: the way is chosen, here it is walked, and what
// came of it stands in the same place.

import { h, icon, notice, show } from '/shared/dom.js';
import { again, button, trouble } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { card } from './cards.js';
import { counter } from './counter.js';
import { number, paper } from './standing.js';
import { request } from './request.js';
import { result } from './result.js';

const WAYS = { request, counter, card, number, print: paper };

/* An age that is chosen, values that are compared: what has to be known before it is asked. */
function before(desk, profile, run) {
    const choices = profile.asks.flatMap((one) => one.choices ?? []);
    const elements = desk.asks(profile).flatMap((one) => one.elements);
    const definition = desk.asks(profile)[0]?.definition;
    if (profile.match_only) {
        const fields = elements.map((one) => [
            one,
            h('input', {
                id: `value-${one.name}`,
                autocomplete: 'off',
                required: true,
                maxlength: 512,
            }),
        ]);
        return h(
            'form',
            {
                class: 'stack',
                onsubmit: (event) => {
                    event.preventDefault();
                    run({
                        values: Object.fromEntries(
                            fields.map(([one, input]) => [one.name, input.value.trim()]),
                        ),
                    });
                },
            },
            h('p', { class: 'soft' }, t('match_text')),
            ...fields.map(([one, input]) =>
                h(
                    'div',
                    { class: 'field' },
                    h('label', { for: input.id }, label(one.label) || one.name),
                    input,
                ),
            ),
            h('button', { class: 'button first', type: 'submit' }, t('continue')),
        );
    }
    if (choices.length < 2) return null;
    return h(
        'div',
        { class: 'stack' },
        h('h2', {}, t('which')),
        h(
            'div',
            { class: 'row' },
            ...choices.map((name) =>
                button(
                    label(definition?.elements.find((one) => one.name === name)?.label) || name,
                    () => run({ choice: name }),
                ),
            ),
        ),
    );
}

/** The place of PROFILE by WAY. */
export function asking(desk, name, way) {
    const profile = desk.profile(name);
    const walk = WAYS[way];
    if (!profile || !walk)
        return notice(
            'bad',
            h('b', {}, t('no_profile')),
            h('p', {}, h('a', { href: '#/' }, t('back'))),
        );
    const room = h('div', { class: 'stack' });
    const ends = new AbortController();
    addEventListener('hashchange', () => ends.abort(), { once: true });
    addEventListener('yaopai:draw', () => ends.abort(), { once: true });
    addEventListener('yaopai:language', () => ends.abort(), { once: true });
    const walking = { desk, profile, room, signal: ends.signal };
    const heading = h('h1', {}, t(`way_${way}_title`, { purpose: label(profile.title) }));
    walking.tell = (judged) => {
        heading.textContent = label(profile.title);
        if (!ends.signal.aborted) show(room, result(walking, judged));
    };
    walking.fail = (error) => {
        if (!ends.signal.aborted)
            show(room, trouble(error), button(t('try_again'), again, { kind: 'first' }));
    };
    const run = async (more) => {
        try {
            await walk({ ...walking, more });
        } catch (error) {
            if (error.name !== 'AbortError') walking.fail(error);
        }
    };
    const asked = way === 'print' ? null : before(desk, profile, run);
    if (asked) show(room, asked);
    else run({});
    return h(
        'div',
        { class: 'stack narrow' },
        h(
            'div',
            { class: 'row no-print' },
            h('a', { class: 'button plain', href: `#//${name}` }, icon('back'), t('back')),
        ),
        heading,
        room,
    );
}
