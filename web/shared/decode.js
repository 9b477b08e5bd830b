// SPDX-License-Identifier: Apache-2.0
//
// A worker that finds codes in pictures: {id, image} comes, {id, texts} goes.

import { prepareZXingModule, readBarcodes } from '/vendor/zxing/reader/index.js';

prepareZXingModule({ overrides: { locateFile: (name) => `/vendor/zxing/reader/${name}` } });

const OPTIONS = {
    formats: ['QRCode'],
    tryHarder: true,
    tryRotate: false,
    tryInvert: false,
    maxNumberOfSymbols: 2,
};

addEventListener('message', async ({ data: { id, image, thorough } }) => {
    try {
        const found = await readBarcodes(
            image,
            thorough ? { ...OPTIONS, tryRotate: true, tryInvert: true } : OPTIONS,
        );
        postMessage({
            id,
            texts: found
                .filter((code) => code.isValid !== false && code.bytes.length > 0)
                .map((code) => new TextDecoder().decode(code.bytes)),
        });
    } catch (error) {
        postMessage({ id, texts: [], error: String(error) });
    }
});
