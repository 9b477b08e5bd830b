// SPDX-License-Identifier: Apache-2.0
// The credential issuer: A5, A6, B1, B8 to B20.

import zlib from 'node:zlib';
import {
    b64,
    cbor,
    checkChain,
    checkJws,
    checkSign1,
    decrypt,
    encrypt,
    makeKey,
    makeRsa,
    now,
    random,
    readJws,
    sha256,
    spoil,
    un64,
} from './jose.mjs';
import { complete, errs, gives, has, is, row } from './tell.mjs';
import { decide, makeOfficers } from './officers.mjs';
import { MDL, SDJWT, Wallet, ask } from './wallet.mjs';
import { makeWorld } from './world.mjs';

const world = await makeWorld({ 'vci.deferred_seconds': 1 });
const ISSUER = '/.well-known/openid-credential-issuer/issuer1';
const get = (path, headers) => ask(world, 'GET', `${world.origin}${path}`, { headers });
const metadata = (await get(ISSUER)).json;
const configurations = metadata.credential_configurations_supported;

/** A wallet with a token for ID. */
async function session(id = SDJWT, tweak) {
    const w = new Wallet(world);
    return { w, token: await w.login(tweak ?? { form: { scope: id } }) };
}
const details = (id) => ({
    form: {
        scope: undefined,
        authorization_details: JSON.stringify([
            { type: 'openid_credential', credential_configuration_id: id },
        ]),
    },
});
const only = (answer) => gives(answer, 200).json.credentials.map((one) => one.credential);

// ---- B1 ----

const TOP = [
    'credential_issuer',
    'authorization_servers',
    'credential_endpoint',
    'nonce_endpoint',
    'deferred_credential_endpoint',
    'notification_endpoint',
    'credential_request_encryption',
    'credential_response_encryption',
    'batch_credential_issuance',
    'display',
    'credential_configurations_supported',
];
const INNER = [
    'format',
    'scope',
    'credential_signing_alg_values_supported',
    'vct',
    'doctype',
    'cryptographic_binding_methods_supported',
    'proof_types_supported',
    'credential_metadata',
];
const locale = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;
await row('B1', 'gives JSON with the issuer and https endpoints', async () => {
    const answer = gives(await get(ISSUER), 200);
    is(answer.headers['content-type'], 'application/json');
    is(metadata.credential_issuer, world.url);
    for (const [name, value] of Object.entries(metadata))
        if (name.endsWith('_endpoint')) has(value.startsWith(`${world.url}/`), name);
    has(metadata.nonce_endpoint && metadata.credential_endpoint);
});
await row('B1', 'gives what each configuration needs', async () => {
    has(configurations[SDJWT] && configurations[MDL]);
    for (const [id, c] of Object.entries(configurations)) {
        has(c.scope, `${id} has no scope`);
        is(
            c.cryptographic_binding_methods_supported === undefined,
            c.proof_types_supported === undefined,
            id,
        );
        const wanted = c.format === 'mso_mdoc' ? -7 : 'ES256';
        is(c.credential_signing_alg_values_supported[0], wanted, id);
        has(c.format === 'mso_mdoc' ? c.doctype && !c.vct : c.vct && !c.doctype, id);
        for (const shown of c.credential_metadata.display)
            has(locale.test(shown.locale) && shown.name, id);
        for (const claim of c.credential_metadata.claims)
            has(Array.isArray(claim.path) && claim.path.length > 0, id);
    }
});
await row('B1', 'never has a member that is not in the standard', async () => {
    for (const name of Object.keys(metadata)) has(TOP.includes(name), name);
    for (const [id, c] of Object.entries(configurations)) {
        for (const name of Object.keys(c)) has(INNER.includes(name), `${id}: ${name}`);
        has(!('display' in c) && !('claims' in c), id);
        const locales = c.credential_metadata.display.map((one) => one.locale);
        is(new Set(locales).size, locales.length, id);
    }
});
await row('B1', 'accepts any Accept that takes JSON', async () => {
    for (const Accept of [
        'application/json',
        '*/*',
        'application/*;q=0.5',
        undefined,
        'text/html, application/json;q=0.9',
    ])
        is(gives(await get(ISSUER, { Accept }), 200).headers['content-type'], 'application/json');
});

// ---- A5 ----

