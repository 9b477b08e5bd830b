// SPDX-License-Identifier: Apache-2.0
//
// The bundles of a page, as its service worker keeps them: the one in use, the one
// that comes next, and what was seen of who vouches for them
// (docs/formats/page-bundle.md). A new one is judged by the core of the one in use.

import { Task } from '/wasm/task.mjs';

const KEPT = 'yaopai-kept'; // the cache with the note of all this
const NOTE = '/kept.json';
const LATER = /^\/vendor\/zxing\//; // fetched with the others, but not waited for
const GUARDS = ['/sw.js', '/shared/keep.js', '/shared/bundle.js', '/wasm/task.mjs']; // what a browser fetches past us
const HEADERS = ['content-type', 'content-security-policy', 'permissions-policy'];
const MEMORY = 16 << 20;
const CORE = '/wasm/yaopai.wasm';

/** Why a bundle is not installed: CODE is of the core, or CHANGED, MISSING. */
class Refused extends Error {
    constructor(code, where = '') {
        super(`${code} ${where}`);
        this.code = code;
    }
}

async function hashOf(bytes) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const fetchNow = (path) =>
    fetch(path, { cache: 'no-cache', credentials: 'omit', redirect: 'error' });

/* Bytes and the headers that count: of others nobody knows what they do. */
async function fetchChecked(path, hash) {
    const answer = await fetchNow(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const bytes = await answer.arrayBuffer();
    if ((await hashOf(bytes)) !== hash) throw new Refused('CHANGED', path);
    const headers = HEADERS.filter((name) => answer.headers.has(name)).map((name) => [
        name,
        answer.headers.get(name),
    ]);
    return new Response(bytes, { headers });
}

const read = (bytes) => JSON.parse(new TextDecoder().decode(bytes)).files;
const cacheOf = (hash) => caches.open(`yaopai-${hash}`);

export class Bundles {
    /* vouched: does an authority vouch for this page? */
    constructor(page, { vouched = true } = {}) {
        Object.assign(this, { page, vouched });
    }

    /** {now, next: hashes; seen: text of the core; refused: {why, at}; guard: hashes of its scripts} */
    async kept() {
        const note = await (await caches.open(KEPT)).match(NOTE);
        return note ? note.json() : {};
    }

    async #keep(changes) {
        const kept = { ...(await this.kept()), ...changes };
        await (await caches.open(KEPT)).put(NOTE, new Response(JSON.stringify(kept)));
        return kept;
    }

    async #files(hash) {
        const list = hash && (await (await cacheOf(hash)).match('/cache.json'));
        return list ? read(await list.arrayBuffer()) : null;
    }

    /* ---- judging ---- */

    async #core(kept, files) {
        const old = kept.now && (await (await cacheOf(kept.now)).match(CORE));
        const core = old ?? (await fetchChecked(CORE, files[CORE]));
        return WebAssembly.compile(await core.arrayBuffer());
    }

    /* What the statement says, as the core wrote it. */
    async #judge(kept, list, statement) {
        const task = new Task({ module: await this.#core(kept, read(list)), memory: MEMORY });
        task.call('want_page', ...task.putText(this.page), ...task.put(list));
        if (kept.seen) task.call('seen_page', ...task.putText(kept.seen));
        task.call('read_page', ...task.put(statement));
        return task.answerText();
    }

    /* What to keep of who vouches for LIST; null: nobody does, and nobody did. */
    async #vouch(kept, list) {
        if (!this.vouched) return null;
        const answer = await fetchNow('/statement.json');
        if (answer.status === 404) {
            if (kept.seen) throw new Refused('MISSING');
            return null;
        }
        if (!answer.ok) throw new Error(`statement: ${answer.status}`);
        try {
            return await this.#judge(kept, list, new Uint8Array(await answer.arrayBuffer()));
        } catch (error) {
            throw error.status === undefined ? error : new Refused(error.code);
        }
    }

    /* ---- keeping ---- */

    /* All of its files, or none. */
    async #fill(hash, list) {
        const cache = await cacheOf(hash);
        const files = Object.entries(read(list));
        const put = async ([path, each]) => cache.put(path, await fetchChecked(path, each));
        await Promise.all(files.filter(([path]) => !LATER.test(path)).map(put));
        await cache.put('/cache.json', new Response(list));
        for (const file of files.filter(([path]) => LATER.test(path)))
            put(file).catch((error) => console.warn(error));
    }

    async #take(kept, hash, list) {
        const seen = await this.#vouch(kept, list);
        if (hash !== kept.now && hash !== kept.next)
            await this.#fill(hash, list).catch(async (error) => {
                await caches.delete(`yaopai-${hash}`);
                throw error;
            });
        const next = hash === kept.now ? null : hash;
        const places = kept.now ? { next } : { now: hash, next: null };
        const after = await this.#keep({ ...places, seen, refused: null, looked: Date.now() });
        await this.#tidy(after);
        return after.next ? 'ready' : 'same';
    }

    /* Only what is in use, or comes next. */
    async #tidy(kept) {
        for (const name of await caches.keys())
            if (name.startsWith('yaopai-') && name !== KEPT)
                if (![kept.now, kept.next].includes(name.slice('yaopai-'.length)))
                    await caches.delete(name);
    }

    async #look() {
        const kept = await this.kept();
        try {
            const answer = await fetchNow('/cache.json');
            if (!answer.ok) throw new Error(`list: ${answer.status}`);
            const list = new Uint8Array(await answer.arrayBuffer());
            return { state: await this.#take(kept, await hashOf(list), list) };
        } catch (error) {
            if (!(error instanceof Refused)) return { state: 'unreachable', why: String(error) };
            await this.#keep({ refused: { why: error.code, at: Date.now() } });
            return { state: 'refused', why: error.code };
        }
    }

    /** Is there a newer bundle? {state: same, ready, refused, unreachable}. One look at a time. */
    look() {
        return navigator.locks.request(KEPT, () => this.#look());
    }

    /** A worker is installed: with this bundle's scripts, or not at all. */
    async install() {
        const { state, why } = await this.look();
        if (state === 'refused' || state === 'unreachable') throw new Error(why);
        const { now, next } = await this.kept();
        const files = await this.#files(next ?? now);
        for (const path of GUARDS) await fetchChecked(path, files[path]);
        await this.#keep({ guard: await this.#guard(next ?? now) });
    }

    /** What comes next is in use from here on. */
    use() {
        return navigator.locks.request(KEPT, async () => {
            const kept = await this.kept();
            if (!kept.next) return;
            await this.#tidy(await this.#keep({ now: kept.next, next: null }));
        });
    }

    /* ---- giving ---- */

    async #guard(hash) {
        const files = await this.#files(hash);
        return files && GUARDS.map((path) => files[path]).join(' ');
    }

    /** For the page: what is kept, and which scripts the worker should be of. */
    async tell() {
        const kept = await this.kept();
        const guards = await Promise.all([this.#guard(kept.now), this.#guard(kept.next)]);
        return { ...kept, seen: kept.seen ? JSON.parse(kept.seen) : null, guards };
    }

    /** The file of the bundle in use; undefined: it has none of that name; null: there is no bundle. */
    async give(path) {
        const { now } = await this.kept();
        if (!now) return null;
        const cache = await cacheOf(now);
        const found = await cache.match(path);
        if (found) return found;
        const files = await this.#files(now);
        if (!files) return null;
        if (!files[path]) return undefined;
        const fresh = await fetchChecked(path, files[path]);
        await cache.put(path, fresh.clone());
        return fresh;
    }
}
