"""Which papers are on a subject: by the network, by their nearest sentence, and by their likeness to the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rag.answers.calibration import log_odds, weighed
from rag.library.flat_records import StoredPaper
from rag.neural.embedder import Vectors

Candidate = tuple[StoredPaper, float, float]
"""A paper, the logit that it is about the subject, and the chance that it is on a list."""

# Fitted by `python -m eval across --fit` on the subjects of the split "dev", and the line chosen on them: with weights
# from the other subjects .97 of the gold papers are found, and .05 of what is found is beside the subject.
WEIGHTS: Mapping[str, float] = {"about": 0.44, "alike": 11.06, "near": 17.05, "bias": -7.79}
LINE = -0.7
_ENOUGH = 4
_SAID, _LIKELY, _SURE = 0.6, 1.0, 2.5
"""How like the rarest word of a subject a word of a paper has to be, from which log odds on of being on a list none has
to be, and from which on a paper is on the subject in any case. In a library of one field all papers are alike: of eight
subjects in such a one .66 of the papers found were beside them, and .42 with this, at as many of the gold (.971 of
that of the split "dev", as without)."""
_FEW = 10
"""So many papers are as good as none to tell what all have in common, which is taken from each in this measure."""


def chosen_of(
    candidates: Sequence[Candidate], vector: Vectors, *, line: float, rarest: Vectors | None = None
) -> list[StoredPaper]:
    """The papers on a subject, the likeliest first; `vector` is the subject's, shape (dimension,).

    `rarest` are vectors in the word space, shape (n, n_axes), of the word that tells the subject from its field, and of
    what is as good. A paper that says nothing like them is on the subject only where that is likely.

    Those whose chance is at the line are like one another where they are enough of them; the others are then as
    likely as they are like these. Fewer say nothing of what else is on the subject, and are all.
    """
    sums = [log_odds(chance) - log_odds(line) for _, _, chance in candidates]
    if sum(total >= 0 for total in sums) >= _ENOUGH:
        told = [weighed(WEIGHTS, one) - LINE for one in subject_signals(candidates, vector)]
        # Of a paper without an abstract there is nothing but the chance.
        sums = [
            _with_rarest(one, bare, stored, rarest) if stored.sentence_spans else bare
            for (stored, _, _), one, bare in zip(candidates, told, sums, strict=True)
        ]
    else:
        sums = [_with_rarest(bare, bare, stored, rarest) for (stored, _, _), bare in zip(candidates, sums, strict=True)]
    order = sorted(range(len(sums)), key=lambda n: -sums[n])
    return [candidates[n][0] for n in order if sums[n] >= 0]


def _with_rarest(total: float, bare: float, stored: StoredPaper, rarest: Vectors | None) -> float:
    """What speaks for a paper, below 0 where it says nothing like the rarest word of the subject."""
    if bare >= _SURE:
        return max(total, bare)
    if total < 0 or bare >= _LIKELY or rarest is None or not stored.word_vectors.size:
        return total
    return total if float((stored.word_vectors @ rarest.T).max()) >= _SAID else min(total, bare, -1e-9)


def subject_signals(candidates: Sequence[Candidate], vector: Vectors) -> list[dict[str, float]]:
    """What speaks for each paper being on a subject.

    A paper that says it in words of its own is like those that are surely on it: what the mean of the others, each
    by its chance, has beyond what all candidates have.

    Source: Rocchio, Relevance feedback in information retrieval (1971), with chances in place of judgments.
    """
    if not candidates:
        return []
    middles = np.stack([centre(stored) for stored, _, _ in candidates])
    apart = unit(middles - middles.mean(axis=0) * len(middles) / (len(middles) + _FEW))
    shares = np.array([chance for _, _, chance in candidates])[:, None] * apart
    alike = (apart * unit(shares.sum(axis=0) - shares)).sum(axis=1)
    near = [float((one.sentence_vectors @ vector).max(initial=0.0)) for one, _, _ in candidates]
    logits = [about for _, about, _ in candidates]
    return [
        {"about": about, "alike": float(like), "near": nearest}
        for about, like, nearest in zip(logits, alike, near, strict=True)
    ]


def centre(stored: StoredPaper) -> Vectors:
    """The mean of the vectors of a paper's sentences, of unit length, shape (dimension,)."""
    if not len(stored.sentence_vectors):
        return np.zeros(stored.sentence_vectors.shape[1], dtype=np.float32)
    return unit(stored.sentence_vectors.mean(axis=0))


def unit(vectors: Vectors) -> Vectors:
    """Vectors, shape (..., dimension), made of unit length; those of no length stay as they are."""
    made: Vectors = (vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)).astype(np.float32)
    return made
