// SPDX-License-Identifier: Apache-2.0
//
// One chosen document on the lock screen, for a road check: it lies outside the
// seal, as the person wished. Whoever holds this device can show it, and see
// what stands on it; nothing else.

import { Trouble } from '/shared/page.js';
import { t } from '/shared/words.js';
import { FORMATS } from './states.js';
import { deviceKey, plain } from './store.js';

const NAME = 'quick';

/** As a store of a wallet that has this document only. */
export class QuickStore {
    async get(name) {
        return (await plain.get(NAME))?.[name];
    }

    async put(values) {
        await plain.put(NAME, { ...(await plain.get(NAME)), ...values });
    }

    key(id) {
        return deviceKey(id);
    }
}

/**
 * What lies outside the seal may have been edited: WALLET (of a QuickStore) shows what the
 * issuer signed, or nothing.
 */
export async function proven(wallet) {
    const { trust, yaopai } = wallet;
    const edited = () =>
        new Trouble(t('quick_edited'), t('quick_edited_why'), t('quick_edited_next'));
    if (wallet.documents().some(({ main }) => !(main.format in FORMATS))) throw edited(); // a card alone is not read here
    const { anchors, bundle, seen } = trust.told();
    const at = (now, batch) =>
        yaopai.verify(batch.copies[0].bytes, {
            anchors,
            bundle,
            seen,
            now,
            format: FORMATS[batch.format],
            noBinding: true,
        });
    for (const batch of wallet.batches.filter((one) => one.format in FORMATS)) {
        const {
            documents: [said],
        } = await at(trust.now(), batch).catch((error) => {
            if (error.code !== 'EXPIRED') throw error;
            return at(trust.kept.fetched, batch); // who signed it is known still
        });
        if (!said.authentic || said.type !== batch.type) throw edited();
        batch.attributes = said.attributes;
    }
    return wallet;
}

/** Which document it is: its key in documents(); undefined: none. */
export const chosen = async () => (await plain.get(NAME))?.document;

/** Let KEY of WALLET be that document, or none. The choice is sealed too: what lies outside may have been edited. */
export async function choose(wallet, key) {
    const one = wallet.documents().find((each) => each.key === key);
    await wallet.store.put({ [NAME]: one?.key });
    await plain.put(
        NAME,
        one
            ? { document: key, batches: one.batches, trust: wallet.trust.kept, history: [] }
            : undefined,
    );
}

/** What was shown while it was locked is known to WALLET from now on. */
export async function merge(wallet) {
    const kept = await plain.get(NAME);
    if (!kept) return;
    for (const batch of wallet.batches) {
        const same = kept.batches.find((one) => one.id === batch.id);
        batch.copies.forEach(
            (copy, at) => (copy.shown = Math.max(copy.shown, same?.copies[at]?.shown ?? 0)),
        );
    }
    await wallet.remember(kept.history);
    await choose(wallet, await wallet.store.get(NAME)); // with newer copies, and what is trusted now
}
