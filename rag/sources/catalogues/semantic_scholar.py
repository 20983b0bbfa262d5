"""Reader of papers of Semantic Scholar: JSON lines as in its data sets, or a page of data as its API gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.s2_record import paper_of_s2
from rag.sources.filter import Request
from rag.sources.json_values import expanded, first_record, values

name = "semanticscholar"


def sniff(head: str) -> bool:
    """True when the first record is a paper of Semantic Scholar, by its API or its data sets."""
    names = {name.lower() for name in first_record(head)}
    return "title" in names and bool(names & {"paperid", "corpusid"})


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The papers in order."""
    del request  # papers have an own name for their source, and dates with a year
    import orjson

    for line, record in expanded(values(stream, loads=orjson.loads), "data"):
        yield record if isinstance(record, Rejected) else paper_of_s2(record, line=line)
