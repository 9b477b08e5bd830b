// SPDX-License-Identifier: Apache-2.0
// What @owf/mdoc asks of its host, by node's cryptography.

import { CoseKey } from '@owf/mdoc';
import crypto from 'node:crypto';
import { check, digest, hmac, macKey, sign, x509 } from './support.mjs';

// Making a MAC the library hands over COSE_Keys, checking one raw octets.
const raw = (bytes, part) => (bytes[0] >> 5 === 5 ? CoseKey.decode(bytes)[part] : bytes);

// The library leaves external_aad out of its MAC_structure; RFC 9052 section 6.3
// has four items, an empty bstr among them. Its own MACs verify with itself
// only; here its host mends that, so that the rest of it can be compared.
const MAC3 = Buffer.from('83644d41433043a10105', 'hex');
const mended = (bytes) => {
    const input = Buffer.from(bytes);
    return input.subarray(0, MAC3.length).equals(MAC3)
        ? Buffer.concat([Buffer.from('84644d41433043a1010540', 'hex'), input.subarray(MAC3.length)])
        : input;
};

/** What the library asks of its host. */
export const context = {
    crypto: {
        random: (length) => new Uint8Array(crypto.randomBytes(length)),
        digest: ({ digestAlgorithm, bytes }) => digest(digestAlgorithm, bytes),
        calculateEphemeralMacKey: ({ privateKey, publicKey, sessionTranscriptBytes, info }) =>
            CoseKey.create({
                keyType: 4,
                k: macKey(
                    raw(privateKey, 'privateKey'),
                    raw(publicKey, 'publicKey'),
                    sessionTranscriptBytes,
                    info,
                ),
            }),
    },
    cose: {
        sign1: {
            sign: ({ toBeSigned, key }) => sign(key.jwk, toBeSigned),
            verify: ({ sign1, key }) => check(key.jwk, sign1.toBeSigned, sign1.signature),
        },
        mac0: {
            sign: ({ key, toBeAuthenticated }) => hmac(key.privateKey, mended(toBeAuthenticated)),
            verify: ({ mac0, key }) =>
                Buffer.compare(
                    hmac(key.privateKey, mended(mac0.toBeAuthenticated)),
                    Buffer.from(mac0.tag),
                ) === 0,
        },
    },
    x509: {
        getIssuerNameField: x509.getIssuerNameField,
        getPublicKey: (o) => CoseKey.fromJwk(x509.publicJwk(o)),
        verifyCertificateChain: x509.check,
        getCertificateData: x509.getCertificateData,
    },
};
