"""Correctness: how many of the facts that a right answer states are stated, soon enough."""

from __future__ import annotations

import re
from types import MappingProxyType

from eval.metrics.score import Score
from eval.questions.gold import states
from eval.questions.record import Record

BUDGET_WORDS = MappingProxyType({"compare": 130, "list": 250, "metadata": 250})
"""Words that an answer may have, by kind of question; `USUAL_WORDS` for the other kinds."""
USUAL_WORDS = 80
_MARK = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


def words(text: str) -> list[str]:
    """The words of an answer, its marks (`[1]`) left out."""
    return _MARK.sub("", text).split()


def budget_words(kind: str) -> int:
    """The most words that an answer to a question of this kind should have."""
    return BUDGET_WORDS.get(kind, USUAL_WORDS)


def correctness(record: Record) -> Score | None:
    """The share of the gold facts that the answer states within its first B words, B the budget of the kind.

    correctness = |{g ∈ facts : an alternative of g stands in words 1 … B}| / |facts|. A fact after the budget does not
    count: an answer that repeats whole abstracts states everything and answers nothing. An abstention and a failure
    state nothing (0). No score where there are no gold facts.

    Source: fact recall over nuggets with alternatives, after Voorhees, Overview of the TREC 2003 question answering
    track, section 4.
    """
    if not record.gold.facts:
        return None
    stated = _stated(record)
    return Score(sum(stated) / len(stated))


def right(record: Record) -> Score | None:
    """1 when every gold fact is stated, the whole answer keeps within the budget and a gold paper is cited, else 0.

    No score where there are no gold facts.
    """
    if not record.gold.facts:
        return None
    cites = bool({citation.paper_id for citation in record.citations} & set(record.gold.papers))
    short = len(words(record.text)) <= budget_words(record.gold.kind)
    return Score(float(all(_stated(record)) and short and cites))


def _stated(record: Record) -> list[bool]:
    text = " ".join(words(record.text)[: budget_words(record.gold.kind)]) if record.status == "answered" else ""
    return states(text, record.gold.facts)
