"""The table of readers, and the one function that picks among them by content.

To add a reader, write a module beside this one with `name`, `sniff` and `read` as in `Reader`, import it here, and put
it into `READERS` before the readers that would also take its files: a kind of JSON before `jsonl`, which takes any. The
listing stands last: any text may look like it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Protocol, TextIO

from rag.errors import SettingsError, SourceError
from rag.model import Paper, Rejected, Withdrawn
from rag.sources.bibliographies import bibtex, csl, ris, tagged, web_of_science
from rag.sources.bytestream import absolute_if_named_like_standard_input, is_standard_input
from rag.sources.catalogues import (
    arxiv,
    arxiv_text,
    medline,
    openalex,
    pubmed,
    pubmed_text,
    semantic_scholar,
    xml_records,
)
from rag.sources.concatenated import parts
from rag.sources.encoding import open_text
from rag.sources.filter import Filter, Request
from rag.sources.refused import instead_of
from rag.sources.saved_pages import html, listing
from rag.sources.tables import csv_fields, csv_table, jsonl, web_answers
from rag.sources.tables.csv_columns import unknown_columns


class Reader(Protocol):
    """One format. A module with these three names is a reader."""

    name: str

    def sniff(self, head: str) -> bool:
        """True when a file that begins with this text (up to 65,536 characters) is of this format."""

    def read(self, stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
        """The entries of the file in order. The stream can be read once, from the start, and not be sought in.

        Raises:
            SourceError: the file as a whole cannot be read; its message goes on from the file's name.
        """


@dataclass(frozen=True)
class Reading:
    """The name of the reader that took the file, and the entries as they are read, once."""

    reader: str
    entries: Iterator[Paper | Rejected | Withdrawn]


READERS: tuple[Reader, ...] = (
    arxiv, openalex, semantic_scholar, csl, web_answers, jsonl, pubmed, xml_records, web_of_science, bibtex, ris,
    tagged, medline, pubmed_text, arxiv_text, csv_table, csv_fields, html, listing,
)  # fmt: skip
_BY_NAME = {reader.name: reader for reader in READERS}


def read_file(path: str | Path, *, as_of: int | None = None, only: Filter | None = None) -> Reading:
    """The papers of a file, and the records in it that could not be taken, by the reader that knows its content.

    "-" is standard input; what gzip or zstd compressed is read through. What is wrong with the file as a whole is
    raised here, before the first entry is taken from `entries`; afterwards only a file raises that changes or vanishes
    while it is read, or a fault in a compressed file or in standard input. `as_of` is the year of a page's dates
    without a year. With `only`, the papers that are not wanted are left out, and there may be none at all.

    Raises:
        SourceError: the file is empty, binary or wrongly encoded, no reader knows it, or it has no papers.
        SettingsError: `as_of` is no year.
    """
    path = absolute_if_named_like_standard_input(path)
    if as_of is not None and not 1 <= as_of <= 9999:
        raise SettingsError(f"as_of is {as_of}; give the year of the page, such as 2025")
    name = "standard input" if is_standard_input(path) else path.name
    try:
        head, stream = open_text(path)
    except SourceError as error:
        raise SourceError(f"{name} {error}") from error
    try:
        reader = _reader_for(head, name)
    except SourceError:
        stream.close()
        raise
    entries = _entries(stream, reader, Request(name, as_of, only or None))
    first = next(entries, None)
    if first is None and not only:
        raise SourceError(f"{name} has no papers in it (read as {reader.name}); a paper is a title and an abstract")
    return Reading(reader.name, chain((first,), entries) if first is not None else entries)


def _reader_for(head: str, name: str) -> Reader:
    for reader in READERS:
        if reader.sniff(head):
            return reader
    if told := instead_of(head) or unknown_columns(head):
        raise SourceError(f"{name} {told}")
    begins = " ".join(head[:200].split())[:60]
    known = ", ".join(reader.name for reader in READERS)
    raise SourceError(f"{name} is of no known format (it begins {begins!r}); known are: {known}")


def _entries(stream: TextIO, reader: Reader, request: Request) -> Iterator[Paper | Rejected]:
    only = request.only
    try:
        with stream:
            for name, part, before in parts(stream, reader.name):
                for entry in _BY_NAME[name].read(part, request):
                    if isinstance(entry, Rejected):
                        yield replace(entry, line=entry.line + before)
                    elif only is None or only.takes(entry):
                        yield entry
    except SourceError as error:
        raise SourceError(f"{request.source} {error}") from error
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{request.source} changed or vanished while it was read: {error}; try again") from error
