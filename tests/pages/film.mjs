// SPDX-License-Identifier: Apache-2.0
//
// What a camera sees: codes one after the other, as a film that Chromium takes
// for a camera (--use-file-for-fake-video-capture).

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');
const SIDE = 480;
const WIDTH = 640;
const HELD = 3; // pictures of each code, of 15 in a second

/** Write the film of TEXTS to PATH. */
export async function film(texts, path) {
    const { default: qrcode } = await import(
        pathToFileURL(join(ROOT, 'web/node_modules/qrcode-generator/dist/qrcode.mjs'))
    );
    const pieces = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${SIDE} F15:1 Ip A1:1 C420jpeg\n`)];
    const grey = Buffer.alloc((WIDTH * SIDE) / 2, 128);
    for (const text of texts) {
        const code = qrcode(0, 'L');
        code.addData(text, 'Alphanumeric');
        code.make();
        const picture = draw(code);
        for (let i = 0; i < HELD; i++) pieces.push(Buffer.from('FRAME\n'), picture, grey);
    }
    writeFileSync(path, Buffer.concat(pieces));
}

/* ---- codes that move (docs/formats/card.md, 5) ---- */

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

function fromBase45(text) {
    const bytes = [];
    for (let at = 0; at < text.length; at += 3) {
        const some = [...text.slice(at, at + 3)];
        const value = some.reduceRight((sum, letter) => sum * 45 + LETTERS.indexOf(letter), 0);
        if (some.length === 3) bytes.push(value >> 8);
        bytes.push(value & 255);
    }
    return Buffer.from(bytes);
}

function toBase45(bytes) {
    let text = '';
    for (let at = 0; at < bytes.length; at += 2) {
        const two = at + 1 < bytes.length;
        let value = two ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
        for (let i = 0; i < (two ? 3 : 2); i++, value = Math.floor(value / 45))
            text += LETTERS[value % 45];
    }
    return text;
}

/** The code TEXT, of one piece, as the parts of one that moves: a checker may show it so. */
export function parts(text, length = 400) {
    const whole = fromBase45(text.slice(text.indexOf(':') + 1));
    const transfer = createHash('sha256').update(whole).digest().subarray(0, 8);
    const count = Math.ceil(whole.length / length);
    return Array.from({ length: count }, (_, at) => {
        const piece = whole.subarray(at * length, (at + 1) * length);
        const size =
            piece.length < 256
                ? [0x58, piece.length]
                : [0x59, piece.length >> 8, piece.length & 255];
        const head = [
            0x84,
            0x48,
            ...transfer,
            at,
            count,
            ...(piece.length < 24 ? [0x40 | piece.length] : size),
        ];
        return `YPA1:${toBase45(Buffer.concat([Buffer.from(head), piece]))}`;
    });
}

function draw(code) {
    const count = code.getModuleCount();
    const each = Math.floor((SIDE - 40) / (count + 8));
    const left = Math.floor((WIDTH - count * each) / 2);
    const top = Math.floor((SIDE - count * each) / 2);
    const picture = Buffer.alloc(WIDTH * SIDE, 235);
    for (let y = 0; y < count * each; y++)
        for (let x = 0; x < count * each; x++)
            if (code.isDark(Math.floor(y / each), Math.floor(x / each)))
                picture[(top + y) * WIDTH + left + x] = 16;
    return picture;
}

/** What a browser is told so that its camera shows PATH. */
export const cameraOf = (path) => [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${path}`,
];
