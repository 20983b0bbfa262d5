"""Between the two models of data: papers as nodes of LlamaIndex, its nodes and documents as papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from llama_index.core.schema import BaseNode, NodeRelationship, NodeWithScore, RelatedNodeInfo, TextNode

from rag import Assistant
from rag.curation.unshelved import intake_of
from rag.model import IngestReport, Paper

_TITLES = ("title", "paper_title", "document_title", "file_name")
_FIELDS = ("url", "published", "authors", "author_count", "doi", "arxiv_id", "abstract_kind", "retraction")


def node_of(paper: Paper, text: str, start: int | None, end: int | None, marks: Mapping[str, Any]) -> TextNode:
    """Words of a paper as a node: `paper.abstract[start_char_idx:end_char_idx]` is its text, the paper its source.

    The metadata is shown to a model or embedder as far as it says what the words are from; `marks` come on top.
    """
    metadata: dict[str, Any] = {
        "title": paper.title,
        "paper_id": paper.id,
        "url": paper.url,
        "published": paper.published.isoformat() if paper.published else None,
        "retraction": paper.retraction,
    } | dict(marks)
    hidden = [name for name in metadata if name != "title"]
    return TextNode(
        text=text, start_char_idx=start, end_char_idx=end, metadata=metadata,
        excluded_embed_metadata_keys=hidden, excluded_llm_metadata_keys=hidden,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper.id)},
    )  # fmt: skip


def paper_of(node: BaseNode) -> Paper:
    """A node as a text to rank or to check against: its words, and its title where the metadata has one."""
    return Paper(id=node.node_id, title=_title(node), abstract=node.get_content())


def papers_of(nodes: Sequence[NodeWithScore]) -> list[Paper]:
    """The nodes as texts, in their order."""
    return [paper_of(scored.node) for scored in nodes]


def ingest_documents(assistant: Assistant, documents: Sequence[BaseNode]) -> IngestReport:
    """Bring documents of LlamaIndex into a library; what has not changed costs nothing, as ever.

    The text becomes the abstract; title, url, published, authors, doi and arxiv_id are taken from the metadata, the
    rest of it is kept. A document whose id was given keeps it; one with an id that LlamaIndex made up gets another,
    which is the same next time.

    Raises:
        LibraryError: as `Assistant.ingest`.
    """
    return assistant.ingest([intake_of([_record(document) for document in documents], called="llama-index")])


def _record(document: BaseNode) -> dict[str, Any]:
    known = {name: document.metadata[name] for name in _FIELDS if document.metadata.get(name) is not None}
    rest = {name: value for name, value in document.metadata.items() if name not in (*_FIELDS, "title") and value}
    made_up = _is_made_up(document.node_id)
    return rest | known | {
        "id": document.metadata.get("paper_id") or (None if made_up else document.node_id),
        "title": _title(document),
        "abstract": document.get_content(),
    }  # fmt: skip


def _title(node: BaseNode) -> str:
    return next((str(node.metadata[name]) for name in _TITLES if node.metadata.get(name)), "")


def _is_made_up(node_id: str) -> bool:
    try:
        return UUID(node_id).version == 4
    except ValueError:
        return False
