// SPDX-License-Identifier: Apache-2.0
//
// An authority, a wallet provider, a relying party and its desk, as programs on
// this machine, for tests of pages. Nothing of it is a second implementation: it
// only starts, asks and stops.

import { execFileSync, spawn } from 'node:child_process';
import {
    copyFileSync,
    mkdtempSync,
    openSync,
    readFileSync,
    readdirSync,
    rmSync,
    writeFileSync,
} from 'node:fs';
import http from 'node:http';
import { X509Certificate } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/ports.mjs';

export const CODE = '91330114MAC000017N';
export const TX_CODE = '493536';

export const der = (pem) => new Uint8Array(new X509Certificate(readFileSync(pem)).raw);

export class World {
    constructor(program) {
        this.program = program;
        this.folder = mkdtempSync(join(tmpdir(), 'yaopai-walk-'));
        this.children = [];
        this.env = {
            ...process.env,
            LC_ALL: 'C.UTF-8',
            YAOPAI_PASSPHRASE_FILE: this.at('passphrase'),
        };
        writeFileSync(this.at('passphrase'), 'correct horse battery\n', { mode: 0o600 });
        process.on('exit', () => this.end());
        for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
    }

    at(...names) {
        return join(this.folder, ...names);
    }

    read(...names) {
        return new Uint8Array(readFileSync(this.at(...names)));
    }

    /** Run it; gives what it printed. */
    must(...words) {
        return this.type(words);
    }

    type(words, input) {
        return execFileSync(this.program, words, {
            env: this.env,
            encoding: 'utf8',
            input,
            stdio: ['pipe', 'pipe', 'pipe'],
        });
    }

    async serve(name, ...words) {
        const log = this.at(`${name}.log`);
        const child = spawn(this.program, words, {
            env: this.env,
            stdio: ['ignore', 'pipe', openSync(log, 'a')],
        });
        this.children.push(child);
        await new Promise((ready, failed) => {
            let said = '';
            child.stdout.on('data', (data) => (said += data).includes('ready\n') && ready());
            child.on(
                'exit',
                () => this.ended || failed(new Error(`${name}: ${readFileSync(log, 'utf8')}`)),
            );
        });
        return child;
    }

    /** One to talk with, line by line. */
    open(...words) {
        const child = spawn(this.program, words, {
            env: this.env,
            stdio: ['pipe', 'pipe', 'pipe'],
        });
        const lines = [];
        let rest = '',
            errors = '',
            wake;
        this.children.push(child);
        child.stderr.on('data', (data) => (errors += data));
        child.stdout.on('data', (data) => {
            const parts = (rest + data).split('\n');
            rest = parts.pop();
            lines.push(...parts);
            wake?.();
        });
        child.on('exit', () => wake?.((child.over = true)));
        return {
            say: (line) => child.stdin.write(`${line}\n`),
            line: async () => {
                while (lines.length === 0 && !child.over)
                    await new Promise((come) => (wake = come));
                if (lines.length === 0) throw new Error(errors);
                return lines.shift();
            },
            close: () => child.stdin.end(),
        };
    }

    /** A wallet that is a program, with the person's documents; what it says when it is run. */
    wallet(verb, ...words) {
        if (!this.walletMade) {
            this.walletMade = true;
            this.must(
                'wallet',
                'init',
                '-C',
                this.at('w'),
                '--registrar',
                this.at('a/certificates/reader-root.pem'),
            );
            this.must(
                'document',
                'issue',
                '-C',
                this.at('a'),
                '--wallet',
                this.at('w'),
                '--document',
                'resident_id',
                '--copies',
                '2',
                '--cards',
                '2',
                '--person',
                this.number,
            );
            this.publish();
        }
        return this.open('wallet', verb, '-C', this.at('w'), ...words);
    }

    stop(child) {
        return new Promise((stopped) => {
            child.once('exit', stopped);
            child.kill('SIGTERM');
        });
    }

    end() {
        this.ended = true;
        for (const child of this.children) child.kill('SIGKILL');
        rmSync(this.folder, { recursive: true, force: true });
    }

    // ---- who is there ----