const PRE = 'urn:ietf:params:oauth:grant-type:pre-authorized_code';
const query = (link, name) => new URL(link).searchParams.get(name);
await row('A5', 'gives a pre-authorised offer, by value and by reference', async () => {
    const made = await world.offer({ configurations: [SDJWT] });
    const value = JSON.parse(query(made.link, 'credential_offer'));
    const address = query(made.reference, 'credential_offer_uri');
    has(address.startsWith(`${world.url}/offers/`));
    const answer = gives(await ask(world, 'GET', address), 200);
    is(answer.headers['content-type'], 'application/json');
    is(JSON.stringify(answer.json), JSON.stringify(value));
    is(value.credential_issuer, world.url);
    is(value.credential_configuration_ids.join(), SDJWT);
    has(value.grants[PRE]['pre-authorized_code'] && !value.grants[PRE].tx_code);
    const w = new Wallet(world);
    only((await w.fetch(gives(await w.offerToken(value), 200).json)).answer);
});
await row('A5', 'accepts an offer with a fixed transaction code', async () => {
    const { offer } = await world.offer({ configurations: [SDJWT], tx_code: '123456' });
    is(offer.grants[PRE].tx_code.length, 6);
    const w = new Wallet(world, 'suite-wallet-2');
    errs(await w.offerToken(offer, { tx_code: '123457' }), 'invalid_grant');
    only((await w.fetch(gives(await w.offerToken(offer, { tx_code: '123456' }), 200).json)).answer);
});
await row('A5', "refuses an offer's code twice, without its code, with one too many", async () => {
    const w = new Wallet(world),
        plain = (await world.offer({ configurations: [SDJWT] })).offer;
    errs(await w.offerToken(plain, { tx_code: '1234' }), 'invalid_request');
    gives(await w.offerToken(plain), 200);
    errs(await w.offerToken(plain), 'invalid_grant');
    const coded = (await world.offer({ configurations: [SDJWT], tx_code: '123456' })).offer;
    errs(await w.offerToken(coded), 'invalid_request');
});
await row('A5', 'accepts an issuer_state, of two offers and two clients', async () => {
    for (const id of ['suite-wallet-1', 'suite-wallet-2']) {
        const { offer } = await world.offer({
            configurations: [SDJWT],
            grant: 'authorization_code',
        });
        const state = offer.grants.authorization_code.issuer_state;
        const w = new Wallet(world, id),
            token = await w.login({ form: { issuer_state: state } });
        only((await w.fetch(token)).answer);
    }
});
await row('A5', 'refuses an issuer_state that nobody made', async () => {
    const form = { issuer_state: random(32) };
    errs(await new Wallet(world).par({ form }), 'invalid_request');
});
await row('A5', 'gives an offer by the command too', async () => {
    const { yaopai } = await import('./world.mjs');
    const made = JSON.parse(
        yaopai(
            [
                'document',
                'offer',
                '-C',
                world.folder,
                '--json',
                '--person',
                world.number,
                '--configuration',
                SDJWT,
                '--tx-code',
            ],
            '4321\n',
        ),
    );
    const w = new Wallet(world);
    gives(await w.offerToken(made.offer, { tx_code: '4321' }), 200);
});

// ---- B8 ----

await row('B8', 'gives a nonce that is not kept', async () => {
    const answer = gives(await ask(world, 'POST', metadata.nonce_endpoint), 200);
    is(answer.headers['content-type'], 'application/json');
    has(/no-store/.test(answer.headers['cache-control']));
    has(answer.json.c_nonce.length >= 22);
    const again = await ask(world, 'POST', metadata.nonce_endpoint);
    has(again.json.c_nonce !== answer.json.c_nonce, 'the same twice');
});
await row('B8', 'refuses GET', async () =>
    gives(await ask(world, 'GET', metadata.nonce_endpoint), 405),
);

// ---- B9 ----

