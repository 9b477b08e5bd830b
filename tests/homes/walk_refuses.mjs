// SPDX-License-Identifier: Apache-2.0
//
// What a wallet in a page refuses, and what is refused of it, on the way of
// walk.mjs: WALK is what that has at hand.

import assert from 'node:assert/strict';
import { Machine } from '../../wasm/machine.mjs';
import { Yaopai, YaopaiError, makeKey } from '../../wasm/yaopai.mjs';
import { WAYS, spoiled } from './spoil.mjs';
import { der } from './world.mjs';

const never = async () => assert.fail('nobody was to be asked');

/** A host whose fetch is listened to. */
function listening() {
    const heard = [];
    return {
        heard,
        fetch: (url, how) => {
            heard.push({
                url,
                method: how.method,
                body: how.body && Buffer.from(how.body).toString('latin1'),
            });
            return fetch(url, how);
        },
    };
}

/** With the authority, the provider and the desk there. */
export async function refusesOnLine({ test, world, take, trust, session, show, held, fresh }) {
    const offer = () => world.offer('resident_id_sdjwt');

    await test('refuses a wrong code, and keeps nothing', async () => {
        const typed = [];
        await assert.rejects(
            take(offer(), {
                store: never,
                askCode: async ({ again }) => (typed.push(again), '000000'),
            }),
            (error) => error instanceof YaopaiError && error.end.where === 'token',
        );
        assert.ok(
            typed.length >= 1 &&
                typed.length <= 3 &&
                typed[0] === false &&
                !typed.slice(1).includes(false),
        );
    });

    await test('keeps nothing that the person did not agree to', async () => {
        await assert.rejects(take(offer(), { store: never, confirm: async () => false }), {
            code: 'REFUSED',
        });
        await assert.rejects(take(offer(), { store: never, askCode: async () => null }), {
            code: 'REFUSED',
        });
    });

    await test('refuses documents that lead to no root of ours', async () => {
        const traffic = {
            ...trust,
            anchors: [{ certificate: der(world.at('a/certificates/traffic-root.pem')) }],
        };
        await assert.rejects(take(offer(), { store: never, confirm: never, trust: traffic }), {
            code: 'UNTRUSTED',
        });
    });

    await test('refuses an offer of another issuer before anything is fetched', async () => {
        const { heard, fetch: listen } = listening();
        await assert.rejects(
            take(offer(), { fetch: listen, store: never, issuers: ['https://other.example'] }),
            { code: 'UNTRUSTED' },
        );
        await assert.rejects(
            take('openid-credential-offer://?credential_offer={', { fetch: listen, store: never }),
            YaopaiError,
        );
        assert.deepEqual(heard, []);
    });

    await test('never keeps what came of answers that were spoiled', async () => {
        for (const [at, way] of [
            [1, 'short'],
            [2, 'empty'],
            [4, 'typed'],
            [5, 'short'],
            [8, 'nowhere'],
            [9, 'again'],
            [11, 'another'],
        ]) {
            const { error, reached } = await spoiled('receive', at, way, () =>
                take(offer(), { store: never }),
            );
            assert.ok(reached, `${way} ${at} was not reached`);
            assert.ok(error && error.code !== 'CRYPTO', `${way} ${at}: ${error?.stack}`);
        }
    });

    await test('never keeps a copy for another key than it was made for', async () => {
        for (let at = 1; at <= 12; at += 3)
            // whatever was flipped: what is kept was verified
            await spoiled('receive', at, 'flipped', () =>
                take(offer(), {
                    store: async (items) =>
                        assert.ok(items.every((item) => item.copies.every((copy) => copy.key))),
                }),
            );
    });

    await test('tells a desk the same when the person declines and when there is nothing', async () => {
        const bodies = [];
        for (const options of [
            { choose: async () => null },
            { format: 'none', choose: async (asked) => asked.answer },
        ]) {
            const { heard, fetch: listen } = listening();
            const s = await session({ profile: 'hotel' });
            await assert.rejects(show(s.qr, { ...options, fetch: listen }), { code: 'REFUSED' });
            assert.equal((await s.state()).state, 'refused');
            bodies.push(heard.at(-1).body.replace(/state=[^&]*/, 'state='));
        }
        assert.equal(bodies[0], bodies[1]);
    });

    await test('is refused by a desk when another key signs', async () => {
        const s = await session({ profile: 'hotel' });
        const other = await makeKey();
        await assert.rejects(show(s.qr, { key: other }), { code: 'REFUSED' });
        const { state, result } = await s.state();
        assert.equal(state, 'open');
        assert.equal(result, undefined);
    });

    await test('says nothing to who is not trusted', async () => {
        const { heard, fetch: listen } = listening();
        const s = await session({ profile: 'hotel' });
        await assert.rejects(
            show(s.qr, { fetch: listen, choose: never, trust: { ...trust, bundle: undefined } }),
            { code: 'UNTRUSTED' },
        );
        assert.equal(heard.length, 1); // the request was fetched
    });

    await test('shows nothing that does not answer what was asked', async () => {
        for (const [shown, code] of [
            [[[0, 7]], 'NOT_FOUND'],
            [[[99, 0]], 'USAGE'],
            [[[0]], 'MALFORMED'],
            [['x'], 'MALFORMED'],
        ]) {
            const { heard, fetch: listen } = listening();
            const s = await session({ profile: 'hotel' });
            await assert.rejects(show(s.qr, { fetch: listen, choose: async () => shown }), {
                code,
            });
            assert.equal(heard.length, 1);
        }
    });

    await test('never shows anything by answers that were spoiled', async () => {
        const ways = Object.keys(WAYS);
        for (let at = 1; at <= 6; at++) {
            const way = ways[(at * 5) % ways.length];
            const s = await session({ profile: 'hotel' });
            const { error, reached } = await spoiled('present', at, way, () => show(s.qr));
            assert.ok(reached, `${way} ${at} was not reached`);
            const { result } = await s.state();
            assert.ok(error || WAYS[way] === WAYS.backwards, `${way} ${at}`);
            assert.notEqual(result?.verdict, 'accept', `${way} ${at}`);
        }
        assert.ok(fresh('dc+sd-jwt').length >= 0 && held.length > 0);
    });
}

