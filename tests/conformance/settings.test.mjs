// SPDX-License-Identifier: Apache-2.0
// What settings change: lifetimes (A10), nonces and challenges of ours (B4, B5),
// key attestations and encryption that must be (B10, B17), a page with a login
// (A3). Expiry is waited for, with
// lifetimes of twenty seconds: a slow machine needs some of them.

import { makeKey, encrypt, now } from './jose.mjs';
import { complete, errs, gives, has, is, row } from './tell.mjs';
import { SDJWT, Wallet, ask, element, look, press, readBack } from './wallet.mjs';
import { makeWorld } from './world.mjs';

const world = await makeWorld({
    'oauth.request_seconds': 20,
    'oauth.code_seconds': 20,
    'oauth.offer_seconds': 25,
});
const wait = (seconds) => new Promise((later) => setTimeout(later, seconds * 1000));
const wallet = () => new Wallet(world);

// ---- A10 ----

const first = wallet(),
    second = wallet(),
    third = wallet();
const pushed = await first.par();
const back = await second.authorise();
const { offer } = await world.offer({ configurations: [SDJWT] });
const fresh = wallet(),
    alive = await fresh.redeem((await fresh.authorise()).code);
await row('A10', 'gives the lifetimes that are set', async () => {
    is(gives(await look(world, first.page(pushed.json.request_uri)), 200).status, 200);
    is(pushed.json.expires_in, 20);
    is((await world.offer({ configurations: [SDJWT] })).expires_in, 25);
    has(gives(alive, 200).json.expires_in >= 300, 'a token for a module');
});
await wait(21);
await row('A10', 'refuses a request_uri that is over, with a page', async () => {
    const page = await look(world, first.page(pushed.json.request_uri));
    has(page.status === 400 && element(page, 'yp-error') && !page.headers.location, page.text);
});
await row('A10', 'refuses a code that is over', async () =>
    errs(await second.redeem(back.code), 'invalid_grant'),
);
await row('A10', 'accepts a token for longer than that', async () =>
    gives((await fresh.fetch(alive.json)).answer, 200),
);
await wait(5);
await row('A10', 'refuses an offer that is over', async () =>
    errs(await third.offerToken(offer), 'invalid_grant'),
);

// ---- nonces, challenges ----

await world.again({
    'oauth.dpop_nonces': 'yes',
    'oauth.attestation_challenges': 'yes',
    'oauth.request_seconds': 90,
    'oauth.code_seconds': 60,
});
const as = (
    await ask(world, 'GET', `${world.origin}/.well-known/oauth-authorization-server/issuer1`)
).json;
const fetchChallenge = async () =>
    (await ask(world, 'POST', as.challenge_endpoint)).json.attestation_challenge;
await row('B4', 'refuses no challenge as use_attestation_challenge, and gives one', async () => {
    const answer = errs(await wallet().par(), 'use_attestation_challenge', [400, 401]);
    has(answer.headers['oauth-client-attestation-challenge']);
});
await row('B4', 'accepts the challenge that came with the refusal', async () => {
    const w = wallet(),
        refused = await w.par();
    const challenge = refused.headers['oauth-client-attestation-challenge'];
    gives(await w.par({ pop: { payload: { challenge } } }), 201);
});
await row('B5', 'refuses no nonce as use_dpop_nonce, and accepts the one that came', async () => {
    const w = wallet();
    const pop = async () => ({ payload: { challenge: await fetchChallenge() } });
    const refused = await w.par({ dpop: {}, pop: await pop() });
    errs(refused, 'use_dpop_nonce');
    const nonce = has(refused.headers['dpop-nonce']);
    const authorised = await w.authorise({ dpop: { payload: { nonce } }, pop: await pop() });
    errs(await w.redeem(authorised.code, { pop: await pop() }), 'use_dpop_nonce');
    errs(
        await w.redeem(authorised.code, {
            pop: await pop(),
            dpop: { payload: { nonce: 'other' } },
        }),
        'use_dpop_nonce',
    );
    const token = gives(
        await w.redeem(authorised.code, { pop: await pop(), dpop: { payload: { nonce } } }),
        200,
    );
    has(token.headers['dpop-nonce'], 'the next nonce');
    const { answer } = await w.fetch(token.json);
    is(answer.status, 401);
    has(/error="use_dpop_nonce"/.test(answer.headers['www-authenticate']));
    const next = has(answer.headers['dpop-nonce']);
    gives(
        (await w.fetch(token.json, SDJWT, 1, { dpop: { payload: { nonce: next } } })).answer,
        200,
    );
});

