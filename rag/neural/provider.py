"""Servers that speak OpenAI's protocol: limits of time and size, and what their failures mean for a user."""

from __future__ import annotations

import json
import os
import re
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar

from rag.errors import FootnoteError, ProviderError, SettingsError
from rag.neural.named_model import ModelName

if TYPE_CHECKING:
    import httpx

_CONNECT_S, _STALL_S = 10.0, 60.0
_MOST_BYTES = 32 * 1024 * 1024
_MOST_TRIES = 4
_FIRST_WAIT_S = 0.5
_MALFORMED = (json.JSONDecodeError, AttributeError, TypeError, IndexError, KeyError, ValueError)
T = TypeVar("T")


class MalformedError(Exception):
    """A body that is no JSON, or JSON of another form than the protocol's."""


@contextmanager
def reading_body() -> Iterator[None]:
    """Around what reads a body in a library: what comes up there when its form is wrong becomes `MalformedError`."""
    try:
        yield
    except _MALFORMED as error:
        raise MalformedError(str(error)) from error


@dataclass(frozen=True)
class Deadline:
    """A moment that all tries together must not pass. `clock` is in seconds."""

    at: float
    seconds: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def after(cls, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> Deadline:
        """The deadline so many seconds from now."""
        return cls(clock() + seconds, seconds, clock)

    @property
    def left_s(self) -> float:
        """The seconds that are left, 0 when it has passed."""
        return max(0.0, self.at - self.clock())


def limits(deadline: Deadline) -> httpx.Timeout:
    """The limits of one request. What is left in all goes along as `pool`, where `client` finds it."""
    import httpx

    left = max(0.001, deadline.left_s)
    return httpx.Timeout(
        connect=min(_CONNECT_S, left), read=min(_STALL_S, left), write=min(_CONNECT_S, left), pool=left
    )


def client(named: ModelName) -> httpx.Client:
    """A client whose responses end, whatever the server does: by the deadline of their request, or by their size.

    A server on this machine is asked directly; to others the proxies of the environment lead.

    httpx limits the wait for the next bytes only; a server that sends one now and then would hold it for ever. It
    follows no redirect, because what is sent is meant for the server that the user has named.

    Raises:
        SettingsError: a proxy of the environment cannot be used.
    """
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __init__(self, inner: Any, until: float, *, plain: bool) -> None:
            self._inner, self._until, self._plain = inner, until, plain

        def __iter__(self) -> Iterator[bytes]:
            size, decoder = 0, getincrementaldecoder("utf-8")("replace")
            for piece in self._inner:
                size += len(piece)
                if time.monotonic() > self._until:
                    raise httpx.ReadTimeout("the time for this answer is over")
                if size > _MOST_BYTES:
                    raise httpx.ReadError(f"it sent more than {_MOST_BYTES // 2**20} MB")
                # Half a character, as small models write it, is one sign lost and not the answer.
                yield decoder.decode(piece).encode() if self._plain else piece

        def close(self) -> None:
            self._inner.close()

    def bound(response: httpx.Response) -> None:
        left = response.request.extensions.get("timeout", {}).get("pool")
        plain = "content-encoding" not in response.headers
        response.stream = Bounded(response.stream, time.monotonic() + (left or _STALL_S), plain=plain)

    try:
        return httpx.Client(event_hooks={"response": [bound]}, follow_redirects=False, trust_env=not named.local)
    except (ImportError, ValueError) as error:  # SOCKS without the package that speaks it; an address that is none
        raise SettingsError(
            f"{named.url} cannot be asked through {_proxy()}: {str(error).rstrip('.')}. Correct or unset that variable."
        ) from error


def _proxy() -> str:
    """The variable of the environment whose proxy is none that httpx speaks, without a password in it."""
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "https_proxy", "http_proxy"):
        value = os.environ.get(name, "")
        if value and not value.startswith(("http://", "https://")):
            return f"{name}={re.sub(r'//[^/@]*@', '//', value)}"
    return "the proxy of the environment"


