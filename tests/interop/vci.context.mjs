// SPDX-License-Identifier: Apache-2.0
// What @openid4vc/openid4vci asks of its host, and an authority to speak to:
// keys, signatures, random bytes; a provider who vouches for wallets; a server
// of ours in its own folder, and the counter's door behind it.

import { createClientAttestationJwt, setGlobalConfig } from '@openid4vc/oauth2';
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import { freePort } from '../support/ports.mjs';
import { at, der, makeKey, sign, write, yaopai } from './support.mjs';

setGlobalConfig({ allowInsecureUrls: true }); // this machine only

export const CLIENT = 'foreign-wallet';
export const REDIRECT = 'https://wallet.example/back?from=interop';
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const text = (value) => b64(JSON.stringify(value));

// ---- keys ----

const secrets = new Map(); // by x
export function key() {
    const made = makeKey();
    secrets.set(made.publicJwk.x, made.privateJwk);
    return { method: 'jwk', alg: 'ES256', publicJwk: made.publicJwk };
}

export const secretOf = (signer) =>
    signer.method === 'x5c' ? provider.jwk : secrets.get(signer.publicJwk.x);

export const callbacks = {
    fetch: (...request) => fetch(...request),
    hash: (data, name) =>
        new Uint8Array(crypto.createHash(name.replace('-', '')).update(data).digest()),
    generateRandom: (count) => new Uint8Array(crypto.randomBytes(count)),
    signJwt: (signer, { header, payload }) => {
        const input = `${text(header)}.${text(payload)}`;
        return {
            jwt: `${input}.${b64(sign(secretOf(signer), Buffer.from(input)))}`,
            signerJwk: signer.publicJwk ?? provider.publicJwk,
        };
    },
    verifyJwt: () => {
        throw new Error('nothing to verify here');
    },
    encryptJwe: () => {
        throw new Error('it encrypts nothing by itself');
    },
    decryptJwe: () => {
        throw new Error('it decrypts nothing by itself');
    },
};

// ---- a provider ----

