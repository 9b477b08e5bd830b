// SPDX-License-Identifier: Apache-2.0
//
// The documents, each by its face, and what people have to know before they show one.

import { h, icon, notice, state } from '/shared/dom.js';
import { button, go } from '/shared/page.js';
import { span, t, when } from '/shared/words.js';
import { guarding, whose } from './children.js';
import { faceOf } from './faces.js';
import { standing, titleOf } from './states.js';

/* What people have to know before they show anything. */
function notices({ trust }) {
    if (trust.late())
        return notice(
            'warn',
            h('b', {}, t('clock_wrong')),
            h(
                'p',
                {},
                t('clock_wrong_text', {
                    now: when(Date.now() / 1000),
                    signed: when(trust.kept.moment),
                }),
            ),
            h('p', { class: 'soft' }, t('clock_wrong_next')),
        );
    if (!trust.kept.bundle)
        return notice('warn', h('b', {}, t('no_trust')), h('p', {}, t('no_trust_next')));
    if (trust.problem?.code === 'EXPIRED')
        return notice(
            'warn',
            h('b', {}, t('trust_over')),
            h('p', {}, t('offline_age', { age: span(trust.age()) })),
            h('p', { class: 'soft' }, t('trust_over_next')),
        );
    if (!navigator.onLine || trust.problem)
        return notice(
            'unknown',
            h('b', {}, t('offline_now')),
            h('p', {}, t('offline_age', { age: span(Math.max(1, trust.age())) })),
        );
    return trust.age() > 86400
        ? notice('unknown', h('p', {}, t('trust_old', { age: span(trust.age()) })))
        : null;
}

export async function home(wallet) {
    const choice = whose(wallet);
    const all = wallet.documents().filter((one) => one.child === wallet.whose);
    const states = await Promise.all(all.map((one) => standing(wallet, one)));
    return h(
        'div',
        { class: 'stack' },
        h('h1', {}, t('my_documents')),
        notices(wallet),
        choice,
        guarding(wallet),
        all.length === 0
            ? h(
                  'div',
                  { class: 'panel stack empty' },
                  icon('card'),
                  h('h2', {}, t('nothing_yet')),
                  h('p', { class: 'soft' }, t('nothing_yet_next')),
                  button(t('scan_offer'), () => go('scan'), { kind: 'first wide', sign: 'scan' }),
                  button(t('get_title'), () => go('get'), { kind: 'wide', sign: 'person' }),
              )
            : null,
        all.length
            ? h(
                  'div',
                  { class: 'documents stack' },
                  ...all.map((one, at) =>
                      h(
                          'section',
                          { class: 'stack tight' },
                          faceOf(wallet, one, {
                              href: `#/document/${encodeURIComponent(one.key)}`,
                              stamp: states[at].stamp,
                          }),
                          h(
                              'div',
                              { class: 'row apart' },
                              h(
                                  'span',
                                  { class: 'below' },
                                  state(states[at].kind, states[at].text),
                                  states[at].age
                                      ? h('small', { class: 'soft' }, states[at].age)
                                      : null,
                              ),
                              h(
                                  'a',
                                  {
                                      class: 'button',
                                      href: `#/show/${encodeURIComponent(one.key)}`,
                                      'aria-label': t('show_what', { title: titleOf(one) }),
                                  },
                                  icon('qr'),
                                  t('show'),
                              ),
                          ),
                      ),
                  ),
              )
            : null,
        all.length
            ? button(t('get_more'), () => go('get'), { kind: 'plain wide', sign: 'plus' })
            : null,
    );
}
