"""Recall: how many of the relevant papers are found."""

from __future__ import annotations

from eval.metrics.ranking import Judgments, Run, measured


def recall(judgments: Judgments, run: Run, *, k: int) -> dict[str, float]:
    """Recall@k by question, from 0 to 1: relevant papers among the first k, over all relevant papers.

    A paper is relevant from a gain of 1. Computed by ir-measures.
    """
    from ir_measures import R

    return measured(R @ k, judgments, run)
