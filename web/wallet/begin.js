// SPDX-License-Identifier: Apache-2.0
//
// The first run, and unlocking afterwards.

import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, button } from '/shared/page.js';
import { t } from '/shared/words.js';
import * as lock from './lock.js';

function pinField(id, text) {
    return h(
        'div',
        { class: 'field' },
        h('label', { for: id }, text),
        h('input', {
            id,
            type: 'password',
            inputmode: 'numeric',
            autocomplete: 'off',
            maxlength: 12,
            pattern: '[0-9]*',
        }),
    );
}

/** The first run: gives the store when the wallet is locked. */
export function begin(main) {
    return new Promise((resolve) => {
        const pin = h(
            'form',
            {
                class: 'stack',
                hidden: true,
                onsubmit: (event) => event.preventDefault(), // the button does it, also for Enter
            },
            notice('warn', h('p', {}, t('pin_limits'))),
            pinField('pin-1', t('pin_new')),
            pinField('pin-2', t('pin_again')),
            button(
                t('pin_take'),
                async () => {
                    const [one, two] = ['pin-1', 'pin-2'].map(
                        (id) => document.getElementById(id).value,
                    );
                    if (!/^\d{6,12}$/.test(one))
                        throw new Trouble(t('pin_short'), '', t('pin_short_next'));
                    if (one !== two) throw new Trouble(t('pin_differs'), '', t('pin_differs_next'));
                    resolve(await settled(lock.lockByPin(one)));
                },
                { kind: 'first wide', type: 'submit' },
            ),
        );
        const usePin = () => {
            pin.hidden = false;
            pin.querySelector('input').focus();
        };
        show(
            main,
            h(
                'div',
                { class: 'stack welcome' },
                h('img', { src: '/icon.svg', alt: '', width: 112, height: 112 }),
                h('h1', {}, t('welcome')),
                h('p', {}, t('welcome_text')),
                h(
                    'ul',
                    { class: 'list' },
                    ...[
                        ['shield', 'welcome_1'],
                        ['wifi-off', 'welcome_2'],
                        ['eye-off', 'welcome_3'],
                    ].map(([sign, key]) =>
                        h('li', {}, h('div', {}, icon(sign), h('span', { class: 'text' }, t(key)))),
                    ),
                ),
                button(
                    t('lock_passkey'),
                    async () => {
                        const store = await lock.lockByPasskey(t('title')).catch((error) => {
                            console.warn('passkey', error);
                            return null;
                        });
                        if (store) return resolve(await settled(store));
                        usePin();
                        throw new Trouble(t('no_prf'), '', t('no_prf_next'));
                    },
                    { kind: 'first wide', sign: 'key' },
                ),
                button(t('lock_pin'), usePin, { kind: 'plain wide' }),
                pin,
                h('p', { class: 'soft small' }, t('specimen_note')),
            ),
        );
    });
}

/* Ask the browser to keep it when room is short; it may say no. */
async function settled(store) {
    await navigator.storage?.persist?.().catch(() => false);
    return store;
}

/** Unlock what is there: gives the store; null: the document of the lock screen is to be shown. QUICK: there is one. */
export function unlock(main, kind, quick) {
    return new Promise((resolve) => {
        const byPin = async () => {
            const wait = await lock.pause();
            if (wait > 0) throw new Trouble(t('pin_wait', { seconds: wait }));
            const store = await lock.unlockByPin(document.getElementById('pin').value);
            if (!store) throw new Trouble(t('pin_wrong'), '', t('pin_wrong_next'));
            resolve(store);
        };
        const byPasskey = async () => {
            const store = await lock.unlockByPasskey();
            if (!store) throw new Trouble(t('passkey_other'), '', t('passkey_other_next'));
            resolve(store);
        };
        const form =
            kind === 'pin'
                ? h(
                      'form',
                      {
                          class: 'stack',
                          onsubmit: (event) => event.preventDefault(),
                      },
                      pinField('pin', t('pin')),
                      button(t('unlock'), byPin, {
                          kind: 'first wide',
                          sign: 'lock',
                          type: 'submit',
                      }),
                  )
                : button(t('unlock'), byPasskey, { kind: 'first wide', sign: 'lock' });
        show(
            main,
            h(
                'div',
                { class: 'stack welcome' },
                h('img', { src: '/icon.svg', alt: '', width: 112, height: 112 }),
                h('h1', {}, t('locked')),
                form,
                quick
                    ? button(t('quick_show'), () => resolve(null), { kind: 'wide', sign: 'car' })
                    : null,
                notice('unknown', h('p', {}, t('forgot_next'))),
            ),
        );
        main.querySelector('input')?.focus();
    });
}
