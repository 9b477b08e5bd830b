// SPDX-License-Identifier: Apache-2.0
// One person's wallets, an authority that issues over the network, a provider
// that vouches, two desks of two parties; before each server a front that
// remembers what passed.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import { front } from '../conformance/front.mjs';
import {
    at,
    freePort,
    makeLeaf,
    makeRoot,
    scratch,
    set,
    start,
    write,
    yaopai,
} from '../conformance/world.mjs';

const env = () => ({ YAOPAI_PASSPHRASE_FILE: at('passphrase'), LC_ALL: 'C.UTF-8' });
export const run = (...words) => yaopai(words, '', env());

/** A program beside this one, which has to answer it. */
export const runAside = (...words) =>
    new Promise((ended, failed) => {
        const child = spawn(process.env.YAOPAI, words, {
            cwd: scratch,
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, ...env() },
        });
        process.on('exit', () => child.kill('SIGKILL'));
        let out = '',
            err = '';
        child.stdout.on('data', (data) => (out += data));
        child.stderr.on('data', (data) => (err += data));
        child.on('close', (code) =>
            code === 0
                ? ended(out)
                : failed(new Error(`${words.slice(0, 2).join(' ')}: ${code} ${err}`)),
        );
    });

// ---- servers ----

/** A server of ours behind a front: PROGRAM ("desk") in the folder NAME. */
async function behind(program, name, port, ...more) {
    const inner = await freePort();
    await start(
        [program, 'serve', '-C', at(name), '--listen', `127.0.0.1:${inner}`, ...more],
        `${name}.log`,
        env(),
    );
    return { ...(await front(port, inner)), name, inner, url: `https://localhost:${port}` };
}

/** An authority in the folder NAME, with the same person in its register. */
async function makeAuthority(name) {
    const port = await freePort(),
        folder = at(name);
    run('authority', 'init', '--demo', '-C', folder, '--url', `https://localhost:${port}`);
    const generate = ['person', 'generate', '-C', folder, '--count', '1', '--seed', '7'];
    run(...generate);
    run(...generate, '--out', at('people.jsonl'));
    fs.copyFileSync(at('provider/certificates/provider-root.pem'), `${folder}/provider-root.pem`);
    fs.writeFileSync(
        `${folder}/clients.json`,
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
    return behind('authority', name, port, '--kiosk-listen', 'none', '--console-listen', 'none');
}

async function makeProvider() {
    const port = await freePort();
    run('provider', 'init', '--demo', '-C', at('provider'), '--url', `https://localhost:${port}`);
    return behind('provider', 'provider', port);
}

/** A party's desk, which fetches the bundle from the authority. */
async function makeDesk(authority, name, code) {
    const port = await freePort();
    run(
        'party',
        'register',
        '-C',
        at('authority'),
        '--code',
        code,
        '--name',
        `SPECIMEN ${name}`,
        '--profile',
        'hotel',
        '--profile',
        'age',
        '--out',
        at(`${name}-party`),
    );
    run('statuslist', 'publish', '-C', at('authority'), '--output', at('lists'));
    run('trust', 'publish', '-C', at('authority'), '--output', at('trust'));
    run(
        'desk',
        'init',
        '-C',
        at(name),
        '--reader',
        at(`${name}-party/reader.pem`),
        '--reader-key',
        at(`${name}-party/reader-key.pem`),
        '--trust-anchor',
        at('trust/trust-root.pem'),
        '--trust',
        at('trust/bundle.cose'),
        '--place',
        `SPECIMEN ${name}`,
        '--demo',
        '--url',
        `https://localhost:${port}`,
        '--trust-url',
        `${authority.url}/trust/bundle.cose`,
    );
    set(at(`${name}/desk.ini`), { 'trust.ca_file': at('web-root.pem') });
    const [key] = fs
        .readFileSync(at(`${name}/keys/api.keys`), 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));
    const desk = await behind('desk', name, port);
    return Object.assign(desk, {
        /** What a program of the party asks: not through the front. */
        async api(method, path, body) {
            const answer = await fetch(`http://127.0.0.1:${desk.inner}${path}`, {
                method,
                body: body && JSON.stringify(body),
                headers: {
                    Authorization: `Bearer ${key}`,
                    'Content-Type': 'application/json',
                },
            });
            if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
            return answer.json();
        },
    });
}

/** What is opened at the authority's counter. */
const offer = (authority, wish) =>
    new Promise((given, failed) => {
        const request = http.request(
            {
                socketPath: at(`${authority.name}/admin.sock`),
                path: '/admin/offers',
                method: 'POST',
                headers: { 'Content-Type': 'application/json' },
            },
            (answer) => {
                let body = '';
                answer.on('data', (data) => (body += data));
                answer.on('end', () =>
                    answer.statusCode === 201
                        ? given(JSON.parse(body))
                        : failed(new Error(`${answer.statusCode} ${body}`)),
                );
            },
        );
        request.on('error', failed);
        request.end(JSON.stringify(wish));
    });

// ---- the world ----

const CARDS = ['resident_id_card.hotel', 'resident_id_card.age.age_over_18'];

export async function makeWorld() {
    write('passphrase', 'correct horse battery\n');
    fs.chmodSync(at('passphrase'), 0o600);
    makeRoot('web-root');
    makeLeaf('web', 'web-root', 'web');
    const provider = await makeProvider(),
        authority = await makeAuthority('authority');
    const person = JSON.parse(fs.readFileSync(at('people.jsonl'), 'utf8').split('\n')[0]);

    const world = { provider, authority, person };
    /** A wallet of the person, with COPIES of each document. */
    world.makeWallet = async (name, copies) => {
        await runAside(
            'wallet',
            'init',
            '-C',
            at(name),
            '--registrar',
            at('authority/certificates/reader-root.pem'),
            '--provider',
            provider.url,
            '--ca-file',
            at('web-root.pem'),
            '--local',
        );
        return world.receive(name, authority, copies, [
            'resident_id_sdjwt',
            'resident_id_mdoc',
            ...CARDS,
        ]);
    };
    /** Documents of FROM into the wallet NAME; gives what the wallet asked. */
    world.receive = async (name, from, copies, configurations) => {
        const first = from.seen.length;
        const { link } = await offer(from, { number: person.number, configurations });
        write('offer', link);
        await runAside(
            'wallet',
            'receive',
            '-C',
            at(name),
            '--local',
            '--yes',
            '--ca-file',
            at('web-root.pem'),
            '--trust',
            at(`${from.name}/certificates/population-root.pem`),
            '--signer',
            at(`${from.name}/certificates/population-signer.pem`),
            '--copies',
            String(copies),
            at('offer'),
        );
        return from.seen.slice(first);
    };
    world.elsewhere = () => makeAuthority('elsewhere');
    world.asked = {
        wallet: await world.makeWallet('wallet', 12),
        poor: await world.makeWallet('poor', 1),
    };
    world.desks = [
        await makeDesk(authority, 'hotel', '91330114MAC000017N'),
        await makeDesk(authority, 'bank', '91330106MAC0000174'),
    ];
    return world;
}
