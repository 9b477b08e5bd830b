// SPDX-License-Identifier: Apache-2.0
//
// The guest register of a hotel: an entry of an accepted result, the list by
// days, and what leaves it.

import { h, icon, notice, show } from '/shared/dom.js';
import { button, sheet, trouble } from '/shared/page.js';
import { t, when } from '/shared/words.js';

const day = (later = 0) => {
    const date = new Date(Date.now() + later * 86400000);
    return [
        date.getFullYear(),
        String(date.getMonth() + 1).padStart(2, '0'),
        String(date.getDate()).padStart(2, '0'),
    ].join('-');
};

const field = (id, text, input) =>
    h('div', { class: 'field' }, h('label', { for: id }, text), input);

/** A form that enters the guest of JUDGED. */
export function enter(desk, judged) {
    const room = h('input', { id: 'room', autocomplete: 'off', maxlength: 64, required: true });
    const arrival = h('input', { id: 'arrival', type: 'date', value: day(), required: true });
    const departure = h('input', { id: 'departure', type: 'date', value: day(1) });
    const said = h('div', { 'aria-live': 'polite' });
    const form = h(
        'form',
        {
            class: 'panel stack no-print',
            onsubmit: async (event) => {
                event.preventDefault();
                try {
                    await desk.ask('POST', '/api/guests', {
                        result: judged.id,
                        room: room.value.trim(),
                        arrival: arrival.value,
                        ...(departure.value ? { departure: departure.value } : {}),
                    });
                    show(
                        form,
                        notice(
                            'ok',
                            h('b', {}, t('guest_entered', { room: room.value })),
                            h('p', {}, h('a', { href: '#/guests' }, t('guest_see'))),
                        ),
                    );
                } catch (error) {
                    show(said, trouble(error));
                }
            },
        },
        h('h2', {}, t('guest_enter')),
        h(
            'div',
            { class: 'fields' },
            field('room', t('guest_room'), room),
            field('arrival', t('guest_arrival'), arrival),
            field('departure', t('guest_departure'), departure),
        ),
        said,
        h('button', { class: 'button first', type: 'submit' }, icon('bed'), t('guest_enter')),
    );
    return form;
}

/* ---- the list ---- */

const query = (from, until, more = '') => `/api/guests?from=${from}&until=${until}${more}`;

async function all(desk, from, until) {
    const guests = [];
    let after = '';
    do {
        const got = await desk.ask('GET', query(from, until, after));
        guests.push(...got.guests);
        after = got.next ? `&after=${got.next}` : '';
    } while (after && guests.length < 5000);
    return guests;
}

/* The register as a file: what the server writes, page after page. */
async function file(desk, from, until) {
    const parts = [];
    let after = '';
    do {
        const answer = await fetch(query(from, until, `&format=csv${after}`), {
            headers: { Authorization: `Bearer ${desk.key}` },
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const text = await answer.text();
        parts.push(parts.length === 0 ? text : text.slice(text.indexOf('\n') + 1));
        after = answer.headers.get('Next') ? `&after=${answer.headers.get('Next')}` : '';
    } while (after);
    const address = URL.createObjectURL(new Blob(['\ufeff', ...parts], { type: 'text/csv' }));
    h('a', { href: address, download: `guests-${from}-${until}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
}

async function left(desk, guest, draw) {
    const to = await sheet(t('guest_left'), (close) => {
        const input = h('input', { id: 'left', type: 'date', value: day() });
        return h(
            'form',
            {
                class: 'stack',
                onsubmit: (event) => {
                    event.preventDefault();
                    close(input.value);
                },
            },
            field('left', t('guest_departure'), input),
            h('button', { class: 'button first', type: 'submit' }, t('save')),
        );
    });
    if (!to) return;
    await desk.ask('POST', `/api/guests/${guest.id}/departure`, { departure: to });
    await draw();
}

async function remove(desk, guest, draw) {
    const yes = await sheet(t('guest_remove'), (close) =>
        h(
            'div',
            { class: 'stack' },
            notice(
                'bad',
                h(
                    'p',
                    {},
                    t('guest_remove_text', { name: guest.guest.full_name ?? '', room: guest.room }),
                ),
            ),
            h(
                'div',
                { class: 'row' },
                button(t('guest_remove'), () => close(true), { kind: 'danger', sign: 'trash' }),
                button(t('cancel'), () => close()),
            ),
        ),
    );
    if (!yes) return;
    await desk.ask('DELETE', `/api/guests/${guest.id}`);
    await draw();
}

function table(desk, guests, draw) {
    if (guests.length === 0) return notice('unknown', h('p', {}, t('guests_none')));
    const heads = [
        'guest_room',
        'guest_name',
        'guest_number',
        'guest_arrival',
        'guest_departure',
        'guest_ends',
    ];
    return h(
        'div',
        { class: 'scroll panel', tabindex: 0, role: 'region', 'aria-label': t('nav_guests') },
        h(
            'table',
            { class: 'table' },
            h(
                'thead',
                {},
                h(
                    'tr',
                    {},
                    ...heads.map((key) => h('th', { scope: 'col' }, t(key))),
                    h('th', { scope: 'col' }, h('span', { class: 'unseen' }, t('guest_do'))),
                ),
            ),
            h(
                'tbody',
                {},
                ...guests.map((one) =>
                    h(
                        'tr',
                        {},
                        h('th', { scope: 'row' }, one.room),
                        h('td', {}, one.guest.full_name ?? '—'),
                        h(
                            'td',
                            { class: 'mono' },
                            one.guest.id_number ?? one.guest.document_number ?? '—',
                        ),
                        h('td', {}, one.arrival),
                        h('td', {}, one.departure ?? '—'),
                        h('td', {}, when(one.ends, { dateStyle: 'medium' })),
                        h(
                            'td',
                            { class: 'no-print' },
                            h(
                                'div',
                                { class: 'row' },
                                button(t('guest_left'), () => left(desk, one, draw), {
                                    kind: 'plain',
                                }),
                                button('', () => remove(desk, one, draw), {
                                    kind: 'plain round',
                                    sign: 'trash',
                                    'aria-label': t('guest_remove_who', {
                                        name: one.guest.full_name ?? one.room,
                                    }),
                                }),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    );
}

/** The place. */
export async function guests(desk) {
    const from = h('input', { id: 'from', type: 'date', value: day(-7) });
    const until = h('input', { id: 'until', type: 'date', value: day() });
    const room = h('div', { class: 'stack', 'aria-live': 'polite' });
    const draw = async () => {
        try {
            show(room, table(desk, await all(desk, from.value, until.value), draw));
        } catch (error) {
            show(room, trouble(error));
        }
    };
    from.addEventListener('change', draw);
    until.addEventListener('change', draw);
    await draw();
    return h(
        'div',
        { class: 'stack' },
        h('h1', {}, t('nav_guests')),
        h('p', { class: 'soft' }, t('guests_text')),
        h(
            'div',
            { class: 'row ends no-print' },
            field('from', t('guests_from'), from),
            field('until', t('guests_until'), until),
            button(t('guests_file'), () => file(desk, from.value, until.value), {
                sign: 'download',
            }),
            button(t('print'), () => print(), { sign: 'print' }),
        ),
        room,
    );
}
