// SPDX-License-Identifier: Apache-2.0
// A wallet of somebody else's before our desk: the request is fetched, checked
// and read by @openid4vc/openid4vp, what fits is found by dcql, an mdoc is shown
// by @owf/mdoc, an SD-JWT VC by @sd-jwt/sd-jwt-vc; jose encrypts. In every place
// it can be bent.

import { Openid4vpClient } from '@openid4vc/openid4vp';
import {
    CoseKey,
    DeviceRequest,
    DocRequest,
    Holder,
    IssuerSigned,
    ItemsRequest,
    SessionTranscript,
} from '@owf/mdoc';
import { DcqlQuery } from 'dcql';
import * as jose from 'jose';
import crypto from 'node:crypto';
import { context } from './owf.context.mjs';
import { instance } from './sdjwt.instance.mjs';
import { digest, makeKey, sign } from './support.mjs';
import { callbacks as issuing, secretOf } from './vci.context.mjs';

// The library posts the members of wallet_metadata as parameters, and its nonce
// not at all; OpenID4VP 1.0 section 5.10 has two parameters. They are mended on
// the way; that the nonce comes back is for the library to check.
function withNonce(init) {
    const nonce = new URLSearchParams(init.body).get('wallet_nonce');
    return nonce === null
        ? init
        : {
              ...init,
              body: new URLSearchParams({
                  wallet_nonce: nonce,
                  wallet_metadata: JSON.stringify({ vp_formats_supported: {} }),
              }),
          };
}

/** Who asks has to have a certificate of ROOT (a reader's), by x509_hash. */
const callbacks = (root, enc) => ({
    ...issuing,
    fetch: (url, init) => fetch(url, withNonce(init)),
    verifyJwt: async (signer, { compact }) => {
        const chain = signer.x5c.map((c) => new crypto.X509Certificate(Buffer.from(c, 'base64')));
        if (!chain.at(-1).verify(new crypto.X509Certificate(root).publicKey))
            return { verified: false };
        await jose.compactVerify(compact, chain[0].publicKey, { algorithms: ['ES256'] });
        return { verified: true, signerJwk: chain[0].publicKey.export({ format: 'jwk' }) };
    },
    getX509CertificateMetadata: (certificate) => {
        const names =
            new crypto.X509Certificate(Buffer.from(certificate, 'base64')).subjectAltName?.split(
                ', ',
            ) ?? [];
        const of = (kind) =>
            names.filter((n) => n.startsWith(kind)).map((n) => n.slice(kind.length));
        return { sanDnsNames: of('DNS:'), sanUriNames: of('URI:') };
    },
    encryptJwe: async ({ publicJwk, apu, apv, alg }, payload) => {
        const jwe = await new jose.CompactEncrypt(Buffer.from(payload))
            .setProtectedHeader({ alg, enc, kid: publicJwk.kid })
            .setKeyManagementParameters({
                ...(apu ? { apu: Buffer.from(apu, 'base64url') } : {}),
                ...(apv ? { apv: Buffer.from(apv, 'base64url') } : {}),
            })
            .encrypt(await jose.importJWK(publicJwk, alg));
        return { jwe, encryptionJwk: publicJwk };
    },
});

// ---- what it holds ----

/** A copy {format, key, encoded} as dcql and the library see it. */
function hold(copy) {
    const one = { ...copy, secret: secretOf(copy.key) };
    if (copy.format === 'mso_mdoc') {
        one.mdoc = IssuerSigned.decode(new Uint8Array(Buffer.from(copy.encoded, 'base64url')));
        const namespaces = {};
        for (const [space, items] of one.mdoc.issuerNamespaces.issuerNamespaces)
            namespaces[space] = Object.fromEntries(
                items.map((item) => [item.elementIdentifier, item.elementValue]),
            );
        one.dcql = {
            credential_format: 'mso_mdoc',
            namespaces,
            cryptographic_holder_binding: true,
            doctype: one.mdoc.issuerAuth.mobileSecurityObject.docType,
        };
    } else {
        one.issuer = JSON.parse(Buffer.from(copy.encoded.split('.')[0], 'base64url'));
    }
    return one;
}