def retrying(attempt: Callable[[], T], named: ModelName, deadline: Deadline) -> T:
    """What `attempt` returns; tried again, with growing pauses, where that makes sense and time is left.

    Raises:
        ProviderError: it failed for good; the message says what to do.
    """
    for tried in range(1, _MOST_TRIES + 1):
        try:
            return attempt()
        except FootnoteError:
            raise
        except Exception as error:  # told apart below; what is not a server's failure goes on
            failure = told(error, named, deadline)
            wait = _retry_after(error)
            pause = _FIRST_WAIT_S * 2 ** (tried - 1) if wait is None else wait
            if not failure.retryable or tried == _MOST_TRIES or pause >= deadline.left_s:
                raise failure from error
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def told(error: Exception, named: ModelName, deadline: Deadline) -> ProviderError:
    """A server's failure in the words of the house; any other exception is raised again as it is."""
    import httpx
    import openai

    who = f"{named.model} at {named.url}"
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        if isinstance(error.__cause__, httpx.ConnectTimeout) or isinstance(error, httpx.ConnectTimeout):
            return ProviderError(f"no connection to {named.url} within {_CONNECT_S:.0f} s. {_REACH}", retryable=True)
        return ProviderError(
            f"{who} did not finish its answer within {deadline.seconds:g} s. Raise FOOTNOTE_LLM_TIMEOUT_S, or choose a "
            "faster model.", retryable=deadline.left_s > 0,
        )  # fmt: skip
    if isinstance(error, openai.APIConnectionError):
        return ProviderError(f"{named.url} cannot be reached ({_cause(error)}). {_REACH}", retryable=True)
    if isinstance(error, openai.APIStatusError):
        return _status(error, named)
    if isinstance(error, httpx.HTTPError):
        return ProviderError(f"the connection to {who} broke off ({_cause(error)}). Try again.", retryable=True)
    if isinstance(error, openai.APIError):
        return ProviderError(f"{who} reported an error while it answered: {_said(error)}. Try again.", retryable=True)
    if isinstance(error, MalformedError):
        return ProviderError(
            f"{named.url} answered with something that is not OpenAI's protocol. Check the address: most end in /v1.",
            retryable=True,
        )
    raise error


_REACH = (
    "Check the address and that the server is running; extractive answers need no model: leave --llm out, unset "
    "FOOTNOTE_LLM."
)


def _status(error: Any, named: ModelName) -> ProviderError:
    code, who, said = error.status_code, f"{named.model} at {named.url}", _said(error)
    if code == 401:
        advice, retry = "Set FOOTNOTE_LLM_API_KEY (or OPENAI_API_KEY) to a key that it takes", False
    elif code == 403:
        advice, retry = "The key may not use this model: choose another model or key", False
    elif code == 404:
        advice, retry = f"It has no such model, or the address is wrong: {named.url}/models lists what it has", False
    elif code == 429 and re.search(r"quota|billing|credit", said, re.IGNORECASE):
        advice, retry = "The account has no credit left: top it up, or choose another model", False
    elif code == 429:
        wait = _retry_after(error)
        when = f"in {wait:g} s" if wait else "later"
        advice, retry = f"It wants fewer questions: try again {when}, or with fewer workers", True
    elif too_long(error):
        advice, retry = "Set FOOTNOTE_LLM_CONTEXT_TOKENS to the size of its context", False
    elif 300 <= code < 400:
        advice, retry = "It sends elsewhere, and what is asked is not sent there: name the final address", False
    elif code >= 500 or code in (408, 409, 425):
        advice, retry = "The fault is the server's: try again later", True
    else:
        advice, retry = "The server does not take this request", False
    return ProviderError(f"{who} answered with status {code}{': ' + said if said else ''}. {advice}.", retryable=retry)


def too_long(error: Exception) -> bool:
    """True when the server says that the messages are longer than the model's context."""
    return getattr(error, "status_code", None) in (400, 413, 422) and bool(
        re.search(r"context.{0,20}(?:length|size|window)|maximum context|too long", str(error), re.IGNORECASE)
    )


def refuses(error: Exception, words: Sequence[str]) -> bool:
    """True when the server refuses the request for a reason that has one of the words."""
    return getattr(error, "status_code", None) in (400, 422) and any(word in str(error).lower() for word in words)


def only_responses(error: Exception) -> bool:
    """True when the server says that the model is asked by the Responses API alone."""
    told = any(words in str(error) for words in ("/responses", "not a chat model"))
    return told and getattr(error, "status_code", None) in (400, 404, 405, 422)


def _said(error: Any) -> str:
    """The server's own words, one line and short: they are a stranger's."""
    body = error.body if isinstance(getattr(error, "body", None), dict) else {}
    message = body.get("message") or body.get("detail") or ""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(message)).split())
    return re.sub(r"\bsk-\S+", "sk-…", line)[:160].rstrip(" .")


def _cause(error: BaseException) -> str:
    inner = error.__cause__ or error
    return " ".join(str(inner).split())[:120] or type(inner).__name__


def _retry_after(error: Exception) -> float | None:
    """The seconds that the server wants to be left alone, or None where it does not say."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers.get(name, "")) * scale)
        except ValueError:
            continue
    try:  # a moment in place of seconds
        return max(0.0, parsedate_to_datetime(headers.get("retry-after", "")).timestamp() - time.time())
    except ValueError:
        return None
