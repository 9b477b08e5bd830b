// SPDX-License-Identifier: Apache-2.0
// @animo-id/mdoc

import { DeviceResponse, Document, MDoc } from '@animo-id/mdoc';
import crypto from 'node:crypto';
import { check, coseKey, day, definition, digest, hmac, LICENCE, licence, macKey, now, sign,
         SPACE, x509 } from './support.mjs';
import { judgeForeign } from './foreign.mjs';

const b64url = (bytes) => Buffer.from(bytes).toString('base64url');

/** What the library asks of its host. */
export const context = {
    crypto: {
        random: (length) => new Uint8Array(crypto.randomBytes(length)),
        digest: ({ digestAlgorithm, bytes }) => digest(digestAlgorithm, bytes),
        calculateEphemeralMacKeyJwk: ({ privateKey, publicKey, sessionTranscriptBytes }) => ({
            kty: 'oct', alg: 'HS256',
            k: b64url(macKey(privateKey, publicKey, sessionTranscriptBytes, 'EMacKey')) }),
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
                return Buffer.compare(hmac(Buffer.from(jwk.k, 'base64url'), raw.data),
                                      Buffer.from(raw.signature)) === 0;
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

export const library = {
    name: 'animo-mdoc',
    longer: true, // cbor-x: map and array heads of three bytes
    async issue(issuer, key) {
        const moment = now();
        const document = await new Document(LICENCE, context)
            .addIssuerNameSpace(SPACE, licence((text) => text))
            .useDigestAlgorithm('SHA-256')
            .addValidityInfo({ signed: moment, validFrom: moment, validUntil: day(30) })
            .addDeviceKeyInfo({ deviceKey: key.publicJwk })
            .sign({ issuerPrivateKey: issuer.jwk, issuerCertificate: issuer.pem,
                    alg: 'ES256', kid: 'signer' }, context);
        return new MDoc([document]);
    },
    async present(issued, key, session, mac) {
        const response = DeviceResponse.from(issued).usingPresentationDefinition(definition)
            .usingSessionTranscriptBytes(session.wrapped);
        if (mac)
            response.authenticateWithMAC(key.privateJwk, session.reader.publicJwk, 'HS256');
        else
            response.authenticateWithSignature(key.privateJwk, 'ES256');
        return (await response.sign(context)).encode();
    },
};

await judgeForeign(library);
