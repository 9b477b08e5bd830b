// SPDX-License-Identifier: Apache-2.0
//
// Screens for when it does not go on: an attendant, no network, no paper, the end.

import { h, icon } from '/shared/dom.js';
import { button, sheet } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { Device } from './device.js';

const AGAIN_MS = 4000;
const END_S = 12;
const LOCAL = ['begin', 'offer']; // steps of which the server keeps no session

/** A sign that is read across a hall, until somebody has come. */
export function callAttendant(kiosk) {
    return sheet(t('called'), (close) =>
        h(
            'div',
            { class: 'stack called' },
            icon('bell'),
            h('p', { class: 'lead' }, label(kiosk.config.attendant) || t('called_text')),
            h('p', { class: 'soft' }, t('called_never')),
            button(t('called_done'), () => close(), { kind: 'first wide' }),
        ),
    );
}

/* Onto paper, and nowhere else: what is printed is taken away again. Not when the
 * visit ended meanwhile (dropPaper): gives whether it was printed. */
async function put(paper) {
    document.body.append(paper);
    try {
        for (const picture of paper.querySelectorAll('img')) await picture.decode();
        if (!paper.isConnected) return false;
        globalThis.print();
        return true;
    } finally {
        paper.remove();
    }
}

/** Nothing is printed any more that waits to be. */
export function dropPaper() {
    for (const paper of document.querySelectorAll('body > .paper')) paper.remove();
}

/* Nothing came: what is lost by it (KEPT: nothing is), and what to do. */
function paperOut(kept) {
    return sheet(t('paper_out'), (close) =>
        h(
            'div',
            { class: 'stack called' },
            icon('print'),
            h(
                'ol',
                { class: 'howto' },
                h('li', {}, t(kept)),
                h('li', {}, t('paper_out_2')),
                h('li', {}, t('paper_out_3')),
            ),
            button(t('paper_again'), () => close('again'), { kind: 'first wide', sign: 'print' }),
            button(t('close'), () => close(), { kind: 'wide' }),
        ),
    );
}

/**
 * Print what MAKE gives. Browsers don't tell whether paper came out: people look,
 * and it is printed again where none did. KEPT: words for what is kept till then.
 * Gives whether it came.
 */
export async function print(make, kept) {
    for (let tries = 'again'; tries === 'again'; tries = await paperOut(kept)) {
        if (!(await put(make()))) return false;
        const came = await sheet(t('paper_ask'), (close) =>
            h(
                'div',
                { class: 'stack' },
                button(t('paper_yes'), () => close('yes'), { kind: 'first wide', sign: 'tick' }),
                button(t('paper_no'), () => close('no'), { kind: 'wide', sign: 'cross' }),
            ),
        );
        if (came !== 'no') return came === 'yes';
    }
    return false;
}

/** There is no way to the server; it is tried again and again. */
export function networkGone(kiosk) {
    let over = false;
    const look = async () => {
        const answer = await fetch('/config.json', {
            cache: 'no-store',
            signal: AbortSignal.timeout(AGAIN_MS),
        }).catch(() => null);
        const config = answer?.ok ? await answer.json().catch(() => null) : null;
        if (!answer || over) return false; // or another look was quicker
        over = true;
        kiosk.gone = false;
        kiosk.config = config ?? kiosk.config;
        const { visit } = kiosk;
        if (!visit || LOCAL.includes(visit.step)) kiosk.back();
        else if (visit.expires * 1000 < Date.now())
            await kiosk.finish({ kind: 'unknown', key: 'end_over' });
        // an answer that was lost may have led further
        else await kiosk.step(() => visit.look()).catch(() => kiosk.draw());
        return true;
    };
    const timer = setInterval(look, AGAIN_MS);
    const node = h(
        'div',
        { class: 'stack alone' },
        icon('wifi-off'),
        h('h1', {}, t('gone')),
        h('p', { class: 'lead' }, t(kiosk.visit ? 'gone_visit' : 'gone_idle')),
        h(
            'ol',
            { class: 'howto' },
            h('li', {}, t('gone_1')),
            h('li', {}, t('gone_2')),
            h('li', {}, t('gone_3')),
        ),
        h('p', { class: 'soft', role: 'status' }, t('gone_trying')),
        h('div', { class: 'stack' }, button(t('again'), look, { kind: 'first wide' })),
    );
    node.stop = () => {
        over = true;
        clearInterval(timer);
    };
    return node;
}

/** The visit is over: what is told, and a countdown to the next one. */
export function ended(kiosk) {
    const { kind, key } = kiosk.end;
    const left = h('b', { class: 'clock' });
    const ends = Date.now() + Math.max(END_S, kiosk.config.patience ?? 0) * 1000;
    const count = () => {
        const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
        left.textContent = String(seconds);
        if (seconds <= 0) kiosk.reset();
    };
    const timer = setInterval(count, 1000);
    count();
    const signs = { ok: 'tick', bad: 'octagon', unknown: 'info' };
    const node = h(
        'div',
        { class: `stack alone ${kind}` },
        icon(signs[kind]),
        h('h1', {}, t(key)),
        h('p', { class: 'lead' }, t(`next_${key}`)),
        h('p', { class: 'soft' }, t('wiped')),
        left,
        h(
            'div',
            { class: 'stack' },
            button(t('to_start'), () => kiosk.reset(), { kind: 'first wide' }),
            key === 'end_unpaired'
                ? button(
                      t('pair_again'),
                      async () => {
                          await Device.forget();
                          Object.assign(kiosk, { device: null, end: null });
                          kiosk.draw();
                      },
                      { kind: 'wide', sign: 'key' },
                  )
                : null,
        ),
    );
    node.stop = () => clearInterval(timer);
    return node;
}
