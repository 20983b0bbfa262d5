"""How good the probability is by which a question is answered or not."""

from __future__ import annotations

from eval.metrics.score import Score
from eval.questions.record import Record


def brier(record: Record) -> Score | None:
    """(p - y)², y being 1 for a question that the library answers: 0 is best, 0.25 is what a coin gives.

    No score where no probability was reckoned: metadata, comparisons, answers of a model.

    Source: Brier, Verification of forecasts expressed in terms of probability (Monthly Weather Review, 1950).
    """
    if record.confidence is None:
        return None
    return Score((record.confidence - float(record.gold.kind != "unanswerable")) ** 2)
