"""What models say of meaning, as the check asks them: vectors of words in context, and what sentences bear out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Span = tuple[int, int]


class Meaning(Protocol):
    """A reader of texts, as `rag.neural.understanding` makes it; as long as one lives it says the same of the same."""

    def documents(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> Sequence[tuple[Vectors, Vectors]]:
        """Of each text its vector, and those of its spans of characters."""
        ...

    def bears(self, statement: str, title: str, sentences: Sequence[str]) -> Mapping[str, float]:
        """How likely sentences of a paper with this title support a statement, contradict it, or neither."""
        ...
