// SPDX-License-Identifier: Apache-2.0
// The verifier: A7, C1 to C8. The suite's mock wallet as conformance 1.5 has it:
// documents of an issuer of its own (urn:eudi:pid:1 below a test root), and an
// mdoc whose signer is self-signed and a CA.

import fs from 'node:fs';
import {
    b64,
    checkChain,
    checkJws,
    encrypt,
    makeKey,
    now,
    random,
    readJws,
    sha256,
    un64,
} from './jose.mjs';
import { makeDesk, send } from './desk.mjs';
import { MDL, SPACE, issueMdoc, issueSdjwt, show } from './shown.mjs';
import { complete, gives, has, is, row } from './tell.mjs';
import { at, makeLeaf, makeRoot, makeWorld, write } from './world.mjs';

const world = await makeWorld();
const own = makeRoot('suite-root', 'iaca');
const signer = makeLeaf('suite-signer', 'suite-root', 'signer');
const pinned = makeRoot('certification.openid.net', 'root');
const stranger = (makeRoot('other-root', 'iaca'), makeLeaf('other-signer', 'other-root', 'signer'));
write('issuers.pem', [own, pinned].map((one) => fs.readFileSync(one.pemFile)).join(''));
const desk = await makeDesk(world, {
    'trust.issuers': at('issuers.pem'),
    'desk.plain_answers': 'yes',
});

// ---- the suite's wallet ----

const PID = {
    given_name: 'SPECIMEN',
    family_name: 'Muster',
    birthdate: '1990-02-28',
    nationalities: ['DE'],
    place_of_birth: { locality: 'Utopia' },
};
const LICENCE = { family_name: 'Muster', given_name: 'SPECIMEN', document_number: 'X-1' };
const COPIES = {
    'dc+sd-jwt': () => issueSdjwt(signer, PID),
    mso_mdoc: () => issueMdoc(pinned, LICENCE),
};
const QUERIES = {
    'dc+sd-jwt': {
        id: 'pid',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:eudi:pid:1'] },
        claims: [{ path: ['given_name'] }, { path: ['family_name'] }],
    },
    mso_mdoc: {
        id: 'mdl',
        format: 'mso_mdoc',
        meta: { doctype_value: MDL },
        claims: [{ path: [SPACE, 'given_name'] }, { path: [SPACE, 'family_name'] }],
    },
};
const FORMATS = Object.keys(QUERIES),
    NAMES = ['given_name', 'family_name'];

/** A transaction as the driver starts it: {id, link, client_id, request_uri}. */
async function start(format, more = {}, verifier = desk) {
    const { status, json } = await verifier.api('POST', '/api/sessions', {
        profile: 'hotel',
        query: { credentials: [QUERIES[format]] },
        ...more,
    });
    is(status, 201, JSON.stringify(json));
    return {
        ...json,
        format,
        link: json.qr,
        verifier,
        ...Object.fromEntries(new URLSearchParams(json.qr.split('?')[1])),
    };
}
/** Fetch the request object; FORM: by POST. */
async function ask(session, form) {
    const answer = gives(await send(form ? 'POST' : 'GET', session.request_uri, form), 200);
    const { header, payload } = readJws(answer.text);
    return { answer, header, payload, token: answer.text };
}
const to = (payload) => ({
    clientId: payload.client_id,
    nonce: payload.nonce,
    uri: payload.response_uri,
    jwk: payload.client_metadata.jwks?.keys[0],
});
async function reply(payload, token, { enc = 'A256GCM', state = payload.state } = {}) {
    const body = { vp_token: token, state };
    if (payload.response_mode === 'direct_post')
        return send('POST', payload.response_uri, { vp_token: JSON.stringify(token), state });
    return send('POST', payload.response_uri, {
        response: encrypt(JSON.stringify(body), payload.client_metadata.jwks.keys[0], { enc }),
    });
}
/** From a session to the answer at response_uri: {answer, state, result}. */
async function present(
    format,
    { bend = {}, more, form, copy = COPIES[format](), enc, names = NAMES, verifier } = {},
) {
    const session = await start(format, more, verifier),
        { payload } = await ask(session, form);
    const token = { [QUERIES[format].id]: [show(copy, names, to(payload), bend)] };
    const answer = await reply(payload, token, { enc });
    const { json } = await session.verifier.api('GET', `/api/sessions/${session.id}`);
    return { answer, payload, session, ...json };
}
function accepted(got) {
    gives(got.answer, 200, fs.readFileSync(desk.log, 'utf8').split('\n').slice(-4).join('\n'));
    is(got.state, 'done');
    is(got.result.verdict, 'accept', JSON.stringify(got.result));
}
function refused(got) {
    has(got.answer.status >= 400 && got.answer.status < 500, `${got.answer.status}`);
    is(got.state, 'open');
}

