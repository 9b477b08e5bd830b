// SPDX-License-Identifier: Apache-2.0
// A wallet of other people's libraries gets documents from our authority and
// shows them to our desk: both formats, encrypted and in clear. What it sends
// in bad faith is refused there, each time for one reason alone.

import crypto from 'node:crypto';
import { serveDesk } from './desk.context.mjs';
import { Wallet } from './desk.wallet.mjs';
import { at, refuses, test } from './support.mjs';
import { serve } from './vci.context.mjs';
import { holder } from './vci.wallet.mjs';

globalThis.crypto ??= crypto.webcrypto; // Node 18
const who = 'a foreign wallet at our desk: ';
const authority = await serve({ 'vci.batch': 10 });
const { redeem, retrieve } = holder(authority);

async function receive(id, format, count) {
    const got = await retrieve(await redeem({ configurations: [id] }), id, count);
    return got.response.credentials.map(({ credential }) => ({
        format,
        encoded: credential,
        key: keyFor(credential, format, got.keys),
    }));
}
function keyFor(encoded, format, keys) {
    const bytes =
        format === 'mso_mdoc'
            ? Buffer.from(encoded, 'base64url')
            : Buffer.from(encoded.split('.')[1], 'base64url');
    return keys.find(({ publicJwk: { x } }) =>
        bytes.includes(format === 'mso_mdoc' ? Buffer.from(x, 'base64url') : x),
    );
}

const held = {};
let desk;
await test(`${who}it receives both formats`, async () => {
    held['dc+sd-jwt'] = await receive('resident_id_sdjwt', 'dc+sd-jwt', 4);
    held.mso_mdoc = await receive('resident_id_mdoc', 'mso_mdoc', 4);
    desk = await serveDesk(at('authority'));
});

// ---- what is accepted ----

/** A wallet that holds a copy in each of FORMATS. */
const makeWallet = (formats, enc) =>
    new Wallet(
        desk.root,
        formats.map((format) => held[format][0]),
        enc,
    );

/** From a session at the desk to what became of it. */
async function shown(
    formats,
    { wish = { profile: 'hotel' }, enc, bend, state, change, walletNonce } = {},
) {
    const wallet = makeWallet(formats, enc);
    const session = await desk.ask({ device: 'cross', ...wish });
    const request = await wallet.read(session.qr, { walletNonce });
    const token = await wallet.show(request, bend);
    const said = await wallet.answer(
        request,
        change ? change(token) : token,
        state ? { state } : {},
    );
    return { ...said, wallet, request, session, ...(await desk.result(session.id)) };
}

function accepted(got, count = 1) {
    if (got.status !== 200 || !got.body.redirect_uri || got.state !== 'done')
        throw new Error(`${got.status} ${JSON.stringify(got.body)} ${got.state} ${desk.why()}`);
    const { verdict, presentations } = got.result;
    if (verdict !== 'accept' || presentations.filter((p) => p.used).length !== count)
        throw new Error(JSON.stringify(got.result).slice(0, 2000));
}

const asked = (got) => got.request.authorizationRequestPayload;

const NAMES = { 'dc+sd-jwt': 'SD-JWT', mso_mdoc: 'mdoc' };
const FORMATS = Object.keys(NAMES);
const BOTH = {
    profile: 'hotel',
    query: {
        credentials: [
            {
                id: 'a',
                format: 'dc+sd-jwt',
                meta: { vct_values: ['urn:yaopai:resident_id:1'] },
                claims: [{ path: ['name'] }, { path: ['address', 'formatted'] }],
            },
            {
                id: 'b',
                format: 'mso_mdoc',
                meta: { doctype_value: 'org.iso.23220.photoid.1' },
                claims: [{ path: ['org.iso.23220.1', 'sex'] }],
            },
        ],
    },
};

for (const format of FORMATS)
    for (const enc of ['A128GCM', 'A256GCM'])
        await test(`${who}we accept its ${NAMES[format]} under ${enc}`, async () =>
            accepted(await shown([format], { enc })));
for (const enc of ['A128GCM', 'A256GCM'])
    await test(`${who}we accept both in one answer under ${enc}`, async () =>
        accepted(await shown(FORMATS, { enc, wish: BOTH }), 2));
