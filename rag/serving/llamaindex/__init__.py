"""Footnote in LlamaIndex: a retriever, a query engine, a postprocessor of nodes, a checker of responses, and a way in.

    from rag.serving.llamaindex import FootnoteQueryEngine
    response = FootnoteQueryEngine(Assistant.open("storage")).query("How many vision tokens does LLaVA-Mini keep?")

All of LlamaIndex that is shown here is its public interface; nothing of it is loaded before one of these is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.serving.llamaindex.engines import FootnoteQueryEngine, FootnoteRetriever
    from rag.serving.llamaindex.judging import FootnoteChecker, FootnoteReranker
    from rag.serving.llamaindex.nodes import ingest_documents

__all__ = ["FootnoteChecker", "FootnoteQueryEngine", "FootnoteReranker", "FootnoteRetriever", "ingest_documents"]

_PLACES = {
    "FootnoteChecker": "judging",
    "FootnoteQueryEngine": "engines",
    "FootnoteReranker": "judging",
    "FootnoteRetriever": "engines",
    "ingest_documents": "nodes",
}


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
