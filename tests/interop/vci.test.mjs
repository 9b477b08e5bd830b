// SPDX-License-Identifier: Apache-2.0
// @openid4vc/openid4vci and @openid4vc/oauth2 as a wallet of somebody else's
// against our authority; what it receives is judged by us and by others.

import * as jose from 'jose';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { instance } from './sdjwt.instance.mjs';
import { at, expect, makeKey, refuses, test, verify, write } from './support.mjs';
import { CLIENT, REDIRECT, allow, key, serve } from './vci.context.mjs';
import { holder } from './vci.wallet.mjs';

globalThis.crypto ??= crypto.webcrypto; // Node 18
const who = 'openid4vci: ';
const authority = await serve({
    'vci.deferred_seconds': 1,
    'oauth.offer_seconds': 60,
    'vci.batch': 10,
});
const MDOC = 'driving_licence_mdoc',
    SDJWT = 'resident_id_sdjwt';

const { wallet, redeem, retrieve } = holder(authority);

/** The list that a document names, from where it says that it is. */
async function listOf(credential, format) {
    const said =
        format === 'mdoc'
            ? Buffer.from(credential, 'base64url').toString('latin1')
            : Buffer.from(credential.split('.')[1], 'base64url').toString();
    const uri = new RegExp(`${authority.url}/statuslists/[0-9]+`).exec(said)[0];
    const get = () => fetch(uri, { headers: { Accept: 'application/statuslist+jwt' } });
    let answer = await get();
    // a list is published within a second of its first document
    for (let tries = 0; answer.status === 404 && tries < 600; tries++) {
        await new Promise((later) => setTimeout(later, 100));
        answer = await get();
    }
    if (answer.headers.get('content-type') !== 'application/statuslist+jwt')
        throw new Error(`${uri}: ${answer.status} ${answer.headers.get('content-type')}`);
    return answer.text();
}

const keyOf = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url')).cnf.jwk.x;

/** Each copy is for another of KEYS, and is what the authority signed. */
async function judge(credentials, keys, format) {
    if (credentials.length !== keys.length)
        throw new Error(`${credentials.length} copies for ${keys.length} keys`);
    const left = new Set(keys.map((k) => k.publicJwk.x));
    for (const { credential } of credentials) {
        const bytes = format === 'mdoc' ? Buffer.from(credential, 'base64url') : credential;
        const file = write('copy', bytes);
        const words = [
            '--format',
            format === 'mdoc' ? 'mdoc-issuer-signed' : 'sd-jwt-vc',
            ...authority.roots,
        ];
        const list = write('list.jwt', await listOf(credential, format));
        expect(verify(file, ...words, '--status', list), 'accept');
        const x =
            format === 'mdoc'
                ? [...left].find((one) => bytes.includes(Buffer.from(one, 'base64url')))
                : keyOf(credential);
        if (!left.delete(x)) throw new Error('a copy for a key that is not ours, or was used');
    }
}

const hear = (session, got) =>
    session.client.sendNotification({
        issuerMetadata: session.issuerMetadata,
        accessToken: session.token.access_token,
        dpop: got.dpop,
        notification: {
            notificationId: got.response.notification_id,
            event: 'credential_accepted',
        },
    });

// ---- the pre-authorised grant ----

for (const [id, format, by] of [
    [MDOC, 'mdoc', 'link'],
    [SDJWT, 'sd-jwt', 'reference'],
]) {
    await test(`${who}it receives ten ${format} copies by an offer (${by})`, async () => {
        const session = await redeem({ configurations: [id], by });
        const got = await retrieve(session, id, 10);
        await judge(got.response.credentials, got.keys, format);
        if (!(await hear(session, got)).ok) throw new Error('the notification was refused');
    });
    await test(`${who}it receives ${format} copies for attested keys`, async () => {
        const session = await redeem({ configurations: [id] });
        const got = await retrieve(session, id, 3, { attested: true });
        await judge(got.response.credentials, got.keys, format);
    });
}

await test(`${who}it gives the transaction code`, async () => {
    const session = await redeem(
        { configurations: [SDJWT], tx_code: '493536' },
        { txCode: '493536' },
    );
    const got = await retrieve(session, SDJWT, 1);
    await judge(got.response.credentials, got.keys, 'sd-jwt');
});
await test(`${who}we refuse another transaction code`, () =>
    refuses(redeem({ configurations: [SDJWT], tx_code: '493536' }, { txCode: '493537' })));
await test(`${who}we refuse a nonce twice`, async () => {
    const session = await redeem({ configurations: [SDJWT] });
    const nonce = (await session.client.requestNonce(session)).c_nonce;
    const once = {
        ...session,
        client: Object.create(session.client, {
            requestNonce: { value: () => ({ c_nonce: nonce }) },
        }),
    };
    await retrieve(once, SDJWT, 1);
    await refuses(retrieve(once, SDJWT, 1));
});
await test(`${who}we refuse another wallet's key at the token`, async () => {
    const session = await redeem({ configurations: [SDJWT] });
    await refuses(retrieve({ ...session, dpop: { signer: key() } }, SDJWT, 1));
});

await test(`${who}it waits for what an officer looks at`, async () => {
    const session = await redeem({ configurations: [SDJWT], officer: true });
    const got = await retrieve(session, SDJWT, 2);
    if (!got.response.transaction_id || !got.response.interval)
        throw new Error(JSON.stringify(got.response));
    const later = await session.client.retrieveDeferredCredentials({
        issuerMetadata: session.issuerMetadata,
        dpop: got.dpop,
        accessToken: session.token.access_token,
        transactionId: got.response.transaction_id,
    });
    if (later.deferredCredentialResponse.transaction_id !== got.response.transaction_id)
        throw new Error(JSON.stringify(later.deferredCredentialResponse));
});

