"""One writer at a time: a lock file beside an embedded library, a lease inside a Chroma server."""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import LibraryError

LEASE_S = 60.0
_LEASE = "footnote-writer"


@contextmanager
def file_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of the library in `folder`; it ends with the process, even a killed one.

    Raises:
        LibraryError: another process writes, with the process and since when; or the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    holder = folder / "writer.json"
    lock = FileLock(folder / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise LibraryError(_busy(str(folder), _read(holder))) from error
    except OSError as error:
        raise LibraryError(f"{folder} cannot be written: {error.strerror}. Choose another --storage.") from error
    try:
        holder.write_text(json.dumps(_me()), encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def server_lease(client: Any, address: str) -> Iterator[Callable[[], None]]:
    """Hold the lease on a Chroma server's library; gives a function that renews it, to be called between writes.

    The lease is a collection: making one is the only step on a server that exactly one of two callers succeeds in.
    It runs out `LEASE_S` seconds after its last renewal, or at once when its process on this machine is gone.

    Raises:
        LibraryError: another process writes, with the process and since when.
    """
    from chromadb.errors import ChromaError, NotFoundError

    token = uuid.uuid4().hex
    mine = _me() | {"token": token}
    for _ in range(3):
        try:
            lease = client.create_collection(_LEASE, embedding_function=None, metadata=mine | {"renewed": time.time()})
            break
        except ChromaError:
            try:
                holder = dict(client.get_collection(_LEASE, embedding_function=None).metadata or {})
            except NotFoundError:
                continue
            if not _expired(holder):
                raise LibraryError(_busy(address, holder)) from None
            client.delete_collection(_LEASE)
    else:
        raise LibraryError(f"{address}: no turn to write could be had. Try again.")

    def renew() -> None:
        lease.modify(metadata=mine | {"renewed": time.time()})

    try:
        yield renew
    finally:
        client.delete_collection(_LEASE)


def _me() -> dict[str, str | int]:
    now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": now}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return content if isinstance(content, dict) else {}
    except (OSError, ValueError):
        return {}


def _expired(holder: dict[str, Any]) -> bool:
    if time.time() - float(holder.get("renewed", 0)) > LEASE_S:
        return True
    return holder.get("host") == socket.gethostname() and not Path(f"/proc/{holder.get('pid')}").exists()


def _busy(where: str, holder: dict[str, Any]) -> str:
    who = f"process {holder['pid']} on {holder['host']} since {holder['since']}" if "pid" in holder else "a process"
    return f"{where} is being written by {who}. Wait until it is done, or stop it, and try again."
