// SPDX-License-Identifier: Apache-2.0
// A registered party of the authority of vci.context.mjs, its desk as a program
// of ours, and what a program of that party asks the desk.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { freePort } from '../support/ports.mjs';
import { must } from './vci.context.mjs';
import { at } from './support.mjs';

const CODE = '91330114MAC000017N';

/** The bundle of AUTHORITY as it is now, for NAME. */
const publish = (authority, name) => {
    must('statuslist', 'publish', '-C', authority, '--output', at(`${name}-lists`));
    must('trust', 'publish', '-C', authority, '--output', at(`${name}-trust`));
    return at(`${name}-trust`);
};

/** Serve a desk of the authority in FOLDER: {url, ask, result, root, stop}. */
export async function serveDesk(folder, name = 'desk', { code = CODE } = {}) {
    const port = await freePort(),
        url = `http://127.0.0.1:${port}`,
        own = at(name);
    must(
        'party',
        'register',
        '-C',
        folder,
        '--code',
        code,
        '--name',
        'SPECIMEN',
        '--profile',
        'hotel',
        '--profile',
        'age',
        '--out',
        at(`${name}-party`),
    );
    const trust = publish(folder, name);
    must(
        'desk',
        'init',
        '-C',
        own,
        '--reader',
        at(`${name}-party/reader.pem`),
        '--reader-key',
        at(`${name}-party/reader-key.pem`),
        '--trust-anchor',
        `${trust}/trust-root.pem`,
        '--trust',
        `${trust}/bundle.cose`,
        '--place',
        'SPECIMEN',
        '--demo',
        '--url',
        url,
    );
    const settings = fs.readFileSync(`${own}/desk.ini`, 'utf8');
    fs.writeFileSync(
        `${own}/desk.ini`,
        settings.replace('plain_answers = no', 'plain_answers = yes'),
    );
    const [key] = fs
        .readFileSync(`${own}/keys/api.keys`, 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));

    const log = at(`${name}.log`);
    const child = spawn(
        process.env.YAOPAI,
        ['desk', 'serve', '-C', own, '--listen', `127.0.0.1:${port}`],
        { stdio: ['ignore', 'pipe', fs.openSync(log, 'w')] },
    );
    process.on('exit', () => child.kill('SIGKILL'));
    await new Promise((ready, failed) => {
        let said = '';
        child.stdout.on('data', (data) => (said += data).includes('ready\n') && ready());
        child.on('exit', () => failed(new Error(fs.readFileSync(log, 'utf8'))));
    });

    const api = async (method, place, body) => {
        const answer = await fetch(url + place, {
            method,
            body: body && JSON.stringify(body),
            headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        });
        if (!answer.ok) throw new Error(`${place}: ${answer.status} ${await answer.text()}`);
        return answer.json();
    };
    return {
        url,
        /** A session: {id, qr, ...}. */
        ask: (wish) => api('POST', '/api/sessions', wish),
        /** What the browser gave to the page: {status, json}. */
        async answer(id, body) {
            const answer = await fetch(`${url}/api/sessions/${id}/answer`, {
                method: 'POST',
                body: JSON.stringify(body),
                headers: {
                    Authorization: `Bearer ${key}`,
                    'Content-Type': 'application/json',
                },
            });
            return { status: answer.status, json: await answer.json() };
        },
        /** {state, result} of a session. */
        result: (id) => api('GET', `/api/sessions/${id}`),
        /** Why the last answer was refused: a word of the log. */
        why: () =>
            [...fs.readFileSync(log, 'utf8').matchAll(/answer-refused .*status=(\w+)/g)].at(
                -1,
            )?.[1],
        root: fs.readFileSync(`${folder}/certificates/reader-root.pem`, 'utf8'),
        stop: () => child.kill('SIGTERM'),
    };
}
