"""Asking again: what may pass by itself is tried a few times, with growing waits or the one that the server names."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from rag.errors import SourceError
from rag.sources.live.network import Host, Network

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")

LONGEST_WAIT_S = 120.0
"""Who is told to wait for longer comes back later: nobody watches a bar that stands still for an hour."""

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})

# From when on each host may be asked, for the pause between two requests also of different sources of one run.
_open_from: dict[str, float] = {}
_asking = threading.Lock()


class TransientError(SourceError):
    """Something that may pass by itself; `retry_after_s` is the wait that the server asks for, or None."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class UnreachedError(TransientError):
    """The server was not reached at all: no key would help."""


class RefusedError(SourceError):
    """The server understood and will not (any other 4xx); `status` says which."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


def patiently(ask: Callable[[], T], *, host: Host, network: Network) -> T:
    """What `ask` returns, called again after each `TransientError` as often as `network.tries` says.

    Before each call the host's pause is kept.

    Raises:
        SourceError: the last try failed as well, or the server asks to wait for too long.
    """
    from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

    def polite() -> T:
        _keep_pause(host, network)
        try:
            return ask()
        except TransientError as error:
            if error.retry_after_s is not None and error.retry_after_s > LONGEST_WAIT_S:
                raise SourceError(
                    f"{host.name} {error} and asks to wait for {error.retry_after_s:,.0f} s; "
                    f"give the same command then{_key_hint(host)}"
                ) from error
            raise

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, TransientError) and error.retry_after_s is not None:
            return error.retry_after_s
        return min(network.backoff_s * 2.0 ** (state.attempt_number - 1), LONGEST_WAIT_S)

    retrying = Retrying(
        retry=retry_if_exception_type(TransientError),
        stop=stop_after_attempt(network.tries),
        wait=wait,
        sleep=network.sleep,
        reraise=True,
    )
    try:
        return retrying(polite)
    except TransientError as error:
        times = f" ({network.tries} tries)" if network.tries > 1 else ""
        if isinstance(error, UnreachedError):
            raise SourceError(f"{host.name} {error}{times}; check the network, or try again later") from error
        raise SourceError(f"{host.name} {error}{times}; try again later{_key_hint(host)}") from error


def fault_of(status: int, said: str, headers: Mapping[str, str]) -> TransientError | RefusedError | None:
    """The error that a reply with this status is, or None for a good one. `said` is what its body says, shortened."""
    if status < 300:
        return None
    message = f"answered HTTP {status}" + (f" ({said})" if said else "")
    retry_after_s = _retry_after(headers.get("retry-after") or headers.get("backoff", ""))
    # OpenAlex says 403 where others say 429; only with a time to wait is it meant like that.
    if status in _TRANSIENT or (status == 403 and retry_after_s is not None):
        return TransientError(message, retry_after_s=retry_after_s)
    return RefusedError(message, status=status)


def refused(host: Host, error: RefusedError) -> SourceError:
    """The error for the user where a request was refused: what the server said, and what may help."""
    help_ = f"check {host.key_name}" if host.key else f"set {host.key_name}" if host.key_name else "check the spec"
    if error.status not in (401, 403):
        help_ = "check the spec"
    return RefusedError(f"{host.name} {error}; {help_}", status=error.status)


def heed(host: Host, headers: Mapping[str, str]) -> None:
    """Ask the host nothing more for as long as a good reply of it asks for: `Backoff`, as Zotero says it.

    Source: https://www.zotero.org/support/dev/web_api/v3/basics#rate_limiting
    """
    wait = _retry_after(headers.get("backoff", ""))
    if wait is not None:
        with _asking:
            _open_from[host.endpoint] = time.monotonic() + min(wait, LONGEST_WAIT_S)


def _keep_pause(host: Host, network: Network) -> None:
    with _asking:
        now = time.monotonic()
        at = max(now, _open_from.get(host.endpoint, now))
        _open_from[host.endpoint] = at + host.pause_s
    if at > now:
        network.sleep(at - now)


def _key_hint(host: Host) -> str:
    return f", or set {host.key_name}" if host.key_name and not host.key else ""


def _retry_after(text: str) -> float | None:
    """Seconds from a header that has seconds or a date, or None where it has neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
