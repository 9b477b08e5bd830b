// SPDX-License-Identifier: Apache-2.0
//
// A code that is shown: drawn at once, copied as text, opened as a link. Two
// tabs of one computer must do, so what a camera could read can be taken by hand.
//
//     code('openid4vp://...', { what: t('request'), link: 'http://wallet...' })

import qrcode from '/vendor/qrcode.mjs';
import { h, s } from './dom.js';
import { t } from './words.js';
import { button, toast } from './page.js';

const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]*$/;
const QUIET = 4; // modules around it
const CALM = matchMedia('(prefers-reduced-motion: reduce)');

/** The bars of TEXT as an element of SVG. */
export function bars(text, { level = 'L', what = '' } = {}) {
    const qr = qrcode(0, level);
    qr.addData(text, ALPHANUMERIC.test(text) ? 'Alphanumeric' : 'Byte');
    qr.make();
    const count = qr.getModuleCount();
    let path = '';
    for (let y = 0; y < count; y++)
        for (let x = 0; x < count; x++) {
            if (!qr.isDark(y, x)) continue;
            let end = x;
            while (end + 1 < count && qr.isDark(y, end + 1)) end++;
            path += `M${x + QUIET} ${y + QUIET}h${end - x + 1}v1h-${end - x + 1}z`;
            x = end;
        }
    const size = count + 2 * QUIET;
    return s(
        'svg',
        {
            class: 'bars',
            viewBox: `0 0 ${size} ${size}`,
            role: 'img',
            'aria-label': t('code_of', { what }),
        },
        s('rect', { width: size, height: size, fill: '#fff' }),
        s('path', { d: path, fill: '#000' }),
    );
}

const copyButton = (text) =>
    button(
        t('copy'),
        async () => {
            await navigator.clipboard.writeText(text);
            toast(t('copied'));
        },
        { kind: 'plain', sign: 'copy' },
    );

/**
 * The code with its ways around a camera.
 *
 *   what   what it is, for a screen reader
 *   link   where "open in wallet" goes; without it there is no such button
 */
export function code(text, { what = '', link, level } = {}) {
    return h(
        'figure',
        { class: 'code' },
        bars(text, { what, level }),
        h(
            'figcaption',
            { class: 'row no-print' },
            link
                ? h(
                      'a',
                      { class: 'button', href: link, rel: 'noopener', target: '_blank' },
                      t('open_in_wallet'),
                  )
                : null,
            copyButton(text),
        ),
    );
}

/**
 * Codes that take turns, PARTS of one thing, some each second: fewer for who wants little to
 * move. Copied are all of them, a line each. Call stop() of it when it is no longer shown.
 */
export function animated(parts, { what = '', each = CALM.matches ? 3 : 5 } = {}) {
    const drawn = parts.map((part) => bars(part, { what }));
    const node = h(
        'figure',
        { class: 'code' },
        drawn[0],
        h('figcaption', { class: 'row no-print' }, copyButton(parts.join('\n'))),
    );
    let at = 0;
    const timer = setInterval(
        () => {
            at = (at + 1) % drawn.length;
            node.firstChild.replaceWith(drawn[at]);
        },
        1000 / Math.min(each, 6),
    );
    node.stop = () => clearInterval(timer);
    return node;
}
