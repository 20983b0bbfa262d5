"""Abstention: saying that the library does not say when it does not, and only then.

TP: abstained, and rightly (the question is "unanswerable"). FP: abstained though the library answers. FN: not abstained
though it does not answer. A failure is no abstention: it counts as FN on an unanswerable question, and not at all
elsewhere.
"""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions.record import Record


def abstention_precision(record: Record) -> Score | None:
    """TP / (TP + FP): of the abstentions the share that is right. No score for a question that was answered."""
    return Score(float(_unanswerable(record))) if record.status == "abstained" else None


def abstention_recall(record: Record) -> Score | None:
    """TP / (TP + FN): of the unanswerable questions the share abstained from. No score for the others."""
    return Score(float(record.status == "abstained")) if _unanswerable(record) else None


def abstention_f1(record: Record) -> Score | None:
    """2·TP / (2·TP + FP + FN), the harmonic mean of precision and recall.

    A question's part is a weighted value: TP gives 1 with the weight 2, FP and FN give 0 with the weight 1.

    Source: van Rijsbergen, Information retrieval (1979), chapter 7.
    """
    if _unanswerable(record):
        return Score(1.0, 2.0) if record.status == "abstained" else Score(0.0)
    return Score(0.0) if record.status == "abstained" else None


def false_abstention(record: Record) -> Score | None:
    """FP / answerable questions: the share of them that got "the library does not say". Lower is better."""
    return None if _unanswerable(record) else Score(float(record.status == "abstained"))


def _unanswerable(record: Record) -> bool:
    return record.gold.kind == "unanswerable"
