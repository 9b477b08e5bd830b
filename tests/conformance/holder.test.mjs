// SPDX-License-Identifier: Apache-2.0
// The wallet before a verifier: A8, D3, D4, D5, module by module of conformance
// 1.7. Where it must refuse, nothing is posted at all: that is D4.

import fs from 'node:fs';
import { MDOC, SDJWT, SHOP, browse, converse, makeHolder } from './asker.mjs';
import { b64, makeKey, now, random, spoil } from './jose.mjs';
import { judgeMdoc, judgeSdjwt } from './shown.mjs';
import { complete, has, is, row } from './tell.mjs';
import { at } from './world.mjs';

const world = makeHolder();
const to = (got) => ({
    clientId: got.payload.client_id,
    nonce: got.payload.nonce,
    uri: got.payload.response_uri,
    jwk: got.payload.response_mode === 'direct_post.jwt' ? got.jwk : undefined,
});

/** What it showed, each judged: {sd, md}. */
function shown(got) {
    is(got.code, 0, got.err);
    is(got.posts.length, 1);
    let { vp_token: token } = got.posts[0].said;
    if (typeof token === 'string') token = JSON.parse(token);
    const out = {};
    for (const [id, list] of Object.entries(token)) {
        is(list.length, 1);
        out[id] = id.startsWith('md') ? judgeMdoc(list[0], to(got)) : judgeSdjwt(list[0], to(got));
    }
    return out;
}
/** Refused locally: nothing was posted, and a person can read why. */
function silent(got) {
    has(got.code !== 0, 'it shows it');
    is(got.posts.length, 0, 'posts');
    has(/^yaopai: [^;]+: [^;]+; .+/.test(got.err), got.err);
}
const names = (one) => one.names.sort().join();

// ---- A8 ----

await row('A8', 'accepts a link without anybody before it, and says so in JSON', async () => {
    const got = await converse(world, { words: ['--json'] });
    shown(got);
    has(JSON.parse(got.out.trim().split('\n').at(-1)), got.out);
});
await row('A8', 'accepts a redirect_uri with a fragment, and opens all of it', async () => {
    const page = 'https://localhost:1/callback#response_code=n-0S6_WzA2Mj&x=1';
    fs.writeFileSync(at('browser'), `#!/bin/sh\nprintf '%s' "$1" >${at('opened')}\n`, {
        mode: 0o755,
    });
    const got = await converse(world, {
        answer: { redirect_uri: page },
        words: ['--open', at('browser')],
    });
    shown(got);
    is(fs.readFileSync(at('opened'), 'utf8'), page);
});
await row('A8', 'refuses with an exit code and a text', async () =>
    silent(await converse(world, { signer: world.stranger })),
);

// ---- D3: what it shows ----

