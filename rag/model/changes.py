"""The words of keeping current: remembered sources, what a sync brought, and what became of a followed question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.model import FileReport, IngestReport, Mode, Status

Kind = Literal["live", "file", "folder"]
SourceState = Literal["unchanged", "updated", "failed"]
SentenceState = Literal["kept", "new", "gone", "changed"]
CauseState = Literal["new", "changed", "removed", "retracted"]
Turnabout = Literal["answered", "retracted", "changed", "abstained", "failed", "none"]


@dataclass(frozen=True)
class Mark:
    """What tells that a file has not changed: its size in bytes, its time in nanoseconds, the hash of its content.

    `papers` is the number of entries that it had.
    """

    size: int
    mtime_ns: int
    sha256: str
    papers: int = 0


@dataclass(frozen=True)
class Source:
    """A source that was ingested.

    `spec` is a live spec or an absolute path. `first` and `last` are when it was first and last read to its end, in
    ISO form and UTC, `last` "" while it never was; `papers` are those that it gave in all. `state` is where a live
    source goes on that was cut off, "" when none was. `as_of`, `categories`, `since`, `until` and `limit` are as they
    were given to the ingest. `error` is why it could not be read to its end the last time. `files` are the marks of a
    file or of the files of a folder, by path; `seen` are hashes of the newest records of a live source, `held` what one
    that counts its versions had.
    """

    spec: str
    kind: Kind
    first: str
    last: str = ""
    papers: int = 0
    state: str = ""
    as_of: int | None = None
    categories: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    limit: int | None = None
    error: str = ""
    files: Mapping[str, Mark] = field(default_factory=dict, hash=False)
    seen: tuple[str, ...] = ()
    held: str = ""


@dataclass(frozen=True)
class SourceReport:
    """What asking one remembered source came to.

    `files` has the report of each of its files that was read, of a live source the one of what it gave; it is empty
    where nothing was new. `left_out` counts records of papers that were removed, `vanished` are files that are no
    longer there (their papers stay). `found` counts, in a dry run, what would have been read: files, or records of a
    live source. `error` is in one line.
    """

    spec: str
    kind: str
    files: tuple[FileReport, ...] = ()
    left_out: int = 0
    vanished: tuple[str, ...] = ()
    found: int = 0
    error: str | None = None

    @property
    def state(self) -> SourceState:
        """ "failed" when the source or one of its files could not be read, "updated" when it brought something."""
        if self.error or any(file.error for file in self.files):
            return "failed"
        return (
            "updated"
            if self.found or any(file.new or file.changed or file.removed for file in self.files)
            else "unchanged"
        )


@dataclass(frozen=True)
class SyncReport:
    """What a sync came to, by source; `dry_run` where nothing was written."""

    sources: tuple[SourceReport, ...]
    dry_run: bool = False

    @property
    def ingested(self) -> IngestReport:
        """The reports of all files, as an ingest gives them."""
        return IngestReport(tuple(file for source in self.sources for file in source.files))

    @property
    def failed(self) -> bool:
        """True when a source failed or a record was rejected."""
        return any(source.state == "failed" for source in self.sources) or self.ingested.failed


@dataclass(frozen=True)
class Sentence:
    """A sentence of an answer without its marks, and the ids of the papers that it cites."""

    text: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenPaper:
    """A paper as it was when an answer was kept: `version` changes with its content."""

    id: str
    title: str
    version: str
    retraction: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """An answer as it is kept: its sentences, and the papers that it cites or that came nearest."""

    status: Status
    text: str
    sentences: tuple[Sentence, ...]
    papers: tuple[SeenPaper, ...]
    mode: Mode = "extractive"
    model: str | None = None


@dataclass(frozen=True)
class Followed:
    """A question that is followed: its number, since when, what limits it, and its answer when it was last read."""

    number: int
    question: str
    since: str
    read: str
    answer: Snapshot
    where: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class SentenceChange:
    """What became of a sentence. `before` is what it was, where it changed; `figures` are those that differ, then and
    now."""

    state: SentenceState
    text: str
    papers: tuple[str, ...] = ()
    before: str | None = None
    figures: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True)
class Cause:
    """A paper that is why an answer changed, and what became of it."""

    paper_id: str
    title: str
    state: CauseState
    retraction: str | None = None


@dataclass(frozen=True)
class News:
    """What became of the answer to a followed question since it was last read.

    `turn` is "answered" for an abstention that became an answer and "abstained" for the reverse, "retracted" where a
    paper behind it was retracted, "failed" where it could not be asked (`error` says why, and the answer kept is the
    old one), "none" where nothing changed. `note` says of a change that no paper explains what else did.
    """

    followed: Followed
    turn: Turnabout
    now: Snapshot | None = None
    sentences: tuple[SentenceChange, ...] = ()
    causes: tuple[Cause, ...] = ()
    note: str = ""
    error: str | None = None
