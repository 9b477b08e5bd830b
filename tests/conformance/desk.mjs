// SPDX-License-Identifier: Apache-2.0
// A relying party of the authority of world.mjs and its desk, behind TLS on
// https://localhost:PORT: the suite's wallet speaks to it, a driver to its API.

import fs from 'node:fs';
import https from 'node:https';
import { front } from './front.mjs';
import { at, freePort, set, start, yaopai } from './world.mjs';

/** With SETTINGS {"trust.issuers": PATH}: {url, start, outcome, seen}. */
export async function makeDesk(world, settings = {}, name = 'desk') {
    const port = await freePort(),
        inner = await freePort(),
        folder = at(name);
    if (!fs.existsSync(at('party'))) {
        yaopai([
            'party',
            'register',
            '-C',
            world.folder,
            '--code',
            '91330114MAC000017N',
            '--name',
            'SPECIMEN',
            '--profile',
            'hotel',
            '--profile',
            'age',
            '--host',
            'localhost',
            '--out',
            at('party'),
        ]);
        yaopai(['statuslist', 'publish', '-C', world.folder, '--output', at('lists')]);
        yaopai(['trust', 'publish', '-C', world.folder, '--output', at('trust')]);
    }
    yaopai([
        'desk',
        'init',
        '-C',
        folder,
        '--reader',
        at('party/reader.pem'),
        '--reader-key',
        at('party/reader-key.pem'),
        '--trust-anchor',
        at('trust/trust-root.pem'),
        '--trust',
        at('trust/bundle.cose'),
        '--place',
        'SPECIMEN',
        '--demo',
        '--url',
        `https://localhost:${port}`,
    ]);
    set(`${folder}/desk.ini`, settings);
    const [key] = fs
        .readFileSync(`${folder}/keys/api.keys`, 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));
    await start(['desk', 'serve', '-C', folder, '--listen', `127.0.0.1:${inner}`], `${name}.log`);
    const { seen } = await front(port, inner);

    const api = async (method, path, body) => {
        const answer = await fetch(`http://127.0.0.1:${inner}${path}`, {
            method,
            body: body && JSON.stringify(body),
            headers: {
                Authorization: `Bearer ${key}`,
                'Content-Type': 'application/json',
            },
        });
        return { status: answer.status, json: answer.status === 204 ? {} : await answer.json() };
    };
    return { url: `https://localhost:${port}`, seen, api, log: at(`${name}.log`) };
}

const agent = () => new https.Agent({ ca: fs.readFileSync(at('web-root.pem')) });

/** One request of a wallet: {status, headers, octets, text, json}. FORM: an object,
 *  or {octets}. */
export const send = (method, url, form) =>
    new Promise((said, failed) => {
        const body = form?.octets ?? (form && new URLSearchParams(form).toString());
        const headers =
            body === undefined
                ? {}
                : {
                      'Content-Length': Buffer.byteLength(body),
                      'Content-Type': form.octets
                          ? 'application/octet-stream'
                          : 'application/x-www-form-urlencoded',
                  };
        const request = https.request(
            url,
            { method, headers, agent: agent(), servername: 'localhost' },
            (answer) => {
                const parts = [];
                answer.on('data', (part) => parts.push(part));
                answer.on('end', () => {
                    const octets = Buffer.concat(parts),
                        text = octets.toString();
                    let json;
                    try {
                        json = JSON.parse(text);
                    } catch {
                        /* a token, perhaps */
                    }
                    said({
                        status: answer.statusCode,
                        headers: answer.headers,
                        octets,
                        text,
                        json,
                    });
                });
            },
        );
        request.setTimeout(60000, () => request.destroy(new Error(`no answer: ${url}`)));
        request.on('error', failed);
        request.end(body);
    });
