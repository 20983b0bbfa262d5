"""`Curation`: one library opened, and all that is done with its papers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from rag.conditions import conditions
from rag.embed import Embedder, Vectors, make_embedder
from rag.errors import SettingsError
from rag.ingest import Progress, ingest
from rag.model import IngestReport, Paper
from rag.question import read
from rag.retrieve import Retriever
from rag.settings import Settings, load_settings
from rag.store import Library


class Curation:
    """The papers of one library: bringing them in, listing, removing and checking them. Opened with `open`."""

    def __init__(self, library: Library, embedder: Embedder, settings: Settings, storage: Path) -> None:
        self._library = library
        self._embedder = embedder
        self._settings = settings
        self._storage = storage
        self._retriever = Retriever(library, embedder, settings, storage / "index")

    @classmethod
    def open(cls, storage: str | Path = "storage", settings: Settings | None = None) -> Self:
        """One of this class over the library in the folder `storage`, which is made if it is not there.

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

    async def aingest(
        self, paths: Sequence[str | Path], *, as_of: int | None = None, progress: Progress | None = None
    ) -> IngestReport:
        """As `ingest`, without blocking the event loop; `progress` is called from another thread."""
        return await asyncio.to_thread(self.ingest, paths, as_of=as_of, progress=progress)

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
        near = (
            found or [hit.paper.id for hit in self._retriever.retrieve(read(wanted), k=3).hits]
            if wanted.strip()
            else []
        )
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
