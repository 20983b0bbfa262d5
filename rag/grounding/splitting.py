"""A model's text taken apart into sentences as it is written, each with its marks, whatever they look like."""

from __future__ import annotations

import re
from collections.abc import Collection

from rag.grounding.marks import Named, begins_references, canonical, is_aside, may_become_mark, nothing_named
from rag.text import sentences

_NUMBERS = r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]"
MARK = re.compile(rf"(?:(?<!\s)\s+)?{_NUMBERS}")
"""A mark as `rag.grounding.marks.canonical` writes it, with the blanks before it."""
_AFTER_STOP = re.compile(rf"([.!?][\"”’)*]*)[ \t]*((?:{_NUMBERS}[ \t]*)+)")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


class Splitter:
    """Takes text as it is written and gives each sentence as soon as nothing that follows can change it.

    Marks come out as `[1]`, in whatever shape they were written. A list of references behind the text is left out.
    `names` are words with a raised figure of their own, `named` finds what words in brackets cite. It owns the text
    not given yet, and lives for one reply.
    """

    def __init__(self, names: Collection[str] = (), named: Named = nothing_named) -> None:
        self._names = names
        self._named = named
        self._rest = ""
        self._said = False
        self._over = False

    def feed(self, piece: str) -> list[str]:
        """The sentences that are complete now, with their marks."""
        self._rest += piece
        *whole, last = self._rest.split("\n")
        done = [sentence for line in whole for sentence in self._line(line)]
        text = _marks_inside(canonical(last, whole=False, names=self._names, named=self._named))
        spans = sentences(text)
        # The last one may go on, and the word after a full stop says whether it is one.
        following = text[spans[-1][0] :] if len(spans) > 1 else ""
        if " " in following and not may_become_mark(following) and last.endswith(following):
            done += self._line(last[: -len(following)])
            last = following
        self._rest = last
        return done

    def end(self) -> list[str]:
        """The sentences that are left when the text is complete."""
        left, self._rest = self._rest, ""
        return [sentence for line in left.split("\n") for sentence in self._line(line)]

    def _line(self, line: str) -> list[str]:
        line = canonical(line, whole=True, names=self._names, named=self._named)
        self._over = self._over or (self._said and begins_references(line))
        if self._over or is_aside(line):
            return []
        found = sentences_with_marks(line)
        self._said = self._said or bool(found)
        return found

    def cut_off(self) -> list[str]:
        """The sentences that are left when the text was cut off: the last counts only if it has its full stop."""
        return [one for one in self.end() if re.search(r"[.!?][\"”’)]*\s*$", one)]


def begins_cited(text: str) -> bool:
    """True when the first sentence of a text, as far as it is written, has a mark."""
    splitter = Splitter()
    first = next(iter((*splitter.feed(text), *splitter.end())), "")
    return MARK.search(first) is not None


def _marks_inside(line: str) -> str:
    """Marks behind a full stop put before it: "… one token. [1] Next" becomes "… one token [1]. Next"."""
    return _AFTER_STOP.sub(lambda found: f" {found.group(2).strip()}{found.group(1)} ", line)


def sentences_with_marks(line: str) -> list[str]:
    """The sentences of a line, each with the marks that stand in it or right behind it; "- " before an item."""
    line = _marks_inside(line)
    bullet = _BULLET.match(line)
    body = line[bullet.end() :] if bullet else line
    found = [body[a:b] for a, b in sentences(body)]
    return [
        f"- {one}" if bullet and n == 0 else one for n, one in enumerate(found) if re.search(r"\w", MARK.sub("", one))
    ]
