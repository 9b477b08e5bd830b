// SPDX-License-Identifier: Apache-2.0
// @auth0/mdl

import { DeviceResponse, Document, MDoc } from '@auth0/mdl';
import { coseKey, day, definition, LICENCE, licence, now, SPACE } from './support.mjs';
import { judgeForeign } from './foreign.mjs';

export const library = {
    name: 'auth0-mdl',
    async issue(issuer, key) {
        const moment = now();
        const document = await new Document(LICENCE)
            .addIssuerNameSpace(
                SPACE,
                licence((text) => text),
            )
            .useDigestAlgorithm('SHA-256')
            .addValidityInfo({ signed: moment, validFrom: moment, validUntil: day(30) })
            .addDeviceKeyInfo({ deviceKey: key.publicJwk })
            .sign({
                issuerPrivateKey: issuer.jwk,
                issuerCertificate: issuer.pem,
                alg: 'ES256',
                kid: 'signer',
            });
        return new MDoc([document]);
    },
    async present(issued, key, session, mac) {
        const response = DeviceResponse.from(issued)
            .usingPresentationDefinition(definition)
            .usingSessionTranscriptBytes(session.wrapped);
        if (mac)
            response.authenticateWithMAC(
                key.privateJwk,
                coseKey(session.reader.publicJwk),
                'HS256',
            );
        else response.authenticateWithSignature(key.privateJwk, 'ES256');
        return (await response.sign()).encode();
    },
};

await judgeForeign(library);