await row('B9', 'accepts a configuration for a token of a scope', async () => {
    const { w, token } = await session();
    const { answer } = await w.fetch(token);
    is(only(answer).length, 1);
    is(answer.headers['content-type'], 'application/json');
    has(
        answer.headers.date &&
            Object.keys(answer.json).every((name) =>
                ['credentials', 'notification_id'].includes(name),
            ),
        answer.text.slice(0, 200),
    );
});
await row('B9', 'accepts an identifier for a token of authorization_details', async () => {
    const { w, token } = await session(SDJWT, details(SDJWT));
    has(token.authorization_details[0].credential_identifiers);
    only((await w.fetch(token)).answer);
});
await row('B9', 'accepts a key attestation, in a proof and as the proof', async () => {
    const { w, token } = await session();
    for (const make of [
        (nonce, keys) => ({ attestation: [w.keyAttestation(nonce, keys)] }),
        (nonce, keys) => ({
            jwt: [
                w.proof(nonce, keys[0], {
                    header: {
                        key_attestation: w.keyAttestation(nonce, [keys[0]]),
                    },
                }),
            ],
        }),
    ]) {
        const nonce = await w.nonce(),
            keys = [makeKey()];
        only(
            await w.send(token.access_token, {
                credential_configuration_id: SDJWT,
                proofs: make(nonce, keys),
            }),
        );
    }
});
await row('B9', 'accepts what it does not know, x-fapi headers, any Accept', async () => {
    const { w, token } = await session();
    for (const Accept of [
        'application/json',
        '*/*',
        'application/json, application/jwt',
        undefined,
    ]) {
        const { answer } = await w.fetch(token, SDJWT, 1, {
            more: { [random(4)]: { a: [1, null] } },
            headers: {
                Accept,
                'x-fapi-auth-date': 'Sun, 22 Nov 2026 12:00:00 GMT',
                'x-fapi-customer-ip-address': '198.51.100.119',
                'x-fapi-interaction-id': '93bac548-d2de-4546-b106-880a5018460d',
            },
        });
        only(answer);
        const echoed = answer.headers['x-fapi-interaction-id'];
        has(!echoed || echoed === '93bac548-d2de-4546-b106-880a5018460d');
    }
});
await row('B9', 'accepts the scheme in any case', async () => {
    const { w, token } = await session();
    for (const scheme of ['DPoP', 'dpop', 'DPOP', 'dPoP'])
        only((await w.fetch(token, SDJWT, 1, { scheme })).answer);
});
const denials = [
    ['Bearer with a proof', { scheme: 'Bearer' }],
    ['Bearer without', { scheme: 'Bearer', dpop: false }],
    ['no proof', { dpop: false }],
    ['no ath', { dpop: { payload: { ath: undefined } } }],
    ['another ath', { dpop: { payload: { ath: b64(sha256('x')) } } }],
    ['another key', { dpop: { signer: makeKey() } }],
    ['another method', { dpop: { payload: { htm: 'GET' } } }],
    ['another address', { dpop: { payload: { htu: `${world.url}/token` } } }],
    ['alg none', { dpop: { header: { alg: 'none' } } }],
    ['RS256', { dpop: { header: { alg: 'RS256' }, signer: makeRsa() } }],
    ['a private jwk', { dpop: ((k) => ({ header: { jwk: k.priv }, signer: k }))(makeKey()) }],
    ['typ JWT', { dpop: { header: { typ: 'JWT' } } }],
    ['iat an hour ago', { dpop: { payload: { iat: now() - 3600 } } }],
    ['iat in an hour', { dpop: { payload: { iat: now() + 3600 } } }],
    ['no authorization', { headers: { Authorization: undefined } }],
    ['another token', { headers: { Authorization: `DPoP ${random(32)}` } }],
];
for (const [name, more] of denials)
    await row('B5', `refuses ${name} at the credential endpoint`, async () => {
        const { w, token } = await session();
        const { answer } = await w.fetch(token, SDJWT, 1, more);
        has([400, 401].includes(answer.status) && !answer.json?.credentials, answer.text);
        has(answer.status === 400 || /^DPoP /.test(answer.headers['www-authenticate']));
    });
await row('B5', 'refuses two proofs, and one proof twice, at the credential endpoint', async () => {
    const { w, token } = await session(),
        url = `${world.url}/credential`;
    const DPoP = w.dpop('POST', url, { token: token.access_token });
    only((await w.fetch(token, SDJWT, 1, { headers: { DPoP } })).answer);
    for (const headers of [
        { DPoP },
        { DPoP: [0, 1].map(() => w.dpop('POST', url, { token: token.access_token })) },
    ]) {
        const { answer } = await w.fetch(token, SDJWT, 1, { headers });
        has([400, 401].includes(answer.status), answer.text);
    }
});
await row('B5', 'accepts clocks ten seconds off at the credential endpoint', async () => {
    const { w, token } = await session();
    for (const iat of [now() - 10, now() + 10])
        only(
            (
                await w.fetch(token, SDJWT, 1, {
                    dpop: { payload: { iat, nbf: iat, exp: iat + 99 } },
                })
            ).answer,
        );
});
await row('B9', 'refuses GET and a body that is none', async () => {
    const { w, token } = await session();
    gives(await ask(world, 'GET', `${world.url}/credential`), 405);
    errs(
        await w.send(token.access_token, '{"a"', {
            headers: { 'Content-Type': 'application/json' },
        }),
        'invalid_credential_request',
    );
});

// ---- B10 ----

