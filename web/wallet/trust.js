// SPDX-License-Identifier: Apache-2.0
//
// Whom this wallet believes: the authority's bundle, under the root that came
// with the page's settings and is kept from the first day on. Offline the bundle
// that was kept counts, with its age.

import { fetchBytes } from '/wasm/wishes.mjs';
import { Task } from '/wasm/task.mjs';
import { fromLetters } from './store.js';

const FRESH = 6 * 3600; // seconds; older than that it is fetched when there is a network
const MOST = 12 << 20;
const CLOCK = 60; // seconds that a clock may be wrong

export class Trust {
    constructor(wallet) {
        this.wallet = wallet;
    }

    /** Read what was kept; fetch what is new, if that can be. */
    async open() {
        this.kept = (await this.wallet.store.get('trust')) ?? {};
        await this.#settings();
        if (!this.kept.bundle || this.age() > FRESH)
            await this.refresh().catch((error) => (this.problem = error));
    }

    /* The first root that was told stays: what comes later does not replace it. */
    async #settings() {
        if (this.kept.root) return;
        const answer = await fetch('/config.json', { cache: 'no-store' });
        if (!answer.ok) throw new Error('no settings');
        const {
            authorities: [first],
            demo,
        } = await answer.json();
        Object.assign(this.kept, {
            root: fromLetters(first.trust_root),
            authority: first.url,
            demo: !!demo,
        });
        await this.wallet.store.put({ trust: this.kept });
    }

    get authority() {
        return this.kept.authority;
    }

    get loopback() {
        return this.kept.demo;
    }

    /** Seconds since the bundle was fetched. */
    age() {
        return this.kept.fetched
            ? Math.max(0, Math.floor(Date.now() / 1000) - this.kept.fetched)
            : Infinity;
    }

    /** Seconds since 1970. A clock that stands before what the authority signed is put forward to it, never back. */
    now() {
        return Math.max(Math.floor(Date.now() / 1000), this.kept.moment ?? 0);
    }

    /** Does this device's clock stand before the latest moment that was signed? */
    late() {
        return Date.now() / 1000 + CLOCK < (this.kept.moment ?? 0);
    }

    /** Fetch the bundle, and keep it when its signature is good and it is no older one. */
    async refresh() {
        const { status, body } = await fetchBytes({
            method: 'GET',
            url: `${this.kept.authority}/trust/bundle.cose`,
            most: MOST,
        });
        if (status !== 200) throw new Error(`bundle: ${status}`);
        const { seen, issued } = this.#read(body);
        Object.assign(this.kept, {
            bundle: body,
            seen,
            issued,
            fetched: Math.floor(Date.now() / 1000),
            moment: Math.max(this.kept.moment ?? 0, issued),
        });
        await this.wallet.store.put({ trust: this.kept });
    }

    #read(bundle) {
        const task = new Task(this.wallet.yaopai);
        const now = this.now();
        task.tell({ now });
        task.trust(this.#base());
        const seen = task.readBundle(bundle, this.kept.seen);
        const age = task.calls.bundle_age(); // below zero: and the next one is due
        return { seen, issued: now - Math.round(age < 0 ? -age - 1 : age) };
    }

    #base() {
        return {
            files: this.wallet.files,
            anchors: [{ certificate: this.kept.root, role: 'trust' }],
        };
    }

    /** For the machines of wasm/. */
    told() {
        return {
            ...this.#base(),
            bundle: this.kept.bundle,
            seen: this.kept.seen,
            clock: () => this.now(),
        };
    }
}
