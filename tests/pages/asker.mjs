// SPDX-License-Identifier: Apache-2.0
//
// Somebody who asks a wallet on line, with a certificate of a registered party
// and whatever they like in the request; and somebody who offers documents.

import {
    createHash,
    createPrivateKey,
    generateKeyPairSync,
    randomBytes,
    sign,
    X509Certificate,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const b64 = (data) => Buffer.from(data).toString('base64url');
const json = (value) => b64(JSON.stringify(value));

export const HOTEL = ['name', 'sex', 'birthdate'].map((name) => ({ path: [name] }));

/** A server of another origin: ROUTES are {"/path": (request, body) => [type, body] or [type, body, status]}. */
export async function serve(routes) {
    const server = http.createServer((request, answer) => {
        let body = '';
        request.on('data', (data) => (body += data));
        request.on('end', () => {
            server.seen.push(`${request.method} ${request.url}`);
            const found = routes[new URL(request.url, 'http://x').pathname]?.(request, body) ?? [
                'text/plain',
                'nothing',
                404,
            ];
            answer
                .writeHead(request.method === 'OPTIONS' ? 204 : (found[2] ?? 200), {
                    'Content-Type': found[0],
                    'Access-Control-Allow-Origin': '*',
                    'Access-Control-Allow-Headers': '*',
                })
                .end(found[1]);
        });
    });
    server.seen = [];
    server.told = [];
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    server.url = `http://asker.localhost:${server.address().port}`;
    return server;
}

/** A request by the party whose key and certificate are in FOLDER. Gives {link, seen, close}; MORE goes into the payload. */
export async function ask(folder, { query, more = {}, key }) {
    const certificate = new X509Certificate(readFileSync(`${folder}/reader.pem`)).raw;
    const signing = key ?? createPrivateKey(readFileSync(`${folder}/reader-key.pem`));
    const clientId = `x509_hash:${createHash('sha256').update(certificate).digest('base64url')}`;
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
        format: 'jwk',
    });
    const server = await serve({
        '/request': (request, body) => [
            'application/oauth-authz-req+jwt',
            make(new URLSearchParams(body).get('wallet_nonce')),
        ],
        '/response': (request, body) => {
            server.told.push(body);
            return ['application/json', '{}'];
        },
    });
    function make(nonce) {
        const now = Math.floor(Date.now() / 1000);
        const input = `${json({ alg: 'ES256', typ: 'oauth-authz-req+jwt', x5c: [certificate.toString('base64')] })}.${json(
            {
                response_type: 'vp_token',
                response_mode: 'direct_post.jwt',
                client_id: clientId,
                aud: 'https://self-issued.me/v2',
                response_uri: `${server.url}/response`,
                nonce: b64(randomBytes(32)),
                state: b64(randomBytes(16)),
                iat: now,
                exp: now + 300,
                ...(nonce ? { wallet_nonce: nonce } : {}),
                dcql_query: query ?? {
                    credentials: [
                        {
                            id: 'a',
                            format: 'dc+sd-jwt',
                            meta: { vct_values: ['urn:yaopai:resident_id:1'] },
                            claims: HOTEL,
                        },
                    ],
                },
                client_metadata: {
                    jwks: { keys: [{ ...own, kid: 'own', use: 'enc', alg: 'ECDH-ES' }] },
                    encrypted_response_enc_values_supported: ['A256GCM'],
                    vp_formats_supported: {
                        'dc+sd-jwt': {
                            'sd-jwt_alg_values': ['ES256'],
                            'kb-jwt_alg_values': ['ES256'],
                        },
                        mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
                    },
                },
                ...more,
            },
        )}`;
        return `${input}.${b64(sign('sha256', Buffer.from(input), { key: signing, dsaEncoding: 'ieee-p1363' }))}`;
    }
    return {
        link: `openid4vp://?${new URLSearchParams({ client_id: clientId, request_uri: `${server.url}/request` })}`,
        // to say no is no answer: it tells nothing but that
        server,
        answered: () =>
            server.told.some(
                (body) =>
                    !/^error=[a-z_]+(&state=[\w-]+)?$|^state=[\w-]+&error=[a-z_]+$/.test(body),
            ),
    };
}
