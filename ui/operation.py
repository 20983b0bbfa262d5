"""How the page is served: where it listens, who may enter, and what the browser may reach."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from rag.errors import SettingsError

UPLOAD_KINDS = (".txt", ".html", ".htm", ".jsonl", ".json")
MOST_UPLOAD_BYTES = 20_000_000
MOST_UPLOADS = 20

# The page's framework needs inline scripts; other hosts it does not need, and what cannot be reached cannot be told.
POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' data: blob: ws: wss:; "
    "img-src 'self' data: blob:; form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'"
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def is_loopback(host: str) -> bool:
    """True when only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def accounts(auth: str | None) -> list[tuple[str, str]]:
    """The users and passwords of `--auth`: `USER:PASSWORD`, or the file that has one such pair a line.

    Raises:
        SettingsError: it is neither, or the file cannot be read or holds no pair.
    """
    if auth is None:
        return []
    path = Path(auth)
    if not path.is_file():
        pair = _pair(auth)
        if pair is None:
            raise SettingsError(f"--auth is neither USER:PASSWORD nor a file: {_hidden(auth)}.")
        return [pair]
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--auth: {path} cannot be read ({error}). Give a UTF-8 file of USER:PASSWORD.") from error
    pairs: list[tuple[str, str]] = []
    for n, text in enumerate(lines, 1):
        if not text.strip() or text.startswith("#"):
            continue
        pair = _pair(text.strip())
        if pair is None:
            raise SettingsError(f"--auth: line {n} of {path} is no USER:PASSWORD.")
        pairs.append(pair)
    if not pairs:
        raise SettingsError(f"--auth: {path} names nobody. Write one USER:PASSWORD a line.")
    return pairs


def check_open(host: str, users: list[tuple[str, str]], *, no_auth: bool) -> None:
    """Refuse to listen where others can reach the page without a password.

    Raises:
        SettingsError: `host` is not of this machine alone, there are no users, and `no_auth` was not said.
    """
    if not is_loopback(host) and not users and not no_auth:
        raise SettingsError(
            f"--host {host} opens the page to others without a password. Give --auth USER:PASSWORD or --auth FILE, "
            "or say --no-auth."
        )


def at_once() -> int:
    """How many questions are answered at once: as many as there are cores for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Policy:
    """Adds to every response what the browser may load: this server alone. An ASGI middleware."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the headers of its response with the policy."""

        async def with_policy(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                told = [
                    (b"content-security-policy", POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
                message = {**message, "headers": [*message.get("headers", ()), *told]}
            await send(message)

        await self._app(scope, receive, with_policy if scope["type"] == "http" else send)


def _pair(text: str) -> tuple[str, str] | None:
    user, colon, password = text.partition(":")
    return (user, password) if user and colon and password else None


def _hidden(auth: str) -> str:
    # It may be a password with a typing error before it.
    return repr(auth) if ":" not in auth else "USER or PASSWORD is empty"
