"""Metrics of rankings, computed by ir-measures, and the same asked for the records of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.metrics.score import Score
from eval.questions.record import Record

Judgments = Mapping[str, Mapping[str, int]]
"""For each question the gain of each judged paper; 0 or less is not relevant, what is missing was not judged."""

Run = Mapping[str, Sequence[str]]
"""For each question the ids of papers found, best first."""


def recall(judgments: Judgments, run: Run, *, k: int) -> dict[str, float]:
    """Recall@k by question, from 0 to 1: relevant papers among the first k, over all relevant papers.

    A paper is relevant from a gain of 1. Computed by ir-measures.
    """
    from ir_measures import R

    return _measured(R @ k, judgments, run)


def reciprocal_rank(judgments: Judgments, run: Run, *, k: int) -> dict[str, float]:
    """1 over the rank of the first relevant paper among the first k, by question; 0 where there is none.

    Its mean is MRR@k. A paper is relevant from a gain of 1. Computed by ir-measures.

    Source: Voorhees, The TREC-8 question answering track report (TREC 1999).
    """
    from ir_measures import RR

    return _measured(RR @ k, judgments, run)


def ndcg(judgments: Judgments, run: Run, *, k: int) -> dict[str, float]:
    """nDCG@k by question, from 0 to 1.

    DCG@k is the sum over ranks i = 1 … k of gain(i) / log2(i + 1); nDCG@k divides it by that of the ideal ranking of
    all judged papers.

    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques (TOIS 2002); computed by
    ir-measures.
    """
    from ir_measures import nDCG

    return _measured(nDCG @ k, judgments, run)


def retrieval(records: Sequence[Record]) -> Mapping[str, list[Score | None]]:
    """For recall@5, recall@10, MRR@10 and nDCG@10 a score for each record, in order.

    No score for a question without gold papers, or that nothing in the library answers: what should be found for it is
    not said. A failed question found nothing (0).
    """
    # Ids need not differ between files of questions, so records are told apart by their place.
    judgments: Judgments = {
        str(n): dict.fromkeys(record.gold.papers, 1)
        for n, record in enumerate(records)
        if record.gold.kind != "unanswerable"
    }
    run: Run = {str(n): record.ranked for n, record in enumerate(records)}
    values = {
        "recall_5": recall(judgments, run, k=5),
        "recall_10": recall(judgments, run, k=10),
        "mrr_10": reciprocal_rank(judgments, run, k=10),
        "ndcg_10": ndcg(judgments, run, k=10),
    }
    return {
        name: [Score(found[str(n)]) if str(n) in found else None for n in range(len(records))]
        for name, found in values.items()
    }


def _measured(measure: Any, judgments: Judgments, run: Run) -> dict[str, float]:
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
