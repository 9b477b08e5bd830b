// SPDX-License-Identifier: Apache-2.0
//
// Asking our own server, and what it says when it says no.
//
//     const { cases } = await ask('GET', '/console/cases');

import { Trouble } from './page.js';
import { knows, t, wordsHere } from './words.js';

/** What the server refused: `code` is its word, `status` that of HTTP. */
export class Refused extends Trouble {
    constructor(status, code, body) {
        const key = `refused_${code}`;
        super(
            knows(key) ? t(key) : t('trouble'),
            knows(key) ? '' : `${code} (${status})`,
            knows(`${key}_next`) ? t(`${key}_next`) : t('trouble_next'),
        );
        Object.assign(this, { status, code, body });
    }
}

/** METHOD PATH with JSON; gives JSON, bytes for another type, or undefined for none. HEADERS are added. */
export async function ask(method, path, body, { headers = {}, signal } = {}) {
    let answer;
    try {
        answer = await fetch(path, {
            method,
            signal,
            credentials: 'same-origin',
            redirect: 'error',
            headers: {
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
                ...headers,
            },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
    } catch (error) {
        if (error.name === 'AbortError') throw error;
        await wordsHere;
        throw new Trouble(t('trouble'), t('trouble_offline'), t('trouble_next'));
    }
    const type = answer.headers.get('content-type') ?? '';
    const said = type.startsWith('application/json') ? await answer.json() : null;
    if (!answer.ok) {
        await wordsHere;
        throw new Refused(answer.status, said?.error ?? 'unknown', said);
    }
    if (said !== null) return said;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return bytes.length > 0 ? bytes : undefined;
}