// ---- the page ----

for (const [id, format] of [
    [MDOC, 'mdoc'],
    [SDJWT, 'sd-jwt'],
])
    await test(`${who}it receives ${format} copies by the authority's page`, async () => {
        const { client, signer } = await wallet();
        const { link } = await authority.offer({
            configurations: [id],
            grant: 'authorization_code',
        });
        const credentialOffer = await client.resolveCredentialOffer(link);
        const issuerMetadata = await client.resolveIssuerMetadata(
            credentialOffer.credential_issuer,
        );
        const started = await client.createAuthorizationRequestUrlFromOffer({
            credentialOffer,
            issuerMetadata,
            clientId: CLIENT,
            redirectUri: REDIRECT,
            dpop: { signer },
            scope: issuerMetadata.credentialIssuer.credential_configurations_supported[id].scope,
        });
        const url = await allow(started.authorizationRequestUrl);
        const back = client.parseAndVerifyAuthorizationResponseRedirectUrl({
            url,
            authorizationServerMetadata: issuerMetadata.authorizationServers[0],
        });
        // it sends no state
        if (back.iss !== authority.url || 'state' in back || !url.startsWith(REDIRECT))
            throw new Error(url);
        const { accessTokenResponse: token, dpop } =
            await client.retrieveAuthorizationCodeAccessTokenFromOffer({
                credentialOffer,
                issuerMetadata,
                authorizationCode: back.code,
                redirectUri: REDIRECT,
                pkceCodeVerifier: started.pkce.codeVerifier,
                dpop: started.dpop,
            });
        const got = await retrieve({ client, issuerMetadata, token, dpop }, id, 4);
        await judge(got.response.credentials, got.keys, format);
    });

// ---- encryption: the library sends JSON, another one encrypts it on the way ----

/** A fetch that encrypts requests for documents and decrypts the answers. */
function sealing(enc) {
    const once = makeKey();
    return async (url, init) => {
        if (!String(url).endsWith('/credential')) return fetch(url, init);
        const metadata = await (
            await fetch(`${authority.url}/.well-known/openid-credential-issuer`)
        ).json();
        const [jwk] = metadata.credential_request_encryption.jwks.keys;
        const body = {
            ...JSON.parse(init.body),
            credential_response_encryption: {
                jwk: { ...once.publicJwk, alg: 'ECDH-ES', kid: 'own', use: 'enc' },
                enc,
            },
        };
        const sealed = await new jose.CompactEncrypt(Buffer.from(JSON.stringify(body)))
            .setProtectedHeader({ alg: jwk.alg, enc, kid: jwk.kid })
            .encrypt(await jose.importJWK(jwk, jwk.alg));
        const headers = new Headers(init.headers);
        headers.set('Content-Type', 'application/jwt');
        const answer = await fetch(url, { ...init, headers, body: sealed });
        if (answer.headers.get('content-type') !== 'application/jwt')
            throw new Error(`not encrypted: ${answer.status} ${await answer.text()}`);
        const { plaintext, protectedHeader } = await jose.compactDecrypt(
            await answer.text(),
            await jose.importJWK(once.privateJwk, 'ECDH-ES'),
        );
        if (protectedHeader.enc !== enc || protectedHeader.kid !== 'own')
            throw new Error(JSON.stringify(protectedHeader));
        return new Response(plaintext, {
            status: answer.status,
            headers: { 'Content-Type': 'application/json' },
        });
    };
}

for (const enc of ['A128GCM', 'A256GCM'])
    await test(`${who}it receives encrypted copies (${enc}, by jose)`, async () => {
        const session = await redeem({ configurations: [MDOC] }, { fetch: sealing(enc) });
        const got = await retrieve(session, MDOC, 2);
        await judge(got.response.credentials, got.keys, 'mdoc');
    });

// ---- somebody else judges ----

await test(`${who}@sd-jwt/sd-jwt-vc accepts what it received`, async () => {
    const session = await redeem({ configurations: [SDJWT] });
    const got = await retrieve(session, SDJWT, 1);
    const { credential } = got.response.credentials[0];
    const [x5c] = JSON.parse(Buffer.from(credential.split('.')[0], 'base64url')).x5c;
    const certificate = new crypto.X509Certificate(Buffer.from(x5c, 'base64'));
    const root = new crypto.X509Certificate(
        fs.readFileSync(`${at('authority')}/certificates/population-root.pem`),
    );
    if (!certificate.verify(root.publicKey)) throw new Error('signed by somebody else');
    const judge = instance(certificate.publicKey.export({ format: 'jwk' }), undefined, {
        statusListFetcher: () => listOf(credential, 'sd-jwt'),
        statusVerifier: (data, signature) => {
            const [leaf] = JSON.parse(Buffer.from(data.split('.')[0], 'base64url')).x5c;
            const signer = new crypto.X509Certificate(Buffer.from(leaf, 'base64'));
            return (
                signer.verify(root.publicKey) &&
                crypto.verify(
                    'sha256',
                    Buffer.from(data),
                    { key: signer.publicKey, dsaEncoding: 'ieee-p1363' },
                    Buffer.from(signature, 'base64url'),
                )
            );
        },
    });
    const { payload } = await judge.verify(credential);
    if (payload.vct !== 'urn:yaopai:resident_id:1')
        throw new Error(JSON.stringify(payload).slice(0, 400));
});

authority.stop();
