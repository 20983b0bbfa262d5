"""What one would write first: LlamaIndex over Chroma with their defaults, and the same embedder as Footnote."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.model import Paper
from rag.neural.embedder import make_embedder


class PlainPipeline:
    """A vector index over title and abstract: SentenceSplitter and retriever as they come, five nodes a question.

    It embeds one chunk of up to 1,024 tokens a paper, of which the embedder reads the first 256 word pieces; it has
    no lexical index, no names, no metadata, and it quotes and answers nothing.
    """

    def __init__(self, papers: Sequence[Paper], folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from llama_index.core import Document, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.vector_stores.chroma import ChromaVectorStore

        _copy_tokenizer_data(folder)
        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        store = ChromaVectorStore(chroma_collection=client.get_or_create_collection("plain"))
        documents = [Document(id_=p.id, text=f"{p.title}\n\n{p.abstract}", metadata={"paper_id": p.id}) for p in papers]
        index = VectorStoreIndex.from_documents(
            documents,
            storage_context=StorageContext.from_defaults(vector_store=store),
            embed_model=_embedding(),
            transformations=[SentenceSplitter()],
        )
        self._retriever = index.as_retriever(similarity_top_k=5)

    def search(self, question: str) -> list[str]:
        """The ids of the papers whose chunks are nearest, best first, at most five."""
        return list(dict.fromkeys(str(found.node.metadata["paper_id"]) for found in self._retriever.retrieve(question)))


def _copy_tokenizer_data(folder: Path) -> None:
    """Let NLTK read a copy of its data: it refuses files that are hard links, as uv installs them."""
    from importlib.resources import files

    data = Path(str(files("llama_index.core") / "_static" / "nltk_cache"))
    if any(file.stat().st_nlink > 1 for file in data.rglob("*") if file.is_file()):
        os.environ["NLTK_DATA"] = str(shutil.copytree(data, folder / "nltk_data", copy_function=shutil.copyfile))


def _embedding() -> Any:
    """The default embedder as LlamaIndex wants one."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    embedder = make_embedder("minilm")

    class Adapter(BaseEmbedding):  # type: ignore[misc]  # LlamaIndex is not typed here
        """MiniLM behind LlamaIndex's interface."""

        def _get_query_embedding(self, query: str) -> list[float]:
            return [float(x) for x in embedder.query(query)]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_query_embedding(text)

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in whole] for whole, _ in embedder.documents(texts, [()] * len(texts))]

    return Adapter(model_name="minilm")
