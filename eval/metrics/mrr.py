"""Reciprocal rank: how far down the first relevant paper is."""

from __future__ import annotations

from eval.metrics.ranking import Judgments, Run, measured


def reciprocal_rank(judgments: Judgments, run: Run, *, k: int) -> dict[str, float]:
    """1 over the rank of the first relevant paper among the first k, by question; 0 where there is none.

    Its mean is MRR@k. A paper is relevant from a gain of 1. Computed by ir-measures.

    Source: Voorhees, The TREC-8 question answering track report (TREC 1999).
    """
    from ir_measures import RR

    return measured(RR @ k, judgments, run)
