// SPDX-License-Identifier: Apache-2.0
//
// A new kiosk: whoever sets it up types the code of `yaopai kiosk add`.

import { h, notice } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { t } from '/shared/words.js';
import { Device } from './device.js';

const LETTERS = 12;

/** What a link brings: #pair=3TEX-X8GW-GWKE. It is taken out of the address. */
function brought() {
    const code = location.hash.match(/^#pair=([0-9A-Za-z-]{12,14})$/)?.[1] ?? '';
    if (code) history.replaceState(null, '', '/');
    return code;
}

export function pairing(kiosk) {
    const field = h('input', {
        id: 'pair',
        autocomplete: 'off',
        autocapitalize: 'characters',
        spellcheck: 'false',
        class: 'mono',
        maxlength: 20,
        placeholder: 'XXXX-XXXX-XXXX',
        value: brought(),
    });
    const take = button(
        t('pair_take'),
        async () => {
            const code = field.value.replace(/[\s-]/g, '').toUpperCase();
            if (code.length !== LETTERS)
                throw new Trouble(t('pair_short'), '', t('pair_short_next'));
            kiosk.device = await Device.pair(code);
            kiosk.draw();
        },
        { kind: 'first wide', sign: 'key' },
    );
    return h(
        'form',
        {
            class: 'stack pairing',
            onsubmit: (event) => {
                event.preventDefault();
                take.click();
            },
        },
        h('h1', {}, t('pair')),
        h('p', {}, t('pair_text')),
        h('pre', { class: 'command mono' }, 'yaopai kiosk add --name …'),
        h(
            'div',
            { class: 'field' },
            h('label', { for: 'pair' }, t('pair_code')),
            field,
            h('small', {}, t('pair_note')),
        ),
        h('div', { class: 'stack' }, take),
        notice('unknown', h('p', {}, t('pair_key'))),
    );
}
