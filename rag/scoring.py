"""The scores that a ranking is made of, as plain functions: standard scores, ranks, nearness, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.embed import Vectors
from rag.records import StoredPaper
from rag.select import Asked
from rag.text import terms

Scores = NDArray[np.float32]
_WINDOW_TERMS = 12  # about twenty words, stop words left out


def standard(scores: Scores, among: NDArray[np.bool_] | None = None) -> Scores:
    """Standard scores: less the mean, over the standard deviation, of those `among`; zeros where all are equal."""
    sample = scores if among is None else scores[among]
    spread = float(sample.std())
    if spread < 1e-9:
        return np.zeros_like(scores)
    standard: Scores = ((scores - sample.mean()) / spread).astype(np.float32)
    return standard


def reciprocal_ranks(scores: Scores) -> Scores:
    """1 / (60 + rank), ranks counted from 1, and 0 for a score of zero.

    Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion (SIGIR 2009).
    """
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    fused: Scores = np.where(scores > 0, 1.0 / (60.0 + ranks), 0.0).astype(np.float32)
    return fused


def proximity(wanted: Mapping[str, float], owner: StoredPaper) -> float:
    """The share, by idf, of the question's terms that stand in the best window of about twenty words."""
    places = [
        (n, term) for n, term in enumerate(terms(f"{owner.paper.title} . {owner.paper.abstract}")) if term in wanted
    ]
    whole = sum(wanted.values())
    best = 0.0
    for first, (at, _) in enumerate(places):
        inside = {term for n, term in places[first : first + _WINDOW_TERMS] if n < at + _WINDOW_TERMS}
        best = max(best, sum(wanted[term] for term in inside))
    return best / whole if whole else 0.0


def late_interaction(asked: Asked, wanted: Mapping[str, float], owner: StoredPaper) -> float:
    """The likeness of each word of the question to the nearest in the abstract, weighted by idf.

    Source: Khattab and Zaharia, ColBERT (SIGIR 2020).
    """
    if not owner.word_vectors.size:
        return 0.0
    weights = np.array([wanted.get(term, 0.0) for term in asked.terms], dtype=np.float32)
    best = (asked.word_vectors @ owner.word_vectors.T).max(axis=1)
    return float(weights @ best / max(float(weights.sum()), 1e-9))


def neighbourhood(base: Scores, chosen: Sequence[StoredPaper]) -> Scores:
    """For each paper the mean score of the five nearest among the others, weighted by their likeness to it."""
    means = np.stack(
        [owner.sentence_vectors.mean(axis=0) if len(owner.sentence_vectors) else _blank(chosen) for owner in chosen]
    )
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
    likeness = means @ means.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :5]
    weights = np.maximum(np.take_along_axis(likeness, nearest, axis=1), 1e-6)
    spread: Scores = ((base[nearest] * weights).sum(axis=1) / weights.sum(axis=1)).astype(np.float32)
    return spread


def _blank(chosen: Sequence[StoredPaper]) -> Vectors:
    width = max(owner.sentence_vectors.shape[1] for owner in chosen)
    return np.zeros(width, dtype=np.float32)
