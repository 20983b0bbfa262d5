"""The embedder and the cross-encoder as the check of sentences asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.neural.cross_encoder import CrossEncoder, Read
from rag.neural.embedder import Embedder, Span, Vectors


@dataclass(frozen=True, eq=False)
class Understanding:
    """What both say of meaning. Holds them and owns neither; safe between threads, as they are."""

    embedder: Embedder
    encoder: CrossEncoder

    def documents(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> Sequence[tuple[Vectors, Vectors]]:
        """Of each text its vector, and those of its spans of characters."""
        return self.embedder.documents(texts, spans)

    def bears(self, statement: str, title: str, sentences: Sequence[str]) -> Mapping[str, float]:
        """How likely sentences of a paper with this title support a statement, contradict it, or neither."""
        return self.encoder.bears(statement, Read(title, tuple(sentences)))
