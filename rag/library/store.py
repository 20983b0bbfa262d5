"""The library in Chroma: opening it, and the one writer.

Chroma holds three collections. `footnote` is the head: its metadata is the manifest (format, embedding, passages) with
the tag of the two others and a generation that changes with every write. `footnote-papers-TAG` has one record a paper,
`footnote-passages-TAG` one a passage. When that is full there is another, with a number behind the tag, and so on; the
record of a paper says which of them has its passages. A paper's record is written after its passages and is the commit:
what it does not name is not read. A rebuild fills collections with a new tag and then changes the head, in one step.
"""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rag.errors import LibraryError
from rag.library.chroma import COLLECTIONS, chroma_errors, embedded_client, server_client
from rag.library.clients import Held
from rag.library.copied import Copied
from rag.library.lock import file_lock, server_lease
from rag.library.manifest import FORMAT, KEYED, Manifest, read_manifest, write_manifest
from rag.library.reader import HEAD, KINDS, Shelves, collection_name, collection_names
from rag.library.writer import UNFINISHED, Writer
from rag.neural.embedder import Embedder

_log = logging.getLogger(__name__)


class Library(Shelves):
    """The papers and passages of one library. Reading needs no lock; writing goes through `writing`.

    It owns the client of Chroma, and the lock while somebody writes; it lives from `open` until `close`. It is
    `Shelves` and does not hold them: they are what it can be asked, also where there is a client and no folder.
    """

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

    @property
    def address(self) -> str | None:
        """The address of the Chroma server that has the library; None for one in a folder."""
        return self._address

    def keyed(self) -> bool:
        """True when papers can be looked up by their titles and identifiers; the next writing makes it so."""
        manifest = self.manifest()
        return manifest is None or manifest.format >= KEYED

    # -- writing -------------------------------------------------------------------------------------------------

    @property
    def copied(self) -> bool:
        """True when what is read is a copy, since the library itself cannot be written."""
        return isinstance(self._client, Copied)

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
                self._clients.renew(self._client)  # or what another process wrote would be missing from its memory
            with Held(self._clients) as held:
                work = self._begun(held, rebuild, renewing)
                yield work.writer
                with chroma_errors(self._where):
                    renewing()
                    self._set_head(work.manifest, uuid.uuid4().hex)
                    self._drop_all_but(vars(work.manifest))
                    if not self._address:
                        write_manifest(self._storage / "manifest.json", work.manifest)
                if self._client is not held.client:  # made anew by another, without what was written through ours
                    self._clients.renew(self._client)

    def _begun(self, held: Held, rebuild: bool, renew: Callable[[], None]) -> _Work:
        """A writer into the collections that are there, or into new ones."""
        with chroma_errors(self._where):
            head = self.head()
            before = str(head.get("generation", ""))
            if head and not rebuild:
                self._check(None, self.manifest())
                manifest = self._expected.tagged(str(head["tag"]), shelves=int(head.get("shelves", 1)))
            else:
                manifest = self._expected.tagged(uuid.uuid4().hex[:12], shelves=1)
                self._drop_all_but(head)
                for kind in KINDS:
                    _make_collection(held.client, kind, collection_name(kind, manifest.tag))
            papers, passages = _collections(held.client, manifest)
            writer = Writer(
                papers, passages, shelve=lambda: self._shelved(work), renew=renew, before=before, where=self._where
            )
            work = _Work(held, writer, manifest, "" if rebuild else UNFINISHED + uuid.uuid4().hex)
            if not rebuild:
                if head and int(head["format"]) < KEYED:
                    _log.info("%d papers of an older version can be looked up now", writer.add_keys())
                self._set_head(manifest, work.generation)
            if before.startswith(UNFINISHED) and not rebuild:
                _log.info("a write was cut off; %d passages that it left are cleared away", writer.sweep())
            return work

    def _shelved(self, work: _Work) -> tuple[Any, Sequence[Any]]:
        """The collections of papers and of passages, with one more of these, into which is written from now on.

        A client keeps what it writes to in memory. With another client that is given back, but for the papers.
        """
        before = work.manifest
        work.manifest = self._expected.tagged(before.tag, shelves=before.shelves + 1)
        _make_collection(work.held.client, "passages", collection_name("passages", before.tag, before.shelves))
        if work.generation:
            self._set_head(work.manifest, work.generation)
        if self._embedded:
            work.held.anew()
        return _collections(work.held.client, work.manifest)

    def _set_head(self, manifest: Manifest, generation: str) -> None:
        self._known.add(generation)
        head = {**vars(manifest), "generation": generation}
        # get_or_create leaves the metadata of a collection that exists alone.
        self._client.get_or_create_collection(HEAD, embedding_function=None, metadata=head).modify(metadata=head)

    def forget_vectors(self) -> None:
        """Take Chroma's files of vectors away, so that the papers can be read; a rebuild has to follow.

        On a server there is nothing that can be taken away from here.
        """
        if not self._address:
            for graph in (self._storage / "chroma").glob("*/header.bin"):
                shutil.rmtree(graph.parent, ignore_errors=True)
            self._clients.renew(self._client)

    def leftovers(self) -> list[str]:
        """The names of collections that a rebuild or a first ingest which was cut off left behind."""
        return self._all_but(self.head())

    def _all_but(self, head: Mapping[str, Any]) -> list[str]:
        with chroma_errors(self._where):
            names = {str(collection.name) for collection in self._client.list_collections()}
        ours = tuple(collection_name(kind, "") for kind in KINDS)
        kept = {name for kind in KINDS for name in collection_names(kind, head)} if head else set()
        return sorted(name for name in names if name.startswith(ours) and name not in kept)

    def _drop_all_but(self, head: Mapping[str, Any]) -> None:
        for name in self._all_but(head):
            self._client.delete_collection(name)


@dataclass
class _Work:
    """One writing: its writer and the client it writes through, what it is made with, and its generation meanwhile.

    A rebuild has none, since nobody reads it before it is complete.
    """

    held: Held
    writer: Writer
    manifest: Manifest
    generation: str


def _make_collection(client: Any, kind: str, name: str) -> None:
    client.get_or_create_collection(name, embedding_function=None, configuration=dict(COLLECTIONS[kind]))


def _collections(client: Any, manifest: Manifest) -> tuple[Any, Sequence[Any]]:
    """The collection of papers and those of passages."""
    [papers], passages = (
        [client.get_collection(name, embedding_function=None) for name in collection_names(kind, vars(manifest))]
        for kind in KINDS
    )
    return papers, passages
