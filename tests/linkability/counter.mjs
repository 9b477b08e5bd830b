// SPDX-License-Identifier: Apache-2.0
// A party's reader across the counter, by node's own cryptography: it scans the
// code of a real wallet and talks with it by the mailboxes of a real provider
// (docs/formats/proximity.md sections 1 to 3, 5).

import crypto from 'node:crypto';
import fs from 'node:fs';
import { b64, cbor, makeKey, sha256, un64 } from '../conformance/jose.mjs';
import { encode, sign1, wrapped } from '../conformance/shown.mjs';
import { send } from '../conformance/desk.mjs';
import { at } from '../conformance/world.mjs';

const HOTEL = {
    'org.yaopai.resident_id.1': ['full_name'],
    'org.iso.23220.1': [
        'sex',
        'birth_date',
        'resident_address',
        'portrait',
        'issue_date',
        'expiry_date',
    ],
    'org.iso.23220.photoid.1': ['person_id'],
};
const DOCTYPE = 'org.iso.23220.photoid.1';

const point = (jwk) =>
    new Map([
        [1, 2],
        [-1, 1],
        [-2, un64(jwk.x)],
        [-3, un64(jwk.y)],
    ]);
const publicKey = (cose) =>
    crypto.createPublicKey({
        format: 'jwk',
        key: { kty: 'EC', crv: 'P-256', x: b64(cose.get(-2)), y: b64(cose.get(-3)) },
    });

/** What seals in one direction: {seal(text), open(octets)}. */
function channel(key, who) {
    let count = 0;
    const nonce = () => {
        const octets = Buffer.alloc(12);
        octets[7] = who;
        octets.writeUInt32BE(++count, 8);
        return octets;
    };
    return {
        seal(octets) {
            const cipher = crypto.createCipheriv('aes-256-gcm', key, nonce());
            return Buffer.concat([cipher.update(octets), cipher.final(), cipher.getAuthTag()]);
        },
        open(octets) {
            const cipher = crypto.createDecipheriv('aes-256-gcm', key, nonce());
            cipher.setAuthTag(octets.subarray(-16));
            return Buffer.concat([cipher.update(octets.subarray(0, -16)), cipher.final()]);
        },
    };
}

/** The request of PARTY's certificate and key, over TRANSCRIPT. */
function request(party, transcript) {
    const key = crypto.createPrivateKey(fs.readFileSync(at(`${party}-party/reader-key.pem`)));
    const { raw } = new crypto.X509Certificate(fs.readFileSync(at(`${party}-party/reader.pem`)));
    const items = wrapped({
        docType: DOCTYPE,
        nameSpaces: Object.fromEntries(
            Object.entries(HOTEL).map(([space, names]) => [
                space,
                Object.fromEntries(names.map((name) => [name, true])),
            ]),
        ),
    });
    const readerAuth = sign1(
        encode(wrapped(['ReaderAuthentication', transcript, items])),
        { priv: key.export({ format: 'jwk' }) },
        raw,
    );
    return encode({ version: '1.0', docRequests: [{ itemsRequest: items, readerAuth }] });
}

// ---- the mailbox ----

async function put(address, id, message) {
    const most = 65535;
    for (let from = 0; from < message.length; from += most) {
        const piece = message.subarray(from, from + most);
        const more = from + most < message.length ? 1 : 0;
        const said = await send('POST', `${address}/${b64(id)}`, {
            octets: Buffer.concat([Buffer.from([more]), piece]),
        });
        if (said.status !== 204) throw new Error(`mailbox: ${said.status} ${said.text}`);
    }
}
async function get(address, id) {
    const parts = [];
    for (let after = 0; ; after++) {
        const said = await send('GET', `${address}/${b64(id)}?after=${after}&wait=25`);
        if (said.status !== 200) throw new Error(`mailbox: ${said.status} ${said.text}`);
        parts.push(said.octets.subarray(1));
        if (said.octets[0] === 0) return Buffer.concat(parts);
    }
}

/** PARTY's reader with the letters of a code: {engagement, response}. */
export async function readCounter(party, letters) {
    const engagement = un64(letters.trim().replace(/^mdoc:/, ''));
    const said = cbor(engagement),
        own = makeKey();
    const way = said.get(2).find(([type]) => type === -70001)[2];
    const ours = wrapped(point(own.pub));
    const transcript = [{ raw: encode({ tag: 24, value: engagement }) }, ours, null];
    const salt = sha256(encode(wrapped(transcript)));
    const shared = crypto.diffieHellman({
        publicKey: publicKey(said.get(1)[1].item),
        privateKey: crypto.createPrivateKey({ key: own.priv, format: 'jwk' }),
    });
    const derive = (info) => Buffer.from(crypto.hkdfSync('sha256', shared, salt, info, 32));
    const reader = channel(derive('SKReader'), 0),
        holder = channel(derive('SKDevice'), 1);

    await put(
        way.get(0),
        way.get(1),
        encode({ eReaderKey: ours, data: reader.seal(request(party, transcript)) }),
    );
    const answer = cbor(await get(way.get(0), way.get(2)));
    if (!answer.get('data')) throw new Error(`no data: ${answer.get('status')}`);
    const response = holder.open(answer.get('data'));
    await put(way.get(0), way.get(1), encode({ status: 20 }));
    return { engagement, response };
}
