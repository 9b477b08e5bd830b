// SPDX-License-Identifier: Apache-2.0
//
// How a document can be shown: their code is scanned, across a counter, or by a
// code of this moment.

import { showCard } from '/wasm/cards.mjs';
import { animated, code } from '/shared/code.js';
import { h, icon, notice, show, showAgain } from '/shared/dom.js';
import { go, trouble } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { alive, untilNext } from './alive.js';
import { elementsFor } from './challenge.js';
import { counter } from './counter.js';
import { said } from './errors.js';
import { faceOf } from './faces.js';
import { home } from './home.js';
import { standing, titleOf } from './states.js';

/* Codes of this moment: cards for it, and where none is left the document itself, for profiles that allow it. */
function openWays(wallet, one) {
    const { profiles } = wallet.catalogue;
    const cards = wallet
        .held()
        .filter(
            (batch) =>
                batch.format === 'org.yaopai.card' &&
                profiles[batch.profile]?.card === 'open' &&
                wallet.catalogue.byType(batch.type) === one.definition,
        );
    const fresh = cards.filter((batch) => !wallet.copyOf(batch).again);
    const mdoc = one.batches.find((batch) => batch.format === 'mso_mdoc');
    const covered = new Set(fresh.map((batch) => batch.profile));
    const moving = mdoc
        ? Object.values(profiles).filter(
              (profile) =>
                  profile.card === 'open' &&
                  !covered.has(profile.name) &&
                  profile.asks.some((ask) => ask.document === one.name),
          )
        : [];
    return [
        ...fresh.map((batch) => ({ batch, profile: batch.profile, choice: batch.choice })),
        ...moving.map((profile) => ({
            batch: mdoc,
            profile: profile.name,
            choice: profile.asks.find((ask) => ask.document === one.name).choices?.[0],
            moves: true,
        })),
        ...(mdoc
            ? []
            : cards
                  .filter((batch) => !fresh.includes(batch))
                  .map((batch) => ({ batch, profile: batch.profile, choice: batch.choice }))),
    ];
}

/** Ways of showing the document KEY. LOCKED: from the lock screen. */
export async function showing(wallet, key, { locked = false } = {}) {
    const one = wallet.documents().find((each) => each.key === decodeURIComponent(key));
    if (!one) return home(wallet);
    wallet.whose = one.child;
    const now = await standing(wallet, one);
    const room = h('div', { class: 'stack' });
    const stops = [];
    const over = () => stops.splice(0).forEach((stop) => stop());
    addEventListener('yaopai:leave', over, { once: true });
    const begin = (run) => async () => {
        over();
        ways.hidden = front.hidden = true;
        show(room, h('p', { role: 'status' }, t('busy_show')));
        try {
            await run(room, stops);
        } catch (error) {
            ways.hidden = front.hidden = false;
            show(room, trouble(said(error)));
        }
    };
    const way = (run, sign, title, text) =>
        h(
            'li',
            {},
            h(
                'button',
                { type: 'button', onclick: run },
                icon(sign),
                h('span', { class: 'text' }, h('b', {}, title), h('small', {}, text)),
                icon('go'),
            ),
        );
    const ways = h(
        'ul',
        { class: 'list' },
        way(() => go('scan'), 'scan', t('way_scan'), t('way_scan_text')),
        one.batches.some((batch) => batch.format === 'mso_mdoc')
            ? way(
                  begin((node, ends) => counter(wallet, one, node, ends)),
                  'people',
                  t('way_counter'),
                  t('way_counter_text'),
              )
            : null,
        ...openWays(wallet, one).map((open) =>
            way(
                begin((node, ends) => openCard(wallet, open, node, ends)),
                'qr',
                t('way_open', { profile: label(wallet.catalogue.profiles[open.profile]?.title) }),
                [choiceOf(wallet, one, open), t(open.moves ? 'way_moves_text' : 'way_open_text')]
                    .filter(Boolean)
                    .join(' · '),
            ),
        ),
    );
    const front = h('div', {}, faceOf(wallet, one, { stamp: now.stamp }));
    return h(
        'div',
        { class: 'stack' },
        h(
            'div',
            { class: 'row' },
            locked
                ? h('a', { class: 'button plain', href: '/' }, icon('lock'), t('quick_back'))
                : h('a', { class: 'button plain', href: '#/' }, icon('back'), t('back')),
        ),
        h('h1', {}, titleOf(one)),
        front,
        now.kind === 'bad' ? notice('bad', h('b', {}, now.text), h('p', {}, now.next)) : null,
        room,
        h('h2', { class: 'unseen' }, t('show_how')),
        ways,
    );
}

const choiceOf = (wallet, one, { choice }) =>
    choice ? label(one.definition?.elements.find((element) => element.name === choice)?.label) : '';

/* ---- a code of this moment ----------------------------------------------- */

async function openCard(wallet, { batch, profile, choice, moves }, room, stops) {
    const copy = wallet.copyOf(batch);
    const handed = await wallet.handed(copy);
    await wallet.spend([copy], {
        way: 'open',
        profile,
        party: t('whoever_looks'),
        documents: [
            {
                name: wallet.catalogue.byType(batch.type)?.name,
                elements: elementsFor(wallet, batch, profile).map((one) => one.name),
            },
        ],
        outcome: 'shown',
    });
    const definition = wallet.catalogue.byType(batch.type);
    const moving = alive({
        counted: true,
        kind: definition?.name,
        text: label(wallet.catalogue.profiles[profile]?.title),
    });
    const place = h('div');
    let timer;
    let node;
    let left = false;
    stops.push(() => {
        left = true;
        moving.stop();
        node?.stop?.();
        clearTimeout(timer);
    });
    const draw = async () => {
        await showCard(
            wallet.yaopai,
            wallet.trust.told(),
            {
                issued: handed.bytes,
                key: handed.key,
                ...(moves ? { mdoc: true, profile, choice } : {}),
            },
            {
                agree: async () => true,
                show: (texts) => {
                    if (left) return;
                    node?.stop?.();
                    node =
                        texts.length > 1
                            ? animated(texts, { what: t('card') })
                            : code(texts[0], { what: t('card') });
                    showAgain(place, node); // every half minute: who is at "copy" stays there
                },
            },
        );
    };
    const next = () => {
        if (left) return;
        timer = setTimeout(
            () => draw().then(next, (error) => show(place, trouble(said(error)))),
            untilNext(),
        );
    };
    await draw();
    show(
        room,
        moving,
        place,
        h('p', { class: 'soft small' }, t(moves ? 'moves_note' : 'open_note')),
    );
    next();
}
