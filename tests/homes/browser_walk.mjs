// SPDX-License-Identifier: Apache-2.0
// What browser.mjs runs in a browser: a wallet before servers of another origin.

import { Mailboxes, hold } from '/wasm/counter.mjs';
import { present } from '/wasm/present.mjs';
import { Provider } from '/wasm/provider.mjs';
import { receive } from '/wasm/receive.mjs';
import { Yaopai } from '/wasm/yaopai.mjs';

const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const ask = async (url, body) => (await fetch(url, { method: 'POST', body })).json();

async function run() {
    const said = {};
    const yaopai = await Yaopai.load(await bytes('/yaopai-wallet.wasm'));
    const { urls, code } = await (await fetch('/world')).json();
    const files = await Promise.all(
        (await (await fetch('/catalogue')).json()).map(async (path) => [
            path,
            await bytes(`/${path}`),
        ]),
    );
    const issuers = { files, anchors: [{ certificate: await bytes('/population-root') }] };
    const held = [];

    const provider = await Provider.join(yaopai, urls.provider);
    const offer = await (await fetch('/offer')).text();
    const got = await receive(
        yaopai,
        issuers,
        { offer, loopback: true, copies: 2 },
        {
            provider,
            askCode: async () => code,
            confirm: async () => true,
            store: async (items) =>
                items.forEach(({ format, copies }) =>
                    copies.forEach((copy) => held.push({ format, ...copy })),
                ),
        },
    );
    said.kept = got.items.map(({ format, state }) => `${format} ${state}`);

    // what was published since
    const readers = {
        files,
        bundle: await bytes('/bundle'),
        anchors: [{ certificate: await bytes('/trust-root'), role: 'trust' }],
    };
    const session = await ask('/session', JSON.stringify({ profile: 'hotel' }));
    await present(
        yaopai,
        readers,
        { link: session.qr, held, loopback: true },
        { choose: async (asked) => asked.answer },
    );
    said.online = (await ask('/result', session.id)).result.verdict;

    const boxes = await Mailboxes.open(yaopai, `${urls.desk}/mailboxes`);
    const copy = held.find(({ format }) => format === 'mso_mdoc');
    let begun;
    await hold(yaopai, readers, boxes.told, {
        way: boxes,
        show: async (engagement) =>
            (begun = await ask('/counter', JSON.stringify({ profile: 'hotel', engagement }))),
        choose: async (asked) =>
            asked.map((_, request) => ({ request, issued: copy.bytes, key: copy.key })),
    });
    said.counter = (await ask('/result', begun.id)).result?.verdict;

    await provider.leave();
    said.left = await provider.attest(held[0].key).then(
        () => false,
        (error) => error.code === 'REFUSED',
    );
    return said;
}

run()
    .catch((error) => ({ error: String(error.stack ?? error) + String(error.cause?.stack ?? '') }))
    .then((said) => fetch('/done', { method: 'POST', body: JSON.stringify(said) }));
