"""The metrics of rankings, asked for one record: gold papers have the gain 1, `Answer.ranked` is the ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg
from eval.metrics.ranking import Judgments, Run
from eval.metrics.recall import recall
from eval.metrics.score import Score
from eval.questions.record import Record


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
