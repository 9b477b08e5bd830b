// SPDX-License-Identifier: Apache-2.0
//
// To be rid of all of it: what is kept here, this page too, and the backup at the
// provider where the person wishes. What this page can't delete is said.

import { h, icon, notice, show, state } from '/shared/dom.js';
import { button, sheet } from '/shared/page.js';
import { forgetPage } from '/shared/vouched.js';
import { t } from '/shared/words.js';
import { removeAtProvider } from './backup.js';
import * as lock from './lock.js';
import { forgetAll } from './store.js';

/* Tell the device's keeper of passkeys that this one opens nothing any more. */
async function forgetPasskey(credential) {
    if (credential)
        await globalThis.PublicKeyCredential?.signalUnknownCredential?.({
            rpId: location.hostname,
            credentialId: credential,
        }).catch((error) => console.warn('passkey', error));
}

/* {backup: gone there} */
async function erase(wallet, withBackup) {
    const kept = await wallet.store.get('recovery');
    const credential = await lock.credential();
    let backup = !kept;
    if (kept && withBackup)
        backup = await removeAtProvider(kept.code).then(
            () => true,
            () => false,
        );
    await wallet.leave();
    await forgetAll();
    await forgetPage();
    localStorage.clear();
    await forgetPasskey(credential);
    return { backup, credential };
}

function gone({ backup, credential }) {
    const left = [
        backup ? null : 'gone_backup',
        credential ? 'gone_passkey' : null,
        'gone_record',
    ].filter(Boolean);
    const title = h('h1', { tabindex: -1 }, t('gone_title'));
    show(
        document.body,
        h(
            'main',
            { class: 'page gone stack' },
            h(
                'section',
                { class: 'ending ok', role: 'status' },
                h('span', { class: 'mark' }, icon('trash')),
                title,
                h('p', { class: 'soft' }, t('gone_text')),
            ),
            notice(
                'unknown',
                h('b', {}, t('gone_left')),
                h('ul', { class: 'plain-list' }, ...left.map((key) => h('li', {}, t(key)))),
            ),
            button(t('gone_begin'), () => location.replace('/'), { kind: 'first wide' }),
        ),
    );
    title.focus();
}

async function ask(wallet) {
    const kept = await wallet.store.get('recovery');
    const withBackup = h('input', { type: 'checkbox', class: 'switch' });
    const yes = await sheet(t('delete_all'), (close) =>
        h(
            'div',
            { class: 'stack' },
            notice('bad', h('p', {}, t('delete_all_text'))),
            h(
                'ul',
                { class: 'list' },
                ...[
                    [wallet.documents().length, 'delete_documents'],
                    [wallet.events.length, 'delete_events'],
                ].map(([count, key]) =>
                    h(
                        'li',
                        {},
                        h(
                            'div',
                            {},
                            h('span', { class: 'text' }, h('b', {}, t(key))),
                            state('bad', String(count)),
                        ),
                    ),
                ),
                kept
                    ? h(
                          'li',
                          {},
                          h(
                              'label',
                              {},
                              h('span', { class: 'text' }, h('b', {}, t('delete_backup'))),
                              withBackup,
                          ),
                      )
                    : null,
            ),
            h(
                'div',
                { class: 'row actions' },
                button(t('delete_yes'), () => close({ backup: withBackup.checked }), {
                    kind: 'danger',
                    sign: 'trash',
                }),
                button(t('cancel'), () => close()),
            ),
        ),
    );
    if (yes) gone(await erase(wallet, yes.backup));
}

/** For the settings. */
export const erasePart = (wallet) =>
    h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('delete_all')),
        h('p', { class: 'soft' }, t('delete_all_text')),
        button(t('delete_all'), () => ask(wallet), { kind: 'danger', sign: 'trash' }),
    );
