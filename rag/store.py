"""The library in Chroma: opening it, and the one writer.

Chroma holds three collections. `footnote` is the head: its metadata is the manifest (format, embedding, passages) with
the tag of the two others and a generation that changes with every write. `footnote-papers-TAG` has one record a paper,
`footnote-passages-TAG` one a passage. A paper's record is written after its passages and is the commit: what it does
not name is not read. A rebuild fills a pair with a new tag and then changes the head, in one step.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Self

from rag.chroma import COLLECTION, chroma_errors, embedded_client, server_client
from rag.embed import Embedder
from rag.errors import LibraryError
from rag.lock import file_lock, server_lease
from rag.manifest import FORMAT, KEYED, Manifest, read_manifest, write_manifest
from rag.shelves import HEAD, KINDS, Shelves, collection_name
from rag.writer import UNFINISHED, Writer

_log = logging.getLogger(__name__)


class Library(Shelves):
    """The papers and passages of one library. Reading needs no lock; writing goes through `writing`."""

    def __init__(self, storage: Path, embedder: Embedder, passage_tokens: int, address: str | None) -> None:
        super().__init__(
            (lambda: server_client(address)) if address else (lambda: embedded_client(storage)),
            address or str(storage),
            embedded=not address,
        )
        self._storage = storage
        self._address = address
        space = embedder.word_space
        self._expected = Manifest(
            FORMAT, embedder.name, embedder.sha256, embedder.dimension, passage_tokens,
            word_space=space.name if space else "", word_space_sha256=space.sha256 if space else "",
        )  # fmt: skip

    @classmethod
    def open(
        cls,
        storage: Path,
        embedder: Embedder,
        *,
        passage_tokens: int,
        chroma_url: str | None = None,
        check: bool = True,
    ) -> Self:
        """The library in the folder `storage` (made if it is not there) or on the Chroma server at `chroma_url`.

        With `check` off a library made with another embedding opens too; only a rebuild may use it.

        Raises:
            LibraryError: the folder cannot be used, the server does not answer, or the library is damaged, of a newer
                format, or made with another embedding or other passages.
        """
        beside = None if chroma_url else read_manifest(storage / "manifest.json")
        library = cls(storage, embedder, passage_tokens, chroma_url)
        try:
            inside = library.manifest()
            library._known.add(library.generation())  # as the client has just read it
            if check:
                library._check(beside, inside)
        except BaseException:
            library.close()
            raise
        return library

    def _check(self, beside: Manifest | None, inside: Manifest | None) -> None:
        """Compare what is expected with the manifest beside Chroma and with the head in it."""
        if inside:
            self._expected.check(inside, self._where)
        if beside and (inside is None or beside.tag in ("", inside.tag)):
            # A file with another tag is older than the last rebuild, which had no time to write it again.
            self._expected.check(beside, self._where)
        if beside and inside is None:
            raise LibraryError(
                f"{self._storage / 'chroma'} holds no library, though {self._storage / 'manifest.json'} says that "
                "there was one. Put a copy of the folder back, or make it anew with `footnote ingest --rebuild PATH…`."
            )

    def keyed(self) -> bool:
        """True when papers can be looked up by their titles and identifiers; the next writing makes it so."""
        manifest = self.manifest()
        return manifest is None or manifest.format >= KEYED

    # -- writing -------------------------------------------------------------------------------------------------

    def locked(self) -> AbstractContextManager[Callable[[], None]]:
        """The lock of the one writer, or the lease of a server's; gives what `writing` takes for `renew`.

        Raises:
            LibraryError: somebody else writes, or the folder cannot be written.
        """
        return server_lease(self._client, self._address) if self._address else file_lock(self._storage)

    @contextmanager
    def writing(self, *, rebuild: bool = False, renew: Callable[[], None] | None = None) -> Iterator[Writer]:
        """The one writer. With `rebuild` it fills new, empty collections that replace the old ones at the end.

        `renew` is given by a caller who holds the lock already. What an earlier writer that was cut off left behind is
        cleared away.

        Raises:
            LibraryError: somebody else writes, the library cannot be written, or it has become another since it was
                opened.
        """
        with nullcontext(renew) if renew else self.locked() as renewing:
            if self._embedded and self.generation() not in self._known:
                self._renew_client(self._client)  # or what another process wrote would be missing from its memory
            client = self._client
            writer, tag = self._begun(rebuild, renewing)
            yield writer
            with chroma_errors(self._where):
                renewing()
                self._set_head(tag, uuid.uuid4().hex)
                self._drop_all_but(tag)
                if not self._address:
                    write_manifest(self._storage / "manifest.json", self._expected.tagged(tag))
            if self._client is not client:  # made anew meanwhile, and without what was written through the former one
                self._renew_client(self._client)

    def _begun(self, rebuild: bool, renew: Callable[[], None]) -> tuple[Writer, str]:
        """A writer into the collections that are there, or into new ones, and their tag."""
        with chroma_errors(self._where):
            head = self.head()
            before = str(head.get("generation", ""))
            if head and not rebuild:
                self._check(None, self.manifest())
                tag = str(head["tag"])
            else:
                tag = uuid.uuid4().hex[:12]
                self._drop_all_but(str(head.get("tag", "")))
                for kind in KINDS:
                    self._client.create_collection(
                        collection_name(kind, tag), embedding_function=None, configuration=dict(COLLECTION)
                    )
            papers, passages = (
                self._client.get_collection(collection_name(k, tag), embedding_function=None) for k in KINDS
            )
            writer = Writer(papers, passages, renew=renew, before=before, where=self._where)
            if not rebuild:
                if head and int(head["format"]) < KEYED:
                    _log.info("%d papers of an older version can be looked up now", writer.add_keys())
                self._set_head(tag, UNFINISHED + uuid.uuid4().hex)
            if before.startswith(UNFINISHED) and not rebuild:
                _log.info("a write was cut off; %d passages that it left are cleared away", writer.sweep())
            return writer, tag

    def _set_head(self, tag: str, generation: str) -> None:
        self._known.add(generation)
        head = {**vars(self._expected), "tag": tag, "generation": generation}
        # get_or_create leaves the metadata of a collection that exists alone.
        self._client.get_or_create_collection(HEAD, embedding_function=None, metadata=head).modify(metadata=head)

    def forget_vectors(self) -> None:
        """Take Chroma's files of vectors away, so that the papers can be read; a rebuild has to follow.

        On a server there is nothing that can be taken away from here.
        """
        if not self._address:
            for graph in (self._storage / "chroma").glob("*/header.bin"):
                shutil.rmtree(graph.parent, ignore_errors=True)
            self._renew_client(self._client)

    def leftovers(self) -> list[str]:
        """The names of collections that a rebuild or a first ingest which was cut off left behind."""
        return self._all_but(str(self.head().get("tag", "")))

    def _all_but(self, tag: str) -> list[str]:
        with chroma_errors(self._where):
            names = {str(collection.name) for collection in self._client.list_collections()}
        ours = tuple(collection_name(kind, "") for kind in KINDS)
        return sorted(
            name for name in names if name.startswith(ours) and name not in {collection_name(k, tag) for k in KINDS}
        )

    def _drop_all_but(self, tag: str) -> None:
        for name in self._all_but(tag):
            self._client.delete_collection(name)