const bad = [
    ['a nonce that is not ours', 'invalid_nonce', (w, k) => w.proof(random(), k)],
    ['no nonce', ['invalid_nonce', 'invalid_proof'], (w, k) => w.proof(undefined, k)],
    ['a bad signature', 'invalid_proof', (w, k, n) => spoil(w.proof(n, k))],
    ['another key in jwk', 'invalid_proof', (w, k, n) => w.proof(n, k, { signer: makeKey() })],
    ['a private jwk', 'invalid_proof', (w, k, n) => w.proof(n, k, { header: { jwk: k.priv } })],
    [
        'another audience',
        'invalid_proof',
        (w, k, n) => w.proof(n, k, { payload: { aud: 'https://b.example' } }),
    ],
    ['typ JWT', 'invalid_proof', (w, k, n) => w.proof(n, k, { header: { typ: 'JWT' } })],
    ['alg none', 'invalid_proof', (w, k, n) => w.proof(n, k, { header: { alg: 'none' } })],
    ['an old iat', 'invalid_proof', (w, k, n) => w.proof(n, k, { payload: { iat: now() - 7200 } })],
    ['no iat', 'invalid_proof', (w, k, n) => w.proof(n, k, { payload: { iat: undefined } })],
    ['what is no token', 'invalid_proof', () => 'abc'],
    [
        'a bad key attestation',
        'invalid_proof',
        (w, k, n) =>
            w.proof(n, k, {
                header: {
                    key_attestation: spoil(w.keyAttestation(n, [k])),
                },
            }),
    ],
    [
        'a key attestation of a stranger',
        'invalid_proof',
        (w, k, n) =>
            w.proof(n, k, {
                header: {
                    key_attestation: w.keyAttestation(n, [k], { signer: world.stranger }),
                },
            }),
    ],
    [
        'a key attestation of wallets only',
        'invalid_proof',
        (w, k, n) =>
            w.proof(n, k, {
                header: {
                    key_attestation: w.keyAttestation(n, [k], { signer: world.attester }),
                },
            }),
    ],
    [
        'a key attestation of another key',
        'invalid_proof',
        (w, k, n) =>
            w.proof(n, k, {
                header: {
                    key_attestation: w.keyAttestation(n, [makeKey()]),
                },
            }),
    ],
];
for (const [name, code, make] of bad)
    await row('B10', `refuses ${name} as ${[code].flat().join(' or ')}`, async () => {
        const { w, token } = await session(),
            nonce = await w.nonce(),
            key = makeKey();
        errs(
            await w.send(token.access_token, {
                credential_configuration_id: SDJWT,
                proofs: { jwt: [make(w, key, nonce)] },
            }),
            code,
        );
        // and nothing was used up by it
        only(
            await w.send(token.access_token, {
                credential_configuration_id: SDJWT,
                proofs: { jwt: [w.proof(nonce, key)] },
            }),
        );
    });
const shapes = [
    ['no proofs', 'invalid_proof', () => ({ proofs: undefined })],
    ['empty proofs', 'invalid_proof', () => ({ proofs: {} })],
    ['no proof in the list', 'invalid_proof', () => ({ proofs: { jwt: [] } })],
    [
        'a proof of a type that it does not know',
        'invalid_proof',
        () => ({ proofs: { di_vp: [{}] } }),
    ],
    [
        'a configuration that it does not know',
        'unknown_credential_configuration',
        () => ({ credential_configuration_id: 'nothing' }),
    ],
    [
        'an identifier that it does not know',
        'unknown_credential_identifier',
        () => ({ credential_configuration_id: undefined, credential_identifier: 'nothing' }),
    ],
    ['neither', 'invalid_credential_request', () => ({ credential_configuration_id: undefined })],
    ['both', 'invalid_credential_request', () => ({ credential_identifier: 'x' })],
    [
        'encryption in a plain request',
        'invalid_encryption_parameters',
        () => ({
            credential_response_encryption: {
                jwk: { ...makeKey().pub, alg: 'ECDH-ES' },
                enc: 'A256GCM',
            },
        }),
    ],
    [
        'encryption with an alg that nobody has',
        'invalid_encryption_parameters',
        () => ({
            credential_response_encryption: { jwk: makeKey().pub, alg: 'ECDH-XX', enc: 'A999' },
        }),
    ],
];
for (const [name, code, make] of shapes)
    await row('B10', `refuses ${name} as ${code}`, async () => {
        const { w, token } = await session(),
            nonce = await w.nonce();
        const body = {
            credential_configuration_id: SDJWT,
            proofs: { jwt: [w.proof(nonce, makeKey())] },
            ...make(w, nonce),
        };
        errs(await w.send(token.access_token, body), code);
    });
await row('B10', 'refuses a nonce twice', async () => {
    const { w, token } = await session(),
        nonce = await w.nonce();
    const body = () => ({
        credential_configuration_id: SDJWT,
        proofs: { jwt: [w.proof(nonce, makeKey())] },
    });
    only(await w.send(token.access_token, body()));
    errs(await w.send(token.access_token, body()), 'invalid_nonce');
});
await row('B10', 'accepts the same request again, and gives the same', async () => {
    const { w, token } = await session(),
        nonce = await w.nonce();
    const body = {
        credential_configuration_id: SDJWT,
        proofs: { jwt: [w.proof(nonce, makeKey())] },
    };
    const first = only(await w.send(token.access_token, body));
    is(only(await w.send(token.access_token, body))[0], first[0]);
});
await row(
    'B10',
    'refuses an error a seal: it stays JSON when the request was encrypted',
    async () => {
        const { w, token } = await session();
        const { answer } = await sealed(w, token, 'nothing');
        errs(answer, 'unknown_credential_configuration');
    },
);
await row('B10', 'refuses a document that the token is not for', async () => {
    const { w, token } = await session(),
        nonce = await w.nonce();
    const answer = await w.send(token.access_token, {
        credential_configuration_id: MDL,
        proofs: { jwt: [w.proof(nonce, makeKey())] },
    });
    has([400, 403].includes(answer.status) && !answer.json.credentials, answer.text);
});

