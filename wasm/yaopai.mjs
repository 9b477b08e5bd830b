// SPDX-License-Identifier: Apache-2.0
//
// The core for a page, and its wishes performed by WebCrypto.
//
//     const yaopai = await Yaopai.load(await (await fetch('yaopai.wasm')).arrayBuffer());
//     const verdict = await yaopai.verify(response, { anchors: [{ certificate: root }], session });
//     const shown = await yaopai.showMdoc(issued, { session, elements, sign: signer(deviceKey) });
//
// Each call is an instance of its own, dropped when it is done. Bytes are
// Uint8Array. What the core refuses is a YaopaiError with the status's name.
// Works in browsers and in Node 18.

import { CODES, FORMATS, Task } from './task.mjs';
import { agreer, inflate } from './wishes.mjs';

export { YaopaiError } from './task.mjs';
export { agreer, inflate, makeKey, signer } from './wishes.mjs';

const MEMORY = 64 << 20; // the most bytes that one task may take

export class Yaopai {
    constructor(module, memory = MEMORY) {
        this.module = module;
        this.memory = memory;
    }

    static async load(bytes, { memory } = {}) {
        return new Yaopai(await WebAssembly.compile(bytes), memory);
    }

    /**
     * Judge DOCUMENT: the object of docs/formats/verdict-json.md, without labels.
     *
     *   anchors   [{certificate (DER) or key (65 bytes), role, types}]: whom to trust; none: nobody
     *   session   SessionTranscript; nonce and audience for SD-JWT; challenge and profile for cards
     *   signers   DER of document signers, to which cards refer
     *   required  [[type, namespace, element, yes]]; yes: its value must be true
     *   lists     status list tokens (bytes), judged by the anchors of role "status"
     *   bundle    of a terminal, signed under an anchor of role "trust": whom to trust, and lists; seen: what
     *             `bundleSeen` was at the one before. In yaopai-wallet.wasm only
     *   agree     (point) => secret, by the reader's key, where a device MACs
     *   format, strict, noBinding, tolerateSuspended, now (seconds), skew
     */
    async verify(document, options = {}) {
        const task = new Task(this);
        const {
            format,
            strict,
            noBinding,
            tolerateSuspended,
            profile,
            required = [],
            agree,
            bundle,
            seen,
        } = options;
        task.tell(options);
        task.trust(options);
        const bundleSeen = bundle && task.readBundle(bundle, seen);
        const lists = [...(options.lists ?? []), ...(bundle ? task.bundleLists() : [])];
        task.call(
            'set_mode',
            FORMATS[format] ?? 0,
            (strict ? 1 : 0) | (noBinding ? 2 : 0) | (tolerateSuspended ? 4 : 0),
        );
        if (profile !== undefined) task.call('set_profile', ...task.putText(profile));
        for (const [type, space, element, yes] of required) {
            task.call(
                'add_requirement',
                ...task.putText(type),
                ...task.putText(space),
                ...task.putText(element),
            );
            if (yes) task.call('require_yes');
        }
        for (const list of lists) await task.addList(list, inflate);

        task.call('verify', ...task.put(document));
        for (let i = 0; agree && i < task.calls.agreements(); i++) {
            task.call('agreement', i);
            task.call('agreed', i, ...task.put(await agree(task.answer())));
        }
        task.call('verdict');
        return { ...JSON.parse(task.answerText()), ...(bundle && { bundleSeen }) };
    }

    /**
     * A DeviceResponse of DOCUMENTS, [{issued, elements: [[namespace, element]], sign or agree}], over the session.
     * With agree and readerKey (65 bytes) the device MACs, and no signature of it travels.
     */
    async showMdocs(documents, options) {
        const task = new Task(this);
        task.tell(options);
        for (const { issued, elements, sign, agree } of documents) {
            for (const [space, element] of elements)
                task.call('add_element', ...task.putText(space), ...task.putText(element));
            task.call('show_mdoc', ...task.put(issued));
            if (agree) task.call('show_mdoc_agreed', ...task.put(await agree(options.readerKey)));
            else task.call('show_mdoc_signed', ...task.put(await sign(task.answer())));
        }
        task.call('show_response');
        return task.answer();
    }

    async showMdoc(issued, { elements, sign, agree, ...options }) {
        return this.showMdocs([{ issued, elements, sign, agree }], options);
    }

    /** The letters of an SD-JWT with the claims of PATHS (arrays of names) and a KB-JWT. */
    async showSdJwt(issued, { paths = [], sign, ...options }) {
        const task = new Task(this);
        task.tell(options);
        for (const path of paths)
            path.forEach((step, depth) =>
                task.call('add_claim', ...task.putText(String(step)), depth === 0 ? 0 : 1),
            );
        task.call('show_sdjwt', ...task.putText(issued));
        task.call('show_sdjwt_signed', ...task.put(await sign(task.answer())));
        return task.answerText();
    }

