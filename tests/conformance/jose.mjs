// SPDX-License-Identifier: Apache-2.0
// JOSE and CBOR by node's own cryptography: nothing of ours checks itself here.

import crypto from 'node:crypto';
import zlib from 'node:zlib';

export const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
export const un64 = (text) => Buffer.from(text, 'base64url');
const json = (value) => b64(JSON.stringify(value));
export const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();
let clock = (seconds) => seconds; // of a wallet in a test that sets it
export const setClock = (other) => {
    clock = other;
};
export const now = () => clock(Math.floor(Date.now() / 1000));
export const random = (len = 16) => b64(crypto.randomBytes(len));

// ---- keys ----

/** A key: {pub, priv} as JWK, and pem of the secret part. */
export function makeKey(curve = 'P-256') {
    const pair = crypto.generateKeyPairSync('ec', { namedCurve: curve });
    return {
        pub: pair.publicKey.export({ format: 'jwk' }),
        priv: pair.privateKey.export({ format: 'jwk' }),
        pem: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    };
}
export function makeRsa() {
    const pair = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    return {
        pub: pair.publicKey.export({ format: 'jwk' }),
        priv: pair.privateKey.export({ format: 'jwk' }),
    };
}
export const thumbprint = ({ crv, kty, x, y }) => b64(sha256(JSON.stringify({ crv, kty, x, y })));
const secret = (jwk) => crypto.createPrivateKey({ key: jwk, format: 'jwk' });
const open = (jwk) => crypto.createPublicKey({ key: jwk, format: 'jwk' });

// ---- JWS ----

const signers = {
    ES256: (input, key) =>
        crypto.sign('sha256', input, { key: secret(key.priv), dsaEncoding: 'ieee-p1363' }),
    RS256: (input, key) => crypto.sign('sha256', input, secret(key.priv)),
    PS256: (input, key) =>
        crypto.sign('sha256', input, {
            key: secret(key.priv),
            padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
            saltLength: 32,
        }),
    HS256: (input, key) =>
        crypto.createHmac('sha256', JSON.stringify(key.pub)).update(input).digest(),
    none: () => Buffer.alloc(0),
};

/** A compact JWS; header.alg says how (ES256 when it is not said). */
export function jws(header, payload, key) {
    const whole = { alg: 'ES256', ...header };
    const input = `${json(whole)}.${json(payload)}`;
    return `${input}.${b64(signers[whole.alg](Buffer.from(input), key))}`;
}
export function readJws(token) {
    const [header, payload, signature] = token.split('.');
    return {
        header: JSON.parse(un64(header)),
        payload: JSON.parse(un64(payload)),
        input: `${header}.${payload}`,
        signature,
    };
}
export function checkJws(token, publicKey) {
    const { header, input, signature } = readJws(token);
    return (
        header.alg === 'ES256' &&
        crypto.verify(
            'sha256',
            Buffer.from(input),
            { key: publicKey, dsaEncoding: 'ieee-p1363' },
            un64(signature),
        )
    );
}
/** The token with another signature. */
export function spoil(token) {
    const [header, payload, signature] = token.split('.');
    const bytes = un64(signature);
    bytes[7] ^= 1;
    return `${header}.${payload}.${b64(bytes)}`;
}

// ---- certificates ----

/** Does X5C lead to the root in PEM? The leaf is not self-signed, the root is
 *  not in it (HAIP 1.0, 6.1.1). Gives the leaf's key. */
export function checkChain(x5c, pem) {
    const root = new crypto.X509Certificate(pem);
    const chain = x5c.map((one) => new crypto.X509Certificate(Buffer.from(one, 'base64')));
    if (chain[0].checkIssued(chain[0])) throw new Error('the leaf is self-signed');
    if (chain.some((one) => one.fingerprint256 === root.fingerprint256))
        throw new Error('the root is in x5c');
    [...chain.slice(1), root].forEach((above, i) => {
        if (!chain[i].checkIssued(above) || !chain[i].verify(above.publicKey) || !above.ca)
            throw new Error(`certificate ${i} is not of the next`);
    });
    const today = new Date();
    if (chain.some((one) => new Date(one.validFrom) > today || new Date(one.validTo) < today))
        throw new Error('a certificate is not valid now');
    return chain[0].publicKey;
}

// ---- JWE: ECDH-ES and AES-GCM (RFC 7518 4.6) ----

