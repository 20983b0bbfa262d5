"""One writer at a time: a lock file beside an embedded library, a lease inside a Chroma server."""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import LibraryError
from rag.library.chroma import chroma_errors

LEASE_S = 60.0
LEASE = "footnote-writer"
_SETTLE_S = 0.5
_held: set[str] = set()
"""The tokens of the leases that this process holds now."""


@contextmanager
def file_lock(folder: Path) -> Iterator[Callable[[], None]]:
    """Hold the lock of the library in `folder`; it ends with the process, even a killed one.

    Gives a function that does nothing, in place of the one that renews a lease.

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
        raise LibraryError(_unwritable(folder, error)) from error
    try:
        try:
            draft = folder / "writer.new"
            draft.write_text(json.dumps(_me()), encoding="utf-8")
            draft.replace(holder)
        except OSError as error:
            raise LibraryError(_unwritable(folder, error)) from error
        yield lambda: None
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


@contextmanager
def server_lease(client: Any, address: str) -> Iterator[Callable[[], None]]:
    """Hold the lease on a Chroma server's library; gives a function that renews it, to be called before each write.

    The lease is a collection: making one is the only step on a server that exactly one of two callers succeeds in.
    It runs out `LEASE_S` seconds after its last renewal, or at once when its process on this machine is gone or is
    this one, which could not give it back because the server was away. A writer that slept for longer than that finds
    at its next write that the lease is not its own any more, and stops.

    Raises:
        LibraryError: another process writes, with the process and since when.
    """
    from chromadb.errors import ChromaError, NotFoundError

    token = uuid.uuid4().hex
    mine = _me() | {"token": token}

    def holder() -> dict[str, Any]:
        try:
            return dict(client.get_collection(LEASE, embedding_function=None).metadata or {})
        except NotFoundError:
            return {}

    def renew() -> None:
        with chroma_errors(address):
            try:
                lease.modify(metadata=mine | {"renewed": time.time()})
            except NotFoundError as error:
                raise LibraryError(
                    f"{address}: this process had stopped for more than {LEASE_S:.0f} s and another one writes now. "
                    "What was written is whole: run the same again."
                ) from error

    def taken() -> Any:
        took_over = False
        for _ in range(3):
            try:
                lease = client.create_collection(
                    LEASE, embedding_function=None, metadata=mine | {"renewed": time.time()}
                )
                break
            except ChromaError:
                other = holder()
                if not other:  # just now given back
                    continue
                if not _expired(other):
                    raise LibraryError(_busy(address, other)) from None
                with suppress(NotFoundError):
                    client.delete_collection(LEASE)
                took_over = True
        else:
            raise LibraryError(f"{address}: no turn to write could be had. Run the same again.")
        if took_over:
            # Somebody else who saw the same lease run out may have deleted ours for it.
            time.sleep(_SETTLE_S)
            other = holder()
            if other.get("token") != mine["token"]:
                raise LibraryError(_busy(address, other))
        return lease

    _held.add(token)
    try:
        with chroma_errors(address):  # the server may go away at any moment
            lease = taken()
        yield renew
    finally:
        _held.discard(token)
        with suppress(Exception):  # a server that is gone has no lease to give back; the error before is what counts
            if holder().get("token") == mine["token"]:
                client.delete_collection(LEASE)


def _me() -> dict[str, str | int]:
    now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": now}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    # A holder that is gone was killed before the present one has written its name.
    return content if isinstance(content, dict) and not _gone(content) else {}


def _expired(holder: dict[str, Any]) -> bool:
    return time.time() - float(holder.get("renewed", 0)) > LEASE_S or _gone(holder) or _left_here(holder)


def _left_here(holder: dict[str, Any]) -> bool:
    """True when this process wrote the note and does not hold that lease any more."""
    own = holder.get("host") == socket.gethostname() and holder.get("pid") == os.getpid()
    return own and holder.get("token") not in _held


def _gone(holder: dict[str, Any]) -> bool:
    """True when the holder was a process on this machine that does not run any more."""
    if holder.get("host") != socket.gethostname():
        return False
    try:
        os.kill(int(holder.get("pid", 0)), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, TypeError):
        return False
    return False


def _unwritable(folder: Path, error: OSError) -> str:
    return f"{folder} cannot be written: {error.strerror}. Make room or get the right to, or choose another --storage."


def _busy(where: str, holder: dict[str, Any]) -> str:
    known = {"pid", "host", "since"} <= holder.keys()
    who = f"process {holder['pid']} on {holder['host']} since {holder['since']}" if known else "another process"
    return f"{where} is being written by {who}. Wait until it is done, or stop it, and try again."
