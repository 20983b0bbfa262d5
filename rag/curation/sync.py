"""Keeping current: the remembered sources are asked for what is new. A library is opened only when something is."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.curation.origins import file_intakes, file_news, live_news, looked_at
from rag.curation.remembered_sources import Remembered, Source
from rag.curation.source_runs import OnRead, Tally
from rag.errors import SettingsError, SourceError
from rag.intake.incoming import Intake
from rag.model import FileReport, IngestReport, Rejected
from rag.model.changes import SourceReport, SyncReport
from rag.sources.live import is_live
from rag.sources.live.spec import read_spec

Ingest = Callable[[Sequence[Intake]], IngestReport]
_log = logging.getLogger(__name__)


@dataclass
class _Asked:
    """One source that was asked: what is to be read of it, and its report so far."""

    source: Source
    report: SourceReport
    tally: Tally
    intakes: list[Intake] = field(default_factory=list)


def sync(
    storage: str | Path,
    ingest: Ingest,
    specs: Sequence[str] = (),
    *,
    dry_run: bool = False,
    on_ask: Callable[[str, int, int], None] | None = None,
    on_read: OnRead | None = None,
) -> SyncReport:
    """Ask the remembered sources, or those of them that `specs` name, for what is new, and bring it into the library.

    `ingest` is called once, and only when something is new. Files are read when their content has changed; live
    sources are asked for what came since the last time and a few days before. Papers that were removed stay away. With
    `dry_run` nothing is written. A source that fails is in the report, and the others go on. `on_ask` is called with
    each source, its number and how many there are, `on_read` while records of live sources come.

    Raises:
        SettingsError: a spec is not that of a remembered source.
        LibraryError: what is remembered is damaged, or the library cannot be written.
    """
    remembered = Remembered(storage)
    asked: list[_Asked] = []
    sources = chosen(remembered.sources(), specs)
    for n, source in enumerate(sources, 1):
        if on_ask:
            on_ask(source.spec, n, len(sources))
        asked.append(_ask(_ReadOnly(storage) if dry_run else remembered, source, on_read))
    if dry_run:
        return SyncReport(tuple(_dry(one) for one in asked), dry_run=True)
    intakes = [intake for one in asked for intake in one.intakes]
    files = iter(ingest(intakes).files if intakes else ())
    reports = []
    for one in asked:
        of_source = tuple(file for _, file in zip(one.intakes, files, strict=False))
        reports.append(replace(one.report, files=of_source, left_out=one.tally.left_out))
    report = SyncReport(tuple(reports))
    _log.info("synced %d sources: %d brought something", len(reports), sum(r.state == "updated" for r in reports))
    return report


def chosen(sources: Sequence[Source], specs: Sequence[str]) -> list[Source]:
    """The sources that the specs name, in the order in which they are remembered; all of them without specs.

    Raises:
        SettingsError: one names none; those that are remembered are named.
    """
    if not specs:
        return list(sources)
    wanted = {known_as(spec, sources): spec for spec in specs}
    missing = [spec for known, spec in wanted.items() if all(source.spec != known for source in sources)]
    if missing:
        known = ", ".join(source.spec for source in sources) or "none"
        raise SettingsError(f"{missing[0]!r} is no remembered source; there are: {known}. `footnote ingest` adds one.")
    return [source for source in sources if source.spec in wanted]


def known_as(spec: str, sources: Sequence[Source]) -> str:
    """The spec under which a source is remembered: as it stands, in its canonical form, or as an absolute path."""
    if any(source.spec == spec for source in sources):
        return spec
    if is_live(spec):
        try:
            return read_spec(spec).spec
        except SourceError:
            return spec
    return os.path.abspath(spec)


def _ask(remembered: Remembered, source: Source, on_read: OnRead | None) -> _Asked:
    tally = Tally(on_read=on_read)
    asked = _Asked(source, SourceReport(source.spec, source.kind), tally)
    try:
        if source.kind == "live":
            intake = live_news(remembered, source, tally)
            asked.intakes = [intake] if intake else []
        else:
            changed, vanished, renewed = file_news(source)
            asked.intakes = file_intakes(remembered, source, changed, tally)
            asked.report = replace(asked.report, vanished=tuple(vanished))
            looked_at(remembered, source, renewed, gone=vanished, done=not changed and vanished != [source.spec])
    except (SourceError, OSError) as error:
        message = str(error) if isinstance(error, SourceError) else f"{source.spec} cannot be read: {error.strerror}"
        _log.info("%s: %s", source.spec, message)
        asked.report = replace(asked.report, error=message)
        remembered.change(source.spec, lambda before: replace(before, error=message) if before else None)
    return asked


def _dry(asked: _Asked) -> SourceReport:
    found = len(asked.intakes)
    if asked.source.kind == "live" and asked.intakes:
        try:
            found = sum(not isinstance(item, Rejected) for item in asked.intakes[0].open().entries)
        except SourceError as error:
            return replace(asked.report, error=str(error))
    files = tuple(FileReport(intake.path) for intake in asked.intakes) if asked.source.kind == "folder" else ()
    return replace(asked.report, found=found, files=files, left_out=asked.tally.left_out)


class _ReadOnly(Remembered):
    """What is remembered, for a dry run: nothing is written."""

    def change(self, spec: str, how: Callable[[Source | None], Source | None]) -> None:
        """Nothing."""
