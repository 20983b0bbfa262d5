"""How sure a mean is: bootstrap intervals, and tests of paired differences. All seeded: the same in every run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics.score import Score

ROUNDS = 2000
SEED = 20240229
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% interval and the number of questions that have a score."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Difference:
    """Two means, the second minus the first with its 95% interval, and the two-sided p-value of there being none.

    `wins` and `losses` count the questions whose value rose and fell, as numbers: where lower is better, a win is a
    loss.
    """

    before: float
    after: float
    mean: float
    low: float
    high: float
    p: float
    wins: int
    losses: int
    ties: int


def estimate(scores: Sequence[Score | None]) -> Estimate | None:
    """The weighted mean with the percentile bootstrap interval, questions drawn with replacement; None without scores.

    Source: Efron and Tibshirani, An introduction to the bootstrap (1993), chapter 13.
    """
    parts = _parts([score for score in scores if score is not None and score.weight > 0])
    if not len(parts):
        return None
    drawn = _ratio(_resampled(parts))
    low, high = _ends(drawn)
    return Estimate(float(_ratio(parts.sum(axis=0))), low, high, len(parts))


def difference(
    before: Sequence[Score | None], after: Sequence[Score | None], *, pooled: bool = False
) -> Difference | None:
    """The paired difference of two runs on the same questions, in the same order; None where nothing can be paired.

    Over the questions that both have a score for; `pooled`: over all of them, each mean over its own. The interval is a
    bootstrap over questions. p comes from the randomization test, which swaps the two runs on a random half of the
    questions: (1 + swaps with a difference at least as large) / (1 + all swaps). Where means are pooled a swap would
    change how many scores each has, so there p is twice the share of bootstrap differences on the rarer side of 0.

    Source: Smucker, Allan and Carterette, A comparison of statistical significance tests for information retrieval
    evaluation (CIKM 2007); Efron and Tibshirani (1993), chapter 15.
    """
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if (a or b if pooled else a and b)]
    first, second = _parts([a for a, _ in pairs]), _parts([b for _, b in pairs])
    sums = first.sum(axis=0), second.sum(axis=0)
    if not sums[0][1] or not sums[1][1]:
        return None
    was, now = float(_ratio(sums[0])), float(_ratio(sums[1]))
    drawn = _resampled(np.hstack([first, second]))
    spread = _ratio(drawn[:, 2:]) - _ratio(drawn[:, :2])
    spread = spread[np.isfinite(spread)]
    low, high = _ends(spread)
    p = _bootstrap_p(spread) if pooled else _p_value(first, second, now - was)
    both = [(a.value, b.value) for a, b in pairs if a and b]
    wins, losses = sum(b > a for a, b in both), sum(b < a for a, b in both)
    return Difference(was, now, now - was, low, high, p, wins, losses, len(both) - wins - losses)


def _bootstrap_p(spread: Floats) -> float:
    if not len(spread):
        return 1.0
    below, above = int(np.sum(spread <= 0)), int(np.sum(spread >= 0))
    return min(1.0, 2 * (1 + min(below, above)) / (1 + len(spread)))


def _p_value(first: Floats, second: Floats, seen: float) -> float:
    differing = np.any(first != second, axis=1)
    if not differing.any():
        return 1.0
    swap = np.random.default_rng(SEED).random((ROUNDS, int(differing.sum()))) < 0.5
    a, b = first[differing], second[differing]
    change = swap.astype(np.float64) @ (b - a)
    sums_a, sums_b = first.sum(axis=0) + change, second.sum(axis=0) - change
    shuffled = np.abs(_ratio(sums_b) - _ratio(sums_a))
    return float((1 + np.sum(shuffled >= abs(seen) - 1e-12)) / (1 + ROUNDS))


def _parts(scores: Sequence[Score | None]) -> Floats:
    """(n, 2): value times weight, and weight; zeros where there is no score."""
    return np.array([(s.value * s.weight, s.weight) if s else (0.0, 0.0) for s in scores], dtype=float).reshape(-1, 2)


def _resampled(parts: Floats) -> Floats:
    """(ROUNDS, columns): sums of the rows drawn with replacement, as many as there are."""
    drawn = np.random.default_rng(SEED).multinomial(len(parts), np.full(len(parts), 1 / len(parts)), size=ROUNDS)
    sums: Floats = drawn.astype(np.float64) @ parts
    return sums


def _ratio(sums: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio: Floats = sums[..., 0] / sums[..., 1]
    return ratio


def _ends(values: Floats) -> tuple[float, float]:
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
