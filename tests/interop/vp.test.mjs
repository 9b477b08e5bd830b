// SPDX-License-Identifier: Apache-2.0
// @openid4vc/openid4vp as a verifier of somebody else's that our wallet shows
// documents to; what it was shown is judged by @sd-jwt/sd-jwt-vc and @owf/mdoc,
// and whether that is what it asked for by dcql.

import { setGlobalConfig } from '@openid4vc/oauth2';
import { Openid4vpVerifier } from '@openid4vc/openid4vp';
import { DeviceResponse, SessionTranscript, Verifier } from '@owf/mdoc';
import { DcqlPresentationResult, DcqlQuery } from 'dcql';
import * as jose from 'jose';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { context } from './owf.context.mjs';
import { instance } from './sdjwt.instance.mjs';
import { at, der, makeKey, refuses, sign, test, write, yaopai } from './support.mjs';

globalThis.crypto ??= crypto.webcrypto; // Node 18
setGlobalConfig({ allowInsecureUrls: true }); // this machine only
const who = 'openid4vp: ';
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const text = (value) => b64(JSON.stringify(value));

// ---- an authority, a wallet, a registered party ----

function must(...words) {
    const run = yaopai(...words);
    if (run.code !== 0) throw new Error(`${words.join(' ')}: ${run.err}`);
}

write('passphrase', 'correct horse battery\n');
fs.chmodSync(at('passphrase'), 0o600);
const folder = at('a');
must('authority', 'init', '--demo', '-C', folder);
must('person', 'generate', '-C', folder, '--count', '1', '--seed', '7');
must('person', 'generate', '-C', folder, '--count', '1', '--seed', '7', '--out', at('p.jsonl'));
const { number } = JSON.parse(fs.readFileSync(at('p.jsonl'), 'utf8').split('\n')[0]);
must(
    'party',
    'register',
    '-C',
    folder,
    '--code',
    '91330114MAC000017N',
    '--name',
    'SPECIMEN',
    '--profile',
    'hotel',
    '--out',
    at('inn'),
);
must('wallet', 'init', '-C', at('w'), '--registrar', `${folder}/certificates/reader-root.pem`);
must(
    'document',
    'issue',
    '-C',
    folder,
    '--wallet',
    at('w'),
    '--copies',
    '8',
    '--cards',
    '0',
    '--person',
    number,
);
must('statuslist', 'publish', '-C', folder, '--output', at('lists'));
must('trust', 'publish', '-C', folder, '--output', at('t'));
const root = fs.readFileSync(`${folder}/certificates/population-root.pem`, 'utf8');

const reader = der(fs.readFileSync(at('inn/reader.pem'), 'utf8'));
const readerJwk = crypto
    .createPrivateKey(fs.readFileSync(at('inn/reader-key.pem')))
    .export({ format: 'jwk' });
const clientId = `x509_hash:${b64(crypto.createHash('sha256').update(reader).digest())}`;

// ---- the verifier ----

const SDJWT = {
    id: 'sd',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['urn:yaopai:resident_id:1'] },
    claims: [{ path: ['name'] }, { path: ['address', 'formatted'] }],
};
const MDOC = {
    id: 'mdoc',
    format: 'mso_mdoc',
    meta: { doctype_value: 'org.iso.23220.photoid.1' },
    claims: [
        { path: ['org.iso.23220.1', 'sex'] },
        { path: ['org.yaopai.resident_id.1', 'full_name'] },
    ],
};

/** What the library asks of its host; OWN is the key that answers are sealed to. */
function hostOf(own, jwk, enc, change = (payload) => payload) {
    return {
        fetch,
        hash: (data, name) =>
            new Uint8Array(crypto.createHash(name.replace('-', '')).update(data).digest()),
        generateRandom: (count) => new Uint8Array(crypto.randomBytes(count)),
        signJwt: (signer, { header, payload }) => {
            const input = `${text(header)}.${text(change(payload))}`;
            return { jwt: `${input}.${b64(sign(readerJwk, Buffer.from(input)))}`, signerJwk: jwk };
        },
        verifyJwt: () => {
            throw new Error('nothing is signed in an answer');
        },
        encryptJwe: () => {
            throw new Error('a verifier encrypts nothing');
        },
        decryptJwe: async (jwe) => {
            const { plaintext, protectedHeader } = await jose.compactDecrypt(
                jwe,
                await jose.importJWK(own.privateJwk, 'ECDH-ES'),
            );
            if (!enc.includes(protectedHeader.enc) || protectedHeader.kid !== 'own')
                throw new Error(JSON.stringify(protectedHeader));
            return {
                decrypted: true,
                decryptionJwk: jwk,
                payload: Buffer.from(plaintext).toString(),
            };
        },
    };
}
const METADATA = {
    vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
    },
};
const SIGNER = { method: 'x5c', alg: 'ES256', x5c: [Buffer.from(reader).toString('base64')] };
const AUD = { aud: 'https://self-issued.me/v2' };

