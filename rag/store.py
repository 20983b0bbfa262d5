"""The library in Chroma: papers, passages, and the head record that says which collections count.

Chroma holds three collections. `footnote` is the head: its metadata is the manifest (format, embedding, passages) with
the tag of the two others and a generation that changes with every write. `papers-TAG` has one record a paper,
`passages-TAG` one a passage. A paper's record is written after its passages and is the commit: what it does not name is
not read. A rebuild fills a pair with a new tag and then changes the head, in one step.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rag.chroma import BATCH, batches, chroma_errors, embedded_client, rows, server_client
from rag.embed import Embedder, Vectors
from rag.errors import LibraryError
from rag.lock import file_lock, server_lease
from rag.model import Paper, Passage
from rag.records import StoredPaper, split_key, unflatten, unflatten_paper
from rag.writer import Writer

FORMAT = 1
_HEAD = "footnote"
_WRITING = "writing-"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manifest:
    """What a library is made with: format, embedding (name, SHA-256, dimension) and the budget of its passages."""

    format: int
    embedding: str
    embedding_sha256: str
    dimension: int
    passage_tokens: int

    def check(self, other: Manifest, where: str) -> None:
        """Compare with `other`, found at `where`.

        Raises:
            LibraryError: they do not go together; both values and the way out are named.
        """
        if other.format > self.format:
            raise LibraryError(
                f"{where} has format {other.format}, newer than {self.format}, the newest this version reads. "
                "Update footnote."
            )
        ours = f"{self.embedding} ({self.embedding_sha256[:12]}, {self.dimension} numbers)"
        theirs = f"{other.embedding} ({other.embedding_sha256[:12]}, {other.dimension} numbers)"
        if ours != theirs:
            raise LibraryError(
                f"{where} was made with the embedding {theirs}, the settings name {ours}. "
                "Set FOOTNOTE_EMBEDDING back, or embed again with `footnote ingest --rebuild`."
            )
        if self.passage_tokens != other.passage_tokens:
            raise LibraryError(
                f"{where} has passages of {other.passage_tokens} tokens, the settings say {self.passage_tokens}. "
                "Set FOOTNOTE_PASSAGE_TOKENS back, or make them again with `footnote ingest --rebuild`."
            )


class Library:
    """The papers and passages of one library. Reading needs no lock; writing goes through `writing`."""

    def __init__(
        self, client: Any, storage: Path, embedder: Embedder, passage_tokens: int, address: str | None
    ) -> None:
        self._client = client
        self._storage = storage
        self._address = address
        self._expected = Manifest(FORMAT, embedder.name, embedder.sha256, embedder.dimension, passage_tokens)

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
            LibraryError: the folder cannot be used, the server does not answer, or the library is of a newer format
                or made with another embedding or other passages.
        """
        client = server_client(chroma_url) if chroma_url else embedded_client(storage)
        library = cls(client, storage, embedder, passage_tokens, chroma_url)
        try:
            found = [manifest for manifest in (library._manifest_file(), library.manifest()) if manifest]
            for manifest in found:
                newest = manifest if check else Manifest(**{**vars(library._expected), "format": manifest.format})
                library._expected.check(newest, str(chroma_url or storage))
        except BaseException:
            library.close()
            raise
        return library

    def close(self) -> None:
        """Let go of Chroma."""
        self._client.close()

    # -- the head ------------------------------------------------------------------------------------------------

    def _head(self) -> dict[str, Any]:
        with chroma_errors(self._where()):
            from chromadb.errors import NotFoundError

            try:
                return dict(self._client.get_collection(_HEAD, embedding_function=None).metadata or {})
            except NotFoundError:
                return {}

    def manifest(self) -> Manifest | None:
        """What the library is made with; None while it has never been written."""
        head = self._head()
        return _manifest(head) if head else None

    def generation(self) -> str:
        """A token that changes with every write; "" for a library never written. See also `unfinished`."""
        return str(self._head().get("generation", ""))

    def unfinished(self) -> bool:
        """True while somebody writes, and after a writer was killed."""
        return self.generation().startswith(_WRITING)

    def _collection(self, kind: str, tag: str | None = None) -> Any | None:
        tag = tag or self._head().get("tag")
        return self._client.get_collection(f"{kind}-{tag}", embedding_function=None) if tag else None

    def _manifest_file(self) -> Manifest | None:
        path = self._storage / "manifest.json"
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return _manifest(content)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise LibraryError(
                f"{path} cannot be read ({error}). Delete it: the library itself holds what is in it."
            ) from error

    def _where(self) -> str:
        return self._address or str(self._storage)

    # -- reading -------------------------------------------------------------------------------------------------

    def count(self) -> int:
        """The number of papers."""
        with chroma_errors(self._where()):
            papers = self._collection("papers")
            return int(papers.count()) if papers else 0

    def get(self, ids: Sequence[str]) -> dict[str, StoredPaper]:
        """The papers of these ids, by id; ids that are not in the library are left out."""
        with chroma_errors(self._where()):
            papers = self._collection("papers")
            found: dict[str, StoredPaper] = {}
            for batch in batches(list(dict.fromkeys(ids))):
                result = papers.get(ids=batch, include=["metadatas", "documents"]) if papers else None
                for key, flat, text in rows(result):
                    found[key] = unflatten(key, text, flat, self._expected.dimension)
            return found

    def papers(self) -> Iterator[tuple[Paper, str]]:
        """All papers with the version of their text, read in batches, in the order of their first writing."""
        with chroma_errors(self._where()):
            papers = self._collection("papers")
            total = papers.count() if papers else 0
            for offset in range(0, total, BATCH * 4):
                assert papers is not None
                result = papers.get(limit=BATCH * 4, offset=offset, include=["metadatas", "documents"])
                for key, flat, text in rows(result):
                    yield unflatten_paper(key, text, flat), flat["text_hash"]

    def nearest(self, vector: Vectors, *, n: int, within: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The `n` nearest passages as (id in Chroma, cosine similarity from -1 to 1), best first.

        `within` limits the search to passages of these papers. Ids are not yet checked against the papers' records.
        """
        return self._query("passages", vector, n, {"paper_id": {"$in": list(within)}} if within is not None else None)

    def likeness(self, vector: Vectors, *, n: int, within: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The `n` papers whose passages are, on average, nearest: (paper id, cosine similarity), best first."""
        return self._query("papers", vector, n, {"id": {"$in": list(within)}} if within is not None else None)

    def _query(self, kind: str, vector: Vectors, n: int, where: dict[str, Any] | None) -> list[tuple[str, float]]:
        with chroma_errors(self._where()):
            collection = self._collection(kind)
            total = collection.count() if collection else 0
            if collection is None or not total:
                return []
            found = collection.query(
                query_embeddings=[vector], n_results=min(n, total), where=where, include=["distances"]
            )
            return [(key, 1.0 - float(far)) for key, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def passage_keys(self) -> set[str]:
        """The ids in Chroma of all passages that are there, whether a paper names them or not."""
        with chroma_errors(self._where()):
            passages = self._collection("passages")
            return set(passages.get(include=[])["ids"]) if passages else set()

    # -- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, *, rebuild: bool = False) -> Iterator[Writer]:
        """The one writer. With `rebuild` it fills new, empty collections that replace the old ones at the end.

        Raises:
            LibraryError: somebody else writes, or the library cannot be written.
        """
        lease = server_lease(self._client, self._address) if self._address else _no_renewal(self._storage)
        with lease as renew, chroma_errors(self._where()):
            head = self._head()
            tag = uuid.uuid4().hex[:12] if rebuild or not head else str(head["tag"])
            if not head or rebuild:
                self._drop_leftovers(str(head.get("tag", "")))
                for kind in ("papers", "passages"):
                    self._client.create_collection(
                        f"{kind}-{tag}",
                        embedding_function=None,
                        configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                    )
            if not rebuild:
                self._set_head(tag, _WRITING + uuid.uuid4().hex)
            yield Writer(self._collection("papers", tag), self._collection("passages", tag), renew)
            self._set_head(tag, uuid.uuid4().hex)
            self._write_manifest_file()
            if rebuild:
                self._drop_leftovers(tag)

    def _set_head(self, tag: str, generation: str) -> None:
        head = {**vars(self._expected), "tag": tag, "generation": generation}
        # get_or_create leaves the metadata of a collection that exists alone.
        self._client.get_or_create_collection(_HEAD, embedding_function=None, metadata=head).modify(metadata=head)

    def _write_manifest_file(self) -> None:
        path = self._storage / "manifest.json"
        content = json.dumps(vars(self._expected), indent=2) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".new")
            draft.write_text(content, encoding="utf-8")
            draft.replace(path)

    def leftovers(self, tag: str | None = None) -> list[str]:
        """The names of collections that a rebuild which did not finish left behind."""
        keep = tag if tag is not None else self._head().get("tag", "")
        names = [str(collection.name) for collection in self._client.list_collections()]
        return [n for n in names if n.startswith(("papers-", "passages-")) and n.partition("-")[2] != keep]

    def _drop_leftovers(self, tag: str) -> None:
        for name in self.leftovers(tag):
            self._client.delete_collection(name)


def belongs(key: str, stored: Mapping[str, StoredPaper]) -> Passage | None:
    """The passage that an id in Chroma stands for, or None where no paper's record names it."""
    paper_id, number, version = split_key(key)
    owner = stored.get(paper_id)
    if owner is None or owner.text_hash != version or number >= len(owner.passages):
        return None
    return owner.passages[number]


def _manifest(content: Mapping[str, Any]) -> Manifest:
    return Manifest(
        int(content["format"]),
        str(content["embedding"]),
        str(content["embedding_sha256"]),
        int(content["dimension"]),
        int(content["passage_tokens"]),
    )


@contextmanager
def _no_renewal(storage: Path) -> Iterator[Any]:
    with file_lock(storage):
        yield lambda: None
