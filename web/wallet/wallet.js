// SPDX-License-Identifier: Apache-2.0
//
// An unlocked wallet: what it holds, and what it remembers. Everything that
// changes it writes it, before anything leaves the device.

import { Provider } from '/wasm/provider.mjs';
import { must } from '/wasm/machine.mjs';
import { receive } from '/wasm/receive.mjs';
import { Yaopai } from '/wasm/yaopai.mjs';
import { Catalogue } from './catalogue.js';
import { subjectOf } from './children.js';
import { States } from './states.js';
import { Trust } from './trust.js';

const MOST_EVENTS = 1000;
const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
        byte.toString(16).padStart(2, '0'),
    ).join('');
const now = () => Math.floor(Date.now() / 1000);

/* Does the link OFFER name ISSUER, itself or as the address that it is fetched from? */
function names(offer, issuer) {
    try {
        const text = decodeURIComponent(offer);
        return text.includes(`${issuer}"`) || text.includes(`=${issuer}/`);
    } catch {
        return false;
    }
}

let core;

/** The core and the catalogue, fetched when first needed. */
function loaded() {
    core ??= Promise.all([
        fetch('/wasm/yaopai.wasm')
            .then((answer) => answer.arrayBuffer())
            .then((bytes) => Yaopai.load(bytes)),
        fetch('/catalogue.json').then((answer) => answer.json()),
    ]);
    return core;
}

export class Wallet {
    static async open(store) {
        const [yaopai, files] = await loaded();
        const wallet = new Wallet();
        const catalogue = new Catalogue(files);
        Object.assign(wallet, { store, yaopai, catalogue, files: catalogue.files });
        wallet.batches = (await store.get('batches')) ?? [];
        wallet.events = (await store.get('history')) ?? [];
        wallet.sources = (await store.get('sources')) ?? [];
        wallet.trust = new Trust(wallet);
        wallet.states = new States(wallet);
        await wallet.trust.open().catch((error) => (wallet.trust.problem = error));
        return wallet;
    }

    /* ---- who vouches for it ---- */

    /** The provider's account of this wallet; joined when first needed. */
    async provider() {
        if (this.account) return this.account;
        const kept = await this.store.get('account');
        if (kept) {
            const key = await this.store.key('account');
            this.account = new Provider(this.yaopai, { ...kept, key });
        } else {
            this.account = await Provider.join(this.yaopai, location.origin);
            const { url, clientId, key } = this.account.account;
            await this.store.put({ account: { url, clientId } }, { account: key });
        }
        return this.account;
    }

    /** It is forgotten there; without a network it is after a while. */
    async leave() {
        if (await this.store.get('account'))
            await this.provider()
                .then((provider) => provider.leave())
                .catch((error) => console.warn('provider', error));
    }

    /* ---- documents come ---- */

    /** Take what OPTIONS say: {offer}, or {issuer, ids, redirect_uri}. HOST: askCode(), confirm(), openPage(). */
    async receive(options, host) {
        const provider = await this.provider();
        let child;
        const got = await receive(
            this.yaopai,
            this.trust.told(),
            {
                ...options,
                session: await this.#sessionFor(options),
                loopback: this.trust.loopback,
                patience: 40,
            },
            {
                provider,
                ...host,
                store: async (items) => (child = await this.#keep(items)),
            },
        );
        if (got.source) await this.#keepSource({ ...got.source, child });
        return got;
    }

    /* One authority knows this wallet by one key, so that all that it gave ends together; no two know the same. */
    async #sessionFor({ offer = '', issuer }) {
        const known = this.sources.findLast(
            (one) => one.issuer && (one.issuer === issuer || names(offer, one.issuer)),
        );
        return known && this.store.key(known.session);
    }

    /** The source from which BATCH came, where it may be asked again. */
    sourceOf(batch) {
        return this.sources.findLast(
            (one) => one.ids.includes(batch.configuration) && one.child === batch.child,
        );
    }

    /** This device was ended there: it is another one from now on, by another key. */
    async leaveSources() {
        const ids = this.sources.map((one) => one.session);
        this.sources = [];
        await this.store.put({ sources: [] }, {}, ids);
    }

    /** The same documents anew from SOURCE, without the person. */
    async renew(source) {
        const { session: id, ...rest } = source;
        const session = await this.store.key(id);
        const provider = await this.provider();
        const put = async (fresh) => {
            Object.assign(source, { refresh_token: fresh.refresh_token });
            await this.store.put({ sources: this.sources });
        };
        const got = await receive(
            this.yaopai,
            this.trust.told(),
            { ...rest, session, loopback: this.trust.loopback, patience: 40 },
            {
                provider,
                askCode: async () => null,
                confirm: async () => true,
                keepSource: put,
                store: (items) => this.#keep(items, source.child),
            },
        );
        if (got.source) await put(got.source);
        return must(got, 'renew');
    }

