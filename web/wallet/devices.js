// SPDX-License-Identifier: Apache-2.0
//
// The devices to which documents of this person were issued, as the authority has
// them; end one, or learn why that takes more.

import { h, icon, notice, state } from '/shared/dom.js';
import { Trouble, again, button, toast } from '/shared/page.js';
import { t, when } from '/shared/words.js';
import { sure, within, withCode } from './own.js';

const KINDS = { active: 'ok', offered: 'unknown', waiting: 'warn', ended: 'unknown' };

/* A key alone is of level 1: a device of a higher level needs the code. */
async function end(record, one) {
    if (!(await sure(t('devices_end'), t(one.this ? 'devices_end_this' : 'devices_end_text'))))
        return;
    const done = await withCode(record.wallet, async () => {
        await record.needCode();
        try {
            await record.ask('DELETE', `/wallet/devices/${one.id}`);
        } catch (error) {
            if (error.status !== 404) throw error;
            throw new Trouble(t('devices_failed'), t('devices_level'), t('devices_level_next'));
        }
        return true;
    });
    if (!done) return;
    if (one.this) await record.wallet.leaveSources();
    toast(t('devices_ended'));
    again();
}

function row(record, one) {
    return h(
        'li',
        {},
        h(
            'div',
            { class: 'device' },
            icon(one.guardian ? 'people' : 'phone'),
            h(
                'span',
                { class: 'text' },
                h(
                    'b',
                    {},
                    t(
                        one.this
                            ? 'devices_this'
                            : one.guardian
                              ? 'devices_guardian'
                              : 'devices_one',
                    ),
                ),
                h('small', {}, t('devices_since', { when: when(one.started), level: one.level })),
                one.state === 'waiting'
                    ? h('small', {}, t('devices_from', { when: when(one.active_from) }))
                    : null,
                state(KINDS[one.state] ?? 'unknown', t(`device_${one.state}`)),
            ),
            one.state === 'ended'
                ? null
                : button(t('devices_end'), () => end(record, one), {
                      kind: 'danger small',
                      'aria-label': t('devices_end_one', { when: when(one.started) }),
                  }),
        ),
    );
}

async function body(record) {
    const { devices } = (await record.ask('GET', '/wallet/devices')).said;
    const alive = devices.filter((one) => one.state !== 'ended').reverse();
    const over = devices.filter((one) => one.state === 'ended').reverse();
    return h(
        'div',
        { class: 'stack' },
        alive.length === 0
            ? h('div', { class: 'panel empty' }, icon('phone'), h('p', {}, t('devices_none')))
            : h('ul', { class: 'list' }, ...alive.map((one) => row(record, one))),
        alive.length && !alive.some((one) => one.this)
            ? notice('unknown', h('p', {}, t('devices_not_here')))
            : null,
        over.length
            ? h(
                  'details',
                  { class: 'panel asking' },
                  h('summary', {}, t('devices_over', { count: over.length })),
                  h('ul', { class: 'list' }, ...over.map((one) => row(record, one))),
              )
            : null,
        h('a', { class: 'button wide', href: '#/lost' }, icon('phone'), t('lost_title')),
    );
}

export const devices = (wallet) => within(wallet, 'devices_title', 'devices_text', body);
