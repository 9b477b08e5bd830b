// SPDX-License-Identifier: Apache-2.0
//
// What was judged, in one shape: a session's result has presentations, a card's
// is one verdict, and the core in this page names a state otherwise.

/* The state of a document: {state, asOf (seconds), age}. */
function stateOf(document, now) {
    const {
        state,
        as_of: asOf,
        age,
    } = document.status ?? { state: document.state, as_of: document.state_as_of };
    const seconds = asOf ? Date.parse(asOf) / 1000 : undefined;
    return {
        state: state ?? 'unknown',
        asOf: seconds,
        age: age ?? (seconds === undefined ? undefined : Math.max(0, now - seconds)),
    };
}

function documentsOf(desk, part, now, at) {
    return (part.documents ?? []).map((document, index) => ({
        ...document,
        status: stateOf(document, now),
        definition: desk.catalogue.byType(document.type),
        checks: (part.checks ?? []).filter(
            (row) =>
                row.document === index ||
                (row.document === undefined && part.documents.length === 1),
        ),
        at,
        index,
    }));
}

/** RAW of the server or of the core; FROM: {id, kind} of where it can be asked for again, or {alone: true}. */
export function judgedOf(desk, profile, raw, from) {
    const now = raw.judged ?? Math.floor(Date.now() / 1000);
    const parts = raw.presentations ?? [raw];
    return {
        ...from,
        profile,
        raw,
        verdict: raw.verdict,
        judged: now,
        compared: [raw, ...parts].some((part) => part.compared),
        remains: parts.flatMap((part) => part.remains ?? []),
        match: raw.match,
        matches: raw.matches,
        record: raw.record,
        second: raw.second,
        documents: parts.flatMap((part, at) => documentsOf(desk, part, now, at)),
        checks: parts.flatMap((part) => part.checks ?? []),
        agreed: parts.flatMap((part) => part.agreed ?? []),
    };
}

/** The row that decides: what failed, else what could not be known. */
export function reasonOf(judged) {
    return (
        judged.checks.find((row) => row.outcome === 'fail') ??
        judged.checks.find((row) => row.outcome === 'unknown')
    );
}

/** The attributes of DOCUMENT as people read them, in the order of the profile: [{label, text, picture, sensitive}]. */
export function rowsOf(desk, profile, document, pictureOf) {
    const asked = profile.asks
        .filter((one) => one.document === document.definition?.name)
        .flatMap((one) => [...(one.elements ?? []), ...(one.choices ?? [])]);
    const rows = (document.attributes ?? []).map((attribute) => {
        const element = desk.catalogue.element(document.definition, attribute);
        const name = element?.name ?? attribute.name.split(/[./]/).at(-1);
        const place = asked.indexOf(name);
        return {
            name,
            label: element?.label ?? attribute.label,
            element,
            value: attribute.value,
            picture: pictureOf(attribute.value),
            text: desk.catalogue.text(element, attribute.value),
            rank: place < 0 ? asked.length : place,
        };
    });
    return rows.sort((one, other) => one.rank - other.rank);
}
