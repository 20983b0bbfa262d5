"""Reaching Chroma, inside this process or on a server, and turning its errors into ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from rag.errors import LibraryError
from rag.library.copied import Copied, read_only
from rag.sources.live.loopback import has_password, is_loopback, without_proxy

BATCH = 256
MOST_IN_FILTER = 20_000  # SQLite takes 32,766 values in one statement
ANSWER_S = 10.0
Item = TypeVar("Item")

# Chroma's graph of vectors is written to its own files, in place, each time so many records have come; a process that
# is killed just then leaves files that cannot be read, and `doctor` makes them again. Until that number the vectors are
# in SQLite alone. That loses nothing, but each write reads all of them again, and each opening puts them into the
# graph again, at up to a millisecond each. The records of papers are large: 5,000 of them in place of 1,000 cost a
# write twice the time, and an opening three seconds.
SYNC_PAPERS, SYNC_PASSAGES = 1000, 2000
COLLECTIONS: Mapping[str, Mapping[str, Any]] = {
    kind: {"hnsw": {"space": "cosine", "ef_search": 200, "sync_threshold": threshold}}
    for kind, threshold in (("papers", SYNC_PAPERS), ("passages", SYNC_PASSAGES))
}
SHELF_PASSAGES = 50_000
"""As many passages go into one collection, and the next into another: what is written to is held in memory."""


_numbers = count()


def _spelling() -> str:
    """An ending of a path that changes nothing, another one at each call: the binary digits of a number in / and /."""
    return "/" + "".join("./" if digit == "1" else "/" for digit in f"{next(_numbers):b}")


def embedded_client(storage: Path) -> Any:
    """A client of the database files in `storage`/chroma, made if they are not there; of a copy if read-only.

    Raises:
        LibraryError: the folder cannot be used.
    """
    import chromadb
    from chromadb.config import Settings

    def connect(path: str) -> Any:
        return chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))

    if read_only(storage / "chroma"):
        with chroma_errors(str(storage)):
            return Copied(storage / "chroma", connect)
    try:
        (storage / "chroma").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"the storage folder {storage} cannot be used: {error.strerror}. Choose another --storage."
        ) from error
    with chroma_errors(str(storage)):
        # Clients of one path share what they keep in memory for as long as one of them is open. A client of its own is
        # had under a spelling of the path that no other has.
        return connect(f"{storage / 'chroma'}{_spelling()}")


def server_client(url: str) -> Any:
    """A client of the Chroma server at `url` (http://host:port).

    Raises:
        LibraryError: that is no address or has a password in it, or nobody answers there.
    """
    if has_password(url):
        raise LibraryError(
            "FOOTNOTE_CHROMA_URL has a name or a password in it, which errors would show and Chroma's client does not "
            "send. Give http://host:port alone."
        )
    import chromadb
    import httpx
    from chromadb.config import Settings

    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LibraryError(f"FOOTNOTE_CHROMA_URL={url!r} is no address; it looks like http://localhost:8000.")
    if is_loopback(parts.hostname):
        without_proxy()
    with chroma_errors(url):
        # Chroma's own client waits for ever for a server that takes the call and says nothing.
        root = f"{parts.scheme}://{parts.netloc}/api"
        beat = httpx.get(f"{root}/v2/heartbeat", timeout=ANSWER_S)
        if beat.status_code in (404, 405, 410, 501) and (old := _old_version(f"{root}/v1/version")):
            raise LibraryError(
                f"the server at {url} is Chroma {old}, and this version of Footnote speaks with Chroma 1.x. "
                "Start a newer one, with a copy of its folder at hand."
            )
        beat.raise_for_status()
        return chromadb.HttpClient(
            parts.hostname, port, ssl=parts.scheme == "https", settings=Settings(anonymized_telemetry=False)
        )


def _old_version(url: str) -> str:
    """The version that a server of the first protocol says it has; "" where none answers like that."""
    import httpx

    try:
        said = httpx.get(url, timeout=ANSWER_S)
        version = said.json() if said.is_success else ""
    except (httpx.HTTPError, ValueError):
        return ""
    return version[:20] if isinstance(version, str) and version[:1].isdigit() and version.isprintable() else ""


@contextmanager
def chroma_errors(where: str) -> Iterator[None]:
    """Turn what Chroma raises into a LibraryError that says what to do; errors of our own pass through."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except httpx.HTTPStatusError as error:
        raise LibraryError(
            f"what answers at {where} is no Chroma server ({_line(error)}). Correct FOOTNOTE_CHROMA_URL."
        ) from error
    except httpx.HTTPError as error:
        raise LibraryError(
            f"no Chroma server answers at {where} ({_line(error)}). Start it, for example with `chroma run --path DIR "
            "--port N`, and run the same again: what was written is whole."
        ) from error
    except (ChromaError, OSError) as error:
        raise LibraryError(_explained(where, _line(error))) from error
    except ValueError as error:
        if "chroma" not in str(error).lower():
            raise
        raise LibraryError(_explained(where, _line(error))) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how Rust's panics come through: no Exception, and not importable
            raise
        raise LibraryError(_explained(where, f"malformed: {_line(error)}")) from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _has(what: str, *signs: str) -> bool:
    return any(sign in what.lower() for sign in signs)


def _explained(where: str, what: str) -> str:
    if _has(what, "is full", "no space", "too large", "disk i/o", "disk quota"):
        return f"{where}: the disk is full ({what}). What was written is whole: free some space and ingest again."
    if _has(what, "failed to apply logs"):  # Chroma does not pass on why; it is written again at the next opening
        return (
            f"{where} could not be written, most likely because the disk is full ({what}). What was written is whole: "
            "free some space and ingest again."
        )
    if _has(what, "readonly", "read-only", "permission", "unable to open", "not a directory"):
        return f"{where} cannot be written ({what}). Get the right to write there, or choose another --storage."
    if _has(what, "could not connect"):
        return f"no Chroma server answers at {where} ({what}). Start one with `chroma run --path DIR --port N`."
    if vectors_damaged(what):
        return f"the vectors of {where} are damaged ({what}). `footnote doctor` makes them again from the papers."
    if _has(what, "not a database", "malformed", "corrupt", "no such table"):
        return (
            f"the database in {where} is damaged ({what}). Move its folder chroma away, then `footnote restore` a "
            "snapshot, or ingest your files again."
        )
    if _has(what, "locked", "busy"):
        return f"the database in {where} is in use ({what}). Run the same again."
    return f"the library at {where} cannot be used ({what}). `footnote doctor` says more."


def vectors_damaged(message: str) -> bool:
    """True for a message of Chroma's that speaks of its files of vectors, which can be made again."""
    return _has(message, "hnsw", "deserializing pickle", "finding id", "getting embedding")


def batches(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    """`items` in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def rows(result: Any | None) -> Iterable[tuple[str, Mapping[str, Any], str | None]]:
    """Of the answer to a get: (id, metadata, document) of each record; nothing for None."""
    if result is None:
        return ()
    texts = result["documents"] or [None] * len(result["ids"])
    return zip(result["ids"], result["metadatas"], texts, strict=True)
