// SPDX-License-Identifier: Apache-2.0
// TAP lines of rows: each names the row of the list that it walks ("B7"), and
// begins accepts, refuses, gives or never. What is expected is an exception.

const seen = new Map(); // row: [accepting, refusing]
let count = 0;

/** One sentence of row ID. */
export async function row(id, name, run) {
    const kinds = seen.get(id) ?? seen.set(id, [0, 0]).get(id);
    kinds[/^(refuses|never)/.test(name) ? 1 : 0] += 1;
    count += 1;
    try {
        const skipped = await run();
        console.log(`ok ${count} - ${id} ${name}${skipped?.skip ? ` # SKIP ${skipped.skip}` : ''}`);
    } catch (error) {
        console.log(`not ok ${count} - ${id} ${name}`);
        console.log(String(error.stack ?? error).replace(/^/gm, '# '));
        process.exitCode = 1;
    }
}

/** Was every row of IDS walked, and with a refusal where it has one? */
export function complete(ids, { only = [] } = {}) {
    count += 1;
    const missing = ids.filter(
        (id) => !seen.get(id)?.[0] || (!seen.get(id)[1] && !only.includes(id)),
    );
    console.log(`${missing.length ? 'not ok' : 'ok'} ${count} - every row was walked ${missing}`);
    if (missing.length) process.exitCode = 1;
}

export function is(said, wanted, about = '') {
    if (said !== wanted)
        throw new Error(`${about} ${JSON.stringify(said)}, not ${JSON.stringify(wanted)}`);
}
export function has(value, about = 'is missing') {
    if (!value) throw new Error(about);
    return value;
}
export function gives(answer, status, about = '') {
    if (answer.status !== status)
        throw new Error(`${about} ${answer.status}, not ${status}: ${answer.text.slice(0, 600)}`);
    return answer;
}
/** An error of OAuth or OpenID4VCI: one of CODES, in JSON, never encrypted. */
export function errs(answer, codes, statuses = [400]) {
    const list = [codes].flat();
    if (!statuses.includes(answer.status) || !list.includes(answer.json?.error))
        throw new Error(`${answer.status} ${answer.text.slice(0, 600)}, not ${statuses} ${list}`);
    if (!answer.headers['content-type'].startsWith('application/json'))
        throw new Error(`an error as ${answer.headers['content-type']}`);
    if (!/no-store/.test(answer.headers['cache-control'] ?? ''))
        throw new Error('an error that may be kept');
    return answer;
}
