"""An `Assistant` whose extractive answers are chosen by the cross-encoder, to measure and to go on from."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.answers.candidates import Candidate, candidates_of
from rag.answers.extractor import Asked, Extractor, checked_answer
from rag.answers.judging import Judge, Judgment
from rag.conditions import Conditions, conditions
from rag.dialogue import Standalone, stand_alone
from rag.embed import Embedder
from rag.engine import Assistant
from rag.model import Answer, Mode, Turn
from rag.neural import CrossEncoder
from rag.question import read
from rag.settings import Settings
from rag.store import Library


class JudgedAssistant(Assistant):
    """As `Assistant`, but what answers is judged by the cross-encoder and by no pattern; it asks no model to write."""

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, storage: Path) -> None:
        super().__init__(library, embedder, settings, storage)
        self.judge = Judge(CrossEncoder())
        """What reads sentences for a question; another one may be put in its place, to measure it."""

    @property
    def _judging(self) -> Extractor:
        return Extractor(self._retriever, self.judge, self._settings)

    def judged(self, question: str) -> Judgment:
        """What the cross-encoder finds of the best papers for a question. Raises as `ask`."""
        asked = self._asked(question, ())
        found, _ = self._judging.retrieve(asked, Conditions())
        candidates = candidates_of(found, asked.alone, self._retriever.index())
        opened = self.judge.opened(question, found.asked.vector, candidates)
        return Judgment(asked.wants, found.names.unknown, tuple(opened))

    def judged_list(self, subject: str) -> list[tuple[Candidate, float]]:
        """The candidates for a list on a subject, each with the logit that it belongs there. Raises as `ask`."""
        asked = self._asked(subject, ())
        found, _ = self._judging.retrieve(asked, Conditions())
        candidates = candidates_of(found, asked.alone, self._retriever.index())
        return self.judge.about_logits(subject, candidates)

    def _asked(self, question: str, turns: Sequence[Turn]) -> Asked:
        reading = read(question)
        alone = Standalone(reading.text)
        if turns:
            alone = stand_alone(reading.text, turns, self._retriever.index(), self._retriever.abstracts)
        return self._judging.asked(alone, read(alone.text))

    def _answered(
        self, question: str, history: Sequence[Turn | Mapping[str, str]], where: Mapping[str, Any] | None,
        mode: Mode | None, *, live: bool,
    ) -> Iterator[str | Answer]:  # fmt: skip
        begun = time.perf_counter()
        turns = [turn if isinstance(turn, Turn) else Turn(_role(turn), turn["content"]) for turn in history]
        asked = self._asked(question, turns)
        found, applied = self._judging.retrieve(asked, conditions(where))
        composed = self._judging.drafts(asked, found, applied)
        answer = checked_answer(question, asked.alone.text, found, composed)
        yield replace(answer, timings_ms={"total": round((time.perf_counter() - begun) * 1000, 2)})


def _role(turn: Mapping[str, str]) -> Any:
    return "user" if turn["role"] == "user" else "assistant"
