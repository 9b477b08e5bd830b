// SPDX-License-Identifier: Apache-2.0
// @sd-jwt/sd-jwt-vc with node's cryptography.

import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import crypto from 'node:crypto';
import { check, digest, sign } from './support.mjs';

const salt = () => crypto.randomBytes(16).toString('base64url');
const hasher = (data, alg) =>
    digest(alg.toUpperCase(), typeof data === 'string' ? Buffer.from(data) : Buffer.from(data));
const signer = (jwk) => (data) => Buffer.from(sign(jwk, Buffer.from(data))).toString('base64url');

/** An instance that can issue with ISSUER's key and show with HOLDER's; MORE
 *  of its settings, such as where status lists come from. */
export function instance(issuerJwk, holderJwk, more = {}) {
    const { d, ...issuerPublic } = issuerJwk;
    return new SDJwtVcInstance({
        signer: d ? signer(issuerJwk) : undefined,
        signAlg: 'ES256',
        verifier: (data, signature) =>
            check(issuerPublic, Buffer.from(data), Buffer.from(signature, 'base64url')),
        hasher,
        hashAlg: 'sha-256',
        saltGenerator: salt,
        kbSigner: holderJwk?.d ? signer(holderJwk) : undefined,
        kbSignAlg: 'ES256',
        kbVerifier: (data, signature, payload) =>
            check(payload.cnf.jwk, Buffer.from(data), Buffer.from(signature, 'base64url')),
        ...more,
    });
}