// ---- A7 ----

await row('A7', 'gives the link as text for a query of one credential', async () => {
    const session = await start('dc+sd-jwt');
    has(session.link.startsWith('openid4vp://?'), session.link);
    has(session.client_id.startsWith('x509_hash:') && session.request_uri.startsWith('https://'));
});
for (const format of FORMATS) {
    await row(
        'A7',
        `accepts ${format} of the issuer that is configured, and says so in JSON`,
        async () => accepted(await present(format)),
    );
    await row('A7', `refuses ${format} of another issuer`, async () => {
        const copy =
            format === 'mso_mdoc' ? issueMdoc(stranger, LICENCE) : issueSdjwt(stranger, PID);
        refused(await present(format, { copy }));
    });
    await row('A7', `accepts ${format} by direct_post, where that is asked for`, async () => {
        const got = await present(format, { more: { plain: true } });
        accepted(got);
        is(got.payload.response_mode, 'direct_post');
    });
}
await row('A7', 'refuses an mdoc by a signer that is almost the pinned one', async () => {
    const almost = { ...makeRoot('almost', 'root'), priv: pinned.priv };
    refused(await present('mso_mdoc', { copy: issueMdoc(almost, LICENCE) }));
});
await row('A7', 'never believes other issuers where it is not for trying out', async () => {
    let started = true;
    await makeDesk(
        world,
        { 'trust.issuers': at('issuers.pem'), 'desk.demo': 'no' },
        'earnest',
    ).catch(() => {
        started = false;
    });
    is(started, false);
    const plain = await makeDesk(world, {}, 'plain');
    for (const format of FORMATS) refused(await present(format, { verifier: plain }));
});

// ---- C1 to C4: the request ----

await row('C1', 'gives a signed request object with the certificate below its root', async () => {
    const session = await start('dc+sd-jwt');
    const { answer, header, payload, token } = await ask(session);
    is(answer.headers['content-type'], 'application/oauth-authz-req+jwt');
    is(header.typ, 'oauth-authz-req+jwt');
    has(checkJws(token, checkChain(header.x5c, world.root('reader'))), 'the signature');
    is(payload.aud, 'https://self-issued.me/v2');
    is(payload.client_id, session.client_id);
    is(payload.response_type, 'vp_token');
    is(payload.response_mode, 'direct_post.jwt');
    for (const uri of [session.request_uri, payload.response_uri])
        has(uri.startsWith('https://') && !uri.includes('#'), uri);
});
await row('C1', 'never has a member of other ways to ask', async () => {
    const { payload } = await ask(await start('dc+sd-jwt'));
    for (const name of [
        'redirect_uri',
        'scope',
        'client_id_scheme',
        'presentation_definition',
        'presentation_definition_uri',
        'client_metadata_uri',
    ])
        is(payload[name], undefined, name);
});
await row('C2', 'gives x509_hash of the leaf, which is what the holder signs for', async () => {
    const { header, payload } = await ask(await start('dc+sd-jwt'));
    is(payload.client_id, `x509_hash:${b64(sha256(Buffer.from(header.x5c[0], 'base64')))}`);
    accepted(await present('dc+sd-jwt'));
});
for (const format of FORMATS)
    await row('C2', `refuses ${format} for the hash without its prefix`, async () => {
        const { payload } = await ask(await start(format));
        refused(
            await present(format, {
                bend: {
                    clientId: payload.client_id.replace('x509_hash:', ''),
                },
            }),
        );
    });
