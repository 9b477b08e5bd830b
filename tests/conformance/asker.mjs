// SPDX-License-Identifier: Apache-2.0
// The suite as a verifier before our wallet: a registered party whose requests
// can be bent in every place, by TLS; and the wallet, a program without anybody
// before it. `tweak` objects are laid over what is right, undefined takes away.

import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import { b64, decrypt, jws, makeKey, now, random, sha256 } from './jose.mjs';
import { at, makeLeaf, makeRoot, scratch, write, yaopai } from './world.mjs';

const clean = (object) =>
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

// ---- the world ----

/** An authority, a registered party, a wallet in the folder "wallet". */
export function makeHolder() {
    write('passphrase', 'correct horse battery\n');
    fs.chmodSync(at('passphrase'), 0o600);
    process.env.YAOPAI_PASSPHRASE_FILE = at('passphrase');
    makeRoot('web-root');
    makeLeaf('web', 'web-root', 'web');
    makeRoot('other-reader-root', 'iaca');
    const folder = at('authority');
    yaopai(['authority', 'init', '--demo', '-C', folder]);
    const generate = ['person', 'generate', '-C', folder, '--count', '1', '--seed', '7'];
    yaopai(generate);
    yaopai([...generate, '--out', at('people.jsonl')]);
    const { number } = JSON.parse(fs.readFileSync(at('people.jsonl'), 'utf8').split('\n')[0]);
    yaopai([
        'party',
        'register',
        '-C',
        folder,
        '--code',
        '91330114MAC000017N',
        '--name',
        'SPECIMEN',
        '--profile',
        'hotel',
        '--out',
        at('party'),
        '--host',
        'localhost',
    ]);
    yaopai([
        'wallet',
        'init',
        '-C',
        at('wallet'),
        '--registrar',
        `${folder}/certificates/reader-root.pem`,
    ]);
    yaopai([
        'document',
        'issue',
        '-C',
        folder,
        '--wallet',
        at('wallet'),
        '--copies',
        '50',
        '--cards',
        '0',
        '--document',
        'resident_id',
        '--person',
        number,
    ]);
    yaopai(['statuslist', 'publish', '-C', folder, '--output', at('lists')]);
    yaopai(['trust', 'publish', '-C', folder, '--output', at('trust')]);
    const read = (name) => fs.readFileSync(at(name));
    const reader = new crypto.X509Certificate(read('party/reader.pem')).raw;
    const key = crypto.createPrivateKey(read('party/reader-key.pem'));
    return {
        reader: { priv: key.export({ format: 'jwk' }), x5c: [reader.toString('base64')] },
        stranger: makeLeaf('other-reader', 'other-reader-root', 'reader'),
        clientId: `x509_hash:${b64(sha256(reader))}`,
    };
}

// ---- queries that the party registered ----

export const SDJWT = {
    id: 'sd',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['urn:yaopai:resident_id:1'] },
    claims: [{ path: ['name'] }, { path: ['birthdate'] }],
};
export const MDOC = {
    id: 'md',
    format: 'mso_mdoc',
    meta: { doctype_value: 'org.iso.23220.photoid.1' },
    claims: [
        { path: ['org.yaopai.resident_id.1', 'full_name'] },
        { path: ['org.iso.23220.1', 'birth_date'] },
    ],
};

// ---- one conversation ----

/** Our program beside this one: {code, out, err}. */
export const run = (words, env = {}) =>
    new Promise((ended) => {
        const child = spawn(process.env.YAOPAI, words, {
            cwd: scratch,
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
        });
        let out = '',
            err = '';
        child.stdout.on('data', (data) => (out += data));
        child.stderr.on('data', (data) => (err += data));
        child.on('close', (code) => ended({ code, out, err }));
    });
const present = (words) =>
    run([
        'wallet',
        'present',
        '-C',
        at('wallet'),
        '--yes',
        '--local',
        '--ca-file',
        at('web-root.pem'),
        '--trust',
        at('trust/bundle.cose'),
        '--trust-anchor',
        at('trust/trust-root.pem'),
        ...words,
    ]);

const METADATA = {
    vp_formats_supported: {
        'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        mso_mdoc: { issuerauth_alg_values: [-7], deviceauth_alg_values: [-7] },
    },
};
const tokenOf = (world, payload, how) => {
    const token = jws(
        clean({ typ: 'oauth-authz-req+jwt', x5c: (how.signer ?? world.reader).x5c, ...how.header }),
        clean({ ...payload, ...how.payload }),
        how.signer ?? world.reader,
    );
    return how.change ? how.change(token) : token;
};

