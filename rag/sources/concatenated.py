"""Files that were put together from exports in several formats of text: each part for the reader of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO, cast

from rag.sources.lines import LINE_LIMIT

# The first line of a record, by the name of its reader: so strict that none of them stands in the text of another.
_FIRST = re.compile(
    r"\ufeff?(?:(?P<bibtex>@(?:article|book|conference|inbook|incollection|inproceedings|misc|mastersthesis|online"
    r"|phdthesis|proceedings|techreport|unpublished)[ \t]*\{[^\s{}=]*,)|(?P<ris>TY {2}- [A-Z]{3,6}\s*$)"
    r"|(?P<medline>PMID- \d+\s*$)|(?P<tagged>%0 (?:Journal|Conference|Book|Report|Thesis|Generic|Electronic)\b"
    r"|RT (?:Journal|Conference|Book|Report|Dissertation|Generic)\b)|(?P<web>FN (?:Clarivate|ISI|Thomson) ))",
    re.IGNORECASE,
)
_NAMES = frozenset({"bibtex", "ris", "medline", "tagged", "web-of-science"})
_HEADS = frozenset("@TtPp%RrFf\ufeff")


def parts(stream: TextIO, name: str) -> Iterator[tuple[str, TextIO, int]]:
    """The parts of the file in order, with the name of the reader of each and the lines before it; most files are one.

    A part has to be read to its end before the next one is taken. `name` is that of what stands before all others.
    """
    if name not in _NAMES:
        yield name, stream, 0
        return
    part = _Part(stream, name)
    while True:
        yield part.name, cast("TextIO", part), part.before
        if part.following is None:
            return
        part = _Part(stream, part.following, begun=part.begun, before=part.before + part.lines)


class _Part:
    """The lines of a stream up to the first record of another format; lives while its reader reads it."""

    def __init__(self, stream: TextIO, name: str, *, begun: str = "", before: int = 0) -> None:
        self._stream = stream
        self.name = name
        self.begun = begun
        self.before = before
        self.lines = 0
        self.following: str | None = None
        self._whole = True  # the last piece that was given ended its line

    def readline(self, limit: int = LINE_LIMIT) -> str:
        """The next line, or what of it the limit allows; "" where the part ends."""
        if self.following is not None:
            return ""
        text, self.begun = self.begun or self._stream.readline(limit), ""
        if text[:1] in _HEADS and self._whole and (found := _FIRST.match(text)):
            name = "web-of-science" if found.lastgroup == "web" else str(found.lastgroup)
            if name != self.name:
                self.following, self.begun = name, text
                return ""
        self.lines += self._whole
        self._whole = text[-1:] == "\n"
        return text
