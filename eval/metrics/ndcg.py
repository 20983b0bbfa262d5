"""nDCG: how near the ranking is to the best one there could be."""

from __future__ import annotations

from eval.metrics.ranking import Judgments, Run, measured


def ndcg(judgments: Judgments, run: Run, *, k: int) -> dict[str, float]:
    """nDCG@k by question, from 0 to 1.

    DCG@k is the sum over ranks i = 1 … k of gain(i) / log2(i + 1); nDCG@k divides it by that of the ideal ranking of
    all judged papers.

    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (TOIS 2002); computed by
    ir-measures.
    """
    from ir_measures import nDCG

    return measured(nDCG @ k, judgments, run)
