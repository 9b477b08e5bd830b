// SPDX-License-Identifier: Apache-2.0
//
// A scanner: the camera, and for who has none pasted text or an image.
//
//     const scanner = new Scanner({ take: (text) => done(text) });
//     node.append(scanner.node);
//     scanner.stop();

import { cameraTrouble, openCamera } from './camera.js';
import { h, icon, show } from './dom.js';
import { t } from './words.js';
import { Trouble, button, policy, trouble } from './page.js';

const FRAME_MS = 90; // between two looks
const PARTS = /^(YPA1:[^\r\n]*[\r\n]+)+YPA1:[^\r\n]*$/; // copied from codes that move
const SIDE = 1080; // of the middle of the picture that is looked at, at most

export class Scanner {
    #worker;
    #waiting = new Map();
    #next = 0;
    #stream = null;
    #over = false;

    /** TAKE gets each text that is read; it may be called more than once. */
    constructor({ take }) {
        this.take = take;
        this.video = h('video', { playsinline: true, muted: true, 'aria-label': t('camera') });
        this.view = h(
            'div',
            { class: 'view', 'aria-live': 'polite' },
            this.video,
            h('p', { class: 'hint', 'aria-hidden': 'true' }, t('closer')),
        );
        this.note = h('div', { 'aria-live': 'polite' });
        this.node = h('div', { class: 'scanner' }, this.view, this.note, this.#otherWays());
        this.#start().catch((error) => this.#tell(error));
    }

    /** Say something beside the picture: which parts have come. */
    say(...children) {
        show(this.note, ...children);
    }

    /** The camera is let go of; nothing is taken any more. */
    stop() {
        this.#over = true;
        for (const track of this.#stream?.getTracks() ?? []) track.stop();
        this.#worker?.terminate();
    }

    /* ---- the camera ---- */

    async #start() {
        this.#stream = await openCamera({
            facingMode: { ideal: 'environment' },
            width: { ideal: 1280 },
            height: { ideal: 720 },
        });
        if (this.#over) return this.stop();
        this.video.srcObject = this.#stream;
        await this.video.play();
        const canvas = h('canvas');
        const context = canvas.getContext('2d', { willReadFrequently: true });
        while (!this.#over) {
            const started = performance.now();
            await this.#look(canvas, context);
            await new Promise((resolve) =>
                setTimeout(resolve, Math.max(10, FRAME_MS - (performance.now() - started))),
            );
        }
        return undefined;
    }

    async #look(canvas, context) {
        const { videoWidth: width, videoHeight: height } = this.video;
        if (!width) return;
        const side = Math.min(width, height);
        canvas.width = canvas.height = Math.min(side, SIDE);
        context.drawImage(
            this.video,
            (width - side) / 2,
            (height - side) / 2,
            side,
            side,
            0,
            0,
            canvas.width,
            canvas.height,
        );
        const texts = await this.#decode(
            context.getImageData(0, 0, canvas.width, canvas.height),
            false,
        );
        this.view.toggleAttribute('data-found', texts.length > 0);
        if (texts.length === 1 && !this.#over) this.take(texts[0]);
    }

    #tell(error) {
        const { what, why, next } = cameraTrouble(error, 'camera_next');
        // in the room of the picture: who is about to press what is below it finds it there
        this.view.classList.add('off');
        show(
            this.view,
            icon('eye-off'),
            h('b', {}, what),
            h('p', {}, why),
            h('p', { class: 'soft' }, next),
        );
    }

    #decode(image, thorough) {
        if (!this.#worker) {
            this.#worker = new Worker(policy.createScriptURL('/shared/decode.js'), {
                type: 'module',
            });
            this.#worker.addEventListener('message', ({ data }) => {
                this.#waiting.get(data.id)?.(data.texts);
                this.#waiting.delete(data.id);
            });
        }
        const id = this.#next++;
        return new Promise((resolve) => {
            this.#waiting.set(id, resolve);
            this.#worker.postMessage({ id, image, thorough });
        });
    }

    /* ---- other ways ---- */

    #otherWays() {
        const area = h('textarea', {
            id: 'scan-text',
            rows: 3,
            autocomplete: 'off',
            spellcheck: 'false',
        });
        const pasted = h(
            'div',
            { class: 'stack', hidden: true },
            h('div', { class: 'field' }, h('label', { for: 'scan-text' }, t('paste_text')), area),
            button(
                t('paste_take'),
                () => {
                    const text = area.value.replace(/^\s+|[\r\n\t]+$/g, ''); // a blank is a letter of some codes
                    for (const one of PARTS.test(text) ? text.split(/[\r\n]+/) : [text])
                        if (one) this.take(one);
                },
                { kind: 'first' },
            ),
        );
        const file = h('input', {
            type: 'file',
            accept: 'image/*',
            class: 'unseen',
            tabindex: '-1',
            'aria-hidden': 'true',
        });
        file.addEventListener('change', () =>
            this.#takeImage(file).catch((error) => this.say(trouble(error))),
        );
        return h(
            'div',
            { class: 'stack' },
            h(
                'div',
                { class: 'row' },
                button(
                    t('paste'),
                    () => {
                        pasted.hidden = false;
                        area.focus();
                    },
                    { sign: 'paste' },
                ),
                button(t('from_image'), () => file.click(), { sign: 'image' }),
            ),
            file,
            pasted,
        );
    }

    async #takeImage(input) {
        const [chosen] = input.files;
        input.value = '';
        if (!chosen) return;
        const texts = await this.#decode(chosen, true);
        if (texts.length !== 1) throw new Trouble(t('no_code_in_image'), '', t('no_code_next'));
        this.take(texts[0]);
    }
}
