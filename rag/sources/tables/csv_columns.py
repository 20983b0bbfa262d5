"""The columns of tables: by which names programs call them, and where in a header they stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass

# The names of columns as `_plain` makes them, in the order in which they are taken where a table has several.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "title": ("title", "articletitle", "papertitle", "documenttitle", "primarytitle", "itemtitle", "displayname",
             "worktitle", "publicationname", "name", "ti", "paper"),
    "abstract": ("abstract", "abstractnote", "abstracttext", "abstracts", "paperabstract",
             "abstracttextparagraph", "summary", "description", "ab", "abstractinvertedindex"),
    "authors": ("authorfullnames", "authors", "author", "authornames", "authorlist", "creators", "creator",
             "authorshipsauthordisplayname", "authorshipsrawauthorname", "authorsfull", "authorss", "af", "au"),
    "doi": ("doi", "doilink", "articledoi", "originalpaperdoi", "itemdoi", "doinumber", "digitalobjectidentifier",
             "di"),
    "url": ("url", "link", "articleurl", "paperurl", "sourceurl", "weblink", "urls",
             "primarylocationlandingpageurl", "dimensionsurl", "documenturl"),
    "arxiv_id": ("arxivid", "arxiv", "eprint", "arxivurl", "arxividentifier", "preprint"),
    "date": ("published", "date", "publicationdate", "publisheddate", "datepublished", "publicationdateonline",
             "originalpaperdate", "issued", "pubdate", "coverdate", "dateofpublication", "articledate",
             "onlinedate", "publicationdateonline", "dp", "publishedonline", "publishedprint"),
    "year": ("publicationyear", "year", "publishedyear", "pubyear", "yearpublished", "yearofpublication", "py"),
    "month": ("month", "publicationmonth", "publishedmonth", "pubmonth", "pd", "da"),
    "venue": ("publicationtitle", "sourcetitle", "journal", "journalbook", "venue", "journaltitle", "conference",
              "booktitle", "primarylocationsourcedisplayname", "publicationvenue", "containertitle", "source", "so"),
    "keywords": ("keywords", "authorkeywords", "manualtags", "tags", "de"),
    "categories": ("categories", "primarycategory", "arxivcategories", "primaryclass"),
    "pmid": ("pmid", "pubmedid", "pm"),
    "language": ("language", "languageoforiginaldocument", "la"),
    "note": ("notes", "note", "extra"),
    "retraction": ("retraction", "retracted", "isretracted", "retractionnature"),
}  # fmt: skip
_DELIMITERS = "\t,;|"
_HEADER_CHARS = 20_000
_LEAD_LINES = 20


@dataclass(frozen=True)
class Header:
    """What a header says: the mark between cells, the places of known columns, and the number of all of them."""

    delimiter: str
    columns: Mapping[str, int]
    width: int
    row: tuple[str, ...] = ()
    """The cells, by which a header that stands in the file once more is known."""
    glued: bool = False
    """True where names of people stand one after another with nothing between them, as SpringerLink writes them."""


def header_of(line: str) -> Header | None:
    """The header that a line is, or None: it has a title or an abstract among two known columns or more.

    What sets columns apart is the mark by which the header has known names, which no guess from the data does better.
    """
    best: Header | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in line:
            continue
        try:
            header = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [_plain(cell) for cell in header]
        # "Abstract (EN)" and "Study title" are taken where no column has a known name.
        loose = [_plain(re.sub(r"[(\[].*", "", cell)) for cell in header]
        columns: dict[str, int] = {}
        for ours, theirs in COLUMNS.items():
            at = next((each.index(one) for each in (names, loose) for one in theirs if one in each), None)
            if at is not None and at not in columns.values():
                columns[ours] = at
        for ours in ("title", "abstract"):
            ends = [at for at, name in enumerate(names) if name.endswith(ours) and at not in columns.values()]
            if ours not in columns and len(ends) == 1:
                columns[ours] = ends[0]
        if not ({"title", "abstract"} & columns.keys()) or len(columns) < 2:
            continue
        if best is None or len(columns) > len(best.columns):
            best = Header(
                delimiter, columns, len(names), tuple(header), glued="itemtitle" in names and "itemdoi" in names
            )
    return best


def header_in(head: str) -> tuple[int, Header] | None:
    """The header near the beginning of a text, and the number of lines before it, which databases write on the export.

    One that is not in the first line has to know three columns, or two where a line names the separator.
    """
    lines = head[:_HEADER_CHARS].lstrip("\ufeff").split("\n")[:_LEAD_LINES]
    before = 0
    for number, line in enumerate(lines):
        if not line.strip("\ufeff \t\r"):
            continue
        header = header_of(line.lstrip("\ufeff").rstrip("\r"))
        if header is not None and (before == 0 or len(header.columns) > 2 or lines[0].startswith("sep=")):
            return number, header
        before += 1
    return None


def _plain(name: str) -> str:
    """The name of a column in small letters without blanks and marks: "Abstract Note", "abstract_note"."""
    return re.sub(r"[^a-z0-9]+", "", name.lower()) if len(name) <= 60 else ""