/** One session: asks for CREDENTIALS; gives what the wallet printed, and what
 *  the library read of the answer. */
async function session(
    credentials,
    { mode = 'direct_post.jwt', enc = ['A256GCM'], words = [], change, by = 'GET', more = {} } = {},
) {
    const own = makeKey();
    const ask = { jwk: { ...own.publicJwk, kid: 'own', use: 'enc', alg: 'ECDH-ES' } };
    const callbacks = hostOf(own, ask.jwk, enc, change);
    const verifier = new Openid4vpVerifier({ callbacks });
    const seen = { posts: 0 };
    const server = http.createServer((request, answer) => {
        let body = '';
        request.on('data', (data) => (body += data));
        request.on('end', async () => {
            if (request.url === '/request') {
                const nonce = new URLSearchParams(body).get('wallet_nonce');
                const jwt = await make(nonce ?? undefined);
                answer.setHeader('Content-Type', 'application/oauth-authz-req+jwt').end(jwt);
            } else {
                seen.posts += 1;
                seen.body = Object.fromEntries(new URLSearchParams(body));
                answer.setHeader('Content-Type', 'application/json').end('{}');
            }
        });
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${server.address().port}`;
    const payload = {
        response_type: 'vp_token',
        response_mode: mode,
        client_id: clientId,
        response_uri: `${url}/response`,
        nonce: b64(crypto.randomBytes(32)),
        state: b64(crypto.randomBytes(16)),
        dcql_query: { credentials },
        client_metadata: {
            ...(mode.endsWith('jwt')
                ? { jwks: { keys: [ask.jwk] }, encrypted_response_enc_values_supported: enc }
                : {}),
            ...METADATA,
        },
        ...more,
    };
    const make = async (wallet_nonce) =>
        (
            await verifier.createOpenId4vpAuthorizationRequest({
                authorizationRequestPayload: {
                    ...payload,
                    ...(wallet_nonce ? { wallet_nonce } : {}),
                },
                wallet: wallet_nonce ? { expectedNonce: wallet_nonce } : undefined,
                jar: {
                    requestUri: `${url}/request`,
                    expiresInSeconds: 300,
                    additionalJwtPayload: AUD,
                    jwtSigner: SIGNER,
                },
            })
        ).jar.authorizationRequestJwt;
    const link = `openid4vp://?${new URLSearchParams({
        client_id: clientId,
        request_uri: `${url}/request`,
        ...(by === 'POST' ? { request_uri_method: 'post' } : {}),
    })}`;
    const said = await present(link, words);
    server.close();
    const parsed = seen.posts
        ? () =>
              verifier.parseOpenid4vpAuthorizationResponse({
                  callbacks,
                  authorizationRequestPayload: payload,
                  authorizationResponse: seen.body,
              })
        : undefined;
    return { ...said, ...seen, payload, jwk: ask.jwk, parsed, verifier };
}

const SHOP = 'https://shop.example';
/** The same by a page of SHOP and its browser, which is a file here. */
async function byPage(credentials, signed, enc, from = SHOP) {
    const own = makeKey(),
        jwk = { ...own.publicJwk, kid: 'own', use: 'enc', alg: 'ECDH-ES' };
    const callbacks = hostOf(own, jwk, [enc]),
        verifier = new Openid4vpVerifier({ callbacks });
    const payload = {
        response_type: 'vp_token',
        response_mode: 'dc_api.jwt',
        nonce: b64(crypto.randomBytes(32)),
        dcql_query: { credentials },
        ...(signed ? { client_id: clientId, expected_origins: [SHOP] } : {}),
        client_metadata: {
            jwks: { keys: [jwk] },
            encrypted_response_enc_values_supported: [enc],
            ...METADATA,
        },
    };
    const made = await verifier.createOpenId4vpAuthorizationRequest({
        authorizationRequestPayload: payload,
        ...(signed
            ? { jar: { expiresInSeconds: 300, additionalJwtPayload: AUD, jwtSigner: SIGNER } }
            : {}),
    });
    const protocol = `openid4vp-v1-${signed ? 'signed' : 'unsigned'}`;
    const page = write(
        'page.json',
        JSON.stringify({
            requests: [
                {
                    protocol,
                    data: signed ? { request: made.jar.authorizationRequestJwt } : payload,
                },
            ],
        }),
    );
    fs.rmSync(at('answer.json'), { force: true });
    const said = await present(undefined, [
        '--dc-api',
        page,
        '--origin',
        from,
        '--output',
        at('answer.json'),
    ]);
    const parsed = async () => {
        const { protocol: by, data } = JSON.parse(fs.readFileSync(at('answer.json'), 'utf8'));
        if (by !== protocol) throw new Error(by);
        return verifier.parseOpenid4vpAuthorizationResponse({
            callbacks,
            origin: SHOP,
            authorizationRequestPayload: payload,
            authorizationResponse: data,
        });
    };
    return { ...said, payload, jwk, parsed, origin: SHOP };
}

/** Our wallet as a program beside this one. */
const present = (link, words) =>
    new Promise((ended) => {
        const child = spawn(
            process.env.YAOPAI,
            [
                'wallet',
                'present',
                '-C',
                at('w'),
                '--local',
                '--yes',
                '--json',
                '--trust',
                at('t/bundle.cose'),
                '--trust-anchor',
                at('t/trust-root.pem'),
                ...words,
                ...(link ? [link] : []),
            ],
            {
                stdio: ['ignore', 'pipe', 'pipe'],
                env: {
                    ...process.env,
                    LC_ALL: 'C.UTF-8',
                    YAOPAI_PASSPHRASE_FILE: at('passphrase'),
                },
            },
        );
        let out = '',
            err = '';
        child.stdout.on('data', (data) => (out += data));
        child.stderr.on('data', (data) => (err += data));
        child.on('close', (code) => ended({ code, out, err }));
    });

// ---- judges ----

async function judgeSdjwt(got, token) {
    const { x5c } = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
    const signer = new crypto.X509Certificate(Buffer.from(x5c[0], 'base64'));
    if (!signer.verify(new crypto.X509Certificate(root).publicKey))
        throw new Error('the signer is not of the population root');
    const lists = {
        statusListFetcher: async (uri) =>
            fs.readFileSync(at(`lists/${uri.split('/').pop()}.jwt`), 'utf8').trim(),
        statusVerifier: async () => true,
    };
    const sdjwt = instance(signer.publicKey.export({ format: 'jwk' }), undefined, lists);
    const { payload, kb } = await sdjwt.verify(token, { keyBindingNonce: got.payload.nonce });
    got.kb = kb.payload;
    if (!payload.name || !payload.address?.formatted || 'ethnicity' in payload)
        throw new Error(Object.keys(payload).join(' '));
    if (kb.payload.aud !== (got.origin ? `origin:${got.origin}` : clientId))
        throw new Error(`for ${kb.payload.aud}`);
    return {
        credential_format: 'dc+sd-jwt',
        vct: payload.vct,
        claims: payload,
        cryptographic_holder_binding: true,
    };
}

async function judgeMdoc(got, encoded, nonce = got.payload.nonce) {
    const sealed = got.payload.response_mode.endsWith('.jwt');
    const jwkThumbprint = sealed
        ? Buffer.from(await jose.calculateJwkThumbprint(got.jwk), 'base64url')
        : undefined;
    const bound = { nonce, jwkThumbprint: jwkThumbprint && new Uint8Array(jwkThumbprint) };
    const deviceResponse = DeviceResponse.decode(new Uint8Array(Buffer.from(encoded, 'base64url')));
    await Verifier.verifyDeviceResponse(
        {
            deviceResponse,
            sessionTranscript: await (got.origin
                ? SessionTranscript.forOid4VpDcApi({ ...bound, origin: got.origin }, context)
                : SessionTranscript.forOid4Vp(
                      { ...bound, clientId, responseUri: got.payload.response_uri },
                      context,
                  )),
            trustedCertificates: [der(root)],
        },
        context,
    );
    const [document] = deviceResponse.documents,
        namespaces = {};
    for (const [space, items] of document.issuerSigned.issuerNamespaces.issuerNamespaces)
        namespaces[space] = Object.fromEntries(
            items.map((item) => [item.elementIdentifier, item.elementValue]),
        );
    return {
        credential_format: 'mso_mdoc',
        doctype: document.docType,
        namespaces,
        cryptographic_holder_binding: true,
    };
}

/** Does what came satisfy CREDENTIALS, one of each and nothing else? */
function judgeAnswer(credentials, came) {
    const query = DcqlQuery.parse({ credentials });
    DcqlQuery.validate(query);
    return DcqlPresentationResult.fromDcqlPresentation(came, { dcqlQuery: query }).can_be_satisfied;
}

async function shown(credentials, how) {
    const got = await session(credentials, how);
    if (got.code !== 0 || got.posts !== 1) throw new Error(`${got.code} ${got.err}`);
    await judge(got, credentials);
    return got;
}
async function judge(got, credentials) {
    const {
        dcql: { presentations },
    } = await got.parsed();
    if (Object.keys(presentations).length !== credentials.length)
        throw new Error(Object.keys(presentations).join(' '));
    const came = {};
    if (presentations.sd) came.sd = [await judgeSdjwt(got, presentations.sd[0])];
    if (presentations.mdoc) {
        came.mdoc = [await judgeMdoc(got, presentations.mdoc[0])];
        await refuses(judgeMdoc(got, presentations.mdoc[0], 'another nonce'));
    }
    const more = {
        path: credentials[0] === MDOC ? ['org.iso.23220.1', 'birth_date'] : ['birthdate'],
    };
    if (
        !judgeAnswer(credentials, came) ||
        judgeAnswer(
            [
                { ...credentials[0], claims: [...credentials[0].claims, more] },
                ...credentials.slice(1),
            ],
            came,
        )
    )
        throw new Error('another query is answered');
}

// ---- rows ----

for (const enc of ['A128GCM', 'A256GCM'])
    for (const [name, credentials] of [
        ['SD-JWT', [SDJWT]],
        ['mdoc', [MDOC]],
        ['both', [SDJWT, MDOC]],
    ])
        await test(`${who}it is shown ${name} under ${enc}`, () =>
            shown(credentials, { enc: [enc] }));
await test(`${who}it is shown both, with the wallet's nonce`, () =>
    shown([SDJWT, MDOC], { by: 'POST' }));
