"""`Assistant`: one library opened, and the steps from a question to an Answer."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.answers.asked import Asked
from rag.answers.candidates import Candidate, candidates_of
from rag.answers.extracted_answer import checked_answer
from rag.answers.extractor import Extractor
from rag.answers.generation.gathering import gathered
from rag.answers.generation.generated_answer import generated_answer
from rag.answers.generation.generator import Generator
from rag.answers.judging import Judge, Judgment
from rag.answers.references import compared
from rag.answers.verifier import Verifier, reading_check
from rag.curation.across import Across
from rag.curation.follow import Asking, Following
from rag.errors import SettingsError
from rag.formats.tracing import Span, span
from rag.library.store import Library
from rag.model import Answer, Hits, Mode, Turn, Verified
from rag.model.changes import Followed, News
from rag.model.findings import Reference
from rag.neural.cross_encoder import STATEMENTS, CrossEncoder
from rag.neural.embedder import Embedder
from rag.neural.question_reader import QuestionReader
from rag.retrieval.question.conditions import Conditions, conditions
from rag.retrieval.question.dialogue import Standalone, is_bare, stand_alone, turn_of
from rag.retrieval.question.language import as_written
from rag.retrieval.question.reading import read
from rag.retrieval.retriever import Found
from rag.settings import Settings

MOST_HITS = 1000
_CHAT = 0.75
_SHOWN = 10  # hits in a trace
_log = logging.getLogger(__name__)


class Assistant(Across):
    """Answers questions from one library, and curates it. Safe to use from several threads; made with `Assistant.open`.

    What it does with papers is in `Curation`, what it says across them in `Across`; it owns the library that `open`
    gave it, its retriever and its judge, and lives until `close`. It is a `Curation` and holds none: both work on one
    open library and are one thing to a caller, so that composing would add a dozen methods that only pass on.
    """

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, storage: Path) -> None:
        super().__init__(library, embedder, settings, storage)
        self.judge = Judge(CrossEncoder(), QuestionReader())
        """What reads sentences for a question; another one may be put in its place, to measure it."""
        self._reader = CrossEncoder(manifest=STATEMENTS)
        self._check = reading_check(embedder, self._reader)
        self._generator = Generator(settings, storage, self._check) if settings.llm else None

    @property
    def _extractor(self) -> Extractor:
        return Extractor(self._retriever, self.judge, self._settings)

    def verify(self, text: str, *, cited: Sequence[str] | None = None) -> tuple[Verified, ...]:
        """The verdict on each sentence of a Markdown or plain text, or of saved `ask --json`, against what it cites.

        With `cited` (ids, titles or names of papers) the text is one sentence. Raises SourceError if it has none.
        """
        verifier = self._verifier()
        return verifier.text(text) if cited is None else (verifier.sentence(text, cited),)

    def references(self, text: str) -> tuple[Reference, ...]:
        """The numbered references of a draft, each with the paper of the library that it means and what differs."""
        return compared(text, self._retriever.index().papers, self._verifier().find)

    def _verifier(self) -> Verifier:
        return Verifier(
            self._retriever.titles_in, whole=self._retriever.whole, named=self._retriever.named, check=self._check
        )

    def candidates(self, question: str) -> tuple[Asked, Found, list[Candidate]]:
        """What a question asks for, what is found, and the papers that may answer, best first. Raises as `ask`."""
        asked = self._asked(question, ())
        found, _ = self._extractor.retrieve(asked, Conditions())
        return asked, found, candidates_of(found, asked.alone, self._retriever.index())

    def judged(self, question: str) -> Judgment:
        """What the cross-encoder finds of the best papers for a question. Raises as `ask`."""
        asked, found, candidates = self.candidates(question)
        opened = self.judge.opened(asked.heard, found.vector, candidates)
        return Judgment(asked.wants, found.names.unknown, tuple(opened))

    def search(self, query: str, *, k: int = 10, where: Mapping[str, Any] | None = None) -> Hits:
        """The `k` best papers for `query`, best first, each with the passages that were found.

        Raises:
            SettingsError: the query is blank or too long, `k` is not between 1 and 1,000, or `where` cannot be read.
        """
        if not 1 <= k <= MOST_HITS:
            raise SettingsError(f"k is {k}; it can be 1 to {MOST_HITS:,}.")
        return self._retriever.retrieve(read(query), k=k, where=conditions(where)).hits

    def ask(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> Answer:  # fmt: skip
        """The answer to `question`, or an Answer with status "abstained" when the library does not say.

        `history` are the turns before, oldest first; `where` limits the papers, for example `{"year": 2024}`; `mode`
        "extractive" asks no model, though the settings name one.

        Raises:
            SettingsError: the question is blank or too long, or `history` or `where` cannot be read.
            LibraryError: the library cannot be read.
            ProviderError: the model's server failed.
            BudgetError: the model's context is too small.
        """
        *_, answer = self._answered(question, history, where, mode, live=False)
        assert isinstance(answer, Answer)
        return answer

    def follow(self, question: str, *, where: Mapping[str, Any] | None = None) -> Followed:
        """The question as it is followed from now on, with its answer now; `news` says when that has changed.

        Raises:
            FootnoteError: as `ask`; or what is followed cannot be read or written.
        """
        return self._following().follow(question, where or {})

    def followed(self) -> tuple[Followed, ...]:
        """The questions that are followed, each with its number. Raises LibraryError where the file is damaged."""
        return self._following().followed()

    def unfollow(self, number: int) -> Followed:
        """The question of this number, which is not followed any more. Raises SettingsError where there is none."""
        return self._following().forget(number)

    def news(self, *, keep: bool = False, progress: Callable[[int, int], None] | None = None) -> tuple[News, ...]:
        """What became of the answer to each followed question since it was last read, the best news first.

        Each says sentence by sentence what was kept, came, went or changed, and because of which papers. They count as
        read then, unless `keep` is set. A question that cannot be asked has its error and keeps its answer.

        Raises:
            LibraryError: what is followed cannot be read or written.
        """
        return self._following().news(keep=keep, progress=progress)

    def _following(self) -> Following:
        def state() -> str:
            generation = self._library.generation()
            if not generation or self._library.unfinished():
                return ""
            shown = self._settings.model_dump_json(exclude={"llm_api_key", "llm_cache", "llm_timeout_s"})
            # Another version may answer otherwise. (The package itself hands out this class, and cannot be asked here.)
            return hashlib.sha256(f"{_version()} {generation} {shown}".encode()).hexdigest()[:16]

        return Following(
            self._storage,
            Asking(
                ask=lambda question, where: self.ask(question, where=where),
                state=state,
                ids=lambda: iter(self._retriever.index().position),
                stored=lambda ids: [record.paper for record in self._library.records(ids).values()],
            ),
        )

    def stream(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> Iterator[str | Answer]:  # fmt: skip
        """The text of the answer as it is written, each sentence after its check, then the Answer. Raises as `ask`.

        A piece of the type `rag.model.streamed.Instead` stands in place of all text before it: a model that does not
        mark where its thoughts begin may have been taken at its word.
        """
        return self._answered(question, history, where, mode, live=True)

    def _answered(
        self, question: str, history: Sequence[Turn | Mapping[str, str]], where: Mapping[str, Any] | None,
        mode: Mode | None, *, live: bool,
    ) -> Iterator[str | Answer]:  # fmt: skip
        # Not current: between two pieces the caller does what he likes, in any thread.
        with span("ask", "CHAIN", current=False) as whole:
            whole.say("input.value", question)
            for piece in self._steps(whole, question, history, where, mode, live=live):
                if isinstance(piece, Answer):
                    whole.set({"footnote.status": piece.status, "footnote.mode": piece.mode})
                    whole.say("output.value", piece.text)
                yield piece

    def _steps(
        self, whole: Span, question: str, history: Sequence[Turn | Mapping[str, str]], where: Mapping[str, Any] | None,
        mode: Mode | None, *, live: bool,
    ) -> Iterator[str | Answer]:  # fmt: skip
        steps: dict[str, float] = {}
        begun = time.perf_counter()
        given, turns = conditions(where), tuple(map(turn_of, history))
        generator = self._generator if mode != "extractive" else None
        allowed = generator.allowance() if generator else None
        if mode == "generated" and generator is None:
            raise SettingsError("no model is named. Set FOOTNOTE_LLM, for example to MODEL@http://localhost:11434/v1.")
        with _timed(steps, "read"), whole.step("read", "CHAIN"):
            asked = self._asked(question, turns)
            if generator and allowed and asked.alone.hangs:
                text = generator.rewritten(question, turns, allowed) or asked.alone.text
                asked = self._extractor.asked(Standalone(text), read(text), {})
        with _timed(steps, "retrieve"), whole.step("retrieve", "RETRIEVER") as retrieving:
            found, applied = self._extractor.retrieve(asked, given)
            retrieving.documents("retrieval.documents", [(hit.paper.id, hit.score) for hit in found.hits[:_SHOWN]])
        bundle = None
        if generator:
            with _timed(steps, "gather"), whole.step("choose", "CHAIN"):
                bundle = gathered(
                    self._extractor, self._retriever, asked, found, applied, given, metadata=self._settings.metadata
                )
        if generator and allowed and bundle and bundle.papers:
            with _timed(steps, "generate"), whole.step("generate", "LLM", current=False) as generating:
                for piece in generated_answer(
                    generator, (question, asked.alone.text), found, bundle, allowed,
                    budget_words=self._settings.answer_words, live=live,
                ):  # fmt: skip
                    if isinstance(piece, Answer):
                        answer = piece
                        generating.set(_usage(answer))
                    else:
                        yield piece
        else:
            with _timed(steps, "judge"), whole.step("choose", "CHAIN"):
                composed = self._extractor.drafts(asked, found, applied)
            with _timed(steps, "ground"), whole.step("ground", "EVALUATOR") as grounding:
                answer = checked_answer(question, asked.alone.text, found, composed)
                verdicts = [statement.verdict for statement in answer.statements]
                grounding.set({f"footnote.{verdict}": verdicts.count(verdict) for verdict in set(verdicts)})
            yield from re.findall(r"\S+\s*", answer.text)
        steps["total"] = (time.perf_counter() - begun) * 1000
        _log.info(
            "question %s: %.0f ms, %d hits, %d tokens, %s", uuid.uuid4().hex[:8], steps["total"], len(found.hits),
            sum(count for kind, count in answer.usage.items() if kind.endswith("_tokens")), answer.status,
        )  # fmt: skip
        yield replace(answer, timings_ms={step: round(ms, 2) for step, ms in steps.items()})

    def _asked(self, question: str, turns: Sequence[Turn]) -> Asked:
        """A question made to stand alone by the turns before it, and what it asks for."""
        reading = read(as_written(question, self._retriever.index()))
        alone = Standalone(reading.text)
        wants = self.judge.heard(reading.text).asks if turns else {}
        if turns and (wants["small talk"] < _CHAT or is_bare(reading.text)):
            alone = stand_alone(reading.text, turns, self._retriever.index(), self._extractor)
        return self._extractor.asked(alone, read(alone.text, own=alone.own), wants)

    async def aask(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> Answer:  # fmt: skip
        """As `ask`, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history=history, where=where, mode=mode)

    async def asearch(self, query: str, *, k: int = 10, where: Mapping[str, Any] | None = None) -> Hits:
        """As `search`, without blocking the event loop."""
        return await asyncio.to_thread(self.search, query, k=k, where=where)

    async def astream(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> AsyncIterator[str | Answer]:  # fmt: skip
        """As `stream`, without blocking the event loop."""
        pieces = self.stream(question, history=history, where=where, mode=mode)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece


def _usage(answer: Answer) -> dict[str, str | int | None]:
    """The model and its tokens, as OpenInference calls them."""
    read, written = (answer.usage.get(f"{kind}_tokens", 0) for kind in ("prompt", "completion"))
    return {"llm.model_name": answer.model, "llm.token_count.prompt": read, "llm.token_count.completion": written,
            "llm.token_count.total": read + written}  # fmt: skip


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("footnote-papers")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""


@contextmanager
def _timed(steps: dict[str, float], name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    steps[name] = (time.perf_counter() - begun) * 1000
