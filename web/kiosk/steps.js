// SPDX-License-Identifier: Apache-2.0
//
// The screens of a visit, by its steps: fetched when somebody begins, so that a
// kiosk on a slow network invites people before it has all of them.

import { codes } from './codes.js';
import { documents } from './documents.js';
import { camera } from './face.js';
import { number } from './number.js';
import { offer } from './offer.js';
import { officer } from './officer.js';
import { terms } from './terms.js';

export const SCREENS = {
    terms,
    number,
    face: camera,
    officer,
    choice: documents,
    code: codes,
    offer,
};
