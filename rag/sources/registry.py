"""The table of readers, and the one function that picks among them by content.

To add a reader, write a module beside this one with `name`, `sniff` and `read` as in `Reader`, import it here, and put
it into `READERS` before the readers that would also take its files. The listing stands last: any text may look like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol, TextIO

from rag.errors import SettingsError, SourceError
from rag.model import Paper, Rejected
from rag.sources import html, jsonl, listing
from rag.sources.files import text_encoding

_HEAD_CHARS = 1 << 16


class Reader(Protocol):
    """One format. A module with these three names is a reader."""

    name: str

    def sniff(self, head: str) -> bool:
        """True when a file that begins with this text (up to 65,536 characters) is of this format."""

    def read(self, stream: TextIO, *, source: str, as_of: int | None) -> Iterator[Paper | Rejected]:
        """The entries of the file in order. `source` is the file's name, `as_of` the year of dates without one.

        Raises:
            SourceError: the file as a whole cannot be read; its message goes on from the file's name.
        """


@dataclass(frozen=True)
class Reading:
    """The name of the reader that took the file, and the entries as they are read, once."""

    reader: str
    entries: Iterator[Paper | Rejected]


READERS: tuple[Reader, ...] = (jsonl, html, listing)


def read_file(path: str | Path, *, as_of: int | None = None) -> Reading:
    """The papers of a file, and the records in it that could not be taken, by the reader that knows its content.

    What is wrong with the file as a whole is raised here, before the first entry is taken from `entries`; afterwards
    only a file that changes or vanishes while it is read raises. `as_of` is the year of a page's dates without a year.

    Raises:
        SourceError: the file is empty, binary or wrongly encoded, no reader knows it, or it has no papers.
        SettingsError: `as_of` is no year.
    """
    path = Path(path)
    if as_of is not None and not 1 <= as_of <= 9999:
        raise SettingsError(f"as_of is {as_of}; give the year of the page, such as 2025")
    encoding = text_encoding(path)
    reader = _reader_for(path, encoding)
    entries = _entries(path, encoding, reader=reader, as_of=as_of)
    first = next(entries, None)
    if first is None:
        raise SourceError(
            f"{path.name} has no papers in it (read as {reader.name}); a paper is a title and an abstract"
        )
    return Reading(reader.name, chain((first,), entries))


def _reader_for(path: Path, encoding: str) -> Reader:
    try:
        with path.open(encoding=encoding) as stream:
            head = stream.read(_HEAD_CHARS)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{path.name} cannot be read: {error}; try again") from error
    for reader in READERS:
        if reader.sniff(head):
            return reader
    begins = " ".join(head[:200].split())[:60]
    known = ", ".join(reader.name for reader in READERS)
    raise SourceError(f"{path.name} is of no known format (it begins {begins!r}); known are: {known}")


def _entries(path: Path, encoding: str, *, reader: Reader, as_of: int | None) -> Iterator[Paper | Rejected]:
    try:
        with path.open(encoding=encoding) as stream:
            yield from reader.read(stream, source=path.name, as_of=as_of)
    except SourceError as error:
        raise SourceError(f"{path.name} {error}") from error
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{path.name} changed or vanished while it was read: {error}; try again") from error
