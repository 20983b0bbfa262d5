"""From a question to ranked papers.

Way in: `question.reading.read` for what is exact in the question, then `Retriever.retrieve`. Way out: `Found`, the
papers in their order, each with its scores and why it was found. `question` has what is asked (conditions, follow-ups,
names, slips), `index` the derived index beside the library (BM25, names), `query` the words and vectors that are
looked for, `scoring` the scores as plain functions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.retrieval.retriever import Found, Retriever

__all__ = [
    "Found",
    "Retriever",
]

_PLACES = {
    "Found": "rag.retrieval.retriever",
    "Retriever": "rag.retrieval.retriever",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
