#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tools refuse what they are there to refuse. Prints TAP.

Each case breaks one thing in a copy of the tree, and the tool must say so;
untouched, the copy must pass.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
TREE = pathlib.Path(tempfile.mkdtemp()) / "tree"
number = failed = 0


def copy_tree():
    def skip(folder, names):
        return [n for n in names if n in ("build", "var", ".git", "node_modules", "corpus", "vectors")
                or n.startswith("build-")]
    shutil.copytree(ROOT, TREE, ignore=skip, symlinks=True)


def run(*command):
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def case(name, good, output=""):
    global number, failed
    number += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in output.splitlines()[:20]), flush=True)


def refuses(name, command, path, text, words, append=False):
    """With TEXT in PATH, COMMAND fails and says WORDS about it."""
    path = TREE / path
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((before or "") + text if append else text)
    code, output = run(*command)
    case(f"refuses {name}", code != 0 and words in output, output)
    path.unlink() if before is None else path.write_text(before)


copy_tree()
LAYERS, STYLE, DOCS = ["tools/check-layers.py"], ["tools/check-style", "--quiet"], ["tools/check-docs"]

MISUSE, CASES = ["tools/check-misuse"], "tests/misuse/cases.txt"
code, output = run(*MISUSE)
case("misuse: accepts the tree", code == 0, output)
lines = (ROOT / CASES).read_text().splitlines(keepends=True)
for name, text, words in [
    ("a case that is not listed", [l for l in lines if not l.startswith("N021 ")], "N021: not in"),
    ("a file without such a row", lines + ["N021 core/base/base_test.c\n"], "N021: no row of core/base/base_test.c"),
    ("an id in a comment alone", lines + ["N047 core/mdoc/device_test.c\n"], "N047: no row of core/mdoc"),
    ("a file that is no test", lines + ["N021 core/mdoc/verify.c\n"], "is no test"),
    ("a reason beside a test", lines + ["N021 reason: it is too much work for us now\n"], "a reason beside"),
    ("a reason of one word", [l.replace(l[5:], "reason: later\n") if l.startswith("N048") else l for l in lines],
     "N048: say in a sentence"),
    ("an id of no case", lines + ["N399 core/mdoc/verify_test.c\n"], "an id of the groups"),
    ("an id with nothing", lines + ["N021\n"], "an id of the groups"),
    ("a target that is none", lines + ["F02 core/cose/cose_test.c\n"], "is no fuzz target"),
    ("a target without a line", [l for l in lines if not l.startswith("F02 ")], "F02: not in"),
]:
    refuses(f"misuse: {name}", MISUSE, CASES, "".join(text), words)

HOOKS = ["tools/check-hooks"]
code, output = run(*HOOKS)
case("hooks: accepts the tree", code == 0, output)
for name, path, text, words in [
    ("a hook in the product", "programs/app/clock.c", "long yao_test_hook_x;\n", "a hook in the product"),
    ("a hook that is not listed", "tests/hooks/clock.c", 'x("YAOPAI_TEST_FAIL");\n', "list.txt says None"),
    ("a hook that is not there", "tests/hooks/list.txt", "yao_test_hook_x  clock.c  x\n", "it is in None"),
    ("a word of the environment that nobody knows", "ports/net/x.c", 'getenv("YAOPAI_SKIP");\n', "reads YAOPAI_SKIP"),
    ("a variable's word", "core/base/base.c", "getenv(word);\n", "reads word"),
]:
    refuses(f"hooks: {name}", HOOKS, path, text, words, append=True)
fake = TREE / "fake"  # a release with a hook in it
fake.mkdir()
shutil.copy("/bin/true", fake / "yaopai")
code, output = run(*HOOKS, "fake")
case("hooks: accepts a build without", code == 0, output)
with open(fake / "yaopai", "ab") as binary:
    binary.write(b"YAOPAI_TEST_CLOCK\0")
