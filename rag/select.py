"""What a question asks for, the papers that may answer it, and what each of their sentences has of it."""

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
from rag.names import name_key, name_tokens
from rag.question import Reading
from rag.text import normal, terms

Vectors = NDArray[np.float32]
_OWN_WORD = 0.4  # two words both commoner than this share of the weight of a word never seen are no name apart


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
    """A sentence, its score (a logit) and features that it was made of.

    `covered` are the `wanted` terms that it has, `near` is how near it has them; `background` is True before the first
    sentence on the paper's own work; `share` is the probability that of the sentences of its paper this one answers.
    """

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
    share: float = 0.0

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


def own_keys(candidate: Candidate) -> tuple[str, ...]:
    """The keys of the names by which a paper is known: in the question, its own, and those in its title."""
    names = (*candidate.asked_as, candidate.name, *name_tokens(candidate.paper.title))
    return tuple(dict.fromkeys(key for key in map(name_key, names) if key))


def wanted_terms(reading: Reading, names: Sequence[str], idf: Callable[[str], float]) -> dict[str, float]:
    """What the question is about: its stemmed terms with their weights, without names and the words of asking."""
    text = reading.said
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    found = terms(text)
    # "chart qa" is how some write "ChartQA"; "video llm" is two words that many papers have.
    never = idf("\0")
    joined = [a + b for a, b in pairwise(found) if idf(a + b) < never and max(idf(a), idf(b)) >= _OWN_WORD * never]
    return {term: idf(term) for term in dict.fromkeys((*found, *joined)) if term not in cues.ASKING}


def without_asking(text: str) -> str:
    """`text` without the words that only ask: what a search by words should look for."""
    return re.sub(r"[^\W_]+", lambda m: "" if set(terms(m.group())) <= cues.ASKING else m.group(), text)


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
