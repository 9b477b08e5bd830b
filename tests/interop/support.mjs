// SPDX-License-Identifier: Apache-2.0
// What the tests share: TAP lines, a scratch folder, certificates made by the
// openssl command line, the program, and node's own cryptography in the form
// that the mdoc libraries want.

import { execFileSync, spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'yaopai-interop-'));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

export const at = (name) => path.join(scratch, name);
export const write = (name, bytes) => (fs.writeFileSync(at(name), bytes), at(name));

let count = 0;
export async function test(name, run) {
    count += 1;
    try {
        const skipped = await run();
        console.log(
            `ok ${count} - ${name}${typeof skipped === 'string' ? ` # SKIP ${skipped}` : ''}`,
        );
    } catch (error) {
        console.log(`not ok ${count} - ${name}`);
        console.log(String(error.stack ?? error).replace(/^/gm, '# '));
        process.exitCode = 1;
    }
}

/** Run yaopai; gives {code, out, err}. */
export function yaopai(...words) {
    const run = spawnSync(process.env.YAOPAI, words, {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8', YAOPAI_PASSPHRASE_FILE: at('passphrase') },
    });
    return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Judge FILE; gives the verdict's JSON with its exit code. */
export function verify(file, ...words) {
    const run = yaopai('verify', '--json', ...words, file);
    if (!run.out) throw new Error(`verify said nothing: ${run.err}`);
    return { code: run.code, ...JSON.parse(run.out) };
}

export function expect(verdict, wanted) {
    if (verdict.verdict !== wanted)
        throw new Error(
            `${verdict.verdict}, not ${wanted}: ` +
                JSON.stringify(verdict.checks.filter((c) => c.outcome !== 'pass')),
        );
}

export function expectCheck(verdict, check, outcome) {
    const row = verdict.checks.find((c) => c.check === check);
    if (row?.outcome !== outcome) throw new Error(`${check} is ${row?.outcome}, not ${outcome}`);
}

export async function refuses(promise) {
    try {
        await promise;
    } catch {
        return;
    }
    throw new Error('was accepted');
}

const openssl = (...words) =>
    execFileSync('openssl', words, { cwd: scratch, stdio: ['ignore', 'pipe', 'ignore'] });

const CONFIG = `
[req]
distinguished_name=dn
x509_extensions=root
prompt=no
[dn]
C=UT
CN=Utopia root
[root]
basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
issuerAltName=URI:https://root.example
crlDistributionPoints=URI:https://root.example/crl
[signer]
keyUsage=critical,digitalSignature
extendedKeyUsage=critical,1.0.18013.5.1.2
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
issuerAltName=URI:https://root.example
subjectAltName=URI:https://issuer.example
crlDistributionPoints=URI:https://root.example/crl
`;

/** A root and a document signer, as another authority would have them. */
export function makeIssuer(name) {
    write('openssl.cnf', CONFIG);
    for (const who of ['root', 'signer'])
        openssl(
            'genpkey',
            '-algorithm',
            'EC',
            '-pkeyopt',
            'ec_paramgen_curve:P-256',
            '-out',
            `${name}-${who}-key.pem`,
        );
    openssl(
        'req',
        '-x509',
        '-new',
        '-key',
        `${name}-root-key.pem`,
        '-days',
        '3000',
        '-config',
        'openssl.cnf',
        '-sha256',
        '-out',
        `${name}-root.pem`,
    );
    openssl(
        'req',
        '-new',
        '-key',
        `${name}-signer-key.pem`,
        '-subj',
        '/C=UT/CN=Utopia signer',
        '-config',
        'openssl.cnf',
        '-out',
        `${name}.csr`,
    );
    openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        `${name}-root.pem`,
        '-CAkey',
        `${name}-root-key.pem`,
        '-CAcreateserial',
        '-days',
        '400',
        '-sha256',
        '-extfile',
        'openssl.cnf',
        '-extensions',
        'signer',
        '-out',
        `${name}.pem`,
    );
    const pem = fs.readFileSync(at(`${name}.pem`), 'utf8');
    return {
        root: at(`${name}-root.pem`),
        rootDer: der(fs.readFileSync(at(`${name}-root.pem`), 'utf8')),
        pem,
        certificate: der(pem),
        jwk: crypto
            .createPrivateKey(fs.readFileSync(at(`${name}-signer-key.pem`)))
            .export({ format: 'jwk' }),
    };
}

export const der = (pem) => new Uint8Array(new crypto.X509Certificate(pem).raw);

/** A fresh key: {publicJwk, privateJwk, pem}. */
export function makeKey() {
    const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return {
        publicJwk: pair.publicKey.export({ format: 'jwk' }),
        privateJwk: pair.privateKey.export({ format: 'jwk' }),
        pem: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    };
}

const b64 = (text) => Buffer.from(text, 'base64url');

/** COSE_Key of a public JWK, as CBOR. */
export const coseKey = (jwk) =>
    Buffer.concat([
        Buffer.from('a4010220012158' + '20', 'hex'),
        b64(jwk.x),
        Buffer.from('225820', 'hex'),
        b64(jwk.y),
    ]);

/** The same with its secret part. */
export const secretCoseKey = (jwk) =>
    Buffer.concat([
        Buffer.from('a5', 'hex'),
        coseKey(jwk).subarray(1),
        Buffer.from('235820', 'hex'),
        b64(jwk.d),
    ]);

const head = (major, len) =>
    len < 24
        ? Buffer.from([(major << 5) | len])
        : len < 256
          ? Buffer.from([(major << 5) | 24, len])
          : Buffer.from([(major << 5) | 25, len >> 8, len & 255]);
