"""Remembered sources while they are read: how far, on which terms, and what tells the next time what has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from hashlib import blake2b, file_digest
from itertools import chain
from pathlib import Path

from rag import sources
from rag.curation.remembered_sources import Mark, Remembered, Source, finished, now
from rag.intake.incoming import Intake
from rag.model import FileReport, Paper, Rejected, Withdrawn
from rag.sources.filter import Filter
from rag.sources.live import Fetch

_MOST_SEEN = 20_000
_NOTE_EVERY_S = 2.0


OnRead = Callable[[str, int, int | None], None]


@dataclass
class Tally:
    """What is counted while sources are read: records of removed papers that were left out, or that were taken.

    `on_read` is called with a live source, the number of its records so far and, where it says so, in all.
    """

    left_out: int = 0
    brought_back: list[Paper] = field(default_factory=list)
    on_read: OnRead | None = None


@dataclass(frozen=True)
class Terms:
    """How a source is to be read: the year of dates without one, which papers, and how many records at most."""

    as_of: int | None = None
    only: Filter | None = None
    limit: int | None = None

    def on(self, source: Source) -> Source:
        """The source with these terms remembered."""
        only = self.only or Filter()
        return replace(
            source, as_of=self.as_of, categories=tuple(only.categories), limit=self.limit,
            since=only.since.isoformat() if only.since else "", until=only.until.isoformat() if only.until else "",
        )  # fmt: skip


def terms_of(source: Source) -> Terms:
    """The terms that are remembered of the source."""
    since, until = (date.fromisoformat(day) if day else None for day in (source.since, source.until))
    return Terms(source.as_of, Filter(source.categories, since, until) or None, source.limit)


def mark_of(file: Path) -> Mark:
    """What the file is now, by which a change is known. Raises OSError when it cannot be read."""
    with file.open("rb") as stream:
        status = os.fstat(stream.fileno())
        return Mark(status.st_size, status.st_mtime_ns, file_digest(stream, "sha256").hexdigest())


def read(path: Path, terms: Terms, wanted: Callable[[Paper], bool]) -> sources.Reading:
    """The entries of a file on these terms, without the papers that are not wanted. Raises as `read_file`."""
    reading = sources.read_file(path, as_of=terms.as_of, only=terms.only)
    return replace(reading, entries=(one for one in reading.entries if not isinstance(one, Paper) or wanted(one)))


class FileRun:
    """The files of one source while they are read. What is remembered of them is written every two seconds.

    It owns the marks of what was read so far, and lives until the last file is finished.
    """

    def __init__(
        self, remembered: Remembered, spec: str, files: Sequence[Path], terms: Terms,
        *, wanted: Callable[[Paper], bool], folder: bool,
    ) -> None:  # fmt: skip
        self._remembered, self._spec, self._files, self._terms = remembered, spec, files, terms
        self._wanted, self._folder = wanted, folder
        self._marks: dict[str, Mark] = {}
        self._papers: dict[str, int] = {}
        self._left = len(files)
        self._noted = time.monotonic()

    def intakes(self) -> list[Intake]:
        """The files as sources to read, in order."""
        return [Intake(str(file), partial(self._open, file), finished=self._finished) for file in self._files]

    def _open(self, file: Path) -> sources.Reading:
        with suppress(OSError):  # reading it says what is wrong with it
            # Before it is read: what is written into it meanwhile shows the next time.
            self._marks[os.path.abspath(file)] = mark_of(file)
        return read(file, self._terms, self._wanted)

    def _finished(self, report: FileReport) -> None:
        self._left -= 1
        self._papers[os.path.abspath(report.path)] = report.papers
        if self._left == 0 or time.monotonic() - self._noted > _NOTE_EVERY_S:
            self._remembered.change(self._spec, self._noted_in)
            self._noted = time.monotonic()

    def _noted_in(self, before: Source | None) -> Source:
        source = before or Source(self._spec, "folder" if self._folder else "file", now())
        read = {
            path: replace(mark, papers=self._papers[path]) for path, mark in self._marks.items() if path in self._papers
        }
        files = {**source.files, **read}
        source = replace(self._terms.on(source), files=files)
        papers = sum(mark.papers for mark in files.values())
        return finished(source, self._spec, source.kind, papers=papers) if self._left == 0 else source


class LiveRun:
    """One live source while it is read. It owns the fetch and what was met so far, and lives until that is finished."""

    def __init__(
        self, remembered: Remembered, asked: Fetch, terms: Terms,
        *, wanted: Callable[[Paper], bool], seen: Sequence[str] = (), resumed: bool, on_read: OnRead | None = None,
    ) -> None:  # fmt: skip
        self._remembered, self._asked, self._terms, self._wanted = remembered, asked, terms, wanted
        self._known, self._on_read = set(seen), on_read
        self._hashes: dict[str, None] = {}
        self._resumed = resumed
        self._entries = self._new()

    def intake(self) -> Intake:
        """The source to read."""
        return Intake(
            self._asked.source, lambda: sources.Reading("live", self._entries), self._written, self._finished,
            total=lambda: self._asked.total,
        )  # fmt: skip

    def peek(self) -> bool:
        """True when it has a record that is new; when it has none, that it was asked is remembered."""
        first = next(self._entries, None)
        if first is None:
            self._finished(FileReport(self._asked.source))
            return False
        self._entries = chain((first,), self._entries)
        return True

    def _new(self) -> Iterator[Paper | Rejected | Withdrawn]:
        only = self._terms.only
        for n, item in enumerate(self._asked, 1):
            if self._on_read:
                self._on_read(self._asked.source, n, self._asked.total)
            if isinstance(item, Paper):
                if only is not None and not only.takes(item):
                    continue
                key = blake2b(repr(item).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
                self._hashes[key] = None
                if key in self._known or not self._wanted(item):
                    continue
            yield item

    def _written(self) -> None:
        state = self._asked.state
        self._remembered.change(
            self._asked.source, lambda before: replace(self._source(before), state=state) if state or before else None
        )

    def _finished(self, report: FileReport) -> None:
        def noted(before: Source | None) -> Source | None:
            if before is None and report.error and not report.papers:
                return None  # most often a spec that was never right: each sync would fail because of it
            source = self._source(before)
            papers = report.papers + (source.papers if self._resumed else 0)
            if report.error:
                return replace(source, state=self._asked.state, error=report.error, papers=papers)
            seen = tuple(dict.fromkeys((*self._hashes, *source.seen)))[:_MOST_SEEN]
            # Who says what changed needs no memory of what came; and what is as it was once is a change.
            seen = () if self._asked.held else seen
            return replace(finished(source, source.spec, "live", papers=papers), seen=seen, held=self._asked.held)

        self._remembered.change(self._asked.source, noted)

    def _source(self, before: Source | None) -> Source:
        return self._terms.on(before or Source(self._asked.source, "live", now()))
