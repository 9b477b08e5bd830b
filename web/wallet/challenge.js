// SPDX-License-Identifier: Apache-2.0
//
// A checker showed a challenge: a card is shown that only this checker can read.
// Where no card is left for it, the document itself is shown by codes that move.

import { showCard } from '/wasm/cards.mjs';
import { animated, code } from '/shared/code.js';
import { h, notice } from '/shared/dom.js';
import { Trouble, button, sheet } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { alive } from './alive.js';
import { showingFor } from './children.js';
import { elementList, nameOf, toldElement, who } from './consent.js';
import { said } from './errors.js';
import { notShown } from './request.js';
import { toLetters } from './store.js';

/* Those that were never shown, then documents as codes that move, then what was shown before. */
function candidates(wallet) {
    const cards = wallet
        .held()
        .filter((batch) => batch.format === 'org.yaopai.card')
        .map((batch) => wallet.copyOf(batch));
    const documents = wallet
        .held()
        .filter((batch) => batch.format === 'mso_mdoc')
        .map((batch) => wallet.copyOf(batch));
    return [
        ...cards.filter((one) => !one.again),
        ...documents,
        ...cards.filter((one) => one.again),
    ];
}

/** Which elements PROFILE would see of BATCH. */
export function elementsFor(wallet, batch, profile) {
    const definition = wallet.catalogue.byType(batch.type);
    if (batch.format === 'org.yaopai.card')
        return (batch.attributes ?? []).map((one) => toldElement(wallet, batch, definition, one));
    const asks = (wallet.catalogue.profiles[profile]?.asks ?? []).filter(
        (one) => one.document === definition?.name,
    );
    return asks
        .flatMap((one) => [...one.elements, ...(one.choices ?? []).slice(0, 1)])
        .map((name) => toldElement(wallet, batch, definition, { name }));
}

async function agree(wallet, asked, copy, bound) {
    const { batch } = copy;
    const elements = elementsFor(wallet, batch, asked.profile);
    const moves = batch.format === 'mso_mdoc';
    const yes = await sheet(t('challenge_title'), (close) =>
        h(
            'div',
            { class: 'stack' },
            who(wallet, { ...asked, registered: true }, { place: asked.place }),
            moves
                ? notice('unknown', h('p', {}, t('card_moves')))
                : copy.again
                  ? notice('warn', h('p', {}, t('copy_again')))
                  : null,
            showingFor(wallet),
            h(
                'section',
                { class: 'panel stack' },
                h('h3', {}, label(wallet.catalogue.byType(batch.type)?.title)),
                elementList(elements),
            ),
            h(
                'div',
                { class: 'row actions' },
                button(t('agree'), () => close(true), { kind: 'first', sign: 'tick' }),
                button(t('say_no'), () => close(false)),
            ),
        ),
    );
    if (yes)
        await wallet.spend([copy], {
            way: 'sealed',
            profile: asked.profile ?? batch.profile,
            party: nameOf(asked),
            code: asked.code,
            place: asked.place,
            bound,
            documents: [
                {
                    name: wallet.catalogue.byType(batch.type)?.name,
                    elements: elements.map((one) => one.name),
                },
            ],
            outcome: 'shown',
        });
    return !!yes;
}

/** Answer CHALLENGE (letters, or those of its parts): asks, and gives what is to be shown. */
export async function answerChallenge(wallet, challenge) {
    const read = typeof challenge === 'string' ? wallet.yaopai.readCode(challenge) : undefined;
    if (read && read.kind !== 'challenge')
        throw new Trouble(t('not_a_challenge'), '', t('code_unknown_next'));
    const bound = read && toLetters(wallet.yaopai.sha256(read.bytes));
    let last = new Trouble(t('no_card'), '', t('no_card_next'));
    for (const copy of candidates(wallet)) {
        const handed = await wallet.handed(copy);
        let texts;
        let asked;
        try {
            await showCard(
                wallet.yaopai,
                wallet.trust.told(),
                {
                    issued: handed.bytes,
                    mdoc: copy.batch.format === 'mso_mdoc',
                    challenge,
                    key: handed.key,
                },
                {
                    agree: async (wish) => {
                        asked = wish;
                        return agree(wallet, wish, copy, bound);
                    },
                    show: (each) => (texts = each),
                },
            );
        } catch (error) {
            if (asked && error.code === 'REFUSED') return notShown();
            if (asked) throw error;
            last = worse(last, error);
            continue; // a card for another purpose
        }
        return shown(wallet, texts, asked, copy.batch);
    }
    throw said(last);
}

/* A card for another purpose says nothing about the checker. */
const worse = (last, error) =>
    ['MISMATCH', 'NOT_FOUND', 'EXPIRED'].includes(error.code) && last instanceof Trouble
        ? last
        : error;

function shown(wallet, texts, asked, batch) {
    const { name, title } = wallet.catalogue.byType(batch.type) ?? {};
    const moving = alive({ kind: name, text: label(title) });
    const node =
        texts.length > 1
            ? animated(texts, { what: t('card') })
            : code(texts[0], { what: t('card') });
    addEventListener(
        'yaopai:leave',
        () => {
            moving.stop();
            node.stop?.();
        },
        { once: true },
    );
    return h(
        'div',
        { class: 'stack' },
        h('h2', {}, t('show_to', { name: nameOf(asked) })),
        moving,
        node,
        h('p', { class: 'soft small' }, t('sealed_note')),
    );
}
