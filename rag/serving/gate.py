"""The gate before a server: who may enter and from where, what a request may be, how many are answered at once."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import SettingsError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEYS_VARIABLE = "FOOTNOTE_KEYS"
MOST_BYTES = 4 * 1024 * 1024
AT_ONCE = 32
SENDING_S = 30.0
_DRAINED_BYTES = 64 * 1024 * 1024
_LEAST_KEY = 8

Refusal = Callable[[str, int, str], Mapping[str, Any]]
"""The body of an answer that refuses, from the path, the status and what to say."""


def address(text: str) -> tuple[str, int]:
    """The host and port of HOST:PORT; an IPv6 address stands in brackets; port 0 is any that is free.

    Raises:
        SettingsError: it is none.
    """
    found = re.fullmatch(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]]+)):(\d{1,5})", text)
    if found is None or int(found[3]) > 65535:
        raise SettingsError(f"{text!r} is no HOST:PORT. Give one such as 127.0.0.1:8765.")
    return found[1] or found[2], int(found[3])


def is_loopback(host: str) -> bool:
    """True when only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def keys_of(file: Path | None, host: str) -> tuple[str, ...]:
    """The keys that let a request in: those of the file, one a line, and of FOOTNOTE_KEYS; none lets everybody in.

    Raises:
        SettingsError: the file cannot be read or has none, a key is too short, or `host` can be reached from other
            machines and there is no key.
    """
    given = re.split(r"[\s,]+", os.environ.get(KEYS_VARIABLE, ""))
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"--keys: {file} cannot be read ({error}). Give a UTF-8 file, a key a line.") from error
        of_file = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not of_file:
            raise SettingsError(f"--keys: {file} has no key in it. Write one a line.")
        given += of_file
    keys = tuple(dict.fromkeys(key for key in given if key))
    if any(len(key) < _LEAST_KEY or not re.fullmatch(r"[!-~]+", key) for key in keys):
        raise SettingsError(
            f"a key is shorter than {_LEAST_KEY} characters or has one that cannot be sent. Make another, for example "
            "with `openssl rand -hex 24`."
        )
    if not keys and not is_loopback(host):
        raise SettingsError(
            f"{host} can be reached from other machines, and there is no key. Give --keys FILE, a key a line, or set "
            f"{KEYS_VARIABLE}; without a key it listens on 127.0.0.1 only."
        )
    return keys


class Gate:
    """Lets in who has a key, JSON that is small enough and comes in time, and so many at once. An ASGI middleware.

    Requests that only read (GET) are not counted; `open_paths` need no key. `refusal` words what is refused as the
    protocol behind the gate does. Where `host` is this machine alone, a page of another site in its browser does not
    get in, neither by a name of its own that leads here nor as what sends the request. It owns the count of who is
    inside, and lives as long as the server.
    """

    def __init__(
        self, app: ASGIApp, *, host: str, keys: Iterable[str], refusal: Refusal, open_paths: Iterable[str] = (),
        most_bytes: int = MOST_BYTES, at_once: int = AT_ONCE, sending_s: float = SENDING_S,
    ) -> None:  # fmt: skip
        self._app = app
        self._guarded = is_loopback(host)
        self._keys = [key.encode() for key in keys]
        self._refusal = refusal
        self._open = frozenset(open_paths)
        self._most_bytes = most_bytes
        self._at_once = at_once
        self._sending_s = sending_s
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if self._guarded and (elsewhere := _from_elsewhere(headers)):
            await self._refuse(scope, send, *elsewhere)
            return
        if not (scope["path"] in self._open and scope["method"] == "GET") and not self._has_key(headers):
            said = "the key is wrong" if b"authorization" in headers else "a key is needed"
            await self._refuse(scope, send, 401, f"{said}. Send the header Authorization: Bearer KEY.",
                               {"WWW-Authenticate": "Bearer"})  # fmt: skip
            return
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST" and not _is_json(headers):
            await self._refuse(
                scope, send, 415, "the request is no plain JSON. Send the header Content-Type: application/json, and "
                "nothing compressed.", {"Connection": "close"},
            )  # fmt: skip
            return
        # Who sends slowly takes no place from those who are answered.
        try:
            async with asyncio.timeout(self._sending_s):
                whole = await self._read(headers, receive)
        except TimeoutError:
            await self._refuse(scope, send, 408, f"the request did not come whole in {self._sending_s:g} s. Send it "
                               "again.", {"Connection": "close"})  # fmt: skip
            return
        if whole is None:
            await self._refuse(scope, send, 413, f"the request is larger than {self._most_bytes:,} bytes. Send less.")
            return
        if self._inside >= self._at_once:
            await self._refuse(scope, send, 429, f"{self._inside} requests are being answered. Ask again in a moment.",
                               {"Retry-After": "1"})  # fmt: skip
            return
        self._inside += 1
        try:
            await self._app(scope, _again(whole, receive), send)
        finally:
            self._inside -= 1

    def _has_key(self, headers: Mapping[bytes, bytes]) -> bool:
        kind, _, given = headers.get(b"authorization", b"").partition(b" ")
        # All are compared, so that the time says nothing.
        fits = [hmac.compare_digest(given.strip(), key) for key in self._keys]
        return not self._keys or (kind.lower() == b"bearer" and any(fits))

    async def _read(self, headers: Mapping[bytes, bytes], receive: Receive) -> Message | None:
        """The whole body as one message, None where it is too large: then the rest of it is read and forgotten.

        A connection that is closed on somebody who still sends would show an error of the network in place of ours.
        """
        said = headers.get(b"content-length", b"0")
        size, body, fits = 0, bytearray(), not said.isdigit() or int(said) <= self._most_bytes
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return message
            size += len(message.get("body", b""))
            fits = fits and size <= self._most_bytes
            if fits:
                body += message.get("body", b"")
            if not message.get("more_body", False) or size > _DRAINED_BYTES:
                return {"type": "http.request", "body": bytes(body), "more_body": False} if fits else None

    async def _refuse(
        self, scope: Scope, send: Send, status: int, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        from starlette.responses import JSONResponse

        response = JSONResponse(dict(self._refusal(scope["path"], status, message)), status, headers)

        async def nothing() -> Message:
            return {"type": "http.disconnect"}

        await response(scope, nothing, send)


def _from_elsewhere(headers: Mapping[bytes, bytes]) -> tuple[int, str] | None:
    """The status and what to say where the address or the page that the request names is none of this machine."""
    if not _names_loopback("//" + headers.get(b"host", b"").decode("latin-1")):
        return 421, "the server is called by a name that is not this machine's. Call it 127.0.0.1 or localhost."
    if b"origin" in headers and not _names_loopback(headers[b"origin"].decode("latin-1")):
        return 403, "the request comes from a page of another site. Send it from this machine."
    return None


def _names_loopback(url: str) -> bool:
    try:
        return is_loopback(urlsplit(url).hostname or "")
    except ValueError:
        return False


def _is_json(headers: Mapping[bytes, bytes]) -> bool:
    kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    plain = headers.get(b"content-encoding", b"identity").strip().lower() == b"identity"
    return plain and kind.startswith(b"application/") and kind.endswith(b"json")


def _again(first: Message, receive: Receive) -> Receive:
    waiting = [first]

    async def following() -> Message:
        return waiting.pop() if waiting else await receive()

    return following
