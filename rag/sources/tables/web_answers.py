"""Reader of JSON as services answer it: records with names of their own, perhaps wrapped, such as those of OpenReview,
bioRxiv, Europe PMC, DataCite, INSPIRE and DBLP. The names are those of the columns of tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.fields.coded import names_of
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.sources.fields.markup import without_markup
from rag.sources.fields.nothing import something
from rag.sources.fields.people import named
from rag.sources.fields.retractions import is_yes_or_no, told
from rag.sources.filter import Request
from rag.sources.json_values import looks_like_json, values
from rag.sources.lines import BLANK
from rag.sources.record import paper_of
from rag.sources.tables.csv_columns import COLUMNS, plain
from rag.sources.tables.csv_table import record_of_cells, when
from rag.sources.tables.nested_text import said_in

name = "json"

_MAY_BEGIN = re.compile(r"\A[\ufeff\s]*\[?\s*(?=\{)|\[\s*(?=\{)|(?<=\{)\s*\"[^\"]{0,200}\"\s*:\s*(?=\{)")
_OURS = frozenset("title abstract authors copies extra".split())
_TITLES = frozenset((*COLUMNS["title"][:8], "titles"))
_SEVERAL = frozenset({"authors", "keywords", "categories", "url"})
_OF_ALL_KINDS = frozenset({"identifiers", "identifier", "externalids", "articleids", "ids"})
_NO_PAPERS = frozenset({"attachment", "note", "annotation"})  # Zotero's, which may stand by themselves
_BELONG_TO_ANOTHER = frozenset({"parentItem", "replyto"})  # Zotero's files and notes; OpenReview's reviews and comments
_DAYS_BESIDE = ("pdate", "odate", "cdate")  # OpenReview: when a paper was published, shown, and handed in
_ALSO = {"abstract": ("text",)}  # in tables it may be any text
_NAMED = {
    ours: frozenset((*names, *(f"{one}s" for one in names), *_ALSO.get(ours, ()))) for ours, names in COLUMNS.items()
}
_ISSUES = frozenset({"publicationinfo", "journalinfo"})  # of INSPIRE and Europe PMC: the journal, and when it was
_OF_ISSUES = _NAMED["venue"] | _NAMED["year"]
_DEPTH = 3
# Those of JATS and of text that is raised: what else stands in angle brackets may be the text's own.
_TAG = re.compile(
    r"</(?:jats:[\w-]{1,20}|p|su[bp]|sec|h\d)>|<br ?/?>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE
)
_COARSE = re.compile(r"\d{4}(?:-(?:0?[1-9]|1[0-2]))?", re.ASCII)


def sniff(head: str) -> bool:
    """True when the first record has no names of our own, or stands in a wrapper."""
    if not looks_like_json(head):
        return False
    for found in islice(_MAY_BEGIN.finditer(head), 50):
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
            if isinstance(record, dict) and _NO_PAPERS & {record.get("itemType"), _in_data(record)}:
                continue
            if isinstance(record, dict) and not _is_ours(record):
                record = _record(record, request.source)
            elif isinstance(record, dict):
                record = likened(record, request.source)
            yield paper_of(record, source=request.source, line=line)


def likened(record: object, source: str) -> object:
    """A record that has names of ours, but is of others, with what we would have written under them.

    Records of our own making always say of what kind the abstract is; nothing is changed in them.
    """
    if not isinstance(record, dict) or "abstract_kind" in record:
        return record
    made: dict[str, object] = {}
    for name in ("title", "abstract"):
        text = record.get(name)
        whole = isinstance(text, list) or (name == "abstract" and isinstance(text, dict))
        text = said_in(text, together=True) if whole else text
        if isinstance(text, str):
            tagged = ("<" in text or "&" in text) and _TAG.search(text)
            made[name] = without_markup(text) if tagged else text
    for name in ("url", "doi", "arxiv_id"):
        if name in record and not isinstance(record[name], str):
            made[name] = said_in(record[name]) or None
    if (count := record.get("author_count")) and isinstance(count, str):
        made["author_count"] = int(count) if count.isdecimal() and len(count) < 7 else None
    for name in ("retraction", "retracted", "is_retracted"):
        said = record.get(name)
        if isinstance(said, bool) or (isinstance(said, str) and (name != "retraction" or is_yes_or_no(said))):
            made |= {name: None, "retraction": told(str(said), source)}
    return {**record, **made, **_day_and_people(record)}


def _day_and_people(record: Mapping[str, object]) -> dict[str, object]:
    """What a record of others says of the day, perhaps by the name of a column ("year", "date"), and of people."""
    day: dict[str, object] = {}
    given = record.get("published")
    if given is None:
        day = when({ours: text for ours in ("date", "year", "month", "day") if (text := _found(record, ours))})
        day = day if "published" in day else {}
    elif not _is_day(text := said_in(given)):
        day = {"published": None, **dated(text)}
    people = record.get("authors")
    texts = isinstance(people, list) and all(isinstance(each, str) for each in people)
    if people is not None and (not texts or day.get("published")):
        names, more = named(names_of(people))
        return {**day, "authors": names, **more}
    return day


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return bool(_COARSE.fullmatch(text)) or not text
    return True


def _records(value: object, depth: int = 0) -> list[object]:
    """The records that a value is or wraps; none where there is no title in it."""
    if isinstance(value, list):
        own = (each for each in value if not (isinstance(each, dict) and each.get("replyto")))
        return [_opened(each) for each in value] if value and _is_titled(next(own, value[0])) else []
    if not isinstance(value, dict):
        return []
    if _is_titled(value):
        return [_opened(value)]
    inside = {name: each for name, each in value.items() if name not in _OURS and isinstance(each, dict | list)}
    found = {name: _records(each, depth + 1) for name, each in inside.items() if depth < _DEPTH}
    found = {name: records for name, records in found.items() if records}
    return [record for name in _alike(found, inside) for record in found[name]]


def _alike(found: Mapping[str, list[object]], inside: Mapping[str, object]) -> list[str]:
    """The names whose values are all of the papers: those of all lists, or of all records that are kept by number.

    A record beside others, such as that of the journal, is a part of the first.
    """
    first = next(iter(found), "")
    kind = type(inside.get(first))
    numbered = any(map(str.isdigit, first)) or len(found) == len(inside) > 2
    return [name for name in found if name == first or (type(inside[name]) is kind and (kind is list or numbered))]


def _is_titled(value: object) -> bool:
    opened = _opened(value)
    return isinstance(opened, dict) and any(_plain(name) in _TITLES and said_in(each) for name, each in opened.items())


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
    """What is said of a paper beside the part that has its title: its day and what it replies to, by OpenReview, and
    its abstract, by CORD-19.
    """
    days = (dated(str(record[name])) for name in _DAYS_BESIDE if type(record.get(name)) is int)
    day = next((day["published"] for day in days if "published" in day), None)
    beside = {"published": day, "replyto": record.get("replyto"), "abstract": record.get("abstract")}
    return {name: value for name, value in beside.items() if value}


def _in_data(record: Mapping[str, object]) -> object:
    data = record.get("data")
    return data.get("itemType") if isinstance(data, dict) else None


def _names(record: Mapping[str, object]) -> set[str]:
    return {_plain(name) for name, value in record.items() if value}


def _plain(name: str) -> str:
    return plain(name.rpartition(":")[2].removesuffix("_display"))  # Scopus: "dc:title"; Solr: "title_display"


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
        number = cells.pop("id")
        cells.setdefault("doi", number)
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
    columns = (*COLUMNS[ours], *_ALSO.get(ours, ()))
    names = (name for one in columns for name in (one, f"{one}s") if name in given)
    several, together = ours in _SEVERAL, ours == "abstract"
    texts = (text for name in names if (text := something(said_in(given[name], all_=several, together=together))))
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
    if isinstance(value, dict) and (len(value) == 1 or all(map(str.isdigit, value))):
        value = list(value.values()) if len(value) > 1 else next(iter(value.values()))
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return value
    given = value if isinstance(value, list) else [value]
    given = [each for each in given if each is not None]
    people = [each for each in given if isinstance(each, dict | list)]
    if not people:
        return []
    # Zotero has editors among them.
    return [each for each in people if isinstance(each, dict) and each.get("creatorType") == "author"] or [
        each for each in given if not isinstance(each, int | float)
    ]