for (const format of FORMATS) {
    await test(`${who}we accept its ${NAMES[format]} in clear, where we asked so`, async () => {
        const got = await shown([format], { wish: { profile: 'hotel', plain: true } });
        accepted(got);
        if (asked(got).response_mode !== 'direct_post' || asked(got).client_metadata.jwks)
            throw new Error(JSON.stringify(asked(got)));
    });
    await test(`${who}it finds its nonce in our request, we accept its ${NAMES[format]}`, async () => {
        const got = await shown([format], { walletNonce: 'n-0S6_WzA2Mj-9f8Kq' });
        accepted(got);
        if (asked(got).wallet_nonce !== 'n-0S6_WzA2Mj-9f8Kq')
            throw new Error(JSON.stringify(asked(got)));
    });
    await test(`${who}we see of its ${NAMES[format]} what it shows, and its values`, async () => {
        const got = await shown([format]),
            [one] = got.result.presentations;
        const values = JSON.stringify(one);
        if (!values.includes(authority.number) || !/SPECIMEN/.test(values))
            throw new Error(values.slice(0, 2000));
    });
}

// ---- what is refused ----

const swap = (bytes, from, to) => {
    const place = bytes.indexOf(from);
    if (place < 0) throw new Error('it is not there');
    return Buffer.concat([
        bytes.subarray(0, place),
        Buffer.from(to),
        bytes.subarray(place + Buffer.from(from).length),
    ]);
};
/** The number of another person in it. */
const another = () => authority.number.replace(/^../, (two) => (two === '99' ? '98' : '99'));
const inResponse = (change) => (token) =>
    Object.fromEntries(
        Object.entries(token).map(([id, [shown]]) => [
            id,
            [change(Buffer.from(shown, 'base64url')).toString('base64url')],
        ]),
    );
const inToken = (change) => (token) =>
    Object.fromEntries(
        Object.entries(token).map(([id, [shown]]) => [id, [change(shown.split('~')).join('~')]]),
    );

const WRONG = {
    'dc+sd-jwt': [
        ['for another nonce', 'MISMATCH', { bend: { nonce: 'n-0S6_WzA2Mj' } }],
        ['for another audience', 'MISMATCH', { bend: { audience: 'x509_hash:AAAA' } }],
        ['by another key', 'BAD_SIGNATURE', { bend: { key: true } }],
        ['of last year', 'EXPIRED', { bend: { later: -365 * 86400 } }],
        ['of next year', 'NOT_YET_VALID', { bend: { later: 365 * 86400 } }],
        [
            'with a changed disclosure',
            'UNREFERENCED',
            { bend: { disclose: ([salt, name]) => [salt, name, 'x'] } },
        ],
        [
            'with a disclosure under another name',
            'UNREFERENCED',
            { bend: { disclose: ([salt, , value]) => [salt, 'nickname', value] } },
        ],
        [
            'with its disclosures in another order than was signed',
            'BAD_DIGEST',
            { change: inToken(([token, a, b, ...rest]) => [token, b, a, ...rest]) },
        ],
        [
            'without its holder',
            'MISSING',
            { change: inToken((parts) => [...parts.slice(0, -1), '']) },
        ],
    ],
    mso_mdoc: [
        ['for another nonce', 'BAD_SIGNATURE', { bend: { nonce: 'n-0S6_WzA2Mj' } }],
        ['for another audience', 'BAD_SIGNATURE', { bend: { audience: 'x509_hash:AAAA' } }],
        ['for another address', 'BAD_SIGNATURE', { bend: { uri: 'https://x.example/response' } }],
        [
            'for another key of encryption',
            'BAD_SIGNATURE',
            { bend: { thumbprint: crypto.randomBytes(32) } },
        ],
        ['by another key', 'BAD_SIGNATURE', { bend: { key: true } }],
        [
            'with a changed element',
            'BAD_DIGEST',
            {
                change: inResponse((bytes) => swap(bytes, authority.number, another())),
            },
        ],
        [
            'as another type of document',
            'MISMATCH',
            {
                change: inResponse((bytes) =>
                    swap(bytes, 'org.iso.23220.photoid.1', 'org.iso.23220.photoid.2'),
                ),
            },
        ],
    ],
};

for (const format of FORMATS)
    for (const [what, why, how] of WRONG[format])
        await test(`${who}we refuse its ${NAMES[format]} ${what}`, async () => {
            const got = await shown([format], how);
            if (got.status !== 400 || got.body.error !== 'invalid_request' || got.state !== 'open')
                throw new Error(`${got.status} ${JSON.stringify(got.body)} ${got.state}`);
            if (desk.why() !== why) throw new Error(`${desk.why()}, not ${why}`);
            // and nothing was spent by it
            const { wallet, request, session } = got;
            const good = await wallet.answer(request, await wallet.show(request));
            accepted({ ...good, ...(await desk.result(session.id)) });
        });
