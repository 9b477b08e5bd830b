#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole story, told to a program: tests/journeys/demo.py build/yaopai

What the demo leaves behind is judged again, and the JSON of each verdict is
held against docs/formats/verdict-json.md. Prints TAP.
"""
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
WORK = pathlib.Path(tempfile.mkdtemp())
DOCUMENT = (ROOT / "docs/formats/verdict-json.md").read_text()
number = failed = 0


def case(name, good, output=""):
    global number, failed
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - demo: {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in str(output).splitlines()[-20:]), flush=True)


def run(*words, **environment):
    done = subprocess.run([PROGRAM, *words], cwd=WORK, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8", **environment})
    return done.returncode, done.stdout, done.stderr


def port():
    """The first of some below those that connections get by themselves."""
    return str(random.randrange(20000, 32000))


def words_of(heading, quoted=r"`([a-z_]+)`"):
    """The words that the table below HEADING has in its first column."""
    table = DOCUMENT.split(heading + "\n")[1].split("\n## ")[0]
    return {word for row in table.splitlines() if row.startswith("|") for word in
            re.findall(quoted, row.split("|")[1])}


def judge(name, want, code, *words):
    """`verify --json` gives WANT and CODE; what it prints is as documented."""
    got, out, err = run("verify", "--json", *words)
    case(f"gives {want} for {name}", got == code and out.count("\n") == 1, out + err)
    verdict = json.loads(out) if out else {}
    case(f"writes the verdict on {name} as documented", documented(verdict, want), out)


def documented(verdict, want):
    attributes = {"namespace", "name", "label", "value", "by_device"}
    return (verdict.get("verdict") == want
            and words_of("## The object") >= set(verdict) >= {"verdict", "authentic", "format", "documents", "checks"}
            and all(words_of("## A document") >= set(d) >= {"type", "authentic", "bound", "attributes"}
                    and all(attributes >= set(a) >= {"name", "value"} for a in d["attributes"])
                    and (d["authentic"] or not d["attributes"])
                    for d in verdict["documents"])
            and all(words_of("## A row") >= set(c) >= {"check", "outcome", "source"}
                    and c["check"] in words_of("## Checks")
                    and c["outcome"] in {"pass", "fail", "note", "absent", "unknown"}
                    for c in verdict["checks"]))


code, story, err = run("demo", "--port", port(), "-C", "var")
case("tells its story", code == 0, story + err)
case("accepts four times", len(re.findall(r": ACCEPT  ", story)) == 4, story)
case("shows on line, and the desk accepts", story.count("state: done   verdict: accept") == 1, story)
case("accepts for eight purposes on line, for eight by a code", story.count(": on line accept") == 8
     and story.count("by a code, cable out: accept") == 8, story)
case("refuses four times", len(re.findall(r": REJECT  ", story)) == 4, story)
gate = re.findall(r'^\{"verdict":"(\w+)".*', story, re.M)
case("lets a card in at the gate, and not again", gate == ["accept", "reject"] and "card_replay" in story, story)
case("cuts the network at the gate", story.count("(network cable out)") >= 10 or "opens no connection" in story)
case("says SPECIMEN", "SPECIMEN" in story)
code, out, err = run("demo", "--port", port(), "-C", "var")
case("refuses to tell it over what is there", code != 0 and "var" in err, err)
code, out, err = run("demo", "--port", port(), "-C", "var-zh", "--lang", "zh")
case("tells it in Chinese", code == 0 and "通过" in out, out + err)

trust = ["--trust", "var/authority/certificates/population-root.pem", "--status", "var/lists/1.cwt"]
session = ["--session-transcript", "var/hotel/session.cbor"]
judge("the guest", "accept", 0, *trust, *session, "var/hotel/guest.cbor")
judge("the guest in another session", "reject", 3, *trust, "--session-transcript", "var/hotel/another.cbor",
      "var/hotel/guest.cbor")
judge("the guest without a session", "indeterminate", 5, *trust, "var/hotel/guest.cbor")
judge("the guest without a status list", "indeterminate", 5, *trust[:2], *session, "var/hotel/guest.cbor")
judge("the guest with another list", "indeterminate", 5, *trust[:2], "--status", "var/lists/2.cwt", *session,
      "var/hotel/guest.cbor")
judge("a changed guest", "reject", 3, *trust, *session, "var/hotel/tampered.cbor")
judge("the guest of an unknown authority", "reject", 3, *session, "var/hotel/guest.cbor")
judge("the guest in ten years", "reject", 3, *trust, *session, "--at", "2036-01-01T00:00:00Z",
      "var/hotel/guest.cbor")
judge("the driver without the reader's key", "indeterminate", 5, "--trust",
      "var/authority/certificates/traffic-root.pem", "--session-transcript", "var/police/session.cbor",
      "var/police/driver.cbor")
judge("a picture", "reject", 2, *trust, "var/people/specimen-01.jpg")

secrets = [p for p in WORK.glob("var/authority/keys/**/*") if p.is_file()] + [WORK / "var/passphrase"]
case("keeps secrets to itself", secrets and all(p.stat().st_mode & 0o077 == 0 for p in secrets),
     [str(p) for p in secrets])
register = b"".join(p.read_bytes() for p in WORK.glob("var/authority/register/*") if p.is_file())
case("never stores a number or a name in clear", register and b"12011919880808901X" not in register
     and "李示例".encode() not in register)
wallet = b"".join(p.read_bytes() for p in WORK.glob("var/wallets/1/**/*") if p.is_file())
case("never keeps a document in clear", wallet and b"12011919880808901X" not in wallet
     and b"resident_id" not in wallet)

print(f"1..{number}")
shutil.rmtree(WORK)
sys.exit(failed != 0)
