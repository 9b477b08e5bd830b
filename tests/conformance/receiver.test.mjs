// SPDX-License-Identifier: Apache-2.0
// The wallet before an issuer: A8, D1, D2. The issuer is our authority, whose
// rows are walked elsewhere; what stands before it remembers all that the wallet
// does, and bends its answers as the suite's modules do.

import fs from 'node:fs';
import http from 'node:http';
import { run } from './asker.mjs';
import { front } from './front.mjs';
import { b64, checkChain, readJws, sha256 } from './jose.mjs';
import { judgeSdjwt } from './shown.mjs';
import { complete, has, is, row } from './tell.mjs';
import { at, freePort, makeLeaf, makeRoot, set, source, start, write, yaopai } from './world.mjs';

// ---- the world ----

write('passphrase', 'correct horse battery\n');
fs.chmodSync(at('passphrase'), 0o600);
process.env.YAOPAI_PASSPHRASE_FILE = at('passphrase');
makeRoot('web-root');
makeLeaf('web', 'web-root', 'web');
makeRoot('attester-root');
makeLeaf('attester', 'attester-root');
fs.chmodSync(at('attester.key'), 0o600);
const port = await freePort(),
    inner = await freePort(),
    folder = at('authority');
const url = `https://localhost:${port}/issuer1`;
yaopai(['authority', 'init', '--demo', '-C', folder, '--url', url]);
const generate = ['person', 'generate', '-C', folder, '--count', '1', '--seed', '7'];
yaopai(generate);
yaopai([...generate, '--out', at('people.jsonl')]);
const { number } = JSON.parse(fs.readFileSync(at('people.jsonl'), 'utf8').split('\n')[0]);
fs.copyFileSync(at('attester-root.pem'), `${folder}/attester-root.pem`);
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
        attesters: [{ roots: ['attester-root.pem'], any_client: true, keys: true }],
    }),
);
set(`${folder}/authority.ini`, {
    'oauth.demo_person': number,
    'authority.catalogue': `${source}/examples/pid`,
});
const serve = () =>
    start(
        [
            'authority',
            'serve',
            '-C',
            folder,
            '--listen',
            `127.0.0.1:${inner}`,
            '--kiosk-listen',
            'none',
            '--console-listen',
            'none',
        ],
        'serve.log',
    );
let server = await serve();
let bend = () => {};
const { seen } = await front(port, inner, { bend: (one, said) => bend(one, said) });

