// SPDX-License-Identifier: Apache-2.0
// @sd-jwt/sd-jwt-vc as issuer and holder; as verifier it is in ours.test.mjs.

import { instance } from './sdjwt.instance.mjs';
import { expect, expectCheck, makeIssuer, makeKey, test, verify, write } from './support.mjs';

const NONCE = 'n-0S6_WzA2Mj-9f8Kq',
    AUDIENCE = 'x509_san_dns:verifier.example';
const BINDING = ['--nonce', NONCE, '--audience', AUDIENCE];

const claims = (key) => ({
    iss: 'https://issuer.example',
    vct: 'urn:example:person:1',
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 86400,
    cnf: { jwk: key.publicJwk },
    given_name: 'Erika',
    family_name: 'Muster',
    note: 'SPECIMEN',
    address: { street_address: 'Heidestraße 17', locality: 'Köln', country: 'DE' },
    nationalities: ['DE', 'FR'],
});
const frame = {
    _sd: ['given_name', 'family_name', 'address'],
    _sd_decoy: 2,
    address: { _sd: ['street_address', 'locality'] },
    nationalities: { _sd: [0, 1] },
};

const issuer = makeIssuer('sdjwt'),
    other = makeIssuer('sdjwt-other'),
    key = makeKey();
const sdjwt = instance(issuer.jwk, key.privateJwk);
const x5c = [Buffer.from(issuer.certificate).toString('base64')];
const { d, ...issuerPublic } = issuer.jwk;
const bare = write('issuer.jwk', JSON.stringify(issuerPublic));
let withChain, withKey, shown;

await test('sd-jwt-vc: we accept what it issues with certificates', async () => {
    withChain = await sdjwt.issue(claims(key), frame, { header: { x5c } });
    expect(verify(write('chain.txt', withChain), '--trust', issuer.root), 'accept');
});
await test('sd-jwt-vc: we accept what it issues with a bare key', async () => {
    withKey = await sdjwt.issue(claims(key), frame);
    expect(verify(write('key.txt', withKey), '--trust', bare), 'accept');
});
await test('sd-jwt-vc: we accept what it shows with its holder', async () => {
    shown = await sdjwt.present(
        withChain,
        { family_name: true, address: { locality: true }, nationalities: { 1: true } },
        { kb: { payload: { iat: Math.floor(Date.now() / 1000), nonce: NONCE, aud: AUDIENCE } } },
    );
    const verdict = verify(write('shown.txt', shown), '--trust', issuer.root, ...BINDING);
    expect(verdict, 'accept');
    const values = Object.fromEntries(
        verdict.documents[0].attributes.map((a) => [a.name, a.value]),
    );
    if (
        values.family_name !== 'Muster' ||
        values['address.locality'] !== 'Köln' ||
        JSON.stringify(values.nationalities) !== '["FR"]' ||
        'given_name' in values
    )
        throw new Error(JSON.stringify(values));
});
for (const [sentence, words, row] of [
    ['another nonce', ['--nonce', 'other', '--audience', AUDIENCE], 'kb_nonce'],
    ['another audience', ['--nonce', NONCE, '--audience', 'x'], 'kb_audience'],
])
    await test(`sd-jwt-vc: we refuse ${sentence}`, async () => {
        const verdict = verify(write('shown.txt', shown), '--trust', issuer.root, ...words);
        expect(verdict, 'reject');
        expectCheck(verdict, row, 'fail');
    });
await test('sd-jwt-vc: we refuse it without its holder', async () => {
    const stripped = shown.slice(0, shown.lastIndexOf('~') + 1);
    const verdict = verify(write('stripped.txt', stripped), '--trust', issuer.root, ...BINDING);
    expect(verdict, 'reject');
    expectCheck(verdict, 'kb_present', 'fail');
});
await test('sd-jwt-vc: we refuse another root and another key', async () => {
    expect(verify(write('chain.txt', withChain), '--trust', other.root), 'reject');
    const { d: secret, ...wrong } = other.jwk;
    expect(
        verify(write('key.txt', withKey), '--trust', write('other.jwk', JSON.stringify(wrong))),
        'reject',
    );
});
await test('sd-jwt-vc: we refuse a changed disclosure', async () => {
    const parts = withChain.split('~');
    const text = Buffer.from(parts[1], 'base64url')
        .toString()
        .replace(/"([^"]*)"\]$/, '"x"]');
    parts[1] = Buffer.from(text).toString('base64url');
    expect(verify(write('changed.txt', parts.join('~')), '--trust', issuer.root), 'reject');
});
