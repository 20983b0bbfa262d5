"""Questions and candidates as choosing sentences needs them, with an embedder whose vectors follow from the words."""

import numpy as np
from storage_fixtures import WordEmbedder

from rag.compose import Ask
from rag.model import Paper
from rag.names import own_name
from rag.question import parts_of, read
from rag.select import Asked, Candidate
from rag.text import content_words, sentences, terms

EMBEDDER = WordEmbedder(64)
NO_WORDS = np.zeros((0, 0), dtype=np.float32)


def idf(term):
    """All terms weigh the same."""
    return 1.0


def asked(question):
    """A question with its vector; words have no vectors of their own, so only shared words count."""
    reading = question if not isinstance(question, str) else read(question)
    stems = tuple(next(iter(terms(reading.text[a:b])), "") for a, b in content_words(reading.text))
    return Asked(reading, EMBEDDER.query(reading.text), stems, NO_WORDS)


def candidate(title, abstract, *, score=5.0, named=False, asked_as=()):
    """A candidate whose id is its title in lower case up to the colon."""
    paper = Paper(title.partition(":")[0].lower(), title, abstract)
    spans = sentences(abstract)
    rows = [EMBEDDER.query(abstract[a:b]) for a, b in spans]
    return Candidate(
        paper,
        spans,
        np.array(rows, dtype=np.float32).reshape(len(spans), EMBEDDER.dimension),
        NO_WORDS,
        np.zeros(0, dtype=np.int64),
        score,
        own_name(paper) or "",
        named or bool(asked_as),
        tuple(asked_as),
    )


def ask(question, *, budget_words=80, names=(), among=False, likeness=1.0):
    """A question in its parts, ready for composing."""
    whole = asked(question)
    parts = tuple(asked(part) for part in parts_of(whole.reading))
    return Ask(whole, parts, idf, budget_words, tuple(names), among=among, likeness=likeness)
