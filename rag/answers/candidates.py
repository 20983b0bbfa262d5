"""The papers that may answer a question: their sentences, the facts of their metadata, and which of them it names."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from rag.answers.metadata.facts import Fact, facts_of
from rag.library.flat_records import StoredPaper
from rag.model import Paper
from rag.neural.embedder import Vectors
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.query import without_asking
from rag.retrieval.question.dialogue import Standalone
from rag.retrieval.question.mentions import Names
from rag.retrieval.question.reading import topic_of
from rag.retrieval.retriever import RARE_MENTION, Found
from rag.text import shown, terms
from rag.text.names import name_key

# What having all words of a subject counts beside a likeness of 1 to it. Looked at on twelve subjects.
_OF_WORDS = 0.5
_SIDE_BY_SIDE = r"\s*(?:,|/|&|and|or|vs\.?|versus|against|compared (?:to|with))\s*"


@dataclass(frozen=True, eq=False)
class Candidate:
    """A paper that may answer: the offsets of its sentences, their vectors (n_sentences, dimension), its rank's score.

    `name` is what the paper's work is called, "" where it has no name; `named` is True when the question means it by a
    name, with the words `asked_as`; `titled` when it has no name, and the asker has just said its title.
    """

    paper: Paper
    spans: tuple[tuple[int, int], ...]
    vectors: Vectors
    score: float
    name: str
    named: bool
    asked_as: tuple[str, ...] = ()
    titled: bool = False

    @property
    def called(self) -> str:
        """Its name, or its title up to a colon in quotation marks."""
        title = shown(self.paper.title)
        head = title.partition(": ")[0]
        return self.name or f"“{head if len(head.split()) > 1 else title}”"

    @property
    def title(self) -> str:
        """The title, with the name behind it where that is another."""
        title = shown(self.paper.title)
        return f"{title} ({self.name})" if self.name and name_key(self.name) not in name_key(title) else title

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What its metadata say, each as a sentence."""
        return facts_of(self.paper)

    def sentence(self, position: int) -> str:
        """The sentence at a position as a person reads it; behind the abstract's the facts follow."""
        if position >= len(self.spans):
            return self.facts[position - len(self.spans)].text
        start, end = self.spans[position]
        return shown(self.paper.abstract[start:end])

    def nearest(self, vector: Vectors, count: int) -> tuple[int, ...]:
        """The positions of the `count` sentences nearest to a question with this vector, the nearest first."""
        if not self.vectors.size:
            return tuple(range(len(self.spans)))[:count]
        return tuple(int(n) for n in np.argsort(-(self.vectors @ vector), kind="stable")[:count])

    def showing(self, vector: Vectors, words: Set[str]) -> int | None:
        """The position of the sentence that comes nearest to a subject or a question; None without a sentence.

        `vector` is its vector, shape (dimension,), `words` are its terms. The vector of a sentence knows the title of
        its paper, by which "The code is available" is near to any subject: so the share of the words counts beside it.
        """
        if not self.spans:
            return None
        said = [len(words & set(terms(self.sentence(n)))) for n in range(len(self.spans))]
        near = self.vectors @ vector if self.vectors.size else 0.0
        return int(np.argmax(near + _OF_WORDS * np.array(said) / max(len(words), 1)))


def candidate_of(stored: StoredPaper, score: float = 0.0) -> Candidate:
    """A paper by itself, without a name."""
    return Candidate(stored.paper, stored.sentence_spans, stored.sentence_vectors, score, "", False)


def _of_more(alone: Standalone, names: Names) -> bool:
    """True if a question is about more than the names in it, so that a plain abbreviation may be that of a measure.

    Others may have measured it without a word of it, or without the short form.
    """
    said = {term for mention in names.known for term in terms(mention.written)}
    return bool(topic_of(without_asking(alone.own or alone.text)) - said)


def _beside_others(alone: Standalone, *, names: Names, index: LexicalIndex) -> set[str]:
    """The papers of two names that stand side by side, of which one may be that of a data set: "OwlNet or OwlSet"."""
    text, found = shown(alone.text), set()
    for one, other in pairwise(sorted(names.owned, key=lambda mention: mention.start)):
        pair = rf"(?<!\w){re.escape(one.written)}{_SIDE_BY_SIDE}{re.escape(other.written)}(?!\w)"
        if (one.named.own or other.named.own) and re.search(pair, text):
            found |= {index.ids[n] for mention in (one, other) for n in mention.named.owners if not mention.named.own}
    return found


def candidates_of(found: Found, alone: Standalone, index: LexicalIndex) -> list[Candidate]:
    """The papers that retrieval found, in their order; named are those that the question means by a name.

    A benchmark or data set that a paper introduces beside its own work is not what a question that names another
    system is about, unless the question sets them side by side.
    """
    asked_as: dict[str, list[str]] = {}
    own: set[str] = {paper.id for paper in alone.papers}
    other: set[str] = set()
    for mention in found.names.owned:
        for n in mention.named.owners:
            key = index.ids[n]
            asked_as.setdefault(key, []).append(mention.written)
            itself = n in mention.named.own or name_key(index.own_names[n]) == mention.key
            (own if itself else other).add(key)
    own = own or other
    own |= _beside_others(alone, names=found.names, index=index)
    if not own:
        for mention in found.names.known:  # nobody's own name, but one that only a few abstracts speak of
            told = not (mention.written.isalpha() and mention.written.isupper()) or not _of_more(alone, found.names)
            if told and not mention.named.owners and len(mention.named.mentioned) <= RARE_MENTION:
                own |= set(index.ids.of(mention.named.mentioned))
    return [
        Candidate(
            stored.paper, stored.sentence_spans, stored.sentence_vectors, hit.score,
            name := index.own_names[index.position[hit.paper.id]], hit.paper.id in own,
            said := tuple(asked_as.get(hit.paper.id, ())), bool(said) and not name and not alone.papers,
        )
        for hit, stored in ((hit, found.stored[hit.paper.id]) for hit in found.hits)
    ]  # fmt: skip
