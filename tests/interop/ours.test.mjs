// SPDX-License-Identifier: Apache-2.0
// What we issue and show, judged by the four foreign libraries.

import { Verifier as Auth0Verifier } from '@auth0/mdl';
import { Verifier as AnimoVerifier } from '@animo-id/mdoc';
import { CoseKey, SessionTranscript, Verifier as OwfVerifier } from '@owf/mdoc';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { context as animo } from './animo.context.mjs';
import { context as owf } from './owf.context.mjs';
import { instance } from './sdjwt.instance.mjs';
import {
    at,
    change,
    der,
    LICENCE,
    makeSession,
    refuses,
    secretCoseKey,
    SPACE,
    test,
    yaopai,
} from './support.mjs';

const NONCE = 'n-0S6_WzA2Mj-9f8Kq',
    AUDIENCE = 'x509_san_dns:hotel.example';
const FAMILY = 'driving_privileges';
const session = makeSession('ours'),
    elsewhere = makeSession('elsewhere');
let root, other;

function present(name, ...words) {
    const run = yaopai(
        'wallet',
        'present',
        '-C',
        at('demo/wallets/1'),
        '--passphrase-file',
        at('demo/passphrase'),
        '--yes',
        '--output',
        at(name),
        ...words,
    );
    if (run.code !== 0) throw new Error(run.err);
    return new Uint8Array(fs.readFileSync(at(name)));
}

await test('ours: the demo issues five documents', () => {
    const run = yaopai('demo', '-C', at('demo'));
    if (run.code !== 0) throw new Error(run.out);
    root = fs.readFileSync(at('demo/authority/certificates/traffic-root.pem'), 'utf8');
    other = fs.readFileSync(at('demo/authority/certificates/population-root.pem'), 'utf8');
});

const ROAD = [
    '--profile',
    'road_check',
    '--reader',
    at('demo/police/reader.pem'),
    '--session-transcript',
    session.file,
];
const responses = {};
await test('ours: shows licence and vehicle, with signature and with MAC', () => {
    responses.signature = present('signed.cbor', ...ROAD);
    responses.MAC = present('maced.cbor', '--mac', ...ROAD);
});

/** VERIFY of one library throws unless a response is good; UNABLE says what it
 *  cannot judge, and why. */
async function judge(name, verify, unable = {}) {
    for (const [how, response] of Object.entries(responses)) {
        if (unable[how]) {
            await test(`${name} judges our documents with ${how}`, () => unable[how]);
            continue;
        }
        await test(`${name} accepts our documents with ${how}`, async () =>
            verify(response, session, root));
        await test(`${name} refuses our documents with ${how} in another session`, () =>
            refuses(verify(response, elsewhere, root)));
        await test(`${name} refuses our documents with ${how} under another root`, () =>
            refuses(verify(response, session, other)));
    }
    await test(`${name} refuses our document with a changed value`, () => {
        const offset = Buffer.from(responses.signature).indexOf('DL90000001');
        const changed = fs.readFileSync(change(at('signed.cbor'), offset));
        return refuses(verify(new Uint8Array(changed), session, root));
    });
}

await judge('@auth0/mdl', async (response, where, trusted) => {
    const mdoc = await new Auth0Verifier([trusted]).verify(Buffer.from(response), {
        encodedSessionTranscript: where.wrapped,
        ephemeralReaderKey: secretCoseKey(where.reader.privateJwk),
    });
    if (!mdoc.documents[0].getIssuerNameSpace(SPACE)[FAMILY]) throw new Error('nothing was shown');
});

await judge('@animo-id/mdoc', async (response, where, trusted) => {
    const mdoc = await new AnimoVerifier().verifyDeviceResponse(
        {
            encodedDeviceResponse: response,
            encodedSessionTranscript: new Uint8Array(where.wrapped),
            ephemeralReaderKey: where.reader.privateJwk,
            trustedCertificates: [der(trusted)],
        },
        animo,
    );
    if (mdoc.documents[0].docType !== LICENCE || mdoc.documents.length !== 2)
        throw new Error('other documents were shown');
});

await judge(
    '@owf/mdoc',
    (response, where, trusted) =>
        OwfVerifier.verifyDeviceResponse(
            {
                deviceResponse: response,
                sessionTranscript: SessionTranscript.decode(where.bytes),
                ephemeralReaderKey: CoseKey.fromJwk({ ...where.reader.privateJwk, alg: 'ES256' }),
                trustedCertificates: [der(trusted)],
            },
            owf,
        ),
    { MAC: "it compares the name of a MAC's algorithm with its number, and refuses all" },
);

/** The lists that the authority publishes, from its folder, each checked with
 *  the key that it came with, which is of the population root. */
const published = {
    statusListFetcher: async (uri) =>
        fs.readFileSync(at(`lists/${uri.split('/').pop()}.jwt`), 'utf8').trim(),
    statusVerifier: async (data, signature) => {
        const { x5c } = JSON.parse(Buffer.from(data.split('.')[0], 'base64url'));
        const signer = new crypto.X509Certificate(Buffer.from(x5c[0], 'base64'));
        return (
            signer.verify(new crypto.X509Certificate(other).publicKey) &&
            crypto.verify(
                'sha256',
                Buffer.from(data),
                { key: signer.publicKey, dsaEncoding: 'ieee-p1363' },
                Buffer.from(signature, 'base64url'),
            )
        );
    },
};

await test('@sd-jwt/sd-jwt-vc accepts our token with its holder', async () => {
    if (yaopai('statuslist', 'publish', '-C', at('demo/authority'), '--output', at('lists')).code)
        throw new Error('no lists');
    const token = Buffer.from(
        present(
            'token.txt',
            '--profile',
            'hotel',
            '--format',
            'sd-jwt',
            '--reader',
            at('demo/hotel/reader.pem'),
            '--nonce',
            NONCE,
            '--audience',
            AUDIENCE,
        ),
    )
        .toString()
        .trim();
    const header = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
    const signer = new crypto.X509Certificate(Buffer.from(header.x5c[0], 'base64'));
    if (!signer.verify(new crypto.X509Certificate(other).publicKey))
        throw new Error('the signer is not of the population root');
    const sdjwt = instance(signer.publicKey.export({ format: 'jwk' }), undefined, published);
    const { payload, kb } = await sdjwt.verify(token, { keyBindingNonce: NONCE });
    if (
        payload.vct !== 'urn:yaopai:resident_id:1' ||
        (payload.id_number === undefined && !JSON.stringify(payload).includes('12011919880808901X'))
    )
        throw new Error(JSON.stringify(payload).slice(0, 400));
    if (kb.payload.aud !== AUDIENCE) throw new Error('another audience');
    await refuses(sdjwt.verify(token, { keyBindingNonce: 'another nonce' }));
    const parts = token.split('~');
    parts[1] = parts[1].slice(0, -2) + (parts[1].endsWith('AA') ? 'BB' : 'AA');
    await refuses(sdjwt.verify(parts.join('~'), { keyBindingNonce: NONCE }));
});
