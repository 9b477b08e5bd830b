// SPDX-License-Identifier: Apache-2.0
//
// A person with the wallet of the command line, before a counter; and the desk of
// another party, with the purposes that a test wants.

import { execFile, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TX_CODE, freePort } from './town.mjs';

const execute = promisify(execFile);
const CODE = '91120100MAC000025N'; // of the other party
const sleep = (ms) => new Promise((over) => setTimeout(over, ms));

/** A person of the demo, and what they carry. */
export class Guest {
    /** Number PERSON of the demo's people, with CONFIGURATIONS of what the authority issues. */
    static async open(town, { person = 0, configurations = [], copies = 6 }) {
        const guest = new Guest();
        Object.assign(guest, { town, person, folder: town.at(`guest-${person}`), count: 0 });
        guest.passphrase = town.at(`guest-${person}.passphrase`);
        writeFileSync(guest.passphrase, 'correct horse battery\n');
        writeFileSync(town.at('tx'), `${TX_CODE}\n`);
        await guest.run('init', [
            '--registrar',
            town.at('v/authority/certificates/reader-root.pem'),
            '--provider',
            town.urls.wallet,
            '--local',
        ]);
        if (configurations.length > 0) await guest.receive(configurations, { copies });
        return guest;
    }

    /** What the wallet prints; an error has what it said in `stderr`, and its exit code in `code`. */
    async run(verb, words, { input } = {}) {
        const running = execute(this.town.program, ['wallet', verb, '-C', this.folder, ...words], {
            env: { ...this.town.env, YAOPAI_PASSPHRASE_FILE: this.passphrase, ...this.clock },
        });
        running.child.stdin.end(input ?? '');
        return (await running).stdout;
    }

    /** Their phone's clock is SECONDS ahead from now on; false: there is no compiler to do it with. */
    later(seconds) {
        const shim = this.town.at('later.so');
        const source = join(import.meta.dirname, 'later.c');
        const made = spawnSync('cc', ['-shared', '-fPIC', '-o', shim, source, '-ldl']);
        if (made.status !== 0) return false;
        this.clock = { LD_PRELOAD: shim, YAOPAI_LATER: String(seconds) };
        return true;
    }

