// SPDX-License-Identifier: Apache-2.0
// dcql: the same queries, documents and presentations for it and for us, drawn
// from one seed. Where both read the standard in different ways is said in
// README.md, and not drawn.

import { DcqlPresentationResult, DcqlQuery } from 'dcql';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from './support.mjs';

const tool = path.join(path.dirname(process.env.YAOPAI), 'tests', 'dcql-answers');
const skipped = fs.existsSync(tool) ? '' : 'the tests are not built';
const CASES = 3000;

/** Our answers to QUESTIONS, one each. */
function ours(questions) {
    const run = spawnSync(tool, {
        input: questions.map((q) => JSON.stringify(q) + '\n').join(''),
        encoding: 'utf8',
        maxBuffer: 1 << 28,
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
}

// ---- drawing ----------------------------------------------------------------

let seed = 0x5eed;
const draw = (below) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
};
const pick = (list) => list[draw(list.length)];
const some = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const maybe = (chance, members) => (draw(chance) === 0 ? members : {});

const scalar = () => pick(['x', 'y', '', 1, 2, -7, true, false]);
const flat = () =>
    Object.fromEntries(['a', 'b', 'c'].filter(() => draw(3)).map((k) => [k, scalar()]));
const value = () =>
    pick([scalar, scalar, flat, () => some(1 + draw(3), scalar), () => some(1 + draw(3), flat)])();
const claims = () =>
    Object.fromEntries(['a', 'b', 'c'].filter(() => draw(4)).map((k) => [k, value()]));
const elements = () => ({ s: flat(), u: flat() });

const held = () => ({
    format: pick(['dc+sd-jwt', 'dc+sd-jwt', 'mso_mdoc']),
    types: [pick(['t0', 't0', 't1'])],
    bound: draw(5) !== 0,
    ...maybe(2, { akis: pick([['AQ'], ['Ag'], ['AQ', 'Ag']]) }),
});
const document = () => {
    const one = held();
    return { ...one, claims: one.format === 'mso_mdoc' ? elements() : claims() };
};

const claimQuery = (mdoc, i) => ({
    id: `c${i}`,
    path: mdoc
        ? [pick(['s', 'u']), pick(['a', 'b', 'c'])]
        : [pick(['a', 'b', 'c']), ...some(draw(3), () => pick(['a', 'b', 0, 1, null]))],
    ...maybe(4, { values: some(1 + draw(2), scalar) }),
});
function credentialQuery(i) {
    const mdoc = draw(3) === 0,
        count = draw(4);
    const asked = some(count, (j) => claimQuery(mdoc, j));
    return {
        id: `q${i}`,
        format: mdoc ? 'mso_mdoc' : 'dc+sd-jwt',
        meta: mdoc ? { doctype_value: 't0' } : { vct_values: pick([['t0'], ['t2', 't0'], ['t1']]) },
        ...maybe(4, { multiple: true }),
        ...maybe(4, { require_cryptographic_holder_binding: false }),
        ...maybe(4, {
            trusted_authorities: [{ type: 'aki', values: pick([['AQ'], ['_w', 'Ag']]) }],
        }),
        ...(count ? { claims: asked } : {}),
        ...(count && draw(2)
            ? { claim_sets: some(1 + draw(3), () => some(1 + draw(2), () => pick(asked).id)) }
            : {}),
    };
}
// one set at least is required: theirs calls an empty answer satisfied
const sets = (credentials) =>
    some(1 + draw(3), (i) => ({
        options: some(1 + draw(2), () => some(1 + draw(2), () => pick(credentials).id)),
        ...(i > 0 ? maybe(3, { required: false }) : {}),
    }));
function query() {
    const credentials = some(1 + draw(4), credentialQuery);
    return { credentials, ...maybe(2, { credential_sets: sets(credentials) }) };
}

// ---- theirs -------------------------------------------------------------------

const theirs = (one) => ({
    credential_format: one.format,
    cryptographic_holder_binding: one.bound,
    ...(one.format === 'mso_mdoc'
        ? { doctype: one.types[0], namespaces: one.claims }
        : { vct: one.types[0], claims: one.claims }),
    ...(one.akis ? { authority: { type: 'aki', values: one.akis } } : {}),
});
function read(q) {
    const parsed = DcqlQuery.parse(q);
    DcqlQuery.validate(parsed);
    return parsed;
}
function refused(run) {
    try {
        return (run(), false);
    } catch {
        return true;
    }
}
/** [[{candidate, claims}]] of their result, as ours has it. */
const fits = (q, result) =>
    q.credentials.map((c) =>
        (result.credential_matches[c.id].valid_credentials ?? []).map((v) => ({
            candidate: v.input_credential_index,
            claims: [...new Set(v.claims.valid_claim_sets[0].valid_claim_indexes ?? [])].sort(
                (a, b) => a - b,
            ),
        })),
    );

function same(got, wanted, about) {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
        throw new Error(
            `${JSON.stringify(got)}, not ${JSON.stringify(wanted)}: ${JSON.stringify(about)}`,
        );
}

// ---- the wallet ---------------------------------------------------------------

await test(`dcql: ${CASES} drawn queries are answered as it answers them`, () => {
    if (skipped) return skipped;
    const questions = some(CASES, () => ({ query: query(), held: some(2 + draw(5), document) }));
    let satisfied = 0;
    ours(questions).forEach((answer, i) => {
        const { query: q, held: documents } = questions[i];
        const result = DcqlQuery.query(read(q), documents.map(theirs));
        same(answer.read, 'OK', q);
        same(answer.fits, fits(q, result), questions[i]);
        same(answer.satisfied, result.can_be_satisfied, questions[i]);
        satisfied += answer.satisfied;
    });
    if (satisfied < CASES / 20) throw new Error(`only ${satisfied} were satisfied`);
});

// ---- the verifier -------------------------------------------------------------

await test(`dcql: ${CASES} drawn presentations are judged as it judges them`, () => {
    if (skipped) return skipped;
    const questions = [];
    while (questions.length < CASES) {
        const q = query();
        const shown = q.credentials
            .filter(() => draw(4))
            .map((c) => ({ id: c.id, document: document() }));
        // theirs does not miss what is required when there are no sets
        if (shown.length && (q.credential_sets || shown.length === q.credentials.length))
            questions.push({ query: q, shown });
    }
    let accepted = 0;
    ours(questions).forEach((answer, i) => {
        const { query: q, shown } = questions[i];
        // in it an item at any place stands for that of an index; in ours one before it
        if (
            q.credentials.some((c) =>
                c.claims?.some((claim) => claim.path.includes(0) || claim.path.includes(1)),
            )
        )
            return;
        const presentation = Object.fromEntries(shown.map((s) => [s.id, [theirs(s.document)]]));
        const result = DcqlPresentationResult.fromDcqlPresentation(presentation, {
            dcqlQuery: read(q),
        });
        // it refuses all for one that does not fit, which we leave out
        if (Object.values(result.credential_matches).some((match) => !match.success)) return;
        same(answer.check, result.can_be_satisfied ? 'OK' : 'MISSING', questions[i]);
        accepted += answer.check === 'OK';
    });
    if (accepted < 20) throw new Error(`only ${accepted} were accepted`);
});

// ---- what is no query ---------------------------------------------------------

const sd = { id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['t'] } };
const md = { id: 'a', format: 'mso_mdoc', meta: { doctype_value: 't' } };
const one = (credential) => ({ credentials: [credential] });
const broken = {
    'no credentials': {},
    'an empty list of credentials': { credentials: [] },
    'an id twice': { credentials: [sd, sd] },
    'an id with a dot': one({ ...sd, id: 'a.b' }),
    'an empty id': one({ ...sd, id: '' }),
    'no format': one({ id: 'a', meta: {} }),
    'an empty list of claims': one({ ...sd, claims: [] }),
    'an empty path': one({ ...sd, claims: [{ path: [] }] }),
    'a path that is a text': one({ ...sd, claims: [{ path: 'a' }] }),
    'a negative index': one({ ...sd, claims: [{ path: ['a', -1] }] }),
    'a fraction as an index': one({ ...sd, claims: [{ path: ['a', 0.5] }] }),
    'a truth in a path': one({ ...sd, claims: [{ path: [true] }] }),
    'an mdoc path of one step': one({ ...md, claims: [{ path: ['s'] }] }),
    'an mdoc path of three steps': one({ ...md, claims: [{ path: ['s', 'a', 'b'] }] }),
    'an mdoc path with null': one({ ...md, claims: [{ path: ['s', null] }] }),
    'an object as a value': one({ ...sd, claims: [{ path: ['a'], values: [{}] }] }),
    'an empty list of claim sets': one({
        ...sd,
        claims: [{ id: 'x', path: ['a'] }],
        claim_sets: [],
    }),
    'a claim set with an unknown id': one({
        ...sd,
        claims: [{ id: 'x', path: ['a'] }],
        claim_sets: [['y']],
    }),
    'an empty list of options': { credentials: [sd], credential_sets: [{ options: [] }] },
    'an option with an unknown id': { credentials: [sd], credential_sets: [{ options: [['b']] }] },
    'an empty list of credential sets': { credentials: [sd], credential_sets: [] },
    'a key identifier that is no base64url': one({
        ...sd,
        trusted_authorities: [{ type: 'aki', values: ['*'] }],
    }),
    'an empty list of authorities': one({ ...sd, trusted_authorities: [] }),
};
await test('dcql: we refuse to read what it refuses, and one thing more', () => {
    if (skipped) return skipped;
    const list = Object.entries(broken);
    const lenient = [];
    ours(list.map(([, q]) => ({ query: q, held: [] }))).forEach((answer, i) => {
        const [name, q] = list[i];
        if (answer.read === 'OK') throw new Error(`we read ${name}`);
        if (!refused(() => read(q))) lenient.push(name);
    });
    same(lenient, ['an mdoc path of three steps'], 'it reads them');
});
