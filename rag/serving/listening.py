"""Listening on an address until somebody ends it: a line that says where, and an end in good order."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.errors import SettingsError

if TYPE_CHECKING:
    from types import FrameType

    from starlette.types import ASGIApp

_LAST_S = 10
"""The most seconds that requests get to be answered when the server ends."""


def listen(app: ASGIApp, host: str, port: int, *, called: str) -> None:
    """Serve `app` until Ctrl-C or SIGTERM; what is being answered then is finished. `called` is what the line calls it.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    import uvicorn

    with _bound(host, port) as sock, _ended_by_signals():
        config = uvicorn.Config(
            app, log_config=None, access_log=logging.getLogger("rag").isEnabledFor(logging.INFO), lifespan="on",
            timeout_graceful_shutdown=_LAST_S, server_header=False,
        )  # fmt: skip
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"footnote: {called.format(f'http://{shown}:{sock.getsockname()[1]}')} (Ctrl-C ends it)\n")
        sys.stderr.flush()
        uvicorn.Server(config).run(sockets=[sock])


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        sock = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"{host}:{port} cannot be listened on: {error}. Choose another host or port.") from error
    with sock:
        yield sock


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """uvicorn ends at a signal and raises it again; then it has done what it should, and the library is closed."""

    def done(_number: int, _frame: FrameType | None) -> None:
        return None

    before = {number: signal.signal(number, done) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