code, output = run(*HOOKS, "fake")
case("hooks: refuses a release with a hook's word", code != 0 and "has YAOPAI_TEST_CLOCK" in output, output)
code, output = run(*HOOKS, "nowhere")
case("hooks: refuses to look at nothing", code != 0 and "nothing was built" in output, output)

OPENAPI, AUTHORITY = ["tools/check-openapi"], "docs/api/authority.json"
code, output = run(*OPENAPI)
case("openapi: accepts the tree", code == 0, output)
whole = (TREE / AUTHORITY).read_text()
for name, old, new, words in [
    ("another version", '"3.1.0"', '"3.0.3"', "is not 3.1.0"),
    ("a member that is none", '"summary": "Push', '"sumary": "Push', "has no summary"),
    ("a reference to nothing", "#/components/schemas/Pushed", "#/components/schemas/Pushd", "leads nowhere"),
    ("a schema that nobody uses", "#/components/schemas/Pushed", "#/components/schemas/Error", "Pushed: is not used"),
    ("a name in a path that is not described", '"/offers/{id}"', '"/offers/{ix}"', "{ix} is not described"),
    ("a type that is none", '"type": "boolean"', '"type": "bool"', "bool is no type"),
    ("a scheme that is none", '"dpop": []', '"dpup": []', "dpup is no scheme"),
    ("a status that is none", '"201": {', '"2O1": {', "2O1 is no status"),
    ("a member twice", '"openapi": "3.1.0",', '"openapi": "3.1.0", "openapi": "3.1.0",', "a member twice"),
]:
    refuses(f"openapi: {name}", OPENAPI, AUTHORITY, whole.replace(old, new, 1), words)

code, output = run(*LAYERS)
case("layers: accepts the tree", code == 0, output)
HERE = "core/base/base.c"  # a file that is listed
for name, path, text, words in [
    ("<string.h> in the core", HERE, "#include <string.h>\n", "freestanding"),
    ("<stdio.h> in an installed header", "include/yaopai/base.h", "#include <stdio.h>\n", "freestanding"),
    ("a sibling that the table does not name", "core/cbor/cbor.h", '#include "json/json.h"\n', "may not use json"),
    ("a look upwards", HERE, '#include "mdoc/mdoc.h"\n', "may not use mdoc"),
    ("a port in the core", HERE, '#include "yaopai/openssl.h"\n', "may not use crypto_openssl"),
    ("one port in another", "ports/crypto_openssl/x.c", '#include "store/store.h"\n', "may not use store"),
    ("one program in another", "programs/wallet/x.c", '#include "authority/x.h"\n', "may not use authority"),
    ("OpenSSL outside its port", "programs/wallet/x.c", "#include <openssl/evp.h>\n", "belongs behind"),
    ("a header without an owner", HERE, '#include "yaopai/nobody.h"\n', "no owner"),
    ("a folder without a row", "core/nobody/x.c", "\n", "no row"),
    ("conditional code in the core", HERE, "#ifdef __linux__\n#endif\n", "conditional code"),
    ("a file that is not listed", "core/base/unlisted.c", SPDX, "missing"),
    ("a list of what is not there", "core/files.txt", "core/base/gone.c\n", "not in the tree"),
    ("a cycle in the table", "tools/layers.txt", "json der\nder json\n", "a cycle"),
]:
    refuses("layers: " + name, LAYERS, path, text, words, append=True)

for name, text, words in [
    ("sprintf", SPDX + "void f(char *s) { sprintf(s, \"x\"); }\n", "sprintf() is banned"),
    ("atoi", SPDX + "int f(char *s) { return atoi (s); }\n", "atoi() is banned"),
    ("gmtime", SPDX + "void *f(long *s) { return gmtime(s); }\n", "gmtime() is banned"),
    ("a file without its licence line", "int x;\n", "no SPDX line"),
    ("a tab", SPDX + "\tint x;\n", "a tab"),
]:
    refuses("style: " + name, STYLE, "programs/app/x.c", text, words)
(TREE / "programs/app/x.c").write_text(SPDX + "/* sprintf( */ const char *x = \"atoi(\";\n"
                                       "int f(void) { return my_atoi(gmtime_r); }\n")
