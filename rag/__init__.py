"""Footnote: answers from a library of paper abstracts, every sentence footnoted to the exact words that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.curation.against import Bibliography, check
    from rag.errors import FootnoteError
    from rag.settings import Settings
    from rag.sources.filter import Filter

__all__ = ["Assistant", "Bibliography", "Filter", "FootnoteError", "Settings", "check"]
__version__ = "0.1.0"

_PLACES = {
    "Assistant": "rag.assistant",
    "Bibliography": "rag.curation.against",
    "check": "rag.curation.against",
    "Filter": "rag.sources.filter",
    "FootnoteError": "rag.errors",
    "Settings": "rag.settings",
}


def __getattr__(name: str) -> Any:
    # On first use: importing the package alone loads nothing.
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
