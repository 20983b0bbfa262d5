"""From what is given to an ingest, or remembered of one, to sources to read; each is remembered as it is written."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from rag.curation.remembered_sources import Mark, Remembered, Source, day_of, finished, the_gone
from rag.curation.source_runs import FileRun, LiveRun, Tally, Terms, mark_of, read, terms_of
from rag.errors import SourceError
from rag.intake.incoming import Intake
from rag.model import Paper
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.sources.files import find_files
from rag.sources.live import fetch, is_live
from rag.sources.live.spec import read_spec

OVERLAP = timedelta(days=3)
"""So much before the last time a live source is asked for again: services learn of papers late."""


def given(remembered: Remembered, paths: Sequence[str | Path | Intake], terms: Terms, tally: Tally) -> list[Intake]:
    """The sources that somebody names, to be read and remembered; standard input is read and not remembered,
    and an Intake stays as it is.

    A live source that was cut off goes on where it stopped. Papers that were removed come back when their source is
    named, and are counted.

    Raises:
        SourceError: a path does not exist, or a live spec cannot be read.
        LibraryError: what is remembered cannot be read.
    """
    before = {source.spec: source for source in remembered.sources()}
    is_gone = the_gone(remembered.gone())

    def let_in(paper: Paper) -> bool:
        if is_gone(paper):
            tally.brought_back.append(paper)
        return True

    found: list[Intake] = []
    for path in paths:
        if isinstance(path, Intake):
            found.append(path)
        elif str(path) == "-":
            [standard_input] = find_files([path])
            found.append(Intake("-", partial(read, standard_input, terms, let_in)))
        elif not os.path.lexists(path) and is_live(str(path)):
            spec = read_spec(str(path)).spec
            source = before.get(spec)
            resumed = source.state if source and terms_of(source) == terms else ""
            since = terms.only.since if terms.only else None
            held = source.held if source else ""
            asked = fetch(spec, since=since, state=resumed, limit=terms.limit, held=held, afresh=True)
            found.append(
                LiveRun(remembered, asked, terms, wanted=let_in, resumed=bool(resumed), on_read=tally.on_read).intake()
            )
        else:
            _check_spelling(str(path))
            files = find_files([path])
            spec = os.path.abspath(path)
            found += FileRun(remembered, spec, files, terms, wanted=let_in, folder=Path(path).is_dir()).intakes()
    return found


def _check_spelling(path: str) -> None:
    """Raise SourceError for what is no path and was meant as a live source."""
    if os.path.lexists(path) or not re.match(r"[A-Za-z0-9]{2,}:", path):
        return
    arxiv_id, doi = arxiv_id_of(path), bare_doi(path)
    meant = f"write arxiv:{arxiv_id}" if arxiv_id else f"write doi:{doi}" if doi else "check its spelling"
    raise SourceError(
        f"{path!r} is neither a file nor a live source, which begins with hf:, arxiv:, openalex:, s2:, doi: or "
        f"zotero:; {meant}"
    )


def live_news(remembered: Remembered, source: Source, tally: Tally) -> Intake | None:
    """The live source to be read from its first record that is new or has changed; None when it has none.

    It is asked for what came since the last time, and for the rest of what was cut off.

    Raises:
        SourceError: the service failed.
    """
    terms = terms_of(source)
    last = day_of(source.last)
    since = max(
        filter(None, (last - OVERLAP if last else None, terms.only.since if terms.only else None)), default=None
    )
    limit = terms.limit if source.state or last is None else None
    asked = fetch(source.spec, since=since, state=source.state, limit=limit, held=source.held)
    run = LiveRun(
        remembered,
        asked,
        terms,
        wanted=_without_gone(remembered, tally),
        seen=source.seen,
        resumed=bool(last or source.state),
        on_read=tally.on_read,
    )
    return run.intake() if run.peek() else None


def file_news(source: Source) -> tuple[list[Path], list[str], dict[str, Mark]]:
    """Of a file or folder the files that are new or have changed, those that are gone, and marks to be renewed.

    Raises:
        SourceError: the folder cannot be read.
    """
    try:
        files = find_files([source.spec])
    except SourceError:
        if not os.path.lexists(source.spec):
            return [], [source.spec], {}
        if os.path.isdir(source.spec) and os.access(source.spec, os.R_OK | os.X_OK):
            return [], sorted(source.files), {}  # a folder that is empty now
        raise
    changed, renewed = [], {}
    for file in files:
        known = source.files.get(str(file))
        try:
            status = file.stat()
        except FileNotFoundError:
            continue  # gone since it was listed
        if known and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
            continue
        if known and known.size == status.st_size and (mark := mark_of(file)).sha256 == known.sha256:
            renewed[str(file)] = mark
        else:
            changed.append(file)
    return changed, sorted(source.files.keys() - set(map(str, files))), renewed


def looked_at(
    remembered: Remembered, source: Source, renewed: Mapping[str, Mark], *, gone: Sequence[str] = (), done: bool = False
) -> None:
    """Remember what looking at the files of a source showed: other times, files that are gone, told once."""

    def noted(before: Source | None) -> Source | None:
        if before is None:
            return None
        files = {path: mark for path, mark in before.files.items() if path not in gone or path == source.spec}
        files |= {path: replace(mark, papers=files[path].papers) for path, mark in renewed.items() if path in files}
        after = finished(before, before.spec, before.kind, papers=before.papers) if done else before
        return replace(after, files=files)

    remembered.change(source.spec, noted)


def file_intakes(remembered: Remembered, source: Source, files: Sequence[Path], tally: Tally) -> list[Intake]:
    """These files of a remembered file or folder, to be read on its terms without the papers that were removed."""
    wanted = _without_gone(remembered, tally)
    folder = source.kind == "folder"
    return FileRun(remembered, source.spec, files, terms_of(source), wanted=wanted, folder=folder).intakes()


def _without_gone(remembered: Remembered, tally: Tally) -> Callable[[Paper], bool]:
    is_gone = the_gone(remembered.gone())

    def wanted(paper: Paper) -> bool:
        if is_gone(paper):
            tally.left_out += 1
            return False
        return True

    return wanted
