#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Refuse an #include that the table tools/layers.txt does not allow.

Also refused: a cycle in the table, conditional code in the core, and a
core/files.txt that is not what lies in core/.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FREESTANDING = {"limits.h", "stdbool.h", "stddef.h", "stdint.h"}
BESIDE = ("_test.c", "_fuzz.c", "_bench.c")

allowed, owner, library, conditional = {}, {}, {}, set()
complaints = []


def complain(where, what):
    complaints.append(f"{where}: {what}")


def folders(top):
    path = ROOT / top
    return {p.name for p in path.iterdir() if p.is_dir()} if path.is_dir() else set()


def read_table():
    groups = {"core": folders("core"), "ports": folders("ports")}
    for line in (ROOT / "tools/layers.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        kind, *rest = words
        if kind == "header":
            owner.update((name, rest[0]) for name in rest[1:])
        elif kind == "library":
            library[rest[0]] = set(rest[1:])
        elif kind == "if":
            conditional.add(rest[0])
        else:
            allowed[kind] = {kind, "base"}
            for name in rest:
                allowed[kind] |= groups.get(name, {name})


def check_cycles():
    done, path = set(), []

    def walk(folder):
        if folder in path:
            complain("tools/layers.txt", "a cycle: " + " > ".join(path[path.index(folder):] + [folder]))
        elif folder not in done:
            path.append(folder)
            for below in allowed.get(folder, set()) - {folder, "base"}:
                walk(below)
            path.pop()
            done.add(folder)

    for folder in sorted(allowed):
        walk(folder)


def check_include(where, folder, in_core, quoted, name):
    if not quoted:
        if in_core and name not in FREESTANDING:
            complain(where, f"the core includes <{name}>; only {', '.join(sorted(FREESTANDING))} are freestanding")
        for start, homes in library.items():
            if name.startswith(start) and folder not in homes:
                complain(where, f"<{name}> belongs behind {', '.join(sorted(homes))}, not in {folder}")
        return
    if "/" not in name:
        return  # a neighbour in the same folder
    first, rest = name.split("/", 1)
    target = owner.get(rest) if first == "yaopai" else first
    if target is None:
        complain(where, f"\"{name}\" has no owner in tools/layers.txt")
    elif target not in allowed[folder]:
        complain(where, f"{folder} may not use {target} (\"{name}\")")


def check_file(path, folder, in_core):
    short = path.relative_to(ROOT).as_posix()
    if folder not in allowed:
        complain(short, f"{folder} has no row in tools/layers.txt")
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f"{short}:{number}"
        if m := re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line):
            check_include(where, folder, in_core, m[1] == '"', m[2])
        elif in_core and re.match(r"\s*#\s*(if|ifdef|ifndef|elif)\b", line) \
                and short not in conditional \
                and not re.match(r"#ifndef YAO_\w+_H$", line):
            complain(where, "conditional code in the core; make it another file, or give a reason in tools/layers.txt")


def check_tree():
    for top in ("core", "ports", "programs"):
        for path in sorted((ROOT / top).rglob("*.[ch]")):
            parts = path.relative_to(ROOT / top).parts
            if len(parts) > 1 and not path.name.endswith(BESIDE):
                check_file(path, parts[0], top == "core")
    for top in ("wasm", "firmware"):
        for path in sorted((ROOT / top).glob("*.[ch]")):
            check_file(path, top, False)
    for path in sorted((ROOT / "include/yaopai").glob("*.h")):
        home = owner.get(path.name)
        if home is None:
            complain(path.relative_to(ROOT), "no owner in tools/layers.txt")
        else:
            check_file(path, home, home in folders("core"))


def check_list():
    there = {p.relative_to(ROOT).as_posix() for p in (ROOT / "core").rglob("*.c")
             if not p.name.endswith(BESIDE)}
    listed = (ROOT / "core/files.txt").read_text().split()
    for name in sorted(there ^ set(listed)):
        complain("core/files.txt", f"{name} is {'missing' if name in there else 'not in the tree'}; run tools/list-core")
    if len(listed) != len(set(listed)):
        complain("core/files.txt", "a file is listed twice")


read_table()
check_cycles()
check_tree()
check_list()
print("\n".join(complaints), end="\n" if complaints else "")
sys.exit(bool(complaints))
