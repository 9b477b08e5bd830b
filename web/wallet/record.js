// SPDX-License-Identifier: Apache-2.0
//
// A person's record at the authority, seen from the wallet: a session that this
// page opens by the device's own key, or by number and access code. Its token is
// in memory only; nothing of the record is kept but the log's head (looked.js).

import { hex, makeToken } from '/wasm/provider.mjs';
import { fetchBytes, random } from '/wasm/wishes.mjs';
import { Trouble } from '/shared/page.js';
import { label, t } from '/shared/words.js';

const MOST = 8 << 20;

/** Nobody is logged in, and this device's key is not enough: number and access code. */
export class NeedsCode extends Trouble {}

const decode = (bytes) => new TextDecoder().decode(bytes);
const read = (body) => {
    try {
        return JSON.parse(decode(body));
    } catch {
        return null;
    }
};

function refusal({ status, said }) {
    if (status === 0) return new Trouble(t('record_failed'), t('core_NET'), t('record_later'));
    if (status === 429)
        return new Trouble(t('record_failed'), t('lost_wait'), t('record_wait_next'));
    const why = label(said?.message) || `${said?.error ?? ''} (${status})`;
    return new Trouble(t('record_failed'), why, t('record_later'));
}

export class Record {
    #session;
    #asked; // the batches that there were when the children were asked for

    constructor(wallet) {
        this.wallet = wallet;
        this.child = undefined; // {id, name, ends} of whom it is now; undefined: the person's own
    }

    get url() {
        return this.wallet.trust.authority;
    }

    /** How the session was opened: "device" or "code"; undefined: there is none. */
    get by() {
        return this.#session?.by;
    }

    forget() {
        this.#session = undefined;
        this.child = undefined;
        this.children = undefined;
        this.#asked = undefined;
    }

    async #send(method, path, { headers = {}, body } = {}) {
        const answer = await fetchBytes({
            method,
            url: `${this.url}${path}`,
            most: MOST,
            headers:
                body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
            body: body === undefined ? undefined : new TextEncoder().encode(JSON.stringify(body)),
        }).catch(() => ({ status: 0, headers: new Headers(), body: new Uint8Array(0) }));
        return { ...answer, said: read(answer.body) };
    }

    /* ---- sessions ---- */

    /* That this device's KEY is there, for the log-in. */
    #proof(key, nonce) {
        return makeToken(this.wallet.yaopai, 'dpop', key, {
            method: 'POST',
            uri: `${this.url}/wallet/session`,
            jti: hex(random(16)),
            ...(nonce ? { nonce } : {}),
        });
    }

    async #login(body, key) {
        const once = async (nonce) =>
            this.#send('POST', '/wallet/session', {
                headers: key ? { DPoP: await this.#proof(key, nonce) } : {},
                body,
            });
        const answer = await once();
        const nonce = answer.headers.get('dpop-nonce');
        return answer.status === 400 && nonce ? once(nonce) : answer;
    }

    /* The keys by which the authority knows this device, the newest first. */
    async #keys() {
        const ids = this.wallet.sources
            .filter((one) => one.issuer === this.url)
            .map((one) => one.session);
        const keys = await Promise.all(ids.reverse().map((id) => this.wallet.store.key(id)));
        const seen = new Set();
        return keys.filter((key) => key && !seen.has(hex(key.point)) && seen.add(hex(key.point)));
    }

    #take({ said }) {
        this.#session = { token: said.token, by: said.by, until: Date.now() + said.seconds * 1000 };
    }

    /** By number and access code. The device says as well who it is, so that it finds itself in the list. */
    async open({ number, code }) {
        const [key] = await this.#keys();
        const answer = await this.#login({ number, code }, key);
        if (answer.status === 403)
            throw new Trouble(t('record_failed'), t('lost_wrong'), t('lost_next'));
        if (answer.status !== 201) throw refusal(answer);
        this.child = undefined;
        this.#take(answer);
    }

    async #openByKey() {
        let last = { status: 401 };
        for (const key of await this.#keys()) {
            last = await this.#login(this.child ? { child: this.child.id } : {}, key);
            if (last.status === 201) return this.#take(last);
            if (last.status !== 401) break;
        }
        if (last.status === 401) throw new NeedsCode(t('record_login'));
        throw refusal(last);
    }

    /** A session is open, or this throws NeedsCode. */
    async ready() {
        if (!this.url) throw new Trouble(t('no_trust'), '', t('no_trust_next'));
        if (!this.#session || this.#session.until < Date.now() + 5000) await this.#openByKey();
    }

    /** More than this device's key: a session by number and access code, or this throws NeedsCode. */
    async needCode() {
        await this.ready();
        if (this.by !== 'code') throw new NeedsCode(t('record_login'));
    }

    /** Whose record it is from now on: CHILD of children(), or undefined. */
    async turn(child) {
        const before = this.child;
        this.child = child;
        this.#session = undefined;
        try {
            await this.ready();
        } catch (error) {
            this.child = before;
            throw error;
        }
    }

    async leave() {
        if (this.#session) await this.ask('DELETE', '/wallet/session').catch(() => null);
        this.forget();
    }

    /* ---- asking ---- */

    /** METHOD PATH below the authority, in the session; gives the answer's bytes and JSON: {body, said}. */
    async ask(method, path, body) {
        await this.ready();
        const ask = () =>
            this.#send(method, path, {
                headers: { Authorization: `Bearer ${this.#session.token}` },
                body,
            });
        let answer = await ask();
        if (answer.status === 401) {
            this.#session = undefined;
            await this.ready();
            answer = await ask();
        }
        if (answer.status === 403 && answer.said?.error === 'code')
            throw new NeedsCode(t('record_login'));
        if (answer.status < 200 || answer.status > 299)
            throw Object.assign(refusal(answer), { status: answer.status });
        return answer;
    }

    /** The children whose documents this device holds: [{id, name, ends}]. */
    async kids() {
        const { batches } = this.wallet;
        if (!this.child && this.#asked !== batches) {
            this.children = batches.some((one) => one.child)
                ? (await this.ask('GET', '/wallet/children')).said.children
                : [];
            this.#asked = batches; // a name that is read is an event about the child
        }
        return this.children ?? [];
    }
}

/** The record of WALLET: one for as long as it is unlocked. */
export function recordOf(wallet) {
    wallet.record ??= new Record(wallet);
    return wallet.record;
}
