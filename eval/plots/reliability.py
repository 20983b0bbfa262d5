"""How far the probability of an answer, as it was reckoned before answering, can be relied on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from eval.metrics.interval import estimate
from eval.metrics.score import Score
from eval.plots.svg import Bar
from eval.questions.record import Record

Floats = NDArray[np.float64]
BINS = 5


def calibration_error(p: Floats, y: Floats, weights: Floats | None = None, *, bins: int = 10) -> float:
    """Σ over bins of like width: share of questions × |mean probability - share that is answerable|.

    Source: Naeini et al., Obtaining well calibrated probabilities using Bayesian binning (AAAI 2015).
    """
    shares = np.ones(len(p)) if weights is None else weights
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(float((shares * (p - y))[which == n].sum())) for n in range(bins)]
    return sum(gaps) / float(shares.sum())


def reliability(records: Sequence[Record]) -> list[tuple[str, list[Bar]]]:
    """Questions in five groups by their probability: its mean, and the share that the library answers.

    Where the second bar is as long as the first, the probability is what it says. Empty groups are left out, and so are
    questions for which none was reckoned.
    """
    known = [(record.confidence, record) for record in records if record.confidence is not None]
    rows = []
    for n in range(BINS):
        group = [(p, record) for p, record in known if min(int(p * BINS), BINS - 1) == n]
        if group:
            answerable = estimate([Score(float(record.gold.kind != "unanswerable")) for _, record in group])
            mean = sum(p for p, _ in group) / len(group)
            second = (
                Bar(answerable.mean, answerable.low, answerable.high, f"of {answerable.n}") if answerable else Bar(None)
            )
            rows.append((f"{n / BINS:.1f} to {(n + 1) / BINS:.1f}", [Bar(mean), second]))
    return rows


def error_of(records: Sequence[Record]) -> float | None:
    """The expected calibration error of the records that have a probability; None when none has."""
    known = [(r.confidence, r.gold.kind != "unanswerable") for r in records if r.confidence is not None]
    if not known:
        return None
    return calibration_error(np.array([p for p, _ in known]), np.array([float(y) for _, y in known]))
