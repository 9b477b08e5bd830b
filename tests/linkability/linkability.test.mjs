// SPDX-License-Identifier: Apache-2.0
// Two desks compare what one person showed them. They have no run of eight
// octets in common but what allowed.json names, with a reason for each line;
// where one copy of a document is shown twice, they have. The provider and the
// authority hear nothing of any of it.

import fs from 'node:fs';
import { wire } from '../conformance/front.mjs';
import { b64, sha256 } from '../conformance/jose.mjs';
import { at, write } from '../conformance/world.mjs';
import { common, tell } from './compare.mjs';
import {
    challengeKey,
    deep,
    openCard,
    openPosted,
    sessionKey,
    values,
    views,
    wireViews,
} from './opened.mjs';
import { readCounter } from './counter.mjs';
import { makeWorld, runAside } from './world.mjs';

const began = Math.floor(Date.now() / 1000);
const world = await makeWorld(),
    [hotel, bank] = world.desks;
const before = { authority: world.authority.seen.length, provider: world.provider.seen.length };
const TRUST = ['--trust', at('trust/bundle.cose'), '--trust-anchor', at('trust/trust-root.pem')];
const WALLET = ['--local', '--yes', '--ca-file', at('web-root.pem'), ...TRUST];

let count = 0;
async function test(name, run) {
    count += 1;
    try {
        await run();
        console.log(`ok ${count} - ${name}`);
    } catch (error) {
        console.log(`not ok ${count} - ${name}`);
        console.log(String(error.stack ?? error).replace(/^/gm, '# '));
        process.exitCode = 1;
    }
}

// ---- showing ----

/** {views, values, wire} of one showing on line. */
async function online(desk, wallet, { profile = 'hotel', format, plain, ...wish }) {
    const session = await desk.api('POST', '/api/sessions', {
        device: 'cross',
        profile,
        plain,
        ...wish,
    });
    const key = sessionKey(desk, session.id),
        first = desk.seen.length;
    await runAside(
        'wallet',
        'present',
        '-C',
        at(wallet),
        ...WALLET,
        '--choose',
        `resident_id-${format}`,
        session.qr,
    );
    const seen = desk.seen.slice(first),
        token = openPosted(seen.at(-1).body, key);
    const { result } = await desk.api('GET', `/api/sessions/${session.id}`);
    if (result.verdict !== 'accept') throw new Error(JSON.stringify(result).slice(0, 1000));
    return {
        views: [...views(token)],
        values: values(token),
        wire: seen.flatMap((one) => wireViews(wire(one))),
    };
}

/** The same by a code: sealed to a challenge, or open. */
async function card(desk, wallet, { profile, choice, sealed }) {
    const words = [
        '--profile',
        profile,
        '--format',
        'card',
        '--output',
        at('card'),
        '--reader',
        at(`${desk.name}-party/reader.pem`),
        ...(choice ? ['--choice', choice] : []),
    ];
    let challenge,
        body = { profile, choice };
    if (sealed) {
        const made = await desk.api('POST', '/api/challenges', { profile, with_certificate: true });
        challenge = challengeKey(desk, made.id);
        words.push('--challenge', write('challenge', made.codes.join('\n')));
        body = { challenge: made.id, choice };
    }
    await runAside('wallet', 'present', '-C', at(wallet), '--yes', ...words);
    const letters = fs.readFileSync(at('card'), 'utf8').trim();
    const said = await desk.api('POST', '/api/cards', { ...body, codes: letters.split('\n') });
    if (said.result.verdict !== 'accept') throw new Error(JSON.stringify(said).slice(0, 1000));
    const opened = openCard(letters, challenge);
    return { views: [opened.bytes], values: opened.values, wire: sealed ? [opened.outer] : [] };
}

