"""The cards of papers: what the text of each says of names, as it was found once, so that an index made later has it.

Nobody who asks reads them. In `index/cards.sqlite` are all keys, those that most papers have first, and in blocks what
papers have of them: the numbers of the keys, and the notes.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.index.seal import address_of

FILE = "cards.sqlite"
SETS = 4
"""Sets of keys that a card has: those of `Gist.sets`."""
_BLOCK = 256  # papers
_WAITING = 1 << 16  # numbers in memory before they are put to disk
_TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE keys (packed BLOB);
CREATE TABLE blocks (n INTEGER PRIMARY KEY, lengths BLOB, numbers BLOB, notes BLOB);
BEGIN;
"""
Numbers = NDArray[np.int32]


class Cards:
    """Reads the cards of an index. It owns the open file, and lives while another index is made."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(address_of(file), uri=True)
        [(keys,)] = self._database.execute("SELECT packed FROM keys")
        self.keys: list[str] = json.loads(zlib.decompress(keys))
        """The keys by their numbers."""
        self._block = -1
        self._lengths = np.zeros((0, SETS), np.int32)
        self._numbers = np.zeros(0, np.int32)
        self._starts = np.zeros(0, np.int64)
        self._notes: list[str] = []

    def of(self, paper: int) -> tuple[Numbers, Numbers, str]:
        """The numbers of the keys of the paper at a position, how many are in each of its sets, and its note."""
        block, at = divmod(paper, _BLOCK)
        if block != self._block:
            self._read(block)
        return self._numbers[self._starts[at] : self._starts[at + 1]], self._lengths[at], self._notes[at]

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _read(self, block: int) -> None:
        [packed] = self._database.execute("SELECT lengths, numbers, notes FROM blocks WHERE n = ?", (block,))
        lengths, steps = _unpacked(packed[0]), _unpacked(packed[1])
        sums = np.cumsum(steps, dtype=np.int64)
        before = np.concatenate((np.zeros(1, np.int64), sums))[_begins(lengths)]
        self._block, self._lengths = block, lengths.reshape(-1, SETS)
        self._numbers = (sums - np.repeat(before, lengths)).astype(np.int32)
        self._starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(self._lengths.sum(axis=1))))
        self._notes = zlib.decompress(packed[2]).decode().split("\n")


class Drawer:
    """Takes the cards of papers in order, and lives while an index is made.

    It owns two files in `folder` that nobody sees, and keeps four numbers of each paper.
    """

    def __init__(self, folder: Path) -> None:
        self._numbers = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 -- closed with the drawer
        self._notes = tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder)  # noqa: SIM115
        self._waiting = array("i")
        self._lengths = array("i")

    def close(self) -> None:
        """Let go of the files."""
        self._numbers.close()
        self._notes.close()

    def add(self, numbers: Sequence[int] | Numbers, lengths: Sequence[int] | Numbers, note: str) -> None:
        """Take the card of one more paper: the numbers of its keys, how many are in each of its sets, and its note."""
        self._waiting.frombytes(np.asarray(numbers, dtype=np.int32).tobytes())
        self._lengths.frombytes(np.asarray(lengths, dtype=np.int32).tobytes())
        self._notes.write(note + "\n")
        if len(self._waiting) >= _WAITING:
            self._put()

    def blocks(self) -> Iterator[tuple[int, Numbers, Numbers]]:
        """What was taken, some papers at a time: the position of the first, the lengths of the sets, the numbers."""
        self._put()
        self._numbers.seek(0)
        lengths = np.frombuffer(self._lengths, dtype=np.int32).reshape(-1, SETS)
        for first in range(0, len(lengths), _BLOCK):
            few = lengths[first : first + _BLOCK]
            numbers = np.frombuffer(self._numbers.read(4 * int(few.sum())), dtype=np.int32)
            yield first, few.ravel(), numbers
        self._numbers.seek(0, 2)

    def notes(self) -> Iterator[str]:
        """The notes that were taken."""
        self._notes.seek(0)
        for line in self._notes:
            yield line[:-1]
        self._notes.seek(0, 2)

    def write(self, file: Path, keys: Sequence[str], rank: Numbers) -> None:
        """Write the cards into a file that is not there: `keys` by the numbers that `rank` gives those of before."""
        notes = self.notes()
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            database.executescript(_TABLES)
            database.execute("INSERT INTO keys VALUES (?)", (zlib.compress(json.dumps(keys).encode()),))
            for first, lengths, numbers in self.blocks():
                of_set = np.repeat(np.arange(len(lengths)), lengths)
                ranked = rank[numbers].astype(np.int64)
                ranked = ranked[np.lexsort((ranked, of_set))]
                begins = _begins(lengths)[lengths > 0]
                steps = np.diff(ranked, prepend=0)
                steps[begins] = ranked[begins]
                few = "\n".join(next(notes) for _ in range(len(lengths) // SETS))
                packed = (_packed(lengths), _packed(steps), zlib.compress(few.encode()))
                database.execute("INSERT INTO blocks VALUES (?, ?, ?, ?)", (first // _BLOCK, *packed))
            database.execute("COMMIT")

    def _put(self) -> None:
        self._numbers.write(self._waiting.tobytes())
        self._waiting = array("i")


def _begins(lengths: Numbers) -> NDArray[np.int64]:
    """Where lists of these lengths begin, one behind the other."""
    ends = np.cumsum(lengths, dtype=np.int64)
    return ends - lengths


def _packed(numbers: NDArray[np.integer]) -> bytes:
    """Numbers in few bytes: their first bytes, their second ones and so on, most of which are 0."""
    return zlib.compress(numbers.astype("<i4").view(np.uint8).reshape(-1, 4).T.tobytes())


def _unpacked(packed: bytes) -> Numbers:
    """The numbers that `_packed` was given."""
    planes = np.frombuffer(zlib.decompress(packed), dtype=np.uint8).reshape(4, -1)
    numbers: Numbers = np.ascontiguousarray(planes.T).view("<i4").ravel().astype(np.int32)
    return numbers
