"""Embeddings from a server that speaks OpenAI's protocol, through LlamaIndex."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from rag.errors import ProviderError
from rag.neural.named_model import OPENAI, key_for, model_name
from rag.neural.provider import Deadline, client, reading_body, retrying

Vectors = NDArray[np.float32]
Span = tuple[int, int]
_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
_BATCH_TEXTS = 64
_TIMEOUT_S = 120.0


class RemoteEmbedder:
    """An `Embedder` on a server. It reads whole texts only: there are no vectors of words in context.

    It owns the way to the server, made at the first text, and lives as long as the library is open.

    Raises:
        SettingsError: the name is not `openai:MODEL` or `MODEL@http://host/v1`.
    """

    word_space = None

    def __init__(self, name: str, key: SecretStr | None = None) -> None:
        self._named = model_name(name, setting="FOOTNOTE_EMBEDDING")
        self._key = key
        self.name = self._named.name
        # Nobody can hash the weights of a server; its name and address stand for them.
        self.sha256 = hashlib.sha256(f"{self._named.model}@{self._named.url}".encode()).hexdigest()

    @cached_property
    def dimension(self) -> int:
        """The length of its vectors: known for OpenAI's, else the server is asked for one.

        Raises:
            ProviderError: the server failed.
        """
        known = _DIMENSIONS.get(self._named.model) if self._named.url == OPENAI else None
        return known or len(self._vectors(["dimension"])[0])

    @cached_property
    def _model(self) -> Any:
        from llama_index.embeddings.openai_like import OpenAILikeEmbedding

        return OpenAILikeEmbedding(
            model_name=self._named.model,
            api_base=self._named.url,
            api_key=key_for(self._named, self._key),
            embed_batch_size=_BATCH_TEXTS,
            max_retries=0,  # here they would not know the time that is left
            timeout=_TIMEOUT_S / 2,
            http_client=client(self._named),
        )

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,).

        Raises:
            ProviderError: the server failed.
        """
        vector: Vectors = self._vectors([text])[0]
        return vector

    def read(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        """As in `Embedder`; with no vectors of words in context, those of the spans are zeros. Raises as `query`."""
        return self.query(text), np.zeros((len(spans), self.dimension), dtype=np.float32)

    def documents(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], done: Callable[[int], None] | None = None
    ) -> list[tuple[Vectors, Vectors]]:
        """As in `Embedder`; each span is embedded as a text of its own, the same text once. Raises as `query`."""
        inside = [[text[start:end] for start, end in marks] for text, marks in zip(texts, spans, strict=True)]
        wanted = list(dict.fromkeys([*texts, *(part for parts in inside for part in parts)]))
        rows: dict[str, Vectors] = {}
        for first in range(0, len(wanted), _BATCH_TEXTS):
            batch = wanted[first : first + _BATCH_TEXTS]
            rows.update(zip(batch, self._vectors(batch), strict=True))
        found = []
        for text, parts in zip(texts, inside, strict=True):
            stacked = np.array([rows[part] for part in parts], dtype=np.float32).reshape(-1, self.dimension)
            found.append((rows[text], stacked))
            if done:
                done(1)
        return found

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, shape (n_texts, dimension), unit length."""

        def attempt() -> Vectors:
            model = self._model
            with reading_body():
                return np.array(model.get_text_embedding_batch(list(texts)), dtype=np.float32)

        vectors = retrying(attempt, self._named, Deadline.after(_TIMEOUT_S))
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise ProviderError(
                f"{self.name} gave {len(vectors)} vectors for {len(texts)} texts, or some that are no numbers. "
                "Check that the model is one for embeddings."
            )
        known = self.__dict__.get("dimension", vectors.shape[1])
        if vectors.shape[1] != known:
            raise ProviderError(
                f"{self.name} gave vectors of {vectors.shape[1]} numbers, and of {known} before. "
                "Is it still the same model? `footnote ingest --rebuild` embeds everything again."
            )
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit
