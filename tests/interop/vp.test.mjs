// SPDX-License-Identifier: Apache-2.0
// @openid4vc/openid4vp as a verifier of somebody else's that our wallet shows
// documents to; what it was shown is judged by @sd-jwt/sd-jwt-vc and @owf/mdoc,
// and whether that is what it asked for by dcql.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { at, refuses, test, write, yaopai } from './support.mjs';
import { Judges, MDOC, Party, SDJWT, text } from './vp.verifier.mjs';

const who = 'openid4vp: ';

// ---- an authority, a wallet, a registered party ----

function must(...words) {
    const run = yaopai(...words);
    if (run.code !== 0) throw new Error(`${words.join(' ')}: ${run.err}`);
}

write('passphrase', 'correct horse battery\n');
fs.chmodSync(at('passphrase'), 0o600);
const folder = at('a');
must('authority', 'init', '--demo', '-C', folder);
must('person', 'generate', '-C', folder, '--count', '1', '--seed', '7');
must('person', 'generate', '-C', folder, '--count', '1', '--seed', '7', '--out', at('p.jsonl'));
const { number } = JSON.parse(fs.readFileSync(at('p.jsonl'), 'utf8').split('\n')[0]);
must(
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
    at('inn'),
);
must('wallet', 'init', '-C', at('w'), '--registrar', `${folder}/certificates/reader-root.pem`);
must(
    'document',
    'issue',
    '-C',
    folder,
    '--wallet',
    at('w'),
    '--copies',
    '8',
    '--cards',
    '0',
    '--person',
    number,
);
must('statuslist', 'publish', '-C', folder, '--output', at('lists'));
must('trust', 'publish', '-C', folder, '--output', at('t'));
const root = fs.readFileSync(`${folder}/certificates/population-root.pem`, 'utf8');

const party = new Party(at('inn/reader.pem'), at('inn/reader-key.pem'));
const judges = new Judges(root, (uri) =>
    fs.readFileSync(at(`lists/${uri.split('/').pop()}.jwt`), 'utf8').trim(),
);

// ---- sessions ----

/** One session: asks for CREDENTIALS; gives what the wallet printed, and what
 *  the library read of the answer. */
async function session(credentials, { words = [], ...how } = {}) {
    const asked = await party.serve(credentials, how);
    const said = await present(asked.link, words);
    asked.close();
    return { ...asked, ...said, ...asked.seen };
}

const SHOP = 'https://shop.example';
/** The same by a page of SHOP and its browser, which is a file here. */
async function byPage(credentials, signed, enc, from = SHOP) {
    const asked = await party.forPage(credentials, SHOP, { signed, enc });
    const { protocol, data } = asked;
    const page = write('page.json', JSON.stringify({ requests: [{ protocol, data }] }));
    fs.rmSync(at('answer.json'), { force: true });
    const said = await present(undefined, [
        '--dc-api',
        page,
        '--origin',
        from,
        '--output',
        at('answer.json'),
    ]);
    const parsed = async () => {
        const { protocol: by, data: answer } = JSON.parse(
            fs.readFileSync(at('answer.json'), 'utf8'),
        );
        if (by !== protocol) throw new Error(by);
        return asked.parsed(answer);
    };
    return { ...asked, ...said, parsed };
}

/** Our wallet as a program beside this one. */
const present = (link, words) =>
    new Promise((ended) => {
        const child = spawn(
            process.env.YAOPAI,
            [
                'wallet',
                'present',
                '-C',
                at('w'),
                '--local',
                '--yes',
                '--json',
                '--trust',
                at('t/bundle.cose'),
                '--trust-anchor',
                at('t/trust-root.pem'),
                ...words,
                ...(link ? [link] : []),
            ],
            {
                stdio: ['ignore', 'pipe', 'pipe'],
                env: {
                    ...process.env,
                    LC_ALL: 'C.UTF-8',
                    YAOPAI_PASSPHRASE_FILE: at('passphrase'),
                },
            },
        );
        let out = '',
            err = '';
        child.stdout.on('data', (data) => (out += data));
        child.stderr.on('data', (data) => (err += data));
        child.on('close', (code) => ended({ code, out, err }));
    });

