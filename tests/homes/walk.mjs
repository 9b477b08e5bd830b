// SPDX-License-Identifier: Apache-2.0
//
// A wallet in a page, walked through in Node: node tests/homes/walk.mjs build
//
// The machines of the core as yaopai-wallet.wasm, their wishes done by WebCrypto
// with keys that nobody can take out and by fetch; the other sides are programs:
// an authority, a wallet provider, a desk, a gate. Prints TAP.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Yaopai, signer } from '../../wasm/yaopai.mjs';
import { checkCard, showCard } from '../../wasm/cards.mjs';
import { Mailboxes, hold, read } from '../../wasm/counter.mjs';
import { present } from '../../wasm/present.mjs';
import { Provider } from '../../wasm/provider.mjs';
import { receive } from '../../wasm/receive.mjs';
import { tap } from './tap.mjs';
import { refusesOffLine, refusesOnLine } from './walk_refuses.mjs';
import { TX_CODE, World, allow, catalogue, der } from './world.mjs';

globalThis.crypto ??= webcrypto; // Node 18

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BUILD = resolve(process.argv[2] ?? 'build');
const { test, end, skipAll } = tap('walk');

try {
    execFileSync(join(ROOT, 'wasm/build'), [join(BUILD, 'wasm')], {
        stdio: ['ignore', 'ignore', 'pipe'],
    });
} catch (error) {
    if (error.status === 77) skipAll('no clang-19 here');
    throw error;
}

const yaopai = await Yaopai.load(readFileSync(join(BUILD, 'wasm/yaopai-wallet.wasm')));
const files = catalogue(ROOT);
const world = new World(join(BUILD, 'yaopai'));
await world.make();

// ---- the wallet: what a page would keep ----

const held = []; // {document, format, bytes, key}
const trust = {
    files,
    anchors: [{ certificate: der(world.at('a/certificates/population-root.pem')) }],
};
let provider;

/** Copies of FORMAT that were never shown. */
const fresh = (format) => held.filter((copy) => copy.format === format && !copy.shown);

const keep = async (items) =>
    items.forEach((item) =>
        item.copies.forEach((copy) =>
            held.push({ document: item.type, profile: item.profile, format: item.format, ...copy }),
        ),
    );

const yes = { askCode: async () => TX_CODE, confirm: async () => true, store: keep };
/** A card of the hotel's; they last for the walk: the gates are not those who compare. */
const card = () => held.filter((copy) => copy.format === 'org.yaopai.card')[turn++ % 4];
let turn = 0;
const take = (link, { trust: other, issuers, ...host } = {}) =>
    receive(
        yaopai,
        other ?? trust,
        { offer: link, loopback: true, patience: 30, issuers },
        { provider, ...yes, ...host },
    );

await test('joins a provider', async () => {
    provider = await Provider.join(yaopai, world.urls.provider);
    assert.equal(provider.clientId, 'yaopai-wallet');
    assert.equal(provider.key.private.extractable, false);
});

await test('receives an mdoc, an SD-JWT and a card, with attested keys', async () => {
    let seen;
    const got = await take(
        world.offer('resident_id_mdoc', 'resident_id_sdjwt', 'resident_id_card.hotel'),
        { confirm: async (asked) => ((seen = asked), true) },
    );
    assert.deepEqual(
        got.items.map((item) => item.state),
        ['kept', 'kept', 'kept'],
    );
    assert.deepEqual(
        [...new Set(held.map((copy) => copy.format))],
        ['mso_mdoc', 'dc+sd-jwt', 'org.yaopai.card'],
    );
    assert.equal(seen.issuer, world.urls.authority);
    assert.ok(seen.items.every((item) => item.signer && item.attributes.length > 3));
    assert.ok(
        held.every((copy) => copy.key.private.extractable === false && copy.bytes.length > 100),
    );
});

let source;

await test("receives after the person said yes on the authority's page", async () => {
    const got = await receive(
        yaopai,
        trust,
        {
            issuer: world.urls.authority,
            ids: ['resident_id_mdoc'],
            loopback: true,
            redirect_uri: 'https://wallet.example/back',
            copies: 3,
        },
        { provider, ...yes, openPage: allow },
    );
    assert.deepEqual(
        got.items.map((item) => [item.id, item.state, item.copies.length]),
        [['resident_id_mdoc', 'kept', 3]],
    );
    source = got.source;
    assert.ok(source.refresh_token && source.session.private.extractable === false);
});

await test('gets them anew with the token that it was given, and keeps the next one first', async () => {
    const kept = [];
    const again = () =>
        receive(
            yaopai,
            trust,
            { ...source, loopback: true, copies: 2 },
            { provider, ...yes, keepSource: async (next) => kept.push((source = next)) },
        );
    const before = source.refresh_token;
    const got = await again();
    assert.equal(got.items[0].copies.length, 2);
    assert.equal(kept.length, 1);
    assert.notEqual(kept[0].refresh_token, before);
    assert.equal((await again()).items[0].state, 'kept');
});

