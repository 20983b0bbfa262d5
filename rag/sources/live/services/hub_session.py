"""Manners for huggingface_hub, which waits for ever and reads whatever is sent.

Its requests go over one session that belongs to the whole process. A hook of that session bounds the time and the size
of those that are made within `bounded`, and lets only those pass that ask for papers; it lets alone what other parts of
the process ask for.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpx2
from huggingface_hub import get_session

from rag.errors import SourceError
from rag.sources.live.network import Host, leads_inside, usable_proxies
from rag.sources.live.patience import TransientError
from rag.sources.live.web import REPLY_LIMIT

_ASKED = ("/api/papers", "/api/daily_papers")


class _Bounds:
    """What one request may take. `until` is a moment of `time.monotonic`."""

    def __init__(self, host: Host, timeout_s: float) -> None:
        self.host, self.timeout_s = host, timeout_s
        self.until = time.monotonic() + timeout_s


_bounds: ContextVar[_Bounds | None] = ContextVar("_bounds", default=None)


@contextmanager
def bounded(host: Host, *, timeout_s: float) -> Iterator[None]:
    """Requests of huggingface_hub in the block take so many seconds and `REPLY_LIMIT` bytes at most.

    A redirect that would lead a key to another host is refused.
    """
    with usable_proxies(host):
        session = get_session()
    hooks = session.event_hooks
    for name, hook in (("request", _before), ("response", _after)):
        if hook not in hooks.setdefault(name, []):
            hooks[name].append(hook)
    session.event_hooks = hooks
    token = _bounds.set(_Bounds(host, timeout_s))
    try:
        yield
    finally:
        _bounds.reset(token)


def _before(request: httpx2.Request) -> None:
    if bounds := _bounds.get():
        # Once a day the package asks for a list of programs, to tell the service from which of them it is called, and
        # with which version of torch. Nobody asked for that: the request ends here, which the package takes calmly.
        if not any(path in request.url.path for path in _ASKED):
            raise SourceError(f"{bounds.host.name} was not asked for {request.url.path}")
        request.headers["User-Agent"] = "footnote"
        request.extensions["timeout"] = httpx2.Timeout(bounds.timeout_s).as_dict()
        # Packed, a small reply may be a huge one, and the client unpacks it whole.
        request.headers["Accept-Encoding"] = "identity"


def _after(response: httpx2.Response) -> None:
    bounds = _bounds.get()
    if bounds is None:
        return
    name = bounds.host.name
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise TransientError("sent a packed reply where a plain one was asked for")
    if response.has_redirect_location:
        new = response.request.url.join(response.headers["location"])
        old = response.request.url
        if leads_inside(old.host, new.host):
            raise SourceError(f"{name} redirects to {new.host}, which is in this machine's own network; "
                              "nothing was asked of it")  # fmt: skip
        same = (old.scheme, old.host, old.port) == (new.scheme, new.host, new.port)
        if not same and "authorization" in response.request.headers:
            raise SourceError(f"{name} redirects to {new.host}, and {bounds.host.key_name} is for {old.host} only; "
                              "unset it or correct HF_ENDPOINT")  # fmt: skip
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Counted(response.stream, bounds)


class _Counted(httpx2.SyncByteStream):
    """A stream that breaks off where its bounds are passed."""

    def __init__(self, stream: httpx2.SyncByteStream, bounds: _Bounds) -> None:
        self._stream, self._bounds = stream, bounds

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if time.monotonic() > self._bounds.until:
                raise TransientError(f"did not finish its answer within {self._bounds.timeout_s:g} s")
            if size > REPLY_LIMIT:
                raise SourceError(
                    f"{self._bounds.host.name} sends more than {REPLY_LIMIT:,} bytes at once; ask for less"
                )
            yield chunk

    def close(self) -> None:
        """Close the stream beneath."""
        self._stream.close()
