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

from rag import compose, lookup
from rag.citations import Draft, number
from rag.conditions import Conditions, conditions
from rag.dialogue import Standalone, stand_alone
from rag.embed import Embedder, make_embedder
from rag.errors import SettingsError
from rag.ground import check, check_fields
from rag.ingest import Progress, ingest
from rag.model import Answer, Citation, Hits, IngestReport, Paper, Ranked, Statement, Turn
from rag.names import name_key
from rag.question import Reading, parts_of, read, topic_of
from rag.retrieve import RARE_MENTION, Found, Retriever
from rag.select import Asked, Candidate
from rag.settings import Settings, load_settings
from rag.store import Library

MOST_HITS = 1000
_CANDIDATES = 50
_RANKED = 10
_NEAREST = 3
_SIDE_BY_SIDE = re.compile(r"\b(?:both|vs|versus|or|each|either)\b", re.IGNORECASE)
_log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from one library. Safe to use from several threads; make one with `Assistant.open`."""

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, storage: Path) -> None:
        self._library = library
        self._embedder = embedder
        self._settings = settings
        self._retriever = Retriever(library, embedder, settings, storage / "index")

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
        embedder = make_embedder(settings.embedding)
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

    def doctor(self, *, mend: bool = True) -> tuple[str, ...]:
        """What is wrong with the library, a line each, and mended unless `mend` is off; nothing when it is well.

        Raises:
            LibraryError: somebody else writes, or the library cannot be read at all.
        """
        from rag.doctor import examine

        return examine(
            self._library, self._embedder, self._retriever, passage_tokens=self._settings.passage_tokens, mend=mend
        )

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
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (), where: Mapping[str, Any] | None = None
    ) -> Answer:
        """The answer to `question`, or an Answer with status "abstained" when the library does not say.

        `history` are the turns before, oldest first; `where` limits the papers, for example `{"year": 2024}`.

        Raises:
            SettingsError: the question is blank or too long, or `history` or `where` cannot be read.
            LibraryError: the library cannot be read.
        """
        steps: dict[str, float] = {}
        begun = time.perf_counter()
        given = conditions(where)
        turns = tuple(map(_turn, history))
        with _timed(steps, "read"):
            read(question)
            index = self._retriever.index()
            alone = stand_alone(" ".join(question.split()), turns, index, self._abstracts)
            reading = read(alone.text)
        with _timed(steps, "retrieve"):
            found, applied = self._retrieve(reading, given)
        with _timed(steps, "compose"):
            drafts, missing = self._compose(reading, alone, found, applied)
        with _timed(steps, "ground"):
            answer = _answer(question, alone.text, found, drafts, missing)
        steps["total"] = (time.perf_counter() - begun) * 1000
        _log.info(
            "question %s: %.0f ms, %d hits, 0 tokens, %s",
            uuid.uuid4().hex[:8], steps["total"], len(found.hits), answer.status,
        )  # fmt: skip
        return replace(answer, timings_ms={step: round(ms, 2) for step, ms in steps.items()})

    def stream(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (), where: Mapping[str, Any] | None = None
    ) -> Iterator[str | Answer]:
        """The text of the answer piece by piece as it is written, then the Answer itself. Raises as `ask` does."""
        answer = self.ask(question, history=history, where=where)
        yield from re.findall(r"\S+\s*", answer.text)
        yield answer

    async def aask(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (), where: Mapping[str, Any] | None = None
    ) -> Answer:
        """As `ask`, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history=history, where=where)

    async def asearch(self, query: str, *, k: int = 10, where: Mapping[str, Any] | None = None) -> Hits:
        """As `search`, without blocking the event loop."""
        return await asyncio.to_thread(self.search, query, k=k, where=where)

    async def aingest(
        self, paths: Sequence[str | Path], *, as_of: int | None = None, progress: Progress | None = None
    ) -> IngestReport:
        """As `ingest`, without blocking the event loop; `progress` is called from another thread."""
        return await asyncio.to_thread(self.ingest, paths, as_of=as_of, progress=progress)

    async def astream(
        self, question: str, *, history: Sequence[Turn | Mapping[str, str]] = (), where: Mapping[str, Any] | None = None
    ) -> AsyncIterator[str | Answer]:
        """As `stream`, without blocking the event loop."""
        pieces = self.stream(question, history=history, where=where)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece

    # -- the steps -----------------------------------------------------------------------------------------------

    def _abstracts(self, ids: Sequence[str]) -> list[str]:
        return [stored.paper.abstract for stored in self._retriever.stored(ids).values()]

    def _retrieve(self, reading: Reading, given: Conditions) -> tuple[Found, Conditions]:
        """What is found, and the conditions in force: those of the caller, and for some kinds those of the question."""
        applied = given
        if self._settings.metadata and reading.kind in ("list", "metadata"):
            applied = given.joined(reading.conditions)
        found = self._retriever.retrieve(reading, k=_CANDIDATES, where=applied)
        return found, applied

    def _compose(
        self, reading: Reading, alone: Standalone, found: Found, applied: Conditions
    ) -> tuple[Sequence[Draft], str]:
        candidates = self._candidates(reading, alone, found)
        named = [candidate for candidate in candidates if candidate.named]
        over_all = bool(reading.order or reading.conditions or reading.counting)
        if reading.kind == "metadata" and self._settings.metadata and (named or over_all):
            return self._from_metadata(reading, candidates, found, applied)
        if found.names.unknown and not (len(named) > 1 and reading.kind != "compare"):
            return (), compose.missing_sentence(reading, named, found.names.unknown)
        ask = compose.Ask(
            found.asked,
            tuple(self._asked(part, found) for part in parts_of(reading)),
            self._retriever.index().idf,
            self._settings.answer_words,
            tuple(mention.written for mention in found.names.known),
            among=len(alone.papers) > 1,
        )
        if reading.kind == "list" and not any(candidate.named for candidate in candidates):
            composed = compose.listed(ask, candidates)
        elif len(named) > 1 and (reading.kind == "compare" or not alone.papers):
            composed = compose.compared(ask, candidates)
        else:
            composed = compose.facts(ask, candidates)
        return composed.drafts, composed.missing or compose.missing_sentence(reading, named, ())

    def _asked(self, part: Reading, found: Found) -> Asked:
        return found.asked if part.text == found.asked.reading.text else self._retriever.asked(part)

    def _candidates(self, reading: Reading, alone: Standalone, found: Found) -> list[Candidate]:
        """The papers found, ready for choosing sentences; named are those that the question means by a name."""
        index = self._retriever.index()

        names = {hit.paper.id: index.own_names[index.position[hit.paper.id]] for hit in found.hits}
        asked_as: dict[str, list[str]] = {}
        own: set[str] = {paper.id for paper in alone.papers}
        other: set[str] = set()
        for mention in found.names.owned:
            for n in mention.named.owners:
                key = index.papers[n].id
                asked_as.setdefault(key, []).append(mention.written)
                # A benchmark or data set that a paper introduces beside its own work is not what a question that
                # names another system is about.
                itself = n in mention.named.own or name_key(names.get(key, "")) == mention.key
                (own if itself else other).add(key)
        if reading.kind == "compare" or not own or (other and _SIDE_BY_SIDE.search(reading.text)):
            own |= other
        if not own:  # nobody's own name, but one that only a few abstracts speak of
            for mention in found.names.known:
                if len(mention.named.mentioned) <= RARE_MENTION:
                    own |= {index.papers[n].id for n in mention.named.mentioned}
        return [
            Candidate(
                found.stored[hit.paper.id].paper,
                found.stored[hit.paper.id].sentence_spans,
                found.stored[hit.paper.id].sentence_vectors,
                found.stored[hit.paper.id].word_vectors,
                found.stored[hit.paper.id].word_sentences,
                hit.score,
                names[hit.paper.id],
                hit.paper.id in own,
                tuple(asked_as.get(hit.paper.id, ())),
            )
            for hit in found.hits
        ]

    def _from_metadata(
        self, reading: Reading, candidates: Sequence[Candidate], found: Found, applied: Conditions
    ) -> tuple[Sequence[Draft], str]:
        named = [candidate for candidate in candidates if candidate.named]
        if named and not reading.order and not reading.conditions:
            drafts, missing = lookup.about_papers(reading.fields, [candidate.paper for candidate in named])
            gap = lookup.missing_fields(missing)
            return drafts, gap
        if found.names.unknown:
            return (), compose.missing_sentence(reading, (), found.names.unknown)
        everything = self._retriever.index().papers
        chosen = named or (compose.on_the_subject(candidates) if reading.order and topic_of(reading.text) else [])
        if chosen:
            ids = {candidate.paper.id for candidate in chosen}
            everything = tuple(paper for paper in everything if paper.id in ids)
        drafts, missing_text = lookup.over_papers(replace(reading, conditions=applied), everything)
        return drafts, f"The library does not say: {missing_text}." if missing_text else ""


def _answer(question: str, standalone: str, found: Found, drafts: Sequence[Draft], missing: str) -> Answer:
    ranked = tuple(Ranked(hit.paper, round(hit.score, 4)) for hit in found.hits[:_RANKED])
    if not drafts:
        sentence = missing or "The library does not say."
        return Answer(question, standalone, "abstained", sentence, (), (), ranked, nearest=ranked[:_NEAREST])
    text, statements, citations = number(drafts)
    by_number = {citation.number: citation for citation in citations}
    checked = tuple(_checked(statement, [by_number[n] for n in statement.citations]) for statement in statements)
    return Answer(question, standalone, "answered", text, checked, citations, ranked)


def _checked(statement: Statement, cited: Sequence[Citation]) -> Statement:
    fields = [(citation.field, citation.quote) for citation in cited if citation.field]
    if cited and len(fields) == len(cited):
        verdict, reasons = check_fields(statement.text, fields)
        return replace(statement, verdict=verdict, reasons=reasons)
    found = check(statement.text, [citation.paper for citation in cited])
    return replace(statement, verdict=found.verdict, reasons=found.reasons)


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
