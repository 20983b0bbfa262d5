"""One client of Chroma at a time, which can be made anew while other threads are still using the one before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Self


class Clients:
    """The client that `connect` makes, and another when it is asked for. One that nobody uses any more is closed.

    What an embedded client keeps in memory is given back when it is closed. It owns all of them, and lives until
    `close`, as the library does.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._lock = Lock()
        self._users: Counter[int] = Counter()  # by the identity of a client
        self._closed = False
        self.current: Any = connect()

    @contextmanager
    def using(self) -> Iterator[Any]:
        """The client as it is now, which stays open meanwhile."""
        client = self.take()
        try:
            yield client
        finally:
            self.leave(client)

    def take(self) -> Any:
        """The client as it is now, which stays open until `leave` is called with it."""
        with self._lock:
            self._users[id(self.current)] += 1
            return self.current

    def leave(self, client: Any) -> None:
        """Let go of a client that was taken."""
        with self._lock:
            self._users[id(client)] -= 1
            if unused := not self._users[id(client)]:
                del self._users[id(client)]
            past = client is not self.current or self._closed
        if unused and past:
            client.close()

    def renew(self, stale: Any) -> None:
        """Another client in place of `stale`, unless another thread has done that already."""
        with self._lock:
            if self.current is not stale or self._closed:
                return
            self.current = self._connect()
            unused = id(stale) not in self._users
        if unused:
            stale.close()

    def close(self) -> None:
        """Close the client as soon as nobody uses it; a second call does nothing."""
        with self._lock:
            again, self._closed = self._closed, True
            unused = id(self.current) not in self._users
        if unused and not again:
            self.current.close()


class Held:
    """The client as it is when this is entered: it lives until this is left, or another is taken in its place."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self.client: Any = None

    def __enter__(self) -> Self:
        self.client = self._clients.take()
        return self

    def __exit__(self, *_: object) -> None:
        self._clients.leave(self.client)

    def anew(self) -> None:
        """Hold another client, made now; what the former one kept in memory is given back."""
        self._clients.renew(self.client)
        self.client, former = self._clients.take(), self.client
        self._clients.leave(former)
