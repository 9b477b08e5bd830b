// SPDX-License-Identifier: Apache-2.0
//
// The desk: its server, asked by its key, and what is left of it when the
// server can't be reached: the catalogue and the bundle that was kept.

import { ask } from '/shared/api.js';
import { Catalogue } from '/shared/catalogue.js';
import { Trouble } from '/shared/page.js';
import { bytes as fromLetters } from '/shared/passkey.js';
import { t } from '/shared/words.js';
import { Task } from '/wasm/task.mjs';
import { Yaopai } from '/wasm/yaopai.mjs';
import * as kept from './kept.js';

const LOOK_MS = 20000; // between two looks whether the server is there
const FRESH = 600; // seconds; an older bundle is fetched anew
const seconds = () => Math.floor(Date.now() / 1000);

let core;

/** The core, fetched when first needed. */
function loaded() {
    core ??= fetch('/wasm/yaopai.wasm')
        .then((answer) => answer.arrayBuffer())
        .then((bytes) => Yaopai.load(bytes));
    core.catch(() => (core = undefined));
    return core;
}

export class Desk {
    /** With KEY, or the one that was kept; null: there is none. What the server says no to is thrown. */
    static async open(key) {
        const desk = new Desk();
        desk.key = key ?? (await kept.get('key'));
        if (!desk.key) return null;
        desk.catalogue = new Catalogue(await (await fetch('/catalogue.json')).json());
        desk.trust = (await kept.get('trust')) ?? {};
        desk.officer = await kept.get('officer');
        desk.about = await kept.get('about');
        desk.online = true;
        await desk.look({ strict: key !== undefined || !desk.about });
        if (key !== undefined) await kept.put('key', key);
        setInterval(() => desk.look().catch(() => {}), LOOK_MS);
        addEventListener('online', () => desk.look().catch(() => {}));
        addEventListener('offline', () => desk.look().catch(() => {}));
        return desk;
    }

    /** Ask the desk's server. That it can't be reached is noticed, and thrown. */
    async ask(method, path, body, options = {}) {
        try {
            const said = await ask(method, path, body, {
                ...options,
                headers: { Authorization: `Bearer ${this.key}`, ...options.headers },
            });
            this.#reached(true);
            return said;
        } catch (error) {
            if (
                error.name !== 'AbortError' &&
                (error.status === undefined || error.status === 502 || error.status === 504)
            )
                this.#reached(false);
            else if (error.status !== undefined) this.#reached(true);
            if (error.status === 401)
                throw Object.assign(
                    new Trouble(t('key_refused'), t('key_refused_why'), t('key_refused_next')),
                    { status: 401 },
                );
            throw error;
        }
    }

    #reached(now) {
        if (this.online === now) return;
        this.online = now;
        dispatchEvent(new Event('yaopai:reach'));
        if (/^(#\/?(\/[\w-]*)?)?$/.test(location.hash))
            // what may be chosen has changed
            dispatchEvent(new Event('yaopai:draw'));
    }

    /** See whether the server is there, and what it says of itself. STRICT: what goes wrong is thrown. */
    async look({ strict = false } = {}) {
        try {
            this.about = await this.ask('GET', '/api/desk');
            await kept.put('about', this.about);
        } catch (error) {
            if (strict || error.status === 401) throw error;
            return;
        }
        this.officerNow();
        // the page does not wait for it; whoever judges does
        this.freshening = this.#freshen().catch((error) => console.warn('bundle', error));
    }

    /* ---- what it may ask ---- */

    /** The profiles that this party registered. */
    profiles() {
        return (this.about?.profiles ?? [])
            .map(({ name, days }) => ({ ...this.catalogue.profiles[name], name, days }))
            .filter((one) => one.asks);
    }

    profile(name) {
        return this.profiles().find((one) => one.name === name);
    }

    /** What PROFILE asks: [{definition, elements: [element], optional, step}]. */
    asks(profile) {
        return profile.asks.map((one) => {
            const definition = this.catalogue.documents[one.document];
            const named = [...(one.elements ?? [])];
            return {
                definition,
                optional: !!one.optional,
                step: one.step ?? 1,
                elements: named.map(
                    (name) => definition?.elements.find((each) => each.name === name) ?? { name },
                ),
            };
        });
    }

    /** The officer who is logged in, or undefined. */
    officerNow() {
        if (this.officer && this.officer.expires <= seconds()) {
            this.officer = undefined;
            kept.drop('officer');
        }
        return this.officer;
    }

    async setOfficer(officer) {
        this.officer = officer;
        await (officer ? kept.put('officer', officer) : kept.drop('officer'));
    }

    /* ---- the bundle ---- */

    /* The first root that was told stays, until the key is forgotten: what comes later does not replace it. */
    async #freshen() {
        this.trust.root ??= fromLetters(this.about.trust_root);
        if (this.trust.bundle && seconds() - this.trust.fetched < FRESH) return;
        const bundle = await this.ask('GET', '/api/desk/bundle');
        const task = new Task(await loaded());
        task.tell({});
        task.trust(this.#base());
        const seen = task.readBundle(bundle, this.trust.seen);
        Object.assign(this.trust, { bundle, seen, fetched: seconds() });
        await kept.put('trust', this.trust);
        dispatchEvent(new Event('yaopai:reach'));
    }

    #base() {
        return {
            files: this.catalogue.files,
            anchors: [{ certificate: this.trust.root, role: 'trust' }],
        };
    }

    /** The core and whom it may believe, for judging without the server. */
    async judge() {
        await this.freshening;
        return {
            yaopai: await loaded(),
            trust: { ...this.#base(), bundle: this.trust.bundle, seen: this.trust.seen },
        };
    }

    /** How old a state may be, in seconds, as the desk's server has it set. */
    statusAge() {
        return (this.about?.status_hours ?? 24) * 3600;
    }

    /** Seconds since the bundle was fetched; undefined: there is none. */
    age() {
        return this.trust.fetched && seconds() - this.trust.fetched;
    }
}