/** The same across a counter: what the provider of the mailboxes sees is the wire. */
async function counter(desk, wallet) {
    const first = world.provider.seen.length;
    fs.rmSync(at('code'), { force: true });
    const phone = runAside(
        'wallet',
        'counter',
        '-C',
        at(wallet),
        ...WALLET,
        '--output',
        at('code'),
    );
    let code = '';
    for (let tries = 0; !code.endsWith('\n') && tries < 2400; tries++) {
        await new Promise((later) => setTimeout(later, 25));
        code = fs.existsSync(at('code')) ? fs.readFileSync(at('code'), 'utf8') : '';
    }
    const { engagement, response } = await readCounter(desk.name, code);
    await phone;
    return {
        views: [engagement, response],
        shown: [response],
        values: values({ x: [b64(response)] }),
        wire: world.provider.seen.slice(first).flatMap((one) => [wire(one), one.octets]),
    };
}

// ---- what is allowed ----

const allowed = JSON.parse(fs.readFileSync(new URL('allowed.json', import.meta.url)));
const used = new Set();
const certificate = fs
    .readFileSync(at('authority/certificates/population-signer.pem'), 'utf8')
    .replace(/-----[^-]*-----|\s/g, '');

/** The first groups of PATTERN in VIEW, as octets. */
const found = (view, pattern, good = () => true) =>
    [...view.toString('latin1').matchAll(pattern)]
        .filter(good)
        .map(([, octets]) => Buffer.from(octets, 'latin1'));

const THINGS = {
    certificate: () => [Buffer.from(certificate), Buffer.from(certificate, 'base64')],
    authority: () => [Buffer.from(world.authority.url)],
    provider: () =>
        [world.provider.url, new URL(world.provider.url).host].map((text) => Buffer.from(text)),
    desk: () => [
        Buffer.from(
            sha256(
                Buffer.from(
                    fs
                        .readFileSync(at('hotel-party/reader.pem'), 'utf8')
                        .replace(/-----[^-]*-----|\s/g, ''),
                    'base64',
                ),
            ).toString('base64url'),
        ),
    ],
    signer: () => [sha256(Buffer.from(certificate, 'base64')).subarray(0, 8)],
    // whole days, or they are not what the list means
    days: (all) =>
        all.flatMap((view) => [
            ...found(view, /"(?:iat|nbf|exp)":(\d{10})/g, ([, seconds]) => seconds % 86400 === 0),
            ...found(view, /(\d{4}-\d\d-\d\dT00:00:00Z)/g),
            ...found(view, /(\x04\x1a.{4}\x06\x1a.{4})/gs, ([pair]) =>
                [2, 8].every((at) => Buffer.from(pair, 'latin1').readUInt32BE(at) % 86400 === 0),
            ),
        ]),
    lengths: (all) => all.flatMap((view) => found(view, /(\x59..\xd8\x18\x59..[\xa6-\xa9]\x67)/gs)),
    // what another wallet of this program says of itself
    metadata: () =>
        [/wallet_metadata=([^&]*)/.exec(Buffer.concat(poor.sdjwt.wire).toString())[1]].map((text) =>
            Buffer.from(text),
        ),
    step: () => {
        const [first, last] = [began, Date.now() / 1000].map((time) => Math.floor(time / 30));
        return Array.from({ length: last - first + 2 }, (_, more) => {
            const octets = Buffer.from('1a000000005840', 'hex');
            octets.writeUInt32BE(first + more, 1);
            return octets;
        });
    },
    clock: () =>
        Array.from({ length: Math.floor(Date.now() / 1000) - began + 2 }, (_, i) =>
            Buffer.from(String(began + i)),
        ),
};

/** The octets of each line for WAYS. An element's value is allowed when both
 *  showings have it, under one of its names. */
function literals(ways, one, other) {
    const both = [...one.views, ...other.views];
    const of = (showing, names) => names.flatMap((name) => showing.values[name] ?? []);
    const octets = (line) => {
        if (line.text) return [Buffer.from(line.text)];
        if (line.hex) return [Buffer.from(line.hex, 'hex')];
        if (line.thing) return THINGS[line.thing](both);
        return of(other, line.element).length ? of(one, line.element) : [];
    };
    return allowed
        .filter((line) => line.ways.some((way) => ways.includes(way)))
        .flatMap((line) =>
            octets(line)
                .filter((o) => o.length >= 4)
                .map((o) => [line, o]),
        );
}

