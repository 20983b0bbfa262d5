"""Reaching Chroma, inside this process or on a server, and turning its errors into ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from rag.errors import LibraryError

BATCH = 256
Item = TypeVar("Item")


def embedded_client(storage: Path) -> Any:
    """A client of the database files in `storage`/chroma, made if they are not there.

    Raises:
        LibraryError: the folder cannot be used.
    """
    import chromadb
    from chromadb.config import Settings

    try:
        (storage / "chroma").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"the storage folder {storage} cannot be used: {error.strerror}. Choose another --storage."
        ) from error
    with chroma_errors(str(storage)):
        return chromadb.PersistentClient(str(storage / "chroma"), settings=Settings(anonymized_telemetry=False))


def server_client(url: str) -> Any:
    """A client of the Chroma server at `url` (http://host:port).

    Raises:
        LibraryError: that is no address, or nobody answers there.
    """
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LibraryError(f"FOOTNOTE_CHROMA_URL={url!r} is no address; it looks like http://localhost:8000.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with chroma_errors(url):
        return chromadb.HttpClient(
            parts.hostname, port, ssl=parts.scheme == "https", settings=Settings(anonymized_telemetry=False)
        )


@contextmanager
def chroma_errors(where: str) -> Iterator[None]:
    """Turn what Chroma raises into a LibraryError that says what to do; errors of our own pass through."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError) as error:
        raise LibraryError(_explained(where, str(error))) from error
    except ValueError as error:
        if "chroma" not in str(error).lower():
            raise
        raise LibraryError(_explained(where, str(error))) from error
    except OSError as error:
        raise LibraryError(_explained(where, str(error))) from error


def _explained(where: str, what: str) -> str:
    low = what.lower()
    first = " ".join(what.split())[:200]
    if "full" in low or "no space" in low or "too large" in low:
        return f"{where}: the disk is full ({first}). What was written is whole: free some space and ingest again."
    if "readonly" in low or "read-only" in low or "permission" in low or "unable to open" in low:
        return f"{where} cannot be written ({first}). Get the right to write there, or choose another --storage."
    if "connect" in low:
        return f"no Chroma server answers at {where} ({first}). Start one with `chroma run --path DIR --port N`."
    return f"the library at {where} cannot be used ({first}). `footnote doctor` says more."


def batches(items: list[Item]) -> Iterator[list[Item]]:
    """`items` in runs of at most `BATCH`."""
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def rows(result: Any | None) -> Iterable[tuple[str, Mapping[str, Any], str | None]]:
    """Of the answer to a get: (id, metadata, document) of each record; nothing for None."""
    if result is None:
        return ()
    texts = result["documents"] or [None] * len(result["ids"])
    return zip(result["ids"], result["metadatas"], texts, strict=True)