for (const format of FORMATS) {
    await test(`${who}we refuse its ${NAMES[format]} with another state`, async () => {
        const got = await shown([format], { state: 'n-0S6_WzA2Mj' });
        if (got.status !== 400 || got.state !== 'open')
            throw new Error(`${got.status} ${got.state}`);
    });
    await test(`${who}we refuse its ${NAMES[format]} a second time`, async () => {
        const got = await shown([format]);
        accepted(got);
        const { wallet, request } = got;
        const again = await wallet.answer(request, await wallet.show(request));
        if (again.status !== 400) throw new Error(String(again.status));
    });
}

// ---- pages: the browser's Digital Credentials API ----

const SHOP = 'https://shop.example';
const PROTOCOLS = ['openid4vp-v1-signed', 'openid4vp-v1-unsigned'];
async function byPage(formats, protocol, { bend = {}, enc, from = SHOP, wish = {} } = {}) {
    const wallet = makeWallet(formats, enc);
    const { id, requests } = await desk.ask({
        profile: 'hotel',
        ...wish,
        dc_api: { origins: [SHOP], protocols: [protocol] },
    });
    if (requests.length !== 1 || requests[0].protocol !== protocol)
        throw new Error(JSON.stringify(requests));
    const request = await wallet.readPage(requests[0], SHOP);
    const token = await wallet.show(request, { page: SHOP, ...bend });
    const data = await wallet.answerPage(request, token, SHOP);
    const said = await desk.answer(id, { protocol, data, origin: from });
    return { ...said, request, wallet, requests, ...(await desk.result(id)) };
}
function acceptedPage(got, count = 1) {
    if (
        got.status !== 200 ||
        got.state !== 'done' ||
        got.result.verdict !== 'accept' ||
        got.result.presentations.filter((p) => p.used).length !== count
    )
        throw new Error(`${JSON.stringify(got.json).slice(0, 1000)} ${desk.why()}`);
}
for (const protocol of PROTOCOLS) {
    for (const format of FORMATS)
        for (const enc of ['A128GCM', 'A256GCM'])
            await test(`${who}we accept its ${NAMES[format]} by a page (${protocol}, ${enc})`, async () =>
                acceptedPage(await byPage([format], protocol, { enc })));
    await test(`${who}we accept both by a page (${protocol})`, async () =>
        acceptedPage(await byPage(FORMATS, protocol, { wish: BOTH }), 2));
    for (const format of FORMATS)
        for (const [what, how] of [
            [
                'for another page',
                {
                    bend:
                        format === 'mso_mdoc'
                            ? { origin: 'https://x.example' }
                            : { audience: 'origin:https://x.example' },
                },
            ],
            ['that another page hands over', { from: 'https://x.example' }],
            ['for another nonce', { bend: { nonce: 'n-0S6_WzA2Mj' } }],
            ['by another key', { bend: { key: true } }],
        ])
            await test(`${who}we refuse its ${NAMES[format]} ${what} (${protocol})`, async () => {
                const got = await byPage([format], protocol, how);
                if (got.status !== 400 || got.state !== 'open')
                    throw new Error(`${got.status} ${got.state}`);
            });
}
await test(`${who}it refuses our signed request on another page`, async () => {
    const { requests } = await desk.ask({
        profile: 'hotel',
        dc_api: { origins: [SHOP], protocols: [PROTOCOLS[0]] },
    });
    const wallet = new Wallet(desk.root, held.mso_mdoc.slice(0, 1));
    await refuses(wallet.readPage(requests[0], 'https://x.example'));
});

// ---- transactions ----

const PAY = {
    profile: 'hotel',
    transaction_data: [
        { type: 'urn:yaopai:payment:1', payee: 'SPECIMEN', amount: '12.00', currency: 'CNY' },
    ],
};
await test(`${who}it agrees to a payment, and we accept that`, async () => {
    const got = await shown(['dc+sd-jwt'], { wish: PAY });
    accepted(got);
    const [{ transactionData: said }] = got.request.transactionData;
    if (said.payee !== 'SPECIMEN' || JSON.stringify(got.result.presentations[0].agreed) !== '[0]')
        throw new Error(JSON.stringify([said, got.result.presentations[0].agreed]));
});
for (const [what, hashes] of [
    ['without its word', []],
    ['with the hash of another', ['A'.repeat(43)]],
])
    await test(`${who}we refuse it ${what} to a payment`, async () => {
        const got = await shown(['dc+sd-jwt'], { wish: PAY, bend: { hashes } });
        if (got.status !== 400 || got.state !== 'open')
            throw new Error(`${got.status} ${got.state}`);
    });

desk?.stop();
authority.stop();
