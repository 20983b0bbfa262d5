"""Reader of JSON as services answer it: records with names of their own, perhaps wrapped, such as those of OpenReview,
bioRxiv, Europe PMC, DataCite, INSPIRE and DBLP. The names are those of the columns of tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.fields.coded import names_of
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.sources.fields.nothing import something
from rag.sources.fields.people import named
from rag.sources.filter import Request
from rag.sources.json_values import looks_like_json, values
from rag.sources.lines import BLANK
from rag.sources.record import paper_of
from rag.sources.tables.csv_columns import COLUMNS, plain
from rag.sources.tables.csv_table import record_of_cells, when

name = "json"

_OURS = frozenset("title abstract authors copies extra".split())
_TITLES = frozenset((*COLUMNS["title"][:8], "titles"))
_INSIDE = ("value", "text", "title", "description", "date", "name", "content", "$", "#text")
_SEVERAL = frozenset({"authors", "keywords", "categories", "url"})
_OF_ALL_KINDS = frozenset({"identifiers", "identifier", "externalids", "articleids", "ids"})
_MAIN = frozenset({"Abstract", "Issued"})  # of the descriptions and the days that DataCite gives
_BELONG_TO_ANOTHER = frozenset({"parentItem", "replyto"})  # Zotero's files and notes; OpenReview's reviews and comments
_DAYS_BESIDE = ("pdate", "odate", "cdate")  # OpenReview: when a paper was published, shown, and handed in
_NAMED = {ours: frozenset((*names, *(f"{one}s" for one in names))) for ours, names in COLUMNS.items()}
_ISSUES = frozenset({"publicationinfo", "journalinfo"})  # of INSPIRE and Europe PMC: the journal, and when it was
_OF_ISSUES = _NAMED["venue"] | _NAMED["year"]
_DEPTH = 3


def sniff(head: str) -> bool:
    """True when the first record has no names of our own, or stands in a wrapper."""
    if not looks_like_json(head):
        return False
    for found in islice(re.finditer(r"\A[\ufeff\s]*\[?\s*(?=\{)|\[\s*(?=\{)", head), 50):
        try:
            value, _ = json.JSONDecoder().raw_decode(head, found.end())
        except (ValueError, RecursionError):  # it goes on beyond the text, or is broken
            continue
        whole = not found.start()
        if not whole and not head.lstrip(BLANK).startswith("{"):
            return False
        records = _records(value)
        if records or whole:
            return bool(records) and (not whole or records != [value] or not _is_ours(value))
    return False


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order, each a paper or the line and the reason why it is none; a record of ours is that record."""
    for line, value in values(stream):
        for record in _records(value) or [value]:
            if isinstance(record, Rejected):
                yield record
                continue
            if isinstance(record, dict) and not _BELONG_TO_ANOTHER.isdisjoint(name for name in record if record[name]):
                continue
            if isinstance(record, dict) and not _is_ours(record):
                record = _record(record, request.source)
            yield paper_of(with_day(record), source=request.source, line=line)


def with_day(record: object) -> object:
    """The record with `published`, where it has no such name but says when by that of a column: "year", "date".

    It is then no record of our own making, and its people are read as those of others are: "Marx, Karl".
    """
    if not isinstance(record, dict) or "published" in record:
        return record
    day = when({ours: text for ours in ("date", "year", "month", "day") if (text := _found(record, ours))})
    if "published" not in day:
        return record
    people = record.get("authors")
    if not isinstance(people, list) or not all(isinstance(each, str) for each in people):
        return {**record, **day}
    names, more = named(people)
    return {**record, **day, "authors": names, **more}


def _records(value: object, depth: int = 0) -> list[object]:
    """The records that a value is or wraps; none where there is no title in it."""
    if isinstance(value, list):
        own = (each for each in value if not (isinstance(each, dict) and each.get("replyto")))
        return [_opened(each) for each in value] if value and _is_titled(next(own, value[0])) else []
    if not isinstance(value, dict):
        return []
    if _is_titled(value):
        return [_opened(value)]
    inside = (each for name, each in value.items() if name not in _OURS and isinstance(each, dict | list))
    return next((found for each in inside if depth < _DEPTH and (found := _records(each, depth + 1))), [])


def _is_titled(value: object) -> bool:
    opened = _opened(value)
    return isinstance(opened, dict) and any(_plain(name) in _TITLES and _said(each) for name, each in opened.items())


def _opened(value: object) -> object:
    """The value, or of a record without a title the only one of its parts that has one.

    A part with the title of the whole is the paper of an entry, and tells more of it: Hugging Face writes so.
    """
    if not isinstance(value, dict):
        return value
    parts = [part for part in value.values() if isinstance(part, dict) and _names(part) & _TITLES]
    if _names(value) & _TITLES:
        same = [part for part in parts if "title" in part and part["title"] == value.get("title")]
        return {**value, **same[0]} if len(same) == 1 else value
    return {**_beside(value), **parts[0]} if len(parts) == 1 else value


