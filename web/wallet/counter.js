// SPDX-License-Identifier: Apache-2.0
//
// Showing across a counter: they scan our code, we are told who asks what.

import { Mailboxes, hold } from '/wasm/counter.mjs';
import { code } from '/shared/code.js';
import { h, notice, show } from '/shared/dom.js';
import { button, go, sheet } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { alive } from './alive.js';
import { showingFor } from './children.js';
import { elementList, nameOf, refusal, toldElement, who } from './consent.js';
import { done } from './ending.js';
import { reportButton } from './report.js';

/** A session in ROOM about ONE; STOPS get what ends what moves. */
export async function counter(wallet, one, room, stops) {
    const moving = alive({ kind: one.name, text: t('way_counter') });
    const ends = new AbortController();
    let event;
    stops.push(() => {
        moving.stop();
        if (!event) ends.abort(); // who went elsewhere is asked nothing there
    });
    const { signal } = ends;
    const boxes = await Mailboxes.open(wallet.yaopai, `${location.origin}/mailboxes`, { signal });
    const end = await hold(
        wallet.yaopai,
        wallet.trust.told(),
        { first_wait: 60, ...boxes.told },
        {
            way: boxes,
            show: (text) =>
                show(
                    room,
                    moving,
                    code(text, { what: t('engagement') }),
                    h('p', { class: 'soft small' }, t('counter_note')),
                ),
            choose: async (asked) => {
                const chosen = signal.aborted ? null : await choose(wallet, asked);
                if (!chosen) return null;
                event = await wallet.spend(
                    chosen.map((one) => one.copy),
                    {
                        way: 'counter',
                        party: nameOf(asked[0]),
                        code: asked[0].code,
                        profile: asked[0].profile,
                        documents: chosen.map((one) => ({
                            name: one.definition?.name,
                            elements: one.elements.map((element) => element.name),
                        })),
                    },
                );
                return Promise.all(
                    chosen.map(async ({ copy, request }) => {
                        const handed = await wallet.handed(copy);
                        return { request, issued: handed.bytes, key: handed.key };
                    }),
                );
            },
        },
    );
    moving.stop();
    if (event) await wallet.note(event, { outcome: end.answered ? 'taken' : 'failed' });
    show(
        room,
        end.answered
            ? done(t('shown_title'), t('shown_text', { name: event?.party ?? '' }))
            : [
                  notice('warn', h('p', {}, t('counter_nobody'))),
                  button(t('to_documents'), () => go(''), { kind: 'first wide' }),
              ],
    );
}

async function choose(wallet, asked) {
    const parts = asked
        .map((one, request) => {
            const batch = wallet
                .held()
                .filter((each) => each.format === 'mso_mdoc' && each.type === one.type)
                .at(-1);
            const definition = wallet.catalogue.byType(one.type);
            return (
                batch && {
                    request,
                    definition,
                    copy: wallet.copyOf(batch),
                    elements: one.elements.map(([namespace, name]) =>
                        toldElement(wallet, batch, definition, { namespace, name }),
                    ),
                }
            );
        })
        .filter(Boolean);
    // one is named, so nobody else asks beside them
    const bad = asked.find(
        (one) =>
            one.allowed !== 'OK' ||
            one.reader !== 'good' ||
            one.code !== asked[0].code ||
            nameOf(one) !== nameOf(asked[0]),
    );
    const yes = await sheet(t('request'), (close) =>
        h(
            'div',
            { class: 'stack' },
            who(wallet, asked[0]),
            showingFor(wallet),
            bad
                ? refusal(wallet, bad)
                : parts.length === 0
                  ? notice('warn', h('b', {}, t('not_held')))
                  : null,
            ...(bad
                ? []
                : parts.map(({ definition, copy, elements }) =>
                      h(
                          'section',
                          { class: 'panel stack' },
                          h('h3', {}, label(definition?.title)),
                          copy.again ? notice('warn', h('p', {}, t('copy_again'))) : null,
                          elementList(elements),
                      ),
                  )),
            bad ? null : reportButton(wallet, asked[0]),
            h(
                'div',
                { class: 'row actions' },
                bad || parts.length === 0
                    ? null
                    : button(t('agree'), () => close(true), { kind: 'first', sign: 'tick' }),
                button(t(bad ? 'close' : 'say_no'), () => close(false)),
            ),
        ),
    );
    return yes ? parts : null;
}
