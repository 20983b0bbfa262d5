"""What happens to files on their way: bits flip, ends are missing, parts are swapped, repeated and nested."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable, Sequence
from random import Random

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST = 400_000
"""Bytes of a mutated file: enough for what grows with the square of the length to be seen in its time."""

_TOKENS: Sequence[bytes] = [
    b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\xc3", b"\r", b"\r\n", b"\n\n", b"\xe2\x80\xa8", b"\xc2\x85",
    b"\x1b[31m",
    b"null", b"NaN", b"1e999", b"-1", b"9" * 5_000, b"1e-400", b"true", b'"', b"'", b"\\", b"\\ud83d", b"\\u0000",
    b"{", b"}",
    b"[", b"]", b",", b":", b"<", b">", b"&", b"&amp;lt;", b"&#xd800;", b"&#0;", b"]]>", b"<![CDATA[", b"<!--",
    b"-->", b"<?x",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"@article{x,", b"@comment{", b"@string{", b"#", b"$", b"%", b"~",
    b"\\'{e}",
    b"\\begin{a}", b"\\verb", b"\\frac", b"TY  - JOUR\n", b"ER  - \n", b"PMID- 1\n", b"AB  - ", b"      ", b"\t",
    b";", b"|",
    b"0000-00-00", b"9999-99-99", b"2024-02-31", b"-0001", b"10.48550/arXiv.2401.00001", b"hep-th/9901001v9",
    b" and ", b"=20",
    b"\xf3\xa0\x81\x81", b"\xe2\x80\xae", b"\xcc\x81" * 50, b"withdrawn", b"Retracted Publication", b"RETRACTED: ",
]  # fmt: skip
_NESTS: Sequence[tuple[bytes, bytes]] = [
    (b"{", b"}"), (b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"<div>", b"</div>"), (b"(", b")"),
    (b"\\textit{", b"}"),
    (b"{\\'", b"}"), (b'"', b'"'), (b"<PubmedArticle>", b"</PubmedArticle>"), (b"$", b"$"), (b"\\[", b"\\]"),
]  # fmt: skip


def mutated(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    """The file after one to six mutations, and sometimes compressed, before or after them."""
    wrap = chance.choice([None] * 8 + [gzip.compress, zstd.compress])
    if wrap is not None and chance.random() < 0.5:
        data, wrap = wrap(data), None
    for _ in range(chance.randint(1, 6)):
        data = chance.choice(_MUTATIONS)(data, chance, others)[:LARGEST]
    return data if wrap is None else wrap(data)


def _at(data: bytes, chance: Random) -> int:
    return chance.randrange(len(data) + 1)


def _flip(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    bits = bytearray(data)
    highest = chance.choice([5, 7, 7, 8])  # the eighth makes ASCII into what is no UTF-8, and all is over soon
    for _ in range(chance.randint(1, 20) if bits else 0):
        bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(highest)
    return bytes(bits)


def _truncate(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    return data[: _at(data, chance)]


def _behead(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    return data[_at(data, chance) :]


def _splice(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return data[: _at(data, chance)] + other[_at(other, chance) :]


def _cut(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    start = _at(data, chance)
    return data[:start] + data[start + chance.randint(0, 60) :]


def _insert(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    at = _at(data, chance)
    return data[:at] + chance.choice(_TOKENS) + data[at:]


def _repeat_token(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    at, token = _at(data, chance), chance.choice(_TOKENS)
    return data[:at] + token * (chance.choice([10, 1_000, 60_000]) // len(token) + 1) + data[at:]


def _repeat_block(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    start = _at(data, chance)
    end = start + chance.randint(1, 400)
    return data[:end] + data[start:end] * chance.choice([1, 5, 50, 500]) + data[end:]


def _nest(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    start = _at(data, chance)
    end = chance.randint(start, len(data))
    (before, after), times = chance.choice(_NESTS), chance.choice([1, 30, 1_200, 20_000])
    return data[:start] + before * times + data[start:end] + after * chance.choice([times, times - 1, 0]) + data[end:]


def _shuffle(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _one_line(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    return data.replace(b"\n", chance.choice([b"", b" ", b"\r", b"\r\n", b"\n\n"]))


def _number(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    one = chance.choice(found)
    return data[: one.start()] + chance.choice([b"", b"0", b"-5", b"1" * 400, b"2024", b"1.5e309"]) + data[one.end() :]


def _recode(data: bytes, chance: Random, others: Sequence[bytes]) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        chance.choice(["utf-16", "utf-16", "utf-8-sig", "utf-8-sig", "utf-16-le", "cp1252", "utf-32"]), "replace"
    )


_MUTATIONS: Sequence[Callable[[bytes, Random, Sequence[bytes]], bytes]] = [
    _flip, _flip, _truncate, _behead, _splice, _splice, _cut, _cut, _insert, _insert, _insert, _repeat_token,
    _repeat_block, _nest, _nest, _shuffle, _one_line, _number, _number, _recode,
]  # fmt: skip
