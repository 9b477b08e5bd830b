// SPDX-License-Identifier: Apache-2.0
// The authorization server: A1 to A4, A9, B2 to B7, B21.

import fs from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { b64, makeKey, makeRsa, now, random, sha256, spoil } from './jose.mjs';
import { complete, errs, gives, has, is, row } from './tell.mjs';
import {
    SDJWT,
    MDL,
    Wallet,
    ask,
    challenge,
    element,
    jkt,
    look,
    press,
    readBack,
    submit,
} from './wallet.mjs';
import { CALLBACK, CALLBACK_2, at, makeWorld } from './world.mjs';

const keyed = makeKey();
Object.assign(keyed.pub, { kid: 'k1', alg: 'ES256', use: 'sig' });
const world = await makeWorld({}, { keyWallets: { 'key-wallet': keyed } });
const get = (path, headers) => ask(world, 'GET', `${world.origin}${path}`, { headers });
const wallet = (id, more) => new Wallet(world, id, more);
const AS = '/.well-known/oauth-authorization-server/issuer1';
const ISSUER = '/.well-known/openid-credential-issuer/issuer1';

// ---- A1 ----

await row('A1', 'gives metadata where the path is inserted', async () => {
    is(gives(await get(AS), 200).json.issuer, world.url);
    is(gives(await get(ISSUER), 200).json.credential_issuer, world.url);
});
await row('A1', 'gives the configured address whatever Host says', async () => {
    const lies = {
        Host: 'evil.example:1',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'http',
        Forwarded: 'host=evil.example',
    };
    const text = (await get(AS, lies)).text + (await get(ISSUER, lies)).text;
    has(!text.includes('evil') && text.includes(`"${world.url}"`), text);
});
await row('A1', 'accepts a token whose request lies about the host', async () => {
    const w = wallet();
    const back = await w.authorise();
    gives(await w.redeem(back.code, { headers: { Host: 'evil.example' } }), 200);
});
await row('A1', 'refuses a proof for the address that Host says', async () => {
    const w = wallet(),
        back = await w.authorise();
    errs(
        await w.redeem(back.code, {
            headers: { Host: 'evil.example' },
            dpop: { payload: { htu: 'https://evil.example/issuer1/token' } },
        }),
        'invalid_dpop_proof',
    );
});
await row('A1', 'refuses metadata of another path', async () => {
    for (const path of [
        '/.well-known/oauth-authorization-server/issuer2',
        '/issuer2/.well-known/oauth-authorization-server',
    ])
        gives(await get(path), 404, path);
});

// ---- A2 ----

const shake = (options) =>
    new Promise((said) => {
        const socket = tls.connect(
            {
                port: world.port,
                host: '127.0.0.1',
                servername: 'localhost',
                ca: world.agent.options.ca,
                ...options,
            },
            () => {
                const found = { version: socket.getProtocol(), cipher: socket.getCipher().name };
                socket.destroy();
                said(found);
            },
        );
        socket.on('error', () => said(undefined));
    });
