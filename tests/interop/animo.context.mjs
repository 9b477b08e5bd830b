// SPDX-License-Identifier: Apache-2.0
// What @animo-id/mdoc asks of its host, by node's cryptography.

import crypto from 'node:crypto';
import { check, digest, hmac, macKey, sign, x509 } from './support.mjs';

const b64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** What the library asks of its host. */
export const context = {
    crypto: {
        random: (length) => new Uint8Array(crypto.randomBytes(length)),
        digest: ({ digestAlgorithm, bytes }) => digest(digestAlgorithm, bytes),
        calculateEphemeralMacKeyJwk: ({ privateKey, publicKey, sessionTranscriptBytes }) => ({
            kty: 'oct',
            alg: 'HS256',
            k: b64url(macKey(privateKey, publicKey, sessionTranscriptBytes, 'EMacKey')),
        }),
    },
    cose: {
        sign1: {
            sign: ({ sign1, jwk }) => sign(jwk, sign1.getRawSigningData().data),
            verify: ({ sign1, jwk, options }) => {
                const raw = sign1.getRawVerificationData(options);
                return check(jwk, raw.data, raw.signature);
            },
        },
        mac0: {
            sign: ({ mac0, jwk }) =>
                hmac(Buffer.from(jwk.k, 'base64url'), mac0.getRawSigningData().data),
            verify: ({ mac0, jwk, options }) => {
                const raw = mac0.getRawVerificationData(options);
                return (
                    Buffer.compare(
                        hmac(Buffer.from(jwk.k, 'base64url'), raw.data),
                        Buffer.from(raw.signature),
                    ) === 0
                );
            },
        },
    },
    x509: {
        getIssuerNameField: x509.getIssuerNameField,
        getPublicKey: x509.publicJwk,
        validateCertificateChain: x509.check,
        getCertificateData: x509.getCertificateData,
    },
};
