// SPDX-License-Identifier: Apache-2.0
//
// A phone is lost, documents are to be frozen: by number and access code, from
// any device. What else the authority has of a person: own.js.

import { fetchBytes } from '/wasm/wishes.mjs';
import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, button, sheet } from '/shared/page.js';
import { t } from '/shared/words.js';

const WHY = { 401: 'lost_wrong', 403: 'lost_wrong', 429: 'lost_wait' };

async function tell(wallet, path, body) {
    const { status } = await fetchBytes({
        method: 'POST',
        url: `${wallet.trust.authority}${path}`,
        headers: { 'Content-Type': 'application/json' },
        body: new TextEncoder().encode(JSON.stringify(body)),
    }).catch(() => ({ status: 0 }));
    if (status !== 200)
        throw new Trouble(t('lost_failed'), t(WHY[status] ?? 'core_NET'), t('lost_next'));
}

export function lost(wallet) {
    const told = h('div', { role: 'status' });
    const said = () => {
        const [number, code] = ['lost-number', 'lost-code'].map((id) =>
            document.getElementById(id).value.trim(),
        );
        if (!number || !code) throw new Trouble(t('lost_empty'), '', t('lost_empty_next'));
        return { number, code };
    };
    const run = (path, title, text) => async () => {
        const body = said();
        const yes = await sheet(t(title), (close) =>
            h(
                'div',
                { class: 'stack' },
                h('p', {}, t(text)),
                h(
                    'div',
                    { class: 'row actions' },
                    button(t(title), () => close(true), { kind: 'danger' }),
                    button(t('cancel'), () => close()),
                ),
            ),
        );
        if (!yes) return;
        await tell(wallet, path, body);
        show(told, notice('ok', h('b', {}, t(`${title}_done`)), h('p', {}, t(`${title}_after`))));
        document.getElementById('lost-code').value = '';
    };
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/settings' }, icon('back'), t('settings')),
        ),
        h('h1', {}, t('lost_title')),
        h('p', {}, t('lost_text')),
        told,
        h(
            'section',
            { class: 'panel stack' },
            h(
                'div',
                { class: 'field' },
                h('label', { for: 'lost-number' }, t('lost_number')),
                h('input', { id: 'lost-number', autocomplete: 'off', maxlength: 18 }),
            ),
            h(
                'div',
                { class: 'field' },
                h('label', { for: 'lost-code' }, t('lost_code')),
                h('input', { id: 'lost-code', type: 'password', autocomplete: 'off' }),
            ),
            button(t('freeze'), run('/wallet/freeze', 'freeze', 'freeze_text'), {
                kind: 'danger wide',
                sign: 'pause',
            }),
            button(t('end_devices'), run('/wallet/lost', 'end_devices', 'end_devices_text'), {
                kind: 'danger wide',
                sign: 'phone',
            }),
        ),
        h('a', { class: 'button wide', href: '#/own' }, icon('eye'), t('own_title')),
    );
}
