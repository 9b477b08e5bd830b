// SPDX-License-Identifier: Apache-2.0
// What holds answers to docs/api refuses what it is there to refuse.

import { Api } from './api.mjs';
import { complete, has, is, row } from './tell.mjs';
import { source } from './world.mjs';

const api = new Api(`${source}/docs/api/authority.json`);
const answer = (status, json, type = 'application/json') => ({
    status,
    json,
    text: JSON.stringify(json),
    headers: { 'content-type': type },
});
const c_nonce = 'abcdefghijklmnopqrstuv';
await row('docs', 'accepts what is described', async () =>
    is(api.hold('POST', '/nonce', answer(200, { c_nonce })), undefined),
);
for (const [name, method, path, said] of [
    ['another status', 'POST', '/nonce', answer(201, { c_nonce })],
    ['another type', 'POST', '/nonce', answer(200, { c_nonce }, 'text/plain')],
    ['nothing in it', 'POST', '/nonce', answer(200, {})],
    ['a member more', 'POST', '/nonce', answer(200, { c_nonce, also: 1 })],
    ['a member of another type', 'POST', '/nonce', answer(200, { c_nonce: 1 })],
    ['a short secret', 'POST', '/nonce', answer(200, { c_nonce: 'abc' })],
    [
        'another constant',
        'POST',
        '/token',
        answer(200, { access_token: c_nonce, token_type: 'Bearer', expires_in: 600 }),
    ],
    [
        'an item of another type',
        'POST',
        '/credential',
        answer(200, { credentials: [{ credential: 1 }] }),
    ],
    ['an answer of a path with names in it', 'GET', '/offers/abc', answer(200, {})],
    ['no list', 'POST', '/credential', answer(200, { credentials: {} })],
])
    await row('docs', `refuses ${name}`, async () => {
        let trouble;
        try {
            api.hold(method, path, said);
        } catch (error) {
            trouble = error;
        }
        has(trouble);
    });
complete(['docs']);
