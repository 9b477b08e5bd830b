// SPDX-License-Identifier: Apache-2.0
//
// The servers of the demo, as programs in a folder of their own on ports that are
// free, with the pages that were put together; and what people around them do.

import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/ports.mjs';

export const BUILD = process.env.YAOPAI_BUILD;
export const TX_CODE = '493536';
export { freePort };
const PLACES = ['authority', 'wallet', 'desk', 'kiosk', 'console'];

/** Answers line by line; say() gives the next line that it prints. */
class Talk {
    constructor(child) {
        this.child = child;
        this.lines = [];
        this.errors = '';
        let rest = '';
        child.stderr.on('data', (data) => (this.errors += data));
        child.stdout.on('data', (data) => {
            const parts = (rest + data).split('\n');
            rest = parts.pop();
            this.lines.push(...parts);
            this.wake?.();
        });
        child.on('exit', () => this.wake?.((this.over = true)));
    }

    async line() {
        while (this.lines.length === 0 && !this.over)
            await new Promise((come) => (this.wake = come));
        if (this.lines.length === 0) throw new Error(this.errors);
        return this.lines.shift();
    }

    async say(text) {
        this.lines.length = 0; // a challenge that took the place of one that is over
        this.child.stdin.write(`${text}\n`);
        return this.line();
    }
}

export class Town {
    /** LANG: in which it is told ("en", "zh") */
    constructor({ lang = 'en' } = {}) {
        this.folder = mkdtempSync(join(tmpdir(), 'yaopai-pages-'));
        this.children = [];
        // of its own: pages lie beside the program, and a test may change them
        this.program = this.at('yaopai');
        copyFileSync(join(BUILD, 'yaopai'), this.program);
        cpSync(join(BUILD, 'web'), this.at('web'), { recursive: true });
        this.env = {
            ...process.env,
            LC_ALL: lang === 'zh' ? 'zh_CN.UTF-8' : 'C.UTF-8',
            YAOPAI_PASSPHRASE_FILE: this.at('v/passphrase'),
        };
        process.on('exit', () => this.end());
        for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
    }

    at(...names) {
        return join(this.folder, ...names);
    }

    /** Start all of them: {authority, wallet, desk, kiosk, console} in `urls`. */
    async open() {
        const port = String((this.port ??= await freePort()));
        const words = ['demo', '--serve', '-C', this.at('v'), '--port', port];
        this.served = spawn(this.program, words, {
            env: { ...this.env, YAOPAI_PASSPHRASE_FILE: undefined },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        let said = '';
        let errors = '';
        await new Promise((ready, failed) => {
            this.served.stderr.on('data', (data) => (errors += data));
            this.served.stdout.setEncoding('utf8');
            this.served.stdout.on(
                'data',
                (data) => /Ctrl-C.*\n/.test((said += data)) && ready(), // its last line
            );
            this.served.once('exit', () => failed(new Error(said + errors)));
        });
        this.said = said;
        this.urls = Object.fromEntries(
            PLACES.map((name) => [
                name,
                new RegExp(`http://${name}\\.localhost:\\d+`).exec(said)[0],
            ]),
        );
        this.people = readFileSync(this.at('v/people/people.jsonl'), 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line));
        this.bearer = readFileSync(this.at('v/desk/keys/api.keys'), 'utf8')
            .split('\n')
            .filter((line) => line && line[0] !== '#')
            .pop();
        return this;
    }

    /** Every server stops. */
    async close() {
        this.served.removeAllListeners('exit');
        const gone = new Promise((come) => this.served.once('exit', come));
        this.served.kill('SIGINT');
        await gone;
        this.served = undefined;
    }

    end() {
        for (const child of [...this.children, this.served])
            child?.kill(child === this.served ? 'SIGTERM' : 'SIGKILL');
        try {
            rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
        } catch {
            // a server that is ending writes to it still
        }
    }

    /** Run the program; gives what it printed. */
    run(words, input) {
        return execFileSync(this.program, words, {
            env: this.env,
            encoding: 'utf8',
            input,
            stdio: ['pipe', 'pipe', 'pipe'],
        });
    }

    /** A link to documents of the demo's person AT. */
    offer(configurations, { person = 0, code = TX_CODE } = {}) {
        return this.run(
            [
                'document',
                'offer',
                '-C',
                this.at('v/authority'),
                '--person',
                this.people[person].number,
                ...(code ? ['--tx-code'] : []),
                ...configurations.flatMap((id) => ['--configuration', id]),
            ],
            `${code}\n`,
        ).split('\n')[0];
    }

    /** What the authority published, as files for who has no network. */
    async fetchTrust() {
        for (const name of ['bundle.cose', 'trust-root.pem'])
            writeFileSync(this.at(name), await this.get('authority', `/trust/${name}`));
    }

    /** A gate: say(what a scanner read) gives its answer; with `reader` its first line is a challenge. */
    gate(profile, { reader, choice } = {}) {
        const words = [
            'gate',
            'run',
            '--profile',
            profile,
            '--trust',
            this.at('bundle.cose'),
            '--trust-anchor',
            this.at('trust-root.pem'),
            '--trust-seen',
            this.at(`gate-${this.children.length}.seen`),
            '--memory',
            this.at(`gate-${this.children.length}.memory`),
            ...(choice ? ['--choice', choice] : []),
            ...(reader
                ? [
                      '--reader-key',
                      this.at(`v/${reader}/reader-key.pem`),
                      '--reader-certificate',
                      this.at(`v/${reader}/reader.pem`),
                      '--place',
                      'SPECIMEN',
                  ]
                : []),
        ];
        const child = spawn(this.program, words, {
            env: this.env,
            stdio: ['pipe', 'pipe', 'pipe'],
        });
        this.children.push(child);
        return new Talk(child);
    }

    #request(name, method, path, more) {
        return this.tell(this.urls[name], method, path, more);
    }

