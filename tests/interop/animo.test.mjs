// SPDX-License-Identifier: Apache-2.0
// @animo-id/mdoc

import { DeviceResponse, Document, MDoc } from '@animo-id/mdoc';
import { context } from './animo.context.mjs';
import { day, definition, LICENCE, licence, now, SPACE } from './support.mjs';
import { judgeForeign } from './foreign.mjs';

export const library = {
    name: 'animo-mdoc',
    longer: true, // cbor-x: map and array heads of three bytes
    async issue(issuer, key) {
        const moment = now();
        const document = await new Document(LICENCE, context)
            .addIssuerNameSpace(
                SPACE,
                licence((text) => text),
            )
            .useDigestAlgorithm('SHA-256')
            .addValidityInfo({ signed: moment, validFrom: moment, validUntil: day(30) })
            .addDeviceKeyInfo({ deviceKey: key.publicJwk })
            .sign(
                {
                    issuerPrivateKey: issuer.jwk,
                    issuerCertificate: issuer.pem,
                    alg: 'ES256',
                    kid: 'signer',
                },
                context,
            );
        return new MDoc([document]);
    },
    async present(issued, key, session, mac) {
        const response = DeviceResponse.from(issued)
            .usingPresentationDefinition(definition)
            .usingSessionTranscriptBytes(session.wrapped);
        if (mac) response.authenticateWithMAC(key.privateJwk, session.reader.publicJwk, 'HS256');
        else response.authenticateWithSignature(key.privateJwk, 'ES256');
        return (await response.sign(context)).encode();
    },
};

await judgeForeign(library);
