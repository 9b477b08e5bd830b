// SPDX-License-Identifier: Apache-2.0
// COSE_Sign1 and COSE_Mac0 made by node's crypto and the npm package cbor2.
// The signing keys are made here and forgotten.
//
//     npm install cbor2@2.3.0
//     node cose.mjs > messages.txt
//
// A line: name, "sign1" or "mac0", key (COSE_Key, or the bytes of a MAC key),
// detached payload or "-", message, "good" or "bad".

import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { encode as cbor } from 'cbor2';

const curves = {
    es256: { name: 'P-256', alg: -7, exact: -9, crv: 1, hash: 'sha256' },
    es384: { name: 'P-384', alg: -35, exact: -51, crv: 2, hash: 'sha384' },
};
const none = new Uint8Array();
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const text = (letters) => new TextEncoder().encode(letters);
const encode = (value) => Uint8Array.from(cbor(value));

for (const curve of Object.values(curves)) {
    const pair = generateKeyPairSync('ec', { namedCurve: curve.name });
    const jwk = pair.publicKey.export({ format: 'jwk' });
    const x = Buffer.from(jwk.x, 'base64url'),
        y = Buffer.from(jwk.y, 'base64url');
    const point = (last) =>
        encode(
            new Map([
                [1, 2],
                [-1, curve.crv],
                [-2, Uint8Array.from(x)],
                [-3, last],
            ]),
        );
    curve.secret = pair.privateKey;
    curve.key = point(Uint8Array.from(y));
    curve.squeezed = point((y.at(-1) & 1) === 1);
}

const macKey = Uint8Array.from({ length: 32 }, (_, i) => i);

function tbs(context, headers, aad, payload) {
    return encode([context, headers, aad, payload]);
}

function line(name, kind, key, detached, message, verdict) {
    console.log(
        [name, kind, hex(key), detached ? hex(detached) : '-', hex(message), verdict].join(' '),
    );
}

function make(
    name,
    {
        kind = 'sign1',
        curve = curves.es256,
        alg,
        headers,
        unprotected = new Map(),
        payload = text('SPECIMEN'),
        context,
        aad = none,
        detached = false,
        key,
        signed = {},
        verdict = 'good',
    },
) {
    const wrapped =
        headers === undefined
            ? encode(new Map([[1, alg ?? (kind === 'mac0' ? 5 : curve.alg)]]))
            : headers;
    const message = tbs(
        context ?? (kind === 'mac0' ? 'MAC0' : 'Signature1'),
        signed.headers ?? wrapped,
        aad,
        signed.payload ?? payload,
    );
    const end =
        kind === 'mac0'
            ? createHmac('sha256', macKey).update(message).digest()
            : sign(curve.hash, message, {
                  key: curve.secret,
                  dsaEncoding: signed.der ? 'der' : 'ieee-p1363',
              });
    line(
        name,
        kind,
        key ?? (kind === 'mac0' ? macKey : curve.key),
        detached ? payload : null,
        encode([
            wrapped,
            unprotected,
            detached ? null : payload,
            Uint8Array.from(signed.end ? signed.end(end) : end),
        ]),
        verdict,
    );
}

const both = (map) => encode(new Map(map));

make('plain', {});
make('p384', { curve: curves.es384 });
make('named-by-curve', { alg: -9 });
make('p384-named-by-curve', { curve: curves.es384, alg: -51 });
make('squeezed-key', { key: curves.es256.squeezed });
make('p384-squeezed-key', { curve: curves.es384, key: curves.es384.squeezed });
make('detached', { detached: true });
make('empty-payload', { payload: none });
make('large-payload', { payload: new Uint8Array(300) });
make('kid', {
    headers: both([
        [1, -7],
        [4, text('11')],
    ]),
});
make('type', {
    headers: both([
        [1, -7],
        [16, 'application/example+cwt'],
    ]),
});
make('chain-of-one', { unprotected: new Map([[33, text('one')]]) });
make('chain-of-two', { unprotected: new Map([[33, [text('one'), text('two')]]]) });
make('chain-protected', {
    headers: both([
        [1, -7],
        [33, text('one')],
    ]),
});
make('other-headers', {
    unprotected: new Map([
        [3, 'text/plain'],
        ['note', [1, 2]],
    ]),
});

