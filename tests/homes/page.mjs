// SPDX-License-Identifier: Apache-2.0
//
// The core for a page, in Node: node tests/homes/page.mjs build
//
// Documents are bound to a key of WebCrypto that nobody can take out; the page's
// home shows them, and build/yaopai judges what it showed. What it judges itself
// is judged by build/yaopai as well, and both must agree. Prints TAP.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Yaopai, YaopaiError, agreer, inflate, signer } from '../../wasm/yaopai.mjs';
import { tap } from './tap.mjs';

globalThis.crypto ??= webcrypto; // Node 18

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = resolve(process.argv[2] ?? 'build');
const AT = '2026-11-22T00:00:10Z';
const NOW = Date.parse(AT) / 1000;
const SPACE = 'org.iso.18013.5.1';
const ELEMENTS = ['family_name', 'birth_date', 'document_number', 'age_over_18', 'issuing_country'];
const { test, end, skipAll } = tap('page');
const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

const folder = mkdtempSync(join(tmpdir(), 'yaopai-page-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

/** The key of a page: it signs and agrees, and never leaves. */
async function makeKey(name, uses) {
    const pair = await crypto.subtle.generateKey({ ...P256, name }, false, uses);
    assert.equal(pair.privateKey.extractable, false);
    await assert.rejects(crypto.subtle.exportKey('jwk', pair.privateKey));
    return {
        private: pair.privateKey,
        point: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
    };
}

/** What build/tests/documents makes, as {name: bytes}. */
function makeDocuments(...point) {
    const dir = mkdtempSync(join(folder, 'd-'));
    execFileSync(join(BUILD, 'tests/documents'), [dir, ...point]);
    return { dir, read: (name) => new Uint8Array(readFileSync(join(dir, name))) };
}

/** What the program says of BYTES: {verdict, rows}; a page says the same. */
function native(documents, bytes, ...words) {
    const path = join(folder, 'shown');
    writeFileSync(path, bytes);
    const done = spawnSync(
        join(BUILD, 'yaopai'),
        [
            'verify',
            '--json',
            '--at',
            AT,
            '--trust',
            join(documents.dir, 'root.pem'),
            ...words,
            path,
        ],
        { encoding: 'utf8' },
    );
    return done.stdout
        ? JSON.parse(done.stdout)
        : { verdict: 'error', checks: [], documents: [], error: done.stderr };
}

function rows(verdict) {
    return [verdict.verdict, ...verdict.checks.map((c) => `${c.check}=${c.outcome}`)].sort();
}

function values(verdict) {
    return verdict.documents.flatMap((d) =>
        d.attributes.map((a) => `${a.namespace ?? ''}/${a.name}=${JSON.stringify(a.value)}`),
    );
}

/** The same of a page; what is no document at all is refused by the program. */
async function judge(documents, bytes, options) {
    try {
        return await yaopai.verify(bytes, {
            anchors: [{ certificate: documents.read('root.der') }],
            now: NOW,
            skew: 60,
            ...options,
        });
    } catch (error) {
        if (!(error instanceof YaopaiError) || Math.floor(error.status / 100) !== 2) throw error;
        return {
            verdict: 'reject',
            checks: [{ check: 'structure', outcome: 'fail' }],
            documents: [],
        };
    }
}

function flipped(bytes, bit) {
    const changed = bytes.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    return changed;
}

try {
    execFileSync(join(ROOT, 'wasm/build'), [join(BUILD, 'wasm')], {
        stdio: ['ignore', 'ignore', 'pipe'],
    });
} catch (error) {
    if (error.status === 77) skipAll('no clang-19 here');
    throw error;
}
const wasm = readFileSync(join(BUILD, 'wasm/yaopai.wasm'));
const yaopai = await Yaopai.load(wasm);
const device = await makeKey('ECDSA', ['sign', 'verify']);
const gate = await makeKey('ECDH', ['deriveBits']);
const hex = ({ point }) => Buffer.from(point).toString('hex');
const mine = makeDocuments(hex(device), hex(gate)); // bound to the page's key, a challenge of the gate's
const theirs = makeDocuments(); // shown by another wallet
const session = mine.read('session.cbor');
const inSession = ['--session-transcript', join(mine.dir, 'session.cbor')];

await test('needs nothing from its host, and has no start of its own', async () => {
    const module = await WebAssembly.compile(wasm);
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    assert.ok(WebAssembly.Module.exports(module).length > 30);
});

await test('accepts an mdoc as a server does, value by value', async () => {
    const response = theirs.read('response.cbor');
    const ours = await judge(theirs, response, { session });
    const server = native(theirs, response, ...inSession);
    assert.equal(ours.verdict, 'accept');
    assert.deepEqual(rows(ours), rows(server));
    assert.deepEqual(values(ours), values(server));
    assert.equal(values(ours).length, 5);
});

await test('refuses flipped bits of it as a server does', async () => {
    const response = theirs.read('response.cbor');
    for (let i = 0; i < 64; i++) {
        const shown = flipped(response, Math.floor((i * response.length) / 64) * 8 + (i % 8));
        const ours = await judge(theirs, shown, { session });
        assert.notEqual(ours.verdict, 'accept');
        assert.deepEqual(rows(ours), rows(native(theirs, shown, ...inSession)), `bit ${i}`);
    }
});

await test('takes a yes for an answer, and nothing else where that is asked', async () => {
    const shown = theirs.read('valid.cbor');
    const asked = async (element, ...yes) =>
        rows(
            await judge(theirs, shown, {
                session,
                required: [['org.iso.18013.5.1.mDL', SPACE, element, ...yes]],
            }),
        ).filter((row) => row.startsWith('profile'));
    assert.deepEqual(await asked('age_over_18'), ['profile=pass']);
    assert.deepEqual(await asked('age_over_18', true), ['profile=pass']);
    assert.deepEqual(await asked('family_name'), ['profile=pass']);
    assert.deepEqual(await asked('family_name', true), ['profile=fail']);
    assert.deepEqual(await asked('age_over_99'), ['profile=fail']);
});

await test('refuses it when nobody is trusted', async () => {
    const verdict = await judge(theirs, theirs.read('response.cbor'), { session, anchors: [] });
    assert.equal(verdict.verdict, 'reject');
    assert.deepEqual(values(verdict), []);
});

await test('gives INDETERMINATE, not REJECT, for an algorithm that it lacks', async () => {
    const verdict = await judge(theirs, theirs.read('p384.cbor'), { session });
    assert.equal(verdict.verdict, 'indeterminate');
    assert.ok(verdict.checks.some((c) => c.why === 'UNSUPPORTED'));
});

await test('shows an mdoc by a key that cannot be taken out', async () => {
    const elements = ELEMENTS.map((element) => [SPACE, element]);
    const shown = await yaopai.showMdoc(mine.read('issued.cbor'), {
        session,
        elements,
        sign: signer(device.private),
        now: NOW,
    });
    const server = native(mine, shown, ...inSession);
    assert.equal(server.verdict, 'accept', JSON.stringify(server));
    assert.deepEqual(
        server.documents[0].attributes.map((a) => a.name).sort(),
        [...ELEMENTS].sort(),
    );
    assert.equal((await judge(mine, shown, { session })).verdict, 'accept');
});

await test('never shows an mdoc by another key', async () => {
    const other = await makeKey('ECDSA', ['sign', 'verify']);
    const shown = await yaopai.showMdoc(mine.read('issued.cbor'), {
        session,
        elements: [[SPACE, 'family_name']],
        sign: signer(other.private),
        now: NOW,
    });
    assert.equal(native(mine, shown, ...inSession).verdict, 'reject');
});

await test('refuses to show what is not there, or without a session', async () => {
    const issued = mine.read('issued.cbor');
    const sign = signer(device.private);
    await assert.rejects(
        yaopai.showMdoc(issued, { session, elements: [[SPACE, 'nothing']], sign }),
        { code: 'MISSING' },
    );
    await assert.rejects(yaopai.showMdoc(issued, { elements: [[SPACE, 'family_name']], sign }), {
        code: 'USAGE',
    });
});

await test('shows an SD-JWT by a key that cannot be taken out', async () => {
    const issued = new TextDecoder().decode(mine.read('issued.txt'));
    const shown = await yaopai.showSdJwt(issued, {
        paths: [['family_name'], ['birthdate']],
        nonce: 'n-1',
        audience: 'https://desk.example',
        now: NOW,
        sign: signer(device.private),
    });
    const words = ['--nonce', 'n-1', '--audience', 'https://desk.example'];
    const server = native(mine, shown, ...words);
    assert.equal(server.verdict, 'accept', JSON.stringify(server));
    const ours = await judge(mine, new TextEncoder().encode(shown), {
        nonce: 'n-1',
        audience: 'https://desk.example',
    });
    assert.deepEqual(rows(ours), rows(server));
    assert.deepEqual(values(ours), values(server));
    assert.equal(native(mine, shown, '--nonce', 'n-2', ...words.slice(2)).verdict, 'reject');
});

const bySigner = (documents) => ['--signer', join(documents.dir, 'signer.pem')];
const signers = (documents) => ({ signers: [documents.read('signer.der')] });

await test('shows a card by a key that cannot be taken out', async () => {
    const { bytes, letters } = await yaopai.showCard(mine.read('card'), {
        now: NOW,
        sign: signer(device.private),
    });
    assert.match(letters, /^YP1:[0-9A-Z $%*+\-./:]+$/);
    assert.deepEqual(yaopai.readCode(letters), { kind: 'card', bytes });
    const server = native(mine, bytes, ...bySigner(mine));
    assert.equal(server.verdict, 'accept', JSON.stringify(server));
    const ours = await judge(mine, bytes, signers(mine));
    assert.deepEqual(rows(ours), rows(server));
    assert.equal(ours.documents[0].attributes.length, 4);
    assert.equal(ours.replay_key.length, 64);
});

await test('refuses a card that was shown two minutes ago, or by another key', async () => {
    const other = await makeKey('ECDSA', ['sign', 'verify']);
    const shown = async (now, key) =>
        (await yaopai.showCard(mine.read('card'), { now, sign: signer(key) })).bytes;
    for (const bytes of [await shown(NOW - 120, device.private), await shown(NOW, other.private)]) {
        const ours = await judge(mine, bytes, signers(mine));
        assert.equal(ours.verdict, 'reject');
        assert.deepEqual(rows(ours), rows(native(mine, bytes, ...bySigner(mine))));
    }
});

await test('refuses flipped bits of a card as a server does', async () => {
    const card = theirs.read('shown.cbor');
    for (let i = 1; i < 40; i++) {
        // the first byte says whether it is sealed
        const shown = flipped(card, Math.floor((i * card.length) / 40) * 8 + (i % 8));
        const ours = await judge(theirs, shown, signers(theirs));
        assert.notEqual(ours.verdict, 'accept');
        assert.deepEqual(rows(ours), rows(native(theirs, shown, ...bySigner(theirs))), `byte ${i}`);
    }
});

await test('shows a card for a challenge, and for no other', async () => {
    const challenge = theirs.read('challenge');
    const { bytes } = await yaopai.showCard(mine.read('card'), {
        challenge,
        sign: signer(device.private),
    });
    assert.equal((await judge(mine, bytes, { ...signers(mine), challenge })).verdict, 'accept');
    assert.equal((await judge(mine, bytes, signers(mine))).verdict, 'reject');
    const another = await judge(mine, bytes, {
        ...signers(mine),
        challenge: mine.read('challenge'),
    });
    assert.equal(another.verdict, 'reject');
    assert.equal(
        (await judge(mine, bytes, { ...signers(mine), challenge, profile: 'hotel' })).verdict,
        'reject',
    );
});

const readers = (documents) => ({
    now: NOW,
    anchors: [{ certificate: documents.read('root.der'), role: 'reader' }],
    signers: [documents.read('reader.der')],
});

await test('says who asks, and only when they may', async () => {
    const challenge = mine.read('challenge');
    const asked = yaopai.readChallenge(challenge, readers(mine));
    assert.equal(asked.profile, 'train');
    assert.equal(asked.place, 'SPECIMEN gate');
    assert.deepEqual(asked.key, gate.point);
    assert.throws(() => yaopai.readChallenge(challenge, { ...readers(mine), anchors: [] }), {
        code: 'UNTRUSTED',
    });
    assert.throws(
        () => yaopai.readChallenge(challenge, { ...readers(mine), signers: [] }),
        YaopaiError,
    );
    assert.throws(() => yaopai.readChallenge(challenge, { ...readers(mine), now: NOW + 600 }), {
        code: 'EXPIRED',
    });
    assert.throws(() => yaopai.readChallenge(flipped(challenge, 900), readers(mine)), YaopaiError);
});

await test("shows a card for one checker's eyes", async () => {
    const challenge = mine.read('challenge');
    const { key } = yaopai.readChallenge(challenge, readers(mine));
    const { bytes } = await yaopai.showCard(mine.read('card'), {
        challenge,
        sign: signer(device.private),
    });
    const sealed = await yaopai.sealCard(bytes, challenge, key);
    assert.equal(yaopai.readCode(sealed.letters).kind, 'card');
    const opened = await yaopai.openCard(
        yaopai.readCode(sealed.letters).bytes,
        challenge,
        gate.point,
        agreer(gate.private),
    );
    assert.deepEqual(opened, bytes);
    assert.equal((await judge(mine, opened, { ...signers(mine), challenge })).verdict, 'accept');
    const other = await makeKey('ECDH', ['deriveBits']);
    await assert.rejects(
        yaopai.openCard(sealed.bytes, challenge, other.point, agreer(other.private)),
    );
    await assert.rejects(
        yaopai.openCard(sealed.bytes, theirs.read('challenge'), gate.point, agreer(gate.private)),
    );
});

await test('never takes letters that are no code', () => {
    for (const letters of ['', 'YP1:', 'YP1:a', 'YP9:ABC', 'hello'])
        assert.throws(() => yaopai.readCode(letters), YaopaiError);
});

await test('seals and opens by a key that cannot be taken out', async () => {
    const reader = await makeKey('ECDH', ['deriveBits']);
    const [info, aad, plain] = ['info', 'aad', 'SPECIMEN'].map((text) =>
        new TextEncoder().encode(text),
    );
    const { enc, sealed } = await yaopai.seal(reader.point, info, aad, plain);
    const open = (...changed) =>
        yaopai.open(
            ...Object.assign(
                [enc, reader.point, agreer(reader.private), info, aad, sealed],
                ...changed,
            ),
        );
    assert.deepEqual(await open(), plain);
    await assert.rejects(open({ 3: plain }));
    await assert.rejects(open({ 4: plain }));
    await assert.rejects(open({ 5: flipped(sealed, 3) }));
});

await test('opens what RFC 9180 sealed', async () => {
    if (!process.env.YAOPAI_VECTORS) return 'YAOPAI_VECTORS is not set';
    const text = readFileSync(
        join(process.env.YAOPAI_VECTORS, 'hpke-rfc9180/A3_1_base_p256_sha256_aes128gcm.txt'),
        'utf8',
    );
    // the first of each name: "name: hex", which may go on over lines
    const bytes = (name) =>
        new Uint8Array(
            Buffer.from(
                text
                    .match(new RegExp(`^${name}:\\s*((?:[0-9a-f]+\n)+)`, 'm'))[1]
                    .replace(/\s/g, ''),
                'hex',
            ),
        );
    const point = bytes('pkRm');
    const url = (part) => Buffer.from(part).toString('base64url');
    const key = await crypto.subtle.importKey(
        'jwk',
        {
            kty: 'EC',
            crv: 'P-256',
            x: url(point.slice(1, 33)),
            y: url(point.slice(33)),
            d: url(bytes('skRm')),
        },
        { name: 'ECDH', namedCurve: 'P-256' },
        false,
        ['deriveBits'],
    );
    assert.deepEqual(
        await yaopai.open(
            bytes('enc'),
            point,
            agreer(key),
            bytes('info'),
            bytes('aad'),
            bytes('ct'),
        ),
        bytes('pt'),
    );
});

await test('judges by a status list, and says how old it is', async () => {
    const certificate = theirs.read('root.der');
    const anchors = [{ certificate }, { certificate, role: 'status' }];
    const lists = [theirs.read('list.txt')];
    for (const [name, verdict, state] of [
        ['valid', 'accept', 'valid'],
        ['revoked', 'reject', 'revoked'],
    ]) {
        const shown = theirs.read(`${name}.cbor`);
        assert.equal((await judge(theirs, shown, { session, anchors })).verdict, 'indeterminate');
        const ours = await judge(theirs, shown, { session, anchors, lists });
        assert.equal(ours.verdict, verdict);
        assert.equal(ours.documents[0].state, state);
        assert.equal(ours.documents[0].state_as_of, '2026-11-22T00:00:00Z');
        assert.deepEqual(
            rows(ours),
            rows(native(theirs, shown, ...inSession, '--status', join(theirs.dir, 'list.txt'))),
        );
    }
});

await test('never unpacks a status list whose signer nobody trusts', async () => {
    const certificate = theirs.read('root.der');
    const shown = theirs.read('valid.cbor');
    for (const [anchors, list] of [
        [[{ certificate }], theirs.read('list.txt')],
        [
            [{ certificate }, { certificate: mine.read('root.der'), role: 'status' }],
            theirs.read('list.txt'),
        ],
        [
            [{ certificate }, { certificate, role: 'status' }],
            flipped(theirs.read('list.txt'), 8 * 1000),
        ],
    ])
        await assert.rejects(
            yaopai.verify(shown, { anchors, session, lists: [list], now: NOW }),
            YaopaiError,
        );
});

await test('unpacks to its bound, and nothing that is broken or goes on', async () => {
    const plain = crypto.getRandomValues(new Uint8Array(5000)).fill(7, 100, 4000);
    const packed = new Uint8Array(deflateSync(plain));
    assert.deepEqual(await inflate(packed, plain.length), plain);
    await assert.rejects(inflate(packed, plain.length - 1), { code: 'LIMIT' });
    await assert.rejects(inflate(new Uint8Array([...packed, 0]), 9999));
    await assert.rejects(inflate(new Uint8Array([...packed, ...packed]), 99999));
    await assert.rejects(inflate(new Uint8Array(0), 9999));
    for (const length of [1, 2, 40, packed.length - 4, packed.length - 1])
        await assert.rejects(inflate(packed.slice(0, length), 9999));
    await assert.rejects(inflate(flipped(packed, 8 * (packed.length - 2)), 9999));
});

await test('gives SHA-256 as WebCrypto does', async () => {
    for (let len = 0; len < 200; len += 7) {
        const input = crypto.getRandomValues(new Uint8Array(len));
        assert.deepEqual(
            yaopai.sha256(input),
            new Uint8Array(await crypto.subtle.digest('SHA-256', input)),
        );
    }
});

await test('inspects, trusting nothing', () => {
    assert.match(yaopai.inspect(mine.read('issued.cbor')), /"issuerAuth"/);
    assert.throws(() => yaopai.inspect(new Uint8Array([0xff])), { code: 'MALFORMED' });
});

await test('refuses more than its memory holds', async () => {
    const little = await Yaopai.load(wasm, { memory: 1 << 20 });
    await assert.rejects(little.verify(new Uint8Array(1 << 19), { now: NOW }), { code: 'SPACE' });
    await assert.rejects(yaopai.verify(new Uint8Array(100 << 20), { now: NOW }), { code: 'SPACE' });
    await assert.rejects(yaopai.verify(new Uint8Array(5 << 20), { now: NOW }), { code: 'LIMIT' });
    await assert.rejects(yaopai.verify(new Uint8Array(3), { now: -1 }), { code: 'USAGE' });
});

end();
