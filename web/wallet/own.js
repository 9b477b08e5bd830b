// SPDX-License-Identifier: Apache-2.0
//
// My record at the authority: where it begins, the log-in, and the frame around
// each of its places.

import { h, icon, notice } from '/shared/dom.js';
import { Trouble, again, button, go, sheet, trouble } from '/shared/page.js';
import { t, when } from '/shared/words.js';
import { dayOf } from './children.js';
import { NeedsCode, recordOf } from './record.js';

/* ---- logging in ---- */

const field = (id, text, more = {}) =>
    h(
        'div',
        { class: 'field' },
        h('label', { for: id }, text),
        h('input', { id, autocomplete: 'off', ...more }),
    );

/* Number and code, then THEN. They are not kept. */
function form(wallet, then) {
    const number = field('own-number', t('lost_number'), { maxlength: 18 });
    const code = field('own-code', t('lost_code'), { type: 'password' });
    return h(
        'form',
        {
            class: 'stack',
            onsubmit: (event) => event.preventDefault(), // the button does it, also for Enter
        },
        number,
        code,
        button(
            t('own_login'),
            async () => {
                const [who, what] = [number, code].map((one) =>
                    one.querySelector('input').value.trim(),
                );
                if (!who || !what) throw new Trouble(t('lost_empty'), '', t('lost_empty_next'));
                await recordOf(wallet).open({ number: who, code: what });
                await then();
            },
            { kind: 'first wide', sign: 'key', type: 'submit' },
        ),
    );
}

function login(wallet) {
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('own_login_title')),
        h('p', { class: 'soft' }, t('own_login_text')),
        form(wallet, async () => again()),
    );
}

/** Do RUN; where this device alone is not enough, ask for number and access code and do it then. */
export async function withCode(wallet, run) {
    try {
        return await run();
    } catch (error) {
        if (!(error instanceof NeedsCode)) throw error;
    }
    const yes = await sheet(t('own_login_title'), (close) =>
        h(
            'div',
            { class: 'stack' },
            h('p', {}, t('own_code_text')),
            form(wallet, async () => close(true)),
        ),
    );
    return yes ? run() : undefined;
}

/** Ask whether to do it: TITLE, TEXT; true or undefined. */
export function sure(title, text) {
    return sheet(title, (close) =>
        h(
            'div',
            { class: 'stack' },
            h('p', {}, text),
            h(
                'div',
                { class: 'row actions' },
                button(title, () => close(true), { kind: 'danger' }),
                button(t('cancel'), () => close()),
            ),
        ),
    );
}

/* ---- whose record ---- */

/* Own or a child's, where this device holds a child's documents. */
async function whose(record) {
    const kids = await record.kids().catch((error) => {
        console.warn('children', error);
        return [];
    });
    if (kids.length === 0) return null;
    const list = h(
        'select',
        {
            id: 'own-whose',
            onchange: async (event) => {
                const wanted = kids.find((one) => one.id === event.target.value);
                try {
                    await record.turn(wanted);
                } catch (error) {
                    list.after(trouble(error));
                    list.value = record.child?.id ?? '';
                    return;
                }
                again();
            },
        },
        h('option', { value: '', selected: !record.child }, t('own_mine')),
        ...kids.map((one) =>
            h(
                'option',
                { value: one.id, selected: record.child?.id === one.id },
                t('own_child', { name: one.name }),
            ),
        ),
    );
    return h(
        'div',
        { class: 'field' },
        h('label', { for: 'own-whose' }, t('own_whose')),
        list,
        record.child?.ends
            ? h('small', { class: 'soft' }, t('own_until', { when: dayOf(record.child.ends) }))
            : null,
    );
}

/** A place of the record called TITLE, drawn by BODY(record) when a session is open. */
export async function within(wallet, title, text, body) {
    const record = recordOf(wallet);
    let inner;
    let who = null;
    try {
        await record.ready();
        who = await whose(record);
        inner = await body(record);
    } catch (error) {
        inner = error instanceof NeedsCode ? login(wallet) : trouble(error);
    }
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            title === 'own_title'
                ? h('a', { class: 'button plain', href: '#/settings' }, icon('back'), t('settings'))
                : h('a', { class: 'button plain', href: '#/own' }, icon('back'), t('own_title')),
        ),
        h('h1', {}, t(title)),
        h('p', { class: 'soft' }, t(text)),
        who,
        inner,
    );
}

/* ---- where it begins ---- */

const PLACES = [
    ['looked', 'eye', 'looked_title', 'looked_short'],
    ['devices', 'phone', 'devices_title', 'devices_short'],
    ['grants', 'key', 'grants_title', 'grants_short'],
    ['requests', 'pen', 'requests_title', 'requests_short'],
];

function links() {
    return h(
        'ul',
        { class: 'list' },
        ...PLACES.map(([place, sign, title, text]) =>
            h(
                'li',
                {},
                h(
                    'a',
                    { href: `#/${place}` },
                    icon(sign),
                    h('span', { class: 'text' }, h('b', {}, t(title)), h('small', {}, t(text))),
                    icon('go'),
                ),
            ),
        ),
    );
}

const words = {
    'device.notice': 'notice_device_notice',
    'device.new': 'notice_device_new',
    'document.renewal': 'notice_renewal',
};

/* What the authority tells, until it was seen. */
async function told(record) {
    const { notices } = (await record.ask('GET', '/wallet/notices')).said;
    const fresh = notices.filter((one) => !one.seen).slice(0, 5);
    return fresh.map((one) => {
        const node = notice(
            'unknown',
            h('b', {}, t(words[one.kind] ?? 'notice_other')),
            h(
                'p',
                { class: 'soft small' },
                [when(one.at), words[one.kind] ? '' : one.kind].filter(Boolean).join(' · '),
            ),
            button(
                t('notice_seen'),
                async () => {
                    await record.ask('POST', `/wallet/notices/${one.id}/seen`);
                    node.remove();
                },
                { kind: 'small', sign: 'tick' },
            ),
        );
        return node;
    });
}

async function summary(record) {
    const { frozen, bars } = (await record.ask('GET', '/wallet/record')).said;
    return h(
        'section',
        { class: 'stack' },
        frozen
            ? notice('warn', h('b', {}, t('own_frozen')), h('p', {}, t('own_frozen_next')))
            : null,
        bars.some((one) => one.kind !== 'freeze')
            ? notice('warn', h('b', {}, t('own_barred')), h('p', {}, t('own_barred_next')))
            : null,
        ...(await told(record)),
        links(),
        h(
            'section',
            { class: 'panel stack' },
            h(
                'p',
                { class: 'row' },
                icon(record.by === 'code' ? 'key' : 'phone'),
                t(`own_by_${record.by}`),
            ),
            button(
                t('own_logout'),
                async () => {
                    await record.leave();
                    go('settings');
                },
                { kind: 'wide', sign: 'lock' },
            ),
        ),
    );
}

export const own = (wallet) => within(wallet, 'own_title', 'own_text', summary);
