"""`Curation`: one library opened, and all that is done with its papers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any, Self

from rag.curation.origins import given
from rag.curation.remembered_sources import Remembered
from rag.curation.source_runs import OnRead, Tally, Terms
from rag.curation.sync import sync
from rag.curation.watch import watch
from rag.errors import FootnoteError, SettingsError
from rag.formats.export import exported, format_of
from rag.intake.incoming import Intake
from rag.intake.ingest import Progress, ingest
from rag.intake.preparing import spread
from rag.library.json_file import write_whole
from rag.library.snapshots import Saved, restore, save
from rag.library.store import Library
from rag.model import FileReport, IngestReport, Paper
from rag.model.changes import SyncReport
from rag.neural.embedder import Embedder, Vectors, make_embedder
from rag.neural.runtime import read_ahead
from rag.retrieval.question.conditions import conditions
from rag.retrieval.question.reading import read
from rag.retrieval.retriever import Retriever
from rag.settings import Settings, load_settings
from rag.sources.filter import Filter

_log = logging.getLogger(__name__)


class Curation:
    """The papers of one library: bringing them in, listing, removing and checking them. Opened with `open`.

    It owns the open library, its embedder and a retriever with its index, and lives until `close`. `Assistant` adds the
    questions.
    """

    ray: str | None = None
    """Who embeds what is ingested: the Ray cluster at this address, or with "local" one of this machine."""

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, storage: Path) -> None:
        self._library = library
        self._embedder = embedder
        self._settings = settings
        self._storage = storage
        self._retriever = Retriever(library, embedder, settings, storage / "index")

    @classmethod
    def open(cls, storage: str | Path = "storage", settings: Settings | None = None, *, asking: bool = False) -> Self:
        """One of this class over the library in the folder `storage`, which is made if it is not there.

        With `asking` the networks that a question needs are read beside, so that the first one has not to wait.

        Raises:
            SettingsError: a setting cannot be used.
            LibraryError: the folder cannot be used, or its library is of a newer format or has another embedding.
        """
        settings = settings or load_settings()
        if asking:
            read_ahead(settings.embedding)
        return cls._open(Path(storage), settings, check=True)

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
        *, as_of: int | None = None, only: Filter | None = None, limit: int | None = None,
        progress: Progress | None = None, on_read: OnRead | None = None, ray: str | None = None,
    ) -> IngestReport:  # fmt: skip
        """Embed the whole library again, with what the settings name now, and ingest `paths` on the way.

        The old library stays in use until the new one is complete.

        Raises:
            SourceError: a path does not exist.
            LibraryError: somebody else writes, or the library cannot be written.
        """
        with cls._open(Path(storage), settings or load_settings(), check=False) as assistant:
            assistant.ray = ray
            return assistant._given(paths, Terms(as_of, only, limit), rebuild=True, progress=progress, on_read=on_read)

    def close(self) -> None:
        """Let go of the library."""
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ingest(
        self, paths: Sequence[str | Path | Intake], *, as_of: int | None = None, only: Filter | None = None,
        limit: int | None = None, progress: Progress | None = None, on_read: OnRead | None = None,
    ) -> IngestReport:  # fmt: skip
        """Bring the papers of files, folders and live sources into the library; what has not changed costs nothing.

        A live source is named by its spec, such as "arxiv:search:WORDS", and is the only thing that reaches for the
        network; one that was cut off goes on where it stopped. "-" is standard input. `as_of` is the year of a page
        whose dates have none, `only` says which papers are wanted, `limit` how many records of a live source at most.
        Sources are remembered, for `sync`. `progress` is called with the number of papers embedded so far and in all,
        `on_read` with a live source, its records so far and, where it says so, in all.

        Raises:
            SourceError: a path does not exist. A source that cannot be read is in the report instead.
            LibraryError: somebody else writes, or the library or what is remembered cannot be read or written.
        """
        return self._given(paths, Terms(as_of, only, limit), rebuild=False, progress=progress, on_read=on_read)

    async def aingest(
        self, paths: Sequence[str | Path], *, as_of: int | None = None, only: Filter | None = None,
        limit: int | None = None, progress: Progress | None = None, on_read: OnRead | None = None,
    ) -> IngestReport:  # fmt: skip
        """As `ingest`, without blocking the event loop; the callables are called from another thread."""
        return await asyncio.to_thread(
            self.ingest, paths, as_of=as_of, only=only, limit=limit, progress=progress, on_read=on_read
        )

    def _given(
        self, paths: Sequence[str | Path | Intake], terms: Terms, *, rebuild: bool, progress: Progress | None,
        on_read: OnRead | None,
    ) -> IngestReport:  # fmt: skip
        remembered, tally = Remembered(self._storage), Tally(on_read=on_read)
        intakes = given(remembered, paths, terms, tally)
        # A rebuild counts when it is complete: until then no source may be remembered as read, however far it is.
        whole = [Intake(one.path, one.open, total=one.total) for one in intakes] if rebuild else intakes
        report = self._ingest(whole, rebuild=rebuild, progress=progress)
        if rebuild:
            for intake, file in zip(intakes, report.files, strict=True):
                intake.finished(file)
        if tally.brought_back:
            remembered.bring_back(tally.brought_back)
            _log.warning("%d papers that had been removed are back, since their source was named",
                         len(tally.brought_back))  # fmt: skip
        return report

    def _ingest(
        self, paths: Sequence[str | Path | Intake], *, as_of: int | None = None, rebuild: bool = False,
        progress: Progress | None = None,
    ) -> IngestReport:  # fmt: skip
        settings = self._settings
        with spread(self.ray, settings.embedding, settings.llm_api_key, settings.passage_tokens) as preparing:
            report = ingest(
                self._library, self._embedder, paths, passage_tokens=settings.passage_tokens, as_of=as_of,
                rebuild=rebuild, progress=progress, preparing=preparing,
            )  # fmt: skip
        self._retriever.keep_index()
        return report

    def sync(self, specs: Sequence[str] = (), *, dry_run: bool = False, progress: Progress | None = None) -> SyncReport:
        """What asking the remembered sources, or these of them, for what is new brought into the library.

        Files and folders are read where their content has changed, live sources are asked for what came since the
        last time. Papers that were removed stay away. A source that fails is in the report, and the others go on.
        With `dry_run` nothing is written. `rag.curation.sync.sync` does the same without a library that is open.

        Raises:
            SettingsError: a spec is not that of a remembered source.
            LibraryError: as `ingest`.
        """
        return sync(self._storage, partial(self._ingest, progress=progress), specs, dry_run=dry_run)

    def watch(
        self, folder: str | Path, on_file: Callable[[FileReport], None], *, stop: Event | None = None,
        as_of: int | None = None, poll: bool = False,
    ) -> None:  # fmt: skip
        """Ingest what is in the folder and what appears or changes in it, until `stop` is set.

        `on_file` is called with the report of each file. `poll` looks at the folder instead of being told.

        Raises:
            SourceError: the folder is none, or is gone.
            LibraryError: the library cannot be written; while somebody else writes, files wait.
        """
        watch(self._storage, folder, self._ingest, on_file=on_file, as_of=as_of, stop=stop, poll=poll)

    def export(self, path: str | Path, *, form: str | None = None, where: Mapping[str, Any] | None = None) -> int:
        """The number of papers written to the file `path`: those that meet `where`, all of them without it.

        `form` is "jsonl", "bibtex", "ris" or "csl-json"; without it the ending of the file says which. Ingesting the
        file gives the same papers. It is there in full, or as it was before.

        Raises:
            SettingsError: no such format or condition.
            FootnoteError: the file cannot be written.
        """
        papers, count = self.papers(where=where), 0

        def counted() -> Iterator[Paper]:
            nonlocal count
            for paper in papers:
                count += 1
                yield paper

        try:
            write_whole(Path(path), exported(counted(), format_of(str(path), form)))
        except OSError as error:
            raise FootnoteError(f"{path} cannot be written: {error.strerror}. Choose another file.") from error
        return count

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
        near = (
            found or [hit.paper.id for hit in self._retriever.retrieve(read(wanted), k=3).hits]
            if wanted.strip()
            else []
        )
        what = f"{len(found)} papers are called" if found else "no paper is called"
        raise SettingsError(f"{what} {wanted!r}. " + (f"Did you mean: {', '.join(near)}?" if near else "Ingest some."))

    def remove(self, ids: Sequence[str]) -> tuple[Paper, ...]:
        """The papers of these ids, which are not in the library any more; `sync` does not bring them back.

        Raises:
            SettingsError: there is no paper with one of the ids, and nothing is removed.
            LibraryError: somebody else writes, or the library cannot be written.
        """
        wanted = list(dict.fromkeys(ids))
        stored = self._library.records(wanted)
        if missing := [key for key in wanted if key not in stored]:
            raise SettingsError(f"there is no paper with the id {missing[0]!r}. `footnote papers` lists them.")
        papers = tuple(stored[key].paper for key in wanted)
        if papers:
            with self._library.writing() as writer:
                # Remembered first: a paper that is gone and not remembered would come back.
                Remembered(self._storage).remove(papers)
                writer.delete(wanted)
            self._retriever.keep_index()
        return papers

    def snapshot(self, path: str | Path) -> Saved:
        """Write the whole library to one file, while others may ask it; `restore` makes a library of it again.

        Raises:
            LibraryError: somebody writes, or the library is empty or cannot be read.
            FootnoteError: the file cannot be written.
        """
        return save(
            self._library, self._embedder, self._storage, Path(path), passage_tokens=self._settings.passage_tokens
        )

    @staticmethod
    def restore(
        storage: str | Path, path: str | Path, settings: Settings | None = None,
        *, replace: bool = False, sha256: str | None = None,
    ) -> int:  # fmt: skip
        """The number of papers that are now in the folder `storage`, out of a snapshot; see `snapshots.restore`."""
        settings = settings or load_settings()
        embedder = make_embedder(settings.embedding, key=settings.llm_api_key)
        return restore(Path(storage), Path(path), embedder, settings, replace=replace, sha256=sha256)

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of the sentences of these papers, by id: shape (n_sentences, dimension), to 8 bits a number."""
        return {key: stored.sentence_vectors for key, stored in self._library.get(list(ids)).items()}

    def doctor(self, *, mend: bool = True) -> tuple[str, ...]:
        """What is wrong with the library, a line each, and mended unless `mend` is off; nothing when it is well.

        Raises:
            LibraryError: somebody else writes, or the library cannot be read at all.
        """
        from rag.curation.doctor import examine

        return examine(
            self._library, self._embedder, self._retriever, passage_tokens=self._settings.passage_tokens, mend=mend
        )
