"""From papers that retrieval found to an `Answer` of numbered statements, in the words of their abstracts.

Way in: `Extractor.drafts`, for a question and what was found for it. The cross-encoder reads the best papers
(`judging`), `choice` takes the sentences, `forms` puts them into the form that is asked for (a few sentences, a list, a
comparison), `wording` makes them stand alone, `metadata` answers from the fields. Way out: `checked_answer`, an
`Answer` whose statements were checked. `generation` does it with a model that writes; `verifier` checks what others
wrote.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answers.extracted_answer import checked_answer
    from rag.answers.extractor import Extractor
    from rag.answers.judging import Judge
    from rag.answers.verifier import Verifier

__all__ = [
    "Extractor",
    "Judge",
    "Verifier",
    "checked_answer",
]

_PLACES = {
    "Extractor": "rag.answers.extractor",
    "Judge": "rag.answers.judging",
    "Verifier": "rag.answers.verifier",
    "checked_answer": "rag.answers.extracted_answer",
}


def __getattr__(name: str) -> Any:
    # On first use: importing one module of the wing loads no other.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
