"""`Assistant`: one library opened, and the steps from files to papers and from a question to an Answer."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from rag.answering import generated_answer
from rag.conditions import conditions
from rag.dialogue import Standalone, stand_alone
from rag.embed import Embedder, Vectors, make_embedder
from rag.errors import SettingsError
from rag.extract import Extractor, checked_answer
from rag.generate import Generator
from rag.ingest import Progress, ingest
from rag.model import Answer, Hits, IngestReport, Mode, Paper, Turn, Verified
from rag.question import read
from rag.retrieve import Retriever
from rag.settings import Settings, load_settings
from rag.store import Library
from rag.verify import Verifier

MOST_HITS = 1000
_log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from one library. Safe to use from several threads; make one with `Assistant.open`."""

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, storage: Path) -> None:
        self._library = library
        self._embedder = embedder
        self._settings = settings
        self._retriever = Retriever(library, embedder, settings, storage / "index")
        self._extractor = Extractor(self._retriever, settings)
        # The check reads words in context where that costs no request to a server.
        self._embed = embedder.documents if embedder.word_space else None
        self._generator = Generator(settings, storage, self._embed) if settings.llm else None

    @classmethod
    def open(cls, storage: str | Path = "storage", settings: Settings | None = None) -> Self:
        """An Assistant over the library in the folder `storage`, which is made if it is not there.

        Raises:
            SettingsError: a setting cannot be used.
            LibraryError: the folder cannot be used, or its library is of a newer format or made with another
                embedding.
        """
        return cls._open(Path(storage), settings or load_settings(), check=True)

    @classmethod
    def _open(cls, storage: Path, settings: Settings, *, check: bool) -> Self:
        embedder = make_embedder(settings.embedding, key=settings.llm_api_key)
        library = Library.open(
            storage,
            embedder,
            passage_tokens=settings.passage_tokens,
            chroma_url=settings.chroma_url,
            check=check,
        )
        return cls(library, embedder, settings, storage)

    @classmethod
    def rebuild(
        cls, storage: str | Path, paths: Sequence[str | Path] = (), settings: Settings | None = None,
        *, as_of: int | None = None, progress: Progress | None = None,
    ) -> IngestReport:  # fmt: skip
        """Embed the whole library again, with what the settings name now, and ingest `paths` on the way.

        The old library stays in use until the new one is complete.

        Raises:
            SourceError: a path does not exist.
            LibraryError: somebody else writes, or the library cannot be written.
        """
        with cls._open(Path(storage), settings or load_settings(), check=False) as assistant:
            return assistant._ingest(paths, as_of=as_of, rebuild=True, progress=progress)

    def close(self) -> None:
        """Let go of the library."""
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- papers --------------------------------------------------------------------------------------------------

    def ingest(
        self, paths: Sequence[str | Path], *, as_of: int | None = None, progress: Progress | None = None
    ) -> IngestReport:
        """Bring the papers of files and folders into the library; what has not changed costs nothing.

        `as_of` is the year of a page whose dates have none. `progress` is called with the number of papers embedded so
        far and in all.

        Raises:
            SourceError: a path does not exist. A file that cannot be read is in the report instead.
            LibraryError: somebody else writes, or the library cannot be written.
        """
        return self._ingest(paths, as_of=as_of, rebuild=False, progress=progress)

    def _ingest(
        self, paths: Sequence[str | Path], *, as_of: int | None, rebuild: bool, progress: Progress | None
    ) -> IngestReport:
        report = ingest(
            self._library,
            self._embedder,
            self._retriever.index,
            paths,
            passage_tokens=self._settings.passage_tokens,
            as_of=as_of,
            rebuild=rebuild,
            progress=progress,
        )
        self._retriever.index()
        return report

    def papers(self, *, where: Mapping[str, Any] | None = None) -> Iterator[Paper]:
        """The papers that meet `where`, all of them without it, in the order in which they came."""
        wanted = conditions(where)
        return (paper for paper, _ in self._library.papers() if wanted.met_by(paper))

    def paper(self, wanted: str) -> Paper:
        """The paper with this id, or with this title or name.

        Raises:
            SettingsError: there is none, or more than one; those that come near are named.
        """
        stored = self._library.get([wanted])
        if wanted in stored:
            return stored[wanted].paper
        found = self._retriever.named(wanted)
        if len(found) == 1:
            return self._library.get(found)[found[0]].paper
        near = found or [hit.paper.id for hit in self.search(wanted, k=3)] if wanted.strip() else []
        what = f"{len(found)} papers are called" if found else "no paper is called"
        raise SettingsError(f"{what} {wanted!r}. " + (f"Did you mean: {', '.join(near)}?" if near else "Ingest some."))

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the sentences of these papers, by id: shape (n_sentences, dimension), to 8 bits a number."""
        return {key: stored.sentence_vectors for key, stored in self._library.get(list(ids)).items()}

    def doctor(self, *, mend: bool = True) -> tuple[str, ...]:
        """What is wrong with the library, a line each, and mended unless `mend` is off; nothing when it is well.

        Raises:
            LibraryError: somebody else writes, or the library cannot be read at all.
        """
        from rag.doctor import examine

        return examine(
            self._library, self._embedder, self._retriever, passage_tokens=self._settings.passage_tokens, mend=mend
        )

    def verify(self, text: str, *, cited: Sequence[str] | None = None) -> tuple[Verified, ...]:
        """The verdict on each sentence of a Markdown or plain text, or of saved `ask --json`, against what it cites.

        With `cited` (ids, titles or names of papers) the text is one sentence. Raises SourceError if it has none.
        """
        papers = self._retriever.index().papers
        verifier = Verifier(papers, whole=self._retriever.whole, named=self._retriever.named, embed=self._embed)
        return verifier.text(text) if cited is None else (verifier.sentence(text, cited),)

    # -- questions -----------------------------------------------------------------------------------------------

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

    def stream(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> Iterator[str | Answer]:  # fmt: skip
        """The text of the answer as it is written, each sentence after its check, then the Answer. Raises as `ask`."""
        return self._answered(question, history, where, mode, live=True)

    def _answered(
        self, question: str, history: Sequence[Turn | Mapping[str, str]], where: Mapping[str, Any] | None,
        mode: Mode | None, *, live: bool,
    ) -> Iterator[str | Answer]:  # fmt: skip
        steps: dict[str, float] = {}
        begun = time.perf_counter()
        given, turns = conditions(where), tuple(map(_turn, history))
        generator = self._generator if mode != "extractive" else None
        allowed = generator.allowance() if generator else None
        if mode == "generated" and generator is None:
            raise SettingsError("no model is named. Set FOOTNOTE_LLM, for example to MODEL@http://localhost:11434/v1.")
        with _timed(steps, "read"):
            reading = read(question)
            index = self._retriever.index()
            alone = stand_alone(" ".join(question.split()), turns, index, self._retriever.abstracts)
            if generator and allowed and turns and reading.refers_back and not alone.papers:
                alone = Standalone(generator.rewritten(question, turns, allowed) or alone.text)
            reading = read(alone.text)
        with _timed(steps, "retrieve"):
            found, applied = self._extractor.retrieve(reading, given)
        papers, missing = self._extractor.evidence(reading, alone, found) if generator else ((), "")
        if generator and allowed and papers:
            with _timed(steps, "generate"):
                for piece in generated_answer(
                    generator, (question, alone.text), found, papers, missing, allowed,
                    budget_words=self._settings.answer_words, live=live,
                ):  # fmt: skip
                    if isinstance(piece, Answer):
                        answer = piece
                    else:
                        yield piece
        else:
            with _timed(steps, "compose"):
                drafts, missing = self._extractor.drafts(reading, alone, found, applied)
            with _timed(steps, "ground"):
                answer = checked_answer(question, alone.text, found, drafts, missing)
            yield from re.findall(r"\S+\s*", answer.text)
        steps["total"] = (time.perf_counter() - begun) * 1000
        _log.info(
            "question %s: %.0f ms, %d hits, %d tokens, %s", uuid.uuid4().hex[:8], steps["total"], len(found.hits),
            sum(count for kind, count in answer.usage.items() if kind.endswith("_tokens")), answer.status,
        )  # fmt: skip
        yield replace(answer, timings_ms={step: round(ms, 2) for step, ms in steps.items()})

    async def aask(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> Answer:  # fmt: skip
        """As `ask`, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history=history, where=where, mode=mode)

    async def asearch(self, query: str, *, k: int = 10, where: Mapping[str, Any] | None = None) -> Hits:
        """As `search`, without blocking the event loop."""
        return await asyncio.to_thread(self.search, query, k=k, where=where)

    async def aingest(
        self, paths: Sequence[str | Path], *, as_of: int | None = None, progress: Progress | None = None
    ) -> IngestReport:
        """As `ingest`, without blocking the event loop; `progress` is called from another thread."""
        return await asyncio.to_thread(self.ingest, paths, as_of=as_of, progress=progress)

    async def astream(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (),
        where: Mapping[str, Any] | None = None, mode: Mode | None = None,
    ) -> AsyncIterator[str | Answer]:  # fmt: skip
        """As `stream`, without blocking the event loop."""
        pieces = self.stream(question, history=history, where=where, mode=mode)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece


def _turn(turn: Turn | Mapping[str, str]) -> Turn:
    if isinstance(turn, Turn):
        return turn
    try:
        role, content = turn["role"], turn["content"]
    except (KeyError, TypeError) as error:
        raise SettingsError(f"a turn of the history is {turn!r:.80}; it needs a role and a content.") from error
    if role not in ("user", "assistant") or not isinstance(content, str):
        raise SettingsError(f"a turn of the history has the role {role!r}; it can be user or assistant.")
    return Turn("user" if role == "user" else "assistant", content)


@contextmanager
def _timed(steps: dict[str, float], name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    steps[name] = (time.perf_counter() - begun) * 1000
