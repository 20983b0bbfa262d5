"""Citations at the level of statements, after ALCE; the verifier stands in for its entailment model.

Strict counts a statement as carried when the verdict is "supported", lenient also when it is "weak".

Source: Gao, Yen, Yu and Chen, Enabling large language models to generate text with citations (EMNLP 2023), section 4.
"""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions.record import Mark, Record, Said
from rag.model import Verdict


def citation_recall(record: Record, *, lenient: bool = False) -> Score | None:
    """The share of an answer's statements that have a citation and are carried by all they cite, taken together.

    No score for an answer without statements.
    """
    if not record.statements:
        return None
    return Score(sum(_recalled(said, lenient=lenient) for said in record.statements) / len(record.statements))


def citation_precision(record: Record, *, lenient: bool = False) -> Score | None:
    """The share of an answer's citations that are needed.

    A citation counts when its statement is carried by all it cites, and the citation carries it alone or the others
    do not carry it without this one; otherwise it is irrelevant. No score for an answer without citations.
    """
    counted = [
        _recalled(said, lenient=lenient) and _relevant(mark, lenient=lenient)
        for said in record.statements
        for mark in said.marks
    ]
    return Score(sum(counted) / len(counted)) if counted else None


def carries(verdict: Verdict | None, *, lenient: bool) -> bool:
    """Whether a verdict counts as carried; None, nothing cited, does not."""
    return verdict == "supported" or (lenient and verdict == "weak")


def _recalled(said: Said, *, lenient: bool) -> bool:
    return bool(said.marks) and carries(said.verdict, lenient=lenient)


def _relevant(mark: Mark, *, lenient: bool) -> bool:
    return carries(mark.alone, lenient=lenient) or not carries(mark.rest, lenient=lenient)
