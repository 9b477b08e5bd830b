// SPDX-License-Identifier: Apache-2.0
// A face engine of demonstration grade: docs/formats/face.md on standard input
// and output, answered by @vladmandic/human on WebAssembly. Nobody measured how
// often it is wrong, and it notices neither a photograph nor a mask.
//
// Beside this file, once bundled by ./install: models/ and the .wasm of TensorFlow.
// It reads those files and nothing else, and needs no network.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');

const folder = path.join(__dirname, 'models');
const models = ['blazeface', 'facemesh', 'faceres'];

// The library fetches its models; what it may fetch is a file of that folder.
globalThis.fetch = async (url) => {
    const name = path.basename(String(url));
    if (!String(url).startsWith('file://') || !models.some((m) => name.startsWith(`${m}.`)))
        throw new Error('not a model');
    const bytes = fs.readFileSync(path.join(folder, name));
    return new Response(bytes, {
        headers: {
            'content-type': name.endsWith('.json')
                ? 'application/json'
                : 'application/octet-stream',
        },
    });
};
console.log = console.info = console.warn = console.error = () => {};

const tf = require('@tensorflow/tfjs-core');
const { Human } = require('./node_modules/@vladmandic/human/dist/human.node-wasm.js');

// ---- messages ---------------------------------------------------------------

function head(major, n) {
    if (n < 24) return Buffer.from([(major << 5) | n]);
    const size = n < 0x100 ? 1 : n < 0x10000 ? 2 : 4;
    const out = Buffer.alloc(1 + size);
    out[0] = (major << 5) | (size === 1 ? 24 : size === 2 ? 25 : 26);
    out.writeUIntBE(n, 1, size);
    return out;
}

function dump(value) {
    if (value === null) return Buffer.from([0xf6]);
    if (Number.isInteger(value)) return value >= 0 ? head(0, value) : head(1, -1 - value);
    if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
    if (typeof value === 'string')
        return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
    if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(dump)]);
    throw new Error('no number'); // one that is not whole is none
}

function load(data, at = 0) {
    const major = data[at] >> 5;
    let n = data[at++] & 31;
    if (n >= 24 && n <= 26 && major !== 7) {
        const size = 1 << (n - 24);
        n = data.readUIntBE(at, size);
        at += size;
    }
    if (major === 0) return [n, at];
    if (major === 2) return [data.subarray(at, at + n), at + n];
    if (major === 3) return [data.toString('utf8', at, at + n), at + n];
    if (major === 7 && (n === 20 || n === 21)) return [n === 21, at];
    if (major !== 4) throw new Error('no message');
    const items = [];
    for (let i = 0; i < n; i++) {
        let item;
        [item, at] = load(data, at);
        items.push(item);
    }
    return [items, at];
}

// ---- looking ----------------------------------------------------------------

const human = new Human({
    backend: 'wasm',
    wasmPath: `${__dirname}/`,
    wasmPlatformFetch: false,
    modelBasePath: `file://${folder}/`,
    debug: false,
    async: false,
    warmup: 'none',
    cacheSensitivity: 0,
    filter: { enabled: false, equalization: false, flip: false },
    gesture: { enabled: false },
    body: { enabled: false },
    hand: { enabled: false },
    object: { enabled: false },
    segmentation: { enabled: false },
    face: {
        enabled: true,
        detector: {
            modelPath: 'blazeface.json',
            rotation: true,
            maxDetected: 8,
            minConfidence: 0.4,
            minSize: 0,
            skipFrames: 0,
            skipTime: 0,
            return: false,
        },
        mesh: { enabled: true, modelPath: 'facemesh.json' },
        description: { enabled: true, modelPath: 'faceres.json', skipFrames: 0, skipTime: 0 },
        iris: { enabled: false },
        emotion: { enabled: false },
        antispoof: { enabled: false },
        liveness: { enabled: false },
        attention: { enabled: false },
    },
});

