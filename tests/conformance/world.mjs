// SPDX-License-Identifier: Apache-2.0
// What is walked: an authority with a fictitious person and the person
// identification data of examples/pid, on a socket; before it nginx with the
// example of docs/nginx and a certificate of a test's own; a provider of wallets
// whose root the authority knows. Public address: https://localhost:PORT/issuer1.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import crypto from 'node:crypto';
import { freePort } from '../support/ports.mjs';
import { makeKey } from './jose.mjs';

export { freePort };

export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'yaopai-conformance-'));
const children = [];
process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
    fs.rmSync(scratch, { recursive: true, force: true });
});
export const at = (name) => path.join(scratch, name);
export const source = path.resolve(
    import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
    '../..',
);
export const write = (name, bytes) => (fs.writeFileSync(at(name), bytes), at(name));
const openssl = (...words) =>
    execFileSync('openssl', words, {
        cwd: scratch,
        stdio: ['ignore', 'pipe', 'pipe'],
    });

// ---- certificates ----

const CONFIG = `
[req]
distinguished_name=dn
prompt=no
[dn]
C=UT
CN=Utopia
[root]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[client]
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[iaca]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
issuerAltName=URI:https://root.example
crlDistributionPoints=URI:https://root.example/crl
[signer]
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,1.0.18013.5.1.2
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
issuerAltName=URI:https://root.example
subjectAltName=URI:https://issuer.example
crlDistributionPoints=URI:https://root.example/crl
[reader]
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,1.0.18013.5.1.6
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[web]
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,DNS:id.example
`;
write('openssl.cnf', CONFIG);

const derOf = (name) =>
    new crypto.X509Certificate(fs.readFileSync(at(name))).raw.toString('base64');

export function makeRoot(name, kind = 'root') {
    const key = makeKey();
    write(`${name}.key`, key.pem);
    openssl(
        'req',
        '-x509',
        '-new',
        '-key',
        `${name}.key`,
        '-days',
        '800',
        '-config',
        'openssl.cnf',
        '-extensions',
        kind,
        '-subj',
        `/C=UT/CN=${name}`,
        '-sha256',
        '-out',
        `${name}.pem`,
    );
    return { ...key, name, pemFile: at(`${name}.pem`), x5c: [derOf(`${name}.pem`)] };
}

/** A key with a certificate under ROOT: {pub, priv, x5c}. */
export function makeLeaf(name, root, kind = 'client') {
    const key = makeKey();
    write(`${name}.key`, key.pem);
    openssl(
        'req',
        '-new',
        '-key',
        `${name}.key`,
        '-subj',
        `/C=UT/CN=${name}`,
        '-config',
        'openssl.cnf',
        '-out',
        `${name}.csr`,
    );
    openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${root}.pem`,
        '-CAkey',
        `${root}.key`,
        '-CAcreateserial',
        '-days',
        '400',
        '-sha256',
        '-extfile',
        'openssl.cnf',
        '-extensions',
        kind,
        '-out',
        `${name}.pem`,
    );
    return { ...key, x5c: [derOf(`${name}.pem`)] };
}

// ---- processes ----

export function yaopai(words, input = '', env = {}) {
    const run = spawnSync(process.env.YAOPAI, words, {
        encoding: 'utf8',
        input,
        cwd: scratch,
        env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    });
    if (run.status !== 0) throw new Error(`${words.join(' ')}: ${run.status} ${run.stderr}`);
    return run.stdout;
}

export function set(file, settings) {
    for (const [place, value] of Object.entries(settings)) {
        const [section, name] = place.split('.');
        const [before, tail] = fs.readFileSync(file, 'utf8').split(`\n[${section}]\n`);
        const line = new RegExp(`^${name} = .*$`, 'm'),
            own = tail.split('\n[')[0];
        const text = value === null ? '' : `${name} = ${value}`; // null: not there
        const changed = line.test(own) ? tail.replace(line, text) : `${text}\n${tail}`;
        fs.writeFileSync(file, `${before}\n[${section}]\n${changed}`);
    }
}

/** The example of docs/nginx with this test's places in it. Its limits of
 *  requests a second are left out, as they must be where a test suite asks. */
function writeNginx(port, socket) {
    const example = fs
        .readFileSync(`${source}/docs/nginx/yaopai.conf`, 'utf8')
        .replace(/^(limit_req|limit_conn) .*$/gm, '')
        .replaceAll('id.example;', 'localhost;')
        .replaceAll(/\/etc\/ssl\/yaopai\/[a-z]+\.example\.(pem|key)/g, at('web.$1'))
        .replaceAll('listen 80;', `listen unix:${at('plain.sock')};`)
        .replaceAll('listen 443 ', `listen 127.0.0.1:${port} `)
        .replace('server 127.0.0.1:8440;', `server unix:${socket};`);
    write('yaopai.conf', example);
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${at(name)};`)
        .join('\n');
    return write(
        'nginx.conf',
        `daemon off;\nmaster_process off;\npid ${at('nginx.pid')};\n` +
            `error_log ${at('nginx.log')};\nevents { worker_connections 512; }\nhttp {\n${folders}\n` +
            `include ${at('yaopai.conf')};\n}\n`,
    );
}

const connects = (port) =>
    new Promise((said) => {
        const socket = net.connect(port, '127.0.0.1', () => {
            socket.destroy();
            said(true);
        });
        socket.on('error', () => said(false));
    });