/** What ONE and OTHER have in common beyond the list. */
const shared = (ways, one, other) => [
    ...common(one.views, other.views, literals(ways, one, other), { used }),
    ...common(one.wire, other.wire, literals(['wire'], one, other), { used }),
];

/** Shown with the one copy that it has. */
const poor = {
    sdjwt: await online(hotel, 'poor', { format: 'sdjwt' }),
    mdoc: await online(hotel, 'poor', { format: 'mdoc' }),
    card: await card(hotel, 'poor', { profile: 'hotel', sealed: true }),
};

const shownViews = []; // by the other wallet, to anybody
/** Places in status lists: too short for a run, and as telling. */
const places = (showing) =>
    showing.views.flatMap((view) =>
        found(view, /(?:"idx":|cidx|\x19\xff\xff\x82.)(\d+|\x1a.{4}|\x19..|\x18.|[\x00-\x17])/gs),
    );

async function unlinked(ways, showing, first, second = first, at = bank) {
    const one = await showing(hotel, 'wallet', first),
        other = await showing(at, 'wallet', second);
    const here = places(one);
    if (!here.length || places(other).some((place) => here.some((p) => p.equals(place))))
        throw new Error('the same place in a status list, or none');
    shownViews.push(...(one.shown ?? one.views), ...(other.shown ?? other.views));
    const runs = shared(ways, one, other);
    if (runs.length) throw new Error(`${runs.length} runs:\n${runs.map(tell).join('\n')}`);
}

// ---- rows ----

const SDJWT = { format: 'sdjwt' },
    MDOC = { format: 'mdoc' };
const AGE = { profile: 'age', choice: 'age_over_18' };

await test('never shares a run between two desks that are shown SD-JWT VC on line', () =>
    unlinked(['sd-jwt'], online, SDJWT));
await test('never shares a run between two desks that are shown mdoc on line', () =>
    unlinked(['mdoc'], online, MDOC));
await test('never shares a run between desks that are shown another profile each', async () => {
    await unlinked(['sd-jwt'], online, SDJWT, { ...SDJWT, ...AGE });
    await unlinked(['mdoc'], online, MDOC, { ...MDOC, ...AGE });
});
await test('never shares a run between desks that are shown another format each', () =>
    unlinked(['sd-jwt', 'mdoc'], online, SDJWT, MDOC));
await test('never shares a run between two desks with a sealed card', () =>
    unlinked(['card'], card, { profile: 'hotel', sealed: true }));
await test('never shares a run between two desks with an open card', () =>
    unlinked(['card'], card, AGE));
await test('never shares a run between two desks across the counter, nor at the mailboxes', () =>
    unlinked(['mdoc', 'counter'], counter, {}));

await test('never shares a run between two showings at one desk', async () => {
    await unlinked(['sd-jwt', 'desk'], online, SDJWT, SDJWT, hotel);
    await unlinked(['mdoc', 'desk'], online, MDOC, MDOC, hotel);
    await unlinked(
        ['card', 'desk'],
        card,
        { profile: 'hotel', sealed: true },
        { profile: 'hotel', sealed: true },
        hotel,
    );
});

// ---- the same comparison finds what is there ----

const bytes = (runs) => runs.reduce((sum, run) => sum + run.length, 0);
for (const [ways, showing, how, least] of [
    ['sd-jwt', online, SDJWT, 400],
    ['mdoc', online, MDOC, 400],
    ['card', card, { profile: 'hotel', sealed: true }, 100],
])
    await test(`accepts no copy for a new one: ${ways} shown twice is found`, async () => {
        const one = poor[how.format ?? 'card'],
            other = await showing(bank, 'poor', how);
        const runs = shared([ways], one, other);
        if (bytes(runs) < least || !runs.some((run) => run.length >= 43))
            throw new Error(`${bytes(runs)} octets`);
    });