export const wrapped = (item) =>
    Buffer.concat([Buffer.from([0xd8, 24]), head(2, item.length), item]);

/** The SessionTranscript of a QR engagement: {bytes, wrapped, file, reader}. */
export function makeSession(name) {
    const reader = makeKey(),
        device = makeKey();
    const engagement = Buffer.concat([
        Buffer.from('a20063312e30018201', 'hex'),
        wrapped(coseKey(device.publicJwk)),
    ]);
    const bytes = Buffer.concat([
        Buffer.from([0x83]),
        wrapped(engagement),
        wrapped(coseKey(reader.publicJwk)),
        Buffer.from([0xf6]),
    ]);
    return {
        bytes,
        wrapped: wrapped(bytes),
        reader,
        file: write(`${name}-session.cbor`, bytes),
        readerKey: write(`${name}-reader.pem`, reader.pem),
    };
}

/** One byte of FILE changed, as another file. */
export function change(file, offset) {
    const bytes = fs.readFileSync(file);
    bytes[offset < 0 ? bytes.length + offset : offset] ^= 1;
    return write(path.basename(file) + '-changed', bytes);
}

/** Midnight, as an issuer that hides the moment of signing writes it. */
export const day = (days) => new Date((Math.floor(Date.now() / 86400e3) + days) * 86400e3);
/** Now, without the milliseconds: not before the certificate was made. */
export const now = () => new Date(Math.ceil(Date.now() / 1000) * 1000);

// ---- node's cryptography for the mdoc libraries --------------------------

const privateKey = (jwk) => crypto.createPrivateKey({ key: jwk, format: 'jwk' });
const publicKey = ({ d, ...jwk }) => crypto.createPublicKey({ key: jwk, format: 'jwk' });
export const sign = (jwk, data) =>
    new Uint8Array(
        crypto.sign('sha256', data, { key: privateKey(jwk), dsaEncoding: 'ieee-p1363' }),
    );
export const check = (jwk, data, signature) =>
    crypto.verify('sha256', data, { key: publicKey(jwk), dsaEncoding: 'ieee-p1363' }, signature);
export const hmac = (key, data) =>
    new Uint8Array(crypto.createHmac('sha256', key).update(data).digest());
export const digest = (name, bytes) =>
    new Uint8Array(crypto.createHash(name.replace('-', '').toLowerCase()).update(bytes).digest());

/** ECDH of raw keys, then HKDF over the transcript (ISO/IEC 18013-5 9.1.3.5). */
export function macKey(privateRaw, publicRaw, transcript, info) {
    const ecdh = crypto.createECDH('prime256v1');
    ecdh.setPrivateKey(Buffer.from(privateRaw));
    const secret = ecdh.computeSecret(Buffer.from(publicRaw));
    return new Uint8Array(
        crypto.hkdfSync('sha256', secret, digest('SHA-256', transcript), Buffer.from(info), 32),
    );
}

const certificate = (bytes) => new crypto.X509Certificate(Buffer.from(bytes));
const field = (name, wanted) =>
    name
        .split('\n')
        .filter((line) => line.startsWith(wanted + '='))
        .map((line) => line.slice(wanted.length + 1));

export const x509 = {
    getIssuerNameField: (o) => field(certificate(o.certificate).issuer, o.field),
    publicJwk: (o) => certificate(o.certificate).publicKey.export({ format: 'jwk' }),
    check({ trustedCertificates, x5chain, now: moment }) {
        const leaf = certificate(x5chain[0]),
            when = moment ?? new Date();
        if (when < new Date(leaf.validFrom) || when > new Date(leaf.validTo))
            throw new Error('certificate is not valid now');
        if (!trustedCertificates.some((c) => leaf.verify(certificate(c).publicKey)))
            throw new Error('no trusted certificate was found');
    },
    getCertificateData(o) {
        const c = certificate(o.certificate);
        return {
            issuerName: c.issuer,
            subjectName: c.subject,
            serialNumber: c.serialNumber,
            thumbprint: c.fingerprint,
            notBefore: new Date(c.validFrom),
            notAfter: new Date(c.validTo),
            pem: c.toString(),
        };
    },
};

/** A licence as a foreign issuer fills it in. */
export const LICENCE = 'org.iso.18013.5.1.mDL';
export const SPACE = 'org.iso.18013.5.1';
export const licence = (fullDate) => ({
    family_name: 'Muster',
    given_name: 'Erika',
    birth_date: fullDate('1990-02-28'),
    issue_date: fullDate('2024-01-01'),
    expiry_date: fullDate('2034-01-01'),
    issuing_country: 'UT',
    issuing_authority: 'Utopia SPECIMEN',
    document_number: 'X-1',
    portrait: new Uint8Array(Buffer.from('ffd8ffe000104a46494600ffd9', 'hex')),
    un_distinguishing_sign: 'UTO',
    age_over_18: true,
    driving_privileges: [
        {
            vehicle_category_code: 'B',
            issue_date: fullDate('2012-01-01'),
            expiry_date: fullDate('2034-01-01'),
        },
    ],
});
export const SHOWN = ['family_name', 'birth_date', 'portrait', 'driving_privileges', 'age_over_18'];
export const definition = {
    id: 'licence',
    input_descriptors: [
        {
            id: LICENCE,
            format: { mso_mdoc: { alg: ['ES256'] } },
            constraints: {
                limit_disclosure: 'required',
                fields: SHOWN.map((element) => ({
                    path: [`$['${SPACE}']['${element}']`],
                    intent_to_retain: false,
                })),
            },
        },
    ],
};
