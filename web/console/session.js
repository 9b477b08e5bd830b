// SPDX-License-Identifier: Apache-2.0
//
// Who is logged in, what they may do, and asking the server in their name.

import { h, icon, notice } from '/shared/dom.js';
import { Refused, ask } from '/shared/api.js';
import { Trouble, button } from '/shared/page.js';
import { makePasskey, usePasskey } from '/shared/passkey.js';
import { knows, label, languageNow, t } from '/shared/words.js';
import { form } from './parts.js';

let me = null;

/** {name, roles, id} of who is logged in; null: nobody. */
export function who() {
    return me;
}

/** Has who is logged in one of ROLES? What a role may not do is not offered; the server looks at it again. */
export function may(...roles) {
    return me !== null && roles.some((role) => me.roles.includes(role));
}

/* The server's own words, where this page has none for what it refused. */
function inWords(error) {
    if (!(error instanceof Refused) || knows(`refused_${error.code}`)) return error;
    const { message, error_description: why = label(message), next } = error.body ?? {};
    const said = new Trouble(
        t('trouble'),
        why || `${error.code} (${error.status})`,
        next ?? (why ? '' : t('trouble_next')),
    );
    return Object.assign(said, { code: error.code, status: error.status });
}

/** METHOD PATH as the operator; a session that ended leads back to the door. */
export async function call(method, path, body) {
    try {
        const said = await ask(method, path, body, {
            headers: { 'Accept-Language': languageNow() },
        });
        count();
        return said;
    } catch (error) {
        if (error.status === 401 && me !== null) over(); // the place stays in the address
        throw inWords(error);
    }
}

/** Ask the server who is there. */
export async function recall() {
    try {
        me = await call('GET', '/api/operator');
    } catch (error) {
        if (error.status !== 401) throw error;
        me = null;
    }
    return me;
}

/* ---- when it is over ---- */

const IDLE = 15 * 60 * 1000 + 2000; // as the server has it, and a little
const others = 'BroadcastChannel' in globalThis ? new BroadcastChannel('yaopai.console') : null;
let idle;

/* What stands on the screen goes with the session, also in other tabs, and does not come back. */
function over() {
    document.body.replaceChildren();
    location.reload();
}

function count() {
    clearTimeout(idle);
    if (me !== null) idle = setTimeout(over, IDLE);
}

others?.addEventListener('message', () => me !== null && over());
addEventListener('pageshow', (event) => event.persisted && over());

export async function leave() {
    await call('POST', '/api/operator/logout');
    me = null;
    others?.postMessage('left');
    document.body.replaceChildren();
    location.replace('/');
}

/* What a browser says of a passkey that was not shown, in words. */
async function passkey(ceremony) {
    try {
        return await ceremony();
    } catch (error) {
        if (error.name === 'NotAllowedError' || error.name === 'AbortError')
            throw new Trouble(t('passkey_none'), t('passkey_none_why'), t('passkey_none_next'));
        if (error.name === 'InvalidStateError')
            throw new Trouble(t('passkey_twice'), t('passkey_twice_why'), t('passkey_twice_next'));
        throw error;
    }
}

async function logIn() {
    const { publicKey } = await call('POST', '/api/operator/login/begin');
    const { answer } = await passkey(() => usePasskey(publicKey));
    me = await call('POST', '/api/operator/login', { credential: answer });
    return me;
}

async function register({ code, name }) {
    const { publicKey } = await call('POST', '/api/operator/register/begin', { code, name });
    const { answer } = await passkey(() => makePasskey(publicKey));
    await call('POST', '/api/operator/register', { code, credential: answer });
}

/** One more passkey, for who is logged in and showed one within five minutes. */
export async function addPasskey() {
    const { publicKey } = await call('POST', '/api/operator/passkeys/begin');
    const { answer } = await passkey(() => makePasskey(publicKey));
    await call('POST', '/api/operator/passkeys', { credential: answer });
}

/** The door: log in, or register with an invitation. IN is called when somebody is in. */
export function door(inside, { registered = false, registering = false } = {}) {
    const again = (options) => node.replaceWith(door(inside, options));
    const enter = button(
        t('log_in'),
        async () => {
            await logIn();
            inside();
        },
        { kind: 'first wide', sign: 'key' },
    );
    const invitation = form(
        [
            {
                name: 'name',
                label: t('operator_name'),
                hint: t('operator_name_hint'),
                required: true,
                pattern: '[a-z0-9.\\-]{1,40}',
                autocomplete: 'username',
            },
            {
                name: 'code',
                label: t('invitation'),
                hint: t('invitation_hint'),
                required: true,
                mono: true,
            },
        ],
        {
            submit: t('register'),
            run: async ({ code, name }) => {
                await register({ code: code.trim(), name: name.trim() });
                again({ registered: true });
            },
        },
    );
    const node = h(
        'div',
        { class: 'door stack' },
        h('img', { src: '/icon.svg', alt: '', width: 64, height: 64 }),
        h('h1', {}, t('title')),
        h('p', { class: 'soft' }, t('door_text')),
        registered
            ? notice('ok', h('b', {}, t('registered')), h('p', {}, t('registered_next')))
            : null,
        registering
            ? h(
                  'section',
                  { class: 'panel stack' },
                  h('h2', {}, t('register_title')),
                  h('p', { class: 'soft' }, t('register_text')),
                  invitation,
                  button(t('back'), () => again({}), { kind: 'plain', sign: 'back' }),
              )
            : h(
                  'section',
                  { class: 'panel stack' },
                  h('h2', {}, t('log_in_title')),
                  h('p', { class: 'soft' }, t('log_in_text')),
                  enter,
                  h('hr'),
                  button(t('have_invitation'), () => again({ registering: true }), {
                      kind: 'wide',
                      sign: 'badge',
                  }),
              ),
        h('p', { class: 'soft small row' }, icon('lock'), h('span', {}, t('door_logged'))),
    );
    return node;
}
