// SPDX-License-Identifier: Apache-2.0
//
// Saving and restoring, to a file and to the provider; what can't be restored is
// said. And the history as a file for whoever wants to read it elsewhere.

import { h, icon, notice, show } from '/shared/dom.js';
import { Trouble, again, button, sheet, toast } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import * as backup from './backup.js';

const SHORTEST = 10; // letters of a passphrase

/** Give PARTS as a file called NAME. */
export function download(name, parts, type) {
    const url = URL.createObjectURL(new Blob(parts, { type }));
    h('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
}

const day = () => new Date().toISOString().slice(0, 10);

const field = (id, text, more = {}) =>
    h(
        'div',
        { class: 'field' },
        h('label', { for: id }, text),
        h('input', { id, autocomplete: 'off', ...more }),
    );

/* What was brought back, and what has to be fetched again. */
function restored(wallet, { count, missing }) {
    const names = missing.map((name) => label(wallet.catalogue.documents[name]?.title) || name);
    return notice(
        'ok',
        h('b', {}, t('restored', { count })),
        names.length ? h('p', {}, t('restored_missing', { names: names.join(t('comma')) })) : null,
    );
}

/* ---- a file -------------------------------------------------------------- */

function filePart(wallet) {
    const told = h('div', {});
    const file = h('input', {
        id: 'backup-file',
        type: 'file',
        accept: '.yaopai,application/octet-stream',
    });
    const save = h(
        'form',
        {
            class: 'stack',
            onsubmit: (event) => event.preventDefault(), // the button does it, also for Enter
        },
        field('passphrase', t('passphrase'), { type: 'password', autocomplete: 'new-password' }),
        h('p', { class: 'soft small' }, t('passphrase_text')),
        button(
            t('save_file'),
            async () => {
                const secret = document.getElementById('passphrase').value;
                if (secret.length < SHORTEST)
                    throw new Trouble(t('passphrase_short'), '', t('passphrase_short_next'));
                download(
                    `yaopai-${day()}.yaopai`,
                    [await backup.toFile(wallet, secret)],
                    'application/octet-stream',
                );
                document.getElementById('passphrase').value = '';
                toast(t('saved'));
            },
            { sign: 'download', type: 'submit' },
        ),
    );
    const restore = h(
        'form',
        {
            class: 'stack',
            onsubmit: (event) => event.preventDefault(), // the button does it, also for Enter
        },
        h('div', { class: 'field' }, h('label', { for: 'backup-file' }, t('restore_which')), file),
        field('restore-passphrase', t('passphrase'), { type: 'password' }),
        button(
            t('restore_file'),
            async () => {
                const [one] = file.files;
                if (!one) throw new Trouble(t('restore_none'), '', t('restore_none_next'));
                show(
                    told,
                    restored(
                        wallet,
                        await backup.fromFile(
                            wallet,
                            new Uint8Array(await one.arrayBuffer()),
                            document.getElementById('restore-passphrase').value,
                        ),
                    ),
                );
            },
            { sign: 'upload', type: 'submit' },
        ),
        told,
    );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('file_title')),
        save,
        h('details', { class: 'stack' }, h('summary', {}, t('restore_file')), restore),
    );
}

/* ---- the provider -------------------------------------------------------- */

async function makeCode(wallet) {
    const code = backup.freshCode();
    const version = await backup.toProvider(wallet, code, 0);
    await wallet.store.put({ recovery: { code, version } });
    await sheet(t('code_title'), (close) =>
        h(
            'div',
            { class: 'stack' },
            h('p', {}, t('code_text')),
            h('p', { class: 'recovery mono' }, code),
            notice('warn', h('p', {}, t('code_warn'))),
            h(
                'div',
                { class: 'row actions' },
                button(t('code_written'), () => close(), { kind: 'first', sign: 'pen' }),
            ),
        ),
    );
    again();
}

async function providerPart(wallet) {
    const kept = await wallet.store.get('recovery');
    const told = h('div', {});
    const parts = kept
        ? [
              button(
                  t('save_provider'),
                  async () => {
                      const version = await backup.toProvider(wallet, kept.code, kept.version);
                      await wallet.store.put({ recovery: { ...kept, version } });
                      toast(t('saved'));
                      again();
                  },
                  { sign: 'upload' },
              ),
              h(
                  'details',
                  { class: 'stack' },
                  h('summary', {}, t('code_show')),
                  h('p', { class: 'recovery mono' }, kept.code),
              ),
              button(
                  t('provider_remove'),
                  async () => {
                      await backup.removeAtProvider(kept.code);
                      await wallet.store.put({ recovery: undefined });
                      again();
                  },
                  { kind: 'plain', sign: 'trash' },
              ),
          ]
        : [button(t('provider_begin'), () => makeCode(wallet), { sign: 'key' })];
    const restore = h(
        'details',
        { class: 'stack' },
        h('summary', {}, t('restore_provider')),
        h(
            'div',
            { class: 'stack' },
            field('recovery', t('code_title'), {
                autocapitalize: 'characters',
                spellcheck: 'false',
            }),
            button(
                t('restore_provider'),
                async () => {
                    const code = backup.codeOf(document.getElementById('recovery').value);
                    if (!code) throw new Trouble(t('code_wrong'), '', t('code_wrong_next'));
                    const got = await backup.fromProvider(wallet, code);
                    await wallet.store.put({ recovery: { code, version: got.version } });
                    show(told, restored(wallet, got));
                },
                { sign: 'download' },
            ),
            told,
        ),
    );
    return h(
        'section',
        { class: 'panel stack' },
        h('h2', {}, t('provider_title')),
        h('p', { class: 'soft' }, t('provider_text')),
        ...parts,
        restore,
    );
}

/* ---- the page ------------------------------------------------------------ */

export async function saving(wallet) {
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            h('a', { class: 'button plain', href: '#/settings' }, icon('back'), t('settings')),
        ),
        h('h1', {}, t('save_title')),
        notice('unknown', h('b', {}, t('save_what')), h('p', {}, t('save_what_not'))),
        filePart(wallet),
        await providerPart(wallet),
        h(
            'section',
            { class: 'panel stack' },
            h('h2', {}, t('export_title')),
            h('p', { class: 'soft' }, t('export_text')),
            button(
                t('export_history'),
                () =>
                    download(
                        `yaopai-${day()}.json`,
                        [JSON.stringify(wallet.events, null, 1)],
                        'application/json',
                    ),
                { sign: 'list' },
            ),
        ),
    );
}
