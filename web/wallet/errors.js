// SPDX-License-Identifier: Apache-2.0
//
// What the core refused, as people read it.

import { Trouble } from '/shared/page.js';
import { knows, t } from '/shared/words.js';

/** ERROR as a Trouble, where it is of the core. */
export function said(error) {
    if (error instanceof Trouble || !error?.code) return error;
    const code =
        error.code === 'UNKNOWN' || error.cause?.code === 'NET'
            ? (error.cause?.code ?? error.code)
            : error.code;
    const key = `core_${code}`;
    return new Trouble(
        t('core_refused'),
        knows(key) ? t(key) : code,
        error.end?.said || t(knows(`${key}_next`) ? `${key}_next` : 'core_next'),
    );
}
