// SPDX-License-Identifier: Apache-2.0
// What ends after minutes and days, with the lifetimes that are usual: the clock
// of a server with hooks is set (tests/hooks), and the wallet's with it.

import fs from 'node:fs';
import zlib from 'node:zlib';
import { makeKey, now, readJws, setClock, un64 } from './jose.mjs';
import { errs, gives, has, is, row } from './tell.mjs';
import { SDJWT, Wallet, ask, element, look } from './wallet.mjs';
import { at, makeWorld } from './world.mjs';

const MINUTE = 60,
    DAY = 86400;
const world = await makeWorld({}, { env: { YAOPAI_TEST_CLOCK: at('clock') } });

/** The clock of the server and of wallets: SECONDS ahead, or (still) at a second. */
function set(seconds, { still = false } = {}) {
    fs.writeFileSync(at('clock.new'), `${still ? '=' : ''}${seconds}\n`);
    fs.renameSync(at('clock.new'), at('clock'));
    setClock((real) => (still ? seconds : real + seconds));
}
/** Let SECONDS pass. */
const pass = (seconds) => set(now() - Math.floor(Date.now() / 1000) + seconds);

/** A row in which no time passes but what it lets pass: it is seconds before or
 *  after an end, and a machine may stand still as long. */
const still = (id, name, run) =>
    row(id, name, async () => {
        set(now(), { still: true });
        try {
            await run((seconds) => set(now() + seconds, { still: true }));
        } finally {
            pass(0); // and it goes on from there
        }
    });
const wallet = () => new Wallet(world);

for (const [seconds, good] of [
    [85, true],
    [95, false],
])
    await still(
        'A10',
        good ? 'accepts a request_uri after 85 s' : 'refuses a request_uri after 95 s',
        async (pass) => {
            const w = wallet(),
                pushed = await w.par();
            is(pushed.json.expires_in, 90);
            pass(seconds);
            const page = await look(world, w.page(pushed.json.request_uri));
            is(page.status, good ? 200 : 400);
            is(!element(page, 'yp-error'), good);
        },
    );
for (const [seconds, good] of [
    [55, true],
    [65, false],
])
    await still(
        'A10',
        good ? 'accepts a code after 55 s' : 'refuses a code after 65 s',
        async (pass) => {
            const w = wallet(),
                { code } = await w.authorise();
            pass(seconds);
            const answer = await w.redeem(code);
            good ? gives(answer, 200) : errs(answer, 'invalid_grant');
        },
    );
for (const [seconds, good] of [
    [115, true],
    [125, false],
])
    await still(
        'A5',
        good ? 'accepts an offer after 115 s' : 'refuses an offer after 125 s',
        async (pass) => {
            const { offer } = await world.offer({ configurations: [SDJWT] });
            pass(seconds);
            const answer = await wallet().offerToken(offer);
            good ? gives(answer, 200) : errs(answer, 'invalid_grant');
        },
    );
for (const [seconds, good] of [
    [590, true],
    [610, false],
])
    await still(
        'B7',
        good ? 'accepts an access token after 590 s' : 'refuses an access token after 610 s',
        async (pass) => {
            const w = wallet(),
                token = await w.login();
            is(token.expires_in, 600);
            pass(seconds);
            const { answer } = await w.fetch(token);
            is(answer.status, good ? 200 : 401);
            has(good || /error="invalid_token"/.test(answer.headers['www-authenticate']));
        },
    );
await row('B10', 'refuses a nonce that is old as invalid_nonce', async () => {
    const w = wallet(),
        nonce = await w.nonce();
    pass(20 * MINUTE);
    const token = await w.login();
    errs(
        await w.send(token.access_token, {
            credential_configuration_id: SDJWT,
            proofs: { jwt: [w.proof(nonce, makeKey())] },
        }),
        'invalid_nonce',
    );
});
await row('B14', 'gives a list that is signed anew before it is over', async () => {
    const w = wallet(),
        { answer } = await w.fetch(await w.login());
    const { status } = readJws(
        gives(answer, 200).json.credentials[0].credential.split('~')[0],
    ).payload;
    const get = () =>
        ask(world, 'GET', status.status_list.uri, {
            headers: { Accept: 'application/statuslist+jwt' },
        });
    const fresh = async () => {
        for (let tries = 0; tries < 600; tries++) {
            const list = await get();
            if (list.status === 200 && readJws(list.text).payload.exp > now() + DAY)
                return list.text;
            await new Promise((later) => setTimeout(later, 100));
        }
        throw new Error('no fresh list');
    };
    const before = readJws(await fresh()).payload;
    pass(6 * DAY + 23 * 3600);
    const after = readJws(await fresh()).payload;
    has(after.exp > before.exp);
    const bytes = zlib.inflateSync(un64(after.status_list.lst));
    is(bytes[(status.status_list.idx * after.status_list.bits) >> 3], 0);
});
for (const [days, good] of [
    [85, true],
    [95, false],
])
    await row(
        'B7',
        `${good ? 'accepts' : 'refuses'} a refresh token after ${days} days`,
        async () => {
            const w = wallet(),
                token = await w.login();
            pass(days * DAY);
            const answer = await w.token({
                grant_type: 'refresh_token',
                refresh_token: token.refresh_token,
            });
            good ? gives(answer, 200) : errs(answer, 'invalid_grant');
        },
    );
world.stop();