/** With nobody there but two instances. */
export async function refusesOffLine({
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
}) {
    await test('never opens a message of the counter that was changed, or that comes again', async () => {
        for (const change of [
            (bytes) => ((bytes[bytes.length - 20] ^= 1), bytes),
            (bytes) => bytes.slice(0, -3),
            () => new Uint8Array(0),
        ]) {
            const ways = pipe();
            const { send } = ways[1];
            ways[1].send = (bytes, last) => send(change(bytes.slice()), last);
            const met = await meet({ ways, choose: never });
            assert.ok(met.holder instanceof YaopaiError, String(met.holder));
            assert.deepEqual(met.results.filter(Boolean), []);
        }
        const ways = pipe();
        const { send } = ways[0];
        ways[0].send = (bytes, last) => send(((bytes[bytes.length - 20] ^= 1), bytes), last);
        const met = await meet({ ways });
        assert.equal(met.reader.code, 'SECRET');
        assert.deepEqual(met.results.filter(Boolean), []);
    });

    await test('is silent to a reader that nobody knows, where only registered ones will do', async () => {
        const met = await meet({
            ways: pipe(),
            told: { only_registered: true },
            chain: [],
            choose: never,
        });
        assert.equal(met.holder.code, 'MISSING');
        assert.deepEqual(
            met.results.filter((result) => result?.verdict === 'accept'),
            [],
        );
    });

    await test('shows no sealed card without a challenge, for another profile or a broken one', async () => {
        const asked = { agree: never };
        await assert.rejects(showAt(undefined, { ...card(), ...asked }), { code: 'REFUSED' });
        await assert.rejects(
            atGate(
                async (challenge) => (await showAt(challenge, { ...card(), ...asked })).letters,
                { told: { profile: 'age', choice: 'age_over_18' } },
            ),
            { code: 'MISMATCH' },
        );
        await assert.rejects(
            atGate(async (challenge) => {
                const broken =
                    challenge.slice(0, 40) +
                    (challenge[40] === 'A' ? 'B' : 'A') +
                    challenge.slice(41);
                return (await showAt(broken, { ...card(), ...asked })).letters;
            }),
            YaopaiError,
        );
        await assert.rejects(
            atGate(
                async (challenge) =>
                    (await showAt(challenge, { ...card(), agree: async () => false })).letters,
            ),
            { code: 'REFUSED' },
        );
    });

    await test('takes no code that is none, and none that was sealed for others', async () => {
        const why = [];
        const texts = ['hello', '', 'YP1:', 'YPQ1:AB'];
        let kept;
        const verdict = await atGate(async (challenge, wish) => {
            why.push(wish.why);
            return texts.length ? texts.shift() : (kept = (await showAt(challenge)).letters);
        });
        assert.equal(verdict.verdict, 'accept');
        assert.equal(why[0], undefined);
        assert.ok(why.slice(1).every(Boolean) && why.length === 5);
        await assert.rejects(
            atGate(async () => kept),
            { code: 'SECRET' },
        );
        await assert.rejects(
            atGate(async () => null),
            { code: 'EXPIRED' },
        );
    });

    await test('refuses a card by another key, and one that another gate was shown', async () => {
        const key = await makeKey();
        const verdict = await atGate(
            async (challenge) => (await showAt(challenge, { ...card(), key })).letters,
        );
        assert.equal(verdict.verdict, 'reject');
        assert.deepEqual(
            verdict.documents.flatMap(({ attributes }) => attributes),
            [],
        );
    });

    await test('never accepts by what it was given two days ago', async () => {
        const clock = () => Math.floor(Date.now() / 1000) + 2 * 86400;
        const late = { ...gates, clock };
        await assert.doesNotReject(async () => {
            const verdict = await atGate(
                async (challenge) => (await showAt(challenge, { ...card(), clock })).letters,
                { trust: late },
            ).catch((error) => ({ verdict: error.code }));
            assert.notEqual(verdict.verdict, 'accept');
        });
    });

    await test('refuses a bundle that was changed, or rolled back; and a card that was revoked since', async () => {
        const old = { bundle: shower.bundle };
        old.seen = (await Machine.open(yaopai, 'holder', { ...shower, files }, {})).seen;
        world.must(
            'document',
            'revoke',
            '-C',
            world.at('a'),
            '--person',
            world.number,
            '--document',
            'resident_id',
            '--reason',
            'lost',
        );
        world.publish();
        const now = { ...gates, bundle: world.read('t/bundle.cose') };
        const { seen } = await Machine.open(yaopai, 'holder', { ...now, seen: old.seen }, {});
        await assert.rejects(Machine.open(yaopai, 'holder', { ...shower, seen }, {}), {
            code: 'VALUE',
        });
        await assert.rejects(
            Machine.open(
                yaopai,
                'holder',
                { ...shower, anchors: [...shower.anchors, ...shower.anchors] },
                {},
            ),
            { code: 'USAGE' },
        );
        await assert.rejects(Machine.open(yaopai, 'holder', { ...shower, anchors: [] }, {}), {
            code: 'UNTRUSTED',
        });
        const changed = now.bundle.slice();
        changed[changed.length >> 1] ^= 1;
        await assert.rejects(
            Machine.open(yaopai, 'holder', { ...now, bundle: changed }, {}),
            YaopaiError,
        );

        const verdict = await atGate(async (challenge) => (await showAt(challenge)).letters, {
            trust: now,
        });
        assert.equal(verdict.verdict, 'reject');
        assert.equal(verdict.documents[0].state, 'revoked');
    });

    await test('never traps, whichever answer is spoiled in whichever way', async () => {
        let reached = 0;
        for (const way of Object.keys(WAYS)) {
            for (let at = 1; at <= 6; at++)
                for (const kind of ['card_show', 'card_check']) {
                    const run = await spoiled(kind, at, way, () =>
                        atGate(async (challenge) => (await showAt(challenge, card())).letters),
                    );
                    reached += run.reached;
                    const scannedAgain = kind === 'card_check' && at === 4 && way === 'absent';
                    assert.ok(
                        run.value?.verdict !== 'accept' ||
                            !run.changed ||
                            ['unlucky', 'backwards'].includes(way) ||
                            scannedAgain,
                        `${kind} ${at} ${way}`,
                    );
                }
            for (let at = 1; at <= 8; at += 2)
                for (const kind of ['holder', 'reader'])
                    reached += (await spoiled(kind, at, way, () => meet({ ways: pipe() }))).reached;
        }
        assert.ok(reached > 150, `${reached}`);
    });

    await test('refuses with SPACE what its memory does not hold', async () => {
        const ended = new Set();
        for (let memory = 1 << 20; memory <= 24 << 20; memory += 1 << 20) {
            const little = new Yaopai(yaopai.module, memory);
            const end = await Machine.open(little, 'card_check', gates, { profile: 'hotel' }).then(
                (machine) => machine.step({ event: 'start' }).do,
                (error) => error.code,
            );
            ended.add(end);
        }
        assert.deepEqual([...ended], ['SPACE', 'scan']);
    });

    await test('gives an error for options that are none', async () => {
        const place = [
            [[1, 2, 3], 'MALFORMED'],
            [['1', 2], 'MALFORMED'],
            [[-1, 5], 'USAGE'],
            [[2 ** 31, 5], 'USAGE'],
            [[0, 2 ** 31], 'USAGE'],
            [{}, 'MALFORMED'],
            ['x', 'MALFORMED'],
        ];
        for (const [issued, code] of place)
            await assert.rejects(Machine.open(yaopai, 'card_show', gates, { issued }), { code });
        for (const options of [
            {},
            { link: '' },
            { link: 7 },
            { held: {} },
            { held: [7] },
            { held: [{ format: 'x' }] },
            { link: 'x', data: 'y' },
        ])
            await assert.rejects(Machine.open(yaopai, 'present', gates, options), YaopaiError);
        for (const options of [
            {},
            { offer: 'x' },
            { offer: 'x', client_id: 'c', session_key: new Uint8Array(65) },
            { offer: 'x', client_id: 'c', session_key: new Uint8Array(64).fill(4) },
            { copies: -1 },
            { ids: 'x' },
        ])
            await assert.rejects(Machine.open(yaopai, 'receive', gates, options), YaopaiError);
        for (const options of [
            { first_wait: -1 },
            { mailbox: 'ftp://x', to_holder: '%' },
            { mailbox: 3 },
        ])
            await assert.rejects(
                Machine.open(yaopai, 'holder', gates, options)
                    .then((m) =>
                        m.run({
                            make_key: async () => ({
                                event: 'key',
                                key: (await makeKey('ECDH')).point,
                            }),
                        }),
                    )
                    .then((end) => {
                        throw new YaopaiError(end.status, end.name, 'run');
                    }),
                YaopaiError,
            );
        for (const options of [
            {},
            { letters: 'mdoc:' },
            { letters: 'mdoc:AAAA' },
            { letters: 'http://x' },
        ])
            await assert.rejects(Machine.open(yaopai, 'reader', gates, options), YaopaiError);
        await assert.rejects(Machine.open(yaopai, 'card_check', gates, { profile: 'nothing' }), {
            code: 'NOT_FOUND',
        });
        await assert.rejects(Machine.open(yaopai, 'nothing', gates, {}), { code: 'USAGE' });
        await assert.rejects(
            Machine.open(
                yaopai,
                'card_check',
                { files: [['documents/x.json', new Uint8Array(3)]] },
                {},
            ),
            YaopaiError,
        );
    });

    await test('is of no use after its end', async () => {
        const machine = await Machine.open(yaopai, 'card_check', gates, { profile: 'hotel' });
        assert.equal(machine.step({ event: 'start' }).do, 'scan');
        const end = machine.step({ event: 'key' }); // which does not belong here
        assert.deepEqual([end.do, end.name], ['stop', 'USAGE']);
        assert.throws(() => machine.step({ event: 'tick' }), { code: 'USAGE' });
        machine.close();
        machine.close();
        assert.throws(() => machine.step({ event: 'tick' }), { code: 'USAGE' });
    });
}