const SIZE = { A128GCM: 16, A256GCM: 32, A192GCM: 24 };
const count = (n) => {
    const b = Buffer.alloc(4);
    b.writeUInt32BE(n);
    return b;
};

function derive(z, enc) {
    return sha256(
        Buffer.concat([
            count(1),
            z,
            count(enc.length),
            Buffer.from(enc),
            count(0),
            count(0),
            count(SIZE[enc] * 8),
        ]),
    ).subarray(0, SIZE[enc]);
}

export function encrypt(text, jwk, { enc = 'A256GCM', zip, ...more } = {}) {
    const once = makeKey();
    const header = json({
        alg: 'ECDH-ES',
        enc,
        kid: jwk.kid,
        epk: once.pub,
        ...(zip ? { zip } : {}),
        ...more,
    });
    const z = crypto.diffieHellman({ privateKey: secret(once.priv), publicKey: open(jwk) });
    const iv = crypto.randomBytes(12);
    const cipher = crypto.createCipheriv(`aes-${SIZE[enc] * 8}-gcm`, derive(z, enc), iv);
    cipher.setAAD(Buffer.from(header));
    const plain = zip ? zlib.deflateRawSync(Buffer.from(text)) : Buffer.from(text);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return `${header}..${b64(iv)}.${b64(sealed)}.${b64(cipher.getAuthTag())}`;
}

export function decrypt(token, key) {
    const [head, , iv, sealed, tag] = token.split('.');
    const header = JSON.parse(un64(head));
    const z = crypto.diffieHellman({ privateKey: secret(key.priv), publicKey: open(header.epk) });
    const cipher = crypto.createDecipheriv(
        `aes-${SIZE[header.enc] * 8}-gcm`,
        derive(z, header.enc),
        un64(iv),
    );
    cipher.setAAD(Buffer.from(head));
    cipher.setAuthTag(un64(tag));
    let plain = Buffer.concat([cipher.update(un64(sealed)), cipher.final()]);
    if (header.zip === 'DEF') plain = zlib.inflateRawSync(plain);
    return { header, text: plain.toString() };
}

// ---- CBOR, as much as an mdoc has ----

/** The first item of BYTES. Tag 24 gives {raw, item}, other tags {tag, value}. */
export function cbor(bytes) {
    const input = Buffer.from(bytes);
    let at = 0;
    const argument = (low) => {
        if (low < 24) return low;
        const len = 1 << (low - 24);
        at += len;
        return len === 8 ? Number(input.readBigUInt64BE(at - 8)) : input.readUIntBE(at - len, len);
    };
    const item = () => {
        const begin = at,
            head = input[at++],
            major = head >> 5,
            low = head & 31;
        if (major === 7) return simple(low);
        const n = argument(low);
        switch (major) {
            case 0:
                return n;
            case 1:
                return -1 - n;
            case 2:
                return input.subarray(at, (at += n));
            case 3:
                return input.subarray(at, (at += n)).toString();
            case 4:
                return Array.from({ length: n }, item);
            case 5:
                return new Map(Array.from({ length: n }, () => [item(), item()]));
            default: {
                const value = item();
                return n === 24
                    ? { raw: input.subarray(begin, at), item: cbor(value) }
                    : { tag: n, value };
            }
        }
    };
    const simple = (low) => {
        if (low < 24) return { 20: false, 21: true, 22: null, 23: undefined }[low];
        const len = 1 << (low - 24);
        at += len;
        return len === 8
            ? input.readDoubleBE(at - 8)
            : len === 4
              ? input.readFloatBE(at - 4)
              : undefined;
    };
    const value = item();
    if (at !== input.length) throw new Error('bytes after the item');
    return value;
}

const head = (major, len) =>
    len < 24
        ? Buffer.from([(major << 5) | len])
        : len < 256
          ? Buffer.from([(major << 5) | 24, len])
          : Buffer.from([(major << 5) | 25, len >> 8, len & 255]);
const bstr = (bytes) => Buffer.concat([head(2, bytes.length), bytes]);

/** Is COSE_Sign1 what KEY signed (RFC 9052 4.4)? */
export function checkSign1([protectedHeader, , payload, signature], key) {
    const text = Buffer.from('Signature1');
    const input = Buffer.concat([
        Buffer.from([0x84]),
        head(3, text.length),
        text,
        bstr(protectedHeader),
        bstr(Buffer.alloc(0)),
        bstr(payload),
    ]);
    return crypto.verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
