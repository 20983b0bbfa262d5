"""What ingesting files came to, file by file; `rag.model` hands these out with the rest of the data model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rejected:
    """A record that could not be taken: the line of the file (from 1) where it stands, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Withdrawn:
    """A record that its source does not have any more: who said it, and its address there."""

    source: str
    address: str


@dataclass(frozen=True)
class FileReport:
    """What ingesting one file came to, in numbers of papers.

    `papers` are the entries read; each of them is new, changed, unchanged or merged (a copy of a paper that another
    entry of this run already brought). `removed` counts those that their source does not have any more, nor any other.
    `error` is set when the file could not be read at all.
    """

    path: str
    reader: str | None = None
    papers: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    removed: int = 0
    rejected: tuple[Rejected, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class IngestReport:
    """The reports of all files of one ingest, in the order in which they were read."""

    files: tuple[FileReport, ...]

    def total(self, name: Literal["papers", "new", "changed", "unchanged", "merged"]) -> int:
        """The sum over the files of the count of that name."""
        return sum(getattr(file, name) for file in self.files)

    @property
    def failed(self) -> bool:
        """True when a file could not be read or a record was rejected."""
        return any(file.error or file.rejected for file in self.files)
