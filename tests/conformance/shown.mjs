// SPDX-License-Identifier: Apache-2.0
// Documents as the suite's mock wallet has them, what such a wallet shows of
// them, and how what a wallet shows is judged: SD-JWT VC with key binding, mdoc
// with OpenID4VP's session transcript. All of it by node's own cryptography.

import crypto from 'node:crypto';
import {
    b64,
    cbor,
    checkJws,
    jws,
    makeKey,
    now,
    random,
    readJws,
    sha256,
    thumbprint,
    un64,
} from './jose.mjs';

// ---- CBOR, written ----

const head = (major, n) =>
    n < 24
        ? Buffer.from([(major << 5) | n])
        : n < 256
          ? Buffer.from([(major << 5) | 24, n])
          : n < 65536
            ? Buffer.from([(major << 5) | 25, n >> 8, n & 255])
            : Buffer.from([(major << 5) | 26, n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255]);
/** CBOR of VALUE; Raw(bytes) stands as it is, Tag(n, value) tagged. */
export function encode(value) {
    if (value === null || value === undefined) return Buffer.from([value === null ? 0xf6 : 0xf7]);
    if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
    if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
    if (typeof value === 'string')
        return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
    if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
    if (value.raw) return value.raw;
    if (value.tag !== undefined) return Buffer.concat([head(6, value.tag), encode(value.value)]);
    if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encode)]);
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return Buffer.concat([head(5, entries.length), ...entries.flat().map(encode)]);
}
export const wrapped = (value) => ({ tag: 24, value: encode(value) });

const PROTECTED = Buffer.from('a10126', 'hex');
const toSign = (payload) => encode(['Signature1', PROTECTED, Buffer.alloc(0), payload]);
const sign = (payload, key) =>
    crypto.sign('sha256', toSign(payload), {
        key: crypto.createPrivateKey({ key: key.priv, format: 'jwk' }),
        dsaEncoding: 'ieee-p1363',
    });

/** COSE_Sign1 of PAYLOAD, which is not in it, with CERTIFICATE beside it. */
export const sign1 = (payload, key, certificate) => [
    PROTECTED,
    new Map([[33, certificate]]),
    null,
    sign(payload, key),
];

// ---- issued ----

/** An SD-JWT VC with CLAIMS for KEY, by SIGNER {priv, x5c}: {token, key}. */
export function issueSdjwt(signer, claims, { key = makeKey(), cnf = key.pub, payload = {} } = {}) {
    const disclosures = Object.entries(claims).map(([name, value]) =>
        b64(JSON.stringify([random(), name, value])),
    );
    const token = jws(
        { typ: 'dc+sd-jwt', x5c: signer.x5c },
        {
            iss: 'https://issuer.example',
            vct: 'urn:eudi:pid:1',
            iat: now() - 60,
            exp: now() + 86400,
            cnf: { jwk: cnf },
            _sd_alg: 'sha-256',
            _sd: disclosures.map((d) => b64(sha256(d))),
            ...payload,
        },
        signer,
    );
    return { format: 'dc+sd-jwt', token: `${token}~${disclosures.join('~')}~`, key };
}

const date = (seconds) => ({
    tag: 0,
    value: new Date(seconds * 1000).toISOString().replace(/\.\d+/, ''),
});
export const MDL = 'org.iso.18013.5.1.mDL',
    SPACE = 'org.iso.18013.5.1';

/** An mdoc of DOCTYPE with ELEMENTS of SPACE for a fresh key. */
export function issueMdoc(signer, elements, { docType = MDL, space = SPACE } = {}) {
    const key = makeKey(),
        digests = new Map();
    const items = Object.entries(elements).map(([name, value], i) => {
        const item = encode(
            wrapped({
                digestID: i,
                random: crypto.randomBytes(16),
                elementIdentifier: name,
                elementValue: value,
            }),
        );
        digests.set(i, sha256(item));
        return { raw: item };
    });
    const deviceKey = new Map([
        [1, 2],
        [-1, 1],
        [-2, un64(key.pub.x)],
        [-3, un64(key.pub.y)],
    ]);
    const mso = encode(
        wrapped({
            version: '1.0',
            digestAlgorithm: 'SHA-256',
            valueDigests: { [space]: digests },
            deviceKeyInfo: { deviceKey },
            docType,
            validityInfo: {
                signed: date(now()),
                validFrom: date(now()),
                validUntil: date(now() + 86400),
            },
        }),
    );
    const certificate = new Map([[33, Buffer.from(signer.x5c[0], 'base64')]]);
    const issued = encode({
        nameSpaces: { [space]: items },
        issuerAuth: [PROTECTED, certificate, mso, sign(mso, signer)],
    });
    return { format: 'mso_mdoc', token: b64(issued), key };
}

// ---- shown ----

/** OpenID4VP 1.0 B.2.6.1; by a page of ORIGIN B.2.6.2. */
function transcript({ clientId, nonce, uri, jwk, origin }) {
    const print = jwk ? un64(thumbprint(jwk)) : null;
    return [
        null,
        null,
        origin
            ? ['OpenID4VPDCAPIHandover', sha256(encode([origin, nonce, print]))]
            : ['OpenID4VPHandover', sha256(encode([clientId, nonce, print, uri]))],
    ];
}
const authentication = (to, docType) =>
    encode(wrapped(['DeviceAuthentication', transcript(to), docType, wrapped({})]));

