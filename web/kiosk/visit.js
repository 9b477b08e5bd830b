// SPDX-License-Identifier: Apache-2.0
//
// One person's visit: the session's token, its step, and what was typed so far.
// Nothing of it is kept anywhere but in this object, which is dropped at the end.

import { languageNow } from '/shared/words.js';

export class Visit {
    #device;
    #token = '';
    step = 'begin';
    expires = 0; // by the server's clock, seconds since 1970
    camera = true; // is there an engine that compares faces?
    caseId = '';
    terms = null;
    typed = ''; // the number
    documents = null;
    chosen = new Set();
    replaces = false;
    codes = { transaction: '', access: '', way: '' };
    sheets = new Map(); // what was printed: asked for once, printed again as it is
    offer = null;
    why = null; // what did not go on: a Trouble

    constructor(device) {
        this.#device = device;
    }

    async #ask(method, name, body) {
        const said = await this.#device.ask(method, `/kiosk/session${name}`, body, this.#token);
        if (said?.step) {
            this.step = said.step;
            this.expires = said.expires ?? this.expires;
            this.caseId = said.case ?? this.caseId;
            this.camera = said.camera ?? this.camera;
        }
        return said;
    }

    async begin() {
        const said = await this.#ask('POST', '', {
            language: languageNow() === 'en' ? 'en' : 'zh',
        });
        this.#token = said.session;
        this.terms = said.terms;
    }

    accept() {
        return this.#ask('POST', '/terms', { accept: true, sha256: this.terms.sha256 });
    }

    decline() {
        return this.#ask('POST', '/terms', { accept: false });
    }

    sayNumber(number) {
        return this.#ask('POST', '/number', { number });
    }

    /** The challenge; undefined when the step is another one now. */
    async challenge() {
        const said = await this.#ask('POST', '/challenge');
        return said.moves ? said : undefined;
    }

    async sayFace(frames) {
        return (await this.#ask('POST', '/face', frames)).face;
    }

    askOfficer() {
        return this.#ask('POST', '/officer');
    }

    /** Look which step is next. */
    look() {
        return this.#ask('GET', '');
    }

    /** The person is still there. */
    stay() {
        return this.#ask('POST', '/stay');
    }

    async listDocuments() {
        this.documents = (await this.#ask('GET', '/documents')).documents;
    }

    sayChild(number) {
        return this.#ask('POST', '/child', { number });
    }

    async lose() {
        return (await this.#ask('POST', '/lost')).devices_ended;
    }

    choose() {
        return this.#ask('POST', '/choice', {
            documents: [...this.chosen],
            replace: this.replaces,
        });
    }

    /** A sheet of paper for {document, profile, choice}. */
    async print(wish) {
        return (await this.#ask('POST', '/paper', wish)).sheet;
    }

    async makeOffer() {
        const { transaction, access, way } = this.codes;
        const said = await this.#ask('POST', '/offer', {
            transaction_code: transaction,
            ...(way === 'own'
                ? { access_code: access }
                : way === 'given'
                  ? { give_access_code: true }
                  : {}),
        });
        this.codes = { transaction: '', access: '', way };
        this.offer = { ...said, came: Date.now() };
        this.step = 'offer';
        this.#token = '';
    }

    #forget() {
        Object.assign(this, { typed: '', documents: null, offer: null, codes: {}, why: null });
        this.chosen.clear();
        this.sheets.clear();
    }

    /** It is over; the server forgets it as well, if it can be told. */
    async leave() {
        const asking = this.#token
            ? this.#device.ask('DELETE', '/kiosk/session', undefined, this.#token)
            : null;
        this.#token = '';
        this.step = 'over';
        this.#forget();
        await asking?.catch((error) => console.warn('leave', error));
    }
}