async function startNginx(port, socket) {
    const conf = writeNginx(port, socket);
    const env = { ...process.env, PATH: `/usr/sbin:/sbin:${process.env.PATH}` };
    const child = spawn('nginx', ['-c', conf, '-e', at('nginx.log')], { stdio: 'ignore', env });
    children.push(child);
    for (let tries = 0; tries < 2400; tries++) {
        if (await connects(port)) return;
        if (child.exitCode !== null) break;
        await new Promise((later) => setTimeout(later, 25));
    }
    throw new Error(`nginx: ${fs.readFileSync(at('nginx.log'), 'utf8')}`);
}

/** A server of ours: WORDS, its log in LOG; when it is ready. */
export function start(words, log, env = {}) {
    const child = spawn(process.env.YAOPAI, words, {
        cwd: scratch,
        stdio: ['ignore', 'pipe', fs.openSync(at(log), 'a')],
        env: { ...process.env, ...env },
    });
    children.push(child);
    return new Promise((ready, failed) => {
        let said = '';
        child.stdout.on('data', (data) => (said += data).includes('ready\n') && ready(child));
        child.on('exit', () => failed(new Error(fs.readFileSync(at(log), 'utf8'))));
    });
}

const startServer = (folder, socket, consolePort, env) =>
    start(
        [
            'authority',
            'serve',
            '-C',
            folder,
            '--listen',
            `unix:${socket}`,
            '--kiosk-listen',
            'none',
            '--console-listen',
            `127.0.0.1:${consolePort}`,
        ],
        'serve.log',
        env,
    );

// ---- the world ----

export const CALLBACK = 'https://suite.example/test/a/yaopai-issuer/callback';
export const CALLBACK_2 = `${CALLBACK}?dummy1=lorem&dummy2=ipsum`;
export const ATTESTER = 'https://attester.example';

/** Everything, with SETTINGS {"oauth.code_seconds": 5} and ENV for the server.
 *  keyWallets: clients that authenticate by private_key_jwt, {id: key}. */
export async function makeWorld(settings = {}, { env = {}, keyWallets = {}, person = true } = {}) {
    const port = await freePort(),
        url = `https://localhost:${port}/issuer1`;
    const folder = at('authority'),
        socket = at('authority.sock');
    const consolePort = await freePort(),
        consoleUrl = `http://localhost:${consolePort}`;

    makeRoot('attester-root');
    makeRoot('keys-root');
    makeRoot('stranger-root');
    makeRoot('web-root');
    makeLeaf('web', 'web-root', 'web');
    yaopai(['authority', 'init', '--demo', '-C', folder, '--url', url]);
    const people = ['person', 'generate', '-C', folder, '--count', '1', '--seed', '7'];
    yaopai(people);
    yaopai([...people, '--out', at('people.jsonl')]);
    const [first] = fs.readFileSync(at('people.jsonl'), 'utf8').split('\n');
    const { number } = JSON.parse(first);
    for (const root of ['attester-root', 'keys-root'])
        fs.copyFileSync(at(`${root}.pem`), `${folder}/${root}.pem`);
    fs.writeFileSync(
        `${folder}/clients.json`,
        JSON.stringify({
            clients: [
                {
                    client_id: 'suite-wallet-1',
                    name: 'Suite 1',
                    redirect_uris: [CALLBACK, CALLBACK_2],
                },
                {
                    client_id: 'suite-wallet-2',
                    name: 'Suite 2',
                    redirect_uris: [CALLBACK, CALLBACK_2],
                },
                ...Object.entries(keyWallets).map(([id, key]) => ({
                    client_id: id,
                    redirect_uris: [CALLBACK, CALLBACK_2],
                    jwks: { keys: [key.pub] },
                })),
            ],
            attesters: [
                { iss: ATTESTER, roots: ['attester-root.pem'], any_client: false, keys: false },
                { roots: ['keys-root.pem'], any_client: false, wallets: false },
            ],
        }),
    );
    set(`${folder}/authority.ini`, {
        'authority.catalogue': `${source}/examples/pid`,
        'server.console_url': consoleUrl,
        ...(person ? { 'oauth.demo_person': number } : {}),
        ...settings,
    });
    let server = await startServer(folder, socket, consolePort, env);
    await startNginx(port, socket);

    const agent = new https.Agent({ keepAlive: true, ca: fs.readFileSync(at('web-root.pem')) });
    const world = {
        port,
        url,
        consoleUrl,
        origin: `https://localhost:${port}`,
        folder,
        number,
        agent,
        attester: makeLeaf('attester', 'attester-root'),
        keyAttester: makeLeaf('keys', 'keys-root'),
        stranger: makeLeaf('stranger', 'stranger-root'),
        root: (role) => fs.readFileSync(`${folder}/certificates/${role}-root.pem`, 'utf8'),
        offer: (wish) => counter(`${folder}/admin.sock`, { number, ...wish }),
        async again(more) {
            const ended = new Promise((over) => server.on('exit', over));
            server.kill('SIGTERM');
            await ended;
            set(`${folder}/authority.ini`, more);
            server = await startServer(folder, socket, consolePort, env);
        },
        stop() {
            agent.destroy();
            for (const child of children) child.kill('SIGTERM');
        },
    };
    return world;
}

/** What the counter asks for: an offer. */
const counter = (socketPath, wish) =>
    new Promise((given, failed) => {
        const request = http.request(
            {
                socketPath,
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
