"""Which papers have a field of their record and which lack it, and which mention some words: that is exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.grounding.citations import Quote
from rag.model import Paper
from rag.neural.question_reader import Heard, Mark
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.mentions import Names
from rag.text import terms

_FIELDS = {
    "abstract": ("abstract", "an abstract"), "date": ("published", "a date"), "year": ("published", "a date"),
    "author": ("authors", "authors"), "doi": ("doi", "a DOI"), "link": ("url", "a link"), "url": ("url", "a link"),
    "arxiv": ("arxiv_id", "an arXiv id"),
}  # fmt: skip


@dataclass(frozen=True)
class Presence:
    """What papers have or lack: whether one has it, what it is called, and how papers are called that lack it.

    `words` are the terms of what is to be mentioned, of each word or name a set.
    """

    has: Callable[[Paper], bool]
    lacks: bool
    what: str
    lacking: str = ""
    words: tuple[frozenset[str], ...] = ()

    @property
    def phrase(self) -> str:
        """As it is said of papers: "without a date"."""
        return self.lacking or f"{'without' if self.lacks else 'with'} {self.what}"

    def met_by(self, paper: Paper) -> bool:
        """True when the paper has it, or lacks it where it is to lack it."""
        return self.has(paper) is not self.lacks

    @property
    def mentions(self) -> bool:
        """True where papers are to mention something."""
        return bool(self.words) and not self.lacks

    def proof(self, paper: Paper, spans: Sequence[tuple[int, int]]) -> Quote:
        """The title that mentions it, or the first sentence that does; `spans` are those of the abstract."""
        quotes = [Quote(paper, field="title", value=paper.title)]
        quotes += [Quote(paper, *span) for span in spans]
        said = [set(terms(quote.text)) for quote in quotes]
        most = [max(len(words & one) / len(words) for words in self.words) for one in said]
        return quotes[most.index(max(most))]


def presences_in(
    text: str,
    heard: Heard,
    names: Names,
    index: LexicalIndex,
    *,
    fields: bool = True,
    unmentioned: Sequence[Mark] = (),
) -> tuple[Presence, ...]:
    """What papers are to have or to lack by a question: `fields` of the record, and mentions of words.

    The words `unmentioned` are not to be mentioned either.
    """
    found = []
    for denied in (False, True):
        marks = heard.of("field", denied=denied) if fields else ()
        named = [_FIELDS.get(word) for mark in marks for word in _plain(text, mark)]
        found += [_field(*field, denied, index) for field in dict.fromkeys(named) if field]
        words = _either(text, (*heard.of("word", denied=denied), *(unmentioned if denied else ())))
        found += [_mention(text, marks, denied, names, index) for marks in words]
    return tuple(found)


def _plain(text: str, mark: Mark) -> list[str]:
    """The words of a mark, each in the singular."""
    return [word.removesuffix("s") for word in text[mark.start : mark.end].casefold().split()]


def _field(name: str, noun: str, lacks: bool, index: LexicalIndex) -> Presence:
    if name != "abstract":
        return Presence(lambda paper: bool(getattr(paper, name)), lacks, noun)
    known = index.columns.known("abstract")
    return Presence(lambda paper: bool(known[index.position[paper.id]]), lacks, noun)


def _either(text: str, marks: Sequence[Mark]) -> list[list[Mark]]:
    """The marks, those together between which nothing but "or" stands."""
    groups: list[list[Mark]] = []
    for mark in marks:
        if groups and text[groups[-1][-1].end : mark.start].strip(" ,\"“”'‘’").lower() == "or":
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return groups


def _mention(text: str, marks: Sequence[Mark], lacks: bool, names: Names, index: LexicalIndex) -> Presence:
    """A mention of one of these: the papers that have a name, or all words that are none."""
    having = np.zeros(len(index.papers), dtype=bool)
    said: list[str] = []
    each: list[frozenset[str]] = []
    for words in (text[mark.start : mark.end] for mark in marks):
        known = [name for name in names.known if name.written.casefold() in words.casefold()]
        for name in known:
            having[[*name.named.owners, *name.named.mentioned]] = True
        if not known and (wanted := sorted(set(terms(words)))):
            having |= index.having(wanted)
        said += dict.fromkeys(name.written for name in known) or [f"“{words}”"]
        each += [frozenset(terms(one)) for one in [name.written for name in known] or [words]]
    what = " or ".join(said)
    return Presence(
        lambda paper: bool(having[index.position[paper.id]]), lacks, f"a mention of {what}",
        words=tuple(filter(None, each)),
    )  # fmt: skip
