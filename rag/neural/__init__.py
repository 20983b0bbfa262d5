"""Models that run here, from files of the installation, and the address of those that run elsewhere.

Way in: `make_embedder(name)`; `CrossEncoder.read(question, reads)`, which says of words of a paper how likely they
answer and how likely the paper is meant, and `bears(statement, title, sentences)`, what these do with a statement, by a
network of its own; `question_reader.QuestionReader.read(question)`, what a question asks for and which of its words are
conditions. Way out: unit vectors; logits, and for questions and statements probabilities.
`packing` and `heads` are shared with the training (`python -m eval train`). `provider`
knows the servers that speak OpenAI's protocol: names, keys, limits of time, what their failures mean.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.neural.cross_encoder import CrossEncoder, Judged, Read
    from rag.neural.embedder import Embedder, make_embedder
    from rag.neural.heads import ASKS
    from rag.neural.packing import LISTED_PIECES

__all__ = [
    "ASKS",
    "LISTED_PIECES",
    "CrossEncoder",
    "Embedder",
    "Judged",
    "Read",
    "make_embedder",
]

_PLACES = {
    "ASKS": "rag.neural.heads",
    "CrossEncoder": "rag.neural.cross_encoder",
    "Embedder": "rag.neural.embedder",
    "Judged": "rag.neural.cross_encoder",
    "LISTED_PIECES": "rag.neural.packing",
    "Read": "rag.neural.cross_encoder",
    "make_embedder": "rag.neural.embedder",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
