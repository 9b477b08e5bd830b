#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trust lists by another hand: CBOR is written and read here, certificates,
keys and signatures come from the openssl command; nothing of this project
takes part.

    trust.py make FOLDER           trust-root.pem and vical.cbor of a provider
                                   who knows a single issuer, issuer-root.pem
    trust.py read FILE ROOT.pem    check a VICAL of ours, print it as JSON
    trust.py seeds FOLDER          seeds of tests/corpus/core-trust-trust; their
                                   keys are thrown away, signatures are zeros
"""
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from little_cbor import Tag, decode, encode

VICAL_PURPOSE = "1.0.18013.5.1.8"

# ---- openssl ----------------------------------------------------------------

def run(*words, data=None):
    done = subprocess.run(words, input=data, capture_output=True)
    if done.returncode != 0:
        sys.exit("%s: %s" % (" ".join(map(str, words)), done.stderr.decode()))
    return done.stdout


ROOT = """basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
"""
LEAF = """keyUsage = critical,digitalSignature
authorityKeyIdentifier = keyid
extendedKeyUsage = critical,%s
"""
BOTH = """subjectKeyIdentifier = hash
issuerAltName = URI:https://provider.example/
crlDistributionPoints = URI:https://provider.example/crl
"""


def certify(folder, name, subject, extensions, issuer=None):
    config = folder / (name + ".cnf")
    config.write_text("[x]\n" + BOTH + extensions)
    key, pem = folder / (name + ".key"), folder / (name + ".pem")
    run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-out", key)
    request = run("openssl", "req", "-new", "-key", key, "-subj", subject,
                  "-utf8")
    by = (["-CA", folder / (issuer + ".pem"), "-CAkey",
           folder / (issuer + ".key")] if issuer else ["-signkey", key])
    run("openssl", "x509", "-req", "-days", "1000", "-extfile", config,
        "-extensions", "x", "-set_serial",
        "0x" + hashlib.sha256(str(pem).encode()).hexdigest()[:32].replace(
            "0", "1"), "-out", pem, *map(str, by), data=request)
    return run("openssl", "x509", "-in", pem, "-outform", "DER")


def tbs(protected, payload):
    return encode(["Signature1", protected, b"", payload])


def fixed(der, size=32):
    """ECDSA-Sig-Value as r || s."""
    assert der[0] == 0x30 and der[2] == 2
    r = der[4:4 + der[3]]
    rest = der[4 + der[3]:]
    s = rest[2:2 + rest[1]]
    return b"".join(int.from_bytes(n, "big").to_bytes(size, "big")
                    for n in (r, s))


def number(value):
    raw = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(raw)]) + raw


def unfixed(raw):
    half = len(raw) // 2
    body = b"".join(number(int.from_bytes(n, "big"))
                    for n in (raw[:half], raw[half:]))
    return b"\x30" + bytes([len(body)]) + body


def field(pem, option):
    return run("openssl", "x509", "-in", pem, "-noout", option).decode().strip()


def serial(pem):
    return bytes.fromhex(field(pem, "-serial").split("=")[1])


def key_id(pem):
    text = run("openssl", "x509", "-in", pem, "-noout", "-ext",
               "subjectKeyIdentifier").decode()
    return bytes.fromhex(text.split("\n")[1].strip().replace(":", ""))


def moment(days=0):
    now = datetime.datetime.now(datetime.timezone.utc)
    return Tag(0, (now + datetime.timedelta(days=days, minutes=-5)).strftime(
        "%Y-%m-%dT%H:%M:%SZ"))


# ---- lists ------------------------------------------------------------------

def vical(folder):
    issuer = folder / "issuer-root.pem"
    der = run("openssl", "x509", "-in", issuer, "-outform", "DER")
    # keys in the order of the standard's table, as other software writes them
    return {"version": "1.0", "vicalProvider": "SPECIMEN provider",
            "date": moment(), "vicalIssueID": 42, "nextUpdate": moment(30),
            "certificateInfos": [
                {"certificate": der,
                 "serialNumber": Tag(2, serial(issuer)),
                 "ski": key_id(issuer),
                 "docType": ["org.iso.18013.5.1.mDL"],
                 "certificateProfile": ["urn:iso:std:18013:5:1"],
                 "issuingAuthority": "SPECIMEN Utopia",
                 "issuingCountry": "UT", "stateOrProvinceName": "UT-X",
                 "notAfter": moment(1000), "extensions": {}}],
            "extensions": {"example.org": 1}}


def certificates(folder):
    root = certify(folder, "trust-root", "/C=UT/CN=SPECIMEN provider root", ROOT)
    leaf = certify(folder, "trust-signer", "/C=UT/CN=SPECIMEN provider",
                   LEAF % VICAL_PURPOSE, "trust-root")
    certify(folder, "issuer-root", "/C=UT/O=SPECIMEN Utopia/CN=SPECIMEN root",
            ROOT)
    return root, leaf


def make(folder):
    root, leaf = certificates(folder)
    protected, payload = encode({1: -7}), encode(vical(folder))
    with tempfile.NamedTemporaryFile() as file:
        file.write(tbs(protected, payload))
        file.flush()
        der = run("openssl", "dgst", "-sha256", "-sign",
                  folder / "trust-signer.key", file.name)
    # providers send their root along
    list_ = encode([protected, {33: [leaf, root]}, payload, fixed(der)])
    (folder / "vical.cbor").write_bytes(list_)
    for key in folder.glob("*.key"):
        key.unlink()


def check_signature(leaf, message, signature, folder):
    (folder / "leaf.der").write_bytes(leaf)
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(unfixed(signature))
    key = run("openssl", "x509", "-inform", "DER", "-in", folder / "leaf.der",
              "-noout", "-pubkey")
    (folder / "key.pem").write_bytes(key)
    run("openssl", "dgst", "-sha256", "-verify", folder / "key.pem",
        "-signature", folder / "signature", folder / "message")


def read(path, root):
    data = pathlib.Path(path).read_bytes()
    message, end = decode(data)
    assert end == len(data) and len(message) == 4
    protected, unprotected, payload, signature = message
    assert decode(protected)[0] == {1: -7}, "the algorithm alone"
    leaf = unprotected[33]
    assert isinstance(leaf, bytes), "one certificate is no array"
    said, end = decode(payload)
    assert end == len(payload)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_signature(leaf, tbs(protected, payload), signature, folder)
        run("openssl", "x509", "-inform", "DER", "-in", folder / "leaf.der",
            "-out", folder / "leaf.pem")
        run("openssl", "verify", "-purpose", "any", "-ignore_critical",
            "-CAfile", root, folder / "leaf.pem")
        for info in said["certificateInfos"]:
            (folder / "root.der").write_bytes(info["certificate"])
            run("openssl", "x509", "-inform", "DER", "-in",
                folder / "root.der", "-out", folder / "root.pem")
            assert isinstance(info["serialNumber"], Tag)
            assert info["serialNumber"].number == 2
            assert info["serialNumber"].content == serial(folder / "root.pem")
            assert info["ski"] == key_id(folder / "root.pem")
            assert info["docType"]
    for name in ("date", "nextUpdate", "notAfter"):
        if name in said:
            assert said[name].number == 0
            said[name] = said[name].content
    said["certificateInfos"] = [
        {"docType": info["docType"],
         "sha256": hashlib.sha256(info["certificate"]).hexdigest(),
         "issuingCountry": info.get("issuingCountry")}
        for info in said["certificateInfos"]]
    print(json.dumps(said, ensure_ascii=False))


# ---- seeds ------------------------------------------------------------------

def seeds(out):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        root, leaf = certificates(folder)
        reader = certify(folder, "reader", "/serialNumber=91110000SPECIMEN0X"
                         "/CN=SPECIMEN hotel", LEAF % "1.0.18013.5.1.6",
                         "trust-root")
        signer = certify(folder, "signer", "/C=UT/CN=SPECIMEN signer",
                         LEAF % "1.0.18013.5.1.2", "issuer-root")
        list_ = vical(folder)
        issuer = list_["certificateInfos"][0]["certificate"]
    issued = 1795305600 - 3600
    day = 86400
    when = {1: 1, 2: 7, 3: issued, 4: issued + day, 5: issued + 7 * day,
            6: ["SPECIMEN authority", "http://authority.example"]}
    list_["date"], list_["nextUpdate"] = (Tag(0, "2026-11-21T23:00:00Z"),
                                          Tag(0, "2026-12-21T23:00:00Z"))
    parties = {9: [["91110000SPECIMEN0X", "示例旅馆", "SPECIMEN Hotel",
                    ["hotel", "age"], "示例法", 90, 1, reader,
                    hashlib.sha256(reader).digest()]]}
    files = [["documents/a.json", hashlib.sha256(b"{}").digest(), b"{}"],
             ["profiles/hotel.json", bytes(32)]]
    bundle = {**when, 7: [[issuer, [1, 3], ["org.iso.18013.5.1.mDL", "urn:x"]],
                          [root, [2], []]], 8: [signer], **parties,
              10: [b"token"], 11: files}
    out.mkdir(parents=True, exist_ok=True)

    def put(name, how, data):
        (out / name).write_bytes(bytes([how]) + data)

    put("vical", 1, encode(list_))
    put("parties", 2, encode({**when, **parties}))
    put("bundle", 3, encode(bundle))
    put("bundle-seen", 3 | 8, encode(bundle))
    put("bundle-late", 3 | 16, encode(bundle))
    put("bundle-empty", 3, encode({**when, 7: [], 8: [], 9: [], 10: [],
                                   11: []}))
    put("vical-whole", 4, encode([encode({1: -7}), {33: [leaf, root]},
                                  encode(list_), bytes(64)]))
    put("vical-pinned", 4, encode([encode({1: -7}), {33: leaf},
                                   encode(list_), bytes(64)]))


def main():
    words = sys.argv[1:]
    if words[:1] == ["make"] and len(words) == 2:
        make(pathlib.Path(words[1]))
    elif words[:1] == ["read"] and len(words) == 3:
        read(words[1], words[2])
    elif words[:1] == ["seeds"] and len(words) == 2:
        seeds(pathlib.Path(words[1]))
    else:
        sys.exit(__doc__)


main()