// ---- B11 ----

await row('B11', 'refuses an access token in the query', async () => {
    const { w, token } = await session();
    const { answer } = await w.fetch(token, SDJWT, 1, {
        headers: { Authorization: undefined },
        query: `?access_token=${token.access_token}`,
    });
    has([400, 401].includes(answer.status), answer.text);
});
await row('B11', 'refuses an access token in the body', async () => {
    const { w, token } = await session();
    const { answer } = await w.fetch(token, SDJWT, 1, {
        headers: { Authorization: undefined },
        more: { access_token: token.access_token },
    });
    has([400, 401].includes(answer.status), answer.text);
});
await row('B11', 'accepts the same in the header', async () => {
    const { w, token } = await session();
    only((await w.fetch(token)).answer);
});

// ---- B12 ----

const population = world.root('population'),
    traffic = world.root('traffic');

/** {payload, claims} of an SD-JWT VC that KEY holds. */
function judgeSdJwt(text, key) {
    const [token, ...rest] = text.split('~');
    const { header, payload } = readJws(token);
    is(rest.at(-1), '', 'a key binding');
    is(header.typ, 'dc+sd-jwt');
    has(checkJws(token, checkChain(header.x5c, population)), 'the signature');
    is(payload.vct, 'urn:eudi:pid:1');
    const { x, y, d } = payload.cnf.jwk;
    is(`${x} ${y} ${d}`, `${key.pub.x} ${key.pub.y} undefined`);
    has(payload.iat <= now() && payload.exp > now() && payload.status.status_list);
    has((payload.nbf ?? 0) <= now());
    is(payload._sd_alg ?? 'sha-256', 'sha-256');
    const claims = new Map(),
        salts = [];
    const nested = JSON.stringify(payload) + rest.map((one) => un64(one).toString()).join('');
    for (const disclosure of rest.slice(0, -1)) {
        has(nested.includes(b64(sha256(disclosure))), 'a digest');
        const [salt, name, value] = JSON.parse(un64(disclosure));
        has(un64(salt).length >= 16);
        salts.push(salt);
        claims.set(name, value);
    }
    is(new Set(salts).size, salts.length, 'salts');
    return { payload, claims, salts, token };
}
await row('B12', 'gives an SD-JWT VC by HAIP', async () => {
    const { w, token } = await session();
    const { answer, keys } = await w.fetch(token);
    const { claims } = judgeSdJwt(only(answer)[0], keys[0]);
    for (const name of ['family_name', 'given_name', 'birthdate']) has(claims.get(name), name);
});
await row(
    'B12',
    "never gives a member of the holder's secret key, nor what is not asked",
    async () => {
        const { w, token } = await session();
        const { answer, keys } = await w.fetch(token);
        const [text] = only(answer);
        has(!text.includes(keys[0].priv.d));
        const { payload } = judgeSdJwt(text, keys[0]);
        for (const name of [
            'family_name',
            'given_name',
            'birthdate',
            'portrait',
            'document_number',
        ])
            has(!(name in payload), `${name} is not selective`);
    },
);

// ---- B13 ----

const DATA = [
    'family_name',
    'given_name',
    'birth_date',
    'issue_date',
    'expiry_date',
    'issuing_country',
    'issuing_authority',
    'document_number',
    'portrait',
    'driving_privileges',
    'un_distinguishing_sign',
];
function judgeMdoc(text, key, docType = 'org.iso.18013.5.1.mDL', root = traffic) {
    has(/^[\w-]+$/.test(text), 'base64url without padding');
    const signed = cbor(un64(text)),
        auth = signed.get('issuerAuth');
    const chain = [auth[1].get(33)].flat().map((one) => one.toString('base64'));
    has(checkSign1(auth, checkChain(chain, root)), 'the signature');
    const mso = cbor(auth[2]).item,
        data = new Map();
    is(mso.get('docType'), docType);
    is(mso.get('digestAlgorithm'), 'SHA-256');
    const device = mso.get('deviceKeyInfo').get('deviceKey');
    is(`${b64(device.get(-2))} ${b64(device.get(-3))}`, `${key.pub.x} ${key.pub.y}`);
    for (const [space, items] of signed.get('nameSpaces'))
        for (const { raw, item } of items) {
            const digest = mso.get('valueDigests').get(space).get(item.get('digestID'));
            has(digest.equals(sha256(raw)), item.get('elementIdentifier'));
            has(item.get('random').length >= 16);
            data.set(item.get('elementIdentifier'), item.get('elementValue'));
        }
    return { mso, data };
}
await row('B13', 'gives a whole driving licence', async () => {
    const { w, token } = await session(MDL);
    const { answer, keys } = await w.fetch(token, MDL);
    const { data, mso } = judgeMdoc(only(answer)[0], keys[0]);
    for (const name of DATA) has(data.get(name) !== undefined, name);
    has(data.get('portrait').length > 500 && data.get('driving_privileges').length > 0);
    has(mso.get('status')?.get('status_list'), 'status');
});
await row('B13', 'never gives the key that did not prove itself', async () => {
    const { w, token } = await session(MDL);
    const { answer } = await w.fetch(token, MDL);
    let refused = false;
    try {
        judgeMdoc(only(answer)[0], makeKey());
    } catch {
        refused = true;
    }
    has(refused, 'the check proves nothing');
});

