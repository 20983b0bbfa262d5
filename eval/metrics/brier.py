"""How good the probability is by which a question is answered or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


def area(scores: NDArray[np.float64], labels: NDArray[np.float64]) -> float:
    """The area under the ROC curve: how often a positive one is above a negative one; both of the shape (n,).

    `labels` are 1 and 0. Source: Hanley and McNeil, The meaning and use of the area under a ROC curve (1982).
    """
    ranks = scores.argsort().argsort() + 1
    positive = labels == 1
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / max(n * m, 1))
