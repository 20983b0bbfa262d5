"""From drafted sentences to numbered statements with citations, and from `[n]` marks in a text back to numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.model import Citation, Paper, Statement, Verdict

_MARK = re.compile(r"\s*\[(\d{1,9}(?:\s*,\s*\d{1,9})*)\]")


@dataclass(frozen=True)
class Quote:
    """The words of a paper that a drafted sentence rests on: `abstract[start:end]`, or the value of a field."""

    paper: Paper
    start: int | None = None
    end: int | None = None
    field: str | None = None
    value: str = ""

    @property
    def text(self) -> str:
        """The exact words, or the field's value."""
        return self.value if self.start is None else self.paper.abstract[self.start : self.end]


@dataclass(frozen=True)
class Part:
    """A piece of a drafted sentence and the quotes that prove it; its marks stand right behind it."""

    text: str
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class Draft:
    """One sentence of an answer before it is numbered; `item` puts it on a line of its own, `struck` strikes it out."""

    parts: tuple[Part, ...]
    item: bool = False
    struck: bool = False
    verdict: Verdict = "supported"
    reasons: tuple[str, ...] = ()
    contradicted: bool = False
    probability: float | None = None


def number(drafts: Sequence[Draft]) -> tuple[str, tuple[Statement, ...], tuple[Citation, ...]]:
    """The text with marks, the statements, and the citations, numbered from 1 in the order of their first mark."""
    numbers: dict[tuple[str, int | None, int | None, str | None], int] = {}
    citations: list[Citation] = []
    statements: list[Statement] = []
    lines: list[str] = []
    for draft in drafts:
        marked, plain, used = "", "", []
        for part in draft.parts:
            marks = []
            for quote in part.quotes:
                key = (quote.paper.id, quote.start, quote.end, quote.field)
                if key not in numbers:
                    numbers[key] = len(numbers) + 1
                    citations.append(
                        Citation(numbers[key], quote.paper, quote.text, quote.start, quote.end, quote.field)
                    )
                marks.append(numbers[key])
            used += marks
            plain += part.text
            # A title keeps its own mark: "Do We Need Owls? [1]".
            titled = draft.item or any(quote.field for quote in part.quotes)
            marked += _with_marks(part.text, marks, stops="." if titled else ".!?")
        found = (draft.verdict, draft.reasons, draft.contradicted, draft.probability)
        statements.append(Statement(plain, tuple(dict.fromkeys(used)), *found))
        separator = ("\n" if draft.item else " ") if lines else ""
        lines.append(separator + (f"~~{marked}~~" if draft.struck else marked))
    return "".join(lines), tuple(statements), tuple(citations)


def _with_marks(text: str, numbers: Sequence[int], *, stops: str) -> str:
    """The marks stand before one of the `stops` at the end of the sentence: "… keeps one token [1]."."""
    if not numbers:
        return text
    marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers))
    stop = re.search(rf"[{re.escape(stops)}]+[\"”’)]?\s*$", text)
    at = stop.start() if stop else len(text)
    return f"{text[:at].rstrip()} {marks}{text[at:]}"


def marks(text: str) -> tuple[int, ...]:
    """The numbers of all marks in `text`, in order, each once."""
    found = (int(n) for mark in _MARK.finditer(text) for n in mark.group(1).split(","))
    return tuple(dict.fromkeys(found))


def without_marks(text: str) -> str:
    """`text` without its marks."""
    return _MARK.sub("", text)
