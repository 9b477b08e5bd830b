#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Claim-169 codes by another hand: base45 and CBOR are read and written here,
zlib is Python's, signatures are the openssl command's; nothing of this project
takes part.

    claim169.py read LETTERS SIGNER.pem   check the signature, print as JSON
                                          what the code says, by IANA's names
    claim169.py make FOLDER               code.txt and public.pem of another
                                          issuer: packed well, no kid, claims
                                          that we don't know; packed.txt: the
                                          same, but 100 kB when unpacked
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import zlib

from little_cbor import Tag, decode, encode

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

# IANA, CWT claim 169 (MOSIP, Claim 169 QR code specification 1.0)
NAMES = {1: "id", 2: "version", 3: "language", 4: "fullName", 5: "firstName",
         6: "middleName", 7: "lastName", 8: "dateOfBirth", 9: "gender",
         10: "address", 11: "email", 12: "phone", 13: "nationality",
         14: "maritalStatus", 15: "guardian", 16: "photo", 17: "photoFormat"}
CLAIMS = {1: "iss", 2: "sub", 4: "exp", 5: "nbf", 6: "iat", 8: "cnf",
          169: "identity", 65535: "status"}


# ---- base45 -----------------------------------------------------------------

def from_base45(text):
    values, out = [BASE45.index(letter) for letter in text], bytearray()
    for at in range(0, len(values), 3):
        group = values[at:at + 3]
        number = sum(value * 45 ** i for i, value in enumerate(group))
        out += number.to_bytes(len(group) - 1, "big")
    return bytes(out)


def to_base45(data):
    out = ""
    for at in range(0, len(data), 2):
        pair = data[at:at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, value = divmod(number, 45)
            out += BASE45[value]
    return out


# ---- COSE -------------------------------------------------------------------

def der_integer(data):
    data = data.lstrip(b"\0") or b"\0"
    data = b"\0" * (data[0] >> 7) + data
    return bytes([2, len(data)]) + data


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True,
                          capture_output=True).stdout


def verify(message, signature, certificate):
    half = len(signature) // 2
    pair = der_integer(signature[:half]) + der_integer(signature[half:])
    with tempfile.TemporaryDirectory() as folder:
        to_sign, der = pathlib.Path(folder, "m"), pathlib.Path(folder, "s")
        public = pathlib.Path(folder, "p")
        public.write_bytes(openssl("x509", "-pubkey", "-noout", "-in",
                                   certificate))
        to_sign.write_bytes(message)
        der.write_bytes(bytes([0x30, len(pair)]) + pair)
        openssl("dgst", "-sha256", "-verify", str(public), "-signature", str(der),
                str(to_sign))


def sign(message, private):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "m")
        path.write_bytes(message)
        der = openssl("dgst", "-sha256", "-sign", private, str(path))
    at, out = 2, b""
    for _ in range(2):
        size = der[at + 1]
        out += der[at + 2:at + 2 + size].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + size
    return out


# ---- codes ------------------------------------------------------------------

def name_all(names, values):
    return {names.get(key, str(key)): value for key, value in values.items()}


def read(letters, signer):
    packed = from_base45(pathlib.Path(letters).read_text().rstrip("\r\n"))
    item, end = decode(zlib.decompress(packed))
    protected, _, payload, signature = item.content
    assert item.number == 18 and decode(protected)[0][1] == -7
    verify(encode(["Signature1", protected, b"", payload]), signature, signer)
    claims, _ = decode(payload)
    said = name_all(CLAIMS, claims)
    said["identity"] = name_all(NAMES, claims[169])
    print(json.dumps(said, ensure_ascii=False,
                     default=lambda v: v.hex() if isinstance(v, bytes) else
                     {"tag": v.number, "value": v.content}))


def make(folder):
    folder = pathlib.Path(folder)
    private, public = str(folder / "private.pem"), str(folder / "public.pem")
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-out", private)
    openssl("pkey", "-in", private, "-pubout", "-out", public)
    now = int(time.time())
    for name, address in (("code", "1 Example Road"), ("packed", "x" * 100000)):
        claims = {1: "https://issuer.example", 2: "sub", 4: now + 86400,
                  5: now - 60, 6: now - 60, -70000: "of our own",
                  169: {1: "3918592438", 2: "1.0", 3: "eng",
                        4: "Janardhan SPECIMEN", 8: "19840418", 9: 1,
                        10: address, 13: "IN"}}
        protected, payload = encode({1: -7}), encode(claims)
        signature = sign(encode(["Signature1", protected, b"", payload]),
                         private)
        message = encode(Tag(18, [protected, {}, payload, signature]))
        (folder / (name + ".txt")).write_text(
            to_base45(zlib.compress(message, 9)) + "\n")
    pathlib.Path(private).unlink()


if __name__ == "__main__":
    {"read": read, "make": make}[sys.argv[1]](*sys.argv[2:])
