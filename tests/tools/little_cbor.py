# SPDX-License-Identifier: Apache-2.0
"""CBOR by another hand than the core's: deterministic encoding, and a strict
reader (keys in order, nothing cut short). For the tools of this folder."""


class Tag:
    def __init__(self, number, content):
        self.number, self.content = number, content


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | extra]) + number.to_bytes(size, "big")
    raise ValueError(number)


def encode(value):
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, Tag):
        return head(6, value.number) + encode(value.content)
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    assert isinstance(value, dict), value
    return head(5, len(value)) + b"".join(encode(k) + encode(v)
                                          for k, v in value.items())


def decode(data, at=0, ordered=True):
    """One item at AT; gives it and the place behind it."""
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    number = info
    if info >= 24:
        size = 1 << info - 24
        assert info < 28
        number = int.from_bytes(data[at:at + size], "big")
        at += size
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        raw = data[at:at + number]
        assert len(raw) == number
        return (raw if major == 2 else raw.decode()), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = decode(data, at, ordered)
            items.append(item)
        return items, at
    if major == 5:
        pairs, last = {}, b""
        for _ in range(number):
            start = at
            key, at = decode(data, at, ordered)
            assert not ordered or last < data[start:at], "keys out of order"
            last = data[start:at]
            pairs[key], at = decode(data, at, ordered)
        return pairs, at
    if major == 6:
        content, at = decode(data, at, ordered)
        return Tag(number, content), at
    return {20: False, 21: True, 22: None}[number], at