for (const credentials of [[SDJWT], [MDOC], [SDJWT, MDOC]]) {
    const kinds = credentials.map((one) => one.format).join(' and ');
    await row('D3', `accepts a request for ${kinds} and shows no more`, async () => {
        const out = shown(await converse(world, { credentials }));
        is(Object.keys(out).length, credentials.length);
        if (out.sd) is(names(out.sd), 'birthdate,name');
        if (out.md) is(names(out.md), 'birth_date,full_name');
    });
    await row('D3', `accepts fewer claims of ${kinds} than there are`, async () => {
        const out = shown(
            await converse(world, {
                credentials: credentials.map((one) => ({ ...one, claims: one.claims.slice(0, 1) })),
            }),
        );
        if (out.sd) is(names(out.sd), 'name');
        if (out.md) is(names(out.md), 'full_name');
    });
}
await row('D3', 'accepts a query without claims: nothing is disclosed', async () => {
    const { claims, ...rest } = SDJWT;
    is(names(shown(await converse(world, { credentials: [rest] })).sd), '');
});
await row('D3', 'accepts an optional set that it has nothing for', async () => {
    const other = { ...SDJWT, id: 'other', claims: [{ path: ['name'], values: ['nobody'] }] };
    const out = shown(
        await converse(world, {
            query: {
                credentials: [SDJWT, other],
                credential_sets: [{ options: [['sd']] }, { options: [['other']], required: false }],
            },
        }),
    );
    is(Object.keys(out).join(), 'sd');
});
await row('D3', 'refuses an optional set that its party did not register', async () => {
    const other = { ...SDJWT, id: 'other', meta: { vct_values: ['urn:example:none:1'] } };
    silent(
        await converse(world, {
            query: {
                credentials: [SDJWT, other],
                credential_sets: [{ options: [['sd']] }, { options: [['other']], required: false }],
            },
        }),
    );
});
await row('D3', 'accepts keys among others that it cannot use', async () => {
    const useless = [
        { kty: 'XYZ', kid: 'a', use: 'enc', alg: 'ECDH-ES' },
        { kty: 'OKP', crv: 'X448', x: random(56), kid: 'b', use: 'enc' },
        { kty: 'RSA', n: random(256), e: 'AQAB', kid: 'c', alg: 'RSA-OAEP', use: 'enc' },
    ];
    const got = await converse(world, { keys: (own) => [...useless, own] });
    shown(got);
    is(got.posts[0].jwe.kid, got.jwk.kid);
});
await row('D3', 'accepts each way to encrypt, nothing of a JWT is in it', async () => {
    for (const enc of ['A128GCM', 'A256GCM']) {
        const got = await converse(world, { enc: [enc] });
        shown(got);
        const [{ jwe, said, form }] = got.posts;
        is(jwe.enc, enc);
        is(jwe.alg, 'ECDH-ES');
        is(jwe.kid, got.jwk.kid);
        is(Object.keys(form).join(), 'response');
        is(Object.keys(said).sort().join(), 'state,vp_token');
    }
});
await row('D3', 'gives back the state, and none where there was none', async () => {
    const got = await converse(world);
    is(got.posts[0].said.state, got.payload.state);
    const none = await converse(world, { payload: { state: undefined } });
    shown(none);
    has(!('state' in none.posts[0].said));
});
await row('D3', 'accepts an iss in the request, which says nothing', async () =>
    shown(await converse(world, { payload: { iss: 'https://somebody.example' } })),
);
await row('D3', 'accepts parameters that it does not know', async () =>
    shown(await converse(world, { payload: { x_random: random() } })),
);
await row('D3', 'accepts request_uri_method=post, and sends a nonce', async () => {
    const got = await converse(world, { post: true });
    shown(got);
    const [{ method, form }] = got.fetches;
    is(method, 'POST');
    has(form.wallet_nonce.length >= 22 && JSON.parse(form.wallet_metadata).vp_formats_supported);
});
await row('D3', 'accepts direct_post where the person says so', async () =>
    shown(await converse(world, { mode: 'direct_post', words: ['--unencrypted'] })),
);

// ---- D3, D4: what it refuses, without a word to anybody ----

for (const [name, how] of [
    ['a request object with a bad signature', { change: spoil }],
    ['another client_id outside than inside', { clientId: `x509_hash:${random(32)}` }],
    [
        'another client_id inside than outside',
        { payload: { client_id: `x509_hash:${random(32)}` } },
    ],
    [
        'the hash of another certificate on both sides',
        { clientId: 'x509_hash:AAAA', payload: { client_id: 'x509_hash:AAAA' } },
    ],
    ['a redirect_uri with direct_post', { payload: { redirect_uri: 'https://localhost:1/x' } }],
    ['a request without a nonce', { payload: { nonce: undefined } }],
    ['a nonce that is empty', { payload: { nonce: '' } }],
    [
        'a prefix that nobody knows',
        { clientId: 'wrong_prefix:x', payload: { client_id: 'wrong_prefix:x' } },
    ],
    ['a client_id without a prefix', { clientId: 'verifier', payload: { client_id: 'verifier' } }],
    [
        'transaction_data of a kind that nobody knows',
        {
            payload: {
                transaction_data: [
                    b64(JSON.stringify({ type: 'urn:example:unknown', credential_ids: ['sd'] })),
                ],
            },
        },
    ],
    ['another typ', { header: { typ: 'JWT' } }],
    ['a request that nobody signed', { header: { alg: 'none' } }],
    ['a chain with a root that it does not know', { signer: world.stranger }],
    ['no chain', { header: { x5c: undefined } }],
    ['another audience', { payload: { aud: 'https://x.example' } }],
    ['a request that is over', { payload: { iat: now() - 900, exp: now() - 600 } }],
    ['an address without TLS', { payload: { response_uri: 'http://verifier.example/response' } }],
    ['no response_uri', { payload: { response_uri: undefined } }],
    ['a response_mode that it does not know', { payload: { response_mode: 'fragment' } }],
    ['direct_post unasked', { mode: 'direct_post' }],
    ['keys none of which it can use', { keys: () => [{ kty: 'XYZ', kid: 'a', use: 'enc' }] }],
    ['ways to encrypt none of which it can', { enc: ['A192CBC-HS384'] }],
    ['a scope instead of a query', { payload: { dcql_query: undefined, scope: 'pid' } }],
    [
        'a presentation_definition',
        { payload: { dcql_query: undefined, presentation_definition: { id: 'x' } } },
    ],
    ['a query that is none', { query: { credentials: [] } }],
    ['a wallet_nonce that is not its own', { post: true, payload: { wallet_nonce: random() } }],
])
    for (const id of ['D3', 'D4'])
        if (id === 'D3' || how.change || how.clientId || how.signer)
            await row(id, `refuses ${name}${id === 'D4' ? ', and posts nothing' : ''}`, async () =>
                silent(await converse(world, how)),
            );
