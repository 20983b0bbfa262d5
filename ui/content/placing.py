"""Papers as points: near ones mean like things. Placed by t-SNE, grouped by k-means; the same library, the same map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.text import terms

MOST_PLACED = 1000
_TOPICS = 8
_PERPLEXITY = 20.0
_STEPS = 400
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where a paper stands, in 0 to 1 on both axes, and the number of its topic."""

    paper_id: str
    x: float
    y: float
    topic: int


@dataclass(frozen=True)
class Map:
    """The places of the papers, and for each topic the words that set it apart."""

    places: tuple[Place, ...]
    topics: tuple[str, ...]


def map_of(vectors: Mapping[str, NDArray[np.float32]], titles: Mapping[str, str]) -> Map:
    """The map of papers by the vectors of their sentences, shape (n_sentences, dimension) each.

    At most the first thousand are placed: all pairs are compared.
    """
    ids = [key for key, rows in vectors.items() if len(rows)][:MOST_PLACED]
    if not ids:
        return Map((), ())
    means = np.stack([vectors[key].astype(np.float64).mean(axis=0) for key in ids])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    points = placed(means)
    topics = grouped(points, min(_TOPICS, max(1, len(ids) // 5)))
    named = _names([titles.get(key, "") for key in ids], topics)
    low, span = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-12)
    scaled = (points - low) / span
    return Map(
        tuple(Place(key, float(x), float(y), int(t)) for key, (x, y), t in zip(ids, scaled, topics, strict=True)), named
    )


def placed(vectors: Array) -> Array:
    """Points of shape (n, 2) for unit vectors of shape (n, dimension).

    Source: van der Maaten and Hinton, Visualizing Data using t-SNE, 2008; begun from the two main axes, so that
    nothing is left to chance.
    """
    n = len(vectors)
    centred = vectors - vectors.mean(axis=0)
    if n < 5:
        flat = np.zeros((n, 2))
        flat[:, 0] = np.arange(n)
        return flat
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    # The sign of an axis is free: the larger side looks right and up.
    axes *= np.where(axes.sum(axis=1) < 0, -1.0, 1.0)[:, None]
    points: Array = centred @ axes.T
    points *= 1e-2 / max(float(points.std()), 1e-12)
    wanted = _likeness(vectors, min(_PERPLEXITY, (n - 1) / 3))
    speed, gain = np.zeros_like(points), np.ones_like(points)
    for step in range(_STEPS):
        pull = wanted * (8.0 if step < 100 else 1.0)
        apart = _between(points, points)
        kernel = 1.0 / (1.0 + apart)
        np.fill_diagonal(kernel, 0.0)
        force = (pull - kernel / kernel.sum()) * kernel
        slope = 4.0 * (force.sum(axis=1)[:, None] * points - force @ points)
        gain = np.maximum(np.where(np.sign(slope) != np.sign(speed), gain + 0.2, gain * 0.8), 0.01)
        speed = (0.5 if step < 100 else 0.8) * speed - max(n / 12, 20.0) * gain * slope
        points = points + speed
    return points


def grouped(points: Array, k: int) -> NDArray[np.int64]:
    """The group of each point, 0 to k−1, by k-means from centres that were chosen far apart."""
    centres = [points[int(np.argmin(((points - points.mean(axis=0)) ** 2).sum(axis=1)))]]
    while len(centres) < k:
        centres.append(points[int(np.argmax(_between(points, np.stack(centres)).min(axis=1)))])
    middle = np.stack(centres)
    group: NDArray[np.int64] = np.argmin(_between(points, middle), axis=1)
    for _ in range(50):
        middle = np.stack([points[group == n].mean(axis=0) if np.any(group == n) else middle[n] for n in range(k)])
        fresh = np.argmin(_between(points, middle), axis=1)
        if np.array_equal(fresh, group):
            break
        group = fresh
    return group


def _likeness(vectors: Array, perplexity: float) -> Array:
    """The joint probabilities of all pairs, each point's width set so that it has about `perplexity` neighbours."""
    apart = _between(vectors, vectors)
    n = len(vectors)
    np.fill_diagonal(apart, np.inf)
    apart -= apart.min(axis=1, keepdims=True)
    low, high = np.full(n, 1e-6), np.full(n, 1e6)
    chosen = np.zeros((n, n))
    for _ in range(40):
        width = np.sqrt(low * high)
        chosen = np.exp(-apart * width[:, None])
        chosen /= np.maximum(chosen.sum(axis=1, keepdims=True), 1e-12)
        entropy = -np.sum(chosen * np.log(np.maximum(chosen, 1e-12)), axis=1)
        wide = entropy > np.log(perplexity)
        low, high = np.where(wide, width, low), np.where(wide, high, width)
    joint: Array = np.maximum((chosen + chosen.T) / (2 * n), 1e-12)
    return joint


def _between(points: Array, others: Array) -> Array:
    """The squared distances, shape (n_points, n_others)."""
    lengths = np.sum(points**2, axis=1)[:, None] + np.sum(others**2, axis=1)[None, :]
    squared: Array = np.maximum(lengths - 2 * points @ others.T, 0.0)
    return squared


def _names(titles: Sequence[str], topics: NDArray[np.int64]) -> tuple[str, ...]:
    """For each topic the two words of its titles that are commonest there against everywhere."""
    words = [_words(title) for title in titles]
    everywhere = Counter(word for one in words for word in set(one))
    named: list[str] = []
    for n in range(int(topics.max()) + 1):
        here = Counter(word for one, topic in zip(words, topics, strict=True) if topic == n for word in set(one))
        size = int(np.sum(topics == n))
        best = sorted(here, key=lambda word: (-(here[word] ** 2) / everywhere[word], word))
        common = [word for word in best if here[word] >= min(2, size)][:2]
        named.append(", ".join(common) or "other")
    return tuple(named)


def _words(title: str) -> list[str]:
    # `terms` are stems; people read words.
    return [word.strip("(),.:?!'\"“”").lower() for word in title.split() if len(word) > 3 and terms(word)]