async function shown(credentials, how) {
    const got = await session(credentials, how);
    if (got.code !== 0 || got.posts !== 1) throw new Error(`${got.code} ${got.err}`);
    await judge(got, credentials);
    return got;
}
async function judge(got, credentials) {
    const { dcql } = await got.parsed();
    await judges.judge(got, credentials, dcql.presentations);
}

// ---- rows ----

for (const enc of ['A128GCM', 'A256GCM'])
    for (const [name, credentials] of [
        ['SD-JWT', [SDJWT]],
        ['mdoc', [MDOC]],
        ['both', [SDJWT, MDOC]],
    ])
        await test(`${who}it is shown ${name} under ${enc}`, () =>
            shown(credentials, { enc: [enc] }));
await test(`${who}it is shown both, with the wallet's nonce`, () =>
    shown([SDJWT, MDOC], { by: 'POST' }));
await test(`${who}it is shown both in clear, where the person says so`, () =>
    shown([SDJWT, MDOC], { mode: 'direct_post', words: ['--unencrypted'] }));

for (const enc of ['A128GCM', 'A256GCM'])
    for (const [name, credentials] of [
        ['SD-JWT', [SDJWT]],
        ['mdoc', [MDOC]],
        ['both', [SDJWT, MDOC]],
    ])
        await test(`${who}it is shown ${name} by a page under ${enc}`, async () => {
            const got = await byPage(credentials, true, enc);
            if (got.code !== 0) throw new Error(got.err);
            await judge(got, credentials);
        });
await test(`${who}it is shown nothing by another page than it named`, async () => {
    const got = await byPage([SDJWT], true, 'A256GCM', 'https://x.example');
    if (got.code === 0 || fs.existsSync(at('answer.json'))) throw new Error(got.out);
});
await test(`${who}it is shown nothing by a page for which nobody signed`, async () => {
    const got = await byPage([SDJWT], false, 'A256GCM');
    if (got.code === 0 || fs.existsSync(at('answer.json'))) throw new Error(got.out);
});

await test(`${who}it hears that the person agrees to a payment`, async () => {
    const transactionData = [
        text({
            type: 'urn:yaopai:payment:1',
            credential_ids: ['sd'],
            payee: 'SPECIMEN',
            amount: '12.00',
            currency: 'CNY',
        }),
    ];
    const got = await shown([SDJWT], { more: { transaction_data: transactionData } });
    const agreed = (data) =>
        got.verifier.verifyTransactionData({
            transactionData: data,
            credentials: { sd: [got.kb] },
        });
    if ((await agreed(transactionData)).length !== 1) throw new Error(JSON.stringify(got.kb));
    await refuses(
        agreed([
            text({
                type: 'urn:yaopai:payment:1',
                credential_ids: ['sd'],
                payee: 'SPECIMEN',
                amount: '99.00',
                currency: 'CNY',
            }),
        ]),
    );
});

async function nothing(credentials, how, posts = 0) {
    const got = await session(credentials, how);
    if (got.code === 0 || got.posts !== posts || got.body?.response || got.body?.vp_token)
        throw new Error(`${got.code} ${got.posts} ${got.err}`);
}
await test(`${who}it is shown nothing in clear unasked`, () =>
    nothing([SDJWT], { mode: 'direct_post' }));
await test(`${who}it is shown nothing that it did not register`, () =>
    nothing([{ ...SDJWT, claims: [{ path: ['ethnicity'] }] }]));
await test(`${who}it is shown nothing for another audience`, () =>
    nothing([SDJWT], { change: (payload) => ({ ...payload, aud: 'https://x.example' }) }));
await test(`${who}it hears a no and nothing else`, () =>
    nothing([{ ...SDJWT, claims: [{ path: ['name'], values: ['SPECIMEN nobody'] }] }], {}, 1));