/** The authority with other settings. */
async function again(settings) {
    const ended = new Promise((over) => server.on('exit', over));
    server.kill('SIGTERM');
    await ended;
    set(`${folder}/authority.ini`, settings);
    server = await serve();
}
const offer = (wish) =>
    new Promise((given, failed) => {
        const request = http.request(
            {
                socketPath: `${folder}/admin.sock`,
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
        request.end(JSON.stringify({ number, ...wish }));
    });

// the person at the authority's page, who may be sent back with something else
write(
    'browser.mjs',
    `
import https from 'node:https';
import fs from 'node:fs';
const ca = fs.readFileSync(${JSON.stringify(at('web-root.pem'))});
const ask = (url, body) => new Promise((said) => https.request(url, { ca, servername: 'localhost',
    method: body ? 'POST' : 'GET', headers: body ? { Origin: new URL(url).origin,
        'Content-Type': 'application/x-www-form-urlencoded' } : {} }, (answer) => {
    let text = '';
    answer.on('data', (part) => (text += part));
    answer.on('end', () => said({ text, to: answer.headers.location }));
}).end(body));
const plain = (text) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
const page = await ask(process.argv[2]), form = new URLSearchParams({ answer: 'allow' });
for (const [, name, value] of page.text.matchAll(/type="hidden" name="(\\w+)" value="([^"]*)"/g))
    form.set(name, plain(value));
const { to } = await ask(plain(/action="([^"]*)"/.exec(page.text)[1]), form.toString());
const back = new URL(to);
for (const [name, value] of Object.entries(JSON.parse(process.env.EDIT ?? '{}')))
    value === null ? back.searchParams.delete(name) : back.searchParams.set(name, value);
console.log(String(back));
`,
);
fs.writeFileSync(at('browser'), `#!/bin/sh\nexec node ${at('browser.mjs')} "$1"\n`, {
    mode: 0o755,
});

const ID = 'pid_sdjwt';
let wallets = 0;
/** A fresh wallet runs WORDS; gives {code, out, err, asked, wallet}. */
async function receive(verb, words, { edit = {}, how = () => {} } = {}) {
    const wallet = at(`wallet${wallets++}`),
        first = seen.length;
    yaopai([
        'wallet',
        'init',
        '-C',
        wallet,
        '--registrar',
        `${folder}/certificates/reader-root.pem`,
    ]);
    bend = how;
    const said = await run(
        [
            'wallet',
            verb,
            '-C',
            wallet,
            '--local',
            '--yes',
            '--ca-file',
            at('web-root.pem'),
            '--trust',
            `${folder}/certificates/population-root.pem`,
            '--attester',
            `file:${at('attester.key')}`,
            '--attester-certificate',
            at('attester.pem'),
            ...words,
        ],
        { EDIT: JSON.stringify(edit) },
    );
    bend = () => {};
    const asked = seen.slice(first).map((one) => ({
        ...one,
        path: one.path.replace('/issuer1', ''),
        form: new URLSearchParams(one.body.toString()),
    }));
    return {
        ...said,
        asked,
        wallet,
        of: (path) => asked.filter((one) => one.path.split('?')[0] === path),
    };
}
const page = (more, id = ID) =>
    receive(
        'fetch',
        [
            '--issuer',
            url,
            '--config-id',
            id,
            '--redirect-uri',
            'https://wallet.example/back',
            '--authorize-command',
            at('browser'),
        ],
        more,
    );
async function byOffer(wish, more, words = []) {
    const { link } = await offer({ configurations: [ID], ...wish });
    write('offer', link);
    return receive(
        'receive',
        [
            ...words,
            '--redirect-uri',
            'https://wallet.example/back',
            '--authorize-command',
            at('browser'),
            at('offer'),
        ],
        more,
    );
}
function good(got, copies) {
    is(got.code, 0, got.err);
    if (copies) has(got.out.includes(`${copies} copies`), got.out);
}
function stopped(got, path) {
    has(got.code !== 0, 'it went on');
    is(got.of(path).length, 0, path);
    has(/^yaopai: [^;]+: [^;]+; .+/m.test(got.err), got.err);
}
const header = (one, name) =>
    one.raw[
        one.raw.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === name.toLowerCase()) + 1
    ];

// ---- A8, D1 ----

const plain = await page();
await row('A8', 'accepts a configuration id of an issuer, and an offer', async () => {
    good(plain);
    good(await byOffer());
});
await row('A8', 'refuses an offer that was used, with an exit code and a text', async () =>
    stopped(await receive('receive', [at('offer')]), '/credential'),
);
await row('D1', 'gives the path behind the well-known part, and asks nowhere else', async () => {
    const known = seen.filter((one) => one.path.includes('.well-known')).map((one) => one.path);
    is(
        [...new Set(known)].sort().join(' '),
        '/.well-known/oauth-authorization-server/issuer1 ' +
            '/.well-known/openid-credential-issuer/issuer1',
    );
});
await row('D1', 'gives a pushed request with DPoP, attestation and S256', async () => {
    const [pushed] = plain.of('/par'),
        [redeemed] = plain.of('/token');
    for (const name of ['DPoP', 'OAuth-Client-Attestation', 'OAuth-Client-Attestation-PoP'])
        has(readJws(header(pushed, name)), name);
    is(pushed.form.get('code_challenge_method'), 'S256');
    is(pushed.form.get('code_challenge'), b64(sha256(redeemed.form.get('code_verifier'))));
    has(pushed.form.get('state') && pushed.form.get('redirect_uri'));
});
await row('D1', "never says more on the page's address than who and which request", async () => {
    const [opened] = plain.of('/authorize');
    is([...new URL(opened.path, url).searchParams.keys()].sort().join(), 'client_id,request_uri');
});
for (const [what, edit] of [
    ['another iss', { iss: 'https://x.example' }],
    ['no iss', { iss: null }],
    ['another state', { state: 'x' }],
    ['no state', { state: null }],
])
    await row('D1', `refuses ${what} in what comes back, and redeems nothing`, async () =>
        stopped(await page({ edit }), '/token'),
    );
await row('D1', 'gives back the issuer_state of an offer', async () => {
    const got = await byOffer({ grant: 'authorization_code' });
    good(got);
    const said = new URL(fs.readFileSync(at('offer'), 'utf8').trim()).searchParams;
    const { grants } = JSON.parse(said.get('credential_offer'));
    is(got.of('/par')[0].form.get('issuer_state'), grants.authorization_code.issuer_state);
});
const bendToken = (change) => ({
    how: (one, said) => {
        if (one.path.endsWith('/token') && said.status === 200)
            said.body = Buffer.from(JSON.stringify(change(JSON.parse(said.body))));
    },
});
for (const word of ['dpop', 'DPOP'])
    await row('D1', `accepts the token_type ${word}`, async () =>
        good(await page(bendToken((token) => ({ ...token, token_type: word })))),
    );
await row('D1', 'accepts a token that does not say how long it lasts', async () =>
    good(await page(bendToken(({ expires_in: gone, ...token }) => token))),
);
await row('D1', 'refuses a token that is not bound to its key', async () =>
    stopped(await page(bendToken((token) => ({ ...token, token_type: 'Bearer' }))), '/credential'),
);

await again({ 'oauth.dpop_nonces': 'yes', 'oauth.attestation_challenges': 'yes' });
await row('D1', 'accepts to be asked for nonces by both servers, and for a challenge', async () => {
    const got = await page();
    good(got);
    const statuses = (path) => got.of(path).map((one) => one.status);
    const used = [...got.of('/par'), ...got.of('/token'), ...got.of('/credential')]
        .filter((one) => one.status < 300)
        .map((one) => readJws(header(one, 'DPoP')).payload);
    has(
        used.every((proof) => proof.nonce),
        JSON.stringify(used),
    );
    has(statuses('/par').at(-1) === 201 && statuses('/credential').at(-1) === 200);
    const pop = readJws(header(got.of('/par').at(-1), 'OAuth-Client-Attestation-PoP')).payload;
    has(got.of('/challenge').length > 0 && pop.challenge, JSON.stringify(pop));
});
await again({ 'oauth.dpop_nonces': 'no', 'oauth.attestation_challenges': 'no' });

// ---- D2 ----

const proofsOf = (one) => JSON.parse(one.body).proofs.jwt;
const metadata = JSON.parse(plain.of('/.well-known/openid-credential-issuer')[0].text);
await row('D2', 'gives proofs with a nonce that was just fetched, one key each', async () => {
    const paths = plain.asked.map((one) => one.path);
    const [sent] = plain.of('/credential'),
        proofs = proofsOf(sent).map((jwt) => readJws(jwt));
    is(paths[paths.indexOf('/credential') - 1], '/nonce');
    const { c_nonce: nonce } = JSON.parse(plain.of('/nonce').at(-1).text);
    for (const {
        header: { typ, jwk },
        payload,
    } of proofs) {
        is(typ, 'openid4vci-proof+jwt');
        is(payload.nonce, nonce);
        is(payload.aud, url);
        is(jwk.d, undefined);
    }
    is(new Set(proofs.map(({ header: { jwk } }) => jwk.x)).size, proofs.length);
    is(header(sent, 'Content-Type'), 'application/json');
});
await row('D2', 'never asks for more copies than there are at once', async () => {
    const most = metadata.batch_credential_issuance.batch_size;
    const got = await byOffer({}, {}, ['--copies', String(most + 3)]);
    has(got.code === 0 || got.of('/credential').length === 0, got.err);
    for (const one of got.of('/credential'))
        has(proofsOf(one).length <= most, `${proofsOf(one).length} of ${most}`);
});
await row('D2', 'gives a notification of what it keeps', async () => {
    const [told] = plain.of('/notification');
    is(JSON.parse(told.body).event, 'credential_accepted');
    is(
        JSON.parse(told.body).notification_id,
        JSON.parse(plain.of('/credential')[0].text).notification_id,
    );
});
const bendCopies = (change) => ({
    how: (one, said) => {
        if (one.path.endsWith('/credential') && said.status === 200) {
            const whole = JSON.parse(said.body);
            whole.credentials = change(whole.credentials);
            said.body = Buffer.from(JSON.stringify(whole));
        }
    },
});
await row('D2', 'accepts copies in another order: each has its own key', async () => {
    const got = await page(
        bendCopies((copies) => copies.reverse()),
        'resident_id_sdjwt',
    );
    good(got);
    // the holder's signature must be by the key in the copy, whichever is shown
    for (let i = 0; i < 3; i++) {
        const said = await run([
            'wallet',
            'present',
            '-C',
            got.wallet,
            '--yes',
            '--unidentified',
            '--format',
            'sd-jwt',
            '--profile',
            'hotel',
            '--nonce',
            'n',
            '--audience',
            'a',
            '--output',
            at('shown'),
        ]);
        is(said.code, 0, said.err);
        judgeSdjwt(fs.readFileSync(at('shown'), 'utf8').trim(), { clientId: 'a', nonce: 'n' });
    }
});
for (const [what, change] of [
    ['the same copy twice', (copies) => copies.map(() => copies[0])],
    ['more copies than keys', (copies) => [...copies, copies[0]]],
    ['no copies', () => []],
    [
        'a copy that was changed',
        (copies) =>
            copies.map(({ credential }) => ({
                credential: credential.replace(
                    /^([^.]*\.[^.]*\.)(.)/,
                    (all, before, letter) => before + (letter === 'A' ? 'B' : 'A'),
                ),
            })),
    ],
])
    await row('D2', `refuses ${what}, and keeps nothing`, async () => {
        const got = await page(bendCopies(change));
        has(got.code !== 0, 'it keeps it');
        const list = await run(['wallet', 'list', '-C', got.wallet, '--json']);
        has(!list.out.includes('urn:eudi:pid:1'), list.out);
    });
await row('D2', 'accepts to wait and to ask again', async () => {
    let held;
    const got = await page({
        how: (one, said) => {
            if (one.path.endsWith('/credential') && said.status === 200) {
                held = said.body;
                Object.assign(said, {
                    status: 202,
                    body: Buffer.from(
                        JSON.stringify({
                            transaction_id: 'n-0S6_WzA2Mj',
                            interval: 1,
                        }),
                    ),
                });
            } else if (one.path.endsWith('/deferred')) {
                Object.assign(said, {
                    status: 200,
                    body: held,
                    headers: { ...said.headers, 'content-type': 'application/json' },
                });
            }
        },
    });
    good(got);
    is(JSON.parse(got.of('/deferred')[0].body).transaction_id, 'n-0S6_WzA2Mj');
});
await row('D2', 'gives its request encrypted, and reads what comes encrypted', async () => {
    const got = await byOffer({}, {}, ['--encrypt']);
    good(got);
    const [sent] = got.of('/credential');
    is(header(sent, 'Content-Type'), 'application/jwt');
    is(sent.body.toString().split('.').length, 5);
    is(sent.headers['content-type'], 'application/jwt');
});
await again({ 'vci.key_attestation': 'yes' });
await row('D2', 'gives a key attestation where one is asked for', async () => {
    const got = await page();
    good(got);
    const { proofs } = JSON.parse(got.of('/credential').at(-1).body);
    const token = proofs.attestation?.[0] ?? readJws(proofs.jwt[0]).header.key_attestation;
    const { header: said, payload } = readJws(token);
    is(said.typ, 'key-attestation+jwt');
    is(said.alg, 'ES256');
    has(checkChain(said.x5c, fs.readFileSync(at('attester-root.pem'))));
    has(payload.iat && payload.exp > payload.iat && payload.attested_keys.length >= 1);
    is(payload.nonce, JSON.parse(got.of('/nonce').at(-1).text).c_nonce);
});

complete(['A8', 'D1', 'D2']);
process.exit(process.exitCode);
