"""The cross-encoder at work: loads its file once, judges questions with sentences, the same way every time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.neural.files import DATA, Files
from rag.neural.heads import ASKS, BEARS
from rag.neural.packing import LISTED_PIECES, MOST_PIECES, Packed, pack
from rag.neural.runtime import session

MANIFEST = "cross_encoder.json"
STATEMENTS = "statements.json"  # of the network that reads statements: a later pass, of which answers are no better
QUESTIONS = "questions.json"  # of the network that hears what a question asks for, trained on that alone


@dataclass(frozen=True)
class Read:
    """What is read beside a question: the title of a paper, and sentences of it."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """What was found, as logits: that the sentences answer (`answers`), and that their paper is meant (`about`)."""

    answers: float
    about: float


class CrossEncoder:
    """Judges questions with sentences. It owns the session of ONNX, read when first needed; safe between threads.

    Made once for a library, it lives as long as that is open.

    One run a pair, several pairs side by side: on a processor a batch is no faster, and because the quantisation scales
    with the largest activation of a run, what is said of a sentence does not depend on which others were read.

    Source: Nogueira and Cho, Passage re-ranking with BERT (2019); Wang et al., MiniLM (NeurIPS 2020).
    """

    def __init__(self, folder: Path = DATA, *, manifest: str = MANIFEST) -> None:
        self._files = Files(folder, manifest)
        self._lock = Lock()

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What belongs to the file: its name, hash and calibration. Raises LibraryError if it is not there."""
        return self._files.manifest

    @cached_property
    def _session(self) -> Any:
        return session(self._files.checked("file"))

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="cross-encoder")

    @cached_property
    def _tokenizer(self) -> Any:
        return self._files.tokenizer()

    def _ready(self) -> tuple[Any, Any, ThreadPoolExecutor]:
        with self._lock:  # several threads may ask for the first time at once
            return self._session, self._tokenizer, self._pool

    def _run(self, packed: Packed, *heads: str) -> tuple[NDArray[np.float32], ...]:
        given = {
            "ids": np.array([packed.ids], dtype=np.int64),
            "types": np.array([packed.types], dtype=np.int64),
            "mask": np.ones((1, len(packed.ids)), dtype=np.int64),
        }
        return tuple(output[0] for output in self._session.run(heads, given))

    def read(self, question: str, reads: Sequence[Read], *, most: int = MOST_PIECES) -> list[Judged]:
        """What is found of each for a question, in their order; at most `most` word pieces are read of each."""
        _, tokenizer, pool = self._ready()
        runs = [pack(tokenizer, question, read.title, read.sentences, most=most) for read in reads]
        found = pool.map(lambda packed: self._run(packed, "answers", "about"), runs)
        return [Judged(float(answers), float(about)) for answers, about in found]

    def asks(self, question: str) -> dict[str, float]:
        """How likely a question asks for each of `ASKS`, from 0 to 1."""
        _, tokenizer, _ = self._ready()
        (logits,) = self._run(pack(tokenizer, question, "", ()), "asks")
        return dict(zip(ASKS, (float(1 / (1 + np.exp(-logit))) for logit in logits), strict=True))

    def bears(self, statement: str, title: str, sentences: Sequence[str]) -> dict[str, float]:
        """How likely sentences support a statement, contradict it, or neither: each of `BEARS`, 1 in all."""
        _, tokenizer, _ = self._ready()
        (logits,) = self._run(pack(tokenizer, statement, title, tuple(sentences)), "bears")
        shares = np.exp(logits - logits.max())
        return dict(zip(BEARS, map(float, shares / shares.sum()), strict=True))


__all__ = ["LISTED_PIECES", "QUESTIONS", "STATEMENTS", "CrossEncoder", "Judged", "Read"]
