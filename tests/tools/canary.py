#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Look for what a person's record says in files where it must not be.

    canary.py scan [--record FILE]... [--value TEXT]... [--bytes FILE]... PATH...
    canary.py prove --record FILE ...
    canary.py columns --may "TABLE COLUMN..." ... DATABASE

scan reads every file below each PATH (databases with their logs and free pages
as they lie on the disk) and looks for each value of the records (JSON Lines:
every text of 6 bytes or more, every date) and each VALUE: as UTF-8 and UTF-16;
in base64 and base64url at three alignments; in hex;
escaped for URLs, JSON and HTML; as SHA-256 and MD5, raw, in hex and in base64;
dates in other orders and with other separators; of numbers every run of 8 letters (runs of 6 occur by chance in
what is random). What is gzip or zlib is inflated first. --bytes looks for pieces
of a file (a portrait). It ends with 1 when anything is found, and prints the
file and the form, never the value.

prove plants each form of each value into a file of noise and ends with 0 when
scan finds all of them, and nothing in the noise alone.

columns ends with 0 when the SQLite DATABASE has no other tables and columns than
those named.
"""

import argparse
import base64
import hashlib
import html
import json
import os
import re
import sqlite3
import sys
import tempfile
import urllib.parse
import zlib

SHORTEST = 6  # bytes
RUN = 8  # letters of a number
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)$")


# ---- values -----------------------------------------------------------------


def leaves(value):
    """Every text of a JSON value."""
    if isinstance(value, dict):
        for member in value.values():
            yield from leaves(member)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, str):
        yield value


def values_of(record):
    with open(record, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield from leaves(json.loads(line))


def dates(text):
    """The same day as others write it."""
    year, month, day = DATE.match(text).groups()
    orders = [(year, month, day), (day, month, year), (month, day, year)]
    for order in orders:
        for between in ("-", "/", ".", "", " "):
            yield between.join(order)
    yield f"{year}年{int(month)}月{int(day)}日"
    yield f"{year}年{month}月{day}日"
    yield text[::-1]


def runs(text):
    """Of a number: every piece of it."""
    for start in range(len(text) - RUN + 1):
        yield text[start : start + RUN]


def spellings(text):
    yield text
    yield text[::-1]
    if DATE.match(text):
        yield from dates(text)
    if len(text) >= RUN and sum(c.isdigit() for c in text) >= RUN:
        yield from runs(text)


# ---- forms ------------------------------------------------------------------


def base64_forms(data):
    """What of base64 does not depend on what stands before and after."""
    for before in range(3):
        padded = b"\0" * before + data
        whole = base64.b64encode(padded + b"\0" * (-len(padded) % 3))
        start = (before * 8 + 5) // 6  # letters that hold other bytes as well
        end = len(padded) * 8 // 6
        yield whole[start:end]
        yield base64.urlsafe_b64encode(padded + b"\0" * (-len(padded) % 3))[start:end]


def hex_forms(data):
    yield data.hex().encode()
    yield data.hex().upper().encode()


def digests(data):
    for name in ("sha256", "md5"):
        digest = hashlib.new(name, data).digest()
        yield digest
        yield from hex_forms(digest)
        yield base64.b64encode(digest).rstrip(b"=")
        yield base64.urlsafe_b64encode(digest).rstrip(b"=")


def forms(text):
    """(name, bytes) for all that TEXT may look like."""
    raw = text.encode()
    yield "as it is", raw
    yield "UTF-16, little end first", text.encode("utf-16-le")
    yield "UTF-16, big end first", text.encode("utf-16-be")
    for form in base64_forms(raw):
        yield "base64", form
    for form in hex_forms(raw):
        yield "hex", form
    yield "for URLs", urllib.parse.quote(text, safe="").encode()
    yield "for URLs", urllib.parse.quote_plus(text).lower().encode()
    yield "for JSON", json.dumps(text)[1:-1].encode()
    yield "for HTML", html.escape(text).encode()
    yield "for HTML", text.encode("ascii", "xmlcharrefreplace")


def needles(values):
    """{bytes: form}, each long enough not to be met by chance."""
    found = {}
    for value in values:
        if len(value.encode()) < SHORTEST:
            continue
        for spelling in spellings(value):
            for name, form in forms(spelling):
                if len(form) >= SHORTEST:
                    found.setdefault(form, name)
        for form in digests(value.encode()):
            found.setdefault(form, "a digest")
    return found


def pieces(path):
    """Parts of a file that is not a text, as others may store or send it."""
    with open(path, "rb") as file:
        data = file.read()
    found = {}
    for at in range(0, max(1, len(data) - 48), max(1, len(data) // 16)):
        piece = data[at : at + 48]
        if len(set(piece)) < 16:
            continue  # a plain area: met by chance
        found[piece] = "a piece of a file"
        for form in (*base64_forms(piece), *hex_forms(piece)):
            found[form] = "a piece of a file"
    for form in digests(data):
        found[form] = "a digest of a file"
    return found


# ---- looking ----------------------------------------------------------------


def files_below(path):
    if not os.path.isdir(path):
        yield path
        return
    for folder, _, names in os.walk(path):
        for name in names:
            full = os.path.join(folder, name)
            if os.path.isfile(full) and not os.path.islink(full):
                yield full


def inflated(data):
    if data[:2] in (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        try:
            return zlib.decompressobj(47).decompress(data, 64 << 20)
        except zlib.error:
            pass
    return b""


def look(data, wanted):
    """The names of the forms that are in DATA."""
    return sorted({name for form, name in wanted.items() if form in data})


def look_below(path, wanted):
    """Hits and files of PATH."""
    hits = 0
    count = 0
    for file in files_below(path):
        with open(file, "rb") as opened:
            data = opened.read()
        count += 1
        found = {*look(data, wanted), *look(inflated(data), wanted)}
        found |= {*look(data.translate(None, b"\r\n"), wanted)}  # broken into lines
        for name in sorted(found):
            print(f"{file}: a value, {name}")
            hits += 1
    return hits, count


def look_through(path, wanted):
    """The same. A server that runs there may write a file beside the one whose place it then takes:
    where one has gone, all is looked through anew."""
    for _ in range(99):
        try:
            return look_below(path, wanted)
        except FileNotFoundError:
            pass
    return look_below(path, wanted)


def scan(paths, wanted):
    hits = 0
    count = 0
    for path in paths:
        if not os.path.exists(path):
            sys.exit(f"canary.py: {path}: is not there, so it can't be searched")
        more, files = look_through(path, wanted)
        hits += more
        count += files
    if count == 0:
        sys.exit("canary.py: there was no file to search")
    print(f"{count} files, {len(wanted)} forms, {hits} found")
    return hits


def prove(wanted):
    """Is each form found when it is there, and none when none is?"""
    noise = b"".join(hashlib.sha256(bytes([i, j])).digest() for i in range(64) for j in range(64))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "planted")
        for form, name in [(b"", None), *wanted.items()]:
            with open(path, "wb") as file:
                file.write(noise[:777] + form + noise[777:])
            with open(path, "rb") as file:
                found = look(file.read(), wanted if name is None else {form: name})
            if (name is None) != (found == []):
                print(f"canary.py: {name or 'noise'}: {'found' if found else 'not found'}")
                return 1
    print(f"{len(wanted)} forms are found where they are planted")
    return 0


def columns(database, may):
    """What the schema has room for, and nobody said that it may."""
    allowed = {words.split()[0]: words.split()[1:] for words in may}
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    extra = 0
    for table in tables:
        for row in db.execute(f'PRAGMA table_info("{table}")'):
            if row[1] not in allowed.get(table, []):
                print(f"{database}: {table}.{row[1]}: nobody said that it is there")
                extra += 1
    if not tables:
        sys.exit(f"canary.py: {database}: no tables")
    return extra


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["scan", "prove", "columns"])
    parser.add_argument("--record", action="append", default=[])
    parser.add_argument("--value", action="append", default=[])
    parser.add_argument("--bytes", action="append", default=[])
    parser.add_argument("--may", action="append", default=[])
    parser.add_argument("paths", nargs="*")
    asked = parser.parse_intermixed_args()

    if asked.what == "columns":
        sys.exit(1 if any(columns(path, asked.may) for path in asked.paths) else 0)
    values = list(asked.value)
    for record in asked.record:
        values += values_of(record)
    wanted = needles(values)
    for path in asked.bytes:
        wanted.update(pieces(path))
    if not wanted:
        sys.exit("canary.py: nothing to look for: give --record, --value or --bytes")
    if asked.what == "prove":
        sys.exit(prove(wanted))
    sys.exit(1 if scan(asked.paths, wanted) else 0)


if __name__ == "__main__":
    main()
