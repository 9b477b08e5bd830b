// SPDX-License-Identifier: Apache-2.0
//
// Somebody who stands before a camera: Chromium plays a file as its camera and
// reads it again picture by picture, so whoever writes into that file moves.
// What is seen comes from a sample sheet of the face engine's package, where one
// person was photographed several times: the engine has real work to do. The
// pictures live in a temporary folder and go away with it.

import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const WIDTH = 640;
const HEIGHT = 480;
const FRAMES = 4;
const ALIVE_MS = 250; // each picture differs from the ones before, as a camera's does
const NOISE = 2; // of 255
const CORNER = 16; // pixels whose light tells pictures apart

/* Where somebody is on samples/screenshot-facematch.jpg: [left, top, side], and
 * whether to look at it in a mirror. The engine says of them (yaw in degrees, and
 * how alike the straight one is): left 23, 0.69; straight -8; right -19, 0.70; the
 * portrait 0.86. Somebody else is 0.43 like the portrait. */
const SHEET = 'screenshot-facematch.jpg';
const cell = (row, column, side, mirrored = false) => ({
    left: Math.round(column * 106.75),
    top: Math.round(284 + row * 112.4),
    size: 106,
    side,
    mirrored,
});
const LOOKS = {
    centre: cell(0, 0, 300, true),
    left: cell(0, 9, 300),
    right: cell(0, 12, 360),
};
const PORTRAITS = { own: cell(0, 1, 300), other: cell(2, 3, 300) };

/** The engine of ports/face/human in BUILD, fetched when it is not there: {command, samples}, or why there is none. */
export function findEngine(build) {
    const folder = resolve(process.env.YAOPAI_FACE_HUMAN ?? join(build, 'face-human'));
    if (!existsSync(join(folder, 'engine.cjs'))) {
        const done = spawnSync(join(ROOT, 'ports/face/human/install'), [folder], {
            encoding: 'utf8',
            timeout: 180000,
        });
        if (done.status !== 0) return { why: 'the face engine could not be fetched (npm)' };
    }
    if (!existsSync(join(folder, 'samples', SHEET)))
        return { why: 'the face engine has no sample pictures' };
    const node = execFileSync('which', ['node'], { encoding: 'utf8' }).trim();
    const command = `${node} ${join(folder, 'engine.cjs')}`;
    return / .* /.test(command)
        ? { why: 'the face engine lies below a folder with a blank in its name' }
        : { command, samples: join(folder, 'samples') };
}

/* PLACE of SOURCE (all of it, when it names none) in the middle of a grey picture: its pixels, four bytes each, and as JPEG. */
function draw(page, source, place, width, height) {
    return page.evaluate(
        async ([address, { left = 0, top = 0, size, side, mirrored }, width_, height_]) => {
            const image = new Image();
            if (address) {
                image.src = address;
                await image.decode();
            }
            const canvas = document.createElement('canvas');
            Object.assign(canvas, { width: width_, height: height_ });
            const context = canvas.getContext('2d');
            context.fillStyle = '#6e6e6e';
            context.fillRect(0, 0, width_, height_);
            context.imageSmoothingQuality = 'high';
            context.translate(width_ / 2, height_ / 2);
            if (mirrored) context.scale(-1, 1);
            const part = size ?? image.naturalWidth;
            if (part > 0)
                context.drawImage(image, left, top, part, part, -side / 2, -side / 2, side, side);
            const { data } = context.getImageData(0, 0, width_, height_);
            let letters = '';
            for (let at = 0; at < data.length; at += 32768)
                letters += String.fromCharCode(...data.subarray(at, at + 32768));
            return { pixels: btoa(letters), jpeg: canvas.toDataURL('image/jpeg', 0.9) };
        },
        [source, place, width, height],
    );
}

