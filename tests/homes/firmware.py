#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The verifier of a microcontroller, on a Cortex-M4 that QEMU plays:
tests/homes/firmware.py build [--program FILE]

What is shown to it is made now by build/tests/documents. The oracle is the
server's home: build/yaopai judges the same bytes, and both must agree on the
verdict and on each row that is not a pass. With a program that plays the board
itself, which is fast, every bit is flipped, but not judged twice. Prints TAP.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()
NOW = "2026-11-22T00:00:10Z"
PATIENCE = 60  # seconds for one answer
number = failed = 0


def case(name, good, why=""):
    global number, failed
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - firmware: {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in str(why).splitlines()), flush=True)


def skip(why):
    print(f"ok 1 - firmware # SKIP {why}")
    sys.exit(0)


class Verifier:
    """firmware/README.md: frames of a letter, a length and content."""

    def __init__(self, words):
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.hello = self.line()

    def line(self):
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        try:
            return self.process.stdout.readline().decode().strip()
        finally:
            timer.cancel()

    def say(self, kind, content=b""):
        self.process.stdin.write(kind.encode() + len(content).to_bytes(2, "big") + content)
        self.process.stdin.flush()
        return self.line()

    def close(self):
        self.process.kill()
        self.process.wait()


def tell(verifier, **told):
    """Forget all, then learn what is TOLD."""
    answers = {verifier.say("n"), verifier.say("t", told.get("now", NOW).encode())}
    for kind, name in (("a", "anchor"), ("d", "signer"), ("s", "session"), ("c", "challenge")):
        if told.get(name):
            answers.add(verifier.say(kind, told[name]))
    assert answers == {"ok"}, answers


def native(content, now=NOW, trust=True):
    """What the program says of CONTENT: verdict and rows, as the line of the verifier."""
    path = work / "shown"
    path.write_bytes(content)
    words = [BUILD / "yaopai", "verify", "--json", "--at", now, "--signer", work / "signer.pem"]
    words += ["--trust", work / "root.pem"] if trust else []
    words += ["--session-transcript", work / "session.cbor"] if content[:1] != b"\x83" else []
    done = subprocess.run([*words, path], capture_output=True, text=True)
    if not done.stdout:
        return "error"
    verdict = json.loads(done.stdout)
    rows = sorted(f"{c['check']}={c['outcome']}" for c in verdict["checks"]
                  if c["outcome"] not in ("pass", "absent"))
    return " ".join([verdict["verdict"], *rows])


def small(answer):
    """The same of an answer of the verifier."""
    if answer.startswith("error"):  # of 2xx: the program calls that a refusal
        return "reject structure=fail"
    verdict, _, _, *rows = answer.split()
    return " ".join([verdict, *sorted(row.split("/")[0] for row in rows)])


def compare(name, want, content, answer, **how):
    theirs = native(content, **how)
    case(name, small(answer) == theirs and answer.startswith(want), f"{answer}\nbut on a server: {theirs}")


