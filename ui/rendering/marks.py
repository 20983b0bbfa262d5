"""The text of an answer in pieces: words, marks, ends of statements and of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.model import Answer, Statement

_MARK = re.compile(r"\s*\[(\d{1,6}(?:\s*,\s*\d{1,6})*)\]")


@dataclass(frozen=True)
class Piece:
    """A piece of an answer: `text`, or the `number` of a mark, or the `statement` that ends here, or a line's end."""

    kind: Literal["text", "mark", "end", "line"]
    text: str = ""
    number: int = 0
    statement: Statement | None = None


def pieces(answer: Answer) -> Iterator[Piece]:
    """The pieces of `answer.text` in order; what looks like a mark and names no citation stays text."""
    known = {citation.number for citation in answer.citations}
    plain, marks = _unmarked(answer.text, known)
    ends: dict[int, Statement] = {}
    at = 0
    for statement in answer.statements:
        found = plain.find(statement.text, at)
        if found >= 0:
            at = found + len(statement.text)
            ends[at] = statement
    at = 0
    for cut in sorted({*marks, *ends, len(plain)}):
        yield from _lines(plain[at:cut])
        yield from (Piece("mark", number=number) for number in marks.get(cut, ()))
        if cut in ends:
            yield Piece("end", statement=ends[cut])
        at = cut


def _unmarked(text: str, known: set[int]) -> tuple[str, dict[int, list[int]]]:
    """`text` without its marks, and the numbers of the marks by where they stood in it."""
    plain, at = "", 0
    marks: dict[int, list[int]] = {}
    for mark in _MARK.finditer(text):
        numbers = [int(number) for number in mark[1].split(",")]
        if not known.issuperset(numbers):
            continue
        plain += text[at : mark.start()]
        marks.setdefault(len(plain), []).extend(numbers)
        at = mark.end()
    return plain + text[at:], marks


def _lines(text: str) -> Iterator[Piece]:
    for n, part in enumerate(text.split("\n")):
        if n:
            yield Piece("line")
        if part:
            yield Piece("text", part)