/**
 * Ask the wallet of WORLD. HOW: {credentials, query, payload, header, signer,
 * change(token), clientId of the link, post, mode, enc, keys(own), answer, words}.
 * Gives {code, out, err, fetches, posts: [{form, jwe, said}], payload}.
 */
export async function converse(world, how = {}) {
    const own = makeKey(),
        kid = random(8),
        mode = how.mode ?? 'direct_post.jwt';
    const jwk = { ...own.pub, kid, use: 'enc', alg: 'ECDH-ES' };
    const seen = { fetches: [], posts: [] };
    let payload;
    const tls = { key: fs.readFileSync(at('web.key')), cert: fs.readFileSync(at('web.pem')) };
    const server = https.createServer(tls, (request, answer) => {
        let body = '';
        request.on('data', (data) => (body += data));
        request.on('end', () => {
            const form = Object.fromEntries(new URLSearchParams(body));
            if (request.url === '/request') {
                seen.fetches.push({ method: request.method, form });
                const nonce = form.wallet_nonce ? { wallet_nonce: form.wallet_nonce } : {};
                answer
                    .setHeader('Content-Type', 'application/oauth-authz-req+jwt')
                    .end(tokenOf(world, { ...payload, ...nonce }, how));
                return;
            }
            const opened = form.response && decrypt(form.response, own);
            seen.posts.push({
                form,
                jwe: opened?.header,
                said: opened ? JSON.parse(opened.text) : form,
            });
            answer
                .setHeader('Content-Type', 'application/json')
                .end(JSON.stringify(how.answer ?? {}));
        });
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `https://localhost:${server.address().port}`;
    payload = {
        response_type: 'vp_token',
        response_mode: mode,
        client_id: world.clientId,
        response_uri: `${url}/response`,
        nonce: random(32),
        state: random(),
        aud: 'https://self-issued.me/v2',
        iat: now(),
        exp: now() + 300,
        dcql_query: how.query ?? { credentials: how.credentials ?? [SDJWT] },
        client_metadata: {
            ...(mode === 'direct_post'
                ? {}
                : {
                      jwks: { keys: how.keys ? how.keys(jwk) : [jwk] },
                      encrypted_response_enc_values_supported: how.enc ?? ['A128GCM', 'A256GCM'],
                  }),
            ...METADATA,
        },
    };
    const said = await present([
        ...(how.words ?? []),
        `openid4vp://?${new URLSearchParams({
            client_id: how.clientId ?? world.clientId,
            request_uri: `${url}/request`,
            ...(how.post ? { request_uri_method: 'post' } : {}),
        })}`,
    ]);
    server.close();
    return { ...said, ...seen, payload: clean({ ...payload, ...how.payload }), jwk };
}

export const SHOP = 'https://shop.example';

/** Ask it by a page of SHOP (Digital Credentials API); `from` is what the browser
 *  says, `unsigned` leaves the signature out. Gives {code, err, answer, payload,
 *  jwk}, answer with `said` when it can be opened. */
export async function browse(world, how = {}) {
    const own = makeKey(),
        jwk = { ...own.pub, kid: random(8), use: 'enc', alg: 'ECDH-ES' };
    const payload = {
        response_type: 'vp_token',
        response_mode: 'dc_api.jwt',
        client_id: world.clientId,
        expected_origins: [SHOP],
        nonce: random(32),
        aud: 'https://self-issued.me/v2',
        iat: now(),
        exp: now() + 300,
        dcql_query: { credentials: how.credentials ?? [SDJWT] },
        client_metadata: {
            jwks: { keys: [jwk] },
            encrypted_response_enc_values_supported: ['A256GCM'],
            ...METADATA,
        },
    };
    const page = write(
        'page.json',
        JSON.stringify({
            requests: [
                {
                    protocol:
                        how.protocol ?? `openid4vp-v1-${how.unsigned ? 'unsigned' : 'signed'}`,
                    data: how.unsigned
                        ? clean({ ...payload, client_id: undefined, ...how.payload })
                        : { request: tokenOf(world, payload, how) },
                },
            ],
        }),
    );
    fs.rmSync(at('answer.json'), { force: true });
    const said = await present([
        '--dc-api',
        page,
        '--origin',
        how.from ?? SHOP,
        '--output',
        at('answer.json'),
    ]);
    const answer = fs.existsSync(at('answer.json'))
        ? JSON.parse(fs.readFileSync(at('answer.json'), 'utf8'))
        : undefined;
    if (answer?.data?.response) answer.said = JSON.parse(decrypt(answer.data.response, own).text);
    return { ...said, answer, payload: clean({ ...payload, ...how.payload }), jwk };
}
