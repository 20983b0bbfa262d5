"""Requests over httpx: bounded in time and size, patient, and with a key that never leaves its host."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from rag.errors import SourceError
from rag.sources.live.network import Host, Network, leads_inside, usable_proxies
from rag.sources.live.patience import RefusedError, TransientError, UnreachedError, fault_of, heed, patiently, refused

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")

REPLY_LIMIT = 50_000_000
"""Bytes of a reply, unpacked. A thousand papers of Semantic Scholar take some five million."""

_REDIRECTS = 5
_ERROR_BYTES = 4_000


class Web:
    """The way to one service. It owns the connections, and lives until `close`, when all is asked."""

    def __init__(self, host: Host, network: Network, *, key_header: str = "", key_prefix: str = "") -> None:
        """`key_header` is where the host's key goes, after `key_prefix` ("Bearer ").

        A host on this machine is asked directly; to others the proxies of the environment lead.

        Raises:
            SettingsError: a proxy of the environment cannot be used.
        """
        import httpx

        self._host, self._network = host, network
        self._headers = {key_header: f"{key_prefix}{host.key}"} if key_header and host.key else {}
        with usable_proxies(host):
            self._client = httpx.Client(
                timeout=network.timeout_s, headers={"User-Agent": "footnote"}, verify=_certificates(),
                trust_env=not host.local,
            )  # fmt: skip

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(
        self, path: str, params: Mapping[str, str], *, parse: Callable[[bytes], T],
        headers: Mapping[str, str] | None = None, said: dict[str, str] | None = None,
    ) -> T:  # fmt: skip
        """What `parse` makes of the reply; where it raises `TransientError` the request is made again.

        `headers` go with the request, and `said` gets those of the reply, by names in small letters.

        Raises:
            RefusedError: a status of 4xx that waiting does not change, such as 404.
            SourceError: no good reply after all tries, a redirect that is not followed, or a reply beyond the limit.
        """
        url = self._host.endpoint + path
        try:
            return patiently(
                lambda: parse(self._once(url, params, headers or {}, said)), host=self._host, network=self._network
            )
        except RefusedError as error:
            raise refused(self._host, error) from error

    def _once(
        self, url: str, params: Mapping[str, str], headers: Mapping[str, str], said: dict[str, str] | None
    ) -> bytes:
        import httpx

        until = time.monotonic() + self._network.timeout_s
        try:
            request = self._client.build_request("GET", url, params=dict(params), headers={**headers, **self._headers})
            for _ in range(_REDIRECTS + 1):
                with closing(self._client.send(request, stream=True, follow_redirects=False)) as response:
                    if response.next_request is None:
                        if said is not None:
                            said.update({name.lower(): value for name, value in response.headers.items()})
                        return self._body(response, until)
                    request = self._redirected(request, response.next_request)
        except httpx.TimeoutException as error:
            raise TransientError(f"did not answer within {self._network.timeout_s:g} s") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            fault = UnreachedError if isinstance(error, httpx.ConnectError) else TransientError
            raise fault(f"could not be read at {urlsplit(url).netloc} ({_cause(error)})") from error
        except httpx.InvalidURL as error:
            raise SourceError(f"{self._host.name} leads to what is no address ({error}); check its endpoint") from error
        raise SourceError(f"{self._host.name} redirects more than {_REDIRECTS} times from {url}; try again later")

    def _redirected(self, request: httpx.Request, following: httpx.Request) -> httpx.Request:
        """The request that a redirect leads to, with the key only where the host stays the same."""
        import httpx

        old, new = request.url, following.url
        same = (old.scheme, old.host, old.port) == (new.scheme, new.host, new.port)
        if not same and self._headers:
            raise SourceError(f"{self._host.name} redirects to {new.host}, and {self._host.key_name} is for "
                              f"{old.host} only; unset it or correct the endpoint")  # fmt: skip
        if new.scheme not in ("http", "https") or (old.scheme, new.scheme) == ("https", "http"):
            raise SourceError(f"{self._host.name} redirects from https to {new.scheme}://{new.host}; try again later")
        if not same and leads_inside(old.host, new.host):
            raise SourceError(f"{self._host.name} redirects to {new.host}, which is in this machine's own network; "
                              "nothing was asked of it")  # fmt: skip
        return httpx.Request("GET", new, headers={**self._client.headers, **(self._headers if same else {})})

    def _body(self, response: httpx.Response, until: float) -> bytes:
        """The whole body of a good reply; of a bad one a beginning, for the message of the error that is raised."""
        limit = REPLY_LIMIT if response.status_code < 400 else _ERROR_BYTES
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if time.monotonic() > until:
                raise TransientError(f"did not finish its answer within {self._network.timeout_s:g} s")
            if len(body) > limit:
                break
        if fault := fault_of(response.status_code, self._said(bytes(body)), response.headers):
            raise fault
        if len(body) > limit:
            raise SourceError(f"{self._host.name} sends more than {limit:,} bytes at once; ask for less")
        heed(self._host, response.headers)
        return bytes(body)

    def _said(self, body: bytes) -> str:
        text = said_in(body)
        return text.replace(self._host.key, "…") if self._host.key else text


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust: reading it takes longer than many a request, so that all ways share it."""
    import httpx

    return httpx.create_ssl_context()


def json_of(body: bytes) -> object:
    """The JSON of a reply.

    Raises:
        TransientError: it is none; a page of HTML from a server in trouble, or half a reply.
    """
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TransientError(f"sent what is no JSON ({said_in(body) or 'nothing'})") from error
    return value


def object_of(body: bytes) -> dict[str, object]:
    """The JSON object of a reply.

    Raises:
        TransientError: the reply is something else.
    """
    value = json_of(body)
    if not isinstance(value, dict):
        raise TransientError("sent JSON that is no object")
    return value


def said_in(body: bytes) -> str:
    """What a reply says to people, in one line of at most 120 characters: its `message` or `error`, or its text."""
    text = body[:_ERROR_BYTES].decode("utf-8", errors="replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        said = [value[name] for name in ("message", "error", "detail") if isinstance(value.get(name), str)]
        text = said[0] if said else text
    # arXiv says it in a feed of one entry.
    if summary := re.search(r"<summary\b[^>]*>(.*?)</summary>", text, re.DOTALL):
        text = summary[1]
    text = re.sub(r"<(script|style)\b.*?(?:</\1>|\Z)|<[^>]*(?:>|\Z)", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= 120 else text[:119] + "…"


def _cause(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
