"""Metrics of rankings, one a module; each gives one number a question, and their mean is the caller's to take."""

from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg
from eval.metrics.ranking import Judgments, Run
from eval.metrics.recall import recall

__all__ = ["Judgments", "Run", "ndcg", "recall", "reciprocal_rank"]