const clamp = (n, least, most) => Math.min(Math.max(Math.round(n), least), most);
const angle = (radians) => clamp((radians * 1800) / Math.PI, -1800, 1800);

function describe(face, width, height) {
    const left = clamp(face.box[0], 0, width - 1);
    const top = clamp(face.box[1], 0, height - 1);
    const turn = face.rotation.angle;
    return {
        box: [left, top, clamp(face.box[2], 1, width - left), clamp(face.box[3], 1, height - top)],
        rest: [
            clamp(face.score * 1000000, 0, 1000000),
            angle(YAW * turn.yaw),
            angle(turn.pitch),
            angle(turn.roll),
        ],
        embedding: face.embedding,
    };
}

// The library counts to the other side: seen on a picture and its mirror image.
const YAW = -1;

let last = null; // one picture is asked about twice: where is a face, and whose

async function look([width, height, rgb]) {
    if (rgb.length !== width * height * 3) throw new Error('no picture');
    if (last !== null && last.width === width && last.rgb.equals(rgb)) return last.faces;
    const tensor = tf.tensor(new Uint8Array(rgb), [1, height, width, 3], 'float32');
    const result = await human.detect(tensor);
    tf.dispose(tensor);
    const faces = result.face.map((face) => describe(face, width, height));
    last = { width, rgb: Buffer.from(rgb), faces };
    return faces;
}

function overlap(a, b) {
    const wide = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
    const high = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
    const both = wide > 0 && high > 0 ? wide * high : 0;
    return both / (a[2] * a[3] + b[2] * b[3] - both);
}

// Signed bytes: only the direction counts, so the largest becomes 127.
function quantise(embedding) {
    const largest = Math.max(...embedding.map(Math.abs));
    if (embedding.length !== 1024 || !(largest > 0) || !Number.isFinite(largest)) return null;
    return Buffer.from(Int8Array.from(embedding, (n) => Math.round((n * 127) / largest)).buffer);
}

async function extract(box, picture) {
    const faces = (await look(picture)).filter((face) => overlap(face.box, box) > 0.5);
    faces.sort((a, b) => overlap(b.box, box) - overlap(a.box, box));
    return faces.length > 0 && faces[0].embedding ? quantise(faces[0].embedding) : null;
}

// ---- answering --------------------------------------------------------------

function digest() {
    const hash = crypto.createHash('sha256');
    for (const model of models)
        for (const kind of ['json', 'bin'])
            hash.update(fs.readFileSync(path.join(folder, `${model}.${kind}`)));
    return hash.digest();
}

const model = digest();

async function answer([, verb, ...rest]) {
    switch (verb) {
        case 'info':
            return [
                0,
                [
                    1,
                    `human ${human.version}`,
                    'blazeface+facemesh+faceres',
                    model,
                    'demo',
                    'cos',
                    1024,
                ],
            ];
        case 'detect':
            return [0, (await look(rest[0])).map((face) => [...face.box, ...face.rest])];
        case 'extract': {
            const vector = await extract(rest[0], rest[1]);
            return vector === null ? [2, null] : [0, vector];
        }
        default:
            return [1, null];
    }
}

async function reply(request) {
    let result;
    try {
        result = await answer(request);
    } catch {
        result = [3, null];
    }
    const message = dump([request[0], ...result]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    process.stdout.write(Buffer.concat([length, message]));
}

async function main() {
    await human.load();
    let waiting = [],
        held = 0;
    for await (const piece of process.stdin) {
        waiting.push(piece);
        held += piece.length;
        if (held < 4) continue;
        if (waiting[0].length < 4) waiting = [Buffer.concat(waiting)];
        const length = waiting[0].readUInt32BE(0);
        if (held < 4 + length) continue;
        const data = Buffer.concat(waiting);
        const [request] = load(data.subarray(4, 4 + length));
        await reply(request);
        waiting = data.length > 4 + length ? [data.subarray(4 + length)] : [];
        held = data.length - 4 - length;
    }
}

main().catch(() => process.exit(1));