    #trust() {
        return [
            '--local',
            '--trust',
            this.town.at('bundle.cose'),
            '--trust-anchor',
            this.town.at('trust-root.pem'),
        ];
    }

    #file(end) {
        return this.town.at(`guest-${this.person}-${++this.count}.${end}`);
    }

    /** Take the offer of LINK, else one of CONFIGURATIONS. */
    async receive(configurations, { copies = 6, link } = {}) {
        const offer = this.#file('offer');
        const made = link ?? this.town.offer(configurations, { person: this.person });
        writeFileSync(offer, `${made}\n`);
        await this.run('receive', [
            ...this.#trust(),
            '--yes',
            '--copies',
            String(copies),
            '--tx-code-file',
            this.town.at('tx'),
            offer,
        ]);
    }

    /** Answer the request in LINK, on line; MORE are options. */
    present(link, more = ['--yes']) {
        return this.run('present', [...this.#trust(), ...more, ...(link ? [link] : [])]);
    }

    /** Say no to it. */
    refuse(link) {
        return this.run('present', [...this.#trust(), link], { input: 'n\n' }).catch(() => {});
    }

    /** The letters of a code: with `challenge` (letters) and the `reader` certificate's file sealed, else of this moment. */
    async card(profile, { challenge, reader, choice, format = 'card', png } = {}) {
        const file = this.#file('code');
        const asked = this.#file('challenge');
        if (challenge) writeFileSync(asked, challenge);
        await this.run('present', [
            '--yes',
            '--profile',
            profile,
            '--format',
            format,
            ...(choice ? ['--choice', choice] : []),
            ...(challenge ? ['--challenge', asked] : ['--unidentified']),
            ...(reader ? ['--reader', reader] : []),
            ...(png ? ['--png', png] : []),
            '--output',
            file,
        ]);
        return readFileSync(file, 'utf8').replace(/\n$/, '');
    }

    /** What stands in the code of a printed sheet. */
    async paper(profile, document = 'resident_id') {
        const file = this.#file('code');
        await this.run('print', [
            document,
            '--profile',
            profile,
            '--output',
            this.#file('pdf'),
            '--code',
            file,
        ]);
        return readFileSync(file, 'utf8').replace(/\n$/, '');
    }

    /** A code across the counter: {engagement, over: a promise of how the wallet ended}. AGREE: what is typed when asked. */
    async counter({ mailbox, agree = true }) {
        const file = this.#file('engagement');
        const child = spawn(
            this.town.program,
            [
                'wallet',
                'counter',
                '-C',
                this.folder,
                ...this.#trust(),
                '--mailbox',
                mailbox,
                '--output',
                file,
                ...(agree ? ['--yes'] : []),
            ],
            {
                env: { ...this.town.env, YAOPAI_PASSPHRASE_FILE: this.passphrase },
                stdio: ['pipe', 'ignore', 'pipe'],
            },
        );
        this.town.children.push(child);
        let said = '';
        child.stderr.on('data', (data) => (said += data));
        if (!agree) child.stdin.end('n\n');
        const over = new Promise((told) => child.once('exit', (code) => told({ code, said })));
        for (let tries = 0; tries < 1200; tries++) {
            try {
                const engagement = readFileSync(file, 'utf8').trim();
                if (engagement) return { engagement, over };
            } catch {
                // it is not there yet
            }
            if (child.exitCode !== null) throw new Error(said);
            await sleep(100);
        }
        throw new Error(`no code came: ${said}`);
    }
}

/** The desk of another party than the demo's hotel. */
export class Party {
    /** In  profiles  what it registers;  settings  lines of desk.ini: {"guests": {"days": 1}} */
    static async open(
        town,
        { name = '示例综合窗口', profiles, standing, retention = 30, settings = {} },
    ) {
        const party = new Party();
        const port = await freePort();
        Object.assign(party, {
            town,
            port,
            folder: town.at('party'),
            url: `http://desk.localhost:${port}`,
            reader: town.at('party-reader/reader.pem'),
        });
        const authority = town.at('v/authority');
        town.run([
            ...['party', 'register', '-C', authority, '--code', CODE, '--name', name],
            ...profiles.flatMap((name) => ['--profile', name]),
            ...['--legal-basis', '示例', '--retention', String(retention)],
            ...(standing
                ? ['--standing', party.url, '--place', '示例窗口一', '--standing-profile', standing]
                : []),
            ...['--out', town.at('party-reader')],
        ]);
        town.run(['trust', 'publish', '-C', authority, '--output', town.at('published')]);
        town.run([
            ...['desk', 'init', '-C', party.folder, '--demo', '--reader', party.reader],
            ...['--reader-key', town.at('party-reader/reader-key.pem')],
            ...['--trust-anchor', `${authority}/certificates/trust-root.pem`],
            ...['--trust-url', `${town.urls.authority}/trust/bundle.cose`],
            ...['--url', party.url, '--place', '示例窗口一'],
            ...(standing ? ['--standing', town.at('party-reader/standing.txt')] : []),
        ]);
        party.set({
            desk: { pages: town.at('web/desk'), wallet: town.urls.wallet },
            ...settings,
        });
        party.bearer = readFileSync(`${party.folder}/keys/api.keys`, 'utf8')
            .split('\n')
            .filter((line) => line && line[0] !== '#')
            .pop();
        await party.start();
        return party;
    }

    /** Change lines of desk.ini; those that stand there as comments too. */
    set(sections) {
        const path = `${this.folder}/desk.ini`;
        let text = readFileSync(path, 'utf8');
        for (const [section, values] of Object.entries(sections))
            for (const [name, value] of Object.entries(values)) {
                const at = text.indexOf(`[${section}]`);
                const next = text.indexOf('\n[', at + 1);
                const [head, tail] = [text.slice(0, at), text.slice(next < 0 ? text.length : next)];
                const body = text.slice(at, next < 0 ? text.length : next);
                const line = new RegExp(`^[;# ]*${name} *=.*$`, 'm');
                text =
                    head +
                    (line.test(body)
                        ? body.replace(line, `${name} = ${value}`)
                        : `${body}\n${name} = ${value}`) +
                    tail;
            }
        writeFileSync(path, text);
    }

    async start() {
        const child = spawn(
            this.town.program,
            ['desk', 'serve', '-C', this.folder, '--listen', `127.0.0.1:${this.port}`],
            { env: this.town.env, stdio: ['ignore', 'ignore', 'pipe'] },
        );
        this.child = child;
        this.town.children.push(child);
        let said = '';
        child.stderr.on('data', (data) => (said += data));
        for (let tries = 0; tries < 1200; tries++) {
            if (child.exitCode !== null) throw new Error(said);
            const answer = await this.ask('GET', '/ready').catch(() => undefined);
            if (answer?.status === 200) return;
            await sleep(100);
        }
        throw new Error(`the desk is not ready: ${said}`);
    }

    async stop() {
        const gone = new Promise((over) => this.child.once('exit', over));
        this.child.kill('SIGTERM');
        await gone;
    }

    /** {status, headers, body (text)} of METHOD PATH; as a program of the party, when there is a BODY or it is /api. */
    ask(method, path, body, headers = {}) {
        return this.town.tell(this.url, method, path, {
            headers: {
                ...(path.startsWith('/api') ? { Authorization: `Bearer ${this.bearer}` } : {}),
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
                ...headers,
            },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
    }

    /** The code by which an officer of NUMBER registers a passkey. */
    officer(number) {
        return JSON.parse(
            this.town.run(['officer', 'add', '-C', this.folder, '--number', number, '--json']),
        ).code;
    }
}
