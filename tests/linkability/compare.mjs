// SPDX-License-Identifier: Apache-2.0
// Runs of octets that two views have in common. What the list allows is cut out
// of both before they are compared: a run may not be put together of what stands
// on both sides of a cut.

const RUN = 8;

/** The pieces of BYTES that are left when every one of LITERALS is cut out. */
function cut(bytes, literals, used) {
    const gone = new Uint8Array(bytes.length);
    for (const [name, literal] of literals)
        for (let at = bytes.indexOf(literal); at >= 0; at = bytes.indexOf(literal, at + 1)) {
            gone.fill(1, at, at + literal.length);
            used.add(name);
        }
    const pieces = [];
    for (let at = 0; at < bytes.length;) {
        const begin = at;
        while (at < bytes.length && gone[at] === gone[begin]) at++;
        if (!gone[begin] && at - begin >= RUN) pieces.push(bytes.subarray(begin, at));
    }
    return pieces;
}

/** Every run of eight in VIEWS, without LITERALS. */
function grams(views, literals, used) {
    const seen = new Set();
    for (const view of views)
        for (const piece of cut(view, literals, used))
            for (let at = 0; at + RUN <= piece.length; at++)
                seen.add(piece.toString('latin1', at, at + RUN));
    return seen;
}

/** The longest runs that are in ONE and in OTHER, lists of views; LITERALS
 *  [[line, octets]] are allowed, and what is in EVERYBODY. USED gets the lines
 *  that were met. */
export function common(one, other, literals, { used = new Set(), everybody = [] } = {}) {
    const seen = grams(one, literals, used),
        runs = new Set();
    for (const run of grams(everybody, [], used)) seen.delete(run);
    for (const view of other)
        for (const piece of cut(view, literals, used))
            for (let at = 0; at + RUN <= piece.length; at++) {
                const begin = at;
                while (at + RUN <= piece.length && seen.has(piece.toString('latin1', at, at + RUN)))
                    at++;
                if (at > begin) runs.add(piece.toString('latin1', begin, at + RUN - 1));
            }
    return [...runs].map((run) => Buffer.from(run, 'latin1'));
}

/** A run as a person can read it. */
export const tell = (run) =>
    /^[\x20-\x7e]*$/.test(run.toString('latin1'))
        ? JSON.stringify(run.toString())
        : run.toString('hex');
