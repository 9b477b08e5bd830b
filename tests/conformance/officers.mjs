// SPDX-License-Identifier: Apache-2.0
// Two officers with passkeys at the console: what waits for them is decided by
// one and confirmed by the other.

import crypto from 'node:crypto';
import http from 'node:http';
import { b64, makeKey, sha256, un64 } from './jose.mjs';
import { yaopai } from './world.mjs';

// ---- an authenticator (WebAuthn 2, 6.1), whose attestation says nothing ----

const text = (s) => Buffer.concat([Buffer.from([0x60 | s.length]), Buffer.from(s)]);
const bytes = (b) =>
    Buffer.concat([
        b.length < 256
            ? Buffer.from([0x58, b.length])
            : Buffer.from([0x59, b.length >> 8, b.length & 255]),
        b,
    ]);
const coseKey = ({ x, y }) =>
    Buffer.concat([
        Buffer.from('a5010203262001', 'hex'),
        Buffer.from([0x21]),
        bytes(un64(x)),
        Buffer.from([0x22]),
        bytes(un64(y)),
    ]);
const USER_PRESENT = 1,
    USER_VERIFIED = 4,
    WITH_KEY = 64;

class Officer {
    constructor(world, name) {
        Object.assign(this, {
            world,
            name,
            key: makeKey(),
            id: crypto.randomBytes(32),
            counter: 0,
        });
    }
    /** POST or GET at the console; throws unless it is answered with 2xx. */
    async at(method, path, body) {
        const url = new URL(this.world.consoleUrl);
        const sent = body === undefined ? undefined : JSON.stringify(body);
        const answer = await new Promise((said, failed) => {
            const request = http.request(
                {
                    host: '127.0.0.1',
                    port: url.port,
                    method,
                    path,
                    headers: {
                        Host: url.host,
                        Origin: url.origin,
                        ...(this.cookie ? { Cookie: this.cookie } : {}),
                        ...(sent
                            ? {
                                  'Content-Type': 'application/json',
                                  'Content-Length': Buffer.byteLength(sent),
                              }
                            : {}),
                    },
                },
                (response) => {
                    let all = '';
                    response.on('data', (part) => (all += part));
                    response.on('end', () =>
                        said({ status: response.statusCode, headers: response.headers, text: all }),
                    );
                },
            );
            request.on('error', failed);
            request.end(sent);
        });
        if (answer.status < 200 || answer.status > 299)
            throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
        const [cookie] = answer.headers['set-cookie'] ?? [];
        this.cookie = cookie?.split(';')[0] ?? this.cookie;
        return answer.text ? JSON.parse(answer.text) : undefined;
    }
    data(options, flags) {
        const count = Buffer.alloc(4);
        count.writeUInt32BE(++this.counter);
        const rp = options.rp?.id ?? options.rpId;
        return Buffer.concat([sha256(rp), Buffer.from([flags]), count]);
    }
    said(type, options) {
        return Buffer.from(
            JSON.stringify({
                type,
                challenge: options.challenge,
                origin: new URL(this.world.consoleUrl).origin,
                crossOrigin: false,
            }),
        );
    }
    credential(response) {
        return {
            type: 'public-key',
            clientExtensionResults: {},
            id: b64(this.id),
            rawId: b64(this.id),
            response,
        };
    }
    async register(code) {
        const { publicKey } = await this.at('POST', '/api/operator/register/begin', {
            code,
            name: this.name,
        });
        const data = Buffer.concat([
            this.data(publicKey, USER_PRESENT | USER_VERIFIED | WITH_KEY),
            Buffer.alloc(16),
            Buffer.from([0, this.id.length]),
            this.id,
            coseKey(this.key.pub),
        ]);
        const attestation = Buffer.concat([
            Buffer.from([0xa3]),
            text('fmt'),
            text('none'),
            text('attStmt'),
            Buffer.from([0xa0]),
            text('authData'),
            bytes(data),
        ]);
        await this.at('POST', '/api/operator/register', {
            code,
            credential: this.credential({
                clientDataJSON: b64(this.said('webauthn.create', publicKey)),
                attestationObject: b64(attestation),
            }),
        });
    }
    async login() {
        const { publicKey } = await this.at('POST', '/api/operator/login/begin');
        const data = this.data(publicKey, USER_PRESENT | USER_VERIFIED);
        const said = this.said('webauthn.get', publicKey);
        const signature = crypto.sign('sha256', Buffer.concat([data, sha256(said)]), this.key.pem);
        await this.at('POST', '/api/operator/login', {
            credential: this.credential({
                clientDataJSON: b64(said),
                authenticatorData: b64(data),
                signature: b64(signature),
                userHandle: null,
            }),
        });
        return this;
    }
}

/** Two who may decide and are logged in. */
export async function makeOfficers(world) {
    const officers = [];
    for (const name of ['officer-1', 'officer-2']) {
        const made = JSON.parse(
            yaopai([
                'operator',
                'add',
                '-C',
                world.folder,
                '--name',
                name,
                '--role',
                'administrator',
                '--role',
                'officer',
                '--json',
            ]),
        );
        const one = new Officer(world, name);
        await one.register(made.code);
        officers.push(await one.login());
    }
    return officers;
}

/** What waits and is of KIND is decided. */
export async function decide([first, second], kind, decision) {
    const { cases } = await first.at('GET', `/api/cases?kind=${kind}`);
    for (const { id } of cases) {
        await first.at('POST', `/api/cases/${id}/take`);
        await first.at('POST', `/api/cases/${id}/decide`, { decision });
        await second.at('POST', `/api/cases/${id}/confirm`, { decision });
    }
    return cases.length;
}
