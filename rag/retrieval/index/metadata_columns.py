"""What conditions are on, as numbers side by side: a look over a million papers takes milliseconds and decodes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LARGEST = 2**62
"""What a larger number of authors is kept as."""
FIELDS = ("published", "authors", "source", "kind", "abstract")
LABELLED = ("source", "kind")
"""The fields whose numbers stand for a text."""
UNKNOWN = -(2**63)
"""Stands for what is not known of a paper."""
_EPOCH = 719_163  # the day from which NumPy counts, 1 January 1970, as Python counts them


@dataclass(frozen=True, eq=False)
class Columns:
    """A number of each paper for each of `FIELDS`, shape (number of fields, n_papers), possibly mapped from disk.

    Days count as `date.toordinal`, abstracts by their characters; `labels` are the numbers of sources and kinds.
    """

    numbers: NDArray[np.int64]
    labels: Mapping[str, int]

    def of(self, field: str) -> NDArray[np.int64]:
        """The column of one of `FIELDS`."""
        column: NDArray[np.int64] = self.numbers[FIELDS.index(field)]
        return column

    def are(self, field: str, label: str) -> NDArray[np.bool_]:
        """Of each paper, whether it has this source or kind."""
        return np.equal(self.of(field), self.labels.get(label, UNKNOWN + 1))

    def months(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The years and the months, from 1, in which papers came out; what is not dated has any."""
        days = np.where(self.known("published"), self.of("published"), _EPOCH) - _EPOCH
        months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        return months // 12 + 1970, months % 12 + 1

    def known(self, field: str) -> NDArray[np.bool_]:
        """Of each paper, whether the field is known of it."""
        return np.not_equal(self.of(field), UNKNOWN)