await row('D4', 'accepts to say access_denied where it has nothing that fits', async () => {
    const got = await converse(world, {
        credentials: [{ ...SDJWT, claims: [{ path: ['name'], values: ['SPECIMEN nobody'] }] }],
    });
    has(got.code !== 0);
    is(got.posts.length, 1);
    is(got.posts[0].said.error, 'access_denied');
    is(got.posts[0].said.state, got.payload.state);
    is(got.posts[0].said.vp_token, undefined);
});

// ---- D3, D4 by a page ----

const page = (got) => ({
    clientId: `origin:${SHOP}`,
    origin: SHOP,
    nonce: got.payload.nonce,
    jwk: got.jwk,
});
for (const [format, query, judge] of [
    ['dc+sd-jwt', SDJWT, judgeSdjwt],
    ['mso_mdoc', MDOC, judgeMdoc],
])
    await row('D3', `accepts a page that asks for ${format}`, async () => {
        const got = await browse(world, { credentials: [query] });
        is(got.code, 0, got.err);
        is(got.answer.protocol, 'openid4vp-v1-signed');
        judge(got.answer.said.vp_token[query.id][0], page(got));
    });
for (const [name, how] of [
    ['a page that was not expected', { from: 'https://x.example' }],
    ['other expected_origins', { payload: { expected_origins: ['https://x.example'] } }],
    ['no expected_origins', { payload: { expected_origins: undefined } }],
    ['a bad signature', { change: spoil }],
    ['no nonce', { payload: { nonce: undefined } }],
    ['a page for which nobody signed', { unsigned: true }],
    ['a protocol that it does not know', { protocol: 'openid4vp-v1-multisigned' }],
])
    await row('D4', `refuses ${name} by a page, and gives the browser nothing`, async () => {
        const got = await browse(world, how);
        has(got.code !== 0, 'it shows it');
        is(got.answer, undefined);
    });

// ---- the host's name ----

const NAME = 'x509_san_dns:localhost';
const DNS = { clientId: NAME, payload: { client_id: NAME } };
await row('D3', 'accepts a party by the host that its certificate names', async () =>
    shown(await converse(world, DNS)),
);
for (const [name, how] of [
    [
        'a host that it does not name',
        { clientId: 'x509_san_dns:x.example', payload: { client_id: 'x509_san_dns:x.example' } },
    ],
    [
        'an address of another host',
        { ...DNS, payload: { ...DNS.payload, response_uri: 'https://x.example/response' } },
    ],
])
    await row('D4', `refuses ${name}, and posts nothing`, async () =>
        silent(await converse(world, how)),
    );

// ---- D5 ----

await row('D5', 'gives a KB-JWT of now, for the whole client_id', async () => {
    const got = await converse(world),
        { kb } = shown(got).sd;
    is(kb.header.typ, 'kb+jwt');
    is(kb.header.alg, 'ES256');
    has(Math.abs(kb.payload.iat - now()) < 300, String(kb.payload.iat));
    is(kb.payload.aud, world.clientId);
    is(Object.keys(kb.payload).sort().join(), 'aud,iat,nonce,sd_hash');
});
await row('D5', 'gives an mdoc signed for this session, with no items of the device', async () => {
    const got = await converse(world, { credentials: [MDOC] }),
        { md } = shown(got);
    is(md.docType, MDOC.meta.doctype_value);
    is(md.deviceItems.size, 0);
});
await row('D5', 'never shows it for another session', async () => {
    const got = await converse(world, { credentials: [MDOC] });
    shown(got);
    for (const wrong of [
        { nonce: random() },
        { clientId: 'x' },
        { uri: 'https://x.example' },
        { jwk: makeKey().pub },
    ]) {
        let good = true;
        try {
            judgeMdoc(got.posts[0].said.vp_token.md[0], { ...to(got), ...wrong });
        } catch {
            good = false;
        }
        is(good, false, Object.keys(wrong)[0]);
    }
});
await row('D5', 'never shows one copy to two', async () => {
    const keys = new Set();
    for (let i = 0; i < 3; i++) keys.add(shown(await converse(world)).sd.payload.cnf.jwk.x);
    is(keys.size, 3);
});

complete(['A8', 'D3', 'D4', 'D5']);
process.exit(process.exitCode);