// ---- on line ----

await world.makeDesk();
const bundle = world.read('t/bundle.cose');
const shower = {
    files,
    bundle,
    anchors: [{ certificate: der(world.at('t/trust-root.pem')), role: 'trust' }],
};

async function show(
    link,
    {
        format = 'dc+sd-jwt',
        choose = async (asked) => asked.answer,
        handOver,
        fetch,
        key,
        trust: other,
        ...options
    } = {},
) {
    const some = fresh(format).slice(0, 1);
    let asked;
    const shown = some.map((copy) => ({ ...copy, key: key ?? copy.key }));
    const end = await present(
        yaopai,
        other ?? shower,
        { link, held: shown, loopback: true, ...options },
        {
            handOver,
            fetch,
            choose: async (wish) => {
                asked = wish;
                const shown = await choose(wish);
                some.forEach((copy) => (copy.shown ||= !!shown));
                return shown;
            },
        },
    );
    return { end, asked };
}

async function session(wish) {
    const { status, body } = await world.ask('POST', '/api/sessions', wish);
    assert.equal(status, 201, JSON.stringify(body));
    return {
        ...body,
        state: async () => (await world.ask('GET', `/api/sessions/${body.id}`)).body,
    };
}

for (const format of ['dc+sd-jwt', 'mso_mdoc'])
    await test(`shows a hotel's desk what it registered, encrypted: ${format}`, async () => {
        const s = await session({ profile: 'hotel' });
        const { asked } = await show(s.qr, { format });
        assert.equal(asked.profile, 'hotel');
        assert.equal(asked.name, 'SPECIMEN');
        assert.equal(asked.registered, true);
        const { state, result } = await s.state();
        assert.equal(state, 'done');
        assert.equal(result.verdict, 'accept', JSON.stringify(result));
    });

await test('says what else the person agrees to, and signs that they did', async () => {
    const payment = {
        type: 'urn:yaopai:payment:1',
        payee: 'SPECIMEN',
        amount: '20.00',
        currency: 'CNY',
        credential_ids: ['resident_id-sdjwt'],
    };
    const s = await session({ profile: 'hotel', transaction_data: [payment] });
    const { asked } = await show(s.qr);
    assert.deepEqual(
        asked.transactions.map(({ payee, amount }) => [payee, amount]),
        [['SPECIMEN', '20.00']],
    );
    const { result } = await s.state();
    assert.equal(result.verdict, 'accept');
    assert.deepEqual(result.presentations[0].agreed, [0]);
});

// ---- across the counter: two instances ----

const readerKey = await crypto.subtle.importKey(
    'pkcs8',
    Buffer.from(
        readFileSync(world.at('hotel/reader-key.pem'), 'utf8').replace(/-----[^-]+-----|\s/g, ''),
        'base64',
    ),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
);
const chain = [der(world.at('hotel/reader.pem'))];

/** A way between two of this process. */
function pipe() {
    const ends = [[], []];
    const waiting = [null, null];
    let over = false;
    const end = (mine, theirs) => ({
        close: () => {
            over = true;
            waiting.forEach((come) => come?.());
        },
        send: async (bytes) => {
            ends[theirs].push(bytes);
            waiting[theirs]?.();
        },
        receive: async () => {
            while (ends[mine].length === 0 && !over)
                await new Promise((come) => (waiting[mine] = come));
            return ends[mine].shift(); // undefined: nobody is there any more
        },
    });
    return [end(0, 1), end(1, 0)];
}

/** One conversation: {results, asked, held}; both sides' ends. */
async function meet({ asks = [{ profile: 'hotel' }], ways, told = {}, choose, ...options } = {}) {
    const seen = { results: [] };
    const left = [...asks];
    let letters;
    const shown = new Promise((come) => (letters = come));
    const holding = hold(
        yaopai,
        shower,
        { first_wait: 20, ...told },
        {
            way: ways[0],
            show: (text) => letters(text),
            choose:
                choose ??
                (async (asked) => {
                    seen.asked = asked;
                    return asked.map((one, request) => {
                        const copy = fresh('mso_mdoc')[0] ?? held[0];
                        return { request, issued: copy.bytes, key: copy.key };
                    });
                }),
        },
    );
    const silent = holding.then(() => assert.fail('nothing was shown'));
    const reading = Promise.race([shown, silent]).then((text) =>
        read(
            yaopai,
            shower,
            { letters: text, chain, ...options },
            {
                way: ways[1],
                sign: signer(readerKey),
                next: async (answer) => {
                    if (answer) seen.results.push(answer.result);
                    return left.shift() ?? null;
                },
            },
        ),
    );
    const close = () => ways[0].close?.();
    [seen.holder, seen.reader] = (
        await Promise.allSettled([holding.finally(close), reading.finally(close)])
    ).map((end) => end.value ?? end.reason);
    return seen;
}

