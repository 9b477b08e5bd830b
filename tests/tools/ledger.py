# SPDX-License-Identifier: Apache-2.0
"""The tables of an authority behind its back, in SQLite or PostgreSQL, and the
keyed hashes that stand in them. For the tools of this folder; nothing of this
project takes part."""
import csv
import configparser
import hashlib
import hmac
import io
import os
import pathlib
import sqlite3
import subprocess

HOLDER, COPY, KEY = 16, 17, 18  # docs/formats/register.md


class Sqlite:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.text_factory = str

    def ask(self, sql):
        return self.db.execute(sql).fetchall()

    def run(self, sql):
        """For who damages it: as the owner of the file could."""
        self.db.executescript(sql)

    def whole(self):
        """What the engine finds broken, as sentences."""
        found = [row[0] for row in self.ask("PRAGMA integrity_check")
                 if row[0] != "ok"]
        return found + [f"a reference to nothing in {row[0]}"
                        for row in self.ask("PRAGMA foreign_key_check")]

    def close(self):
        self.db.close()


class Postgres:
    """As a client of the primary: INFO may name several hosts."""

    NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER",
             "dbname": "PGDATABASE", "options": "PGOPTIONS"}

    def __init__(self, info, bin_dir):
        said = dict(word.split("=", 1) for word in info.split())
        self.bin = bin_dir
        self.where = dict(os.environ, PGTARGETSESSIONATTRS="read-write",
                          **{self.NAMES[k]: v for k, v in said.items()})

    def psql(self, *words):
        done = subprocess.run(
            [f"{self.bin}/psql", "-X", "-q", "-t", "-v", "ON_ERROR_STOP=1",
             *words], capture_output=True, text=True, env=self.where)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout

    def ask(self, sql):
        rows = csv.reader(io.StringIO(self.psql("--csv", "-c", sql)))
        return [tuple(map(self.value, row)) for row in rows]

    @staticmethod
    def value(text):
        if text.startswith("\\x"):
            return bytes.fromhex(text[2:])
        return int(text) if text.lstrip("-").isdigit() else text

    def run(self, sql):
        self.psql("-c", sql)

    def whole(self):
        done = subprocess.run(
            [f"{self.bin}/pg_amcheck", "--install-missing", "--heapallindexed",
             "-d", self.where["PGDATABASE"]],
            capture_output=True, text=True, env=self.where)
        return (done.stdout + done.stderr).splitlines() \
            if done.returncode != 0 else []

    def close(self):
        pass


class Hashes:
    """The look-up key of the authority in FOLDER, and what is made with it."""

    def __init__(self, folder):
        ini = configparser.ConfigParser(interpolation=None)
        ini.read_string((folder / "authority.ini").read_text("utf-8"))
        uri = ini["register"]["lookup_key"]
        path = pathlib.Path(uri.removeprefix("file:"))
        self.key = (folder / path).read_bytes()

    def of(self, kind, value):
        return hmac.new(self.key, b"yaopai-lookup-1" + bytes([kind]) + value,
                        hashlib.sha256).digest()


def open_ledger(url, bin_dir="/usr/lib/postgresql/15/bin"):
    kind, _, rest = url.partition(":")
    return Sqlite(rest) if kind == "sqlite" else Postgres(rest, bin_dir)
