// SPDX-License-Identifier: Apache-2.0
//
// A camera of this device, and why there is none, as people read it.

import { Trouble } from './page.js';
import { t } from './words.js';

const WHY = {
    NotAllowedError: 'camera_denied',
    NotFoundError: 'camera_none',
    OverconstrainedError: 'camera_none',
};

/** A stream of pictures as VIDEO wishes them; it throws what the browser does. */
export async function openCamera(video) {
    // a browser has cameras for no page that came over plain HTTP
    if (!navigator.mediaDevices?.getUserMedia)
        throw new DOMException('not for this page', 'NotAllowedError');
    return navigator.mediaDevices.getUserMedia({ video });
}

/** ERROR of a camera; NEXT is the key of what to do instead. */
export const cameraTrouble = (error, next) =>
    new Trouble(t('camera_off'), t(WHY[error?.name] ?? 'camera_busy'), t(next));