    /** A provider, an authority that asks for its attestations, one fictitious person, a registered party. */
    async make() {
        const [provider, authority, desk] = [await freePort(), await freePort(), await freePort()];
        this.ports = { provider, authority, desk };
        this.urls = Object.fromEntries(
            Object.entries(this.ports).map(([k, port]) => [k, `http://127.0.0.1:${port}`]),
        );
        this.must('provider', 'init', '--demo', '-C', this.at('p'), '--url', this.urls.provider);
        this.must('authority', 'init', '--demo', '-C', this.at('a'), '--url', this.urls.authority);
        copyFileSync(this.at('p/certificates/provider-root.pem'), this.at('a/provider-root.pem'));
        writeFileSync(
            this.at('a/clients.json'),
            JSON.stringify({
                clients: [
                    {
                        client_id: 'yaopai-wallet',
                        name: 'Yaopai',
                        redirect_uris: [],
                        any_redirect_uri: true,
                    },
                ],
                attesters: [{ roots: ['provider-root.pem'], any_client: true, keys: true }],
            }),
        );
        this.must('person', 'generate', '-C', this.at('a'), '--count', '1', '--seed', '7');
        this.must(
            'person',
            'generate',
            '-C',
            this.at('a'),
            '--count',
            '1',
            '--seed',
            '7',
            '--out',
            this.at('people'),
        );
        this.number = JSON.parse(readFileSync(this.at('people'), 'utf8').split('\n')[0]).number;
        this.#set('vci', 'key_attestation', 'yes');
        this.#set('oauth', 'demo_person', this.number);
        this.must(
            'party',
            'register',
            '-C',
            this.at('a'),
            '--code',
            CODE,
            '--name',
            'SPECIMEN',
            '--profile',
            'hotel',
            '--profile',
            'age',
            '--out',
            this.at('hotel'),
        );
        await this.serve(
            'provider',
            'provider',
            'serve',
            '-C',
            this.at('p'),
            '--listen',
            `127.0.0.1:${provider}`,
        );
        this.authority = await this.serve(
            'authority',
            'authority',
            'serve',
            '-C',
            this.at('a'),
            '--listen',
            `127.0.0.1:${authority}`,
            '--kiosk-listen',
            'none',
            '--console-listen',
            'none',
        );
    }

    #set(section, name, value) {
        const ini = this.at('a/authority.ini');
        const [head, tail] = readFileSync(ini, 'utf8').split(`\n[${section}]\n`);
        const [own, ...others] = tail.split(/\n(?=\[)/);
        const line = new RegExp(`^[;# ]*${name} *=.*\n`, 'm');
        writeFileSync(
            ini,
            `${head}\n[${section}]\n${name} = ${value}\n${[own.replace(line, ''), ...others].join('\n')}`,
        );
    }

    /** A link to documents, with the transaction code. */
    offer(...configurations) {
        return this.type(
            [
                'document',
                'offer',
                '-C',
                this.at('a'),
                '--person',
                this.number,
                '--tx-code',
                ...configurations.flatMap((id) => ['--configuration', id]),
            ],
            `${TX_CODE}\n`,
        ).split('\n')[0];
    }

    /** What the authority publishes now, and a desk that has it. */
    async makeDesk() {
        this.publish();
        this.must(
            'desk',
            'init',
            '-C',
            this.at('d'),
            '--reader',
            this.at('hotel/reader.pem'),
            '--reader-key',
            this.at('hotel/reader-key.pem'),
            '--trust-anchor',
            this.at('t/trust-root.pem'),
            '--trust',
            this.at('t/bundle.cose'),
            '--place',
            'SPECIMEN',
            '--demo',
            '--url',
            this.urls.desk,
        );
        this.bearer = readFileSync(this.at('d/keys/api.keys'), 'utf8')
            .split('\n')
            .filter((l) => l && l[0] !== '#')
            .pop();
        this.desk = await this.serve(
            'desk',
            'desk',
            'serve',
            '-C',
            this.at('d'),
            '--listen',
            `127.0.0.1:${this.ports.desk}`,
        );
    }

    publish() {
        this.must('statuslist', 'publish', '-C', this.at('a'), '--output', this.at('lists'));
        this.must('trust', 'publish', '-C', this.at('a'), '--output', this.at('t'));
    }

    /** What a program of the party asks its desk: {status, body}. */
    ask(method, path, body) {
        return new Promise((given, failed) => {
            const request = http.request(
                `${this.urls.desk}${path}`,
                {
                    method,
                    headers: {
                        Authorization: `Bearer ${this.bearer}`,
                        'Content-Type': 'application/json',
                    },
                },
                (answer) => {
                    let said = '';
                    answer.on('data', (data) => (said += data));
                    answer.on('end', () =>
                        given({ status: answer.statusCode, body: JSON.parse(said) }),
                    );
                },
            );
            request.on('error', failed);
            request.end(body && JSON.stringify(body));
        });
    }
}

/** The person at the authority's page: gives the query with which their browser comes back. */
export async function allow(page, answer = 'allow') {
    const html = await (await fetch(page)).text();
    const form = new URLSearchParams();
    for (const [, name, value] of html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g))
        form.set(name, value.replaceAll('&amp;', '&'));
    form.set('answer', answer);
    const to = await fetch(/action="([^"]*)"/.exec(html)[1], {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { Origin: new URL(page).origin },
    });
    return to.headers.get('location').split('?')[1];
}

/** The catalogue, as a page would be given it: [[path, bytes]]. */
export function catalogue(root) {
    const files = (folder) =>
        readdirSync(join(root, folder))
            .filter((name) => /\.(json|csv)$/.test(name))
            .map((name) => [
                `${folder}/${name}`,
                new Uint8Array(readFileSync(join(root, folder, name))),
            ]);
    return ['documents', 'documents/codes', 'profiles'].flatMap(files);
}
