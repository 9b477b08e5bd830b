// SPDX-License-Identifier: Apache-2.0
//
// Who vouches for this wallet (docs/formats/provider.md): join, attestations,
// leave. What is signed is made by the core; JSON and HTTP are the page's.

import { Task, YaopaiError } from './task.mjs';
import { fetchBytes, makeKey, random, signer } from './wishes.mjs';

const STATUS = { 403: [314, 'REFUSED'], 429: [504, 'LOCKED'] };
export const hex = (bytes) =>
    Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const now = () => Math.floor(Date.now() / 1000);

/** A token of KIND ("dpop", "proof") by KEY, as letters. */
export async function makeToken(yaopai, kind, key, said) {
    const task = new Task(yaopai);
    task.call(`token_${kind}`, ...task.putJson({ ...said, key: key.point, now: now() }));
    task.call('token_signed', ...task.put(await signer(key.private)(task.answer())));
    return task.answerText();
}

export class Provider {
    /** ACCOUNT: {url, clientId, key}, as join() gave it; it may be kept. */
    constructor(yaopai, account, host = {}) {
        Object.assign(this, { yaopai, host, ...account });
    }

    /** Make a key and register it at URL. */
    static async join(yaopai, url, host) {
        const account = { url: url.replace(/\/+$/, ''), key: await makeKey() };
        const provider = new Provider(yaopai, account, host);
        const { client_id: clientId } = await provider.#ask('POST', '/instances');
        provider.clientId = clientId;
        return provider;
    }

    get account() {
        return { url: this.url, clientId: this.clientId, key: this.key };
    }

    #token(kind, key, said) {
        return makeToken(this.yaopai, kind, key, said);
    }

    #jwk(key) {
        const task = new Task(this.yaopai);
        task.call('write_jwk', ...task.put(key.point));
        return JSON.parse(task.answerText());
    }

    async #send(method, path, headers, body) {
        const answer = await fetchBytes(
            {
                method,
                url: this.url + path,
                headers,
                body: body && new TextEncoder().encode(JSON.stringify(body)),
                most: 256 << 10,
            },
            this.host,
        );
        if (answer.status < 200 || answer.status > 299) {
            const [status, name] =
                STATUS[answer.status] ?? (answer.status >= 500 ? [507, 'NET'] : [201, 'MALFORMED']);
            throw new YaopaiError(status, name, `provider ${path}`);
        }
        return answer.body.length ? JSON.parse(new TextDecoder().decode(answer.body)) : {};
    }

    async #nonce() {
        return (await this.#send('POST', '/nonce', {})).nonce;
    }

    /** A request with the proof that it is us. */
    async #ask(method, path, body) {
        const proof = await this.#token('dpop', this.key, {
            method,
            uri: this.url + path,
            jti: hex(random(16)),
            nonce: await this.#nonce(),
        });
        return this.#send(
            method,
            path,
            { DPoP: proof, ...(body ? { 'Content-Type': 'application/json' } : {}) },
            body,
        );
    }

    async #attestation(path, body) {
        const { attestation } = await this.#ask('POST', path, body);
        return new TextEncoder().encode(attestation);
    }

    /** An attestation of this wallet with KEY, which it made for one issuer alone. */
    attest(key) {
        return this.#attestation('/attestations/client', { jwk: this.#jwk(key) });
    }

    /** One of KEYS, with the issuer's NONCE. */
    async attestKeys(keys, nonce) {
        const own = await this.#nonce();
        const jwt = [];
        for (const key of keys)
            jwt.push(
                await this.#token('proof', key, {
                    audience: this.url,
                    client_id: this.clientId,
                    nonce: own,
                }),
            );
        return this.#attestation('/attestations/keys', {
            credential_configuration_id: 'keys',
            proofs: { jwt },
            ...(nonce ? { nonce } : {}),
        });
    }

    /** Be forgotten there: this key never comes back. */
    async leave() {
        await this.#ask('DELETE', '/instances');
    }
}
