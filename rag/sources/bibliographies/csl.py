"""Reader of CSL-JSON, as Zotero, Crossref and citation tools write it: an array of items, or one item a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from rag.formats.exact import FIELD, with_exact
from rag.model import Paper, Rejected
from rag.sources.fields.beside import says_more
from rag.sources.fields.dates import dated, on
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.name_parts import joined
from rag.sources.fields.nothing import something
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import MORE, named, several
from rag.sources.fields.retractions import in_title, marked
from rag.sources.filter import Request
from rag.sources.json_values import expanded, first_records, values
from rag.sources.record import paper_of

name = "csl-json"

_MARKS = frozenset("issued author DOI URL container-title citation-key accessed custom ISSN title-short".split())
_BARE = frozenset(
    "id type title abstract language note page volume issue number publisher publisher-place edition event-title event"
    " genre source collection-title PMID PMCID ISBN number-of-pages archive call-number medium".split()
)
_ALL_TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset"
    " document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation"
    " manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical"
    " personal_communication post post-weblog regulation report review review-book software song speech standard thesis"
    " treaty webpage".split()
)
_OURS = frozenset("authors published author_count abstract_kind url doi arxiv_id".split())
_TYPES = re.compile(
    r"article|book|chapter|thesis|dataset|report|webpage|manuscript|software|speech|document|entry|paper|post|preprint"
    r"|patent|review|standard|other|posted-content|proceedings|journal|monograph|broadcast|figure|graphic|interview"
)
_OF_CROSSREF = re.compile(r'\A[\ufeff\s]*\{[^\[\]]*"message-type"\s*:\s*"work(?:-list)?"')
_ARRAY = re.compile(r'[\ufeff\s]*(?:\[|\{\s*"items"\s*:)')
_LEAD_CHARS = 5_000
# Crossref tells some days in other places than CSL does.
_DAYS = ("issued", "published", "published-online", "published-print", "posted")
_EXTRA = {"venue": "container-title", "type": "type", "keywords": "keyword", "language": "language"}
_ARXIV = re.compile(r"\barxiv\s*:\s*(\S+)", re.IGNORECASE)
_RETRACTED = frozenset({"retraction", "withdrawal", "removal", "partial_retraction"})


def sniff(head: str) -> bool:
    """True when the first record may be a CSL item, and one of the first says by its fields that it is one."""
    records = first_records(head)
    if not records or not _may_be_item(records[0]):
        return False
    if _OF_CROSSREF.search(head[:_LEAD_CHARS]) and records[0].get("items") != []:
        return True
    # Zotero's items without people and a day have nothing that others do not have as well, but for all their names.
    if _ARRAY.match(head) and all(map(_is_bare_item, records)):
        return True
    typed = "type" in records[0] or _has_marks(records[0])
    return typed and any(_may_be_item(record) and _has_marks(record) for record in records)


def _may_be_item(record: Mapping[str, object]) -> bool:
    kind = record.get("type", "")
    # A record cut off by the end of the text has no values, only names.
    ours = _OURS & record.keys()
    if isinstance(record.get("published"), dict) or "date-parts" in record:  # the day is as Crossref has it
        ours -= {"published"}
    return not ours and ("type" not in record or kind is None or bool(_TYPES.match(str(kind))))


def _has_marks(record: Mapping[str, object]) -> bool:
    """True where a type stands beside fields of CSL.

    Crossref can be asked for works without it: they have a day in its parts, or a DOI and a list of titles.
    """
    if "type" in record:
        return not _MARKS.isdisjoint(record)
    issued = record.get("issued")
    in_parts = "date-parts" in (record if issued is None else issued if isinstance(issued, dict) else ())
    return ("issued" in record and in_parts) or ("DOI" in record and isinstance(record.get("title"), list))


def _is_bare_item(record: Mapping[str, object]) -> bool:
    return {"id", "type", "title"} <= record.keys() <= _BARE and str(record["type"]) in _ALL_TYPES


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The items in order; one that carries an exact record of ours is that record, as long as it was not edited."""
    for line, item in expanded(values(stream), "items", inside="message"):
        if isinstance(item, Rejected):
            yield item
        elif isinstance(item, dict):
            yield paper_of(_record(item, request.source), source=request.source, line=line)
        else:
            yield paper_of(item, source=request.source, line=line)