async function claimsOf(one) {
    const signer = new crypto.X509Certificate(Buffer.from(one.issuer.x5c[0], 'base64'));
    one.issuerKey = signer.publicKey.export({ format: 'jwk' });
    const claims = await instance(one.issuerKey).getClaims(one.encoded);
    one.dcql = {
        credential_format: 'dc+sd-jwt',
        vct: claims.vct,
        claims,
        cryptographic_holder_binding: true,
    };
}

// ---- what it shows ----

const other = () => ({ ...makeKey().privateJwk, alg: 'ES256' });

/** bend: what is wrong with it: {nonce, audience, uri, origin, later}, `key` for
 *  another holder's, `disclose(array)` changes a disclosure before its holder
 *  signs, `hashes` are those of transactions. */
async function showMdoc(one, asked, { clientId, nonce, uri, origin, thumbprint }, bend) {
    const namespaces = {};
    for (const {
        path: [space, element],
    } of asked.claims)
        (namespaces[space] ??= {})[element] = false;
    const bound = { nonce: bend.nonce ?? nonce, jwkThumbprint: bend.thumbprint ?? thumbprint };
    const response = await Holder.createDeviceResponseForDeviceRequest(
        {
            deviceRequest: DeviceRequest.create({
                docRequests: [
                    DocRequest.create({
                        itemsRequest: ItemsRequest.create({
                            docType: one.dcql.doctype,
                            namespaces,
                        }),
                    }),
                ],
            }),
            sessionTranscript: await (origin
                ? SessionTranscript.forOid4VpDcApi(
                      { ...bound, origin: bend.origin ?? origin },
                      context,
                  )
                : SessionTranscript.forOid4Vp(
                      {
                          ...bound,
                          clientId: bend.audience ?? clientId,
                          responseUri: bend.uri ?? uri,
                      },
                      context,
                  )),
            issuerSigned: [one.mdoc],
            signature: {
                signingKey: CoseKey.fromJwk(bend.key ? other() : { ...one.secret, alg: 'ES256' }),
            },
        },
        context,
    );
    return Buffer.from(response.encode()).toString('base64url');
}

async function showSdjwt(one, asked, { clientId, nonce, transactions }, bend) {
    const frame = {};
    for (const { path } of asked.claims)
        path.reduce(
            (at, step, i) => (at[step] = i + 1 < path.length ? (at[step] ?? {}) : true),
            frame,
        );
    const sdjwt = instance(one.issuerKey, bend.key ? other() : one.secret);
    const token = await sdjwt.present(one.encoded, frame, {
        kb: {
            payload: {
                iat: Math.floor(Date.now() / 1000) + (bend.later ?? 0),
                nonce: bend.nonce ?? nonce,
                aud: bend.audience ?? clientId,
                ...agreed(bend.hashes ?? transactions),
            },
        },
    });
    return bend.disclose ? bindAgain(token, one.secret, bend.disclose) : token;
}

/** What a KB-JWT says of transactions (OpenID4VP 1.0 8.4). */
const agreed = (hashes) =>
    hashes?.length
        ? { transaction_data_hashes: hashes, transaction_data_hashes_alg: 'sha-256' }
        : {};
const hashOf = ({ encoded }) =>
    Buffer.from(digest('SHA-256', Buffer.from(encoded))).toString('base64url');

/** One disclosure changed, and all of it signed by its holder as it is then. */
function bindAgain(token, secret, change) {
    const parts = token.split('~'),
        [header, payload] = parts.pop().split('.');
    const read = (part) => JSON.parse(Buffer.from(part, 'base64url'));
    const text = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    parts[1] = text(change(read(parts[1])));
    const rest = `${parts.join('~')}~`;
    const input = `${header}.${text({
        ...read(payload),
        sd_hash: Buffer.from(digest('SHA-256', Buffer.from(rest))).toString('base64url'),
    })}`;
    return `${rest}${input}.${Buffer.from(sign(secret, Buffer.from(input))).toString('base64url')}`;
}

// ---- the conversation ----

