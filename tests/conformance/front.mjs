// SPDX-License-Identifier: Apache-2.0
// What stands before a server of ours: it ends TLS with a certificate of the
// test's own, passes everything on, and remembers it.

import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { at } from './world.mjs';

/** https://localhost:PORT before http://127.0.0.1:TO; gives {seen, stop}. An
 *  entry of seen: {method, path, raw, body, status, text}; raw: the names and
 *  values of the header in turn. BEND(entry, answer) may change what is answered:
 *  {status, headers, body}. */
export function front(port, to, { bend = () => {} } = {}) {
    const seen = [];
    const pass = (request, answer) => {
        const parts = [];
        request.on('data', (part) => parts.push(part));
        request.on('end', () => {
            const body = Buffer.concat(parts);
            const one = {
                method: request.method,
                path: request.url,
                body,
                raw: request.rawHeaders,
            };
            seen.push(one);
            const on = http.request(
                {
                    port: to,
                    host: '127.0.0.1',
                    method: request.method,
                    path: request.url,
                    headers: request.headers,
                },
                (said) => {
                    const back = [];
                    said.on('data', (part) => back.push(part));
                    said.on('end', () => {
                        const told = {
                            status: said.statusCode,
                            headers: { ...said.headers },
                            body: Buffer.concat(back),
                        };
                        bend(one, told);
                        one.status = told.status;
                        one.octets = told.body;
                        one.text = told.body.toString();
                        one.headers = told.headers;
                        delete told.headers['transfer-encoding'];
                        told.headers['content-length'] = told.body.length;
                        answer.writeHead(told.status, told.headers).end(told.body);
                    });
                },
            );
            on.on('error', () => answer.writeHead(502).end());
            on.end(body);
        });
    };
    const server = https.createServer(
        { key: fs.readFileSync(at('web.key')), cert: fs.readFileSync(at('web.pem')) },
        pass,
    );
    return new Promise((ready) =>
        server.listen(port, '127.0.0.1', () =>
            ready({
                seen,
                stop: () => {
                    server.closeAllConnections?.();
                    server.close();
                },
            }),
        ),
    );
}

/** One request as bytes: its line, its header, its body. */
export const wire = (one) =>
    Buffer.concat([
        Buffer.from(
            `${one.method} ${one.path}\n` +
                one.raw.map((text, i) => text + (i % 2 ? '\n' : ': ')).join(''),
        ),
        one.body,
    ]);