code, output = run(*STYLE)
case("style: accepts banned words in comments and strings", "x.c" not in output, output)
(TREE / "programs/app/x.c").unlink()

GUARD = SPDX + "#ifndef YAO_X_H\n#define YAO_X_H\n#include \"yaopai/base.h\"\n%s\n#endif\n"
for name, path, text, words in [
    ("a function without a comment", "core/base/x.h", GUARD % "int yao_bare(void);", "yao_bare() has no comment"),
    ("a comment that an empty line ends", "core/base/x.h",
     GUARD % "/** One. */\nint yao_one(void);\n\nint yao_bare(void);", "yao_bare() has no comment"),
    ("a listed error that no test names", "core/base/x.h",
     GUARD % "/**\n * Do.\n *\n * Errors  YAO_E_SECRET_OF_NOBODY  never\n */\nint yao_do(void);",
     "YAO_E_SECRET_OF_NOBODY is listed"),
    ("a header that needs another", "core/base/x.h", GUARD % "/** Do. */\nint yao_do(FILE *f);", "compile alone"),
    ("a path that is not there", "docs/x.md", "See `core/base/gone.c`.\n", "names `core/base/gone.c`"),
    ("a link that leads nowhere", "docs/x.md", "See [this](gone.md).\n", "links to gone.md"),
    ("a script that is not there", "docs/x.md", "Run\n\n    ./gone now\n", "runs ./gone"),
]:
    refuses("docs: " + name, DOCS, path, text, words)
(TREE / "core/base/x.h").write_text(GUARD % "/** Two. */\nint yao_a(void);\nint yao_b(void);\n")
code, output = run(*DOCS)
case("docs: accepts one comment over a group", "core/base/x.h" not in output, output)
(TREE / "core/base/x.h").unlink()

if shutil.which("clang-19") and shutil.which("wasm-ld-19"):
    FREE = ["tools/check-freestanding", "build"]
    shutil.rmtree(TREE / "core/mdoc", ignore_errors=True)  # the fewer, the faster
    (TREE / "core/files.txt").write_text(HERE + "\n")
    code, output = run(*FREE)
    case("freestanding: accepts a core of one file", code == 0, output)
    refuses("freestanding: a need for malloc", FREE, HERE,
            "extern void *malloc(size_t n);\nvoid *yao_x(void);\nvoid *yao_x(void) { return malloc(1); }\n",
            "needs from its home: malloc", append=True)
    refuses("freestanding: writable data", FREE, HERE,
            "extern int yao_x;\nint yao_x = 1;\n", "writable data", append=True)
    refuses("freestanding: a warning", FREE, HERE, "int yao_x(void) { }\n", "error", append=True)
else:
    number += 1
    print(f"ok {number} - freestanding # SKIP no clang-19")

LOG = TREE / "testlog.json"
for name, tests, want in [
    ("every case", [("OK", "1..3\nok 1 - a\nok 2 # SKIP b\nok 3 - c\n")], "2 0 1"),
    ("a failed case", [("FAIL", "1..2\nok 1 - a\nnot ok 2 - b\n")], "1 1 0"),
    ("a program that died", [("ERROR", "1..2\nok 1 - a\n")], "1 1 0"),
    ("a program that printed nothing", [("OK", "")], "0 1 0"),
    ("a program that was stopped", [("TIMEOUT", "ok 1 - a\n"), ("OK", "ok 1 - a\n")], "2 1 0"),
    ("a program that skips all", [("SKIP", "1..0 # SKIP no corpus\n")], "0 0 1"),
]:
    LOG.write_text("".join(json.dumps({"name": "x", "result": r, "stdout": s}) + "\n" for r, s in tests))
    done = subprocess.run(["tools/count-tap", str(LOG)], cwd=TREE, capture_output=True, text=True)
    case(f"count-tap: gives {name}", done.stdout.strip() == want, done.stdout)

print(f"1..{number}")
shutil.rmtree(TREE.parent)
sys.exit(failed != 0)
