"""The reports of an ingest while it runs: what became of every record, by the file or source that it came from."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rag.model import FileReport, IngestReport, Rejected

Outcome = Literal["new", "changed", "unchanged", "merged"]
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "unchanged", "merged")
_LATEST = 4096


class Reports:
    """Counts by file, for one ingest, as long as which they live. A file is named by its number, in order of adding."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._readers: list[str | None] = []
        self._errors: list[str | None] = []
        self._counts: list[dict[Outcome, int]] = []
        self._rejected: list[list[Rejected]] = []
        self._removed: list[int] = []

    def add(self, path: str) -> int:
        """The number of one more file."""
        self._paths.append(path)
        self._readers.append(None)
        self._errors.append(None)
        self._counts.append(dict.fromkeys(OUTCOMES, 0))
        self._rejected.append([])
        self._removed.append(0)
        return len(self._paths) - 1

    def path(self, file: int) -> str:
        """What the file is called."""
        return self._paths[file]

    def read_as(self, file: int, reader: str) -> None:
        """Enter the name of the reader."""
        self._readers[file] = reader

    def fail(self, file: int, message: str) -> None:
        """Enter why the file could not be read, or not to its end."""
        self._errors[file] = message

    def reject(self, file: int, rejected: Rejected) -> None:
        """Enter a record that could not be taken."""
        self._rejected[file].append(rejected)

    def count(self, file: int, outcome: Outcome, by: int = 1) -> None:
        """Enter what became of a record."""
        self._counts[file][outcome] += by

    def remove(self, file: int) -> None:
        """Enter a paper that no source has any more."""
        self._removed[file] += 1

    def of(self, file: int) -> FileReport:
        """The report of the file as it is now."""
        counts = self._counts[file]
        return FileReport(
            self._paths[file],
            reader=self._readers[file],
            papers=sum(counts.values()),
            rejected=tuple(sorted(self._rejected[file], key=lambda rejected: rejected.line)),
            error=self._errors[file],
            removed=self._removed[file],
            **{str(name): count for name, count in counts.items()},
        )

    def whole(self) -> IngestReport:
        """The reports of all files, in order."""
        return IngestReport(tuple(map(self.of, range(len(self._paths)))))


class Touched:
    """Which papers one ingest has brought or met, with the file and the outcome: 16 bytes for each, however many.

    It lives for that ingest.
    """

    def __init__(self) -> None:
        self._latest: dict[int, tuple[int, Outcome]] = {}
        self._keys: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._values: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def get(self, paper_id: str) -> tuple[int, Outcome] | None:
        """The file and the outcome; None for a paper that this run has not met."""
        key = _key(paper_id)
        if key in self._latest:
            return self._latest[key]
        at = int(np.searchsorted(self._keys, np.uint64(key)))
        if at == len(self._keys) or int(self._keys[at]) != key:
            return None
        file, code = divmod(int(self._values[at]), len(OUTCOMES))
        return file, OUTCOMES[code]

    def set(self, paper_id: str, file: int, outcome: Outcome) -> None:
        """Enter the paper, or what became of it since."""
        self._latest[_key(paper_id)] = file, outcome
        if len(self._latest) > max(_LATEST, len(self._keys) // 8):
            self._settle()

    def _settle(self) -> None:
        keys = np.frombuffer(array("Q", self._latest), dtype=np.uint64)
        codes = array("q", (file * len(OUTCOMES) + OUTCOMES.index(outcome) for file, outcome in self._latest.values()))
        # Of a key that is there twice the first counts, which is the later one.
        whole = np.concatenate([keys, self._keys])
        values = np.concatenate([np.frombuffer(codes, dtype=np.int64), self._values])
        self._keys, first = np.unique(whole, return_index=True)
        self._values = values[first]
        self._latest = {}


def _key(paper_id: str) -> int:
    return int.from_bytes(blake2b(paper_id.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
