// SPDX-License-Identifier: Apache-2.0
//
// The camera of the kiosk: pictures as JPEG, not mirrored. What is on the screen
// is mirrored, as people know themselves.

import { cameraTrouble, openCamera } from '/shared/camera.js';
import { h } from '/shared/dom.js';
import { Trouble } from '/shared/page.js';
import { t } from '/shared/words.js';

const WIDTH = 640;
const HEIGHT = 480;
const MOST = 200000; // bytes of a picture
const DARK = 45; // of 255, on the average
const CAMERA_MS = 20000;

export class Camera {
    video = h('video', {
        playsinline: true,
        muted: true,
        class: 'mirrored',
        'aria-label': t('camera'),
    });
    #canvas = h('canvas', { width: WIDTH, height: HEIGHT });
    #stream = null;
    #over = false;

    async start() {
        const late = new Promise((resolve, reject) => {
            setTimeout(() => reject(new DOMException('late', 'TimeoutError')), CAMERA_MS);
        });
        try {
            const asked = openCamera({
                facingMode: 'user',
                width: { ideal: WIDTH },
                height: { ideal: HEIGHT },
            });
            this.#stream = await Promise.race([asked, late]);
            if (this.#over) return this.stop();
            this.video.srcObject = this.#stream;
            await this.video.play();
        } catch (error) {
            console.warn('camera', error);
            throw cameraTrouble(error, 'camera_missing_next');
        }
        return undefined;
    }

    stop() {
        this.#over = true;
        for (const track of this.#stream?.getTracks() ?? []) track.stop();
        this.video.srcObject = null;
    }

    #draw() {
        const { videoWidth: width, videoHeight: height } = this.video;
        const context = this.#canvas.getContext('2d', { willReadFrequently: true });
        const scale = Math.max(WIDTH / width, HEIGHT / height);
        context.drawImage(
            this.video,
            (WIDTH - width * scale) / 2,
            (HEIGHT - height * scale) / 2,
            width * scale,
            height * scale,
        );
        return context;
    }

    /** Is it too dark to see anybody? The server judges; this only helps. */
    isDark() {
        if (!this.video.videoWidth) return false;
        const { data } = this.#draw().getImageData(WIDTH / 4, HEIGHT / 4, WIDTH / 2, HEIGHT / 2);
        let sum = 0;
        for (let i = 0; i < data.length; i += 64) sum += data[i] + data[i + 1] + data[i + 2];
        return sum / ((3 * data.length) / 64) < DARK;
    }

    /** A picture of now: bytes. */
    async take() {
        this.#draw();
        for (const quality of [0.88, 0.7, 0.5]) {
            const blob = await new Promise((resolve) => {
                this.#canvas.toBlob(resolve, 'image/jpeg', quality);
            });
            if (blob && blob.size <= MOST) return new Uint8Array(await blob.arrayBuffer());
        }
        throw new Trouble(t('camera_off'), '', t('camera_missing_next'));
    }

    /** Nothing of a picture stays. */
    wipe() {
        this.#canvas.getContext('2d').clearRect(0, 0, WIDTH, HEIGHT);
    }
}
