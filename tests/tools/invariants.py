#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Did an authority that was killed keep its word? The journal of its wallets
against its tables, its log and its lists.

    invariants.py FOLDER JOURNAL [--store URL] [--no-verify]

FOLDER has the authority (a/), numbers.txt, what was seen meanwhile (seen.jsonl:
checkpoints and lists) and the build's program in $YAOPAI_BUILD; nobody serves
it. Each line that is printed is something that is not so; exit code 0: none.

    I1  what was acknowledged is there, and revoked where that was answered
    I2  nothing is there twice, and nothing that nobody asked for
    I3  the log says what the ledger says
    I4  the log was only added to, through every head that was seen
    I5  the signed lists say what the ledger says; no revocation went away
    I6  what may be used once was
    I7  every copy that was delivered verifies, and its state is told
    I8  nothing stands half
    I9  nothing is dated in the future, or to the second
    I10 the engine finds its files whole
    I12 no value of a person is in a file of the register or in a log
"""
import argparse
import base64
import collections
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from ledger import COPY, HOLDER, KEY, Hashes, open_ledger  # noqa: E402
from little_cbor import decode  # noqa: E402

VALID, REVOKED = 0, 1
AT_ONCE = 100  # files that one verification is given
DAY = 86400


def unpad(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# ---- what wallets say -------------------------------------------------------

Copy = collections.namedtuple("Copy", "flow n person data key")


def status_of(data):
    """(list, index) that a copy names, and when it says it was made."""
    if data[:1] == b"e":  # letters of an SD-JWT
        said = json.loads(unpad(data.split(b".")[1].decode()))
        made = said["iat"]
    else:
        issued, end = decode(data, ordered=False)
        assert end == len(data)
        inside = decode(issued["issuerAuth"][2], ordered=False)[0].content
        said = decode(inside, ordered=False)[0]
        made = said["validityInfo"]["signed"].content
    place = said["status"]["status_list"]
    return int(place["uri"].rsplit("/", 1)[1]), place["idx"], made


class Journal:
    def __init__(self, folder):
        data = (folder / "copies.bin").read_bytes()
        self.copies, self.revoked, self.said = [], [], []
        self.flow_of_key, self.doubted = {}, set()
        for line in (folder / "journal.jsonl").read_text().splitlines():
            self.take(json.loads(line), data)

    def take(self, e, data):
        if e["kind"] == "made":
            for key in e["keys"]:
                self.flow_of_key.setdefault(bytes.fromhex(key), e["flow"])
        elif e["kind"] == "acked":
            for c in e["copies"]:
                self.copies.append(Copy(
                    e["flow"], e["n"], e["person"],
                    data[c["at"]:c["at"] + c["len"]], bytes.fromhex(c["key"])))
        elif e["kind"] == "revoked":
            self.revoked.append((e["began"], e["person"]))
        elif e["kind"] == "violation":
            self.said.append(e["what"])


# ---- the invariants ---------------------------------------------------------

class Check:
    def __init__(self, folder, journal, url):
        self.folder, self.authority = folder, folder / "a"
        self.db = open_ledger(url)
        self.hash = Hashes(self.authority)
        self.journal = Journal(journal)
        self.numbers = (folder / "numbers.txt").read_text().split()
        self.wrong = []
        build = pathlib.Path(os.environ.get("YAOPAI_BUILD", "build"))
        self.program = build / "yaopai"

    def say(self, which, what):
        self.wrong.append(f"{which}: {what}")

    def none(self, which, sql, what):
        for row in self.db.ask(sql):
            self.say(which, f"{what}: " + ", ".join(
                v.hex() if isinstance(v, bytes) else str(v) for v in row))

    # what is where
    def load(self):
        ask = self.db.ask
        self.document = {d[0]: d[1:] for d in ask(
            "SELECT id, holder, state, copies FROM document")}
        self.copy, self.by_key = {}, {}
        for h, key, document in ask(
                "SELECT hash, key_hash, document FROM document_copy"):
            self.copy[h] = (key, document)
            self.by_key.setdefault(key, []).append(document)
        self.entry = {(a, b): (d, s) for a, b, d, s in ask(
            "SELECT list, idx, document, state FROM status_entry")}

    def no_loss(self):
        holders = [self.hash.of(HOLDER, n.encode()) for n in self.numbers]
        self.of_copy, lost = {}, set()
        for c in self.journal.copies:
            found = self.copy.get(self.hash.of(COPY, c.data))
            number, index, _ = status_of(c.data)
            if found is None:
                lost.add(c.flow)
                self.say("I1", f"a copy of flow {c.flow} is not in the ledger")
                continue
            key, document = found
            about = self.document.get(document)
            self.of_copy[c] = document
            if key != self.hash.of(KEY, c.key) or about is None \
                    or about[0] != holders[c.person]:
                self.say("I1", f"flow {c.flow}: another key, or person")
            elif about[1] not in (VALID, REVOKED):
                self.say("I1", f"flow {c.flow}: state {about[1]}")
            if self.entry.get((number, index), (None,))[0] != document:
                self.say("I1", f"flow {c.flow}: the index has another owner")
        for began, person in self.journal.revoked:
            for c, document in self.of_copy.items():
                if c.person == person and c.n < began \
                        and self.document[document][1] != REVOKED:
                    lost.add(c.flow)
                    self.say("I1", f"flow {c.flow}: a revocation was answered, "
                             "and is gone")
        self.lost = len(lost)

    def no_doubling(self):
        before = len(self.wrong)
        for table, columns in (
                ("document", "id"), ("document_copy", "hash"),
                ("document_copy", "key_hash"), ("status_entry", "list, idx"),
                ("status_change", "id"), ("person_key", "kind, hash")):
            self.none("I2", f"SELECT {columns}, COUNT(*) FROM {table} "
                      f"GROUP BY {columns} HAVING COUNT(*) > 1",
                      f"twice in {table}")
        flows = {self.hash.of(KEY, key): flow
                 for key, flow in self.journal.flow_of_key.items()}
        of_flow = collections.defaultdict(set)
        for key, documents in self.by_key.items():
            if key not in flows:
                self.say("I2", "a copy for a key that nobody asked with")
            else:
                of_flow[flows[key]].update(documents)
        for flow, documents in of_flow.items():
            if len(documents) > 1:
                self.say("I2", f"flow {flow} has {len(documents)} documents")
        acked = {c.flow for c in self.journal.copies}
        self.unheard = len(set(of_flow) - acked)
        seen = set()
        for c in self.journal.copies:
            if c.data in seen:
                self.say("I2", f"flow {c.flow}: a copy that was given before")
            seen.add(c.data)
        for what in self.journal.said:
            self.wrong.append(what)
        self.doubled = len(self.wrong) - before

    def used_once(self):
        self.none("I6", "SELECT kind, hash, COUNT(*) FROM once "
                  "GROUP BY kind, hash HAVING COUNT(*) > 1", "used twice")
        self.none("I6", "SELECT name, COUNT(*) FROM lease GROUP BY name "
                  "HAVING COUNT(*) > 1", "two leaders")

    def nothing_half(self):
        self.none("I8", "SELECT d.id, d.copies FROM document d WHERE copies "
                  "<> (SELECT COUNT(*) FROM document_copy c "
                  "WHERE c.document = d.id)", "a batch with other copies")
        self.none("I8", "SELECT d.id FROM document d WHERE copies <> (SELECT "
                  "COUNT(*) FROM status_entry e WHERE e.document = d.id)",
                  "a batch with other indexes")
        self.none("I8", "SELECT l.number FROM status_list l WHERE allocated <> "
                  "(SELECT COUNT(*) FROM status_entry e WHERE e.list = "
                  "l.number)", "a list that counts wrongly")
        self.none("I8", "SELECT d.id, d.state FROM document d WHERE d.state <> "
                  "0 AND NOT EXISTS (SELECT 1 FROM status_change c WHERE "
                  "c.issuance = d.issuance AND c.state = d.state)",
                  "a state without its change")
        self.none("I8", "SELECT e.list, e.idx FROM status_entry e JOIN "
                  "document d ON d.id = e.document WHERE d.state = 1 AND "
                  "e.state <> 1", "a revoked batch with an entry that is not")
        self.none("I8", "SELECT e.list, e.idx FROM status_entry e JOIN "
                  "document d ON d.id = e.document WHERE d.state = 0 AND "
                  "e.state <> 0", "a valid batch with an entry that is not")

    # the log
    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)],
                              capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def log_is_ledger(self):
        code, out, err = self.run("audit", "publish", "-C", self.authority)
        if code != 0:
            self.say("I3", "the log can't be brought up to date: " + err)
        code, out, err = self.run("audit", "verify", "--json", "--ledger",
                                  self.authority)
        said = json.loads(out) if out else {}
        if code != 0 or not said.get("ledger", {}).get("balanced"):
            self.say("I3", f"log and ledger do not agree: {out}{err}")

    def log_only_grows(self):
        rows = self.db.ask("SELECT idx, leaf FROM log_entry ORDER BY idx")
        if [r[0] for r in rows] != list(range(len(rows))):
            self.say("I4", "a leaf is missing")
        roots, stack, number = {0: hashlib.sha256(b"").digest()}, [], 0
        seen = collections.defaultdict(set)
        for size, root in self.heads():
            seen[size].add(root)
        for _, leaf in rows:
            node, number = hashlib.sha256(b"\0" + leaf).digest(), number + 1
            height = 0
            while stack and stack[-1][0] == height:
                node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
                height += 1
            stack.append((height, node))
            if number in seen:
                top = stack[-1][1]
                for _, left in stack[-2::-1]:
                    top = hashlib.sha256(b"\1" + left + top).digest()
                roots[number] = top
        for size, found in seen.items():
            if found != {roots.get(size)}:
                self.say("I4", f"a head of {size} leaves is not its beginning")
        self.witnessed = len(seen)
        heads = self.db.ask("SELECT number, size, at FROM log_head "
                            "ORDER BY number")
        for before, after in zip(heads, heads[1:]):
            if after[1] < before[1] or after[2] < before[2]:
                self.say("I4", f"head {after[0]} goes back")

    def heads(self):
        for line in self.lines("seen.jsonl"):
            if "checkpoint" in line:
                _, size, root = line["checkpoint"].split("\n")[:3]
                yield int(size), base64.b64decode(root)
        for size, root in self.db.ask("SELECT size, root FROM log_head"):
            yield size, root

    def lines(self, name):
        path = self.folder / name
        if path.exists():
            for line in path.read_text("utf-8").splitlines():
                yield json.loads(line)

    # the lists
    @staticmethod
    def open_list(token):
        said = json.loads(unpad(token.split(".")[1]))
        bits = said["status_list"]["bits"]
        packed = zlib.decompress(unpad(said["status_list"]["lst"]))
        per, mask = 8 // bits, (1 << bits) - 1
        return {i * per + n: byte >> n * bits & mask
                for i, byte in enumerate(packed) if byte
                for n in range(per) if byte >> n * bits & mask}

    def lists_are_ledger(self):
        self.lists = self.folder / "lists"
        code, _, err = self.run("statuslist", "publish", "-C", self.authority,
                                "--output", self.lists)
        if code != 0:
            self.say("I5", "the lists can't be signed: " + err)
            return
        now = {}
        for path in self.lists.glob("*.jwt"):
            now[int(path.stem)] = self.open_list(path.read_text())
        for (number, index), (_, state) in self.entry.items():
            if now.get(number, {}).get(index, 0) != state:
                self.say("I5", f"list {number} says of {index} other than the "
                         f"ledger, which has {state}")
        for number, entries in now.items():
            for index in entries:
                if (number, index) not in self.entry:
                    self.say("I5", f"list {number} has {index}, nobody's")
        self.listed = 0
        for line in self.lines("seen.jsonl"):
            if "list" not in line:
                continue
            self.listed += 1
            for index, state in self.open_list(line["token"]).items():
                if state == REVOKED and \
                        now.get(line["list"], {}).get(index) != REVOKED:
                    self.say("I5", f"list {line['list']}: {index} was revoked")

    # the copies
    def copies_verify(self):
        certificates = self.authority / "certificates"
        trust = ["--trust", certificates / "population-root.pem"]
        for path in sorted(self.lists.glob("*.jwt")):
            trust += ["--status", path]
        with tempfile.TemporaryDirectory() as room:
            files = []
            for n, c in enumerate(self.journal.copies):
                path = pathlib.Path(room, str(n))
                path.write_bytes(c.data)
                files.append((path, c))
            for at in range(0, len(files), AT_ONCE):
                self.verify_some(trust, files[at:at + AT_ONCE])

    def verify_some(self, trust, files):
        _, out, err = self.run("verify", "--json", *trust,
                               *(path for path, _ in files))
        said = [json.loads(line) for line in out.splitlines()]
        if len(said) != len(files):
            self.say("I7", "not a verdict for each copy: " + err)
            return
        for verdict, (_, c) in zip(said, files):
            revoked = self.document.get(self.of_copy.get(c), (0, 0))[1]
            state = (verdict["documents"] or [{}])[0].get(
                "status", {}).get("state")
            good = verdict["authentic"] and (
                (state, verdict["verdict"]) ==
                (("revoked", "reject") if revoked else ("valid", "accept")))
            if not good:
                self.say("I7", f"flow {c.flow}: {verdict['verdict']}, {state}")

    def nothing_later(self):
        now = time.time()
        self.none("I9", f"SELECT id, issued FROM document WHERE issued > "
                  f"{int(now) + 5}", "issued in the future")
        for c in self.journal.copies:
            made = status_of(c.data)[2]
            if isinstance(made, str):
                if not made.endswith("T00:00:00Z"):
                    self.say("I9", f"flow {c.flow}: {made}")
            elif made % DAY != 0 or made > now:
                self.say("I9", f"flow {c.flow}: {made}")

    def engine_is_whole(self):
        for what in self.db.whole():
            self.say("I10", what)

    def no_value_leaks(self, places):
        words = [n.encode() for n in self.numbers]
        for line in self.lines("people.jsonl"):
            words += [line["name"].encode(), line["address"].encode()] \
                if len(line["name"]) > 2 else [line["address"].encode()]
        for place in places:
            for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
                if not path.is_file():
                    continue
                data = path.read_bytes()
                for word in words:
                    if word in data:
                        self.say("I12", f"a value of a person in {path.name}")
                        break


def check(folder, journal, url, places=(), verify=True):
    """The sentences, and figures."""
    c = Check(folder, journal, url)
    c.lists = folder / "lists"
    c.log_is_ledger()
    c.load()
    c.no_loss()
    c.no_doubling()
    c.used_once()
    c.nothing_half()
    c.log_only_grows()
    c.lists_are_ledger()
    if verify:
        c.copies_verify()
    c.nothing_later()
    c.engine_is_whole()
    c.no_value_leaks([c.authority, *places])
    c.db.close()
    return c.wrong, {
        "acked": len({x.flow for x in c.journal.copies}),
        "copies": len(c.journal.copies), "lost": c.lost,
        "doubled": c.doubled, "unheard": c.unheard,
        "revoked": len(c.journal.revoked), "heads": c.witnessed,
        "documents": len(c.document)}


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("journal", type=pathlib.Path)
    options.add_argument("--store")
    options.add_argument("--no-verify", action="store_true")
    given = options.parse_args()
    url = given.store or f"sqlite:{given.folder}/a/register/register.db"
    wrong, figures = check(given.folder, given.journal, url,
                           verify=not given.no_verify)
    print("\n".join(wrong[:50]))
    print(json.dumps(figures))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
