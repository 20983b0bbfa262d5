"""Coverage: is every part of the statement somewhere in the evidence, in these words or in words near them?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.grounding.checks.doubt import Doubt
from rag.grounding.checks.sentence import Reading, Source, Word, overlaps
from rag.text.names import name_key

Vectors = NDArray[np.float32]
Span = tuple[int, int]
Embed = Callable[[Sequence[str], Sequence[Sequence[Span]]], Sequence[tuple[Vectors, Vectors]]]
"""Texts and spans of characters in them to the vectors of each text and of its spans: `Embedder.documents`."""

_NEAREST = 2
_COVERED = 0.85
_NAMED_IT = 0.04
_OF_WORDS = 0.6  # a word is there or not: the gaps are larger than those of likeness
_FAR = "what it cites speaks of something else"


def cover_doubts(sentence: Reading, evidence: Source, embed: Embed | None) -> Iterator[Doubt]:
    """A doubt for a part of the sentence that nothing in the evidence is near to, and one when all of it is far.

    A part is three or four content words in a row, and counts by how far the nearest words of the evidence are. Without
    `embed` only words are compared: a part then counts by how much less of it is there than of the rest, because a
    sentence in other words lacks many, and an invented detail stands out.
    """
    content = [word for word in sentence.content if not word.text[0].isdigit()]
    if not content:
        return
    same = np.array([word.stem in evidence.stems for word in content], dtype=np.float32)
    best = max((score for score, _ in overlaps(sentence, evidence)), default=0.0) / len(sentence.stems)
    # A sentence that names the paper's work is hardly about another paper.
    keys = {name_key(name) for name in sentence.names}
    own = 2 * _NAMED_IT if keys & evidence.heading.keys else _NAMED_IT if keys & evidence.keys else 0.0
    if embed is None or same.mean() > _COVERED:
        gap, words = _patch(same, content)
        yield Doubt("uncovered", _OF_WORDS * gap, f"nothing in what it cites says {words}")
        yield Doubt("far", 1 - (min(1.0, best) + float(same.mean()) + 0.3) / 2 - own, _FAR)
        return
    likeness, whole = nearness(sentence, evidence, embed)
    lowest, words = _barest(np.maximum(likeness, 0.9 * same), content)
    yield Doubt("invented", 1 - lowest, f"nothing in what it cites is near to {words}")
    yield Doubt("far", 1 - (min(1.0, best) + float(likeness.mean()) + whole) / 3 - own, _FAR)


def _patch(covered: NDArray[np.float32], content: Sequence[Word]) -> tuple[float, str]:
    """How much less the worst part is covered than the rest of the sentence, and its words."""
    gaps, words = [], ""
    short = len(covered) < 7
    for length in (2, 3) if short else (3, 4, 5):
        worst = 0.0
        for first in range(len(covered) - length + 1):
            rest = np.concatenate([covered[:first], covered[first + length :]])
            gap = float(rest.mean() - covered[first : first + length].mean()) if len(rest) >= 3 - short else 0.0
            if gap > worst:
                worst = gap
                words = " ".join(word.text for word in content[first : first + length])
        gaps.append(worst)
    return sum(gaps) / len(gaps), words


def _barest(covered: NDArray[np.float32], content: Sequence[Word]) -> tuple[float, str]:
    """How well the worst covered part is covered, 0 to 1, the mean of one of three words and one of four; its words."""
    lowest, words = [], ""
    for length in (3, 4):
        wide = min(length, len(covered))
        means = [float(covered[first : first + wide].mean()) for first in range(len(covered) - wide + 1)]
        first = int(np.argmin(means))
        lowest.append(means[first])
        words = " ".join(word.text for word in content[first : first + wide])
    return sum(lowest) / len(lowest), words


def nearness(sentence: Reading, evidence: Source, embed: Embed) -> tuple[NDArray[np.float32], float]:
    """How near each content word is to the nearest word of the evidence, shape (n_words,), and the sentence to one.

    Only the two sentences with most in common are looked at.
    """
    scored = overlaps(sentence, evidence)
    chosen = [evidence.sentences[-n] for _, n in scored[:_NEAREST]] or [evidence.heading]
    owner = getattr(embed, "__self__", embed)
    missing = [other for other in (sentence, *chosen) if other.vectors is None or other.vectors[0] is not owner]
    if missing:
        spans = [[(word.start, word.end) for word in other.content if not word.text[0].isdigit()] for other in missing]
        for other, (whole, words) in zip(missing, embed([other.folded for other in missing], spans), strict=True):
            other.vectors = (owner, whole, words)
    # Taken out at once: another thread may read the same sentence with another embedder.
    (_, whole, own), *given = [other.vectors for other in (sentence, *chosen) if other.vectors is not None]
    near = np.concatenate([words for _, _, words in given])
    best = max(float(whole @ there) for _, there, _ in given)
    return (own @ near.T).max(axis=1), best
