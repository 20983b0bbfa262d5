"""Time, length and tokens of answers."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from eval.metrics.correctness import words
from eval.metrics.score import Score
from eval.questions.record import Record


def answer_words(record: Record) -> Score | None:
    """The words of an answer, marks left out; no score for an abstention or a failure."""
    return Score(float(len(words(record.text)))) if record.status == "answered" else None


def percentile(values: Sequence[float], p: float) -> float | None:
    """The p-th percentile (0 to 100) with linear interpolation between ranks; None for no values.

    Source: Hyndman and Fan, Sample quantiles in statistical packages (1996), definition 7.
    """
    if not values:
        return None
    ordered = sorted(values)
    at = (len(ordered) - 1) * p / 100
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def latency_ms(records: Sequence[Record]) -> tuple[float | None, float | None]:
    """The median and the 95th percentile of milliseconds from question to Answer; failures do not count."""
    taken = [record.ms for record in records if record.status != "failed"]
    return (median(taken) if taken else None), percentile(taken, 95)


def tokens(records: Sequence[Record]) -> dict[str, int]:
    """Tokens by kind, summed over the questions; empty without a model."""
    found: dict[str, int] = {}
    for record in records:
        for kind, count in record.usage.items():
            found[kind] = found.get(kind, 0) + count
    return found


def cost_usd(records: Sequence[Record]) -> float | None:
    """Dollars for all questions; 0 where no tokens were used, None when the price of any answer is not known."""
    costs = [record.cost_usd for record in records if record.usage]
    return None if None in costs else sum(cost for cost in costs if cost is not None)