/* Planes of brightness and of two colours, the latter for four pixels each (BT.601). */
function planes(rgba) {
    const out = Buffer.alloc((WIDTH * HEIGHT * 3) / 2);
    const colours = (WIDTH * HEIGHT) / 4;
    for (let y = 0, at = 0; y < HEIGHT; y++)
        for (let x = 0; x < WIDTH; x++, at += 4) {
            const [red, green, blue] = [rgba[at], rgba[at + 1], rgba[at + 2]];
            out[y * WIDTH + x] = 16.5 + 0.257 * red + 0.504 * green + 0.098 * blue;
            if (y % 2 || x % 2) continue;
            const place = WIDTH * HEIGHT + (y / 2) * (WIDTH / 2) + x / 2;
            out[place] = 128.5 - 0.148 * red - 0.291 * green + 0.439 * blue;
            out[place + colours] = 128.5 + 0.439 * red - 0.368 * green - 0.071 * blue;
        }
    return out;
}

/* As many pictures of the same as are played: what a camera sees is never quite still. */
function noisy(still) {
    return Array.from({ length: FRAMES }, () => {
        const frame = Buffer.from(still);
        for (let at = 0; at < WIDTH * HEIGHT; at++)
            frame[at] += Math.floor(Math.random() * (2 * NOISE + 1)) - NOISE;
        return frame;
    });
}

export class Somebody {
    #file;
    #count = 0;
    #looks = {};

    /** In front of the camera of FILE, straight. BROWSER draws the pictures. */
    static async stand(browser, samples, file) {
        const one = new Somebody();
        const page = await browser.newPage();
        const sheet = `data:image/jpeg;base64,${readFileSync(join(samples, SHEET), 'base64')}`;
        for (const [look, place] of Object.entries(LOOKS)) {
            const { pixels } = await draw(page, sheet, place, WIDTH, HEIGHT);
            one.#looks[look] = noisy(planes(Buffer.from(pixels, 'base64')));
        }
        one.portraits = {};
        for (const [whose, place] of Object.entries(PORTRAITS)) {
            const { jpeg } = await draw(page, sheet, place, 358, 441);
            one.portraits[whose] = Buffer.from(jpeg.split(',')[1], 'base64');
        }
        await page.close();
        writeFileSync(file, '');
        one.#file = openSync(file, 'r+');
        one.look('centre');
        return one;
    }

    /** Turn the head: "left", "right" or "centre". */
    look(where) {
        this.now = where;
        this.#write();
    }

    /** Step aside; PNG, if there is one, is held before the camera. BROWSER draws it. */
    async holdUp(browser, png) {
        const picture = `data:image/png;base64,${png?.toString('base64') ?? ''}`;
        const page = await browser.newPage();
        const { pixels } = await draw(page, png && picture, { side: HEIGHT - 20 }, WIDTH, HEIGHT);
        await page.close();
        this.#looks.held = noisy(planes(Buffer.from(pixels, 'base64')));
        this.look('held');
    }

    #write() {
        const parts = [Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1\n`)];
        for (const frame of this.#looks[this.now]) {
            const light = 32 + ((this.#count++ * 7) % 192);
            for (let y = 0; y < CORNER; y++)
                frame.fill(light, y * WIDTH, y * WIDTH + CORNER - (y % 4));
            parts.push(Buffer.from('FRAME\n'), frame);
        }
        writeSync(this.#file, Buffer.concat(parts), 0, undefined, 0);
    }

    /** They do what the page says, until they leave: WORDS are {left, right, centre}. */
    async follow(page, words) {
        const moves = Object.entries(words);
        this.moves = [];
        this.following = true;
        const alive = setInterval(() => this.#write(), ALIVE_MS);
        while (this.following) {
            const word = await page
                .locator('.word')
                .textContent({ timeout: 1000 })
                .catch(() => '');
            const move = moves.find(([, said]) => said === word)?.[0];
            if (move && move !== this.now) this.look(move);
            if (move && move !== this.moves.at(-1)) this.moves.push(move);
            await new Promise((come) => setTimeout(come, 80));
        }
        clearInterval(alive);
    }

    leave() {
        this.following = false;
        closeSync(this.#file);
    }
}

/** What a browser is started with, so that FILE is its camera. */
export const cameraOf = (file) => [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
];
