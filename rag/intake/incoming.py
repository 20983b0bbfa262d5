"""What an ingest takes in: a source that is opened in its turn, and that is told how far its papers are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rag import sources
from rag.model import FileReport
from rag.sources.files import find_files
from rag.sources.filter import Filter


def _nothing(*_: object) -> None:
    return None


@dataclass(frozen=True)
class Intake:
    """One source to read.

    `path` is what reports call it. `open` gives its entries, which are taken once and in order; it and they may raise
    SourceError, and what came before is kept. `written` is called whenever all entries taken so far are in the library,
    `finished` at the end, also of a source that failed, with its report. `total` gives the number of entries, where the
    source says it.
    """

    path: str
    open: Callable[[], sources.Reading]
    written: Callable[[], None] = _nothing
    finished: Callable[[FileReport], None] = _nothing
    total: Callable[[], int | None] = _nothing


def intakes_of(
    paths: Sequence[str | Path | Intake], *, as_of: int | None = None, only: Filter | None = None
) -> list[Intake]:
    """The files and folders as sources to read, in order; what is one already stays as it is.

    Raises:
        SourceError: a path does not exist.
    """
    found: list[Intake] = []
    for path in paths:
        if isinstance(path, Intake):
            found.append(path)
        else:
            found += [
                Intake(str(file), partial(sources.read_file, file, as_of=as_of, only=only))
                for file in find_files([path])
            ]
    return found
