// SPDX-License-Identifier: Apache-2.0
// What browser.mjs runs in a browser: the same files that a page of ours takes.

import { showCard, checkCard } from '/wasm/cards.mjs';
import { hold, read } from '/wasm/counter.mjs';
import { Yaopai, inflate, makeKey, signer } from '/wasm/yaopai.mjs';

const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer());
const NOW = 1795305610; // of the documents
const clock = () => NOW;

/** A way between two of this page. */
function pipe() {
    const queues = [[], []],
        waiting = [null, null];
    return [0, 1].map((mine) => ({
        send: async (message) => {
            queues[1 - mine].push(message);
            waiting[1 - mine]?.();
        },
        receive: async () => {
            while (queues[mine].length === 0) await new Promise((come) => (waiting[mine] = come));
            return queues[mine].shift();
        },
    }));
}

async function run() {
    const said = {};
    const yaopai = await Yaopai.load(await bytes('/yaopai-wallet.wasm'));
    const [key, gate] = [await makeKey(), await makeKey('ECDH')];
    await fetch('/keys', { method: 'POST', body: new Uint8Array([...key.point, ...gate.point]) });
    const [issued, card, session, root, signing] = await Promise.all(
        ['issued.cbor', 'card', 'session.cbor', 'root.der', 'signer.der'].map((name) =>
            bytes(`/made/${name}`),
        ),
    );
    const files = await Promise.all(
        (await (await fetch('/catalogue')).json()).map(async (path) => [
            path,
            await bytes(`/${path}`),
        ]),
    );
    const trust = { clock, files, anchors: [{ certificate: root }], signers: [signing] };

    const shown = await yaopai.showMdoc(issued, {
        session,
        elements: [['org.iso.18013.5.1', 'family_name']],
        sign: signer(key.private),
        now: NOW,
    });
    said.mdoc = (await yaopai.verify(shown, { ...trust, session, now: NOW })).verdict;

    const ways = pipe();
    let letters;
    const engaged = new Promise((come) => (letters = come));
    const holding = hold(
        yaopai,
        trust,
        {},
        {
            way: ways[0],
            show: async (text) => letters(text),
            choose: async (asked) =>
                asked.map((_, request) => ({ request, issued, key, despite: true })),
        },
    );
    const asks = [{ profile: 'road_check' }];
    await read(
        yaopai,
        trust,
        { letters: await engaged },
        {
            way: ways[1],
            next: async (answer) => {
                if (answer)
                    said.counter = answer.result.documents.map(({ authentic, bound }) => [
                        authentic,
                        bound,
                    ]);
                return asks.shift() ?? null;
            },
        },
    );
    said.holder = (await holding).answered;

    let texts;
    await showCard(
        yaopai,
        trust,
        { issued: card, key },
        { agree: async () => true, show: async (all) => (texts = all) },
    );
    const verdict = await checkCard(
        yaopai,
        trust,
        { profile: 'age', choice: 'age_over_18' },
        { scan: async () => texts[0] },
    );
    said.card = [verdict.authentic, verdict.documents[0].bound];
    const packed = new Response(
        new Blob([issued]).stream().pipeThrough(new CompressionStream('deflate')),
    );
    const unpacked = await inflate(new Uint8Array(await packed.arrayBuffer()), issued.length);
    said.inflated =
        unpacked.length === issued.length && unpacked.every((byte, i) => byte === issued[i]);
    said.kept = await crypto.subtle.exportKey('jwk', key.private).then(
        () => 'taken',
        () => 'kept',
    );
    return said;
}

run()
    .catch((error) => ({ error: String(error.stack ?? error) }))
    .then((said) => fetch('/done', { method: 'POST', body: JSON.stringify(said) }));
