"""Embedders: text to vectors of unit length. The default one is on the machine already and needs no network."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import SecretStr

from rag.errors import SettingsError
from rag.neural.files import DATA, Files
from rag.neural.runtime import session
from rag.text.normalization import without_surrogates

Vectors = NDArray[np.float32]
Span = tuple[int, int]
Signs = NDArray[np.uint8]

MANIFEST = "embedder.json"
_MAX_TOKENS = 256


class Embedder(Protocol):
    """What the library needs of an embedder. `name`, `sha256` and `dimension` go into the library's manifest."""

    @property
    def name(self) -> str:
        """The name under which the settings know it."""

    @property
    def sha256(self) -> str:
        """The hash of the weights, or of what stands for them where they are on a server."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    @property
    def word_space(self) -> WordSpace | None:
        """How its vectors of single words are made small; None for an embedder that reads only whole texts."""

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape (dimension,), unit length."""

    def read(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        """The vector of a question and, in one reading, those of its `spans`, shape (n_spans, dimension)."""

    def documents(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], done: Callable[[int], None] | None = None
    ) -> list[tuple[Vectors, Vectors]]:
        """For every text its vector, shape (dimension,), and those of its `spans`, shape (n_spans, dimension).

        Spans are character offsets, of sentences or words, in the text. All vectors have unit length. `done` is called
        with the number of texts finished since the last call.
        """


@dataclass(frozen=True)
class WordSpace:
    """A small space for the vectors of words in context: less the mean, along the first principal axes.

    `mean` has shape (dimension,), `axes` (dimension, n_axes). `name` and `sha256` go into the library's manifest.
    """

    mean: Vectors
    axes: Vectors
    name: str = "words"

    @cached_property
    def sha256(self) -> str:
        """The hash of the numbers."""
        parts = (np.ascontiguousarray(part, dtype="<f4").tobytes() for part in (self.mean, self.axes))
        return hashlib.sha256(b"".join(parts)).hexdigest()

    def reduced(self, vectors: Vectors) -> Vectors:
        """Word vectors, shape (n, dimension), in the small space: shape (n, n_axes), unit length."""
        small = (vectors - self.mean) @ self.axes
        unit: Vectors = (small / np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        return unit

    def signs(self, vectors: Vectors) -> Signs:
        """A bit for every number of word vectors, set where it is above the mean's: shape (n, dimension / 8).

        The whole space at one bit a number says more of a word than its first axes at eight.
        """
        return np.packbits(vectors > self.mean, axis=1)


class MiniLM:
    """MiniLM as int8 ONNX on the processor: 384 numbers, mean pooling, at most 256 word pieces.

    The weights are those of all-MiniLM-L6-v2, trained further for this project on questions and the abstracts that they
    mean (`python -m eval train embed`). Lives as long as a library is open; safe between threads once it has read.

    One text a run: on a processor a batch is no faster, padding is saved, and because the quantisation scales with
    the largest activation of a run, a text's vector does not depend on what was embedded beside it.

    It owns the session of ONNX and the tokenizer, read when they are first needed and held as long as it lives.

    Source: Wang et al., MiniLM (NeurIPS 2020); Reimers and Gurevych, Sentence-BERT (EMNLP 2019).

    Raises:
        LibraryError: the weights are not installed, or are not those that their manifest names.
    """

    name = "minilm"
    dimension = 384

    def __init__(self, threads: int | None = None, folder: Path = DATA) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._files = Files(folder, MANIFEST)

    @property
    def sha256(self) -> str:
        """The hash of the weights."""
        return str(self._files.manifest["sha256"])

    @cached_property
    def _model(self) -> Any:
        return session(self._files.checked())

    @cached_property
    def _tokenizer(self) -> Any:
        return self._files.tokenizer(_MAX_TOKENS)

    @cached_property
    def word_space(self) -> WordSpace:
        """The space fitted on the bundled library by `python -m eval word-space`."""
        with np.load(DATA / "minilm_words.npz") as saved:
            return WordSpace(saved["mean"].astype(np.float32), saved["axes"].astype(np.float32), "minilm_words")

    def query(self, text: str) -> Vectors:
        """The vector of a question, shape (384,)."""
        return self._pooled(text, ())[0]

    def read(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        """As in `Embedder`; a span's vector is the mean over its own tokens, read in the context of the text."""
        return self._pooled(text, spans)

    def documents(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], done: Callable[[int], None] | None = None
    ) -> list[tuple[Vectors, Vectors]]:
        """As in `Embedder`; a span's vector is the mean over its own tokens, read in the context of its text."""
        _ = self._model, self._tokenizer  # made before threads ask for them
        vectors = []
        with ThreadPoolExecutor(self._threads) as pool:
            for pair in pool.map(self._pooled, texts, spans):
                vectors.append(pair)
                if done:
                    done(1)
        return vectors

    def _pooled(self, text: str, spans: Sequence[Span]) -> tuple[Vectors, Vectors]:
        encoding = self._tokenizer.encode(without_surrogates(text))
        ids = np.array([encoding.ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states: Vectors = self._model.run(None, inputs)[0][0]  # (n_tokens, 384)
        whole = _unit(states.mean(axis=0))
        # The first and last tokens are markers with empty offsets.
        starts = np.array([offset[0] for offset in encoding.offsets[1:-1]], dtype=np.int64)
        sums = np.concatenate((np.zeros((1, self.dimension), np.float32), np.cumsum(states[1:-1], axis=0)))
        bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
        first, last = np.searchsorted(starts, bounds[:, 0]), np.searchsorted(starts, bounds[:, 1])
        counts = (last - first)[:, None]
        # What was cut off at 256 tokens has no states of its own: the whole text stands in for it.
        means = np.where(counts > 0, (sums[last] - sums[first]) / np.maximum(counts, 1), whole)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return whole, (means / np.maximum(lengths, 1e-9)).astype(np.float32)


def make_embedder(name: str, *, key: SecretStr | None = None, threads: int | None = None) -> Embedder:
    """The embedder of that name; nothing is loaded or asked until it is used. `key` is for one on a server.

    `threads` is how many texts the embedder on this machine reads at once; as many as there are cores without it.

    Raises:
        SettingsError: there is none of that name.
    """
    if name == "minilm":
        return MiniLM(threads)
    if ":" in name or "@" in name:
        from rag.neural.remote_embedder import RemoteEmbedder

        return RemoteEmbedder(name, key)
    raise SettingsError(
        f"no embedding {name!r}; known: minilm, openai:MODEL, MODEL@http://host/v1. "
        "Set FOOTNOTE_EMBEDDING to one of them."
    )


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Some 20,000 common words: the whole words in the vocabulary of the embedder's tokenizer, lower case."""
    vocabulary = Files(DATA, MANIFEST).tokenizer().get_vocab()
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 1)
