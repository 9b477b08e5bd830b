// SPDX-License-Identifier: Apache-2.0
//
// Officers: a passkey begins the hours in which they ask by their number; what
// became of a document; who somebody is, as a second step with a reason.

import { ask } from '/shared/api.js';
import { h, notice, state } from '/shared/dom.js';
import { again, button, sheet } from '/shared/page.js';
import { makePasskey, usePasskey } from '/shared/passkey.js';
import { label, t, when } from '/shared/words.js';
import { waitFor } from './request.js';

const REASONS = ['traffic_stop', 'accident', 'identity_check', 'wanted_person', 'theft', 'other'];

/* ---- the hours ---- */

const changed = () => {
    dispatchEvent(new Event('yaopai:officer'));
    again();
};

async function begin(desk) {
    const { publicKey } = await ask('POST', '/officer/login/begin');
    const { answer } = await usePasskey(publicKey);
    await desk.setOfficer(await ask('POST', '/officer/login', { credential: answer }));
    changed();
}

async function end(desk) {
    const { officer } = desk.officerNow();
    await ask('POST', '/officer/logout', { officer }).catch((error) => {
        if (error.status !== 403)
            // over by itself
            throw error;
    });
    await desk.setOfficer(undefined);
    changed();
}

/* A code is good for one passkey, and a second one would take the place of the first in the authenticator: FORM goes. */
async function register(code, form) {
    const { publicKey } = await ask('POST', '/officer/register/begin', { code });
    const { answer } = await makePasskey(publicKey);
    await ask('POST', '/officer/register', { code, credential: answer });
    form.replaceChildren(
        notice('ok', h('b', {}, t('officer_registered')), h('p', {}, t('officer_registered_next'))),
    );
}

/** The place. */
export function officer(desk) {
    const now = desk.officerNow();
    const code = h('input', {
        id: 'officer-code',
        autocomplete: 'off',
        spellcheck: 'false',
        maxlength: 64,
    });
    const form = h('div', { class: 'stack', 'aria-live': 'polite' });
    form.append(
        h('p', { class: 'soft' }, t('officer_register_text')),
        h('div', { class: 'field' }, h('label', { for: 'officer-code' }, t('officer_code')), code),
        button(t('officer_register'), () => register(code.value.trim(), form), { sign: 'plus' }),
    );
    return h(
        'div',
        { class: 'stack narrow' },
        h('h1', {}, t('nav_officer')),
        now
            ? h(
                  'section',
                  { class: 'panel stack' },
                  h(
                      'div',
                      { class: 'row apart' },
                      h('h2', {}, t('officer_is', { number: now.number })),
                      state('ok', t('officer_in')),
                  ),
                  h('p', {}, t('officer_until', { when: when(now.expires) })),
                  h(
                      'p',
                      { class: 'soft' },
                      now.profiles
                          .split(',')
                          .map((name) => label(desk.catalogue.profiles[name]?.title) || name)
                          .join(' · '),
                  ),
                  button(t('officer_out'), () => end(desk), { sign: 'lock' }),
              )
            : h(
                  'section',
                  { class: 'panel stack' },
                  h('h2', {}, t('officer_login')),
                  h('p', { class: 'soft' }, t('officer_login_text')),
                  button(t('officer_login'), () => begin(desk), { kind: 'first', sign: 'key' }),
              ),
        now
            ? null
            : h('details', { class: 'panel' }, h('summary', {}, t('officer_register')), form),
    );
}

/* ---- what is asked in an officer's name ---- */

/* For which reason; undefined: it was left. */
function reason(title) {
    return sheet(title, (close) =>
        h(
            'div',
            { class: 'stack' },
            h('p', {}, t('reason_text')),
            h(
                'ul',
                { class: 'list' },
                ...REASONS.map((word) =>
                    h(
                        'li',
                        {},
                        h(
                            'button',
                            { type: 'button', onclick: () => close(word) },
                            h('span', { class: 'text' }, h('b', {}, t(`reason_${word}`))),
                        ),
                    ),
                ),
            ),
        ),
    );
}

/** Ask the authority what became of what session ID showed; the session, or undefined. */
export async function lookUp(desk, id) {
    const word = await reason(t('look_up'));
    return (
        word &&
        desk.ask('POST', `/api/sessions/${id}/lookup`, {
            officer: desk.officerNow()?.officer ?? '',
            reason: word,
        })
    );
}

/** Ask for the second step after the result JUDGED. */
export async function second(walk, judged) {
    const word = await reason(t('second_step'));
    if (!word) return;
    const asked = await walk.desk.ask('POST', `/api/sessions/${judged.id}/second`, {
        officer: walk.desk.officerNow()?.officer ?? '',
        reason: word,
    });
    await waitFor(walk, asked, { first: false });
}