// ---- B14 ----

async function listOf({ uri }) {
    let answer;
    for (let tries = 0; tries < 600; tries++) {
        // published within a second of its first document
        answer = await ask(world, 'GET', uri, {
            headers: { Accept: 'application/statuslist+jwt' },
        });
        if (answer.status === 200) break;
        await new Promise((later) => setTimeout(later, 100));
    }
    return gives(answer, 200);
}
function bitOf(token, idx, root) {
    const { header, payload } = readJws(token);
    is(header.typ, 'statuslist+jwt');
    has(checkJws(token, checkChain(header.x5c, root)), "the list's signature");
    const { bits, lst } = payload.status_list,
        bytes = zlib.inflateSync(un64(lst));
    const at = idx * bits;
    has(at < bytes.length * 8, 'outside of the list');
    return (bytes[at >> 3] >> (at & 7)) & ((1 << bits) - 1);
}
for (const [id, root] of [
    [SDJWT, population],
    [MDL, traffic],
])
    await row('B14', `gives a status list for ${id} in which it is valid`, async () => {
        const { w, token } = await session(id);
        const { answer, keys } = await w.fetch(token, id);
        const status =
            id === SDJWT
                ? judgeSdJwt(only(answer)[0], keys[0]).payload.status.status_list
                : Object.fromEntries(
                      judgeMdoc(only(answer)[0], keys[0]).mso.get('status').get('status_list'),
                  );
        has(status.uri.startsWith(`${world.url}/`), status.uri);
        const list = await listOf(status);
        is(list.headers['content-type'], 'application/statuslist+jwt');
        is(bitOf(list.text, status.idx, root), 0);
        is(readJws(list.text).payload.sub, status.uri);
    });
await row('B14', 'never says valid once it is revoked', async () => {
    const { w, token } = await session();
    const { answer, keys } = await w.fetch(token);
    const { status_list: status } = judgeSdJwt(only(answer)[0], keys[0]).payload.status;
    await listOf(status);
    const { yaopai } = await import('./world.mjs');
    yaopai([
        'document',
        'revoke',
        '-C',
        world.folder,
        '--person',
        world.number,
        '--document',
        'pid',
        '--reason',
        'lost',
    ]);
    let bit = 0;
    for (let tries = 0; bit === 0 && tries < 1200; tries++) {
        bit = bitOf((await listOf(status)).text, status.idx, population);
        await new Promise((later) => setTimeout(later, 50));
    }
    is(bit, 1);
});

// ---- B15, B16 ----

const DAY = 86400;
await row('B15', 'gives times that do not link copies (SD-JWT VC)', async () => {
    const { w, token } = await session();
    const { answer, keys } = await w.fetch(token, SDJWT, 4);
    for (const text of only(answer)) {
        const { x } = readJws(text.split('~')[0]).payload.cnf.jwk;
        const { payload } = judgeSdJwt(
            text,
            keys.find((key) => key.pub.x === x),
        );
        is(payload.iat % DAY, 0, 'iat');
        is((payload.nbf ?? 0) % DAY, 0, 'nbf');
        has(payload.exp % 3600 === 0 || (payload.exp + 1) % DAY === 0, `exp ${payload.exp}`);
    }
});
await row('B15', 'never gives the moment of signing (mdoc)', async () => {
    const { w, token } = await session(MDL);
    const { answer, keys } = await w.fetch(token, MDL);
    const validity = judgeMdoc(only(answer)[0], keys[0]).mso.get('validityInfo');
    for (const name of ['signed', 'validFrom'])
        has(/T00:00:00Z$/.test(validity.get(name).value), name);
});
await row('B16', 'gives a batch: one copy a key, all else different', async () => {
    has(metadata.batch_credential_issuance.batch_size >= 2);
    const { w, token } = await session();
    const { answer, keys } = await w.fetch(token, SDJWT, 10);
    const left = new Set(keys.map((key) => key.pub.x)),
        salts = new Set(),
        indices = [],
        uris = new Set();
    let data;
    for (const text of only(answer)) {
        const { x } = readJws(text.split('~')[0]).payload.cnf.jwk;
        has(left.delete(x), 'a key twice');
        const judged = judgeSdJwt(
            text,
            keys.find((key) => key.pub.x === x),
        );
        judged.salts.forEach((salt) => has(!salts.has(salt) && salts.add(salt), 'a salt twice'));
        indices.push(judged.payload.status.status_list.idx);
        uris.add(judged.payload.status.status_list.uri);
        const own = JSON.stringify([...judged.claims].sort());
        is(own.replace(/\["(_sd|\.\.\.)".*?\]/g, ''), (data ??= own));
    }
    is(left.size, 0);
    is(new Set(indices).size, 10, 'indices');
    is(uris.size, 1, 'lists');
    const steps = indices.slice(1).map((at, i) => at - indices[i]);
    has(new Set(steps).size > 5 && !steps.includes(1), `predictable: ${indices}`);
});
await row('B16', 'refuses more than a batch, and one key twice', async () => {
    const { w, token } = await session();
    const many = await w.fetch(token, SDJWT, metadata.batch_credential_issuance.batch_size + 1);
    errs(many.answer, ['invalid_credential_request', 'invalid_proof']);
    const nonce = await w.nonce(),
        key = makeKey();
    errs(
        await w.send(token.access_token, {
            credential_configuration_id: SDJWT,
            proofs: { jwt: [w.proof(nonce, key), w.proof(nonce, key)] },
        }),
        ['invalid_credential_request', 'invalid_proof'],
    );
});

