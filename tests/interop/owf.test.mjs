// SPDX-License-Identifier: Apache-2.0
// @owf/mdoc

import {
    CoseKey,
    DateOnly,
    DeviceKey,
    DeviceRequest,
    DocRequest,
    Holder,
    Issuer,
    ItemsRequest,
    SessionTranscript,
    SignatureAlgorithm,
} from '@owf/mdoc';
import { context } from './owf.context.mjs';
import { day, LICENCE, licence, now, SHOWN, SPACE } from './support.mjs';
import { judgeForeign } from './foreign.mjs';

// The algorithm of a message is that of the key it was given.
const named = (jwk, alg = 'ES256') => CoseKey.fromJwk({ ...jwk, alg });

export const library = {
    name: 'owf-mdoc',
    longer: true, // digestIDs of 32 bits
    async issue(issuer, key) {
        const moment = now();
        return new Issuer(LICENCE, context)
            .addIssuerNamespace(
                SPACE,
                licence((text) => new DateOnly(text)),
            )
            .sign({
                signingKey: named(issuer.jwk),
                algorithm: SignatureAlgorithm.ES256,
                digestAlgorithm: 'SHA-256',
                certificates: [issuer.certificate],
                validityInfo: { signed: moment, validFrom: moment, validUntil: day(30) },
                deviceKeyInfo: { deviceKey: DeviceKey.fromJwk(key.publicJwk) },
            });
    },
    async present(issued, key, session, mac) {
        const items = ItemsRequest.create({
            docType: LICENCE,
            namespaces: {
                [SPACE]: Object.fromEntries(SHOWN.map((element) => [element, false])),
            },
        });
        const signingKey = named(key.privateJwk, mac ? 'HS256' : 'ES256');
        const response = await Holder.createDeviceResponseForDeviceRequest(
            {
                deviceRequest: DeviceRequest.create({
                    docRequests: [DocRequest.create({ itemsRequest: items })],
                }),
                sessionTranscript: SessionTranscript.decode(session.bytes),
                issuerSigned: [issued],
                ...(mac
                    ? {
                          mac: {
                              signingKey,
                              ephemeralKey: CoseKey.fromJwk(session.reader.publicJwk),
                          },
                      }
                    : { signature: { signingKey } }),
            },
            context,
        );
        return response.encode();
    },
};

await judgeForeign(library);
