"""Reader of works of OpenAlex: JSON lines as in its snapshot, or a page of results as its API gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.openalex_record import paper_of_work
from rag.sources.filter import Request
from rag.sources.json_values import expanded, first_record, values

name = "openalex"


def sniff(head: str) -> bool:
    """True when the first record is a work of OpenAlex."""
    record = first_record(head)
    by_id = str(record.get("id") or "").startswith("https://openalex.org/W")
    fields = {"abstract_inverted_index", "authorships", "primary_location", "open_access", "is_retracted"}
    return by_id or ("id" in record and len(fields & record.keys()) >= 2)


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The works in order."""
    del request  # works have an own name for their source, and dates with a year
    import orjson

    for line, record in expanded(values(stream, loads=orjson.loads), "results"):
        yield record if isinstance(record, Rejected) else paper_of_work(record, line=line)