await test('shows across a counter what a hotel registered', async () => {
    const met = await meet({ ways: pipe() });
    assert.equal(met.reader.status, 0, String(met.reader.stack));
    assert.equal(met.holder.status, 0, String(met.holder.stack));
    assert.deepEqual(
        met.asked.map(({ reader, allowed, profile }) => [reader, allowed, profile]),
        [['good', 'OK', 'hotel']],
    );
    assert.equal(met.results[0].verdict, 'accept', JSON.stringify(met.results[0]));
    assert.equal(met.results[0].documents[0].state, 'valid');
});

await test('shows the same through mailboxes of the provider', async () => {
    const boxes = await Mailboxes.open(yaopai, `${world.urls.provider}/mailboxes`);
    const met = await meet({ ways: [boxes, undefined], told: boxes.told });
    assert.equal(
        met.results[0]?.verdict,
        'accept',
        String(met.reader.stack) + String(met.holder.stack),
    );
    assert.equal(met.holder.answered, 1);
});

// ---- other programs' sides ----

/** The result of a session, when it has one. */
async function finished(id) {
    for (let i = 0; i < 20; i++) {
        const { body } = await world.ask('GET', `/api/sessions/${id}?wait=5`);
        if (body.state !== 'open') return body;
    }
    throw new Error('it never ended');
}

await test('shows across the counter of a desk', async () => {
    const boxes = await Mailboxes.open(yaopai, `${world.urls.desk}/mailboxes`);
    const copy = fresh('mso_mdoc')[0];
    let begun;
    copy.shown = true;
    const end = await hold(
        yaopai,
        shower,
        { first_wait: 20, ...boxes.told },
        {
            way: boxes,
            show: async (engagement) => {
                begun = await world.ask('POST', '/api/counters', { profile: 'hotel', engagement });
                assert.equal(begun.status, 201, JSON.stringify(begun.body));
            },
            choose: async (asked) =>
                asked.map((_, request) => ({ request, issued: copy.bytes, key: copy.key })),
        },
    );
    assert.equal(end.answered, 1);
    const { state, result } = await finished(begun.body.id);
    assert.equal(state, 'done');
    assert.equal(result.verdict, 'accept', JSON.stringify(result));
});

await test("asks a wallet that is a program, by the provider's mailboxes", async () => {
    const phone = world.wallet(
        'counter',
        '--mailbox',
        `${world.urls.provider}/mailboxes`,
        '--local',
        '--yes',
        '--trust',
        world.at('t/bundle.cose'),
        '--trust-anchor',
        world.at('t/trust-root.pem'),
    );
    const letters = await phone.line();
    const results = [];
    await read(
        yaopai,
        shower,
        { letters, chain },
        {
            sign: signer(readerKey),
            next: async (answer) => {
                if (answer) results.push(answer.result);
                return answer ? null : { profile: 'hotel' };
            },
        },
    );
    assert.equal(results[0].verdict, 'accept', JSON.stringify(results[0]));
    phone.close();
});

for (const protocol of ['openid4vp-v1-signed', 'org-iso-mdoc'])
    await test(`answers what a page asks by the browser: ${protocol}`, async () => {
        const origin = 'https://shop.example';
        const s = await session({
            profile: 'hotel',
            dc_api: { origins: [origin], protocols: [protocol] },
        });
        const { data } = s.requests[0];
        let handed;
        await show(undefined, {
            format: 'mso_mdoc',
            protocol,
            data: JSON.stringify(data),
            origin,
            handOver: async (bytes) => (handed = JSON.parse(new TextDecoder().decode(bytes))),
        });
        const { status, body } = await world.ask('POST', `/api/sessions/${s.id}/answer`, {
            protocol,
            data: handed,
            origin,
        });
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(body.result.verdict, 'accept', JSON.stringify(body));
    });

// ---- at a gate: no network on either side ----

const gates = { ...shower, lists: [] };

/** `gate run` with a challenge: {line(), scan(letters)}. */
function startGate() {
    const gate = world.open(
        'gate',
        'run',
        '--profile',
        'hotel',
        '--trust',
        world.at('t/bundle.cose'),
        '--trust-anchor',
        world.at('t/trust-root.pem'),
        '--reader-key',
        world.at('hotel/reader-key.pem'),
        '--reader-certificate',
        world.at('hotel/reader.pem'),
        '--place',
        'SPECIMEN gate',
        '-C',
        world.folder,
    );
    return { ...gate, scan: async (letters) => (gate.say(letters), JSON.parse(await gate.line())) };
}

