"""Reading a library in Chroma: no lock is needed, and what a writer has begun and not finished is not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeVar

from rag.errors import LibraryError
from rag.library.chroma import batches, chroma_errors, rows, vectors_damaged
from rag.library.clients import Clients
from rag.library.flat_records import Flat, Record, StoredPaper, record_keys, unflatten, unflatten_record
from rag.library.lookup import by_ids, by_keys, those_having, those_present
from rag.library.manifest import Manifest, manifest_of
from rag.library.writer import UNFINISHED, Whole, places_of
from rag.model import Paper
from rag.neural.embedder import Vectors

HEAD = "footnote"
KINDS = ("papers", "passages")
Result = TypeVar("Result")


class Shelves:
    """What can be read of a library through a client of Chroma. `where` is what errors call it.

    It owns the client and what was looked up through it, and lives until `close`.

    `connect` makes the client. An embedded client (`embedded`) keeps vectors in memory and does not learn what another
    process writes: it is made anew when the library has a generation that was not written through this object.
    """

    def __init__(self, connect: Callable[[], Any], where: str, *, embedded: bool) -> None:
        self._clients = Clients(connect)
        self._where = where
        self._embedded = embedded
        self._known: set[str] = set()
        self._collections: dict[str, tuple[Any, Any]] = {}  # with the client that each was looked up through

    @property
    def _client(self) -> Any:
        return self._clients.current

    def close(self) -> None:
        """Let go of Chroma; a second call does nothing."""
        self._clients.close()

    # -- the head ------------------------------------------------------------------------------------------------

    def head(self) -> dict[str, Any]:
        """The head record: the manifest, the tag and the generation; empty for a library never written."""
        from chromadb.errors import NotFoundError

        with chroma_errors(self._where), self._clients.using() as client:
            try:
                return dict(client.get_collection(HEAD, embedding_function=None).metadata or {})
            except NotFoundError:
                return {}

    def manifest(self) -> Manifest | None:
        """What the library is made with; None while it has never been written.

        Raises:
            LibraryError: it is of a newer format, or the collection of that name is none of ours.
        """
        head = self.head()
        try:
            return manifest_of(head, self._where) if head else None
        except (KeyError, TypeError, ValueError) as error:
            raise LibraryError(
                f"the collection {HEAD!r} at {self._where} is not the head of a library ({error!r}). "
                "Move it away, or name another Chroma."
            ) from error

    def generation(self) -> str:
        """A token that changes with every write; "" for a library never written. See also `unfinished`."""
        return str(self.head().get("generation", ""))

    def unfinished(self) -> bool:
        """True while somebody writes, and after a writer was killed."""
        return self.generation().startswith(UNFINISHED)

    # -- reading -------------------------------------------------------------------------------------------------

    def _read(self, kind: str, action: Callable[[Sequence[Any], int], Result], nothing: Result) -> Result:
        """What `action` gives for the collections and their dimension, or `nothing` for a library never written.

        There is one collection of papers, and one or more of passages.
        """
        from chromadb.errors import InternalError, NotFoundError

        with chroma_errors(self._where):
            renewed = False
            head = self.head()
            while head:
                with self._clients.using() as client:
                    if self._embedded and head["generation"] not in self._known:
                        self._known.add(head["generation"])
                        self._clients.renew(client)
                        continue
                    try:
                        names = collection_names(kind, head)
                        found = [self._collection(client, name) for name in names]
                        return action(found, int(head["dimension"]))
                    except NotFoundError:
                        self._collections.clear()
                        before, head = head, self.head()
                        if head.get("tag") == before["tag"]:
                            raise
                        # A rebuild has just put others in their place.
                    except InternalError as error:
                        if renewed or not self._embedded or not vectors_damaged(str(error)):
                            raise
                        # Papers that another process is writing just now are in the database and not in memory here.
                        renewed = True
                        self._clients.renew(client)
        return nothing

    def _collection(self, client: Any, name: str) -> Any:
        """The collection of that name, looked up once for each client."""
        owner, found = self._collections.get(name, (None, None))
        if owner is not client:
            found = client.get_collection(name, embedding_function=None)
            self._collections[name] = client, found
        return found

    def count(self) -> int:
        """The number of papers."""
        return self._read("papers", lambda found, _: int(found[0].count()), 0)

    def get(self, ids: Sequence[str]) -> dict[str, StoredPaper]:
        """The papers of these ids, by id; ids that are not in the library are left out.

        Raises:
            LibraryError: a record is damaged, or the library cannot be read.
        """

        def action(found: Sequence[Any], dimension: int) -> dict[str, StoredPaper]:
            return by_ids(found[0], ids, lambda key, text, flat: unflatten(key, text, flat, dimension), self._where)

        return self._read("papers", action, {})

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """The same as `get` without passages and vectors, which takes a tenth of the time."""
        return self._read("papers", lambda found, _: by_ids(found[0], ids, unflatten_record, self._where), {})

    def matching(self, keys: Sequence[str]) -> dict[str, Record]:
        """The papers with any of these `identity_keys`, by id, ids of papers among the keys aside.

        Raises:
            LibraryError: a record is damaged, or the library cannot be read.
        """
        return self._read("papers", lambda found, _: by_keys(found[0], keys, self._where), {})

    def present(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that papers of the library have."""
        return self._read("papers", lambda found, _: those_present(found[0], ids), set())

    def unchanged(self, content_hashes: Sequence[str]) -> set[str]:
        """The ids of the papers that have any of these hashes of all their fields: Chroma looks, and reads none."""
        return self._read("papers", lambda found, _: those_having(found[0], content_hashes), set())

    def ids(self) -> list[str]:
        """The ids of all papers, in the order of their first writing."""
        return self._read("papers", lambda found, _: list(found[0].get(include=[])["ids"]), [])

    def papers(self) -> Iterator[tuple[Paper, str]]:
        """All papers with the version of their text, in the order of their first writing.

        They are read as they are taken, so that memory holds few of them: those written after the call are not among
        them, and those deleted meanwhile are left out.

        Raises:
            LibraryError: a record is damaged, or the library cannot be read.
        """
        for batch in batches(self.ids()):
            found = self.records(batch)
            for key in batch:
                if key in found:
                    yield found[key].paper, found[key].text_hash

    def raw_papers(self, ids: Sequence[str] | None = None) -> Iterator[list[tuple[str, Flat, str | None]]]:
        """The id, metadata and document of the records of these papers, or of all, as Chroma has them, a few at a time.

        Raises:
            LibraryError: they cannot be read.
        """
        for batch in batches(self.ids() if ids is None else ids):

            def action(found: Sequence[Any], _: int, batch: Sequence[str] = batch) -> Any:
                return found[0].get(ids=list(batch), include=["metadatas", "documents"])

            yield [(key, dict(flat or {}), text) for key, flat, text in rows(self._read("papers", action, None))]

    def count_passages(self) -> int:
        """The number of passages, with those that no paper names.

        Raises:
            LibraryError: they cannot be read.
        """
        return self._read("passages", lambda found, _: sum(int(shelf.count()) for shelf in found), 0)

    def wholes(self) -> Iterator[list[Whole]]:
        """All papers as Chroma has them, a few at a time, in the order of their first writing.

        Raises:
            LibraryError: they cannot be read.
        """

        def taken(kind: str, number: int, ids: Sequence[str]) -> dict[str, tuple[Flat, str | None, Vectors]]:
            wanted = ["metadatas", "documents", "embeddings"]

            def action(found: Sequence[Any], _: int) -> Any:  # a record that is damaged may name one that is not there
                return found[number].get(ids=list(ids), include=wanted) if number < len(found) else None

            result = self._read(kind, action, None)
            vectors = result["embeddings"] if result else ()
            return {
                key: (dict(flat or {}), text, row) for (key, flat, text), row in zip(rows(result), vectors, strict=True)
            }

        for batch in batches(self.ids()):
            papers = taken("papers", 0, batch)
            places = [place for key in batch if key in papers for place in places_of(key, papers[key][0])]
            by_shelf = groupby(sorted(places), key=lambda place: place[0])
            passages = {
                key: (flat, row)
                for number, of_shelf in by_shelf
                for few in batches([key for _, key in of_shelf])
                for key, (flat, _, row) in taken("passages", number, few).items()
            }
            yield [
                Whole(
                    key,
                    *papers[key],
                    {own: passages[own] for own in record_keys(key, papers[key][0]) if own in passages},
                )
                for key in batch
                if key in papers
            ]

    def nearest(self, vector: Vectors, *, n: int, within: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The `n` nearest passages as (id in Chroma, cosine similarity from -1 to 1), best first.

        `within` limits the search to passages of these papers, at most `MOST_IN_FILTER`. Ids are not yet checked
        against the papers' records.
        """
        return self._query("passages", vector, n, within)

    def likeness(self, vector: Vectors, *, n: int, within: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The `n` papers whose passages are, on average, nearest: (paper id, cosine similarity), best first."""
        return self._query("papers", vector, n, within)

    def _query(self, kind: str, vector: Vectors, n: int, within: Sequence[str] | None) -> list[tuple[str, float]]:
        field = "id" if kind == "papers" else "paper_id"
        where = {field: {"$in": list(within)}} if within is not None else None

        def action(found: Sequence[Any], _: int) -> list[tuple[str, float]]:
            if within is not None and not within:
                return []
            near: dict[str, float] = {}  # a passage that is just being written to another shelf is in two
            for shelf in found:
                # Counting takes longer than searching; more than there are may be asked for.
                asked = shelf.query(query_embeddings=[vector], n_results=n, where=where, include=["distances"])
                near |= zip(asked["ids"][0], (1.0 - float(far) for far in asked["distances"][0]), strict=True)
            return sorted(near.items(), key=lambda pair: -pair[1])[:n]

        return self._read(kind, action, [])


def collection_name(kind: str, tag: str, number: int = 0) -> str:
    """The name of the collection of papers or passages with this tag; `number` counts those of passages from 0."""
    return f"footnote-{kind}-{tag}" + (f"-{number}" if number else "")


def collection_names(kind: str, head: Mapping[str, Any]) -> list[str]:
    """The names of the collections of a kind that the head record names."""
    shelves = int(head.get("shelves", 1)) if kind == "passages" else 1
    return [collection_name(kind, str(head["tag"]), number) for number in range(shelves)]