    /** A card of this moment, or for the challenge: its bytes, and the letters of its code. */
    async showCard(issued, { sign, ...options }) {
        const task = new Task(this);
        task.tell(options);
        task.call('show_card', ...task.put(issued));
        task.call('show_card_signed', ...task.put(await sign(task.answer())));
        const bytes = task.answer();
        task.call('write_code', CODES.card, ...task.put(bytes));
        return { bytes, letters: task.answerText() };
    }

    /** Who asks, when they may: {name, organisation, code, profile, place, expires, key}, to be shown to the
     *  person. Options: anchors of role "reader", signers (certificates of readers), now. */
    readChallenge(challenge, options = {}) {
        const task = new Task(this);
        task.tell({ ...options, challenge: undefined });
        task.trust(options);
        task.call('read_challenge', ...task.put(challenge));
        const asked = JSON.parse(task.answerText());
        return {
            ...asked,
            key: Uint8Array.from(asked.key.match(/../g), (digits) => parseInt(digits, 16)),
        };
    }

    #trusting({ anchors, signers, bundle, seen }) {
        const task = new Task(this);
        task.tell({});
        task.trust({ anchors, signers });
        if (bundle) task.readBundle(bundle, seen);
        return task;
    }

    /** What the code on paper at a counter says, when the registrar signed it: {url, id, profile, place, reader, name,
     *  name_en, code, legal_basis, retention_days}. TRUST has the bundle. In yaopai-wallet.wasm only, as the next two. */
    readStanding(letters, trust) {
        const task = this.#trusting(trust);
        task.call('read_standing', ...task.putText(letters));
        return JSON.parse(task.answerText());
    }

    /** Who of the bundle has CLIENT_ID ("x509_hash:..."): {name, code, ...}. */
    readParty(clientId, trust) {
        const task = this.#trusting(trust);
        task.call('read_party', ...task.putText(clientId));
        return JSON.parse(task.answerText());
    }

    /** A receipt that was scanned, for the showing whose hash is BOUND (32 bytes): {receipt, receipt_verified,
     *  receipt_says}. */
    readReceipt(letters, bound, trust) {
        const task = this.#trusting(trust);
        task.call('read_receipt', ...task.putText(letters), task.put(bound)[0]);
        return JSON.parse(task.answerText());
    }

    /** CARD (the bytes of showCard) for the eyes of who showed CHALLENGE, whose key is KEY. */
    async sealCard(card, challenge, key) {
        const { enc, sealed } = await this.seal(
            key,
            this.sha256(challenge),
            new Uint8Array(0),
            card,
        );
        const task = new Task(this);
        task.call('write_sealed', task.put(enc)[0], ...task.put(sealed));
        const bytes = task.answer();
        task.call('write_code', CODES.card, ...task.put(bytes));
        return { bytes, letters: task.answerText() };
    }

    /** The card in a sealed one; POINT is the challenge's key, AGREE its private part. */
    async openCard(bytes, challenge, point, agree) {
        const task = new Task(this);
        task.call('read_sealed', ...task.put(bytes));
        const parts = task.answer();
        return this.open(
            parts.slice(0, 65),
            point,
            agree,
            this.sha256(challenge),
            new Uint8Array(0),
            parts.slice(65),
        );
    }

    /** What a code holds: {kind, bytes}. */
    readCode(letters) {
        const task = new Task(this);
        const kind = task.calls.read_code(...task.putText(letters));
        if (kind < 0) task.fail(-kind, 'read_code');
        return {
            kind: Object.keys(CODES).find((name) => CODES[name] === kind),
            bytes: task.answer(),
        };
    }

    /** HPKE of one message: {enc, sealed}, by a key that is made for it. */
    async seal(recipient, info, aad, plain) {
        const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
            'deriveBits',
        ]);
        const enc = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
        const [key, iv] = await this.#hpke(
            enc,
            recipient,
            await agreer(pair.privateKey)(recipient),
            info,
        );
        const sealed = await crypto.subtle.encrypt(
            { name: 'AES-GCM', iv, additionalData: aad },
            key,
            plain,
        );
        return { enc, sealed: new Uint8Array(sealed) };
    }

    /** Open it: RECIPIENT is the point of the key that AGREE has. */
    async open(enc, recipient, agree, info, aad, sealed) {
        const [key, iv] = await this.#hpke(enc, recipient, await agree(enc), info);
        return new Uint8Array(
            await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: aad }, key, sealed),
        );
    }

    async #hpke(enc, recipient, shared, info) {
        const task = new Task(this);
        const [from, to, secret] = [enc, recipient, shared].map((bytes) => task.put(bytes)[0]);
        task.call('derive_hpke', from, to, secret, ...task.put(info));
        const derived = task.answer();
        const key = await crypto.subtle.importKey('raw', derived.slice(0, 16), 'AES-GCM', false, [
            'encrypt',
            'decrypt',
        ]);
        return [key, derived.slice(16)];
    }

    /** CBOR in the notation of RFC 8949 section 8, trusting nothing. */
    inspect(bytes) {
        const task = new Task(this);
        task.call('inspect', ...task.put(bytes));
        return task.answerText();
    }

    sha256(bytes) {
        const task = new Task(this);
        task.call('sha256', ...task.put(bytes));
        return task.answer();
    }
}
