"""The papers that an answer over the library may show, and how many they are of: a few of a million are read for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answers.metadata.facts import Field, venue_of
from rag.model import Paper, author_count
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.reading import Reading

MOST_LISTED = 30


@dataclass(frozen=True)
class Shortlist:
    """The papers that come first in what is asked for, in the order of the library.

    `chosen` is how many meet the conditions, `known` of how many the field is known, `total` how many there are: all,
    or the `other` ones, where some are what the others are measured by.
    """

    papers: Sequence[Paper]
    field: Field
    chosen: int
    known: int
    total: int
    other: str = ""


def among(reading: Reading, papers: Sequence[Paper]) -> Shortlist:
    """All of these papers that are asked for."""
    field = _asked(reading)
    has = [paper for paper in papers if value(paper, field) is not None]
    chosen = [paper for paper in (has if reading.order else papers) if reading.conditions.met_by(paper)]
    return Shortlist(chosen, field, len(chosen), len(has), len(papers))


def first_of(reading: Reading, index: LexicalIndex, *, counted: bool) -> Shortlist:
    """Those of the library's papers that are asked for and may be shown: the best of them, and all that are as good.

    All papers, without an order and conditions, may be `counted` only.
    """
    field = _asked(reading)
    columns = index.columns
    known = columns.known("published" if field == "published" else "authors")
    met = reading.conditions.met_in(columns, index.position)
    met &= known if reading.order else True
    chosen = np.flatnonzero(met)
    shown = chosen
    if len(chosen) > MOST_LISTED:
        measures = np.where(known, columns.of("published" if field == "published" else "authors"), 0)[chosen]
        rising = reading.order in ("oldest", "fewest_authors")
        values = np.unique(measures) if reading.order else np.sort(measures)
        place = min(max(reading.place, reading.top) if reading.order else MOST_LISTED, len(values))
        shown = chosen[measures <= values[place - 1] if rising else measures >= values[-place]]
    if counted and not reading.order and not reading.conditions:
        shown = shown[:0]
    papers = [index.papers[n] for n in shown.tolist()]
    apart = [n for key in reading.conditions.apart_from if (n := index.position.get(key)) is not None]
    total, other = len(index.papers) - len(apart), "other " if apart else ""
    return Shortlist(papers, field, len(chosen), int(known.sum()) - int(known[apart].sum()), total, other)


def _asked(reading: Reading) -> Field:
    """The field that an order or the conditions are on."""
    if reading.order in ("most_authors", "fewest_authors") or (reading.conditions.on_authors and not reading.order):
        return "author_count"
    return "published"


def value(paper: Paper, field: str) -> object | None:
    """The value of a metadata field, or None; the number of authors may come from their names."""
    if field == "author_count":
        return author_count(paper)
    return venue_of(paper) or None if field == "venue" else getattr(paper, field, None) or None
