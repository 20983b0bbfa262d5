"""Watching a folder: what appears or changes in it is ingested as soon as it is whole."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from rag.curation.origins import file_intakes, file_news, looked_at
from rag.curation.remembered_sources import Remembered, Source, now
from rag.curation.source_runs import Tally, Terms
from rag.errors import LibraryError, SourceError
from rag.intake.incoming import Intake
from rag.model import FileReport, IngestReport

LOOK_S = 10.0
"""The folder is looked through this often, whatever the system tells: some mounts tell nothing."""

# What is being written or downloaded under another name; it gets its own when it is whole.
_UNDER_WAY = (".part", ".partial", ".crdownload", ".download", ".tmp", "~")
_TICK_MS = 250
_log = logging.getLogger(__name__)
_Seen = tuple[int, int]


def watch(
    storage: str | Path,
    folder: str | Path,
    ingest: Callable[[Sequence[Intake]], IngestReport],
    *,
    on_file: Callable[[FileReport], None],
    as_of: int | None = None,
    settle_s: float = 1.0,
    poll: bool = False,
    stop: Event | None = None,
) -> None:
    """Ingest what is new in the folder, and go on with what appears or changes, until `stop` is set.

    A file is taken when its size and time have not changed for `settle_s` seconds. `on_file` is called with the report
    of each. One that cannot be read is told and left until it changes; while somebody else writes the library, files
    wait. `poll` looks at the folder instead of asking the system to tell.

    Raises:
        SourceError: the folder is none, or is gone.
        LibraryError: the library or what is remembered cannot be read or written.
    """
    if not os.path.isdir(folder):
        raise SourceError(f"{str(folder)!r} is no folder. Make it, or give one that is there.")
    watched = _Watched(Remembered(storage), os.path.abspath(folder), as_of, settle_s)
    watched.remember()
    last = -LOOK_S
    for changed in _ticks(folder, poll=poll, stop=stop):
        if not (changed or watched.unsettled or time.monotonic() - last >= LOOK_S):
            continue
        last = time.monotonic()
        for report in watched.take(ingest):
            on_file(report)


def _ticks(folder: str | Path, *, poll: bool, stop: Event | None) -> Iterator[bool]:
    """True whenever something has changed in the folder, and False a few times a second else."""
    from watchfiles import watch as changes

    yield True
    try:
        for found in changes(
            folder, watch_filter=None, debounce=_TICK_MS, step=_TICK_MS // 5, stop_event=stop, rust_timeout=_TICK_MS,
            yield_on_timeout=True, force_polling=poll or None, ignore_permission_denied=True,
        ):  # fmt: skip
            yield bool(found)
    except OSError as error:
        if poll:
            raise SourceError(f"{str(folder)!r} cannot be watched: {error}. Check that it is there.") from error
        _log.warning("the system does not tell of changes in %s (%s): it is looked at instead", folder, error)
        yield from _ticks(folder, poll=True, stop=stop)


class _Watched:
    """The folder, and which of its files are not yet whole."""

    def __init__(self, remembered: Remembered, spec: str, as_of: int | None, settle_s: float) -> None:
        self._remembered, self._spec, self._as_of, self._settle_s = remembered, spec, as_of, settle_s
        self._pending: dict[Path, tuple[_Seen, float]] = {}
        self._failed: dict[Path, _Seen] = {}
        self._told = ""

    @property
    def unsettled(self) -> bool:
        """True while files are waited for."""
        return bool(self._pending)

    def remember(self) -> None:
        """Make the folder a source of the library, so that `sync` asks it too."""

        def noted(before: Source | None) -> Source:
            source = before or Source(self._spec, "folder", now())
            return Terms(self._as_of).on(source) if self._as_of is not None else source

        self._remembered.change(self._spec, noted)

    def take(self, ingest: Callable[[Sequence[Intake]], IngestReport]) -> tuple[FileReport, ...]:
        """The reports of the files that have become whole, and were ingested."""
        if not os.path.isdir(self._spec):
            raise SourceError(f"the folder {self._spec!r} is gone. Make it again, and watch it again.")
        whole = self._whole()
        if not whole:
            return ()
        seen = {file: self._pending.pop(file) for file in whole}
        tally = Tally()
        try:
            reports = ingest(file_intakes(self._remembered, self._source(), whole, tally)).files
        except LibraryError as error:
            if "being written" not in str(error):
                raise
            self._pending |= seen  # they are taken when the other is done
            if str(error) != self._told:
                self._told = str(error)
                _log.warning("%s", error)
            return ()
        self._told = ""
        self._failed |= {file: seen[file][0] for file, report in zip(whole, reports, strict=True) if report.error}
        if tally.left_out:
            _log.warning("%d papers were left out, since they had been removed; `footnote ingest` brings them back",
                         tally.left_out)  # fmt: skip
        return reports

    def _source(self) -> Source:
        known = [source for source in self._remembered.sources() if source.spec == self._spec]
        return known[0] if known else Source(self._spec, "folder", now())

    def _whole(self) -> list[Path]:
        """The files that are new or have changed, and have stayed as they are for a while."""
        moment, pending, source = time.monotonic(), {}, self._source()
        changed, _, renewed = file_news(source)
        if renewed:
            looked_at(self._remembered, source, renewed)
        for file in changed:
            try:
                status = file.stat()
            except OSError:
                continue  # gone again
            seen = status.st_size, status.st_mtime_ns
            if file.name.lower().endswith(_UNDER_WAY) or self._failed.get(file) == seen:
                continue
            before = self._pending.get(file)
            pending[file] = before if before and before[0] == seen else (seen, moment)
        self._pending = pending
        return [file for file, (_, since) in pending.items() if moment - since >= self._settle_s]
