"""Choosing the sentences that answer: what each sentence of a paper has of what the question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag import cues
from rag.figures import Figure, figures
from rag.model import Paper
from rag.names import name_key
from rag.question import Reading
from rag.text import normal, terms

Vectors = NDArray[np.float32]

# Weights of a sentence's features, all of which lie between 0 and 1 (background: the part of a sentence that tells what
# others do). Chosen on the development questions; most settings near these are as good.
MEANING, COVERAGE, NEAR, FIGURE = 0.4, 1.0, 0.5, 0.4
SUBJECT, CAUSE, BACKGROUND, OTHERS, OFFER, PARTS, DENIAL, RESULT, PLACE, LENGTH = (
    0.12,
    0.1,
    0.2,
    0.2,
    0.4,
    0.25,
    0.2,
    0.2,
    0.1,
    0.15,
)
_LONG = 40  # words


@dataclass(frozen=True, eq=False)
class Asked:
    """A question, or a part of one, with its vectors: of the whole, shape (dimension,), and of its content words.

    `terms` are the words' stems, `word_vectors` has a row for each, shape (n_words, n_axes), in the space in which a
    candidate's words are.
    """

    reading: Reading
    vector: Vectors
    terms: tuple[str, ...]
    word_vectors: Vectors


@dataclass(frozen=True, eq=False)
class Candidate:
    """A paper that may answer: the offsets of its sentences, their vectors (n_sentences, dimension), its rank's score.

    `word_vectors`, shape (n_words, n_axes), and `word_sentences`, shape (n_words,), are of its content words.
    `name` is what the paper's work is called; `named` is True when the question names it, with the words `asked_as`.
    """

    paper: Paper
    spans: tuple[tuple[int, int], ...]
    vectors: Vectors
    word_vectors: Vectors
    word_sentences: NDArray[np.int64]
    score: float
    name: str
    named: bool
    asked_as: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scored:
    """A sentence, its score and the features that it was made of. `covered` are the `wanted` terms that it has; `near`
    is how near it has them; `background` is True before the first sentence on the paper's own work."""

    candidate: Candidate
    position: int
    score: float
    meaning: float
    coverage: float
    near: float
    covered: frozenset[str]
    wanted: Mapping[str, float]
    figure: float
    asked: Asked
    background: bool = False

    @property
    def place(self) -> tuple[str, int]:
        """The paper's id and the sentence's position: the same for the same sentence."""
        return self.candidate.paper.id, self.position

    @property
    def span(self) -> tuple[int, int]:
        """The sentence's offsets in the abstract."""
        return self.candidate.spans[self.position]

    @property
    def text(self) -> str:
        """The sentence as it stands in the abstract."""
        start, end = self.span
        return self.candidate.paper.abstract[start:end]


def wanted_terms(reading: Reading, names: Sequence[str], idf: Callable[[str], float]) -> dict[str, float]:
    """What the question is about: its stemmed terms with their weights, without names and the words of asking."""
    text = reading.said
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    found = terms(text)
    # "chart qa" is how some write "ChartQA".
    joined = [a + b for a, b in pairwise(found) if idf(a + b) < idf("\0")]
    return {term: idf(term) for term in dict.fromkeys((*found, *joined)) if term not in cues.ASKING}


def without_asking(text: str) -> str:
    """`text` without the words that only ask: what a search by words should look for."""
    return re.sub(r"[^\W_]+", lambda m: "" if set(terms(m.group())) <= cues.ASKING else m.group(), text)


def score_sentences(asked: Asked, candidates: Sequence[Candidate], idf: Callable[[str], float]) -> list[Scored]:
    """All sentences of the candidates, best first."""
    reading = asked.reading
    found: list[Scored] = []
    asks_how = not reading.figure and cues.ASKS_HOW.search(normal(reading.text)) is not None
    takes_need = cues.TAKES_NEED.search(normal(reading.text)) is not None
    asks_parts = cues.ASKS_PARTS.search(normal(reading.text)) is not None
    asks_offer = cues.ASKS_OFFER.search(normal(reading.text)) is not None
    for candidate in candidates:
        wanted = wanted_terms(reading, candidate.asked_as, idf)
        whole = sum(wanted.values())
        first_own = _first_own(candidate)
        likeness = candidate.vectors @ asked.vector if len(candidate.spans) else np.zeros(0)
        near = nearness(asked, candidate, wanted)
        for n, (start, end) in enumerate(candidate.spans):
            text = candidate.paper.abstract[start:end]
            covered = frozenset(wanted) & frozenset(sentence_terms(text))
            coverage = sum(wanted[term] for term in covered) / whole if whole else 0.0
            figure = figure_fit(reading, text) if reading.figure else 0.0
            folded = normal(text)
            score = MEANING * float(likeness[n]) + COVERAGE * coverage + NEAR * float(near[n]) + FIGURE * figure
            score += SUBJECT * (name_key(candidate.name) in name_key(text))
            score += CAUSE * (reading.kind == "reason" and cues.CAUSE.search(folded) is not None)
            score -= BACKGROUND * (
                (n < first_own) + 0.5 * (n < first_own and cues.BACKGROUND.search(folded) is not None)
            )
            score -= OTHERS * (cues.OTHERS_DO.search(folded) is not None and cues.OWN.search(folded) is None)
            score += DENIAL * (takes_need and cues.DENIES_NEED.search(folded) is not None)
            score += PARTS * (asks_parts and cues.ENUMERATES.search(folded) is not None)
            score -= OFFER * (not asks_offer and cues.OFFER.search(folded) is not None)
            score -= RESULT * (asks_how and cues.RESULT.search(folded) is not None)
            score += PLACE * n / max(len(candidate.spans) - 1, 1) + LENGTH * min(len(text.split()) / _LONG, 1.0)
            found.append(
                Scored(
                    candidate, n, score, float(likeness[n]), coverage, float(near[n]), covered, wanted, figure,
                    asked, n < first_own,
                )
            )  # fmt: skip
    return sorted(found, key=lambda scored: -scored.score)


