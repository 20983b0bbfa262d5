"""Times that a question names by a paper: "older than PondNet", "from the same month as PondNet"."""

from __future__ import annotations

import re

from rag.model import Paper, coarse_date
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.mentions import find_names

_BEHIND = r"\s+(?:that of\s+)?(?:the\s+)?(?:paper\s+)?$"
_THAN = re.compile(
    r"\b(?:(?P<before>(?:older|earlier) than|before|prior to)"
    r"|(?P<after>(?:newer|later|younger|more recent) than|after)|(?P<since>since)|(?P<until>until))" + _BEHIND,
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\b(?:the\s+)?same\s+(?:(?:publication|release)\s+)?(?P<unit>day|date|month|year)"
    r"(?:\s+of\s+(?:publication|release))?\s+as" + _BEHIND,
    re.IGNORECASE,
)


def dated(text: str, index: LexicalIndex) -> tuple[str, Paper] | None:
    """A question with the date of a paper in place of its name, and the paper; None where it names no time by one.

    Of a paper without a date the question is left as it is.
    """
    for mention in find_names(text, index).owned:
        before = text[: mention.start].rstrip("“\"'‘")
        lead = _SAME.search(f"{before.rstrip()} ") or _THAN.search(f"{before.rstrip()} ")
        if lead is None or len(mention.named.owners) != 1:
            continue
        paper = index.papers[mention.named.owners[0]]
        if paper.published is None:
            return text, paper
        how = lead.groupdict()
        word = next((name for name in ("before", "after", "since", "until") if how.get(name)), "")
        said = f"{word} {_said(paper, how.get('unit') or 'day')}".strip()
        rest = re.sub(r"^[”’\"']?(?:\s+paper\b)?", "", text[mention.end :])
        return f"{text[: lead.start()]}{said}{rest}", paper
    return None


def _said(paper: Paper, unit: str) -> str:
    """The day, month or year of a paper as the words of a question say it, no finer than its source does."""
    day = paper.published
    assert day is not None
    known = len(coarse_date(paper)) or len("2024-03-18")
    form = {"year": "%Y", "month": "%B %Y"}.get(unit.lower(), "%-d %B %Y")
    return day.strftime("%Y" if known == len("2024") else "%B %Y" if known == len("2024-03") and form != "%Y" else form)
