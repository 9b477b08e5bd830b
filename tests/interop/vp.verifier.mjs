// SPDX-License-Identifier: Apache-2.0
// A verifier of somebody else's (@openid4vc/openid4vp) with the certificate of a
// party, and judges of what it is shown: @sd-jwt/sd-jwt-vc and @owf/mdoc, and dcql
// for whether that is what was asked for. Our wallet's program and its page answer it.

import { setGlobalConfig } from '@openid4vc/oauth2';
import { Openid4vpVerifier } from '@openid4vc/openid4vp';
import { DeviceResponse, SessionTranscript, Verifier } from '@owf/mdoc';
import { DcqlPresentationResult, DcqlQuery } from 'dcql';
import * as jose from 'jose';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { context } from './owf.context.mjs';
import { instance } from './sdjwt.instance.mjs';
import { der, makeKey, refuses, sign } from './support.mjs';

globalThis.crypto ??= crypto.webcrypto; // Node 18
setGlobalConfig({ allowInsecureUrls: true }); // this machine only
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
export const text = (value) => b64(JSON.stringify(value));

export const SDJWT = {
    id: 'sd',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['urn:yaopai:resident_id:1'] },
    claims: [{ path: ['name'] }, { path: ['address', 'formatted'] }],
};
export const MDOC = {
    id: 'mdoc',
    format: 'mso_mdoc',
    meta: { doctype_value: 'org.iso.23220.photoid.1' },
    claims: [
        { path: ['org.iso.23220.1', 'sex'] },
        { path: ['org.yaopai.resident_id.1', 'full_name'] },
    ],
};

const METADATA = {
    vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
    },
};
const AUD = { aud: 'https://self-issued.me/v2' };
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

/** What the library asks of its host; OWN is the key that answers are sealed to. */
function hostOf(own, jwk, enc, readerJwk, change = (payload) => payload) {
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

/** A party whose certificate and key are files of PEM. */
export class Party {
    constructor(certificate, key) {
        this.certificate = der(fs.readFileSync(certificate, 'utf8'));
        this.jwk = crypto.createPrivateKey(fs.readFileSync(key)).export({ format: 'jwk' });
        const hash = crypto.createHash('sha256').update(this.certificate).digest();
        this.clientId = `x509_hash:${b64(hash)}`;
        this.signer = {
            method: 'x5c',
            alg: 'ES256',
            x5c: [Buffer.from(this.certificate).toString('base64')],
        };
    }

    /* A key of one session, and the library with it. */
    #begin(enc, change) {
        const own = makeKey();
        const jwk = { ...own.publicJwk, kid: 'own', use: 'enc', alg: 'ECDH-ES' };
        const callbacks = hostOf(own, jwk, enc, this.jwk, change);
        return { jwk, callbacks, verifier: new Openid4vpVerifier({ callbacks }) };
    }

    /**
     * Ask for CREDENTIALS by a server of its own at HOST: gives {link, seen: {posts, body},
     * payload, jwk, verifier, parsed(), close()}.
     */
    async serve(
        credentials,
        {
            mode = 'direct_post.jwt',
            enc = ['A256GCM'],
            by = 'GET',
            host = '127.0.0.1',
            more = {},
            change,
        } = {},
    ) {
        const { jwk, callbacks, verifier } = this.#begin(enc, change);
        const seen = { posts: 0 };
        const server = http.createServer((request, answer) => {
            let body = '';
            request.on('data', (data) => (body += data));
            request.on('end', async () => {
                if (request.method === 'OPTIONS') {
                    answer.writeHead(204, CORS).end();
                } else if (request.url === '/request') {
                    const nonce = new URLSearchParams(body).get('wallet_nonce');
                    const jwt = await make(nonce ?? undefined);
                    answer
                        .writeHead(200, {
                            ...CORS,
                            'Content-Type': 'application/oauth-authz-req+jwt',
                        })
                        .end(jwt);
                } else {
                    seen.posts += 1;
                    seen.body = Object.fromEntries(new URLSearchParams(body));
                    answer
                        .writeHead(200, { ...CORS, 'Content-Type': 'application/json' })
                        .end('{}');
                }
            });
        });
        await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
        const url = `http://${host}:${server.address().port}`;
        const payload = {
            response_type: 'vp_token',
            response_mode: mode,
            client_id: this.clientId,
            response_uri: `${url}/response`,
            nonce: b64(crypto.randomBytes(32)),
            state: b64(crypto.randomBytes(16)),
            dcql_query: { credentials },
            client_metadata: {
                ...(mode.endsWith('jwt')
                    ? { jwks: { keys: [jwk] }, encrypted_response_enc_values_supported: enc }
                    : {}),
                ...METADATA,
            },
            ...more,
        };
        const make = async (walletNonce) =>
            (
                await verifier.createOpenId4vpAuthorizationRequest({
                    authorizationRequestPayload: {
                        ...payload,
                        ...(walletNonce ? { wallet_nonce: walletNonce } : {}),
                    },
                    wallet: walletNonce ? { expectedNonce: walletNonce } : undefined,
                    jar: {
                        requestUri: `${url}/request`,
                        expiresInSeconds: 300,
                        additionalJwtPayload: AUD,
                        jwtSigner: this.signer,
                    },
                })
            ).jar.authorizationRequestJwt;
        const link = `openid4vp://?${new URLSearchParams({
            client_id: this.clientId,
            request_uri: `${url}/request`,
            ...(by === 'POST' ? { request_uri_method: 'post' } : {}),
        })}`;
        return {
            link,
            seen,
            payload,
            jwk,
            verifier,
            clientId: this.clientId,
            parsed: () =>
                verifier.parseOpenid4vpAuthorizationResponse({
                    callbacks,
                    authorizationRequestPayload: payload,
                    authorizationResponse: seen.body,
                }),
            close: () => server.close(),
        };
    }

    /**
     * The same as a page of ORIGIN hands it to its browser: gives {protocol, data, payload, jwk,
     * verifier, origin, parsed(response)}.
     */
    async forPage(credentials, origin, { signed, enc }) {
        const { jwk, callbacks, verifier } = this.#begin([enc]);
        const payload = {
            response_type: 'vp_token',
            response_mode: 'dc_api.jwt',
            nonce: b64(crypto.randomBytes(32)),
            dcql_query: { credentials },
            ...(signed ? { client_id: this.clientId, expected_origins: [origin] } : {}),
            client_metadata: {
                jwks: { keys: [jwk] },
                encrypted_response_enc_values_supported: [enc],
                ...METADATA,
            },
        };
        const made = await verifier.createOpenId4vpAuthorizationRequest({
            authorizationRequestPayload: payload,
            ...(signed
                ? {
                      jar: {
                          expiresInSeconds: 300,
                          additionalJwtPayload: AUD,
                          jwtSigner: this.signer,
                      },
                  }
                : {}),
        });
        return {
            protocol: `openid4vp-v1-${signed ? 'signed' : 'unsigned'}`,
            data: signed ? { request: made.jar.authorizationRequestJwt } : payload,
            payload,
            jwk,
            verifier,
            origin,
            clientId: this.clientId,
            parsed: (response) =>
                verifier.parseOpenid4vpAuthorizationResponse({
                    callbacks,
                    origin,
                    authorizationRequestPayload: payload,
                    authorizationResponse: response,
                }),
        };
    }
}

