"""Which papers have a field of their record and which lack it, and which mention some words: that is exact."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import without_dates
from rag.retrieval.question.mentions import Names
from rag.retrieval.question.people import DENIES
from rag.retrieval.question.reading import topic_of

_FIELDS = {
    "abstract": ("abstract", "an abstract"), "date": ("published", "a date"), "year": ("published", "a date"),
    "author": ("authors", "authors"), "doi": ("doi", "a DOI"), "link": ("url", "a link"), "url": ("url", "a link"),
    "arxiv id": ("arxiv_id", "an arXiv id"),
}  # fmt: skip
_FIELD = (
    r"(?:(?:an?|any|the|their|its|known|publication|named)\s+)*"
    rf"(?P<{{0}}>{'|'.join(_FIELDS)})s?\b(?:\s+names?\b)?"
)
_LACK = (
    r"(?:\b(?:without|lack(?:s|ing)?|missing|miss(?:es)?|\w+\s+no)"
    r"|(?:n['’]?t|\bnot)\s+(?:have|give|list|name))"
)
_KNOWN = re.compile(
    rf"{_LACK}\s+{_FIELD.format('lacks')}"
    rf"|\b(?:whose|where)\s+{_FIELD.format('unknown')}\s+(?:is|are)\s+(?:missing|unknown|not\s+\w+)\b"
    rf"|\b(?:with|have|has|having)\s+{_FIELD.format('has')}",
    re.IGNORECASE,
)  # fmt: skip
_MENTIONS = re.compile(
    r"\b(?:mention(?:s|ed|ing)?|contain(?:s|ing)?\s+the\s+(?:words?|terms?|phrase))\b", re.IGNORECASE
)
_DENIED = re.compile(rf"{DENIES}\s+(?:(?:an?|any|the|even|\w+ly)\s+)*$", re.IGNORECASE)
# What follows says more of the papers, and is not what they mention.
_FURTHER = re.compile(r"\b(?:but|that|which|who|not|by|(?:and|or)\s+(?:are|is|were|was|have|not|by))\b", re.IGNORECASE)
_QUOTED = re.compile(r"[^\W_](?:.*[^\W_])?")


@dataclass(frozen=True)
class Presence:
    """What papers have or lack: whether one has it, what it is called, and the question without these words."""

    has: Callable[[Paper], bool]
    lacks: bool
    what: str
    rest: str

    @property
    def phrase(self) -> str:
        """As it is said of papers: "without a date"."""
        return f"{'without' if self.lacks else 'with'} {self.what}"

    def met_by(self, paper: Paper) -> bool:
        """True when the paper has it, or lacks it where it is to lack it."""
        return self.has(paper) is not self.lacks


def field_in(text: str, index: LexicalIndex) -> Presence | None:
    """The field of the record that papers are to have or to lack by a question; None where it speaks of none."""
    match = _KNOWN.search(text)
    if match is None:
        return None
    name, noun = _FIELDS[(match["lacks"] or match["unknown"] or match["has"]).lower()]
    lacks = match["has"] is None
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    if name != "abstract":
        return Presence(lambda paper: bool(getattr(paper, name)), lacks, noun, rest)
    known = index.columns.known("abstract")
    return Presence(lambda paper: bool(known[index.position[paper.id]]), lacks, noun, rest)


def mention_in(text: str, names: Names, index: LexicalIndex) -> Presence | None:
    """What papers are to mention by a question, or not to mention; None where it speaks of none."""
    match = _MENTIONS.search(text)
    if match is None or names.unknown:
        return None
    behind = text[match.end() :]
    further = _FURTHER.search(behind)
    said = without_dates(behind[: further.start()] if further else behind)
    rest = text[: match.start()] + (behind[further.start() :] if further else "")
    known = [name for name in names.known if name.written.casefold() in said.casefold()]
    if known:
        having = np.zeros(len(index.papers), dtype=bool)
        for name in known:
            having[[*name.named.owners, *name.named.mentioned]] = True
        what = " or ".join(dict.fromkeys(name.written for name in known))
    else:
        either = [topic_of(part) for part in re.split(r"\bor\b", said, flags=re.IGNORECASE)]
        quoted = _QUOTED.search(said)
        if quoted is None or not all(either):
            return None
        having = np.any([index.having(sorted(words)) for words in either], axis=0)
        what = f"“{quoted.group()}”"
    denied = _DENIED.search(text[: match.start()]) is not None
    return Presence(lambda paper: bool(having[index.position[paper.id]]), denied, f"a mention of {what}", rest)
