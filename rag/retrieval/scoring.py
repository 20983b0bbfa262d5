"""The scores that a ranking is made of, as plain functions: standard scores, ranks, nearness, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.library.flat_records import StoredPaper
from rag.neural.embedder import Signs, Vectors
from rag.text import terms

Scores = NDArray[np.float32]
_WINDOW_TERMS = 12  # about twenty words, stop words left out


@dataclass(frozen=True, eq=False)
class Words:
    """The content words of a question: their weights, shape (n_words,), and their vectors at unit length, a row each.

    `whole` has all numbers, less the mean of the word space; `small` is in its axes. No columns without such a space.
    """

    weights: Vectors
    whole: Vectors
    small: Vectors


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


def late_interaction(words: Words, chosen: Sequence[StoredPaper]) -> Scores:
    """For each paper the likeness of each word of a question to the nearest in the abstract, weighted.

    By the signs of the papers' words where all have them, and else by the small vectors: the two cannot be compared.

    Source: Khattab and Zaharia, ColBERT (SIGIR 2020); signs against whole numbers: Yamada, Asai and Hajishirzi,
    Efficient passage retrieval with hashing (ACL 2021).
    """
    signed = all(owner.word_signs.size for owner in chosen if owner.word_vectors.size)
    of_question = words.whole if signed else words.small
    best = np.zeros((len(words.weights), len(chosen)), dtype=np.float32)
    for n, owner in enumerate(chosen):
        if owner.word_vectors.size and of_question.size:
            best[:, n] = (of_question @ (_unpacked(owner.word_signs) if signed else owner.word_vectors).T).max(axis=1)
    scores: Scores = np.asarray(words.weights @ best, dtype=np.float32) / max(float(words.weights.sum()), 1e-9)
    return scores


def _unpacked(signs: Signs) -> Vectors:
    """Vectors of unit length, shape (n, 8 x width): positive where a bit is set, negative where it is not."""
    whole = np.unpackbits(signs, axis=1).astype(np.float32)
    unit: Vectors = (2 * whole - 1) / np.sqrt(np.float32(max(whole.shape[1], 1)))
    return unit


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