// ---- key attestations and encryption that must be; a login ----

await world.again({
    'oauth.dpop_nonces': 'no',
    'oauth.attestation_challenges': 'no',
    'vci.key_attestation': 'yes',
    'vci.encryption': 'yes',
});
const metadata = (
    await ask(world, 'GET', `${world.origin}/.well-known/openid-credential-issuer/issuer1`)
).json;
await row('B17', 'gives encryption_required, and refuses plain requests', async () => {
    is(metadata.credential_request_encryption.encryption_required, true);
    is(metadata.credential_response_encryption.encryption_required, true);
    const w = wallet(),
        { answer } = await w.fetch(await w.login());
    errs(answer, 'invalid_encryption_parameters');
});
const [server] = metadata.credential_request_encryption.jwks.keys;
async function send(make) {
    const w = wallet(),
        token = await w.login(),
        nonce = await w.nonce(),
        key = makeKey();
    const body = {
        credential_configuration_id: SDJWT,
        proofs: make(w, nonce, key),
        credential_response_encryption: {
            jwk: { ...makeKey().pub, alg: 'ECDH-ES' },
            enc: 'A128GCM',
        },
    };
    return w.send(token.access_token, encrypt(JSON.stringify(body), server));
}
await row('B10', 'refuses a key that nobody vouches for as invalid_proof', async () =>
    errs(await send((w, nonce, key) => ({ jwt: [w.proof(nonce, key)] })), 'invalid_proof'),
);
await row('B10', 'refuses a key attestation that is over, or without exp in a proof', async () => {
    const within = (exp) => (w, nonce, key) => ({
        jwt: [
            w.proof(nonce, key, {
                header: {
                    key_attestation: w.keyAttestation(nonce, [key], { payload: { exp } }),
                },
            }),
        ],
    });
    for (const exp of [now() - 600, undefined]) errs(await send(within(exp)), 'invalid_proof');
    gives(await send(within(now() + 60)), 200);
    errs(
        await send((w, nonce, key) => ({
            attestation: [w.keyAttestation(nonce, [key], { payload: { exp: now() - 600 } })],
        })),
        'invalid_proof',
    );
});
await row('B10', 'accepts a key that an attester vouches for', async () => {
    const answer = gives(
        await send((w, nonce, key) => ({ attestation: [w.keyAttestation(nonce, [key])] })),
        200,
    );
    is(answer.headers['content-type'], 'application/jwt');
});
await row('B1', 'gives key_attestations_required', async () => {
    const { proof_types_supported: types } = metadata.credential_configurations_supported[SDJWT];
    for (const type of Object.values(types)) has(type.key_attestations_required);
});

await world.again({ 'oauth.demo_person': null });
await row('A3', 'never lets anybody in who cannot log in', async () => {
    const w = wallet(),
        request = await w.par(),
        url = w.page(request.json.request_uri);
    const page = gives(await look(world, url), 200);
    has(element(page, 'yp-number') && element(page, 'yp-code'));
    const again = await press(world, url, 'allow', { number: world.number, code: 'wrong-code-1' });
    has(
        again.status === 403 && element(again, 'yp-error') && element(again, 'yp-allow'),
        again.text,
    );
    const without = await press(world, url, 'allow');
    has(without.status === 403 && !without.headers.location);
    is(readBack(await press(world, url, 'deny')).error, 'access_denied');
});

complete(['A10']);
world.stop();
