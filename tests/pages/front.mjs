// SPDX-License-Identifier: Apache-2.0
//
// What stands before a server where people reach it, as docs/nginx has it: TLS, with
// a certificate of the test's own, and HTTP/2.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';

/* Of one connection, not of the message (RFC 9113, 8.2.2). */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade']);
const passedOn = (headers) =>
    Object.fromEntries(
        Object.entries(headers).filter(
            ([name]) => !name.startsWith(':') && !OF_CONNECTION.has(name),
        ),
    );

/** In  a town; the URL of one of its servers, http://NAME.localhost:PORT;
 *  out {url: https://NAME.localhost:..., stop()} */
export async function openFront(town, url) {
    const { hostname, host, port } = new URL(url);
    const [key, cert] = [`${hostname}.key`, `${hostname}.pem`].map((name) => town.at(name));
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    execFileSync(
        'openssl',
        [...words, '-nodes', '-subj', '/O=SPECIMEN', '-keyout', key, '-out', cert],
        { stdio: 'ignore' },
    );
    const server = http2.createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) });
    server.on('request', (request, answer) => {
        const { method, url: path } = request;
        const headers = { ...passedOn(request.headers), host };
        const behind = http.request({ host: '127.0.0.1', port, method, path, headers }, (said) => {
            answer.writeHead(said.statusCode, passedOn(said.headers));
            said.pipe(answer);
        });
        behind.on('error', () => answer.writeHead(502).end());
        request.pipe(behind);
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    return {
        url: `https://${hostname}:${server.address().port}`,
        stop: () => server.close(),
    };
}
