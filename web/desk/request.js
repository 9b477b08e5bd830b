// SPDX-License-Identifier: Apache-2.0
//
// A request as a large code: the phone opens it, asks its owner, and answers
// the desk's server. A browser that has wallets of its own is asked by a second button.

import { code } from '/shared/code.js';
import { h, notice, show } from '/shared/dom.js';
import { Trouble, again, button } from '/shared/page.js';
import { label, t } from '/shared/words.js';
import { judgedOf } from './judged.js';
import { verdictless } from './verdict.js';

const WAIT = 25; // seconds that the server holds an answer back
const PAUSE_MS = 600;

/** How much time is left, until DEADLINE (seconds since 1970); ends with SIGNAL. */
export function countdown(deadline, signal) {
    const node = h('p', { class: 'soft count', role: 'timer', 'aria-live': 'off' });
    const draw = () => {
        const left = Math.max(0, Math.round(deadline - Date.now() / 1000));
        node.textContent = t('time_left', {
            time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`,
        });
    };
    draw();
    const timer = setInterval(draw, 1000);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    return node;
}

/** Wait until the session ID is over; what it is then. ANSWERED is called when a wallet has answered somewhere. */
export async function over(desk, id, signal, answered = () => {}) {
    let wait = WAIT;
    for (;;) {
        const now = await desk.ask('GET', `/api/sessions/${id}?wait=${wait}`, undefined, {
            signal,
        });
        if (now.state !== 'open' && now.state !== 'answered') return now;
        if (now.state === 'answered') answered();
        wait = now.state === 'answered' ? 1 : WAIT; // the wait was over at once, or nothing came
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
}

/** What became of a session, as a result or as words. */
export function conclude({ desk, profile, room, tell, signal }, now) {
    if (signal.aborted) return;
    if (now.state === 'done')
        tell(judgedOf(desk, profile, now.result, { id: now.id, kind: 'sessions' }));
    else
        show(
            room,
            verdictless(now.state),
            button(t('try_again'), again, { kind: 'first', sign: 'qr' }),
        );
}

/* ---- the browser's own wallets ---- */

const inBrowser = () =>
    'DigitalCredential' in globalThis && typeof navigator.credentials?.get === 'function';

/* WALK's code is no longer waited for: STOP ends that. */
async function byBrowser(walk, stop) {
    const { desk, profile, more, signal } = walk;
    const asked = await desk.ask('POST', '/api/sessions', {
        profile: profile.name,
        ...more,
        officer: desk.officerNow()?.officer,
        dc_api: { origins: [location.origin] },
    });
    stop();
    const got = await navigator.credentials
        .get({ digital: { requests: asked.requests }, mediation: 'required', signal })
        .catch(() => null);
    if (!got) {
        // also when the page was left: nobody waits for an answer
        desk.ask('DELETE', `/api/sessions/${asked.id}`).catch(() => {});
        return conclude(walk, { state: 'refused' });
    }
    if (!asked.requests.some(({ protocol }) => protocol === got.protocol))
        throw new Trouble(t('other_protocol'), t('other_protocol_why'), t('other_protocol_next'));
    const data = typeof got.data === 'string' ? JSON.parse(got.data) : got.data;
    return conclude(
        walk,
        await desk.ask('POST', `/api/sessions/${asked.id}/answer`, {
            protocol: got.protocol,
            data,
            origin: location.origin,
        }),
    );
}

/* ---- by a code ---- */

/** The way. */
export async function request(walk) {
    const { desk, profile, room, signal, more } = walk;
    show(room, h('p', { role: 'status' }, t('busy')));
    const asked = await desk.ask('POST', '/api/sessions', {
        profile: profile.name,
        ...more,
        device: 'cross',
        officer: desk.officerNow()?.officer,
    });
    const drop = () => desk.ask('DELETE', `/api/sessions/${asked.id}`).catch(() => {});
    if (signal.aborted) return drop();
    signal.addEventListener('abort', drop, { once: true });
    return waitFor(walk, asked);
}

/** Show the code of ASKED, and wait for what comes. FIRST: not a second step, which only the wallet of the first answers. */
export async function waitFor(walk, asked, { first = true } = {}) {
    const { desk, profile, room, signal } = walk;
    const wallet = desk.about.wallet;
    const here = new AbortController(); // until it is over, or another way is gone
    signal.addEventListener('abort', () => here.abort(), { once: true });
    const line = h('p', { class: 'waiting', role: 'status' }, t('waiting_phone'));
    const stop = () => {
        here.abort();
        line.textContent = t('waiting_wallet');
        desk.ask('DELETE', `/api/sessions/${asked.id}`).catch(() => {});
    };
    show(
        room,
        h(
            'div',
            { class: 'ask' },
            code(asked.qr, {
                what: t('request_of', { purpose: label(profile.title) }),
                link: wallet ? `${wallet}/#${asked.qr}` : asked.qr,
            }),
            h(
                'div',
                { class: 'stack' },
                h(
                    'ol',
                    { class: 'steps' },
                    h('li', {}, t('request_1')),
                    h('li', {}, t('request_2')),
                    h('li', {}, t('request_3')),
                ),
                line,
                countdown(asked.expires, here.signal),
                notice('unknown', h('p', {}, t('request_relay'))),
                first && inBrowser()
                    ? button(t('by_browser'), () => byBrowser(walk, stop).catch(walk.fail), {
                          sign: 'globe',
                      })
                    : null,
            ),
        ),
    );
    const now = await over(
        desk,
        asked.id,
        here.signal,
        () => (line.textContent = t('waiting_browser')),
    );
    here.abort();
    conclude(walk, now);
}