// ---- B17 ----

/** An encrypted request for ID, whose answer is to be encrypted to `once`. */
async function sealed(
    w,
    token,
    id = SDJWT,
    { enc = 'A256GCM', answerEnc = enc, jwk, zip, more } = {},
) {
    const [server] = metadata.credential_request_encryption.jwks.keys;
    const once = makeKey(),
        key = makeKey(),
        nonce = await w.nonce();
    const body = {
        credential_configuration_id: id,
        proofs: { jwt: [w.proof(nonce, key)] },
        credential_response_encryption: {
            jwk: { ...once.pub, alg: 'ECDH-ES', kid: 'own', use: 'enc', ...jwk },
            enc: answerEnc,
            ...more,
        },
    };
    const answer = await w.send(
        token.access_token,
        encrypt(JSON.stringify(body), server, { enc, zip }),
    );
    return { answer, once, key };
}
for (const enc of ['A128GCM', 'A256GCM'])
    for (const id of [SDJWT, MDL])
        await row('B17', `gives ${id} encrypted by ${enc}`, async () => {
            const { w, token } = await session(id);
            const { answer, once, key } = await sealed(w, token, id, { enc });
            is(gives(answer, 200).headers['content-type'], 'application/jwt');
            const { header, text } = decrypt(answer.text, once);
            is(`${header.alg} ${header.enc} ${header.kid}`, `ECDH-ES ${enc} own`);
            const [{ credential }] = JSON.parse(text).credentials;
            id === SDJWT ? judgeSdJwt(credential, key) : judgeMdoc(credential, key);
        });
await row('B17', 'gives the key of requests with kid and alg', async () => {
    const [key] = metadata.credential_request_encryption.jwks.keys;
    has(key.kid && key.alg === 'ECDH-ES' && key.use === 'enc' && !key.d);
    is(metadata.credential_request_encryption.encryption_required, false);
});
for (const [name, more] of [
    ['an enc that it does not know', { answerEnc: 'XXX' }],
    ['A192GCM', { answerEnc: 'A192GCM' }],
    ['an alg that it does not know', { jwk: { alg: 'RSA-OAEP-256' } }],
    ['a key to sign with', { jwk: { use: 'sig' } }],
    ['no point of the curve', { jwk: { x: b64(sha256('x')) } }],
    ['a secret key', { jwk: { d: makeKey().priv.d } }],
])
    await row('B17', `refuses ${name} as invalid_encryption_parameters`, async () => {
        const { w, token } = await session();
        errs((await sealed(w, token, SDJWT, more)).answer, 'invalid_encryption_parameters');
    });
await row('B17', 'refuses a request that cannot be decrypted', async () => {
    const { w, token } = await session();
    const wrong = {
        ...makeKey().pub,
        kid: metadata.credential_request_encryption.jwks.keys[0].kid,
    };
    errs(await w.send(token.access_token, encrypt('{}', wrong)), [
        'invalid_encryption_parameters',
        'invalid_credential_request',
    ]);
});

// ---- B18 ----

const events = ['credential_accepted', 'credential_deleted', 'credential_failure'];
for (const event of events)
    await row('B18', `accepts ${event}`, async () => {
        const { w, token } = await session();
        const { answer } = await w.fetch(token);
        const said = await w.send(
            token.access_token,
            {
                event,
                notification_id: has(answer.json.notification_id),
                event_description: 'x',
                [random(4)]: 1,
            },
            { path: '/notification' },
        );
        has(said.status >= 200 && said.status < 300, said.text);
    });