def _record(item: Mapping[str, object], source: str) -> Mapping[str, object]:
    title, abstract, subtitle = _text(item, "title"), _text(item, "abstract"), _text(item, "subtitle")
    title = f"{title}: {subtitle}" if title and subtitle and subtitle.lower() not in title.lower() else title
    doi, url, number, note = _text(item, "DOI"), _text(item, "URL"), _text(item, "number"), _text(item, "note")
    people = item.get("author")
    authors = [author for author in people if isinstance(author, dict)] if isinstance(people, list) else []
    issued = item.get("issued")
    days = (item.get(name) for name in _DAYS)
    when = next((when for day in days if (when := _when(day if isinstance(day, dict) else {"raw": day}))), {})
    of_arxiv = _ARXIV.search(number) or _ARXIV.search(note)
    bare_doi, arxiv_id = identifiers(doi=doi, arxiv_id=of_arxiv[1] if of_arxiv else None, url=url)
    said = in_title(title)
    names, more = _people(people)
    extra = {ours: value for ours, theirs in _EXTRA.items() if (value := _text(item, theirs))}
    standard: dict[str, object] = {
        "title": without_markup(title),
        "abstract": without_notice([without_markup(abstract)]),
        "url": url,
        **when,
        "authors": names,
        "doi": bare_doi or (None if arxiv_id else doi),
        "arxiv_id": arxiv_id,
        "retraction": _updated(item) or (f"{source}: {said}" if said else None),
        "extra": extra | more,
    }
    custom = item.get("custom")
    line = custom.get(FIELD) if isinstance(custom, dict) else None
    if not isinstance(line, str):
        return standard
    shown = ";".join(
        _text(author, "literal") or f"{_text(author, 'family')} {_text(author, 'given')}" for author in authors
    )
    parts = _date_parts(issued) if isinstance(issued, dict) else []
    return with_exact(standard, line, [title, shown, str(parts[0]) if parts else "", url, doi, abstract])


def _people(given: object) -> tuple[list[str], dict[str, str]]:
    """The people, who are an object each; where the whole is a text or a list of texts, those in it."""
    if isinstance(given, str) or (isinstance(given, list) and given and all(isinstance(each, str) for each in given)):
        return named([given] if isinstance(given, str) else given)
    given = [given] if isinstance(given, dict) else given
    people = [person for person in given if isinstance(person, dict)] if isinstance(given, list) else []
    names: list[str] = []
    for person in people:
        literal = _text(person, "literal") or _text(person, "name")
        plain = literal if person.get("given") is None and re.search(r";|\band others\b|\bet al\b", literal) else ""
        names += several(plain) if plain else [_name(person)]
    last = _name(people[-1]) if people else ""
    more = says_more(last) or last.lower() == "others"
    names = [name for name in names if something(name) and name.lower() != "others"]
    return names, ({MORE: "et al."} if more and names else {})


def _name(author: Mapping[str, object]) -> str:
    literal = _text(author, "literal") or _text(author, "name")
    parts = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    name = literal or joined([_text(author, part) for part in parts])
    return " ".join(without_markup(name).split()) if "&" in name else name


def _when(issued: Mapping[str, object]) -> dict[str, object]:
    given = _date_parts(issued)[:3]
    numbers = list(map(_number, given))
    if len(given) == 1 and isinstance(given[0], str) and numbers[0] is None:
        return dated(given[0])
    if numbers and numbers[0] is not None:
        year, month, day = [*numbers, None, None][:3]
        return on(year, month, day) or {"date": str(year)}
    for name in ("raw", "literal", "year", "date-time"):
        value = issued.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return dated(str(value)[:100])
    return {}


def _date_parts(issued: Mapping[str, object]) -> list[object]:
    """Year, month and day of the first date, as far as they are there."""
    parts = issued.get("date-parts")
    if not isinstance(parts, list) or not parts:
        return []
    return parts[0] if isinstance(parts[0], list) else parts


def _number(part: object) -> int | None:
    if isinstance(part, bool) or not isinstance(part, int | str):
        return None
    text = str(part)[:20].strip() if isinstance(part, str) or abs(part) < 10**6 else ""
    return int(text) if re.fullmatch(r"\d{1,5}", text, re.ASCII) else None


def _updated(item: Mapping[str, object]) -> str | None:
    """What Crossref says: its items name the notices that change them."""
    notices = item.get("updated-by")
    for notice in notices if isinstance(notices, list) else []:
        if isinstance(notice, dict) and _text(notice, "type").lower() in _RETRACTED:
            return marked("Crossref", _text(notice, "DOI"))
    return None


def _text(item: Mapping[str, object], field: str) -> str:
    """The field as text; Crossref writes some as a list of one."""
    value = item.get(field)
    if isinstance(value, list) and value:
        value = value[0]
        if isinstance(value, dict):  # DataCite says of each text what it is
            value = value.get("text")
    return value if isinstance(value, str) else ""
