// SPDX-License-Identifier: Apache-2.0
//
// The documents and purposes that the authority's catalogue has: read once, when
// first needed.

import { Catalogue } from '/shared/catalogue.js';

let loading = null;

/** A promise of the Catalogue. */
export function readCatalogue() {
    loading ??= fetch('/catalogue.json')
        .then((answer) => answer.json())
        .then((files) => new Catalogue(files))
        .catch((error) => {
            loading = null; // another time
            throw error;
        });
    return loading;
}

/** What of CHOSEN, names of documents, there is on paper: [{key, document, profile, ask}]. */
export async function listPapers(chosen) {
    const { documents, profiles } = await readCatalogue();
    const choices = (profile) => profile.asks.some((ask) => ask.choices);
    return Object.values(profiles)
        .filter((profile) => profile.paper_days > 0)
        .sort((one, other) => choices(one) - choices(other)) // what is most asked for first
        .flatMap((profile) =>
            profile.asks
                .filter((ask) => chosen.has(ask.document))
                .map((ask) => ({
                    key: `${ask.document} ${profile.name}`,
                    document: documents[ask.document],
                    profile,
                    ask,
                })),
        );
}
