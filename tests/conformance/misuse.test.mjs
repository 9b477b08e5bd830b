// SPDX-License-Identifier: Apache-2.0
// Known misuses that need a whole server: what grows, what is typed into every
// parameter, what a clock, a time zone and a locale do.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { cbor, makeKey, random, readJws, un64 } from './jose.mjs';
import { has, is, row } from './tell.mjs';
import { MDL, SDJWT, Wallet, ask } from './wallet.mjs';
import { at, makeWorld, yaopai } from './world.mjs';

const world = await makeWorld(
    {},
    { env: { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' } },
);
const get = (path, headers) => ask(world, 'GET', `${world.url}${path}`, { headers });

// ---- what grows ----

/** Bytes of the register's pages: not of its files, which grow with each lease that is
 *  renewed meanwhile, the longer the more. */
const PAGES = `
import sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=60)
print(*(db.execute(f"PRAGMA page_{what}").fetchone()[0] for what in ("count", "size")))
`;
function size() {
    const file = `${world.folder}/register/register.db`;
    const said = execFileSync('python3', ['-c', PAGES, file], { encoding: 'utf8' });
    const [count, bytes] = said.split(' ').map(Number);
    return count * bytes;
}
/** Asks so often, twenty at once. */
async function often(count, one) {
    const said = new Map();
    for (let n = 0; n < count; n += 20)
        for (const answer of await Promise.all(Array.from({ length: 20 }, one)))
            said.set(answer.status, (said.get(answer.status) ?? 0) + 1);
    return said;
}
world.held = false; // what is refused before a route is found is not described
await row('N313', 'never stores a thing for who does not say who he is', async () => {
    await new Wallet(world).par(); // what has to be there is
    const before = size();
    const nonces = await often(2000, () => ask(world, 'POST', `${world.url}/nonce`));
    const challenges = await often(500, () => ask(world, 'POST', `${world.url}/challenge`));
    const pushes = await often(500, () =>
        ask(world, 'POST', `${world.url}/par`, {
            form: {
                response_type: 'code',
                client_id: 'suite-wallet-1',
                scope: SDJWT,
            },
        }),
    );
    is([...nonces.keys(), ...challenges.keys()].join(), '200,200');
    is([...pushes.keys()].join(), '401');
    // a row each would be several hundred kilobytes
    const after = size();
    has(after - before < 128 * 1024, `the register grew by ${after - before}`);
});
await row('N313', 'accepts a wallet after that', async () =>
    has((await new Wallet(world).login()).access_token),
);

// ---- what is typed ----

const corpus = [
    "'",
    '"',
    "' OR '1'='1",
    "'; DROP TABLE person; --",
    "1' UNION SELECT NULL--",
    '1;SELECT 1',
    '%27',
    "\\'",
    '`',
    '$1',
    ':hash',
    '?1',
    "x' AND 1=randomblob(1000000000)--",
    '\u02bc',
    'ö\u0000x',
    '{{7*7}}',
    '../../etc/passwd',
    '%',
    '_',
    'a'.repeat(5000),
    '[]',
    '{"$gt":""}',
    '-1',
    '0x41',
    'NULL',
    "'||(SELECT 1)||'",
];
const places = [
    [
        'a parameter pushed',
        (w, text) =>
            [
                'state',
                'scope',
                'redirect_uri',
                'client_id',
                'issuer_state',
                'dpop_jkt',
                'code_challenge',
                'authorization_details',
                text.slice(0, 100) || 'x',
            ].map((name) => w.par({ form: { [name]: text } })),
    ],
    [
        'a parameter of the token endpoint',
        (w, text) =>
            ['code', 'redirect_uri', 'code_verifier', 'client_id', 'grant_type'].map((name) =>
                w.redeem(random(32), { form: { [name]: text } }),
            ),
    ],
    [
        "an offer's code and transaction code",
        (w, text) => [
            w.offerToken({
                grants: {
                    'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
                        'pre-authorized_code': text,
                    },
                },
            }),
            w.offerToken(
                {
                    grants: {
                        'urn:ietf:params:oauth:grant-type:pre-authorized_code': {
                            'pre-authorized_code': random(32),
                        },
                    },
                },
                { tx_code: text },
            ),
        ],
    ],
    [
        'a refresh token',
        (w, text) => [w.token({ grant_type: 'refresh_token', refresh_token: text })],
    ],
    [
        "the page's query",
        (w, text) => [
            get(
                `/authorize?${new URLSearchParams({
                    client_id: text,
                    request_uri: `urn:ietf:params:oauth:request_uri:${text}`,
                })}`,
            ),
            get(`/authorize?${new URLSearchParams({ [text]: text })}`),
        ],
    ],
    [
        "the page's form",
        (w, text) => [
            ask(world, 'POST', `${world.url}/authorize`, {
                headers: { Origin: world.origin },
                form: {
                    client_id: w.id,
                    request_uri: text,
                    number: text,
                    code: text,
                    answer: text,
                },
            }),
        ],
    ],
    [
        'a login',
        (w, text) => [
            ask(world, 'POST', `${world.url}/person/login`, {
                headers: {
                    Origin: world.origin,
                    'Content-Type': 'application/json',
                },
                body: JSON.stringify({ number: text, code: text }),
            }),
        ],
    ],
    [
        'a path',
        (w, text) =>
            [
                `/offers/${encodeURIComponent(text)}`,
                `/statuslists/${encodeURIComponent(text)}`,
                `/roots/${encodeURIComponent(text)}`,
                `/crl/${encodeURIComponent(text)}`,
                `/log/tile/0/${encodeURIComponent(text)}`,
            ].map((path) => get(path)),
    ],
    [
        'a header',
        (w, text) =>
            /[^\x20-\x7e]/.test(text)
                ? []
                : [
                      'Authorization',
                      'DPoP',
                      'Accept',
                      'Accept-Language',
                      'Cookie',
                      'If-None-Match',
                      'OAuth-Client-Attestation',
                  ].map((name) =>
                      ask(world, 'POST', `${world.url}/credential`, {
                          headers: { [name]: text, 'Content-Type': 'application/json' },
                          body: '{}',
                      }),
                  ),
    ],
    [
        'a claim of a proof',
        (w, text) => [
            w.par({ dpop: { payload: { jti: text, nonce: text } } }),
            w.par({ pop: { payload: { jti: text, challenge: text } } }),
            w.par({ attestation: { payload: { sub: text } } }),
        ],
    ],
];
for (const [name, make] of places)
    await row('N272', `refuses what injects, in ${name}`, async () => {
        const w = new Wallet(world);
        for (const text of corpus)
            for (const answer of await Promise.all(make(w, text)))
                has(
                    answer.status < 500,
                    `${JSON.stringify(text.slice(0, 40))}: ${answer.status} ${answer.text}`,
                );
    });
await row('N272', 'refuses what injects, in a request for documents', async () => {
    const w = new Wallet(world),
        token = await w.login(),
        nonce = await w.nonce();
    for (const text of corpus)
        for (const body of [
            { credential_configuration_id: text },
            { credential_identifier: text },
            { [text]: text, credential_configuration_id: SDJWT, proofs: { [text]: [text] } },
            { credential_configuration_id: SDJWT, proofs: { jwt: [text] } },
            { credential_configuration_id: SDJWT, proofs: { jwt: [w.proof(text, makeKey())] } },
        ]) {
            const answer = await w.send(token.access_token, body);
            has(
                answer.status >= 400 && answer.status < 500,
                `${text}: ${answer.status} ${answer.text}`,
            );
        }
    for (const [path, body] of [
        ['/deferred', (text) => ({ transaction_id: text })],
        ['/notification', (text) => ({ notification_id: text, event: text })],
    ])
        for (const text of corpus)
            has((await w.send(token.access_token, body(text), { path })).status < 500, text);
    is((await w.fetch(token)).answer.status, 200, 'the token after all that:');
    has(nonce);
});
await row('N272', 'gives what it gave before: the register is whole', async () => {
    is((await get('/ready')).status, 200);
    has((await new Wallet(world).login()).access_token);
});

// ---- what is not there ----

await row('N264', 'never has a way to sign for a look, a test or a dry run', async () => {
    const paths = [
        '/preview',
        '/test',
        '/debug',
        '/dry-run',
        '/sign',
        '/demo',
        '/admin',
        '/admin/offers',
        '/metrics',
        '/jobs/lists',
        '/credential/preview',
        '/credential/test',
        '/credential?dry_run=true',
        '/.env',
        '/actuator',
        '/swagger',
        '/graphql',
        '/issue',
        '/api/issue',
        '/console',
        '/trace',
        '/status',
    ];
    for (const path of paths)
        for (const method of ['GET', 'POST']) {
            const answer = await ask(world, method, `${world.url}${path}`, {
                body: method === 'POST' ? '{}' : undefined,
                headers: method === 'POST' ? { 'Content-Type': 'application/json' } : {},
            });
            has(
                [401, 404, 405].includes(answer.status) && !answer.json?.credentials,
                `${path} ${answer.status}`,
            );
        }
});

// ---- time zones and locales ----

await row('N299', 'gives UTC and plain letters in any time zone and locale', async () => {
    const w = new Wallet(world),
        token = await w.login({ form: { scope: `${SDJWT} ${MDL}` } });
    const { answer } = await w.fetch(token);
    const { payload } = readJws(answer.json.credentials[0].credential.split('~')[0]);
    is(payload.iat % 86400, 0, 'iat');
    has(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(answer.headers.date));
    const { answer: licence } = await w.fetch(token, MDL);
    const mso = cbor(cbor(un64(licence.json.credentials[0].credential)).get('issuerAuth')[2]).item;
    for (const name of ['signed', 'validFrom', 'validUntil'])
        has(
            /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(mso.get('validityInfo').get(name).value),
            name,
        );
    has(/T00:00:00Z$/.test(mso.get('validityInfo').get('signed').value));
});
await row('N299', 'gives the same people in any time zone and locale', async () => {
    const said = [
        ['UTC', 'C'],
        ['America/St_Johns', 'de_DE.UTF-8'],
    ].map(
        ([TZ, LC_ALL]) => (
            yaopai(
                [
                    'person',
                    'generate',
                    '-C',
                    world.folder,
                    '--count',
                    '20',
                    '--seed',
                    '3',
                    '--out',
                    at('p.jsonl'),
                ],
                '',
                { TZ, LC_ALL },
            ),
            fs.readFileSync(at('p.jsonl'), 'utf8')
        ),
    );
    is(said[0], said[1]);
});
world.stop();