/** bend: {key, clientId, nonce, uri, iat, later, sdHash, issuer: true}: what is wrong;
 *  later: seconds from when it is shown. */
function showSdjwt(copy, names, to, bend) {
    const [token, ...disclosures] = copy.token.split('~').slice(0, -1);
    const chosen = disclosures.filter((d) => names.includes(JSON.parse(un64(d))[1]));
    const start = bend.issuer ? spoilSignature(token) : token;
    const shown = `${[start, ...chosen].join('~')}~`;
    return (
        shown +
        jws(
            { typ: 'kb+jwt' },
            {
                iat: bend.iat ?? now() + (bend.later ?? 0),
                aud: bend.clientId ?? to.clientId,
                nonce: bend.nonce ?? to.nonce,
                sd_hash: bend.sdHash ?? b64(sha256(shown)),
            },
            bend.key ?? copy.key,
        )
    );
}
function spoilSignature(token) {
    const [header, payload, signature] = token.split('.'),
        octets = un64(signature);
    octets[9] ^= 1;
    return `${header}.${payload}.${b64(octets)}`;
}

function showMdoc(copy, names, to, bend) {
    const issued = cbor(un64(copy.token)),
        spaces = new Map();
    for (const [space, items] of issued.get('nameSpaces'))
        spaces.set(
            space,
            items.filter(({ item }) => names.includes(item.get('elementIdentifier'))),
        );
    for (const [space, items] of [...spaces]) if (!items.length) spaces.delete(space);
    const auth = issued.get('issuerAuth');
    const docType = cbor(auth[2]).item.get('docType');
    const device = authentication({ ...to, ...bend }, docType);
    const signed = [...auth.slice(0, 2), auth[2], Buffer.from(auth[3])];
    if (bend.issuer) signed[3][9] ^= 1;
    return b64(
        encode({
            version: '1.0',
            documents: [
                {
                    docType,
                    issuerSigned: { nameSpaces: spaces, issuerAuth: signed },
                    deviceSigned: {
                        nameSpaces: wrapped({}),
                        deviceAuth: {
                            deviceSignature: [
                                PROTECTED,
                                new Map(),
                                null,
                                sign(device, bend.key ?? copy.key),
                            ],
                        },
                    },
                },
            ],
            status: 0,
        }),
    );
}

/** A presentation of COPY with the claims NAMES to {clientId, nonce, uri, jwk}. */
export const show = (copy, names, to, bend = {}) =>
    (copy.format === 'mso_mdoc' ? showMdoc : showSdjwt)(copy, names, to, bend);

// ---- judged ----

const certificateKey = (octets) => new crypto.X509Certificate(octets).publicKey;

/** {vct, names, header, payload, kb} of what was shown to TO, or an exception. */
export function judgeSdjwt(shown, to) {
    const parts = shown.split('~'),
        kb = readJws(parts.at(-1));
    const issued = readJws(parts[0]);
    if (!checkJws(parts[0], certificateKey(Buffer.from(issued.header.x5c[0], 'base64'))))
        throw new Error('the issuer did not sign it');
    const holder = crypto.createPublicKey({ key: issued.payload.cnf.jwk, format: 'jwk' });
    if (!checkJws(parts.at(-1), holder)) throw new Error('the holder did not sign it');
    if (kb.payload.sd_hash !== b64(sha256(`${parts.slice(0, -1).join('~')}~`)))
        throw new Error('the holder signed something else');
    if (kb.payload.aud !== to.clientId || kb.payload.nonce !== to.nonce)
        throw new Error(`for ${kb.payload.aud} ${kb.payload.nonce}`);
    const names = parts.slice(1, -1).map((part) => JSON.parse(un64(part)).at(-2));
    return { ...issued, vct: issued.payload.vct, names, kb };
}

/** {docType, names, deviceItems} of what was shown to TO, or an exception. */
export function judgeMdoc(shown, to) {
    const [document] = cbor(un64(shown)).get('documents'),
        names = [];
    const signed = document.get('issuerSigned');
    const [, headers, mso, signature] = signed.get('issuerAuth');
    const said = cbor(mso).item,
        docType = document.get('docType');
    const certificate = headers.get(33);
    if (
        !crypto.verify(
            'sha256',
            toSign(mso),
            {
                dsaEncoding: 'ieee-p1363',
                key: certificateKey(Array.isArray(certificate) ? certificate[0] : certificate),
            },
            signature,
        )
    )
        throw new Error('the issuer did not sign it');
    for (const [space, items] of signed.get('nameSpaces'))
        for (const { raw, item } of items) {
            if (!said.get('valueDigests').get(space).get(item.get('digestID')).equals(sha256(raw)))
                throw new Error('another digest');
            names.push(item.get('elementIdentifier'));
        }
    const point = said.get('deviceKeyInfo').get('deviceKey');
    const key = crypto.createPublicKey({
        format: 'jwk',
        key: { kty: 'EC', crv: 'P-256', x: b64(point.get(-2)), y: b64(point.get(-3)) },
    });
    const device = document.get('deviceSigned');
    if (
        !crypto.verify(
            'sha256',
            toSign(authentication(to, docType)),
            { key, dsaEncoding: 'ieee-p1363' },
            device.get('deviceAuth').get('deviceSignature')[3],
        )
    )
        throw new Error('the device did not sign this session');
    return { docType, names, deviceItems: device.get('nameSpaces').item };
}
