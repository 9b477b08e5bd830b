// SPDX-License-Identifier: Apache-2.0
// Items of CBOR and what they are in diagnostic notation, by the npm package
// cbor2; and doubles as decimals, by the JavaScript engine.
//
//     npm install cbor2@2.3.0
//     node cbor.mjs items > items.txt
//     node cbor.mjs floats > floats.txt

let seed = 20260117;
function below(n) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % n;
}

function bits() {
    let value = 0n;
    for (let i = 0; i < 8; i++) value = (value << 8n) | BigInt(below(256));
    return value;
}

const view = new DataView(new ArrayBuffer(8));
function double(pattern) {
    view.setBigUint64(0, pattern);
    return view.getFloat64(0);
}

// RFC 8949 appendix A writes a point always: 1.0, 1.0e+300.
function decimal(x) {
    const text = String(x);
    return /^-?\d+(e|$)/.test(text) ? text.replace(/^-?\d+/, '$&.0') : text;
}

function floats() {
    const patterns = [
        1n,
        2n,
        0x000fffffffffffffn,
        0x0010000000000000n,
        0x7fefffffffffffffn,
        0x3ff0000000000000n,
        0x3fefffffffffffffn,
        0x4340000000000000n,
        0x433fffffffffffffn,
        0x44b52d02c7e14af6n,
        0x44b52d02c7e14af7n,
        0x444b1ae4d6e2ef50n,
        0x444b1ae4d6e2ef4fn,
        0x3eb0c6f7a0b5ed8dn,
        0x3eb0c6f7a0b5ed8cn,
        0x7e37e43c8800759cn,
    ];
    for (let e = 1n; e < 2047n; e += 13n) patterns.push(e << 52n);
    for (let i = 0; i < 250; i++) patterns.push(bits());
    for (const text of [
        '0.1',
        '0.2',
        '0.3',
        '1.75',
        '3.14159',
        '1e21',
        '1e22',
        '1e23',
        '123456789012345680000',
        '1e-6',
        '1e-7',
        '9007199254740993',
        '5e-324',
        '1.7976931348623157e308',
        '-273.15',
        '97.8',
        '6.02214076e23',
    ]) {
        view.setFloat64(0, Number(text));
        patterns.push(view.getBigUint64(0));
    }
    for (const pattern of patterns) {
        const x = double(pattern);
        if (Number.isFinite(x))
            console.log('fb' + pattern.toString(16).padStart(16, '0'), decimal(x));
    }
}

const letters = ['a', 'Z', '0', '"', '\\', '\n', '\t', ' ', 'ü', '水', '腰', '𐅑'];
function text() {
    let made = '';
    for (let i = below(9); i > 0; i--) made += letters[below(letters.length)];
    return made;
}

function make(cbor, depth) {
    const kind = below(depth > 4 ? 7 : 11);
    switch (kind) {
        case 0:
            return below(1 << 20) >> below(20);
        case 1:
            return -1 - (below(1 << 20) >> below(20));
        case 2:
            return bits() >> BigInt(below(64));
        case 3:
            return -1n - (bits() >> BigInt(below(64)));
        case 4:
            return text();
        case 5:
            return Uint8Array.from({ length: below(30) }, () => below(256));
        case 6:
            return [true, false, null, undefined][below(4)];
        case 7:
        case 8:
            return Array.from({ length: below(5) }, () => make(cbor, depth + 1));
        case 9: {
            const map = new Map();
            for (let i = below(5); i > 0; i--)
                map.set(below(2) ? text() : below(500) - 250, make(cbor, depth + 1));
            return map;
        }
        default:
            return new cbor.Tag(30000 + below(9999), make(cbor, depth + 1));
    }
}

async function items() {
    const cbor = await import('cbor2');
    for (let i = 0; i < 300; i++) {
        const bytes = cbor.encode([make(cbor, 0)], { collapseBigInts: true });
        const hex = Buffer.from(bytes).toString('hex');
        console.log(hex, cbor.diagnose(bytes));
    }
}

await { items, floats }[process.argv[2]]();
