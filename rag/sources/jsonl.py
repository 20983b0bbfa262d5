"""Reader of JSON lines: one record a line. A JSON array of records, or one record over several lines, will do too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TextIO

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.record import paper_of

name = "jsonl"

LINE_LIMIT = 10_000_000
"""Characters of a line, which bounds the memory that a line can take."""

DOCUMENT_LIMIT = 50_000_000
"""Characters of an array, or of a record over several lines: it is read as a whole, JSON lines are not."""

_BLANK = "\ufeff \t\r\n"  # files put together by `cat` have byte order marks in the middle
_START = re.compile(r"\ufeff?\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_ARRAY_START = re.compile(r"\[\s*(?:\{|$)")


def sniff(head: str) -> bool:
    """True when the text begins with a record or an array, or when half of its lines begin like a record."""
    lines = [line for line in head.split("\n") if line.strip()]
    records = sum(line.lstrip(_BLANK).startswith("{") for line in lines)
    return bool(_START.match(head)) or 2 * records > len(lines)


def read(stream: TextIO, *, source: str, as_of: int | None) -> Iterator[Paper | Rejected]:
    """The records in order, each a paper or the line and the reason why it is none.

    The file is read line by line. What is kept of each record with an id, to know two that share it, is the id, its
    line and a hash.

    Raises:
        SourceError: a JSON array is longer than `DOCUMENT_LIMIT`.
    """
    del as_of  # the dates of records have a year
    seen: dict[str, tuple[int, int]] = {}
    for line, value in _values(stream):
        paper = value if isinstance(value, Rejected) else paper_of(value, source=source, line=line)
        if isinstance(paper, Paper) and paper.id:
            content = hash((paper, tuple(sorted(paper.extra.items()))))
            first_line, first_content = seen.setdefault(paper.id, (line, content))
            if first_content != content:
                paper = Rejected(line, f"the id {paper.id!r} is that of line {first_line}, but the content of lines "
                                       f"{first_line} and {line} differs; give each paper its own id")  # fmt: skip
        yield paper


def _values(stream: TextIO) -> Iterator[tuple[int, object]]:
    """The values with the lines, from 1, where they begin; for what is no JSON, a `Rejected` in its place."""
    first = next(_lines(stream), None)
    if first is not None and _ARRAY_START.match(first[1]):
        yield from _items(_whole(stream))
        return
    if first is not None and first[1].startswith("{") and isinstance(_parse(*first), Rejected):
        # A record over several lines, or JSON lines of which the first is broken: the file as a whole tells.
        record = _parse(1, _whole(stream), limit=DOCUMENT_LIMIT)
        if isinstance(record, dict):
            yield first[0], record
            return
    stream.seek(0)
    for line, text in _lines(stream):
        yield line, _parse(line, text)


def _whole(stream: TextIO) -> str:
    stream.seek(0)
    return stream.read(DOCUMENT_LIMIT + 1)


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; of one beyond the limit only the beginning."""
    number = 0
    while text := stream.readline(LINE_LIMIT + 1):
        number += 1
        rest = text
        while rest and not rest.endswith("\n"):
            rest = stream.readline(LINE_LIMIT)
        if text := text.strip(_BLANK):
            yield number, text


def _items(text: str) -> Iterator[tuple[int, object]]:
    """The items of an array with the lines where they begin. What comes after a broken item cannot be read."""
    if len(text) > DOCUMENT_LIMIT:
        raise SourceError(f"is a JSON array of more than {DOCUMENT_LIMIT:,} characters; save one record a line")
    decoder = json.JSONDecoder()
    line, counted = 1, 0
    position = _skip(text, text.index("[") + 1)
    while True:
        line, counted = line + text.count("\n", counted, position), position
        if text.startswith("]", position):
            break
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield line, Rejected(line, f"broken JSON: {_cause(error)}; the array is left out from here on")
            return
        yield line, value
        position = _skip(text, end)
    if text[position + 1 :].strip():
        yield line, Rejected(line, "text after the end of the array; it is left out")


def _skip(text: str, position: int) -> int:
    """The position after white space and commas."""
    while position < len(text) and text[position] in " \t\r\n,":
        position += 1
    return position


def _parse(line: int, text: str, *, limit: int = LINE_LIMIT) -> object:
    """The value, or a `Rejected` for a text that is longer than the limit or is no JSON."""
    if len(text) > limit:
        return Rejected(line, f"the line has more than {limit:,} characters, the limit; shorten the record")
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        begins = text[:40] + ("…" if len(text) > 40 else "")
        return Rejected(line, f"broken JSON: {_cause(error)}; the line begins {begins!r}")
    return value


def _cause(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)
