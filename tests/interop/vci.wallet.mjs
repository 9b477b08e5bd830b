// SPDX-License-Identifier: Apache-2.0
// A wallet of @openid4vc/openid4vci and @openid4vc/oauth2 that gets documents
// for its own keys from an authority of vci.context.mjs.

import { clientAuthenticationClientAttestationJwt } from '@openid4vc/oauth2';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import { CLIENT, attest, attestKeys, callbacks, key } from './vci.context.mjs';

/** {wallet, redeem, retrieve} before AUTHORITY. */
export function holder(authority) {
    /** A wallet: a client of the library, its key, its attestation. */
    async function wallet(fetch = callbacks.fetch) {
        const instanceKey = key();
        const own = { ...callbacks, fetch };
        own.clientAuthentication = clientAuthenticationClientAttestationJwt({
            callbacks: own,
            clientAttestationJwt: await attest(instanceKey),
        });
        return { client: new Openid4vciClient({ callbacks: own }), signer: instanceKey };
    }

    /** From an offer to a token. */
    async function redeem(wish, { txCode, fetch } = {}) {
        const { client, signer } = await wallet(fetch);
        const given = await authority.offer(wish);
        const credentialOffer = await client.resolveCredentialOffer(given[wish.by ?? 'link']);
        const issuerMetadata = await client.resolveIssuerMetadata(
            credentialOffer.credential_issuer,
        );
        const { accessTokenResponse, dpop } =
            await client.retrievePreAuthorizedCodeAccessTokenFromOffer({
                credentialOffer,
                issuerMetadata,
                txCode,
                dpop: { signer },
            });
        return { client, issuerMetadata, token: accessTokenResponse, dpop };
    }

    /** From a token to copies for COUNT fresh keys. */
    async function retrieve(session, id, count, { attested, more } = {}) {
        const { client, issuerMetadata, token, dpop } = session;
        const keys = Array.from({ length: count }, key);
        const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
        const proofs = attested ? { attestation: [attestKeys(keys, nonce)] } : { jwt: [] };
        for (const signer of attested ? [] : keys)
            proofs.jwt.push(
                (
                    await client.createCredentialRequestJwtProof({
                        issuerMetadata,
                        signer,
                        nonce,
                        credentialConfigurationId: id,
                        clientId: CLIENT,
                    })
                ).jwt,
            );
        const answer = await client.retrieveCredentials({
            issuerMetadata,
            proofs,
            dpop,
            accessToken: token.access_token,
            credentialConfigurationId: id,
            additionalRequestPayload: more,
        });
        return { keys, response: answer.credentialResponse, dpop: answer.dpop ?? dpop };
    }

    return { wallet, redeem, retrieve };
}
