"""Reader of tables with a header: CSV and TSV as spreadsheets, Zotero, Scopus and Web of Science write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.fields import TEXT_LIMIT
from rag.sources.filter import Request
from rag.sources.identifiers import arxiv_id_of, identifiers
from rag.sources.lines import LINE_LIMIT, numbered
from rag.sources.markup import without_markup
from rag.sources.people import listed
from rag.sources.record import paper_of
from rag.sources.retractions import in_title, marked
from rag.sources.when import dated, month_of, on

name = "csv"

# The names of columns as `_plain` makes them, in the order in which they are taken where a table has several.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "title": ("title", "articletitle", "papertitle", "documenttitle", "primarytitle", "name", "ti"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "summary", "description", "ab"),
    "authors": ("authorfullnames", "authors", "author", "authornames", "authorlist", "creators", "af", "au"),
    "doi": ("doi", "doilink", "articledoi", "originalpaperdoi", "di"),
    "url": ("url", "link", "articleurl", "paperurl", "sourceurl", "weblink", "urls"),
    "arxiv_id": ("arxivid", "arxiv", "eprint", "arxivurl", "arxividentifier", "preprint"),
    "date": ("published", "date", "publicationdate", "publisheddate", "datepublished", "publicationdateonline",
             "originalpaperdate", "issued", "pubdate", "coverdate"),
    "year": ("publicationyear", "year", "publishedyear", "pubyear", "py"),
    "month": ("month", "publicationmonth"),
    "venue": ("publicationtitle", "sourcetitle", "journal", "journalbook", "venue", "journaltitle", "conference",
              "booktitle", "source", "so"),
    "keywords": ("keywords", "authorkeywords", "manualtags", "tags", "de"),
    "categories": ("categories", "primarycategory", "arxivcategories", "primaryclass"),
    "pmid": ("pmid", "pubmedid", "pm"),
    "language": ("language", "languageoforiginaldocument", "la"),
    "note": ("notes", "note", "extra"),
    "retraction": ("retraction", "retracted", "isretracted", "retractionnature"),
}  # fmt: skip
_EXTRA = ("venue", "keywords", "categories", "pmid", "language", "note")
_DELIMITERS = "\t,;|"
_YES = frozenset({"yes", "true", "1", "y", "retracted", "retraction", "withdrawn"})
_NO = frozenset({"", "no", "false", "0", "n", "none", "null", "nan", "na", "n/a", "-"})
_HEADER_CHARS = 20_000


def sniff(head: str) -> bool:
    """True when the first line that is not blank is a header with a title or an abstract among two columns or more."""
    return _header(head) is not None


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The rows in order. Columns of other names are left out; blank cells say nothing.

    What sets columns apart is the mark by which the header has known names, which no guess from the data does better.
    """
    lines = _Lines(stream)
    header = next((line for line in lines if line.strip("\ufeff \t\r\n")), "")
    found = _header(header)
    if found is None:
        return
    delimiter, columns, width = found
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        begun = lines.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Rejected(begun, f"the row cannot be read: {error}; close its quotes, or shorten its cells")
            continue
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if lines.too_long:
            lines.too_long = False
            yield Rejected(begun, f"the line has more than {LINE_LIMIT:,} characters, the limit; shorten it")
        elif len(row) < 2 or any(cell.strip() for cell in row[width:]):
            # Too many are a comma in a text without quotes: the text would be cut off there, and nobody told.
            yield Rejected(begun, f"the row has {len(row)} cells, the header {width}; put texts into quotes")
        else:
            cells = {ours: row[at].strip() for ours, at in columns.items() if at < len(row)}
            yield paper_of(_record(cells, request.source), source=request.source, line=begun)


class _Lines:
    """The lines of a stream for the parser, which reads several for one row, and the number of the last."""

    def __init__(self, stream: TextIO) -> None:
        self._lines = numbered(stream)
        self.number = 0
        self.too_long = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.number, text = next(self._lines)
        self.too_long = self.too_long or len(text) > LINE_LIMIT
        return text


def _header(head: str) -> tuple[str, dict[str, int], int] | None:
    """The delimiter, the places of the columns that are known and the number of all; None where it is no header."""
    text = head[:_HEADER_CHARS].lstrip("\ufeff \t\r\n").partition("\n")[0]
    best: tuple[str, dict[str, int], int] | None = None
    for delimiter in _DELIMITERS:
        try:
            names = [_plain(cell) for cell in next(csv.reader([text], delimiter=delimiter), [])]
        except csv.Error:
            continue
        columns: dict[str, int] = {}
        for ours, theirs in _COLUMNS.items():
            at = next((names.index(one) for one in theirs if one in names), None)
            if at is not None and at not in columns.values():
                columns[ours] = at
        if not ({"title", "abstract"} & columns.keys()) or len(columns) < 2:
            continue
        if best is None or len(columns) > len(best[1]):
            best = delimiter, columns, len(names)
    return best


def _plain(name: str) -> str:
    """The name of a column in small letters without blanks and marks: "Abstract Note", "abstract_note"."""
    return re.sub(r"[^a-z0-9]+", "", name.lower()) if len(name) <= 60 else ""


def _record(cells: Mapping[str, str], source: str) -> dict[str, object]:
    title = without_markup(cells.get("title", ""))
    abstract = without_markup(cells.get("abstract", ""))
    note = cells.get("note", "")
    in_note = re.search(r"\barxiv:\s*(\S+)", note[:2_000], re.IGNORECASE)  # where Zotero puts it
    row_id = cells.get("id", "")
    # Tables made from arXiv's snapshot have its ids; a number is that of the row, and another table has it too.
    own_id = "" if row_id.isdecimal() or arxiv_id_of(row_id) or not row_id.isprintable() else row_id[:200]
    given = cells.get("arxiv_id", "") or arxiv_id_of(row_id) or (in_note[1] if in_note else "")
    url, said_doi = cells.get("url", "").split(";")[0].strip(), cells.get("doi", "")
    doi, arxiv_id = identifiers(doi=said_doi, arxiv_id=given if arxiv_id_of(given) else None, url=url)
    authors = cells.get("authors", "")
    if len(authors) <= TEXT_LIMIT:
        # Scopus adds a number to each name: "Owl, Ann (57200000000)".
        authors = re.sub(r"\s*\(\d{5,}\)", "", authors)
    return {
        "id": own_id,
        "title": title,
        "abstract": "" if abstract.lower() in ("[no abstract available]", "no abstract available") else abstract,
        "url": url,
        **_when(cells),
        "authors": listed(authors) if len(authors) <= TEXT_LIMIT else [authors],
        "doi": doi or (None if arxiv_id else said_doi or None),
        "arxiv_id": arxiv_id,
        "retraction": _retraction(cells.get("retraction", ""), title, source),
        "extra": {ours: cells[ours] for ours in _EXTRA if cells.get(ours)},
    }


def _when(cells: Mapping[str, str]) -> dict[str, object]:
    day, year = dated(cells.get("date", "")), cells.get("year", "")
    if day.get("published") and not day.get("published_inferred"):
        return day
    if re.fullmatch(r"\d{4}", year, re.ASCII) and "published" not in day:
        return on(int(year), month_of(cells.get("month", "")))
    return day or dated(year)


def _retraction(said: str, title: str, source: str) -> str | None:
    if said.lower() in _NO:
        return f"{source}: {mark}" if (mark := in_title(title)) else None
    return marked(source, "" if said.lower() in _YES else said)