const dns = await makeDesk(
    world,
    { 'trust.issuers': at('issuers.pem'), 'desk.client_id': 'x509_san_dns' },
    'dns',
);
for (const format of FORMATS) {
    await row('C2', `accepts ${format} for its host's name, where it goes by that`, async () => {
        const got = await present(format, { verifier: dns });
        accepted(got);
        is(got.payload.client_id, 'x509_san_dns:localhost');
        is(new URL(got.payload.response_uri).hostname, 'localhost');
    });
    await row('C2', `refuses ${format} for the name without its prefix`, async () =>
        refused(await present(format, { verifier: dns, bend: { clientId: 'localhost' } })),
    );
}
await row('C3', 'gives a fresh nonce of 128 bits or more, and a state', async () => {
    const nonces = new Set(),
        states = new Set();
    for (let i = 0; i < 8; i++) {
        const { payload } = await ask(await start('dc+sd-jwt'));
        has(/^[A-Za-z0-9_-]{22,}$/.test(payload.nonce) && un64(payload.nonce).length >= 16);
        has(payload.state);
        nonces.add(payload.nonce);
        states.add(payload.state);
    }
    is(nonces.size, 8);
    is(states.size, 8);
});
await row('C3', 'refuses an answer under another state', async () => {
    const session = await start('dc+sd-jwt'),
        { payload } = await ask(session);
    const token = { pid: [show(COPIES['dc+sd-jwt'](), NAMES, to(payload))] };
    gives(await reply(payload, token, { state: random() }), 400);
    gives(await reply(payload, token), 200);
});
await row('C4', 'gives formats, and a new key for every request', async () => {
    const keys = new Set();
    for (const format of [...FORMATS, ...FORMATS]) {
        const {
            payload: { client_metadata: said },
        } = await ask(await start(format));
        const formats = said.vp_formats_supported;
        if (format === 'mso_mdoc')
            has(
                formats.mso_mdoc.issuerauth_alg_values.includes(-7) &&
                    formats.mso_mdoc.deviceauth_alg_values.includes(-7),
            );
        else
            has(
                formats[format]['sd-jwt_alg_values'].includes('ES256') &&
                    formats[format]['kb-jwt_alg_values'].includes('ES256'),
            );
        is(said.jwks.keys.length, 1);
        const [key] = said.jwks.keys;
        has(key.kid && key.kty === 'EC' && key.crv === 'P-256' && key.alg === 'ECDH-ES');
        is(key.use, 'enc');
        is(key.d, undefined);
        keys.add(key.x).add(key.kid);
        for (const enc of ['A128GCM', 'A256GCM'])
            has(said.encrypted_response_enc_values_supported.includes(enc), enc);
    }
    is(keys.size, 8);
});
await row('C4', 'accepts both ways to encrypt', async () => {
    for (const enc of ['A128GCM', 'A256GCM']) accepted(await present('dc+sd-jwt', { enc }));
});
await row('C4', 'never has the old names', async () => {
    const {
        payload: { client_metadata: said },
    } = await ask(await start('dc+sd-jwt'));
    for (const name of Object.keys(said))
        has(!/^authorization_/.test(name) && name !== 'vp_formats', name);
});
await row('C4', 'refuses what is encrypted to another request, or otherwise', async () => {
    const first = await ask(await start('dc+sd-jwt')),
        second = await ask(await start('dc+sd-jwt'));
    const token = { pid: [show(COPIES['dc+sd-jwt'](), NAMES, to(second.payload))] };
    const body = JSON.stringify({ vp_token: token, state: second.payload.state });
    const post = (jwk, how) =>
        send('POST', second.payload.response_uri, { response: encrypt(body, jwk, how) });
    const [right] = second.payload.client_metadata.jwks.keys;
    gives(await post(first.payload.client_metadata.jwks.keys[0]), 400);
    gives(await post(right, { enc: 'A192GCM' }), 400);
    gives(
        await send('POST', second.payload.response_uri, {
            vp_token: JSON.stringify(token),
            state: second.payload.state,
        }),
        400,
    );
    gives(await post(right), 200);
});

// ---- C5, C6: the answer ----

for (const [name, more] of [
    ['on another device', {}],
    ['where only a code is shown', { device: 'cross' }],
])
    await row('C5', `gives 200, JSON and a redirect_uri ${name}`, async () => {
        const got = await present('dc+sd-jwt', { more });
        accepted(got);
        is(got.answer.headers['content-type'], 'application/json');
        has(got.answer.json.redirect_uri.startsWith(`${desk.url}/`), got.answer.text);
    });
await row('C5', 'never gives one with a refusal', async () => {
    const got = await present('dc+sd-jwt', { bend: { nonce: random() } });
    refused(got);
    is(got.answer.headers['content-type'], 'application/json');
    is(got.answer.json.redirect_uri, undefined);
    is(got.answer.json.error, 'invalid_request');
});
for (const [format, name, bend] of [
    ['dc+sd-jwt', "with another key's KB-JWT", { key: makeKey() }],
    ['dc+sd-jwt', 'with another signature of the issuer', { issuer: true }],
    ['dc+sd-jwt', 'with another sd_hash', { sdHash: b64(sha256('x')) }],
    ['dc+sd-jwt', 'for another nonce', { nonce: random() }],
    ['dc+sd-jwt', 'for another audience', { clientId: 'x509_san_dns:x.example' }],
    ['dc+sd-jwt', 'of a year ago', { iat: now() - 365 * 86400 }],
    ['dc+sd-jwt', 'in a year', { iat: now() + 365 * 86400 }],
    ['dc+sd-jwt', 'of an hour ago', { iat: now() - 3600 }],
    ['mso_mdoc', 'with another session transcript', { nonce: random() }],
    ['mso_mdoc', 'for another response_uri', { uri: 'https://x.example/response' }],
    ['mso_mdoc', 'with another signature of the issuer', { issuer: true }],
    ['mso_mdoc', 'by another device', { key: makeKey() }],
])
    await row('C6', `refuses ${format} ${name} before it answers`, async () => {
        const got = await present(format, { bend });
        refused(got);
        is(got.answer.status, 400);
    });
