#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A face engine for tests: it sees what tests draw, and knows nobody.

    face_mock.py [MODE]

Speaks docs/formats/face.md on standard input and output, and does nothing
unless it is told that this is a demonstration. A picture says by the colour of
its blocks of 16 x 16 pixels what is to be seen in it:

    block 0   red    faces, 40 for each
              green  yaw: (green - 128) / 2 degrees
              blue   side of the face in pixels, times 2
    block 1   red    whose face: an angle in degrees between vectors
              green  confidence, 255 is all

MODE is a way of misbehaving; those are the words of `MODES` below. Three see other
pictures than those: `alike` one straight face in each, always the same person's,
`unlike` another person's where a picture is higher than wide, `nobody` none.
"""
import hashlib
import math
import os
import socket
import struct
import sys
import time

MODES = """normal engine die hang garbage long empty number many outside float
           zero short failing blind spy changing plain chatty alike unlike nobody""".split()
DIMS = 8
VENDOR = "yaopai-test-engine 1"


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    for info, form, top in (24, ">B", 256), (25, ">H", 1 << 16), (26, ">I", 1 << 32):
        if n < top:
            return bytes([major << 5 | info]) + struct.pack(form, n)
    raise ValueError(n)


def dump(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(map(dump, value))


def load(data, at=0):
    first, at = data[at], at + 1
    major, n = first >> 5, first & 31
    if n >= 24 and major != 7:
        size = 1 << (n - 24)
        n, at = int.from_bytes(data[at:at + size], "big"), at + size
    if major == 0:
        return n, at
    if major in (2, 3):
        piece = data[at:at + n]
        return (piece if major == 2 else piece.decode()), at + n
    if major == 4:
        items = []
        for _ in range(n):
            item, at = load(data, at)
            items.append(item)
        return items, at
    return {20: False, 21: True}[n], at


def read(n):
    data = b""
    while len(data) < n:
        more = os.read(0, n - len(data))
        if not more:
            sys.exit(0)
        data += more
    return data


def block(picture, which):
    """The colour in the middle of a block."""
    width, _, pixels = picture
    at = (8 * width + which * 16 + 8) * 3
    return pixels[at:at + 3]


def face(picture):
    _, green, blue = block(picture, 0)
    side = min(max(1, round(blue / 255 * 510)), picture[0], picture[1])
    confidence = round(block(picture, 1)[1] / 255 * 1000000)
    return [(picture[0] - side) // 2, (picture[1] - side) // 2, side, side,
            confidence, round((green - 128) / 2 * 10), 0, 0]


def vector(picture, mode):
    angle = math.radians(block(picture, 1)[0])
    if mode in ("alike", "unlike"):
        angle = math.radians(90 if mode == "unlike" and picture[1] > picture[0] else 0)
    numbers = [round(127 * math.cos(angle)), round(127 * math.sin(angle))]
    return struct.pack(f"{DIMS}b", *numbers, *[0] * (DIMS - 2))


def escapes():
    """How much of what an engine may not do succeeds."""
    def write_file():
        with open(f"/tmp/face-mock-{os.getpid()}", "x") as out:
            out.write("out")

    def be_two():
        if os.fork() == 0:
            os._exit(0)

    def talk():
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()

    done = 0
    for attempt in write_file, be_two, talk, lambda: os.fstat(3):
        try:
            attempt()
            done += 1
        except OSError:
            pass
    return done


def see(mode, picture):
    if mode in ("alike", "unlike", "nobody"):
        side = min(picture[0], picture[1]) * 3 // 4
        middle = [(picture[0] - side) // 2, (picture[1] - side) // 2, side, side, 900000, 0, 0, 0]
        return [] if mode == "nobody" else [middle]
    if mode == "spy":
        return [face(picture)] * escapes()
    faces = [face(picture)] * round(block(picture, 0)[0] / 40)
    if mode == "many":
        faces = [face(picture)] * 9
    if mode == "outside":
        faces = [[picture[0] - 1, 0, 2, 2, 0, 0, 0, 0]]
    if mode == "float":
        faces = [[0, 0, 16, 16, math.nan, 0, 0, 0]]
    return faces


def answer(mode, request):
    verb = request[1]
    if verb == "info":
        model = str(os.getpid()) if mode == "changing" else "model"
        grade = "demo" if mode == "plain" else "test"
        if not request[2] and mode != "plain":
            return 4, None
        return 0, [1, VENDOR, "angles", hashlib.sha256(model.encode()).digest(), grade,
                   "engine" if mode == "engine" else "cos", DIMS]
    if mode == "failing":
        return 3, None
    if verb == "detect":
        return 0, see(mode, request[2])
    if verb == "extract":
        if mode == "blind":
            return 2, None
        return 0, {"zero": bytes(DIMS), "short": b"\x01"}.get(mode) or vector(request[3], mode)
    if verb == "match":
        a, b = (struct.unpack(f"{DIMS}b", v) for v in request[2:])
        return 0, 900000 if a == b else 100000
    return 1, None


def main():
    mode = sys.argv[1] if len(sys.argv) > 1 else "normal"
    if mode not in MODES:
        sys.exit(f"face_mock: {mode}: none of {' '.join(MODES)}")
    while True:
        request, _ = load(read(struct.unpack(">I", read(4))[0]))
        if request[1] != "info":
            if mode == "die":
                sys.exit(1)
            if mode == "hang":
                time.sleep(3600)
        number = request[0] + (mode == "number" and request[1] != "info")
        code, result = answer(mode, request)
        message = dump([number, code, result])
        if mode == "garbage" and request[1] != "info":
            message = b"\xff\xfe<html>"
        if mode == "empty" and request[1] != "info":
            message = b""
        length = 1 << 30 if mode == "long" and request[1] != "info" else len(message)
        if mode == "chatty":
            message += struct.pack(">I", 3) + b"more"
        os.write(1, struct.pack(">I", length) + message)
        if mode == "changing":
            sys.exit(0)


main()
