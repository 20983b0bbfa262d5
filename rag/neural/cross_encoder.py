"""The cross-encoder at work: loads its file once, judges questions with sentences, the same way every time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from rag.neural.files import DATA
from rag.neural.heads import BEARS
from rag.neural.network import Network
from rag.neural.packing import LISTED_PIECES, MOST_PIECES, pack

MANIFEST = "cross_encoder.json"
STATEMENTS = "statements.json"  # of the network that reads statements: a later pass, of which answers are no better


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


class CrossEncoder(Network):
    """Judges questions with sentences. Made once for a library, it lives as long as that is open.

    One run a pair, several pairs side by side: on a processor a batch is no faster, and because the quantisation scales
    with the largest activation of a run, what is said of a sentence does not depend on which others were read.

    Source: Nogueira and Cho, Passage re-ranking with BERT (2019); Wang et al., MiniLM (NeurIPS 2020).
    """

    def __init__(self, folder: Path = DATA, *, manifest: str = MANIFEST) -> None:
        super().__init__(folder, manifest)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="cross-encoder")

    def read(self, question: str, reads: Sequence[Read], *, most: int = MOST_PIECES) -> list[Judged]:
        """What is found of each for a question, in their order; at most `most` word pieces are read of each."""
        tokenizer = self.ready()
        runs = [pack(tokenizer, question, read.title, read.sentences, most=most) for read in reads]
        found = self._pool.map(lambda packed: self.run(packed, "answers", "about"), runs)
        return [Judged(float(answers), float(about)) for answers, about in found]

    def bears(self, statement: str, title: str, sentences: Sequence[str]) -> dict[str, float]:
        """How likely sentences support a statement, contradict it, or neither: each of `BEARS`, 1 in all."""
        (logits,) = self.run(pack(self.ready(), statement, title, tuple(sentences)), "bears")
        shares = np.exp(logits - logits.max())
        return dict(zip(BEARS, map(float, shares / shares.sum()), strict=True))


__all__ = ["LISTED_PIECES", "STATEMENTS", "CrossEncoder", "Judged", "Read"]
