"""What a question looks for: its own words, the terms of the field that it stands for, and the vectors of both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rag.embed import Embedder
from rag.lexical import LexicalIndex
from rag.question import Reading
from rag.scoring import Scores, Words
from rag.select import Asked, without_asking
from rag.spelling import slips_mended
from rag.text import content_words, terms
from rag.thesaurus import in_field_terms

BROUGHT = 0.4
"""What a term brought in by the thesaurus counts, where a word of the question counts 1."""


@dataclass(frozen=True, eq=False)
class Query:
    """What is looked for: the question in the terms of the library and its vectors, for the choice of sentences too.

    `wanted` are the stemmed terms to be found, with their weights; `words` is for late interaction. `own` is the
    question without the words of asking, `brought` the terms of the field that were brought in.
    """

    asked: Asked
    own: str
    brought: str
    wanted: dict[str, float]
    words: Words

    def lexical(self, index: LexicalIndex) -> Scores:
        """The score by words of every paper of the index, shape (n_papers,)."""
        scores = index.scores(self.own)
        return scores + BROUGHT * index.scores(self.brought) if self.brought else scores


def query_of(reading: Reading, index: LexicalIndex, embedder: Embedder, *, thesaurus: bool) -> Query:
    """What `reading` looks for in the library of `index`, with everyday words in its terms if `thesaurus` is True.

    A term that is brought in stands beside the words that brought it, since it may be the wrong one.
    """
    brought: tuple[str, ...] = ()
    if not reading.foreign:
        mended = slips_mended(reading.text, index)
        reading = replace(reading, text=mended, said=mended)
    if thesaurus:
        said, brought = in_field_terms(reading.text, frequency=index.frequency, papers=len(index.papers))
        reading = replace(reading, said=said)
    text = f"{reading.text} {' '.join(brought)}".strip()
    spans = content_words(text)
    stems = tuple(next(iter(terms(text[start:end])), "") for start, end in spans)
    vector, vectors = embedder.read(text, spans)
    own, extra = without_asking(reading.text), without_asking(" ".join(brought))
    wanted = {term: BROUGHT * index.idf(term) for term in terms(extra)}
    wanted |= {term: index.idf(term) for term in terms(own)}
    # All words of the question have a part, those of asking too: which of them it takes is seen in the nearness.
    shares = np.array([1.0 if end <= len(reading.text) else BROUGHT for _, end in spans], dtype=np.float32)
    weights = shares * np.array([index.idf(stem) for stem in stems], dtype=np.float32)
    space = embedder.word_space
    if space:
        whole = vectors - space.mean
        whole /= np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-9)
        small = space.reduced(vectors)
    else:
        whole = small = np.zeros((len(spans), 0), dtype=np.float32)
    return Query(Asked(reading, vector, stems, small), own, extra, wanted, Words(weights, whole, small))