    async #keepSource(source) {
        const id = random();
        const { session, ...rest } = source;
        this.sources = [
            ...this.sources.filter(
                (one) => String(one.ids) !== String(rest.ids) || one.child !== rest.child,
            ),
            { ...rest, session: id },
        ];
        await this.store.put({ sources: this.sources }, { [id]: session });
    }

    /* A newer batch of the same takes the place of the older one. Gives the child whose they are; CHILD where it is
       known already. */
    async #keep(items, known) {
        const keys = {};
        const gone = [];
        let batches = [...this.batches];
        for (const { copies, ...item } of items) {
            const id = random();
            const kept = copies.map(({ bytes, key }, at) => {
                keys[`${id}.${at}`] = key;
                return { bytes, shown: 0 };
            });
            const { subject, child } = subjectOf(this.catalogue, items, item, known);
            for (const old of batches.filter(
                (one) =>
                    one.type === item.type &&
                    one.format === item.format &&
                    (one.profile ?? '') === (item.profile ?? '') &&
                    (one.choice ?? '') === (item.choice ?? '') &&
                    (one.subject || subjectOf(this.catalogue, [one], one).subject) === subject,
            ))
                old.copies.forEach((_, at) => gone.push(`${old.id}.${at}`));
            batches = batches.filter((old) => !gone.includes(`${old.id}.0`));
            batches.push({
                ...item,
                configuration: item.id,
                id,
                subject,
                child,
                received: now(),
                copies: kept,
            });
        }
        await this.store.put({ batches }, keys, gone);
        this.batches = batches;
        return batches.at(-1)?.child;
    }

    /* ---- what is there ---- */

    /** One for each document (not for each format): {type, name, definition, batches, main}. */
    documents() {
        const all = new Map();
        for (const batch of this.batches) {
            const definition = this.catalogue.byType(batch.type);
            const key = `${definition?.name ?? batch.type} ${batch.subject ?? ''}`;
            if (!all.has(key))
                all.set(key, {
                    key,
                    name: definition?.name ?? batch.type,
                    definition,
                    child: batch.child,
                    batches: [],
                });
            all.get(key).batches.push(batch);
        }
        for (const one of all.values())
            one.main =
                one.batches.find((batch) => batch.format === 'mso_mdoc') ??
                one.batches.find((batch) => batch.format === 'dc+sd-jwt') ??
                one.batches[0];
        return [...all.values()];
    }

    /** What may be shown now: the own, or those of the child that was chosen. */
    held() {
        return this.batches.filter((batch) => batch.child === this.whose);
    }

    /** Cards of PROFILE, the newest first. */
    cards(profile, choice) {
        return this.held()
            .filter(
                (batch) =>
                    batch.format === 'org.yaopai.card' &&
                    batch.profile === profile &&
                    (!choice || batch.choice === choice),
            )
            .reverse();
    }

    /** A copy that was never shown; else the one shown least: {batch, at, again}. */
    copyOf(batch) {
        let at = 0;
        batch.copies.forEach((copy, index) => {
            if (copy.shown < batch.copies[at].shown) at = index;
        });
        return { batch, at, again: batch.copies[at].shown > 0 };
    }

    /** What a machine is handed of a copy. */
    async handed({ batch, at }) {
        return {
            format: batch.format,
            bytes: batch.copies[at].bytes,
            key: await this.store.key(`${batch.id}.${at}`),
        };
    }

    /* ---- what was shown ---- */

    /** Copies are spent and it is written down, before anything is signed. Gives the event. */
    async spend(copies, event) {
        for (const { batch, at } of copies) batch.copies[at].shown++;
        const whole = { id: random(), when: now(), outcome: 'sent', ...event };
        this.events = [whole, ...this.events].slice(0, MOST_EVENTS);
        await this.store.put({ batches: this.batches, history: this.events });
        return whole;
    }

    /** EVENTS of a backup, or of the lock screen, among the others. */
    async remember(events) {
        const known = new Set(this.events.map((one) => one.id));
        this.events = [...this.events, ...events.filter((one) => !known.has(one.id))]
            .sort((one, other) => other.when - one.when)
            .slice(0, MOST_EVENTS);
        await this.store.put({ batches: this.batches, history: this.events });
    }

    /** What became of it. */
    async note(event, more) {
        Object.assign(event, more);
        Object.assign(this.events.find((one) => one.id === event.id) ?? {}, more);
        await this.store.put({ history: this.events });
    }

    /** Remove documents, with their keys. */
    async remove(batches) {
        const gone = batches.flatMap((batch) => batch.copies.map((_, at) => `${batch.id}.${at}`));
        this.batches = this.batches.filter((batch) => !batches.includes(batch));
        await this.store.put({ batches: this.batches }, {}, gone);
    }
}

/** The wallet of an open STORE. */
export const openWallet = (store) => Wallet.open(store);