def _beside(record: Mapping[str, object]) -> dict[str, object]:
    """What OpenReview says of a paper beside the part that has its title: when it is from, and what it replies to."""
    days = (dated(str(record[name])) for name in _DAYS_BESIDE if type(record.get(name)) is int)
    day = next((day["published"] for day in days if "published" in day), None)
    return {name: value for name, value in (("published", day), ("replyto", record.get("replyto"))) if value}


def _names(record: Mapping[str, object]) -> set[str]:
    return {_plain(name) for name, value in record.items() if value}


def _plain(name: str) -> str:
    return plain(name.rpartition(":")[2])  # Scopus: "dc:title"


def _is_ours(record: Mapping[str, object]) -> bool:
    """True for a record whose title, abstract and authors, as far as it has them, have the names and forms of ours."""
    people = record.get("authors")
    ours = {"title": isinstance(record.get("title"), str), "abstract": isinstance(record.get("abstract"), str),
            "authors": isinstance(people, list) and all(isinstance(each, str) for each in people)}  # fmt: skip
    return all(right or _names(record).isdisjoint(_NAMED[name]) for name, right in ours.items())


def _record(record: Mapping[str, object], source: str) -> dict[str, object]:
    record = {**_issue(record), **record}
    cells = {ours: text for ours in COLUMNS if (text := _found(record, ours))}
    if bare_doi(cells.get("id")):
        del cells["id"]
    for ours, known in (("doi", bare_doi), ("arxiv_id", arxiv_id_of)):
        if ours not in cells and (number := next(filter(known, _numbers(record, ours[:5])), "")):
            cells[ours] = number
    people = (_people(value) for name, value in record.items() if _plain(name) in COLUMNS["authors"])
    names, more = named(names_of(next(filter(None, people), [])))
    made = record_of_cells(cells, source)
    return made | more | {"authors": names} if names else made


def _issue(record: Mapping[str, object]) -> dict[str, object]:
    """What a record says of the issue that it was published in, where that stands in a record of its own."""
    given = next((value for name, value in record.items() if _plain(name) in _ISSUES), None)
    first = given[0] if isinstance(given, list) and given else given
    said = first.items() if isinstance(first, dict) else ()
    return {name: value for name, value in said if _plain(name) in _OF_ISSUES}


def _found(record: Mapping[str, object], ours: str) -> str:
    """What the record says under the names that columns have for it, the first of these names first."""
    given = {_plain(name): value for name, value in record.items()}
    names = (name for one in COLUMNS[ours] for name in (one, f"{one}s") if name in given)
    texts = (text for name in names if (text := something(_said(given[name], all_=ours in _SEVERAL))))
    if ours == "date":  # bioRxiv's `published` is a DOI
        return next(iter(sorted(texts, key=lambda text: "published" not in dated(text))), "")
    return next(texts, "")


def _numbers(record: Mapping[str, object], kind: str) -> Iterator[str]:
    """What may be the DOI or arXiv id among numbers of all kinds: {"DOI": "…"}, [{"type": "doi", "id": "…"}]."""
    for given in (value for name, value in record.items() if _plain(name) in _OF_ALL_KINDS):
        for each in given if isinstance(given, list) else [given]:
            said = each.items() if isinstance(each, dict) else ()
            typed = any(isinstance(text, str) and text.lower() == kind for _, text in said)
            yield from (text for name, text in said if isinstance(text, str) and (typed or _plain(name) == kind))


def _people(value: object) -> list[object]:
    """The people who are a record each, in a list that may stand in a record of its own."""
    if isinstance(value, dict) and len(value) == 1:
        [value] = value.values()
    given = value if isinstance(value, list) else [value]
    people = [each for each in given if isinstance(each, dict)]
    if len(people) < len(given):
        return []
    return [each for each in people if each.get("creatorType") == "author"] or given  # Zotero has editors among them


def _said(value: object, *, all_: bool = False, depth: int = 0) -> str:
    """What a value says as text: of several the main one or the first, of a record what stands under a usual name."""
    if isinstance(value, list) and value and depth < _DEPTH:
        if all_ and all(isinstance(each, str) for each in value):
            return "; ".join(value)
        main = [each for each in value if isinstance(each, dict) and not _MAIN.isdisjoint(map(str, each.values()))]
        return _said((main or value)[0], depth=depth + 1)
    if isinstance(value, dict) and depth < _DEPTH:
        if "year" in value:
            return "-".join(str(value[part]) for part in ("year", "month", "day") if value.get(part))
        said = (_said(value.get(name), all_=all_, depth=depth + 1) for name in _INSIDE)
        return next(filter(None, said), "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
