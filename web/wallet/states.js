// SPDX-License-Identifier: Apache-2.0
//
// How documents stand: their state in the status lists that were kept, with its
// age; when they end; how many copies are left. Nobody is asked for it.

import { label, span, t } from '/shared/words.js';

const FEW = 2; // copies left: the wallet warns
/** As the core calls what a wallet was issued. */
export const FORMATS = { mso_mdoc: 'mdoc-issuer-signed', 'dc+sd-jwt': 'sd-jwt-vc' };
const OLD = 86400; // seconds: what a list said is no news any more

/** The value of the first of NAMES that BATCH has. */
export const attribute = (batch, ...names) =>
    batch.attributes?.find((one) => names.includes(one.name))?.value;

const left = (batch) => batch.copies.filter((copy) => copy.shown === 0).length;

export class States {
    #known = new Map();
    #of;

    constructor(wallet) {
        this.wallet = wallet;
    }

    /** {state, asOf (seconds), until (seconds)} of BATCH, by the lists of the bundle that is kept. */
    async of(batch) {
        const { kept } = this.wallet.trust;
        if (this.#of !== kept.fetched) this.#known.clear();
        this.#of = kept.fetched;
        if (!this.#known.has(batch.id))
            this.#known.set(
                batch.id,
                await this.#judge(batch).catch((error) => {
                    console.warn('state', error);
                    return { state: 'unknown' };
                }),
            );
        return this.#known.get(batch.id);
    }

    async #judge(batch) {
        const { trust, yaopai } = this.wallet;
        if (!FORMATS[batch.format] || !trust.kept.bundle) return { state: 'unknown' };
        const { anchors, bundle, seen } = trust.told();
        const seconds = (text) => (text ? Date.parse(text) / 1000 : undefined);
        try {
            const {
                documents: [said],
            } = await yaopai.verify(batch.copies[0].bytes, {
                anchors,
                bundle,
                seen,
                now: trust.now(),
                format: FORMATS[batch.format],
                noBinding: true,
            });
            const until = seconds(said.valid_until);
            if (until && until !== batch.until) {
                batch.until = until;
                await this.wallet.store.put({ batches: this.wallet.batches });
            }
            return { state: said.state, asOf: seconds(said.state_as_of), until };
        } catch (error) {
            // a bundle that is over says nothing any more; until when the copies are good was noted
            if (error.code !== 'EXPIRED') throw error;
            return { state: 'unknown', until: batch.until };
        }
    }
}

/** When BATCH is over, in seconds, as it says itself. */
function ends(batch) {
    const until = attribute(batch, 'expiry_date', 'date_of_expiry');
    return typeof until === 'string'
        ? Date.parse(`${until.slice(0, 10)}T23:59:59`) / 1000
        : Infinity;
}

/**
 * How ONE stands: {kind, text, stamp, next, age}.
 *
 *   kind   of state() of shared/dom.js
 *   stamp  what stands across its face: nothing where it is good
 *   next   what to do, where there is something
 *   age    in words: how old the state is
 */
export async function standing(wallet, one) {
    const batch = one.main;
    const said = await wallet.states.of(batch);
    const now = wallet.trust.now();
    const age = said.asOf ? now - said.asOf : undefined;
    const known = age === undefined ? '' : t('state_age', { age: span(Math.max(1, age)) });
    const bad = (key) => ({
        kind: 'bad',
        text: t(key),
        stamp: t(key),
        next: t(`${key}_next`),
        age: known,
    });
    if (ends(batch) < now) return bad('state_expired');
    if (said.state === 'revoked') return bad('state_revoked');
    if (said.state === 'suspended') return bad('state_suspended');
    if (said.state === 'other') return bad('state_held');
    if (said.until !== undefined && said.until < now)
        return {
            kind: 'warn',
            text: t('state_copies_over'),
            next: t('state_copies_over_next'),
            age: known,
        };
    if (left(batch) === 0)
        return {
            kind: 'warn',
            text: t('state_no_copies'),
            next: t('state_no_copies_next'),
            age: known,
        };
    if (left(batch) <= FEW)
        return {
            kind: 'warn',
            text: t('state_few_copies', { count: left(batch) }),
            next: t('state_few_copies_next'),
            age: known,
        };
    if (said.state === 'unknown' && wallet.trust.kept.bundle)
        return {
            kind: 'unknown',
            text: t('state_unknown', { count: left(batch) }),
            next: t('state_unknown_next'),
            age: '',
        };
    return {
        kind: 'ok',
        text: t('state_ready', { count: left(batch) }),
        age: age > OLD ? known : '',
    };
}

/** The same for one batch, in short: [kind, text]. */
export function copiesOf(batch) {
    if (left(batch) === 0) return ['warn', t('copies_none')];
    return left(batch) <= FEW
        ? ['warn', t('state_few_copies', { count: left(batch) })]
        : ['ok', t('copies_left', { count: left(batch) })];
}

/** The title of ONE, with whose it is where the wallet holds somebody else's. */
export const titleOf = (one) =>
    [label(one.definition?.title) || one.name, one.child].filter(Boolean).join(' · ');
