// SPDX-License-Identifier: Apache-2.0
// Ports for servers that are told where to listen.

import net from 'node:net';

const isFree = (port) =>
    new Promise((found) => {
        const server = net
            .createServer()
            .once('error', () => found(false))
            .listen(port, '127.0.0.1', () => server.close(() => found(true)));
    });

const given = new Set();

/** A port where nobody listens, below those that connections get by themselves: it
 *  stays free until it is used. None is given twice. */
export async function freePort() {
    for (;;) {
        const port = 20000 + Math.floor(Math.random() * 12000);
        if (given.has(port)) continue;
        given.add(port);
        if (await isFree(port)) return port;
    }
}
