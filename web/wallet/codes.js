// SPDX-License-Identifier: Apache-2.0
//
// What a code or a link is that somebody brought.

const KINDS = [
    ['offer', /^openid-credential-offer:|^haip-vci:|[?&#]credential_offer(_uri)?=/],
    ['request', /^openid4vp:|^haip-vp:|[?&]request_uri=|[?&]client_id=/],
    ['challenge', /^YPQ1:/],
    ['part', /^YPA1:/],
    ['standing', /^YS1:/],
    ['card', /^YP1:/],
    ['receipt', /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/],
];

/** "offer", "request", "challenge", "part" (of a challenge), "standing", "card", "receipt", or undefined. */
export const kindOf = (text) => KINDS.find(([, known]) => known.test(text))?.[0];

/** TEXT as it was copied, without words behind a link and without a link to this page around it. Blanks are
 *  letters of the codes that begin with Y. */
export function cleaned(text) {
    const whole = text.replace(/^\s+|[\r\n\t]+$/g, '');
    if (/^Y[A-Z]{1,2}1:/.test(whole)) return whole;
    const link = whole.split(/\s/)[0] ?? '';
    const at = link.indexOf('#');
    const inner = /^https?:/.test(link) && at > 0 ? opened(link.slice(at + 1)) : '';
    return kindOf(inner) ? inner : link;
}

/** A text that stood in an address. */
export function opened(text) {
    try {
        return /^[a-z0-9+.-]+:\/\//i.test(text) ? text : decodeURIComponent(text);
    } catch {
        return text;
    }
}

/** Parts of a challenge that moves, as they come. */
export class Parts {
    #texts = new Map();
    #transfer;

    constructor(yaopai) {
        this.yaopai = yaopai;
    }

    /** One more; gives {count, total}, and when all are there the letters of each as `texts`. */
    take(text) {
        const said = this.yaopai
            .inspect(this.yaopai.readCode(text).bytes)
            .match(/^\[\s*h'([0-9a-f]{16})',\s*(\d+),\s*(\d+),/);
        if (!said) throw new TypeError('no part');
        const [, transfer, index, total] = said;
        if (transfer !== this.#transfer) this.#texts.clear();
        this.#transfer = transfer;
        this.#texts.set(index, text);
        const count = this.#texts.size;
        return {
            count,
            total: Number(total),
            texts: count === Number(total) ? [...this.#texts.values()] : undefined,
        };
    }
}