/** A wallet that holds COPIES and believes readers of ROOT. */
export class Wallet {
    constructor(root, copies, enc = 'A256GCM') {
        this.enc = enc;
        this.copies = copies.map(hold);
        this.client = new Openid4vpClient({ callbacks: callbacks(root, enc) });
    }

    /** Fetch what LINK leads to; POST with a nonce of its own. */
    async read(link, { walletNonce } = {}) {
        const { params } = await this.client.parseOpenid4vpAuthorizationRequest({
            authorizationRequest: link,
        });
        const wallet = walletNonce
            ? { expectedNonce: walletNonce, metadata: { wallet_nonce: walletNonce } }
            : undefined;
        return this.client.resolveOpenId4vpAuthorizationRequest({
            authorizationRequestPayload: params,
            wallet,
        });
    }

    /** What a page of ORIGIN handed to the browser: {protocol, data}. */
    readPage({ data }, origin) {
        return this.client.resolveOpenId4vpAuthorizationRequest({
            authorizationRequestPayload: data,
            origin,
        });
    }

    /** The first of its copies that fits each of the queries. */
    async choose(request) {
        for (const one of this.copies.filter((o) => o.issuer && !o.sdjwt)) await claimsOf(one);
        const query = DcqlQuery.parse(request.dcql.query);
        DcqlQuery.validate(query);
        const found = DcqlQuery.query(
            query,
            this.copies.map((one) => one.dcql),
        );
        if (!found.can_be_satisfied) throw new Error('nothing that it holds is asked for');
        const matches = found.credential_matches;
        return query.credentials
            .filter((asked) => matches[asked.id].success)
            .map((asked) => [
                asked,
                this.copies[matches[asked.id].valid_credentials[0].input_credential_index],
            ]);
    }

    /** The vp_token that answers REQUEST. */
    async show(request, bend = {}) {
        const payload = request.authorizationRequestPayload;
        const jwk = payload.client_metadata.jwks?.keys[0];
        // by a page it is for the page, whoever signed (OpenID4VP 1.0 A.4)
        const to = {
            clientId: bend.page ? `origin:${bend.page}` : payload.client_id,
            nonce: payload.nonce,
            uri: payload.response_uri,
            origin: bend.page,
            transactions: request.transactionData?.map(hashOf),
            thumbprint:
                jwk &&
                new Uint8Array(Buffer.from(await jose.calculateJwkThumbprint(jwk), 'base64url')),
        };
        const token = {};
        for (const [asked, one] of await this.choose(request)) {
            const show = asked.format === 'mso_mdoc' ? showMdoc : showSdjwt;
            const shown = await show(one, asked, to, bend);
            token[asked.id] = [bend.change ? bend.change(shown) : shown];
        }
        return token;
    }

    /** What the browser gives back to the page. */
    async answerPage(request, token, origin) {
        const made = await this.respond(request.authorizationRequestPayload, token, origin);
        return { response: made.jarm.responseJwt };
    }

    /** Answer; gives {status, body}. MORE: of the request, before it is answered. */
    async answer(request, token, more = {}) {
        const payload = { ...request.authorizationRequestPayload, ...more };
        const made = await this.respond(payload, token);
        const { response } = await this.client.submitOpenid4vpAuthorizationResponse({
            authorizationRequestPayload: payload,
            ...made,
        });
        const text = await response.text();
        return { status: response.status, body: text ? JSON.parse(text) : undefined };
    }
    respond(payload, token, origin) {
        return this.client.createOpenid4vpAuthorizationResponse({
            authorizationRequestPayload: payload,
            origin,
            authorizationResponsePayload: { vp_token: token },
            jarm: payload.response_mode.endsWith('.jwt')
                ? {
                      encryption: { nonce: crypto.randomBytes(16).toString('base64url') },
                      serverMetadata: {
                          authorization_signing_alg_values_supported: [],
                          authorization_encryption_alg_values_supported: ['ECDH-ES'],
                          authorization_encryption_enc_values_supported: [this.enc],
                      },
                  }
                : undefined,
        });
    }
}
