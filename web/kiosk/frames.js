// SPDX-License-Identifier: Apache-2.0
//
// What the camera saw, as the server reads it (docs/formats/face.md): written by
// the core, so that there is one writer of CBOR. It is loaded when first needed.

import { Task } from '/wasm/task.mjs';

const MEMORY = 8 * 1024 * 1024;
let loading;

function load() {
    loading ??= WebAssembly.compileStreaming(fetch('/wasm/yaopai.wasm')).catch((error) => {
        loading = undefined; // the next attempt asks again
        throw error;
    });
    return loading;
}

/** Fetch what writes them while somebody is led: a challenge does not wait for it. */
export function prepareFrames() {
    load().catch((error) => console.warn('frames', error));
}

function bytesOf(text) {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
        letter.charCodeAt(0),
    );
}

/** NONCE in base64url, FRAMES [{move, jpeg}] in their order; gives bytes. */
export async function framesOf(nonce, frames) {
    const task = new Task({ module: await load(), memory: MEMORY });
    for (const { move, jpeg } of frames) task.call('add_frame', move, ...task.put(jpeg));
    task.call('write_frames', ...task.put(bytesOf(nonce)));
    return task.answer();
}