// ---- judges ----

/** Judges who trust the population root ROOT (PEM); FETCHLIST(uri) gives a status list. */
export class Judges {
    constructor(root, fetchList) {
        this.root = root;
        this.fetchList = fetchList;
    }

    async sdjwt(got, token) {
        const { x5c } = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
        const signer = new crypto.X509Certificate(Buffer.from(x5c[0], 'base64'));
        if (!signer.verify(new crypto.X509Certificate(this.root).publicKey))
            throw new Error('the signer is not of the population root');
        const lists = {
            statusListFetcher: async (uri) => this.fetchList(uri),
            statusVerifier: async () => true,
        };
        const sdjwt = instance(signer.publicKey.export({ format: 'jwk' }), undefined, lists);
        const { payload, kb } = await sdjwt.verify(token, { keyBindingNonce: got.payload.nonce });
        got.kb = kb.payload;
        if (!payload.name || !payload.address?.formatted || 'ethnicity' in payload)
            throw new Error(Object.keys(payload).join(' '));
        if (kb.payload.aud !== (got.origin ? `origin:${got.origin}` : got.clientId))
            throw new Error(`for ${kb.payload.aud}`);
        return {
            credential_format: 'dc+sd-jwt',
            vct: payload.vct,
            claims: payload,
            cryptographic_holder_binding: true,
        };
    }

    async mdoc(got, encoded, nonce = got.payload.nonce) {
        const sealed = got.payload.response_mode.endsWith('.jwt');
        const jwkThumbprint = sealed
            ? Buffer.from(await jose.calculateJwkThumbprint(got.jwk), 'base64url')
            : undefined;
        const bound = { nonce, jwkThumbprint: jwkThumbprint && new Uint8Array(jwkThumbprint) };
        const deviceResponse = DeviceResponse.decode(
            new Uint8Array(Buffer.from(encoded, 'base64url')),
        );
        await Verifier.verifyDeviceResponse(
            {
                deviceResponse,
                sessionTranscript: await (got.origin
                    ? SessionTranscript.forOid4VpDcApi({ ...bound, origin: got.origin }, context)
                    : SessionTranscript.forOid4Vp(
                          {
                              ...bound,
                              clientId: got.clientId,
                              responseUri: got.payload.response_uri,
                          },
                          context,
                      )),
                trustedCertificates: [der(this.root)],
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

    /** What GOT brought in PRESENTATIONS is what CREDENTIALS asked for, and no more: gives it by ids. */
    async judge(got, credentials, presentations) {
        if (Object.keys(presentations).length !== credentials.length)
            throw new Error(Object.keys(presentations).join(' '));
        const came = {};
        if (presentations.sd) came.sd = [await this.sdjwt(got, presentations.sd[0])];
        if (presentations.mdoc) {
            came.mdoc = [await this.mdoc(got, presentations.mdoc[0])];
            await refuses(this.mdoc(got, presentations.mdoc[0], 'another nonce'));
        }
        const more = {
            path: credentials[0] === MDOC ? ['org.iso.23220.1', 'birth_date'] : ['birthdate'],
        };
        if (
            !fits(credentials, came) ||
            fits(
                [
                    { ...credentials[0], claims: [...credentials[0].claims, more] },
                    ...credentials.slice(1),
                ],
                came,
            )
        )
            throw new Error('another query is answered');
        return came;
    }
}

/** Does what came satisfy CREDENTIALS, one of each and nothing else? */
function fits(credentials, came) {
    const query = DcqlQuery.parse({ credentials });
    DcqlQuery.validate(query);
    return DcqlPresentationResult.fromDcqlPresentation(came, { dcqlQuery: query }).can_be_satisfied;
}
