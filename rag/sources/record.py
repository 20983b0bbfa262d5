"""From one JSON record to a paper, or to the reason why it is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from rag.errors import kind_of
from rag.model import AbstractKind, Paper, Rejected
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.sources.fields.markup import without_markup
from rag.sources.fields.nothing import says_nothing, something, titled
from rag.sources.fields.people import MORE, only_more
from rag.sources.fields.raw_text import (
    TEXT_LIMIT,
    TITLE_LIMIT,
    clean_abstract,
    clean_title,
    too_long,
)
from rag.sources.merging.merge import resolved
from rag.text.normalization import shown, without_surrogates

ID_LIMIT = 200
"""Characters of an id."""

_AUTHORS_LIMIT = 100_000  # the largest collaborations have some 6,000 authors
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_COPIES_LIMIT = 10_000
_COARSE = re.compile(r"\d{4}(?:-\d{1,2})?", re.ASCII)
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_IN_VENUE = re.compile(r"\b(?:arxiv:|abs/)\s*(\S+)", re.IGNORECASE)  # where Google Scholar and DBLP put the number
_LINES = frozenset("venue keywords categories publisher language".split())
"""What `extra` has of these is a line of text, as the readers of every format fill it."""
_FILLED = _LINES | frozenset("volume issue pages pmid pmcid note type".split())
"""Of these "NA" is not kept; what else a record has of its own is, whatever it says."""
_PAGES = frozenset("results result data items papers notes docs hits hit works entries records collection".split())
_FIELDS = frozenset(
    """
    id title abstract abstract_kind url published published_inferred authors author_count source doi arxiv_id retraction
    extra copies
    """.split()
)


class _FaultError(Exception):
    """The record cannot be taken; the message is the reason."""


def paper_of(record: object, *, source: str, line: int) -> Paper | Rejected:
    """The paper that a record describes, or why it cannot be taken. `source` is for records that do not name theirs.

    Fields that a paper does not have go to `extra` as strings; null means absent. An address that is not http(s) goes
    there too, since a `url` is made into a link, and so does a `doi` or `arxiv_id` that is none. `copies`, the records
    that a paper was merged from, are kept as long as they still give the paper; where a field was edited it counts.
    """
    if not isinstance(record, dict):
        return Rejected(line, f"not a record but {kind_of(record)}; a record is an object with a title and an abstract")
    try:
        # Pandas writes NaN, which equals nothing, where a table has an empty cell.
        given = {key: value for key, value in record.items() if value is not None and value == value}
        return _paper(given, source=source)
    except _FaultError as fault:
        return Rejected(line, str(fault))
    except RecursionError:
        return Rejected(line, "a field is nested too deep; leave it out")


def _paper(record: Mapping[str, object], *, source: str) -> Paper:
    title = titled(clean_title(_text(record, "title")))
    abstract = something(clean_abstract(_text(record, "abstract")))
    if not abstract.strip():
        abstract = ""
    if not title and not abstract:
        raise _FaultError(_untitled(record))
    extra = _extra(record)
    url = something(_text(record, "url").strip()).replace("&amp;", "&")
    link = url if _LINK.fullmatch(url) else None
    doi, arxiv_id = something(_text(record, "doi")), something(_text(record, "arxiv_id"))
    told_doi = bare_doi(doi)
    of_doi = arxiv_id_of(doi) if doi else None
    of_arxiv = arxiv_id_of(arxiv_id) if arxiv_id else None
    if not (of_doi or of_arxiv) and (found := _IN_VENUE.search(extra.get("venue", ""))):
        of_arxiv = arxiv_id_of(found[1])
    # What does not say what its field is for is still something that the source says.
    if url and not link:
        extra["url"] = url
    if doi.strip() and not (told_doi or of_doi):
        extra["doi"] = doi
    if arxiv_id.strip() and not of_arxiv:
        extra["arxiv_id"] = arxiv_id
    authors, more = _authors(record)
    if authors and more:
        extra[MORE] = "et al."
    retraction = clean_title(_text(record, "retraction"))
    limited = {"abstract": abstract, "url": url, "retraction": retraction}
    if reason := too_long("title", title, TITLE_LIMIT):
        raise _FaultError(reason)
    for name, text in (*limited.items(), *extra.items()):
        if len(text) > TEXT_LIMIT:
            raise _FaultError(too_long(name if name in limited else f"field {name!r}", text, TEXT_LIMIT))
    published, coarse = _published(record)
    extra = {**coarse, **extra}
    paper = Paper(
        id=_id(record),
        title=title,
        abstract=abstract,
        abstract_kind=_abstract_kind(record),
        url=link,
        published=published,
        published_inferred=published is not None and (bool(coarse) or record.get("published_inferred") is True),
        authors=authors,
        author_count=_author_count(record),
        source=clean_title(_text(record, "source")) or source,
        doi=told_doi,
        arxiv_id=of_arxiv or of_doi,
        retraction=retraction or None,
        extra=extra,
    )
    copies = _copies(record, source=source) if "copies" in record else ()
    # Equal but for the id, which the library may have made.
    return replace(paper, copies=copies) if copies and _bare(resolved(copies)) == _bare(paper) else paper


def _copies(record: Mapping[str, object], *, source: str) -> tuple[Paper, ...]:
    given = record["copies"]
    if not isinstance(given, list) or not all(isinstance(copy, dict) for copy in given):
        raise _FaultError(f"copies is {kind_of(given)}; give a list of records, or leave it out")
    if len(given) > _COPIES_LIMIT:
        raise _FaultError(f"copies has {len(given):,} records, the limit is {_COPIES_LIMIT:,}; leave some out")
    plain = ({key: value for key, value in copy.items() if key != "copies" and value is not None} for copy in given)
    copies = tuple(_paper(copy, source=source) for copy in plain)
    return copies and resolved(copies).copies


def _untitled(record: Mapping[str, object]) -> str:
    """Why a record has nothing that makes a paper: perhaps it is the wrapper of those that have, or of none at all."""
    empty = ""
    for name, value in record.items():
        if name in _FIELDS:
            continue
        inside = {name: value}
        if isinstance(value, dict):
            inside |= {f"{name}.{inner}": what for inner, what in value.items()}
        for place, what in inside.items():
            if isinstance(what, list) and what and isinstance(what[0], dict) and _is_titled(record, what[0]):
                return f"no title and no abstract, but a list of {len(what):,} in {place[:60]!r}; give that list alone"
            if isinstance(what, dict) and {"title", "abstract"} & what.keys():
                return f"no title and no abstract, but a record in {place[:60]!r}; give that record alone"
            if what == [] and place.rpartition(".")[2].lower() in _PAGES:
                empty = empty or place
    if empty:
        return f"no title and no abstract; its list {empty!r} is empty: nothing was found there, ask for something else"
    return "no title and no abstract; give at least one of them"


def _is_titled(record: Mapping[str, object], first: Mapping[str, object]) -> bool:
    """True for the first of a list of records, or of the only list there is."""
    lists = [value for value in record.values() if isinstance(value, list) and value]
    return len(lists) < 2 or any("title" in str(name).lower() for name in first)


def _bare(paper: Paper) -> Paper:
    return replace(paper, id="", copies=())


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise _FaultError(f"{name} is {kind_of(value)}; give a string")
    return without_surrogates(value)


def _id(record: Mapping[str, object]) -> str:
    value = record.get("id", "")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _FaultError(f"id is {kind_of(value)}; give a string")
    if len(value) > ID_LIMIT:
        raise _FaultError(f"the id has {len(value):,} characters, the limit is {ID_LIMIT}; give a shorter one")
    if _UNPRINTABLE.search(value):
        raise _FaultError(f"the id {value!r} has control characters; give one without")
    return value if value.strip() else ""


def _abstract_kind(record: Mapping[str, object]) -> AbstractKind:
    match record.get("abstract_kind", "original"):
        case "original":
            return "original"
        case "digest":
            return "digest"
        case other:
            raise _FaultError(f"abstract_kind is {_shown(other)}; give 'original' or 'digest'")


def _published(record: Mapping[str, object]) -> tuple[date | None, dict[str, str]]:
    """The day, and what the record says of it where that is no more than a year or a month."""
    given = record.get("published")
    value = f"{given}" if type(given) is int else _text(record, "published").strip()
    if not value:
        return None, {}
    if _COARSE.fullmatch(value) and "published" in (day := dated(value)):
        return date.fromisoformat(str(day["published"])), {"date": str(day["date"])}
    try:
        return datetime.fromisoformat(value).date(), {}
    except ValueError:
        raise _FaultError(f"published is {_shown(value)}; give a date such as 2024-01-29") from None


def _authors(record: Mapping[str, object]) -> tuple[tuple[str, ...], bool]:
    """Those who are named, and True where one of the names is "et al."."""
    value = record.get("authors", [])
    if not isinstance(value, list) or not all(isinstance(author, str) for author in value):
        raise _FaultError(f"authors is {kind_of(value)}; give a list of strings")
    # arXiv writes names in LaTeX: "J\\'ozsef".
    spelled = (shown(name) if "\\" in name else name for name in value)
    given = [name for one in spelled if (name := clean_title(one)) and not says_nothing(name)]
    authors = tuple(name for name in given if not only_more(name))
    if reason := too_long("list of authors", "".join(authors), TEXT_LIMIT):
        raise _FaultError(reason)
    return authors, len(authors) < len(given)


def _author_count(record: Mapping[str, object]) -> int | None:
    value = record.get("author_count")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _AUTHORS_LIMIT:
        raise _FaultError(f"author_count is {_shown(value)}; give a whole number from 0 to {_AUTHORS_LIMIT:,}")
    return value


def _extra(record: Mapping[str, object]) -> dict[str, str]:
    given = record.get("extra", {})
    if not isinstance(given, dict):
        given = {"extra": given}
    unknown = {name: value for name, value in record.items() if name not in _FIELDS}
    extra: dict[str, str] = {}
    for name, value in {**given, **unknown}.items():
        if value is not None:
            text = without_surrogates(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            if name in _LINES and ("&" in text or "<" in text):
                text = " ".join(without_markup(text).split())
            if name not in _FILLED or not says_nothing(text):
                extra[clean_title(str(name))[:ID_LIMIT]] = text
    return extra


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:60] + "…"