make('other-payload', { signed: { payload: text('specimen') }, verdict: 'bad' });
make('other-headers-signed', { signed: { headers: both([[1, -35]]) }, verdict: 'bad' });
make('external-data', { aad: text('aad'), verdict: 'bad' });
make('context-of-a-mac', { context: 'MAC0', verdict: 'bad' });
make('context-of-cose-sign', { context: 'Signature', verdict: 'bad' });
make('der-signature', { signed: { der: true }, verdict: 'bad' });
make('zero-signature', { signed: { end: (s) => s.fill(0) }, verdict: 'bad' });
make('swapped-signature', {
    signed: { end: (s) => Buffer.concat([s.subarray(32), s.subarray(0, 32)]) },
    verdict: 'bad',
});
make('signature-too-short', { signed: { end: (s) => s.subarray(1) }, verdict: 'bad' });
make('signature-too-long', {
    signed: { end: (s) => Buffer.concat([s, Buffer.from([0])]) },
    verdict: 'bad',
});
make('signature-empty', { signed: { end: () => none }, verdict: 'bad' });
make('alg-of-another-curve', { alg: -35, verdict: 'bad' });
make('key-of-another-curve', { key: curves.es384.key, verdict: 'bad' });
make('alg-0', { alg: 0, verdict: 'bad' });
make('alg-hmac', { alg: 5, verdict: 'bad' });
make('alg-eddsa', { alg: -8, verdict: 'bad' });
make('alg-unknown', { alg: -65000, verdict: 'bad' });
make('alg-as-text', { alg: 'ES256', verdict: 'bad' });
make('alg-unprotected', { headers: none, unprotected: new Map([[1, -7]]), verdict: 'bad' });
make('alg-nowhere', { headers: none, verdict: 'bad' });
make('crit', {
    headers: both([
        [1, -7],
        [2, [1]],
    ]),
    verdict: 'bad',
});
make('crit-unknown', {
    headers: both([
        [1, -7],
        [2, [999]],
        [999, true],
    ]),
    verdict: 'bad',
});
make('label-in-both', {
    headers: both([
        [1, -7],
        [4, text('a')],
    ]),
    unprotected: new Map([[4, text('b')]]),
    verdict: 'bad',
});

make('mac', { kind: 'mac0' });
make('mac-detached', { kind: 'mac0', detached: true });
make('mac-empty-payload', { kind: 'mac0', payload: none });
make('mac-other-payload', { kind: 'mac0', signed: { payload: text('specimen') }, verdict: 'bad' });
make('mac-external-data', { kind: 'mac0', aad: text('aad'), verdict: 'bad' });
make('mac-context-of-a-signature', { kind: 'mac0', context: 'Signature1', verdict: 'bad' });
make('mac-context-of-cose-mac', { kind: 'mac0', context: 'MAC', verdict: 'bad' });
make('mac-truncated', { kind: 'mac0', signed: { end: (s) => s.subarray(0, 8) }, verdict: 'bad' });
make('mac-truncated-alg-4', {
    kind: 'mac0',
    alg: 4,
    signed: { end: (s) => s.subarray(0, 8) },
    verdict: 'bad',
});
make('mac-empty', { kind: 'mac0', signed: { end: () => none }, verdict: 'bad' });
make('mac-of-another-alg', { kind: 'mac0', alg: 6, verdict: 'bad' });
make('mac-of-a-signature-alg', { kind: 'mac0', alg: -7, verdict: 'bad' });
make('mac-of-another-key', { kind: 'mac0', key: macKey.slice().reverse(), verdict: 'bad' });
