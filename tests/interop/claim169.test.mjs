// SPDX-License-Identifier: Apache-2.0
// @mosip/pixelpass: the library of claim 169's authors reads the code of our
// printed card. The signature is checked by node's own cryptography.

import cbor from 'cbor-web';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import pixelpass from '@mosip/pixelpass';
import { at, refuses, scratch, test } from './support.mjs';

const maker = path.join(path.dirname(process.env.YAOPAI), 'tests', 'printed-card');
const CLAIMS = { 1: 'iss', 4: 'exp', 6: 'iat', 169: 'identity', 65535: 'status' };
const IDENTITY = { 4: 'fullName', 8: 'dateOfBirth', 9: 'gender', 10: 'address', 13: 'nationality' };
const EXPECTED = {
    fullName: '李示例',
    dateOfBirth: '19880808',
    gender: 1,
    address: '天津市蓟州区示例路1号',
    nationality: 'CN',
};

/** The letters of a new card; empty when the tests were not built. */
function print() {
    if (!fs.existsSync(maker)) return '';
    execFileSync(maker, [scratch], { stdio: 'ignore' });
    return fs.readFileSync(at('letters.txt'), 'latin1');
}

/** What pixelpass makes of LETTERS: the four parts of a COSE_Sign1. */
function read(letters) {
    const message = JSON.parse(pixelpass.decode(letters));
    if (message.tag !== 18 || message.value.length !== 4) throw new Error(JSON.stringify(message));
    return message.value.map((part) => Buffer.from(part.data ?? []));
}

const letters = print(),
    skipped = letters ? '' : 'the tests are not built';

await test('pixelpass: reads our printed card', () => {
    if (skipped) return skipped;
    const [, , payload] = read(letters);
    const claims = pixelpass.decodeMappedData(payload, CLAIMS);
    if (claims.iss !== 'https://authority.example') throw new Error(claims.iss);
    const identity = pixelpass.decodeMappedData(claims.identity, IDENTITY);
    for (const [name, value] of Object.entries(EXPECTED))
        if (identity[name] !== value) throw new Error(`${name}: ${identity[name]}`);
});

await test("pixelpass: the signature is our signer's", () => {
    if (skipped) return skipped;
    const [head, , payload, signature] = read(letters);
    const message = cbor.encodeOne(['Signature1', head, Buffer.alloc(0), payload], {
        highWaterMark: 65536,
    });
    const key = new crypto.X509Certificate(fs.readFileSync(at('signer.pem'))).publicKey;
    if (!crypto.verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature))
        throw new Error('wrong signature');
});

await test('pixelpass: refuses it with a letter changed', async () => {
    if (skipped) return skipped;
    const other = letters[40] === 'A' ? 'B' : 'A';
    await refuses((async () => read(letters.slice(0, 40) + other + letters.slice(41)))());
});