def flipped(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def sweep(verifier, what, content):
    """Bits of CONTENT flipped, and its end cut off: judged as on a server. A few bits frame what
    was signed and are not signed themselves, such as those of the version; the first byte says
    what the whole is, and a server may know more kinds."""
    size = len(content)
    bits = range(8, 8 * size) if program else [i * size // 40 * 8 + i % 8 for i in range(1, 40)]
    ends = range(size) if program else [i * size // 12 for i in range(12)]
    changed = [(f"bit {i}", flipped(content, i)) for i in bits] + [(f"{i} bytes", content[:i]) for i in ends]
    wrong = []
    for name, shown in changed:
        answer = verifier.say("v", shown)
        twice = not program or answer.startswith("accept")
        if not answer or twice and small(answer) != native(shown):
            wrong.append(f"{name}: {answer}; on a server: {native(shown)}")
        if not answer:
            break
    case(f"judges {what} with flipped bits, or cut short, as a server does", not wrong, "\n".join(wrong[:20]))


def mdocs(v):
    response = read("response.cbor")
    told = {"anchor": read("root.der"), "session": read("session.cbor")}

    tell(v, **told)
    compare("accepts an mdoc with five of 26 elements", "accept mdoc-device-response 5", response,
            v.say("v", response))
    case("gives the same again", v.say("v", response) == "accept mdoc-device-response 5")
    sweep(v, "it", response)
    answer = v.say("v", read("p384.cbor"))
    case("gives INDETERMINATE, not REJECT, for an algorithm it lacks",
         answer.startswith("indeterminate") and "UNSUPPORTED" in answer, answer)
    case("refuses what is too long, and goes on",
         v.say("v", bytes(9000)) == "error SPACE"
         and v.say("v", response).startswith("accept"))
    case("refuses a frame that it does not know", v.say("x", b"abc") == "error USAGE")

    tell(v, **{**told, "now": "2027-11-22T00:00:00Z"})
    compare("refuses it a year later", "reject", response, v.say("v", response),
            now="2027-11-22T00:00:00Z")
    tell(v, session=told["session"])
    compare("refuses it when nobody is trusted", "reject", response, v.say("v", response), trust=False)
    tell(v, **{**told, "session": flipped(told["session"], 300)})
    answer = v.say("v", response)
    case("refuses it in another session",
         answer.startswith("reject") and "device_auth=fail" in answer, answer)
    tell(v, anchor=told["anchor"])
    answer = v.say("v", response)
    case("gives INDETERMINATE when it is told no session", answer.startswith("indeterminate"), answer)


def cards(v):
    """A card is an array of three; who signed it is known by hash."""
    shown, answered = read("shown.cbor"), read("answered.cbor")
    told = {"anchor": read("root.der"), "signer": read("signer.der")}

    tell(v, **told)
    compare("accepts a card, shown now", "accept card 4", shown, v.say("v", shown))
    sweep(v, "a card", shown)
    answer = v.say("v", answered)
    case("refuses a card for a challenge that it never showed",
         answer.startswith("reject") and "card_challenge=fail" in answer, answer)
    tell(v, **{**told, "now": "2026-11-22T00:02:00Z"})
    compare("refuses a card that was shown two minutes ago", "reject", shown, v.say("v", shown),
            now="2026-11-22T00:02:00Z")
    tell(v, anchor=told["anchor"])
    answer = v.say("v", shown)
    case("never accepts a card whose signer it was not told", not answer.startswith("accept"), answer)
    tell(v, **told, challenge=read("challenge"))
    case("accepts a card for the challenge that it showed", v.say("v", answered) == "accept card 4")
    answer = v.say("v", shown)
    case("refuses a card of this moment where a challenge was shown",
         answer.startswith("reject") and "card_challenge=fail" in answer, answer)
    tell(v, **told, challenge=flipped(read("challenge"), 900))
    case("refuses a card for another challenge", not v.say("v", answered).startswith("accept"))


def memory(v):
    """What was used of what there is, after all of the above."""
    words = v.say("m").split()
    used = {name: (int(used), int(cap)) for name, used, cap in zip(words[5::4], words[6::4], words[8::4])}
    for name, (most, cap) in used.items():
        case(f"never uses all of its {name}: {most} of {cap} bytes", most < cap, words)
    (BUILD / "firmware/memory.txt").write_text(
        "at most {} of {} bytes of stack and {} of {} of the arena were used\n".format(*used["stack"], *used["session"]))


def read(name):
    return (work / name).read_bytes()


def board():
    """The words that start a verifier; None: it could not be built."""
    if program:
        return [str(pathlib.Path(program).resolve())]
    for tool in ("clang-19", "ld.lld-19", "qemu-system-arm"):
        if not shutil.which(tool):
            skip(f"no {tool} here")
    built = subprocess.run([ROOT / "firmware/build", BUILD / "firmware"], capture_output=True, text=True)
    case("is built, and fits into 64 kB and 16 kB", built.returncode == 0, built.stderr)
    return None if built.returncode else [
        "qemu-system-arm", "-M", "mps2-an386", "-cpu", "cortex-m4", "-kernel", BUILD / "firmware/verifier.elf",
        "-nographic", "-monitor", "none", "-serial", "stdio"]


program = sys.argv[3] if sys.argv[2:3] == ["--program"] else None
work = pathlib.Path(tempfile.mkdtemp())
words = board()
if words:
    subprocess.run([BUILD / "tests/documents", work], check=True)
    verifier = Verifier(words)
    try:
        case("starts", verifier.hello == "yaopai verifier", verifier.hello)
        mdocs(verifier)
        cards(verifier)
        if not program:
            memory(verifier)
    finally:
        verifier.close()
shutil.rmtree(work)
print(f"1..{number}")
sys.exit(failed > 0)