// ---- who else hears of it ----

/** What SERVER was told and said, in what WANTED picks of it. */
const told = (server, wanted = () => true) =>
    server.seen.filter(wanted).flatMap((one) => [...deep(wire(one)), ...deep(one.octets)]);
/** What such a view and those of the desks have in common that the other
 *  wallet's showings do not have: that tells this wallet from others. */
function known(view) {
    const everybody = Object.values(poor).flatMap((showing) => showing.views);
    const shape = allowed.flatMap(({ text, hex }) =>
        text || hex ? [text ? Buffer.from(text) : Buffer.from(hex, 'hex')] : [],
    );
    const literals = [...THINGS.clock(), ...shape].map((octets) => ['', octets]);
    return common(view, shownViews, literals, { everybody });
}
const documents = (one) => one.path === '/credential';
const others = (one) => one.method === 'POST' && !documents(one);

await test('never tells the provider or the authority of a showing', () => {
    const authority = world.authority.seen.slice(before.authority);
    const provider = world.provider.seen
        .slice(before.provider)
        .filter((one) => !one.path.startsWith('/mailboxes')); // which is the wire
    if (
        provider.length ||
        authority.some(
            (one) =>
                one.method !== 'GET' ||
                one.body.length ||
                !/^\/trust\/(bundle|party-[0-9a-f]+)\.cose$/.test(one.path),
        )
    )
        throw new Error([...provider, ...authority].map((one) => one.path).join(' '));
});
await test('never shares a run of this wallet between the provider and the desks', () => {
    const runs = known(told(world.provider));
    if (!world.provider.seen.length || runs.length) throw new Error(runs.map(tell).join('\n'));
});
await test('never tells the provider a value of a document', () => {
    const view = told(world.provider);
    const octetsOf = (showing) => Object.values(showing.values).flat();
    for (const octets of Object.values(poor).flatMap(octetsOf))
        if (
            octets.length >= 6 &&
            octets.toString() !== 'SPECIMEN' &&
            view.some((one) => one.includes(octets))
        )
            throw new Error(tell(octets));
});
await test('never shares a run of this wallet between the authority and the desks', () => {
    const runs = known(told(world.authority, others));
    if (runs.length) throw new Error(runs.map(tell).join('\n'));
});
await test('accepts that the authority knows the copies that it issued itself', () => {
    if (bytes(known(told(world.authority, documents))) < 1000)
        throw new Error('nothing of it was found: nothing is looked at');
});
await test('never shares a key between two authorities, nor with one asked twice', async () => {
    const elsewhere = await world.elsewhere();
    const octets = (asked) => asked.flatMap((one) => [...deep(wire(one))]);
    const literals = [...THINGS.clock(), Buffer.from(elsewhere.url)].map((one) => ['', one]);
    // hundreds of keys: what is shorter is chance beside a name, and no key
    const known = (asked) =>
        common(octets(world.asked.wallet), octets(asked), literals, {
            everybody: octets(world.asked.poor),
        }).filter((run) => run.length >= 16);
    const there = await world.receive('wallet', elsewhere, 2, ['resident_id_sdjwt']);
    const again = await world.receive('wallet', world.authority, 2, ['resident_id_sdjwt']);
    if (!there.length || [...known(there), ...known(again)].length)
        throw new Error([...known(there), ...known(again)].map(tell).join('\n'));
    if (!known(world.asked.wallet).length)
        throw new Error('what it asked is not found in itself: nothing is looked at');
});
await test('accepts no line of the list that nothing needs', () => {
    const idle = allowed.filter((line) => !used.has(line));
    if (idle.length) throw new Error(idle.map((line) => JSON.stringify(line)).join('\n'));
});
process.exit(process.exitCode);
