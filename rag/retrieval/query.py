"""What a question looks for: its words without those of asking, their weights, and the vectors of all."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rag.neural.embedder import Embedder, Vectors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.reading import Reading
from rag.retrieval.question.spelling import slips_mended
from rag.retrieval.scoring import Words
from rag.text import content_words, terms

# Words of questions that say how it is asked, not what about.
_ASKING = frozenset(
    terms(
        """how many much long large big fast number amount percentage percent share fraction ratio factor what which who
        when where why does tell explain describe mention report reported according authors author paper abstract
        difference differ compare comparison versus better exactly actually kind sort type way thing something anyone
        somebody someone anybody anything name called known remember recall heard looking please briefly total overall
        between both whole any ever just quick question idea trick recipe list devoted devote try want got library
        include contain discuss talk treat article publication anybody everything trying deal concern cover target
        address look focus handle tackle touch relate regard study studies research researcher say says mention new latest
        tl dr tldr gist summary summarize summarise overview nutshell contribution main
        vs versus differently similar same similarity common contrast distinguish respectively
        """
    )
)


@dataclass(frozen=True, eq=False)
class Query:
    """What is looked for.

    `own` is the question without the words of asking; `wanted` are the stemmed terms to be found, with their weights;
    `vector` is that of the whole question, shape (dimension,); `words` is for late interaction.
    """

    own: str
    wanted: dict[str, float]
    vector: Vectors
    words: Words


def query_of(reading: Reading, index: LexicalIndex, embedder: Embedder) -> Query:
    """What `reading` looks for in the library of `index`."""
    text = slips_mended(reading.text, index)
    spans = content_words(text)
    stems = tuple(next(iter(terms(text[start:end])), "") for start, end in spans)
    vector, vectors = embedder.read(text, spans)
    own = without_asking(text)
    wanted = {term: index.idf(term) for term in terms(own)}
    # All words of the question have a part, those of asking too: which of them it takes is seen in the nearness.
    weights = np.array([index.idf(stem) for stem in stems], dtype=np.float32)
    space = embedder.word_space
    if space:
        whole = vectors - space.mean
        whole /= np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-9)
        small = space.reduced(vectors)
    else:
        whole = small = np.zeros((len(spans), 0), dtype=np.float32)
    return Query(own, wanted, vector, Words(weights, whole, small))


def without_asking(text: str) -> str:
    """`text` without the words that only ask: what a search by words should look for."""
    return re.sub(r"[^\W_]+", lambda m: "" if set(terms(m.group())) <= _ASKING else m.group(), text)
