"""Conditions on the metadata, as a caller gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import SettingsError
from rag.model import Paper, author_count
from rag.retrieval.index.metadata_columns import LARGEST, UNKNOWN, Columns


@dataclass(frozen=True)
class Conditions:
    """Conditions on the metadata; a paper that lacks the field does not meet one. Dates are inclusive.

    `apart_from` are the ids of papers that a question measures others by; no caller gives them.
    """

    year: int | None = None
    month: int | None = None
    since: date | None = None
    until: date | None = None
    min_authors: int | None = None
    max_authors: int | None = None
    source: str | None = None
    abstract_kind: str | None = None
    paper_ids: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Conditions()

    @property
    def dated(self) -> bool:
        """True when a condition is on the date."""
        return any(value is not None for value in (self.year, self.month, self.since, self.until))

    @property
    def on_authors(self) -> bool:
        """True when a condition is on the number of authors."""
        return self.min_authors is not None or self.max_authors is not None

    def met_by(self, paper: Paper) -> bool:
        """True when the paper meets all of them."""
        day = paper.published
        if self.dated and day is None:
            return False
        if day is not None and (
            (self.year is not None and day.year != self.year)
            or (self.month is not None and day.month != self.month)
            or (self.since is not None and day < self.since)
            or (self.until is not None and day > self.until)
        ):
            return False
        count = author_count(paper)
        if self.on_authors and count is None:
            return False
        if count is not None and not (self.min_authors or 0) <= count <= (self.max_authors or 10**9):
            return False
        return (
            (self.source is None or paper.source == self.source)
            and (self.abstract_kind is None or paper.abstract_kind == self.abstract_kind)
            and (not self.paper_ids or paper.id in self.paper_ids)
            and paper.id not in self.apart_from
        )

    def met_in(self, columns: Columns, position: Mapping[str, int]) -> NDArray[np.bool_]:
        """Of each paper of an index whether it meets all of them, as `met_by` says; shape (n_papers,)."""
        days, counts = columns.of("published"), columns.of("authors")
        met = columns.known("published") if self.dated else np.ones(len(days), dtype=bool)
        if self.year is not None or self.month is not None:
            years, months = columns.months()
            met &= True if self.year is None else years == self.year
            met &= True if self.month is None else months == self.month
        met &= True if self.since is None else days >= self.since.toordinal()
        met &= True if self.until is None else days <= self.until.toordinal()
        known = counts != UNKNOWN
        least, most = (min(bound, LARGEST) for bound in (self.min_authors or 0, self.max_authors or 10**9))
        few = (counts >= least) & (counts <= most)
        met &= known & few if self.on_authors else ~known | few
        met &= True if self.source is None else columns.are("source", self.source)
        met &= True if self.abstract_kind is None else columns.are("kind", self.abstract_kind)
        if self.paper_ids:
            these = np.zeros(len(days), dtype=bool)
            these[[n for key in self.paper_ids if (n := position.get(key)) is not None]] = True
            met &= these
        met[[n for key in self.apart_from if (n := position.get(key)) is not None]] = False
        return met

    def joined(self, other: Conditions) -> Conditions:
        """Both sets of conditions together; where both name one, `other` wins."""
        given = {name: value for name, value in vars(other).items() if value not in (None, ())}
        return replace(self, **given)


def conditions(where: Mapping[str, Any] | None) -> Conditions:
    """The conditions that a caller gives as a mapping, e.g. `{"year": 2024}` or `{"since": "2024-03-01"}`.

    Raises:
        SettingsError: a key that is not known, or a value that it cannot have.
    """
    given: dict[str, Any] = {}
    known = [name for name in Conditions.__dataclass_fields__ if name != "apart_from"]
    for key, value in (where or {}).items():
        if key not in known:
            raise SettingsError(f"where has {key!r:.80}, which is no condition; known: {', '.join(known)}.")
        try:
            if key in ("since", "until"):
                given[key] = value if isinstance(value, date) else date.fromisoformat(str(value))
            elif key in ("year", "month", "min_authors", "max_authors"):
                given[key] = int(value)
            elif key == "paper_ids":
                given[key] = (value,) if isinstance(value, str) else tuple(str(item) for item in value)
            else:
                given[key] = str(value)
        except (TypeError, ValueError, OverflowError) as error:
            form = "a day such as 2024-03-01" if key in ("since", "until") else "a whole number"
            raise SettingsError(f"where has {key}={value!r:.80}; it takes {form}.") from error
    return Conditions(**given)