async function showAt(challenge, { agree = async () => true, clock, ...one } = card()) {
    let texts, asked;
    await showCard(
        yaopai,
        { ...shower, clock },
        {
            issued: one.bytes,
            mdoc: one.format === 'mso_mdoc',
            challenge,
            key: one.key,
            profile: one.asked,
            choice: one.choice,
        },
        { agree: (wish) => agree((asked = wish)), show: async (all) => (texts = all) },
    );
    return { letters: texts[0], texts, asked };
}

await refusesOnLine({ test, world, take, trust, session, show, held, fresh, TX_CODE });
await world.stop(world.authority);
await world.stop(world.desk);

await test('shows a gate a card for its eyes, and for it alone', async () => {
    const gate = startGate();
    const { challenge } = JSON.parse(await gate.line());
    const { letters, asked } = await showAt(challenge);
    assert.equal(asked.profile, 'hotel');
    assert.equal(asked.place, 'SPECIMEN gate');
    assert.equal(asked.name, 'SPECIMEN');
    const verdict = await gate.scan(letters);
    assert.equal(verdict.verdict, 'accept', JSON.stringify(verdict));
    const again = await gate.scan(letters);
    assert.ok(again.repeated || again.verdict === 'reject', JSON.stringify(again));
    gate.close();
});

/** A gate of ours in a page, and what is held before it. */
const atGate = (scan, options = {}) => {
    let letters;
    return checkCard(
        yaopai,
        options.trust ?? gates,
        { profile: 'hotel', place: 'SPECIMEN page', chain, ...options.told },
        {
            sign: signer(readerKey),
            show: async (texts) => (letters = texts.length > 1 ? texts : texts[0]),
            scan: (wish) => scan(letters, wish),
        },
    );
};

await test('judges one by itself, with what it was given before', async () => {
    const verdict = await atGate(async (challenge) => (await showAt(challenge)).letters);
    assert.equal(verdict.verdict, 'accept', JSON.stringify(verdict.checks));
    assert.equal(verdict.documents[0].state, 'valid');
    assert.match(verdict.documents[0].state_as_of, /^2\d{3}-/);
    assert.ok(
        verdict.documents[0].attributes.some(
            ({ name }) => name === 'birth_date' || name === 'birthdate',
        ),
    );
    assert.match(verdict.replay_key, /^[0-9a-f]{64}$/);
});

/** Codes that turn before a camera: from the middle on, one twice. */
const turning = (texts) => {
    const queue = [...texts.slice(1), texts[1] ?? texts[0], texts[0]];
    return () => queue.shift() ?? null;
};

await test('shows a gate an mdoc by codes that move', async () => {
    const gate = startGate();
    const { challenge } = JSON.parse(await gate.line());
    const { texts, asked } = await showAt(challenge, fresh('mso_mdoc')[0]);
    assert.equal(asked.profile, 'hotel');
    assert.ok(texts.length > 1 && texts.every((text) => /^YPA1:/.test(text)));
    let verdict;
    for (const text of texts) verdict = await gate.scan(text);
    assert.equal(verdict.verdict, 'accept', JSON.stringify(verdict));
    gate.close();
});

await test('judges any document by a bundle, and by what was seen of the one before', async () => {
    const copy = fresh('mso_mdoc')[0];
    const options = {
        bundle,
        anchors: shower.anchors,
        noBinding: true,
        format: 'mdoc-issuer-signed',
    };
    const first = await yaopai.verify(copy.bytes, options);
    assert.equal(first.verdict, 'accept', JSON.stringify(first.checks));
    assert.equal(first.documents[0].state, 'valid');
    assert.equal(
        (await yaopai.verify(copy.bytes, { ...options, seen: first.bundleSeen })).verdict,
        'accept',
    );
    await assert.rejects(yaopai.verify(copy.bytes, { ...options, anchors: [] }), {
        code: 'UNTRUSTED',
    });
    const little = await Yaopai.load(readFileSync(join(BUILD, 'wasm/yaopai.wasm')));
    await assert.rejects(little.verify(copy.bytes, options), { code: 'UNSUPPORTED' });
});

await test('judges one by itself, for a challenge that moves as well', async () => {
    let next;
    const verdict = await atGate(
        async (challenge) => {
            next ??= turning((await showAt(challenge, fresh('mso_mdoc')[0])).texts);
            return next();
        },
        { told: { with_certificate: true } },
    );
    assert.equal(verdict.verdict, 'accept', JSON.stringify(verdict.checks));
    assert.ok(verdict.documents[0].attributes.some(({ name }) => name === 'portrait_small'));
});

await refusesOffLine({
    test,
    world,
    yaopai,
    shower,
    files,
    gates,
    meet,
    pipe,
    atGate,
    showAt,
    card,
});

end();
world.end();
