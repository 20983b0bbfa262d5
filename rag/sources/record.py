"""From one JSON record to a paper, or to the reason why it is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime

from rag.model import AbstractKind, Paper, Rejected
from rag.sources.fields import TEXT_LIMIT, TITLE_LIMIT, clean_abstract, clean_title, too_long, without_surrogates

ID_LIMIT = 200
"""Characters of an id."""

_AUTHORS_LIMIT = 100_000  # the largest collaborations have some 6,000 authors
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FIELDS = frozenset(
    "id title abstract abstract_kind url published published_inferred authors author_count source extra".split()
)


class _FaultError(Exception):
    """The record cannot be taken; the message is the reason."""


def paper_of(record: object, *, source: str, line: int) -> Paper | Rejected:
    """The paper that a record describes, or why it cannot be taken. `source` is for records that do not name theirs.

    Fields that a paper does not have go to `extra` as strings; null means absent. An address that is not http(s) goes
    there too, since a `url` is made into a link.
    """
    if not isinstance(record, dict):
        return Rejected(line, f"not a record but {_kind(record)}; a record is an object with a title and an abstract")
    try:
        return _paper({key: value for key, value in record.items() if value is not None}, source=source)
    except _FaultError as fault:
        return Rejected(line, str(fault))
    except RecursionError:
        return Rejected(line, "a field is nested too deep; leave it out")


def _paper(record: Mapping[str, object], *, source: str) -> Paper:
    title = clean_title(_text(record, "title"))
    abstract = clean_abstract(_text(record, "abstract"))
    if not abstract.strip():
        abstract = ""
    if not title and not abstract:
        raise _FaultError("no title and no abstract; give at least one of them")
    url = _text(record, "url").strip()
    extra = _extra(record)
    is_link = re.fullmatch(r"https?://\S+", url, re.IGNORECASE) is not None
    if url and not is_link:
        extra["url"] = url
    for name, text, limit in (
        ("title", title, TITLE_LIMIT),
        ("abstract", abstract, TEXT_LIMIT),
        ("url", url, TEXT_LIMIT),
        *((f"field {name!r}", text, TEXT_LIMIT) for name, text in extra.items()),
    ):
        if reason := too_long(name, text, limit):
            raise _FaultError(reason)
    published = _published(record)
    return Paper(
        id=_id(record),
        title=title,
        abstract=abstract,
        abstract_kind=_abstract_kind(record),
        url=url if is_link else None,
        published=published,
        published_inferred=published is not None and record.get("published_inferred") is True,
        authors=_authors(record),
        author_count=_author_count(record),
        source=clean_title(_text(record, "source")) or source,
        extra=extra,
    )


def _text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise _FaultError(f"{name} is {_kind(value)}; give a string")
    return without_surrogates(value)


def _id(record: Mapping[str, object]) -> str:
    value = record.get("id", "")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _FaultError(f"id is {_kind(value)}; give a string")
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


def _published(record: Mapping[str, object]) -> date | None:
    value = _text(record, "published").strip()
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise _FaultError(f"published is {_shown(value)}; give a date such as 2024-01-29") from None


def _authors(record: Mapping[str, object]) -> tuple[str, ...]:
    value = record.get("authors", [])
    if not isinstance(value, list) or not all(isinstance(author, str) for author in value):
        raise _FaultError(f"authors is {_kind(value)}; give a list of strings")
    authors = tuple(author for author in map(clean_title, value) if author)
    if reason := too_long("list of authors", "".join(authors), TEXT_LIMIT):
        raise _FaultError(reason)
    return authors


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
    return {
        clean_title(str(name))[:ID_LIMIT]: without_surrogates(
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        )
        for name, value in {**given, **unknown}.items()
        if value is not None
    }


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    kinds = ((str, "a string"), (int | float, "a number"), (list, "a list"), (dict, "an object"))
    return next(name for kind, name in kinds if isinstance(value, kind))


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:60] + "…"
