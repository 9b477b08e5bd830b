// SPDX-License-Identifier: Apache-2.0
//
// A verifier made of other people's libraries (tests/interop) asks the wallet's
// page on line, with a certificate of a registered party: what comes is opened
// and judged by those libraries. Who is not registered, or asks for more than
// was, gets nothing, and the page says why.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tap } from '../homes/tap.mjs';
import { Eyes, openBrowser } from './eyes.mjs';
import * as hands from './hands.mjs';
import { Town } from './town.mjs';

const INTEROP = join(import.meta.dirname, '../interop');
const { test, end, skipAll } = tap('foreign request');

if (spawnSync(join(INTEROP, 'install'), { timeout: 240000 }).status !== 0)
    skipAll('npm could not install the packages of tests/interop');
const { Judges, MDOC, Party, SDJWT } = await import('../interop/vp.verifier.mjs');

const town = await new Town().open();
const folder = (name, file) => town.at(name, file);
const hotel = new Party(folder('v/hotel', 'reader.pem'), folder('v/hotel', 'reader-key.pem'));
const stranger = registerElsewhere();
const root = readFileSync(town.at('v/authority/certificates/population-root.pem'), 'utf8');
const judges = new Judges(root, async (uri) =>
    String(await town.get('authority', new URL(uri).pathname)).trim(),
);

/* The same name and purpose, by a registrar whom this wallet does not know. */
function registerElsewhere() {
    town.run(['authority', 'init', '--demo', '-C', town.at('elsewhere')]);
    town.run([
        'party',
        'register',
        '-C',
        town.at('elsewhere'),
        '--code',
        '91330114MAC000017N',
        '--name',
        '示例酒店',
        '--profile',
        'hotel',
        '--out',
        town.at('inn'),
    ]);
    return new Party(folder('inn', 'reader.pem'), folder('inn', 'reader-key.pem'));
}

const browser = await openBrowser();

async function walk(looks) {
    const eyes = await Eyes.open(browser, { page: 'wallet', url: town.urls.wallet, ...looks });
    const say = (what) => `${looks.lang}: ${what}`;
    const ask = (party, credentials, how) =>
        party.serve(credentials, { host: 'asker.localhost', ...how });

    /* PARTY asks for CREDENTIALS, and what comes is judged by others. */
    async function shown(credentials, how) {
        const asked = await ask(hotel, credentials, how);
        await hands.bring(eyes, asked.link);
        const sheet = await hands.agree(eyes);
        assert.ok(sheet.includes('示例酒店'), sheet);
        await eyes.text('shown_title');
        asked.close();
        assert.equal(asked.seen.posts, 1);
        const { dcql } = await asked.parsed();
        return judges.judge(asked, credentials, dcql.presentations);
    }

    /* Nothing is told to PARTY, and the page says why by the words of KEY. */
    async function refused(party, credentials, key, how) {
        const asked = await ask(party, credentials, how);
        await hands.bring(eyes, asked.link);
        await eyes.text(key);
        assert.equal(
            await eyes.page.getByRole('button', { name: eyes.say('agree'), exact: true }).count(),
            0,
        );
        await eyes.screen(`foreign-${key}`);
        asked.close();
        assert.ok(!asked.seen.body?.response && !asked.seen.body?.vp_token);
    }

    await test(say('gets documents'), async () => {
        await hands.beginWallet(eyes);
        await hands.bring(
            eyes,
            town.offer(['resident_id_mdoc', 'resident_id_sdjwt'], { code: '' }),
        );
        await eyes.press('offer_take');
        await eyes.heading('kept_title');
    });
    for (const [name, credentials, how] of [
        ['an SD-JWT', [SDJWT]],
        ['an mdoc', [MDOC], { enc: ['A128GCM'] }],
        ['both, with a nonce of its own', [SDJWT, MDOC], { by: 'POST' }],
    ])
        await test(say(`shows a registered party ${name}`), async () => {
            const came = await shown(credentials, how);
            if (came.sd) assert.equal(came.sd[0].claims.name, town.people[0].name);
            if (came.mdoc)
                assert.equal(
                    came.mdoc[0].namespaces['org.yaopai.resident_id.1'].full_name,
                    town.people[0].name,
                );
        });
    await test(say('shows nothing to who is registered elsewhere, and says so'), () =>
        refused(stranger, [SDJWT], 'core_UNTRUSTED'),
    );
    await test(say('shows nothing that was not registered, and says so'), () =>
        refused(hotel, [{ ...SDJWT, claims: [{ path: ['ethnicity'] }] }], 'over_asking_next'),
    );
    await test(say('shows nothing to who signed for another audience'), () =>
        refused(hotel, [SDJWT], 'core_refused', {
            change: (payload) => ({ ...payload, aud: 'https://x.example' }),
        }),
    );
    await test(say('asked nobody but this machine'), () => eyes.wellBehaved());
    await eyes.close();
}

await walk({ lang: 'zh-CN' });
await walk({ lang: 'en', theme: 'dark', size: 'wide' });
end();
await browser.close();
town.end();
process.exit();
