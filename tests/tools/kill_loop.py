#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An authority that is killed keeps its word, and who says so would see if it
did not: a constraint is taken away, a row, a byte, and the check must fail.
Prints TAP.

    kill_loop.py [BUILD] [KILLS]"""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
import invariants  # noqa: E402

BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()
KILLS = sys.argv[2] if len(sys.argv) > 2 else "6"
os.environ["YAOPAI_BUILD"] = str(BUILD)
number = failed = 0


def case(name, good, output=""):
    global number, failed
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - kill: {name}", flush=True)
    for line in str(output).splitlines()[-20:]:
        print("# " + line[:400], flush=True)


def loop(*words):
    done = subprocess.run([ROOT / "tools" / "kill-loop", "--build", BUILD,
                           *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def kept(output):
    """The folders that the loop left."""
    at = output.rindex("see ")
    folder, _, journal = output[at + 4:].split("\n")[0].partition(" and ")
    return pathlib.Path(folder), pathlib.Path(journal)


def clear(output):
    for line in output.splitlines():
        if ": see " in line:
            for folder in kept(line):
                shutil.rmtree(folder, ignore_errors=True)


def runs():
    for store in ("sqlite", "postgres"):
        code, output = loop(KILLS, "--store", store)
        if code == 77:
            print(f"ok {number + 1} - kill: {store} # SKIP {output}")
            continue
        case(f"accepts {KILLS} kills with {store}", code == 0, output)
    for what, words in (("once", "I6"), ("key", "I2")):
        code, output = loop("3", "--store", "sqlite", "--drop", what)
        case(f"refuses a schema without the constraint of {what}",
             code == 3 and words in output, output[-300:])
        clear(output)


# ---- damage -----------------------------------------------------------------

# With the engine's own triggers, it takes more than a statement.
def no_triggers(db):
    for (name,) in db.execute("SELECT name FROM sqlite_master "
                              "WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")


def sql(text):
    def do(folder, _journal):
        db = sqlite3.connect(folder / "a" / "register" / "register.db")
        no_triggers(db)
        db.executescript(text)
        db.close()
    return do


def twice(table):
    """TABLE without its constraints, and its last row again."""
    return sql(f"ALTER TABLE {table} RENAME TO old;"
               f"CREATE TABLE {table} AS SELECT * FROM old; DROP TABLE old;"
               f"INSERT INTO {table} SELECT * FROM {table} ORDER BY rowid "
               "DESC LIMIT 1")


def byte_of(path, at):
    def do(folder, journal):
        place = (journal if path == "copies.bin" else folder) / path
        data = bytearray(place.read_bytes())
        data[at] ^= 1
        place.write_bytes(data)
    return do


def leak(folder, _journal):
    word = (folder / "numbers.txt").read_text().split()[0]
    (folder / "a" / "core").write_text(f"...{word}...")


def told(what):
    def do(_folder, journal):
        with open(journal / "journal.jsonl", "a", encoding="utf-8") as out:
            out.write('{"n":1,"kind":"violation","what":"%s"}\n' % what)
    return do


ACKED = ("(SELECT document FROM document_copy WHERE rowid = "
         "(SELECT MIN(rowid) FROM document_copy))")
DAMAGES = [
    ("a document that is gone", "I1",
     sql("PRAGMA foreign_keys = OFF; DELETE FROM document_copy "
         f"WHERE document = {ACKED}")),
    ("an index that has another owner", "I1",
     sql("UPDATE status_entry SET idx = idx + 5000")),
    ("a revocation that is gone", "I1",
     sql("UPDATE document SET state = 0; UPDATE status_entry SET state = 0; "
         "DELETE FROM status_token")),
    ("a delivered byte that is another", "I1", byte_of("copies.bin", 100)),
    ("a copy that is there twice", "I2", twice("document_copy")),
    ("an index that is there twice", "I2", twice("status_entry")),
    ("a document that nobody asked for", "I2",
     sql("INSERT INTO document_copy SELECT randomblob(32), randomblob(32), "
         f"document FROM document_copy WHERE document = {ACKED} LIMIT 1")),
    ("a document that the log does not know", "I3",
     sql("INSERT INTO document SELECT randomblob(16), holder, name, format, "
         "issued, valid_until, level, signer, 0, randomblob(16), subject, "
         "profile, 0 FROM document LIMIT 1")),
    ("a leaf that is another", "I4",
     sql("UPDATE log_entry SET leaf = (SELECT leaf FROM log_entry "
         "WHERE idx = 1) WHERE idx = 0")),
    ("a head that goes back", "I4",
     sql("UPDATE log_head SET size = 0 WHERE number = "
         "(SELECT MAX(number) FROM log_head)")),
    ("a state that is not the batch's", "I8",
     sql("UPDATE status_entry SET state = 2 WHERE rowid = "
         "(SELECT MIN(rowid) FROM status_entry WHERE state = 0)")),
    ("a nonce that was used twice", "I6", twice("once")),
    ("what a wallet complains of", "I6", told("I6: told by a wallet")),
    ("a copy of the future", "I9",
     sql("UPDATE document SET issued = issued + 86400")),
    ("a value of a person in a file", "I12", leak),
]


def damages():
    code, output = loop("2", "--store", "sqlite", "--keep")
    case("accepts what is left as it was", code == 0, output)
    folder, journal = kept(output)
    for name, which, do in [("nothing", None, None)] + DAMAGES:
        with tempfile.TemporaryDirectory() as room:
            room = pathlib.Path(room)
            f, j = room / "f", room / "j"
            shutil.copytree(folder, f, ignore=shutil.ignore_patterns("*.sock"))
            shutil.copytree(journal, j)
            if do:
                do(f, j)
            wrong, _ = invariants.check(
                f, j, f"sqlite:{f}/a/register/register.db",
                verify=which is None)
            found = {line.split(":")[0] for line in wrong}
            if which is None:
                case("accepts a copy of it", not wrong, "\n".join(wrong[:5]))
            else:
                case(f"refuses {name}", which in found,
                     "" if which in found else "\n".join(wrong[:5]))
    clear(output)


def main():
    damages()
    runs()
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


main()
