// SPDX-License-Identifier: Apache-2.0
//
// A file of people on its way to the server: whole lines, part by part; then two
// operators agree that it is applied.

import { h, notice, show } from '/shared/dom.js';
import { Refused } from '/shared/api.js';
import { Trouble, again } from '/shared/page.js';
import { languageNow, t } from '/shared/words.js';
import { askedFor } from './deeds.js';
import { form } from './parts.js';
import { call } from './session.js';

const PART = 240 * 1024;
const MOST_LINES = 20000;
const MOST_BYTES = 16 * 1024 * 1024;
const FEED = 10;

const number = (value) => new Intl.NumberFormat(languageNow()).format(value);

/* ---- parts ---- */

const count = (bytes) => {
    let lines = 0;
    for (const byte of bytes) if (byte === FEED) lines++;
    return lines + (bytes.length > 0 && bytes.at(-1) !== FEED ? 1 : 0);
};

/* BYTES cut behind ends of lines. */
function* partsOf(bytes) {
    for (let from = 0; from < bytes.length;) {
        let to = Math.min(bytes.length, from + PART);
        if (to < bytes.length) {
            to = bytes.lastIndexOf(FEED, to - 1) + 1;
            if (to <= from)
                throw new Trouble(t('file_line'), t('file_line_why'), t('file_line_next'));
        }
        yield bytes.subarray(from, to);
        from = to;
    }
}

/* A mark of the byte order is none of the first line. */
const withoutMark = (bytes) =>
    bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

async function readFile(file) {
    if (!file) throw new Trouble(t('file_none'), '', t('file_none_next'));
    if (file.size > MOST_BYTES)
        throw new Trouble(t('file_large'), t('file_large_why'), t('file_large_next'));
    const bytes = withoutMark(new Uint8Array(await file.arrayBuffer()));
    const lines = count(bytes);
    if (lines === 0) throw new Trouble(t('file_empty'), '', t('file_none_next'));
    if (lines > MOST_LINES)
        throw new Trouble(t('file_large'), t('file_large_why'), t('file_large_next'));
    return { bytes, lines };
}

/* Bytes as they are; what the server says no to is told as everywhere. */
async function post(path, bytes) {
    const answer = await fetch(path, {
        method: 'POST',
        credentials: 'same-origin',
        redirect: 'error',
        headers: { 'Content-Type': 'application/octet-stream', 'Accept-Language': languageNow() },
        body: bytes,
    });
    const said = await answer.json();
    if (!answer.ok) throw new Refused(answer.status, said.error ?? 'unknown', said);
    return said;
}

/* ---- sending ---- */

async function send(kind, { bytes, lines }, tell) {
    const { id } = await call('POST', '/api/intakes', { kind });
    try {
        let line = 1;
        for (const part of partsOf(bytes)) {
            const so_far = await post(`/api/intakes/${id}/parts/${line}`, part);
            line = so_far.lines + 1;
            tell(
                so_far.lines / lines,
                t('sent_far', { done: number(so_far.lines), lines: number(lines) }),
            );
        }
        return await call('POST', '/api/acts/intake', { intake: id });
    } catch (error) {
        await call('POST', `/api/intakes/${id}/end`).catch(() => {}); // nothing of it was asked for
        throw error;
    }
}

function picker() {
    const input = h('input', {
        type: 'file',
        id: 'people-file',
        accept: '.jsonl,.ndjson,.json,application/jsonl,application/x-ndjson',
        required: true,
        'aria-describedby': 'people-file-hint',
    });
    const node = h(
        'div',
        { class: 'field' },
        h('label', { for: 'people-file' }, t('file')),
        input,
        h('small', { id: 'people-file-hint' }, t('file_hint')),
    );
    return { input, node };
}

/** Where a file is chosen and sent; what is not over yet (ONE) comes first. */
export function chooseFile(one) {
    const title = h('h2', {}, t('send_title'));
    if (one)
        return h(
            'section',
            { class: 'panel stack' },
            title,
            notice('unknown', h('b', {}, t('send_one')), h('p', {}, t(`send_one_${one.state}`))),
        );
    const { input, node } = picker();
    const far = h('div', { 'aria-live': 'polite' });
    const tell = (share, words) =>
        show(
            far,
            h('progress', { max: 1, value: String(share), 'aria-label': words }),
            h('small', {}, words),
        );
    const ask = form(
        [
            {
                name: 'kind',
                label: t('send_kind'),
                required: true,
                value: 'import',
                hint: t('send_kind_hint'),
                options: [
                    ['import', t('intake_import')],
                    ['sync', t('intake_sync')],
                ],
            },
        ],
        {
            submit: t('send_file'),
            before: [h('p', { class: 'soft' }, t('send_text')), node],
            run: async ({ kind }) => {
                const answer = await send(kind, await readFile(input.files[0]), tell).finally(() =>
                    show(far),
                );
                await askedFor(answer);
                again();
            },
        },
    );
    return h('section', { class: 'panel stack' }, title, ask, far);
}
