"""The word index as it is made: which terms stand in which papers, in few arrays and otherwise on disk.

Papers come one by one, and only a block of them is in memory. Each block is sorted by term and put to disk; in the end
the blocks are merged, a range of terms at a time, into the files that bm25s reads.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

K1, B = 1.5, 0.75
_BLOCK = 1 << 18  # pairs of a term and a paper in memory while papers come: of some 3,000 abstracts
_MERGED = 1 << 19  # and while the blocks are merged
_ROW = 3  # numbers a pair: the term, the paper, how often


class Postings:
    """Takes the terms of papers in order, and lives while an index is made.

    `folder` is there, and holds `runs.tmp` until the index is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs = folder / "runs.tmp"
        self._vocabulary: dict[str, int] = {}
        self._frequency = array("q")  # by term, the papers that have it
        self._lengths = array("q")  # by paper, its terms
        self._block = array("i")
        self._bounds = [0]  # of the blocks on disk, in pairs
        self._runs.unlink(missing_ok=True)

    def add(self, terms: Sequence[str]) -> None:
        """Take the terms of one more paper; its position is the number of those before it."""
        paper = len(self._lengths)
        self._lengths.append(len(terms))
        for term, count in Counter(terms).items():
            at = self._vocabulary.setdefault(term, len(self._vocabulary))
            if at == len(self._frequency):
                self._frequency.append(0)
            self._frequency[at] += 1
            self._block.extend((at, paper, count))
        if len(self._block) >= _BLOCK * _ROW:
            self._put()

    def _put(self) -> None:
        """Sort the block by term, papers in order, and put it to disk."""
        rows = np.frombuffer(self._block, dtype=np.int32).reshape(-1, _ROW)
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        with self._runs.open("ab") as file:
            rows.tofile(file)
        self._bounds.append(self._bounds[-1] + len(rows))
        self._block = array("i")

    def write(self, folder: Path) -> None:
        """Write the index of all papers taken into `folder`, made here, as bm25s reads it.

        Source: Robertson et al., Okapi at TREC-3 (1994), in the variant of Lucene; Lù, BM25S (2024) for scores that
        are worked out beforehand.

        Raises:
            OSError: it cannot be written.
        """
        import bm25s

        if self._block:
            self._put()
        whole = bm25s.BM25(k1=K1, b=B)
        frequency = np.frombuffer(self._frequency, dtype=np.int64)
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(frequency)))
        nothing = np.zeros(0, dtype=np.float32)
        self._vocabulary.setdefault("", len(self._vocabulary))  # as bm25s has it, for a paper without any term
        whole.vocab_dict = self._vocabulary
        whole.nonoccurrence_array = None
        whole.scores = {"data": nothing, "indices": nothing, "indptr": starts, "num_docs": len(self._lengths)}
        whole.save(str(folder), show_progress=False)
        total = int(starts[-1])
        with (
            _array(folder / "data.csc.index.npy", total, "<f4") as data,
            _array(folder / "indices.csc.index.npy", total, "<i4") as indices,
        ):
            for scores, papers in self._merged(frequency, starts):
                scores.tofile(data)
                papers.tofile(indices)
        self._runs.unlink(missing_ok=True)

    def _merged(
        self, frequency: NDArray[np.int64], starts: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
        """The scores and the papers of all pairs, by term and then by paper, a range of terms at a time."""
        lengths = np.frombuffer(self._lengths, dtype=np.int64)
        n = len(lengths)
        share = K1 * (1 - B + B * lengths / lengths.mean())
        idf = np.log(1 + (n - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        first = 0
        while first < len(frequency):
            last = max(int(np.searchsorted(starts, starts[first] + _MERGED, side="right")) - 1, first + 1)
            rows = self._range(first, last)
            rows = rows[np.argsort(rows[:, 0], kind="stable")]
            times = rows[:, 2]
            scores = idf[rows[:, 0]] * (times / (share[rows[:, 1]] + times))
            yield scores.astype("<f4"), rows[:, 1].astype("<i4")
            first = last

    def _range(self, first: int, last: int) -> NDArray[np.int32]:
        """The pairs of the terms from `first` to before `last`, block after block."""
        # Mapped for as long as it is looked at: what is mapped and read counts as memory.
        whole = np.memmap(self._runs, dtype=np.int32, mode="r").reshape(-1, _ROW)
        found = []
        for n in range(len(self._bounds) - 1):
            block = whole[self._bounds[n] : self._bounds[n + 1]]
            low = bisect_left(block[:, 0], first)  # NumPy's own search would copy the column first
            high = bisect_left(block[:, 0], last, low)
            found.append(np.array(block[low:high]))
        return np.concatenate(found)


@contextmanager
def _array(path: Path, length: int, kind: str) -> Iterator[BinaryIO]:
    """A file of NumPy's to which the numbers are then written, `length` of the type `kind`."""
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": (length,)})
        yield file