await test(`${who}it is shown both in clear, where the person says so`, () =>
    shown([SDJWT, MDOC], { mode: 'direct_post', words: ['--unencrypted'] }));

for (const enc of ['A128GCM', 'A256GCM'])
    for (const [name, credentials] of [
        ['SD-JWT', [SDJWT]],
        ['mdoc', [MDOC]],
        ['both', [SDJWT, MDOC]],
    ])
        await test(`${who}it is shown ${name} by a page under ${enc}`, async () => {
            const got = await byPage(credentials, true, enc);
            if (got.code !== 0) throw new Error(got.err);
            await judge(got, credentials);
        });
await test(`${who}it is shown nothing by another page than it named`, async () => {
    const got = await byPage([SDJWT], true, 'A256GCM', 'https://x.example');
    if (got.code === 0 || fs.existsSync(at('answer.json'))) throw new Error(got.out);
});
await test(`${who}it is shown nothing by a page for which nobody signed`, async () => {
    const got = await byPage([SDJWT], false, 'A256GCM');
    if (got.code === 0 || fs.existsSync(at('answer.json'))) throw new Error(got.out);
});

await test(`${who}it hears that the person agrees to a payment`, async () => {
    const transactionData = [
        text({
            type: 'urn:yaopai:payment:1',
            credential_ids: ['sd'],
            payee: 'SPECIMEN',
            amount: '12.00',
            currency: 'CNY',
        }),
    ];
    const got = await shown([SDJWT], { more: { transaction_data: transactionData } });
    const agreed = (data) =>
        got.verifier.verifyTransactionData({
            transactionData: data,
            credentials: { sd: [got.kb] },
        });
    if ((await agreed(transactionData)).length !== 1) throw new Error(JSON.stringify(got.kb));
    await refuses(
        agreed([
            text({
                type: 'urn:yaopai:payment:1',
                credential_ids: ['sd'],
                payee: 'SPECIMEN',
                amount: '99.00',
                currency: 'CNY',
            }),
        ]),
    );
});

async function nothing(credentials, how, posts = 0) {
    const got = await session(credentials, how);
    if (got.code === 0 || got.posts !== posts || got.body?.response || got.body?.vp_token)
        throw new Error(`${got.code} ${got.posts} ${got.err}`);
}
await test(`${who}it is shown nothing in clear unasked`, () =>
    nothing([SDJWT], { mode: 'direct_post' }));
await test(`${who}it is shown nothing that it did not register`, () =>
    nothing([{ ...SDJWT, claims: [{ path: ['ethnicity'] }] }]));
await test(`${who}it is shown nothing for another audience`, () =>
    nothing([SDJWT], { change: (payload) => ({ ...payload, aud: 'https://x.example' }) }));
await test(`${who}it hears a no and nothing else`, () =>
    nothing([{ ...SDJWT, claims: [{ path: ['name'], values: ['SPECIMEN nobody'] }] }], {}, 1));
