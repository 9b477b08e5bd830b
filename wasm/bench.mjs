// SPDX-License-Identifier: Apache-2.0
//
// How fast a page verifies: node wasm/bench.mjs MODULE FOLDER NOW ROUNDS
//
// An mdoc, judged by the module (three signatures), in turns with what WebCrypto
// needs for two signatures by keys that are imported each time. Prints judgements
// a second, half of WebCrypto's rate, and the median of the rounds' ratios; by
// CPU time of the whole process, since WebCrypto works in other threads.

import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { Yaopai } from './yaopai.mjs';

globalThis.crypto ??= webcrypto; // Node 18

const [module, folder, now, rounds] = process.argv.slice(2);
const read = (name) => new Uint8Array(readFileSync(`${folder}/${name}`));
const yaopai = await Yaopai.load(readFileSync(module));
const options = {
    anchors: [{ certificate: read('anchor.der') }],
    session: read('session.cbor'),
    now: Number(now),
};
const response = read('response.cbor');

const curve = { name: 'ECDSA', namedCurve: 'P-256' };
const how = { name: 'ECDSA', hash: 'SHA-256' };
const pair = await crypto.subtle.generateKey(curve, false, ['sign', 'verify']);
const point = await crypto.subtle.exportKey('raw', pair.publicKey);
const message = new Uint8Array(500);
const signature = await crypto.subtle.sign(how, pair.privateKey, message);

async function judge() {
    const { checks } = await yaopai.verify(response, options);
    if (checks.some((c) => c.outcome === 'fail'))
        throw new Error(`refused: ${JSON.stringify(checks)}`);
}

async function verifyTwo() {
    for (let i = 0; i < 2; i++) {
        const key = await crypto.subtle.importKey('raw', point, curve, false, ['verify']);
        if (!(await crypto.subtle.verify(how, key, signature, message)))
            throw new Error('WebCrypto refused');
    }
}

async function rate(work) {
    const began = process.cpuUsage();
    for (let i = 0; i < 40; i++) await work();
    const { user, system } = process.cpuUsage(began);
    return 40e6 / (user + system);
}

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
const ours = [];
const limits = [];
await rate(judge); // until the engine has compiled it well
for (let i = 0; i < Number(rounds); i++) {
    ours.push(await rate(judge));
    limits.push(await rate(verifyTwo));
}
const ratio = median(ours.map((r, i) => r / limits[i]));
console.log(`${median(ours).toFixed(1)} ${median(limits).toFixed(1)} ${ratio.toFixed(4)}`);
