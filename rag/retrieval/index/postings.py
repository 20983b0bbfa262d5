"""The word index as it is made: which terms stand in which papers, in few arrays and otherwise on disk.

Papers come one by one, and only a block of them is in memory. Each block is put to disk; in the end, when all terms
are known, the blocks are sorted by term and merged, a range of terms at a time, into the files that bm25s reads. Beside
them stays what an index made later needs to take them over: how long each paper is, and how often it has each term.
"""

from __future__ import annotations

import gzip
import json
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

K1, B = 1.5, 0.75
_BLOCK = 1 << 18  # pairs of a term and a paper in memory while papers come: of some 3,000 abstracts
_MERGED = 1 << 18  # and while the blocks are merged
_ROW = 3  # numbers a pair: the term, the paper, how often
_COUNTS = "counts.gz"


class Postings:
    """Takes the terms of papers in order, and lives while an index is made.

    `folder` is there, and holds `runs.tmp` until the index is written. `predecessor` is another index whose papers may
    be kept.
    """

    def __init__(self, folder: Path, predecessor: WrittenPostings | None = None) -> None:
        self._runs = folder / "runs.tmp"
        self._vocabulary: dict[str, int] = {}
        self._frequency = np.zeros(0, dtype=np.int64)  # by term, the papers that have it, of what is on disk
        self._lengths = array("i")  # by paper, its terms
        self._block = array("i")
        self._bounds = [0]  # of the blocks on disk, in pairs
        self._runs.unlink(missing_ok=True)
        self._former = predecessor
        if predecessor:
            self._vocabulary = predecessor.vocabulary

    def add(self, terms: Sequence[str]) -> None:
        """Take the terms of one more paper; its position is the number of those before it."""
        paper, number = len(self._lengths), self._vocabulary
        self._lengths.append(len(terms))
        for term, count in Counter(terms).items():
            self._block.extend((number.setdefault(term, len(number)), paper, count))
        if len(self._block) >= _BLOCK * _ROW:
            self._put(np.frombuffer(self._block, dtype=np.int32).reshape(-1, _ROW))
            self._block = array("i")

    def keep(self, before: int) -> None:
        """Take one more paper that has the position `before` in the predecessor."""
        assert self._former is not None
        self._former.moved[before] = len(self._lengths)
        self._lengths.append(int(self._former.lengths[before]))

    def _put(self, rows: NDArray[np.int32]) -> None:
        """Put a block to disk."""
        with self._runs.open("ab") as file:
            rows.tofile(file)
        self._bounds.append(self._bounds[-1] + len(rows))
        found = np.bincount(rows[:, 0], minlength=len(self._vocabulary))
        found[: len(self._frequency)] += self._frequency
        self._frequency = found

    def write(self, folder: Path) -> None:
        """Write the index of all papers taken into `folder`, made here, as bm25s reads it.

        Source: Robertson et al., Okapi at TREC-3 (1994), in the variant of Lucene; Lù, BM25S (2024) for scores that
        are worked out beforehand.

        Raises:
            OSError: it cannot be written.
        """
        import bm25s

        if self._block:
            self._put(np.frombuffer(self._block, dtype=np.int32).reshape(-1, _ROW))
        for rows in self._former.pairs() if self._former else ():
            self._put(rows)
        frequency = self._sorted()
        whole = bm25s.BM25(k1=K1, b=B)
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
            (folder / _COUNTS).open("wb") as file,
            gzip.GzipFile("", "wb", 6, file, mtime=0) as counts,
        ):
            counts.write(np.array([len(self._lengths)], dtype="<i4").tobytes())
            counts.write(np.array(self._lengths, dtype="<i4").tobytes())
            for scores, papers, times in self._merged(frequency, starts):
                scores.tofile(data)
                papers.tofile(indices)
                counts.write(times.tobytes())
        self._runs.unlink(missing_ok=True)

    def _sorted(self) -> NDArray[np.int64]:
        """By term, the papers that have it, when the terms have numbers by the alphabet and the blocks are sorted.

        Terms that no paper has any more are left out. So the same papers give the same index, whichever came first.
        """
        frequency = np.zeros(len(self._vocabulary), dtype=np.int64)
        frequency[: len(self._frequency)] = self._frequency
        there = sorted(term for term, n in self._vocabulary.items() if frequency[n])
        before = np.array([self._vocabulary[term] for term in there], dtype=np.int64)
        rank = np.full(len(frequency), -1, dtype=np.int32)
        rank[before] = np.arange(len(there), dtype=np.int32)
        self._vocabulary.clear()  # of a large library it is not in memory twice
        self._vocabulary.update((term, n) for n, term in enumerate(there))
        with self._runs.open("rb+") as file:
            for first, last in pairwise(self._bounds):
                file.seek(first * _ROW * 4)
                rows = np.fromfile(file, dtype=np.int32, count=(last - first) * _ROW).reshape(-1, _ROW)
                rows[:, 0] = rank[rows[:, 0]]
                file.seek(first * _ROW * 4)
                rows[np.argsort(rows[:, 0], kind="stable")].tofile(file)
        return frequency[before]

    def _merged(
        self, frequency: NDArray[np.int64], starts: NDArray[np.int64]
    ) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]]:
        """The scores, the papers and the counts of all pairs, by term and then by paper, a range of terms at a time."""
        lengths = np.array(self._lengths, dtype=np.int64)
        n = len(lengths)
        share = K1 * (1 - B + B * lengths / lengths.mean())
        idf = np.log(1 + (n - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        first = 0
        while first < len(frequency):
            last = max(int(np.searchsorted(starts, starts[first] + _MERGED, side="right")) - 1, first + 1)
            rows = self._range(first, last)
            if self._former:  # papers that are kept stand in blocks of their own, beside those in between
                rows = rows[np.argsort(rows[:, 1], kind="stable")]
            rows = rows[np.argsort(rows[:, 0], kind="stable")]
            times = rows[:, 2]
            scores = idf[rows[:, 0]] * (times / (share[rows[:, 1]] + times))
            yield scores.astype("<f4"), rows[:, 1].astype("<i4"), times.astype("<i4")
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


class WrittenPostings:
    """The word index in a folder, for another one that is made meanwhile, and that tells it which papers are kept.

    It owns two open files and lives until `close`.
    """

    def __init__(self, folder: Path) -> None:
        self._counts = gzip.open(folder / _COUNTS)  # noqa: SIM115 -- closed with the other
        [count] = self._read(1)
        self.lengths = self._read(int(count))
        """By paper, its terms."""
        self.moved = np.full(int(count), -1, dtype=np.int32)
        """By the position that a paper had, that which it has now; -1 for one that is not kept."""
        self._papers = (folder / "indices.csc.index.npy").open("rb")
        np.lib.format.read_magic(self._papers)
        np.lib.format.read_array_header_1_0(self._papers)
        self._starts = np.load(folder / "indptr.csc.index.npy")
        numbers: dict[str, int] = json.loads((folder / "vocab.index.json").read_text(encoding="utf-8"))
        self.vocabulary = {term: n for term, n in numbers.items() if n + 1 < len(self._starts)}
        """The numbers of the terms, that of no term left out; the other goes on with them."""

    def close(self) -> None:
        """Let go of the files."""
        self._counts.close()
        self._papers.close()

    def pairs(self) -> Iterator[NDArray[np.int32]]:
        """The pairs of the papers that are kept, by term and then by paper, as many as fit into a block at a time."""
        for first in range(0, int(self._starts[-1]), _BLOCK):
            papers = self.moved[np.fromfile(self._papers, dtype="<i4", count=_BLOCK)]
            at = np.arange(first, first + len(papers))
            terms = np.searchsorted(self._starts, at, side="right").astype(np.int32) - 1
            rows = np.stack((terms, papers, self._read(len(papers))), axis=1)
            yield rows[papers >= 0]

    def _read(self, count: int) -> NDArray[np.int32]:
        return np.frombuffer(self._counts.read(4 * count), dtype="<i4").astype(np.int32)


@contextmanager
def _array(path: Path, length: int, kind: str) -> Iterator[BinaryIO]:
    """A file of NumPy's to which the numbers are then written, `length` of the type `kind`."""
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": (length,)})
        yield file
