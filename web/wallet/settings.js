// SPDX-License-Identifier: Apache-2.0
//
// How the page looks, what it keeps, and how to be rid of all of it.

import { h, notice } from '/shared/dom.js';
import { button, look, looks, sheet } from '/shared/page.js';
import { span, t } from '/shared/words.js';
import { forgetAll } from './store.js';

export function settings(wallet) {
    const now = looks();
    const onOff = (name, on, off, text) => h('li', {}, h('label', {}, h('span', { class: 'text' }, h('b', {}, text)),
        h('input', { type: 'checkbox', class: 'switch', checked: now[name] === on, onchange: (event) => look(name, event.target.checked ? on : off) })));
    const theme = h('select', { id: 'theme', onchange: (event) => look('theme', event.target.value) },
        ...['auto', 'light', 'dark'].map((each) => h('option', { value: each, selected: now.theme === each }, t(`theme_${each}`))));
    return h('div', { class: 'stack' }, h('h1', {}, t('settings')),
        h('section', { class: 'stack' }, h('div', { class: 'field' }, h('label', { for: 'theme' }, t('theme')), theme),
            h('ul', { class: 'list' }, onOff('type', 'large', 'normal', t('large_type')), onOff('contrast', 'more', 'auto', t('contrast')))),
        h('section', { class: 'panel stack' }, h('h2', {}, t('trust_title')),
            h('p', {}, wallet.trust.kept.bundle ? t('trust_age', { age: span(wallet.trust.age()) }) : t('no_trust')),
            h('p', { class: 'soft small mono' }, wallet.trust.authority ?? ''),
            button(t('trust_refresh'), async () => {
                await wallet.trust.refresh();
                dispatchEvent(new Event('yaopai:draw'));
            })),
        h('section', { class: 'panel stack' }, h('h2', {}, t('delete_all')), h('p', { class: 'soft' }, t('delete_all_text')),
            button(t('delete_all'), async () => {
                const yes = await sheet(t('delete_all'), (close) => h('div', { class: 'stack' }, notice('bad', h('p', {}, t('delete_all_text'))),
                    h('div', { class: 'row' }, button(t('delete_yes'), () => close(true), { kind: 'danger', sign: 'trash' }), button(t('cancel'), () => close()))));
                if (!yes)
                    return;
                await forgetAll();
                localStorage.clear();
                location.replace('/');
            }, { kind: 'danger', sign: 'trash' })));
}
