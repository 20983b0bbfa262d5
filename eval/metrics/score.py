"""What a metric gives for a question, and how scores become one number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """A value, mostly from 0 to 1, and its weight in the mean; a question without gold has None in place of a Score.

    The weight is 1 where questions count alike. Where parts of answers are counted together (figures, citations, the
    two kinds of error in F1) it is the number of parts.
    """

    value: float
    weight: float = 1.0


def mean(scores: Iterable[Score | None]) -> float | None:
    """Σ wᵢ·vᵢ / Σ wᵢ over the questions that have a score; None when none has."""
    known = [score for score in scores if score is not None and score.weight > 0]
    total = sum(score.weight for score in known)
    return sum(score.value * score.weight for score in known) / total if total else None


def share(part: float, whole: float) -> Score | None:
    """part/whole with the weight `whole`; None when there is no whole."""
    return Score(part / whole, whole) if whole else None
