#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The audit log by another hand, written from C2SP tlog-tiles, tlog-checkpoint
and signed-note, RFC 6962 and docs/formats/audit.md; signatures are checked by
the openssl command, nothing of this project takes part.

    audit_log.py folder FOLDER KEY   an auditor's export: tiles, leaves, entries
    audit_log.py person FILE KEY     what a person got: proofs, commitments
"""
import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys
import tempfile

from little_cbor import decode

TILE = 256


def die(why):
    sys.exit("audit_log: " + why)


def sha(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha(b"\0" + entry)


def node_hash(left, right):
    return sha(b"\1" + left + right)


def root_of(hashes):
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node_hash(root_of(hashes[:k]), root_of(hashes[k:]))


def root_by_path(leaf, index, size, path):
    """RFC 9162 section 2.1.3.2"""
    node, last, at = index, size - 1, leaf
    for other in path:
        if last == 0:
            die("a proof that is too long")
        if node % 2 == 1 or node == last:
            at = node_hash(other, at)
            while node % 2 == 0 and node != 0:
                node //= 2
                last //= 2
        else:
            at = node_hash(at, other)
        node //= 2
        last //= 2
    if last != 0:
        die("a proof that is too short")
    return at


def unpad(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def check_note(note, key_line):
    """(size, root) of a checkpoint that the key has signed."""
    name, digits, blob = key_line.strip().split("+", 2)
    blob = base64.b64decode(blob)
    if blob[0] != 2 or sha(blob[1:])[:4].hex() != digits:
        die("the key is not what it says")
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    good = False
    for line in lines.strip("\n").split("\n"):
        dash, who, signature = line.split(" ")
        signature = base64.b64decode(signature)
        if dash != "\u2014" or who != name or signature[:4].hex() != digits:
            continue
        with tempfile.TemporaryDirectory() as d:
            d = pathlib.Path(d)
            (d / "key").write_bytes(blob[1:])
            (d / "text").write_bytes(text.encode())
            (d / "signature").write_bytes(signature[4:])
            done = subprocess.run(
                ["openssl", "dgst", "-sha256", "-verify", d / "key", "-keyform",
                 "DER", "-signature", d / "signature", d / "text"],
                capture_output=True)
            if done.returncode != 0:
                die("a wrong signature")
        good = True
    if not good:
        die("not signed by the key")
    origin, size, root = text.split("\n")[:3]
    if origin != name:
        die("another origin")
    return int(size), base64.b64decode(root)


def check_entry(leaf, text, key):
    (version, hour, kind, commitment), end = decode(leaf)
    if end != len(leaf):
        die("bytes behind a leaf")
    entry = json.loads(text)
    if version != 1 or hour % 3600 != 0 or kind != entry["kind"]:
        die("a leaf that is not its entry's")
    if hmac.new(key, b"yaopai-audit-1" + text.encode(),
                hashlib.sha256).digest() != commitment:
        die("a commitment to something else")
    if "\n" in text:
        die("an entry of two lines")
    return entry


def tile_path(index):
    groups = ["%03d" % (index % 1000)]
    while index >= 1000:
        index //= 1000
        groups.insert(0, "x%03d" % (index % 1000))
    return "/".join(groups)


def read_tile(folder, level, index, width):
    part = "" if width == TILE else ".p/%d" % width
    return (folder / "tile" / str(level) /
            (tile_path(index) + part)).read_bytes()


def read_leaves(folder, size):
    leaves = []
    for index in range((size + TILE - 1) // TILE):
        width = min(TILE, size - index * TILE)
        data = read_tile(folder, "entries", index, width)
        for _ in range(width):
            length = int.from_bytes(data[:2], "big")
            leaves.append(data[2:2 + length])
            data = data[2 + length:]
        if data:
            die("bytes behind a bundle")
    return leaves


def check_tiles(folder, hashes):
    level = 0
    while hashes:
        for index in range((len(hashes) + TILE - 1) // TILE):
            part = hashes[index * TILE:(index + 1) * TILE]
            if read_tile(folder, level, index, len(part)) != b"".join(part):
                die("a tile that is not the leaves'")
        hashes = [root_of(hashes[i:i + TILE])
                  for i in range(0, len(hashes) - TILE + 1, TILE)]
        level += 1


def check_folder(folder, key_line):
    size, root = check_note((folder / "checkpoint").read_text("utf-8"),
                            key_line)
    leaves = read_leaves(folder, size)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    if root_of(hashes) != root:
        die("another root")
    check_tiles(folder, hashes)
    kinds, erased, subjects = {}, 0, set()
    lines = (folder / "entries.jsonl").read_text("utf-8").splitlines()
    if len(lines) != size:
        die("not a line for each leaf")
    for number, line in enumerate(lines):
        said = json.loads(line)
        if said["index"] != number or unpad(said["leaf"]) != leaves[number]:
            die("a line of another leaf")
        if said.get("erased"):
            erased += 1
            continue
        entry = check_entry(leaves[number], said["text"], unpad(said["key"]))
        kinds[entry["kind"]] = kinds.get(entry["kind"], 0) + 1
        subjects.add(entry.get("subject"))
    print(json.dumps({"size": size, "erased": erased, "kinds": kinds}))


def check_person(path, key_line):
    said = json.loads(path.read_text("utf-8"))
    size, root = check_note(said["checkpoint"], key_line)
    kinds, subjects = {}, set()
    for one in said["entries"]:
        leaf = unpad(one["leaf"])
        entry = check_entry(leaf, one["text"], unpad(one["key"]))
        if root_by_path(leaf_hash(leaf), one["index"], size,
                        [unpad(p) for p in one["proof"]]) != root:
            die("a proof of something else")
        kinds[entry["kind"]] = kinds.get(entry["kind"], 0) + 1
        subjects.add(entry["subject"])
    if len(subjects) > 1:
        die("entries of several people")
    print(json.dumps({"entries": len(said["entries"]), "kinds": kinds}))


def main():
    verb, place, key = sys.argv[1:4]
    key_line = pathlib.Path(key).read_text("utf-8").splitlines()[0]
    {"folder": check_folder, "person": check_person}[verb](
        pathlib.Path(place), key_line)


main()