    /** Ask the server at URL of this machine: {status, headers, body (bytes)}. */
    tell(url, method, path, { headers = {}, body } = {}) {
        return new Promise((given, failed) => {
            const { port, host } = new URL(url);
            const request = http.request(
                { host: '127.0.0.1', port, path, method, headers: { Host: host, ...headers } },
                (answer) => {
                    const pieces = [];
                    answer.on('data', (piece) => pieces.push(piece));
                    answer.on('end', () =>
                        given({
                            status: answer.statusCode,
                            headers: answer.headers,
                            body: Buffer.concat(pieces),
                        }),
                    );
                },
            );
            request.on('error', failed);
            request.end(body);
        });
    }

    /** GET: the bytes. */
    async get(name, path) {
        return (await this.#request(name, 'GET', path)).body;
    }

    /** GET: {status, headers, body}. */
    look(name, path) {
        return this.#request(name, 'GET', path);
    }

    /** Anything: {status, headers, body}. */
    send(name, method, path, how) {
        return this.#request(name, method, path, how);
    }

    /** Codes of the relying parties that are registered. */
    parties() {
        const said = this.run(['party', 'list', '-C', this.at('v/authority'), '--json']);
        return JSON.parse(said).parties.map((one) => one.code);
    }

    /** What the authority's own page asks it: {status, headers, body}. */
    person(method, path, { headers = {}, body } = {}) {
        return this.#request('authority', method, path, {
            body: body && JSON.stringify(body),
            headers: {
                Origin: this.urls.authority,
                ...(body ? { 'Content-Type': 'application/json' } : {}),
                ...headers,
            },
        });
    }

    /** What the hotel's desk says of SESSION, as soon as there is a result. */
    async result(session) {
        for (let tries = 0; tries < 12; tries++) {
            const { result } = await this.desk('GET', `/api/sessions/${session.id}?wait=10`);
            if (result) return result;
        }
        throw new Error(`nothing came of session ${session.id}`);
    }

    /** What a program of the hotel asks its desk. */
    async desk(method, path, body) {
        const answer = await this.#request('desk', method, path, {
            body: body && JSON.stringify(body),
            headers: { Authorization: `Bearer ${this.bearer}`, 'Content-Type': 'application/json' },
        });
        return JSON.parse(answer.body);
    }
}
