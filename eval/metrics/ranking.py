"""What rankings and judgments are, and how ir-measures is asked about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Judgments = Mapping[str, Mapping[str, int]]
"""For each question the gain of each judged paper; 0 or less is not relevant, what is missing was not judged."""

Run = Mapping[str, Sequence[str]]
"""For each question the ids of papers found, best first."""


def measured(measure: Any, judgments: Judgments, run: Run) -> dict[str, float]:
    """The value of one of ir-measures' measures for every question that has a relevant paper.

    A question without a relevant paper has no value: zero would say that the ranking is at fault. A judged question
    that the run leaves out has the value 0.
    """
    relevant = {key: dict(gains) for key, gains in judgments.items() if any(gain > 0 for gain in gains.values())}
    if not relevant:
        return {}
    # Scores are made from ranks: the measures sort by score and would break our ties in their own way.
    scores = {key: {paper: -float(rank) for rank, paper in enumerate(ids)} for key, ids in run.items()}
    found = {value.query_id: value.value for value in measure.iter_calc(relevant, scores)}
    return {key: found.get(key, 0.0) for key in relevant}
