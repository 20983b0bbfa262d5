"""Citations at the level of papers: are the papers cited the ones that a right answer cites?"""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions.record import Record


def paper_precision(record: Record) -> Score | None:
    """|cited ∩ gold| / |cited|, papers counted once. No score where nothing is cited or no gold paper is given.

    Questions without an answer in the library have no gold papers in this sense: none should be cited.
    """
    cited, gold = _cited(record), _gold(record)
    return Score(len(cited & gold) / len(cited)) if cited and gold else None


def paper_recall(record: Record) -> Score | None:
    """|cited ∩ gold| / |gold|, papers counted once; an abstention cites nothing (0). No score without gold papers."""
    cited, gold = _cited(record), _gold(record)
    return Score(len(cited & gold) / len(gold)) if gold else None


def _cited(record: Record) -> set[str]:
    return {citation.paper_id for citation in record.citations}


def _gold(record: Record) -> set[str]:
    return set(record.gold.papers) if record.gold.kind != "unanswerable" else set()
