"""Reader of JSON lines: one record a line. A JSON array of records, or one record over several lines, will do too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from rag.model import Paper, Rejected
from rag.sources.filter import Request
from rag.sources.json_values import looks_like_json, values
from rag.sources.record import paper_of
from rag.sources.tables.web_answers import likened

name = "jsonl"


def sniff(head: str) -> bool:
    """True when the text begins with a record or an array, or when half of its lines begin like a record."""
    return looks_like_json(head)


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order, each a paper or the line and the reason why it is none.

    The file is read line by line. What is kept of each record with an id, to know two that share it, is the id, its
    line and a hash.
    """
    seen: dict[str, tuple[int, int]] = {}
    for line, value in values(stream):
        of = request.source
        paper = value if isinstance(value, Rejected) else paper_of(likened(value, of), source=of, line=line)
        if isinstance(paper, Paper) and paper.id:
            content = hash((paper, tuple(sorted(paper.extra.items()))))
            first_line, first_content = seen.setdefault(paper.id, (line, content))
            if first_content != content:
                paper = Rejected(line, f"the id {paper.id!r} is that of line {first_line}, but the content of lines "
                                       f"{first_line} and {line} differs; give each paper its own id")  # fmt: skip
        yield paper