const CONFIG = `
[req]
distinguished_name=dn
x509_extensions=root
prompt=no
[dn]
C=UT
CN=Utopia wallets
[root]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[leaf]
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;
const openssl = (...words) =>
    execFileSync('openssl', words, {
        cwd: at('.'),
        stdio: ['ignore', 'pipe', 'ignore'],
    });

function makeProvider() {
    write('provider.cnf', CONFIG);
    const root = makeKey(),
        leaf = makeKey();
    write('provider-root.key', root.pem);
    write('provider.key', leaf.pem);
    openssl(
        'req',
        '-x509',
        '-new',
        '-key',
        'provider-root.key',
        '-days',
        '300',
        '-config',
        'provider.cnf',
        '-sha256',
        '-out',
        'provider-root.pem',
    );
    openssl(
        'req',
        '-new',
        '-key',
        'provider.key',
        '-subj',
        '/C=UT/CN=Utopia attester',
        '-config',
        'provider.cnf',
        '-out',
        'provider.csr',
    );
    openssl(
        'x509',
        '-req',
        '-in',
        'provider.csr',
        '-CA',
        'provider-root.pem',
        '-CAkey',
        'provider-root.key',
        '-CAcreateserial',
        '-days',
        '30',
        '-sha256',
        '-extfile',
        'provider.cnf',
        '-extensions',
        'leaf',
        '-out',
        'provider.pem',
    );
    return {
        jwk: leaf.privateJwk,
        publicJwk: leaf.publicJwk,
        x5c: [Buffer.from(der(fs.readFileSync(at('provider.pem'), 'utf8'))).toString('base64')],
    };
}
const provider = makeProvider();
const attester = { method: 'x5c', alg: 'ES256', x5c: provider.x5c };

/** An attestation of the wallet with KEY. */
export const attest = (signer) =>
    createClientAttestationJwt({
        issuer: 'https://provider.example',
        clientId: CLIENT,
        callbacks,
        signer: attester,
        confirmation: { jwk: signer.publicJwk },
        expiresAt: new Date(Date.now() + 3600e3),
    });

/** A key attestation of KEYS with NONCE. */
export const attestKeys = (keys, nonce) =>
    callbacks.signJwt(attester, {
        header: { alg: 'ES256', typ: 'key-attestation+jwt', x5c: provider.x5c },
        payload: {
            iat: Math.floor(Date.now() / 1000),
            exp: Math.floor(Date.now() / 1000) + 300,
            attested_keys: keys.map((k) => k.publicJwk),
            nonce,
        },
    }).jwt;

// ---- an authority ----

function set(file, section, name, value) {
    const [head, tail] = fs.readFileSync(file, 'utf8').split(`\n[${section}]\n`);
    const line = new RegExp(`^${name} = .*$`, 'm');
    const first = tail.split('\n[')[0];
    const changed = line.test(first)
        ? tail.replace(line, `${name} = ${value}`)
        : `${name} = ${value}\n${tail}`;
    fs.writeFileSync(file, `${head}\n[${section}]\n${changed}`);
}

export function must(...words) {
    const run = yaopai(...words);
    if (run.code !== 0) throw new Error(`${words.join(' ')}: ${run.err}`);
    return run.out;
}

/** Serve an authority with one fictitious person: {url, number, offer, stop}. */
export async function serve(settings = {}) {
    const folder = at('authority'),
        port = await freePort(),
        url = `http://127.0.0.1:${port}`;
    write('passphrase', 'correct horse battery\n');
    fs.chmodSync(at('passphrase'), 0o600);
    must('authority', 'init', '--demo', '-C', folder, '--url', url);
    must('person', 'generate', '-C', folder, '--count', '1', '--seed', '7');
    must(
        'person',
        'generate',
        '-C',
        folder,
        '--count',
        '1',
        '--seed',
        '7',
        '--out',
        at('people.jsonl'),
    );
    const { number } = JSON.parse(fs.readFileSync(at('people.jsonl'), 'utf8').split('\n')[0]);
    fs.copyFileSync(at('provider-root.pem'), `${folder}/provider-root.pem`);
    fs.writeFileSync(
        `${folder}/clients.json`,
        JSON.stringify({
            clients: [{ client_id: CLIENT, name: 'a foreign wallet', redirect_uris: [REDIRECT] }],
            attesters: [{ roots: ['provider-root.pem'], any_client: false, keys: true }],
        }),
    );
    set(`${folder}/authority.ini`, 'oauth', 'demo_person', number);
    for (const [name, value] of Object.entries(settings))
        set(`${folder}/authority.ini`, ...name.split('.'), value);

    const child = spawn(
        process.env.YAOPAI,
        [
            'authority',
            'serve',
            '-C',
            folder,
            '--listen',
            `127.0.0.1:${port}`,
            '--kiosk-listen',
            'none',
            '--console-listen',
            'none',
        ],
        { stdio: ['ignore', 'pipe', fs.openSync(at('serve.log'), 'w')] },
    );
    process.on('exit', () => child.kill('SIGKILL'));
    await new Promise((ready, failed) => {
        let said = '';
        child.stdout.on('data', (data) => (said += data).includes('ready\n') && ready());
        child.on('exit', () => failed(new Error(fs.readFileSync(at('serve.log'), 'utf8'))));
    });
    const root = (role) => `${folder}/certificates/${role}-root.pem`;
    return {
        url,
        number,
        roots: ['--trust', root('population'), '--trust', root('traffic')],
        offer: (wish) => counter(`${folder}/admin.sock`, { number, ...wish }),
        stop: () => child.kill('SIGTERM'),
    };
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

/** The person at the authority's page: gives the address it ends at. */
export async function allow(page, answer = 'allow') {
    const html = await (await fetch(page)).text();
    const form = new URLSearchParams();
    for (const [, name, value] of html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g))
        form.set(name, value.replaceAll('&amp;', '&'));
    form.set('answer', answer);
    const action = /action="([^"]*)"/.exec(html)[1];
    const to = await fetch(action, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { Origin: new URL(page).origin },
    });
    return to.headers.get('location');
}