await row('B18', 'accepts that none comes', async () => {
    const { w, token } = await session();
    only((await w.fetch(token)).answer);
    only((await w.fetch(token)).answer);
});
await row('B18', 'refuses an id and an event that it does not know', async () => {
    const { w, token } = await session();
    const { notification_id: id } = (await w.fetch(token)).answer.json;
    errs(
        await w.send(
            token.access_token,
            { event: 'credential_accepted', notification_id: random() },
            { path: '/notification' },
        ),
        'invalid_notification_id',
    );
    errs(
        await w.send(
            token.access_token,
            { event: 'other', notification_id: id },
            { path: '/notification' },
        ),
        'invalid_notification_request',
    );
});

// ---- B19 ----

await row('B19', 'gives 202, transaction_id and interval, and so again', async () => {
    const { offer } = await world.offer({ configurations: [SDJWT], officer: true });
    const w = new Wallet(world),
        token = gives(await w.offerToken(offer), 200).json;
    const { answer } = await w.fetch(token);
    gives(answer, 202);
    has(
        answer.json.transaction_id.length >= 22 &&
            answer.json.interval >= 1 &&
            !answer.json.credentials,
    );
    const again = await w.send(
        token.access_token,
        { transaction_id: answer.json.transaction_id },
        { path: '/deferred' },
    );
    is(gives(again, 202).json.transaction_id, answer.json.transaction_id);
    has(again.json.interval >= 1);
});
const later = (w, token, waiting) =>
    w.send(
        token.access_token,
        { transaction_id: waiting.json.transaction_id },
        { path: '/deferred' },
    );
async function wait() {
    const { offer } = await world.offer({ configurations: [SDJWT], officer: true });
    const w = new Wallet(world),
        token = gives(await w.offerToken(offer), 200).json;
    return { w, token, ...(await w.fetch(token, SDJWT, 2)) };
}
const officers = await makeOfficers(world);
await row(
    'B19',
    'gives 200 and the copies once two officers agree, and the same again',
    async () => {
        const { w, token, answer, keys } = await wait();
        await decide(officers, 'credential.issue', 'accept');
        const given = only(await later(w, token, answer));
        is(given.length, 2);
        given.forEach((text) => {
            const { x } = readJws(text.split('~')[0]).payload.cnf.jwk;
            judgeSdJwt(text, has(keys.find((key) => key.pub.x === x)));
        });
        has(
            JSON.stringify(only(await later(w, token, answer))) === JSON.stringify(given),
            'another answer',
        );
    },
);
await row('B19', 'refuses what officers refused', async () => {
    const { w, token, answer } = await wait();
    await decide(officers, 'credential.issue', 'refuse');
    errs(await later(w, token, answer), 'credential_request_denied');
});
await row('B19', "refuses a transaction of nobody, and another's", async () => {
    const { w, token } = await session();
    errs(
        await w.send(token.access_token, { transaction_id: random() }, { path: '/deferred' }),
        'invalid_transaction_id',
    );
    const { offer } = await world.offer({ configurations: [SDJWT], officer: true });
    const first = new Wallet(world),
        own = gives(await first.offerToken(offer), 200).json;
    const { answer } = await first.fetch(own);
    errs(
        await w.send(
            token.access_token,
            { transaction_id: answer.json.transaction_id },
            { path: '/deferred' },
        ),
        'invalid_transaction_id',
    );
});

// ---- B20 ----

await row('B20', 'gives signed metadata to who asks so', async () => {
    const answer = gives(await get(ISSUER, { Accept: 'application/jwt' }), 200);
    is(answer.headers['content-type'], 'application/jwt');
    const { header, payload } = readJws(answer.text);
    is(header.typ, 'openidvci-issuer-metadata+jwt');
    has(checkJws(answer.text, checkChain(header.x5c, population)), 'the signature');
    is(payload.sub, world.url);
    has(Math.abs(payload.iat - now()) < 60 && payload.exp > now());
    for (const [name, value] of Object.entries(metadata))
        is(JSON.stringify(payload[name]), JSON.stringify(value), name);
});
await row('B20', 'never gives it to who did not ask', async () => {
    for (const Accept of ['application/json', '*/*', 'text/html'])
        is((await get(ISSUER, { Accept })).headers['content-type'], 'application/json');
});

// ---- A6 ----

await row('A6', "gives both documents of the fixed person without anybody's help", async () => {
    const { w, token } = await session(SDJWT, { form: { scope: `${SDJWT} ${MDL}` } });
    only((await w.fetch(token, SDJWT)).answer);
    only((await w.fetch(token, MDL)).answer);
});
await row('A6', 'never gives a document that does not say SPECIMEN', async () => {
    const { w, token } = await session();
    const { answer, keys } = await w.fetch(token);
    const { payload, claims } = judgeSdJwt(only(answer)[0], keys[0]);
    has(/SPECIMEN/.test(payload.specimen ?? claims.get('specimen')), JSON.stringify(payload));
});

complete([
    'A5',
    'A6',
    'B1',
    'B5',
    'B8',
    'B9',
    'B10',
    'B11',
    'B12',
    'B13',
    'B14',
    'B15',
    'B16',
    'B17',
    'B18',
    'B19',
    'B20',
]);
world.stop();
