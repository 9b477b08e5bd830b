// SPDX-License-Identifier: Apache-2.0
//
// One instance of the module: bytes and JSON go in, answers come out as copies.
// For the other files of this folder; nothing here is of Node or of a browser.

const ROLES = { issuer: 1, reader: 2, status: 3, trust: 4 };
export const FORMATS = {
    'mdoc-device-response': 1,
    'mdoc-issuer-signed': 2,
    'sd-jwt-vc': 3,
    'sd-jwt': 4,
    card: 5,
    'printed-card': 6,
};
export const CODES = { card: 1, challenge: 2, part: 3, printed: 4 };

/** What the core, or a host, refuses: its status by number and by name. */
export class YaopaiError extends Error {
    constructor(status, name, what) {
        super(`${what}: ${name}`);
        Object.assign(this, { status, code: name });
    }
}

/** Bytes go in by put(), a call's answer comes out as a copy. */
export class Task {
    constructor({ module, memory }) {
        this.calls = new WebAssembly.Instance(module, {}).exports;
        this.call('open', memory);
    }

    put(bytes) {
        const at = this.calls.take(bytes.length);
        if (at === 0) this.fail(400, 'take');
        new Uint8Array(this.calls.memory.buffer, at, bytes.length).set(bytes);
        return [at, bytes.length];
    }

    putText(text) {
        return this.put(new TextEncoder().encode(text));
    }

    call(name, ...numbers) {
        const status = this.calls[name](...numbers);
        if (status !== 0) this.fail(status, name);
    }

    fail(status, what) {
        const bytes = new Uint8Array(this.calls.memory.buffer, this.calls.status_name(status));
        throw new YaopaiError(
            status,
            new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0))),
            what,
        );
    }

    answer() {
        return new Uint8Array(
            this.calls.memory.buffer,
            this.calls.answer(),
            this.calls.answer_len(),
        ).slice();
    }

    answerText() {
        return new TextDecoder('utf-8', { fatal: true }).decode(this.answer());
    }

    /** What every call may be told. */
    tell({ now = Date.now() / 1000, skew = 60, session, nonce, audience, challenge }) {
        this.call('set_time', Math.floor(now), skew);
        if (session) this.call('set_session', ...this.put(session));
        if (nonce !== undefined) this.call('set_nonce', ...this.putText(nonce));
        if (audience !== undefined) this.call('set_audience', ...this.putText(audience));
        if (challenge) this.call('set_challenge', ...this.put(challenge));
    }

    trust({ anchors = [], signers = [] }) {
        for (const { certificate, key, role = 'issuer', types = [] } of anchors) {
            this.call('add_anchor', ROLES[role] ?? 0, ...this.put(certificate ?? key));
            for (const type of types) this.call('add_anchor_type', ...this.putText(type));
        }
        for (const signer of signers) this.call('add_signer', ...this.put(signer));
    }

    /** VALUE as JSON, in which bytes are [pointer, length]. */
    putJson(value) {
        return this.putText(
            JSON.stringify(value, (_, member) =>
                member instanceof Uint8Array ? this.put(member) : member,
            ),
        );
    }

    /** What such a pair of an answer points to, as a copy. */
    bytes([at, length]) {
        return new Uint8Array(this.calls.memory.buffer, at, length).slice();
    }

    /** The bundle of a terminal, signed under an anchor of role "trust". SEEN: what came of the one before.
     *  Gives what is to be kept of this one. */
    readBundle(bundle, seen = new Uint8Array(0)) {
        if (!this.calls.read_bundle) throw new YaopaiError(502, 'UNSUPPORTED', 'read_bundle');
        this.call('read_bundle', ...this.put(bundle), ...this.put(seen));
        return this.answer();
    }

    /** Status list tokens are judged, unpacked by the host and judged on. */
    async addList(token, inflate) {
        this.call('read_list', ...this.put(token));
        const entries = await inflate(this.answer(), this.calls.list_max());
        this.call('add_list', ...this.put(entries));
    }

    /** The status lists that the bundle brought. */
    bundleLists() {
        return Array.from({ length: this.calls.bundle_lists() }, (_, i) => {
            this.call('bundle_list', i);
            return this.answer();
        });
    }
}