def differs(scored: Scored) -> bool:
    """True when a sentence contradicts what the question takes for granted: a need, or a figure.

    A figure is contradicted when the paper has it nowhere, and the sentence has another of its kind.
    """
    asked, text = scored.asked.reading, scored.candidate.paper
    if cues.TAKES_NEED.search(normal(asked.text)) and asked.kind != "compare":
        folded = normal(scored.text)
        return cues.DENIES_NEED.search(folded) is not None and bool(scored.covered)
    mine = figures(scored.text)
    known = figures(f"{text.title} {text.abstract}")
    return any(
        figure.unit
        and not any(figure.equals(other) for other in known)
        and any(other.unit == figure.unit for other in mine)
        for figure in figures(asked.text)
        if not figure.spelled
    )


def tells_result(scored: Scored) -> bool:
    """True for a sentence on results where the question asks for none: how good a thing is, and not how it works."""
    asked = normal(scored.asked.reading.text)
    if scored.asked.reading.figure or cues.ASKS_RESULT.search(asked):
        return False
    return cues.RESULT.search(normal(scored.text)) is not None


def nearness(asked: Asked, candidate: Candidate, wanted: Mapping[str, float], *, whole: bool = False) -> Vectors:
    """For each sentence how near it has each word that is wanted, from 0 to 1, weighted: shape (n_sentences,).

    With `whole` the sentences count as one: shape (1,). Late interaction over words in context.

    Source: Khattab and Zaharia, ColBERT (SIGIR 2020).
    """
    rows = [n for n, term in enumerate(asked.terms) if term in wanted]
    count = 1 if whole else len(candidate.spans)
    if not rows or not candidate.word_vectors.size or not asked.word_vectors.size:
        return np.zeros(count, dtype=np.float32)
    weights = np.array([wanted[asked.terms[n]] for n in rows], dtype=np.float32)
    likeness = asked.word_vectors[rows] @ candidate.word_vectors.T
    places = np.zeros_like(candidate.word_sentences) if whole else candidate.word_sentences
    best = np.zeros((len(rows), count), dtype=np.float32)
    for n in range(count):
        inside = likeness[:, places == n]
        if inside.shape[1]:
            best[:, n] = inside.max(axis=1)
    shares: Vectors = weights @ np.maximum(best, 0) / max(float(weights.sum()), 1e-9)
    return shares


@lru_cache(maxsize=8192)
def sentence_terms(text: str) -> frozenset[str]:
    """The stemmed terms of a sentence."""
    return frozenset(terms(text))


def _first_own(candidate: Candidate) -> int:
    """The position of the first sentence that speaks of the paper's own work; what stands before is background."""
    key = name_key(candidate.name)
    for n, (start, end) in enumerate(candidate.spans):
        text = candidate.paper.abstract[start:end]
        if cues.OWN.search(normal(text)) or (key and key in name_key(text)):
            return n
    return 0


def figure_fit(reading: Reading, text: str) -> float:
    """How well the figures of a sentence fit what is asked for: 1 the unit or noun, 0.5 some figure, 0 none."""
    folded = normal(text)
    found = [figure for figure in figures(text) if not (figure.spelled and figure.value <= 1 and not figure.unit)]
    found = [figure for figure in found if not (figure.value < 10 and folded[figure.end : figure.end + 1] == ")")]
    if not found:
        return 0.0
    if reading.unit == "time":
        return 1.0 if any(f.measure == "time" or cues.TIME.match(folded, f.end) for f in found) else 0.25
    if reading.unit is not None:
        return 1.0 if any(figure.unit == reading.unit for figure in found) else 0.4
    if reading.noun:
        nouns = [term for term in terms(reading.noun) if term not in cues.ASKING]
        if nouns and any(_followed_by(folded, figure, nouns) for figure in found):
            return 1.0
    return 0.5 if any(not figure.spelled for figure in found) else 0.3


def _followed_by(folded: str, figure: Figure, nouns: Sequence[str]) -> bool:
    after = terms(re.split(r"[.;](?:\s|$)", folded[figure.end : figure.end + 70])[0])[:5]
    before = terms(folded[max(0, figure.start - 30) : figure.start])[-2:]
    return any(term in nouns for term in (*before, *after))
