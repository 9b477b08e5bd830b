// SPDX-License-Identifier: Apache-2.0
// @sd-jwt/jwt-status-list: its lists judged by us, ours read by it. Signatures
// are made and checked by node's own cryptography.

import {
    StatusList,
    createHeaderAndPayload,
    getListFromStatusListJWT,
} from '@sd-jwt/jwt-status-list';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { instance } from './sdjwt.instance.mjs';
import {
    at,
    expect,
    expectCheck,
    makeIssuer,
    makeKey,
    test,
    verify,
    write,
    yaopai,
} from './support.mjs';

const URI = 'https://issuer.example/statuslists/1';
const issuer = makeIssuer('lists'),
    other = makeIssuer('lists-other');
const now = () => Math.floor(Date.now() / 1000);
const b64 = (text) => Buffer.from(text).toString('base64url');

/** A token of LIST, signed by WHO. */
function sign(list, who = issuer, claims = {}) {
    const { header, payload } = createHeaderAndPayload(
        list,
        {
            iss: 'https://issuer.example',
            sub: URI,
            iat: now() - 60,
            exp: now() + 86400,
            ttl: 3600,
            ...claims,
        },
        { alg: 'ES256', x5c: [Buffer.from(who.certificate).toString('base64')] },
    );
    const input = `${b64(JSON.stringify(header))}.${b64(JSON.stringify(payload))}`;
    const signature = crypto.sign('sha256', Buffer.from(input), {
        key: crypto.createPrivateKey({ key: who.jwk, format: 'jwk' }),
        dsaEncoding: 'ieee-p1363',
    });
    return `${input}.${signature.toString('base64url')}`;
}

const LIST = ['--format', 'status-list-jwt', '--trust', issuer.root];
const valueOf = (verdict) => verdict.documents[0].attributes.find((a) => a.name === 'value')?.value;

for (const bits of [1, 2, 4, 8]) {
    const values = Array.from({ length: 48 }, (_, i) => (i * 7 + 1) % 2 ** bits);
    const file = write(`list${bits}.jwt`, sign(new StatusList([...values], bits)));

    await test(`jwt-status-list: we read its lists of ${bits} bits`, () => {
        for (const index of [0, 1, 2, 3, 5, 7, 8, 15, 23, 46, 47]) {
            const verdict = verify(file, ...LIST, '--uri', URI, '--idx', String(index));
            expect(verdict, 'accept');
            if (valueOf(verdict) !== values[index])
                throw new Error(`${index}: ${valueOf(verdict)}, not ${values[index]}`);
        }
    });
    await test(`jwt-status-list: we refuse an index beyond ${bits} bits`, () => {
        const verdict = verify(file, ...LIST, '--idx', '48');
        expect(verdict, 'reject');
        expectCheck(verdict, 'list_index', 'fail');
    });
}

await test('jwt-status-list: we refuse its list by another issuer', () =>
    expect(verify(write('other.jwt', sign(new StatusList([0], 8), other)), ...LIST), 'reject'));

// ---- a document of another issuer, and its list ----

const key = makeKey(),
    sdjwt = instance(issuer.jwk, key.privateJwk);
const issue = (idx) =>
    sdjwt.issue(
        {
            iss: 'https://issuer.example',
            vct: 'urn:example:person:1',
            iat: now(),
            exp: now() + 86400,
            status: { status_list: { idx, uri: URI } },
            note: 'SPECIMEN',
        },
        {},
        { header: { x5c: [Buffer.from(issuer.certificate).toString('base64')] } },
    );
const three = write('three.jwt', sign(new StatusList([0, 1, 2, 0], 2)));

for (const [idx, wanted, state] of [
    [0, 'accept', 'valid'],
    [1, 'reject', 'revoked'],
    [2, 'reject', 'suspended'],
])
    await test(`jwt-status-list: a document that its list calls ${state}`, async () => {
        const file = write('document.txt', await issue(idx));
        const verdict = verify(file, '--trust', issuer.root, '--status', three);
        expect(verdict, wanted);
        if (verdict.documents[0].status.state !== state)
            throw new Error(JSON.stringify(verdict.documents[0].status));
        expect(verify(file, '--trust', issuer.root), 'indeterminate');
    });

// ---- ours ----

await test('jwt-status-list: it reads our lists, and the revocation in them', () => {
    const authority = at('demo/authority'),
        lists = at('lists');
    const publish = () => yaopai('statuslist', 'publish', '-C', authority, '--output', lists);
    const read = (n) => fs.readFileSync(`${lists}/${n}.jwt`, 'utf8').trim();
    const revoked = () =>
        fs
            .readdirSync(lists)
            .filter((name) => name.endsWith('.jwt'))
            .map((name) => getListFromStatusListJWT(read(name.slice(0, -4))))
            .flatMap((list) => list.statusList)
            .filter((value) => value === 1).length;

    if (yaopai('demo', '-C', at('demo')).code !== 0 || publish().code !== 0)
        throw new Error('no lists');
    if (!fs.existsSync(`${lists}/1.jwt`)) return 'the demo names no lists yet';
    const [header, payload, signature] = read(1).split('.');
    const chain = JSON.parse(Buffer.from(header, 'base64url')).x5c;
    const signer = new crypto.X509Certificate(Buffer.from(chain[0], 'base64'));
    if (
        !crypto.verify(
            'sha256',
            Buffer.from(`${header}.${payload}`),
            { key: signer.publicKey, dsaEncoding: 'ieee-p1363' },
            Buffer.from(signature, 'base64url'),
        )
    )
        throw new Error('the signature is wrong');
    const before = revoked();
    yaopai(
        'document',
        'revoke',
        '-C',
        authority,
        '--person',
        '12011919880808901X',
        '--document',
        'resident_id',
        '--reason',
        'lost',
    );
    publish();
    if (revoked() <= before) throw new Error(`${revoked()} are revoked, as before`);
});