const old = (name) => ({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: name });
await row('A2', 'accepts TLS 1.3 before all', async () => is((await shake({})).version, 'TLSv1.3'));
for (const name of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'])
    await row('A2', `accepts TLS 1.2 with ${name}`, async () =>
        is((await shake(old(name)))?.cipher, name),
    );
for (const name of [
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-ECDSA-AES128-SHA',
    'AES128-GCM-SHA256',
    'DHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
])
    await row('A2', `refuses TLS 1.2 with ${name}`, async () =>
        is(await shake(old(name)), undefined),
    );
for (const version of ['TLSv1', 'TLSv1.1'])
    await row('A2', `refuses ${version}`, async () =>
        is(
            await shake({
                minVersion: version,
                maxVersion: version,
                ciphers: 'DEFAULT@SECLEVEL=0',
            }),
            undefined,
        ),
    );
await row('A2', 'gives answers after three hundred broken handshakes', async () => {
    const broken = () =>
        new Promise((over) => {
            const socket = net.connect(world.port, '127.0.0.1', () =>
                socket.end('\x16\x03\x01\xff\xff'),
            );
            socket.on('error', over).on('close', over).resume();
        });
    for (let n = 0; n < 6; n++) await Promise.all(Array.from({ length: 50 }, broken));
    gives(await get(AS), 200);
});

// ---- A3 ----

await row('A3', 'gives a page with fixed ids that works without script', async () => {
    const w = wallet(),
        pushed = await w.par();
    const page = gives(await look(world, w.page(pushed.json.request_uri)), 200);
    for (const id of ['yp-allow', 'yp-deny']) has(element(page, id), id);
    has(!/<script/i.test(page.text) && !element(page, 'yp-error'), page.text);
    has(/^text\/html/.test(page.headers['content-type']));
});
await row('A3', 'gives the page each time, and never an answer by looking', async () => {
    const w = wallet();
    await w.login();
    const pushed = await w.par();
    for (let n = 0; n < 3; n++) gives(await look(world, w.page(pushed.json.request_uri)), 200);
});
await row('A3', "accepts HEAD and a browser's Accept", async () => {
    const w = wallet(),
        pushed = await w.par();
    gives(
        await look(world, w.page(pushed.json.request_uri), {
            'User-Agent': 'HtmlUnit',
            Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
            'Accept-Language': 'en-US',
            'Accept-Encoding': 'gzip, deflate',
        }),
        200,
    );
});
await row('A3', 'refuses an answer from another site', async () => {
    const w = wallet(),
        pushed = await w.par();
    const answer = await ask(world, 'POST', `${world.url}/authorize`, {
        headers: { Origin: 'https://evil.example' },
        form: { client_id: w.id, request_uri: pushed.json.request_uri, answer: 'allow' },
    });
    gives(answer, 403);
});

// ---- A4 ----

for (const id of ['suite-wallet-1', 'suite-wallet-2'])
    await row('A4', `accepts ${id} with its redirect URI`, async () => {
        const back = await wallet(id).authorise();
        is(back.to, CALLBACK);
    });
await row('A4', 'gives the query of a redirect URI back', async () => {
    const back = await wallet('suite-wallet-2', { redirect: CALLBACK_2 }).authorise();
    is(`${back.to} ${back.dummy1} ${back.dummy2}`, `${CALLBACK} lorem ipsum`);
});
await row('A4', 'accepts a client with private_key_jwt', async () => {
    const w = wallet('key-wallet', { clientKey: keyed });
    has((await w.login()).access_token);
});
for (const [name, assertion] of [
    ['another key', undefined],
    ['another audience', { payload: { aud: 'https://else.example' } }],
    ['one that is over', { payload: { iat: now() - 900, exp: now() - 600 } }],
    ['no jti', { payload: { jti: undefined } }],
    ['another sub', { payload: { sub: 'suite-wallet-1' } }],
    ['alg none', { header: { alg: 'none' } }],
    ['HS256', { header: { alg: 'HS256' } }],
])
    await row('A4', `refuses private_key_jwt with ${name}`, async () => {
        const clientKey = assertion
            ? keyed
            : { ...makeKey(), pub: { ...makeKey().pub, kid: 'k1' } };
        errs(
            await wallet('key-wallet', { clientKey }).par({ assertion }),
            'invalid_client',
            [400, 401],
        );
    });
await row('A4', 'refuses a client assertion twice', async () => {
    const w = wallet('key-wallet', { clientKey: keyed });
    const form = { client_assertion: w.assertion() };
    gives(await w.par({ form }), 201);
    errs(await w.par({ form }), 'invalid_client', [400, 401]);
});
for (const [name, redirect] of [
    ['another host', 'https://evil.example/callback'],
    ['another query', `${CALLBACK}?dummy1=lorem`],
    ['a deeper path', `${CALLBACK}/more`],
    ['http', CALLBACK.replace('https', 'http')],
    ['a fragment', `${CALLBACK}#a`],
])
    await row('A4', `refuses a redirect URI with ${name}`, async () =>
        errs(await wallet('suite-wallet-1', { redirect }).par(), 'invalid_request'),
    );
await row('A4', 'refuses a client that is not registered', async () =>
    errs(await wallet('suite-wallet-3').par(), 'invalid_client', [400, 401]),
);

// ---- B2 ----

const as = (await get(AS)).json;
await row('B2', 'gives metadata of RFC 8414', async () => {
    const answer = await get(AS);
    is(answer.headers['content-type'], 'application/json');
    is(as.issuer, world.url);
    for (const name of [
        'authorization_endpoint',
        'token_endpoint',
        'pushed_authorization_request_endpoint',
        'challenge_endpoint',
    ])
        has(as[name].startsWith(`${world.url}/`), name);
    is(as.code_challenge_methods_supported.join(), 'S256');
    has(as.token_endpoint_auth_methods_supported.includes('attest_jwt_client_auth'));
    has(as.token_endpoint_auth_methods_supported.includes('private_key_jwt'));
    for (const name of [
        'client_attestation_signing_alg_values_supported',
        'client_attestation_pop_signing_alg_values_supported',
        'dpop_signing_alg_values_supported',
    ])
        has(as[name].includes('ES256'), name);
    is(as.authorization_response_iss_parameter_supported, true);
    is(as.require_pushed_authorization_requests, true);
    is(as.response_types_supported.join(), 'code');
    for (const grant of [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:pre-authorized_code',
    ])
        has(as.grant_types_supported.includes(grant), grant);
});
await row('B2', 'gives challenges where the metadata says', async () => {
    const answer = gives(await ask(world, 'POST', as.challenge_endpoint), 200);
    has(answer.json.attestation_challenge.length >= 22);
    has(/no-store/.test(answer.headers['cache-control']));
});
await row('B2', 'never says that it takes plain PKCE or strangers', async () => {
    has(!as.code_challenge_methods_supported.includes('plain'));
    has(!as.token_endpoint_auth_methods_supported.includes('none'));
    has(!as.dpop_signing_alg_values_supported.includes('none'));
});
await row('B2', 'refuses a challenge by GET', async () =>
    gives(await ask(world, 'GET', as.challenge_endpoint), 405),
);

// ---- B3 ----

await row('B3', 'gives 201 with request_uri and expires_in', async () => {
    const answer = gives(await wallet().par(), 201);
    is(answer.headers['content-type'], 'application/json');
    const [, secret] = /^urn:ietf:params:oauth:request_uri:([\w-]+)$/.exec(answer.json.request_uri);
    has(secret.length >= 22, secret); // 128 bits
    has(answer.json.expires_in >= 5 && answer.json.expires_in < 600);
});
await row('B3', 'accepts parameters that it does not know', async () => {
    const form = {
        [random(5)]: random(),
        claims: '{"a":[1]}',
        nonce: random(),
        acr_values: 'x',
        prompt: 'login',
        login_hint: 'x',
        wallet_issuer: 'https://w.example',
    };
    gives(await wallet().par({ form }), 201);
});
await row('B3', 'accepts authorization_details', async () => {
    const form = {
        scope: undefined,
        authorization_details: JSON.stringify([
            { type: 'openid_credential', credential_configuration_id: SDJWT },
        ]),
    };
    gives(await wallet().par({ form }), 201);
});
const pushes = [
    ['a request_uri in it', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }],
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['no challenge', { code_challenge: undefined }],
    ['no method', { code_challenge_method: undefined }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
    ['a short challenge', { code_challenge: 'a' }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['no response_type', { response_type: undefined }],
];
for (const [name, form] of pushes)
    await row('B3', `refuses ${name}`, async () =>
        errs(await wallet().par({ form }), 'invalid_request'),
    );
for (const type of ['token', 'code id_token', 'id_token', 'code token', 'none'])
    await row('B3', `refuses response_type ${type}`, async () =>
        errs(await wallet().par({ form: { response_type: type } }), [
            'unsupported_response_type',
            'invalid_request',
        ]),
    );
await row('B3', 'refuses an unknown scope', async () =>
    errs(await wallet().par({ form: { scope: 'nothing' } }), 'invalid_scope'),
);
await row('B3', 'refuses a parameter twice', async () => {
    const w = wallet();
    const body = new URLSearchParams({
        response_type: 'code',
        client_id: w.id,
        scope: SDJWT,
        redirect_uri: CALLBACK,
        code_challenge: challenge('x'),
        code_challenge_method: 'S256',
    });
    body.append('scope', MDL);
    errs(
        await ask(world, 'POST', `${world.url}/par`, {
            body: body.toString(),
            headers: { ...w.who(), 'Content-Type': 'application/x-www-form-urlencoded' },
        }),
        'invalid_request',
    );
});
for (const method of ['GET', 'PUT', 'DELETE', 'PATCH'])
    await row('B3', `refuses ${method}`, async () => {
        const answer = await ask(world, method, `${world.url}/par`);
        has([400, 404, 405].includes(answer.status), answer.status);
    });
await row('B3', 'accepts a second look before the login is finished', async () => {
    const w = wallet(),
        pushed = await w.par(),
        url = w.page(pushed.json.request_uri);
    gives(await look(world, url), 200);
    has(readBack(await press(world, url)).code);
});
for (const answer of ['allow', 'deny'])
    await row('B3', `refuses a request_uri after ${answer}`, async () => {
        const w = wallet(),
            pushed = await w.par(),
            url = w.page(pushed.json.request_uri);
        const page = await look(world, url);
        await press(world, url, answer);
        const again = await look(world, url);
        has(again.status >= 400 && element(again, 'yp-error'), again.text);
        has((await submit(world, url, page, 'allow')).status >= 400, 'an old page');
    });
await row('B3', 'refuses a request_uri of another client', async () => {
    const pushed = await wallet().par();
    const page = await look(world, wallet('suite-wallet-2').page(pushed.json.request_uri));
    has(page.status === 400 && element(page, 'yp-error'), page.text);
});

// ---- B4, A9 ----

const attested = ['invalid_client', 'invalid_request', 'invalid_client_attestation'];

await row('A9', 'accepts a leaf under a root, whose iss is configured', async () => {
    gives(await wallet().par(), 201);
    is(world.attester.x5c.length, 1);
});
await row('A9', 'refuses the root itself in x5c, self-signed', async () => {
    const pem = fs.readFileSync(at('attester-root.pem'), 'utf8');
    const x5c = [pem.replace(/-----[A-Z ]+-----|\s/g, '')];
    const priv = (await import('node:crypto'))
        .createPrivateKey(fs.readFileSync(at('attester-root.key')))
        .export({ format: 'jwk' });
    errs(await wallet().par({ attestation: { signer: { priv, x5c } } }), attested, [400, 401]);
});
for (const [name, more] of [
    ['at PAR, without DPoP', {}],
    ['at PAR, with DPoP', { dpop: {} }],
])
    await row('B4', `accepts an attestation ${name}`, async () =>
        gives(await wallet().par(more), 201),
    );
await row('B4', 'accepts the challenge of the challenge endpoint', async () => {
    const { json } = await ask(world, 'POST', as.challenge_endpoint);
    gives(await wallet().par({ pop: { payload: { challenge: json.attestation_challenge } } }), 201);
});
const stranger = makeKey();
const lies = [
    [
        'a bad signature of the attestation',
        (w) => ({
            headers: {
                'OAuth-Client-Attestation': spoil(w.attestation()),
            },
        }),
    ],
    [
        'a bad signature of the proof',
        (w) => ({
            headers: {
                'OAuth-Client-Attestation-PoP': spoil(w.pop()),
            },
        }),
    ],
    ['an attestation that is over', () => ({ attestation: { payload: { exp: now() - 600 } } })],
    ['an attestation without exp', () => ({ attestation: { payload: { exp: undefined } } })],
    ['an attestation without sub', () => ({ attestation: { payload: { sub: undefined } } })],
    [
        'an attestation of another sub',
        () => ({ attestation: { payload: { sub: 'suite-wallet-2' } } }),
    ],
    ['an attestation without cnf', () => ({ attestation: { payload: { cnf: undefined } } })],
    [
        'an attestation of another iss',
        () => ({ attestation: { payload: { iss: 'https://b.example' } } }),
    ],
    ['an attestation of another typ', () => ({ attestation: { header: { typ: 'JWT' } } })],
    ['an attestation with alg none', () => ({ attestation: { header: { alg: 'none' } } })],
    ['an attester under another root', () => ({ attestation: { signer: world.stranger } })],
    ['an attester of keys only', () => ({ attestation: { signer: world.keyAttester } })],
    ['an attestation without x5c', () => ({ attestation: { header: { x5c: undefined } } })],
    ['a proof for another server', () => ({ pop: { payload: { aud: 'https://b.example' } } })],
    ['a proof without aud', () => ({ pop: { payload: { aud: undefined } } })],
    ['a proof of another iss', () => ({ pop: { payload: { iss: 'suite-wallet-2' } } })],
    ['a proof with a key that is not attested', () => ({ pop: { signer: stranger } })],
    ['a proof without jti', () => ({ pop: { payload: { jti: undefined } } })],
    ['an old proof', () => ({ pop: { payload: { iat: now() - 3600 } } })],
    ['a proof of another typ', () => ({ pop: { header: { typ: 'JWT' } } })],
    ['no attestation', () => ({ headers: { 'OAuth-Client-Attestation': undefined } })],
    ['no proof', () => ({ headers: { 'OAuth-Client-Attestation-PoP': undefined } })],
    [
        'two attestations',
        (w) => ({
            headers: {
                'OAuth-Client-Attestation': [w.attestation(), w.attestation()],
            },
        }),
    ],
    ['a challenge of somebody else', () => ({ pop: { payload: { challenge: random() } } })],
];
for (const [name, make] of lies)
    await row('B4', `refuses ${name}`, async () => {
        const w = wallet(),
            codes = [...attested, 'use_attestation_challenge'];
        errs(await w.par(make(w)), codes, [400, 401]);
        const back = await w.authorise(),
            at = make(w);
        errs(await w.redeem(back.code, at), codes, [400, 401]); // at the token endpoint too
    });
await row('B4', 'refuses a proof of possession twice', async () => {
    const w = wallet(),
        headers = { 'OAuth-Client-Attestation-PoP': w.pop() };
    gives(await w.par({ headers }), 201);
    errs(await w.par({ headers }), attested, [400, 401]);
});

// ---- B5 ----

const tokenUrl = `${world.url}/token`;
const right = [
    ['iat ten seconds ago', { payload: { iat: now() - 10 } }],
    ['iat in ten seconds', { payload: { iat: now() + 10 } }],
    ['nbf and exp', { payload: { nbf: now() - 10, exp: now() + 60 } }],
    ['a query in htu', { payload: { htu: `${tokenUrl}?a=b` } }],
    [
        'scheme and host in capitals',
        { payload: { htu: tokenUrl.replace('https://localhost', 'HTTPS://LocalHost') } },
    ],
    ['claims that it does not know', { payload: { x: [1, { y: 2 }] } }],
];
for (const [name, dpop] of right)
    await row('B5', `accepts ${name}`, async () => {
        const w = wallet(),
            back = await w.authorise();
        const answer = gives(await w.redeem(back.code, { dpop }), 200);
        is(answer.json.token_type, 'DPoP');
    });
const rsa = makeRsa(),
    other = makeKey();
const wrong = [
    ['typ JWT', { header: { typ: 'JWT' } }],
    ['no typ', { header: { typ: undefined } }],
    ['alg none', { header: { alg: 'none' } }],
    ['RS256', { header: { alg: 'RS256' }, signer: rsa }],
    ['PS256', { header: { alg: 'PS256' }, signer: rsa }],
    ['HS256', { header: { alg: 'HS256' } }],
    ['no jwk', { header: { jwk: undefined } }],
    ['a private jwk', { header: { jwk: other.priv }, signer: other }],
    ['another key in jwk', { header: { jwk: makeKey().pub } }],
    ['no jti', { payload: { jti: undefined } }],
    ['no htm', { payload: { htm: undefined } }],
    ['no htu', { payload: { htu: undefined } }],
    ['no iat', { payload: { iat: undefined } }],
    ['htm GET', { payload: { htm: 'GET' } }],
    ['another path in htu', { payload: { htu: `${world.url}/par` } }],
    ['another host in htu', { payload: { htu: 'https://localhost/issuer1/token' } }],
    ['http in htu', { payload: { htu: tokenUrl.replace('https', 'http') } }],
    ['iat an hour ago', { payload: { iat: now() - 3600 } }],
    ['iat in an hour', { payload: { iat: now() + 3600 } }],
    ['exp an hour ago', { payload: { exp: now() - 3600 } }],
    ['nbf in an hour', { payload: { nbf: now() + 3600 } }],
];
for (const [name, dpop] of wrong)
    await row('B5', `refuses ${name} at the token endpoint`, async () => {
        const w = wallet(),
            back = await w.authorise();
        errs(await w.redeem(back.code, { dpop }), 'invalid_dpop_proof');
        gives(await w.redeem(back.code), 200, 'the code was lost by it');
    });
for (const [name, headers] of [
    ['two proofs', (w) => ({ DPoP: [w.dpop('POST', tokenUrl), w.dpop('POST', tokenUrl)] })],
    ['what is no token', () => ({ DPoP: 'x' })],
    ['nothing', () => ({ DPoP: '' })],
    ['a bad signature', (w) => ({ DPoP: spoil(w.dpop('POST', tokenUrl)) })],
])
    await row('B5', `refuses ${name} in DPoP`, async () => {
        const w = wallet(),
            back = await w.authorise();
        errs(await w.redeem(back.code, { headers: headers(w) }), [
            'invalid_dpop_proof',
            'invalid_request',
        ]);
    });
await row('B5', 'refuses a DPoP proof twice', async () => {
    const w = wallet(),
        one = await w.authorise();
    const headers = { DPoP: w.dpop('POST', tokenUrl) };
    gives(await w.redeem(one.code, { headers }), 200);
    const two = await w.authorise();
    errs(await w.redeem(two.code, { headers }), 'invalid_dpop_proof');
});
await row('B5', 'accepts the key that was pushed (by a proof, by dpop_jkt, by both)', async () => {
    for (const make of [
        () => ({ dpop: {} }),
        (w) => ({ form: { dpop_jkt: jkt(w.key) } }),
        (w) => ({ dpop: {}, form: { dpop_jkt: jkt(w.key) } }),
    ]) {
        const w = wallet(),
            back = await w.authorise(make(w));
        gives(await w.redeem(back.code), 200);
    }
});
await row('B5', 'refuses another key than was pushed', async () => {
    for (const make of [() => ({ dpop: {} }), (w) => ({ form: { dpop_jkt: jkt(w.key) } })]) {
        const w = wallet(),
            back = await w.authorise(make(w));
        errs(await w.redeem(back.code, { dpop: { signer: makeKey() } }), [
            'invalid_grant',
            'invalid_dpop_proof',
        ]);
    }
});
await row('B5', 'refuses a dpop_jkt beside the proof of another key', async () =>
    errs(await wallet().par({ dpop: {}, form: { dpop_jkt: jkt(makeKey()) } }), [
        'invalid_dpop_proof',
        'invalid_request',
    ]),
);

// ---- B6 ----

await row('B6', 'gives code, state and iss', async () => {
    const w = wallet(),
        back = await w.authorise();
    is(`${back.to} ${back.state} ${back.iss}`, `${CALLBACK} ${w.state} ${world.url}`);
    has(back.code.length >= 22);
});
await row('B6', 'accepts no state, and gives none', async () => {
    const back = await wallet().authorise({ form: { state: undefined } });
    has(back.code && !('state' in back));
});
await row('B6', 'accepts a state of 1000 letters', async () => {
    const state = b64(sha256('a')).repeat(24).slice(0, 1000);
    is((await wallet().authorise({ form: { state } })).state, state);
});
await row('B6', 'gives what the state said, whatever its letters', async () => {
    const state = 'a&b=c d+e%2f/"<é>#?';
    is((await wallet().authorise({ form: { state } })).state, state);
});
await row('B6', 'gives access_denied, state and iss', async () => {
    const w = wallet(),
        back = await w.authorise({}, 'deny');
    is(`${back.error} ${back.state} ${back.iss}`, `access_denied ${w.state} ${world.url}`);
    has(!('code' in back));
});
await row('B6', 'never looks at parameters outside of what was pushed', async () => {
    const w = wallet(),
        pushed = await w.par();
    const url = w.page(pushed.json.request_uri, {
        state: 'other',
        scope: MDL,
        redirect_uri: 'https://evil.example',
        response_type: 'token',
        [random(4)]: random(),
    });
    const back = readBack(await press(world, url));
    is(`${back.to} ${back.state}`, `${CALLBACK} ${w.state}`);
});
await row('B6', 'never gives a state that stood outside only', async () => {
    const w = wallet(),
        pushed = await w.par({ form: { state: undefined } });
    has(
        !('state' in readBack(await press(world, w.page(pushed.json.request_uri, { state: 'x' })))),
    );
});

// ---- B7 ----

await row('B7', 'gives a token of type DPoP that ends, and no id_token', async () => {
    const w = wallet(),
        back = await w.authorise(),
        answer = await w.redeem(back.code);
    const said = gives(answer, 200).json;
    is(said.token_type, 'DPoP');
    has(said.expires_in >= 300 && said.access_token.length >= 22 && !said.id_token);
    has(/no-store/.test(answer.headers['cache-control']));
});
await row('B7', 'accepts parameters that it does not know', async () => {
    const w = wallet(),
        back = await w.authorise();
    gives(await w.redeem(back.code, { form: { [random(5)]: random() } }), 200);
});
await row('B7', 'gives no identifiers for scopes, and those of authorization_details', async () => {
    const w = wallet(),
        details = [{ type: 'openid_credential', credential_configuration_id: SDJWT }];
    const token = await w.login({
        form: { scope: undefined, authorization_details: JSON.stringify(details) },
    });
    has(token.authorization_details[0].credential_identifiers.length === 1);
    has(!('authorization_details' in (await wallet().login())));
});
await row('B7', 'refuses a code twice, and ends the token', async () => {
    const w = wallet(),
        back = await w.authorise(),
        token = (await w.redeem(back.code)).json;
    await new Promise((later) => setTimeout(later, 1000));
    errs(await w.redeem(back.code), 'invalid_grant');
    const { answer } = await w.fetch(token);
    is(answer.status, 401);
    has(/error="invalid_token"/.test(answer.headers['www-authenticate']));
});
await row('B7', 'refuses a code of another client', async () => {
    const w = wallet(),
        back = await w.authorise(),
        thief = wallet('suite-wallet-2');
    thief.verifier = w.verifier;
    errs(await thief.redeem(back.code), 'invalid_grant');
});
for (const [name, form] of [
    ['another verifier', { code_verifier: random(32) }],
    ['no verifier', { code_verifier: undefined }],
    ['another redirect_uri', { redirect_uri: CALLBACK_2 }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['an unknown code', { code: random(32) }],
])
    await row('B7', `refuses ${name}`, async () => {
        const w = wallet(),
            back = await w.authorise();
        errs(await w.redeem(back.code, { form }), ['invalid_grant', 'invalid_request']);
    });
await row('B7', 'refuses a client_id that is not who authenticates', async () => {
    const w = wallet(),
        back = await w.authorise();
    errs(
        await w.redeem(back.code, { form: { client_id: 'suite-wallet-2' } }),
        attested,
        [400, 401],
    );
});
await row('B7', 'refuses a grant that it does not know', async () =>
    errs(
        await wallet().token({ grant_type: 'password', username: 'a', password: 'b' }),
        'unsupported_grant_type',
    ),
);
await row('B7', 'refuses to answer without DPoP', async () => {
    const w = wallet(),
        back = await w.authorise();
    errs(await w.redeem(back.code, { dpop: false }), ['invalid_dpop_proof', 'invalid_request']);
});
const refresh = (w, token, tweak) =>
    w.token({ grant_type: 'refresh_token', refresh_token: token.refresh_token }, tweak);
await row('B7', 'accepts a refresh token, and gives one that works', async () => {
    const w = wallet(),
        first = await w.login();
    const second = gives(await refresh(w, first), 200).json;
    gives((await w.fetch(second)).answer, 200);
    gives(await refresh(w, second), 200);
});
for (const [name, make] of [
    ['another client', (w) => [Object.assign(wallet('suite-wallet-2'), { key: w.key }), {}]],
    ['another instance of the wallet', (w) => [Object.assign(wallet(), { key: w.key }), {}]],
    ['another DPoP key', (w) => [w, { dpop: { signer: makeKey() } }]],
])
    await row('B7', `refuses a refresh token of ${name}`, async () => {
        const w = wallet(),
            token = await w.login(),
            [who, tweak] = make(w);
        errs(await refresh(who, token, tweak), ['invalid_grant', 'invalid_dpop_proof']);
    });
await row('B7', 'refuses a refresh token without DPoP or client', async () => {
    const w = wallet(),
        token = await w.login();
    errs(await refresh(w, token, { dpop: false }), ['invalid_dpop_proof', 'invalid_request']);
    errs(
        await refresh(w, token, {
            headers: {
                'OAuth-Client-Attestation': undefined,
                'OAuth-Client-Attestation-PoP': undefined,
            },
        }),
        attested,
        [400, 401],
    );
});

// ---- B21 ----

for (const [name, query] of [
    [
        'one that it does not know',
        {
            client_id: 'suite-wallet-1',
            request_uri: `urn:ietf:params:oauth:request_uri:${random(32)}`,
        },
    ],
    [
        'no request_uri',
        {
            client_id: 'suite-wallet-1',
            response_type: 'code',
            scope: SDJWT,
            redirect_uri: CALLBACK,
            state: 'x',
        },
    ],
    [
        'an address as request_uri',
        { client_id: 'suite-wallet-1', request_uri: 'https://evil.example/r' },
    ],
    ['nothing at all', {}],
])
    await row('B21', `refuses ${name} with a page that says so`, async () => {
        const page = await look(world, `${world.url}/authorize?${new URLSearchParams(query)}`);
        has(page.status >= 400 && page.status < 500 && !page.headers.location, page.status);
        has(element(page, 'yp-error') && /invalid_request_uri/.test(page.text), page.text);
        is(page.headers['content-type'], 'text/html; charset=utf-8');
    });
await row('B21', 'gives no such page while the request is good', async () => {
    const w = wallet(),
        pushed = await w.par();
    has(!element(await look(world, w.page(pushed.json.request_uri)), 'yp-error'));
});

complete(['A1', 'A2', 'A3', 'A4', 'A9', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B21']);
world.stop();