await row('C6', 'accepts a clock that is a minute off', async () => {
    for (const off of [-50, 50]) accepted(await present('dc+sd-jwt', { bend: { later: off } }));
});

// ---- C7, C8 ----

await row('C7', 'gives the request again, and accepts the answer to it', async () => {
    const session = await start('dc+sd-jwt');
    const first = await ask(session),
        { payload } = await ask(session);
    is(payload.nonce, first.payload.nonce);
    is(payload.client_metadata.jwks.keys[0].x, first.payload.client_metadata.jwks.keys[0].x);
    const token = { pid: [show(COPIES['dc+sd-jwt'](), NAMES, to(payload))] };
    gives(await reply(payload, token), 200);
});
for (const format of FORMATS)
    await row('C7', `accepts ${format} by POST, its nonce stands in the request`, async () => {
        const got = await present(format, {
            form: { wallet_nonce: 'n-0S6_WzA2Mj', wallet_metadata: '{"vp_formats_supported":{}}' },
        });
        accepted(got);
        is(got.payload.wallet_nonce, 'n-0S6_WzA2Mj');
        is(got.session.request_uri_method, 'post');
    });
await row('C7', 'never has a wallet_nonce that nobody sent', async () => {
    const session = await start('dc+sd-jwt');
    is((await ask(session)).payload.wallet_nonce, undefined);
    is((await ask(session, { wallet_metadata: '{}' })).payload.wallet_nonce, undefined);
});
await row('C7', 'refuses to give the request once it is answered', async () => {
    const got = await present('dc+sd-jwt');
    gives(await send('GET', got.session.request_uri), 404);
});
await row('C8', 'accepts a cnf.jwk of kty, crv, x and y', async () => {
    const { kty, crv, x, y, ...priv } = makeKey().priv;
    const key = { pub: { kty, crv, x, y }, priv: { kty, crv, x, y, ...priv } };
    accepted(await present('dc+sd-jwt', { copy: issueSdjwt(signer, PID, { key }) }));
});
await row('C8', 'accepts a cnf.jwk that says more', async () => {
    const key = makeKey();
    accepted(
        await present('dc+sd-jwt', {
            copy: issueSdjwt(signer, PID, {
                key,
                cnf: {
                    ...key.pub,
                    kid: 'holder',
                    use: 'sig',
                    alg: 'ES256',
                },
            }),
        }),
    );
});
await row('C8', 'refuses a token without the key of its holder', async () =>
    refused(
        await present('dc+sd-jwt', {
            copy: issueSdjwt(signer, PID, {
                payload: { cnf: undefined },
            }),
        }),
    ),
);
await row('C8', 'gives a query with what is asked for, and nothing unreferenced', async () => {
    const {
        payload: { dcql_query: query },
    } = await ask(await start('dc+sd-jwt'));
    is(JSON.stringify(Object.keys(query)), '["credentials"]');
    const [one] = query.credentials;
    is(
        JSON.stringify(one.claims.map(({ path }) => path)),
        JSON.stringify([['given_name'], ['family_name']]),
    );
    for (const name of Object.keys(one))
        has(['id', 'format', 'meta', 'claims'].includes(name), name);
});
await row('C8', 'refuses an answer with less than it asked for', async () =>
    refused(await present('dc+sd-jwt', { names: ['given_name'] })),
);
await row('C8', 'never tells what nobody asked for', async () => {
    const got = await present('dc+sd-jwt', { names: [...NAMES, 'birthdate'] });
    accepted(got);
    has(
        JSON.stringify(got.result).includes('Muster') &&
            !JSON.stringify(got.result).includes('1990-02-28'),
        JSON.stringify(got.result),
    );
});

complete(['A7', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8']);
world.stop();
process.exit(process.exitCode);
