"""Reader of the metadata snapshot of arXiv: JSON lines with one preprint each, 2.7 million of them and more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import joined, withdrawal
from rag.sources.fields.dates import dated
from rag.sources.fields.name_parts import joined as joined_name
from rag.sources.fields.people import listed
from rag.sources.filter import Filter, Request
from rag.sources.json_values import first_record, values
from rag.sources.record import paper_of

name = "arxiv"

_SOURCE = "arxiv"
_MARKS = frozenset({"versions", "authors_parsed", "update_date", "journal-ref", "report-no", "submitter"})
_EXTRA = ("categories", "comments", "journal-ref")
_IN_BRACKETS = re.compile(r"\([^()]*\)")


def sniff(head: str) -> bool:
    """True when the first record has the fields of the snapshot."""
    record = first_record(head)
    return {"id", "title", "abstract", "categories"} <= record.keys() and len(_MARKS & record.keys()) >= 2


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The preprints in order; those that are not wanted are passed over before anything is made of them.

    The date is that of the first version, the abstract has its hard line breaks taken out. Fields of a paper's
    versions, submitter and licence are left out.

    Source: https://www.kaggle.com/datasets/Cornell-University/arxiv
    """
    import orjson

    only = request.only
    for line, record in values(stream, loads=orjson.loads):
        if isinstance(record, Rejected):
            yield record
        elif only is None or not isinstance(record, dict) or _wanted(record, only):
            yield paper_of_preprint(record, line=line)


def paper_of_preprint(record: object, *, line: int = 0) -> Paper | Rejected:
    """The paper that a record of the snapshot describes, or why it cannot be taken."""
    if not isinstance(record, dict):
        return paper_of(record, source=_SOURCE, line=line)
    abstract, title = record.get("abstract"), record.get("title")
    arxiv_id, doi = record.get("id"), record.get("doi")
    comments = record.get("comments")
    return paper_of(
        {
            "title": title,
            "abstract": joined(abstract) if isinstance(abstract, str) else abstract,
            "url": f"https://arxiv.org/abs/{arxiv_id}" if isinstance(arxiv_id, str) and arxiv_id else None,
            **_first_version(record),
            "authors": _authors(record),
            "doi": next(iter(doi.split()), None) if isinstance(doi, str) else None,
            "arxiv_id": arxiv_id,
            "retraction": withdrawal(
                comments if isinstance(comments, str) else None, abstract if isinstance(abstract, str) else ""
            ),
            "extra": {name: " ".join(value.split()) for name in _EXTRA if isinstance(value := record.get(name), str)},
        },
        source=_SOURCE,
        line=line,
    )


def _wanted(record: Mapping[str, object], only: Filter) -> bool:
    if only.categories:
        categories = record.get("categories")
        if not _takes(only, categories if isinstance(categories, str) else ""):
            return False
    return not (only.since or only.until) or only.takes_record(_first_version(record))


@lru_cache(maxsize=1 << 15)  # of 2.7 million records there are some 100,000 combinations, most of them rare
def _takes(only: Filter, categories: str) -> bool:
    return only.takes_categories(categories.split())


def _first_version(record: Mapping[str, object]) -> dict[str, object]:
    """The fields for the date of the first version, or else of the last change."""
    versions = record.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else None
    created = first.get("created") if isinstance(first, dict) else None
    text = created if isinstance(created, str) else record.get("update_date")
    return dated(text) if isinstance(text, str) else {}


def _authors(record: Mapping[str, object]) -> list[str]:
    parsed = record.get("authors_parsed")
    if isinstance(parsed, list):
        names = [joined_name((*part[1:2], *part[:1], *part[2:3])) for part in parsed if isinstance(part, list) and part]
        if any(names):
            return [name for name in names if name]
    line = record.get("authors")
    return listed(_IN_BRACKETS.sub(" ", line)) if isinstance(line, str) and len(line) < 100_000 else []
