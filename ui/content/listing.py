"""The papers of the library as a list: found by what is typed, in the order that was asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from rag.model import Paper
from ui.text import as_read

Order = Literal["title", "newest", "oldest", "most authors"]
ORDERS: tuple[Order, ...] = ("title", "newest", "oldest", "most authors")
MOST_SHOWN = 300


def listed(papers: Iterable[Paper], typed: str, order: str = "title") -> Sequence[Paper]:
    """The papers that have every word of `typed`, or its beginning, in title, authors, year, source or abstract.

    Those with all words in the title come first within the order by title.
    """
    words = _folded(typed).split()
    found = [(paper, _folded(as_read(paper.title))) for paper in papers]
    kept = [(paper, name) for paper, name in found if not words or _has(words, f"{name} {_rest(paper)}")]
    if order == "newest":
        kept.sort(key=lambda one: one[0].published or date.min, reverse=True)
    elif order == "oldest":
        kept.sort(key=lambda one: one[0].published or date.max)
    elif order == "most authors":
        kept.sort(key=lambda one: one[0].author_count or len(one[0].authors), reverse=True)
    else:
        kept.sort(key=lambda one: (not _has(words, one[1]), one[1]))
    return [paper for paper, _ in kept]


def _rest(paper: Paper) -> str:
    year = str(paper.published.year) if paper.published else ""
    return _folded(" ".join((*paper.authors, year, paper.source or "", as_read(paper.abstract))))


def _has(words: Sequence[str], text: str) -> bool:
    return all(word in text for word in words)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))
