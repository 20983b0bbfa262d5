"""How the services are reached: addresses, keys and manners, from the environment and only when a source is asked."""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rag.errors import SettingsError
from rag.sources.live.loopback import is_loopback


@dataclass(frozen=True)
class Host:
    """One service: its name for messages, the address that all requests begin with, and the key that goes to it alone.

    `pause_s` is the least time between two requests, in seconds, as the service's terms ask.
    """

    name: str
    endpoint: str
    pause_s: float
    key: str = field(default="", repr=False)
    key_name: str = ""
    """The variable of the environment that holds the key."""

    @property
    def local(self) -> bool:
        """True for a service on this machine."""
        return is_loopback(urlsplit(self.endpoint).hostname or "")


@dataclass(frozen=True)
class Network:
    """All services and the manners towards them. `sleep` waits so many seconds."""

    huggingface: Host
    arxiv: Host
    openalex: Host
    semantic_scholar: Host
    zotero: Host = Host("Zotero", "https://api.zotero.org", 0.2, key_name="ZOTERO_API_KEY")
    zotero_local: Host = Host("Zotero", "http://localhost:23119/api", 0.0)
    """A Zotero that runs on this machine, whose API takes no key."""
    mailto: str = ""
    """The address of the user, for OpenAlex's polite pool."""
    timeout_s: float = 60.0
    """The most seconds that one request may take, all of its reply included."""
    tries: int = 5
    """How often one thing is asked for before it counts as failed."""
    backoff_s: float = 2.0
    """The wait before the second try; it doubles with each."""
    sleep: Callable[[float], None] = time.sleep


def network_of(environment: Mapping[str, str] = os.environ) -> Network:
    """The services as the environment names them.

    Addresses: `HF_ENDPOINT`, `ARXIV_ENDPOINT`, `OPENALEX_ENDPOINT`, `S2_ENDPOINT`, `ZOTERO_ENDPOINT`,
    `ZOTERO_LOCAL_ENDPOINT`. Keys: `HF_TOKEN`, `OPENALEX_API_KEY`, `S2_API_KEY`, `ZOTERO_API_KEY`. Manners:
    `OPENALEX_MAILTO`; `LIVE_PAUSE_S` in place of every service's own pause and the wait before a second try,
    `LIVE_TIMEOUT_S`, `LIVE_TRIES`.

    Raises:
        SettingsError: one of them has a value that cannot be used.
    """
    pause = _number(environment, "LIVE_PAUSE_S", least=0.0)
    timeout = _number(environment, "LIVE_TIMEOUT_S", least=0.1)
    tries = _number(environment, "LIVE_TRIES", least=1)

    def host(name: str, variable: str, standard: str, *, pause_s: float, key_name: str = "") -> Host:
        address = _address(environment, variable, standard)
        key = _key(environment, key_name) if key_name else ""
        if key and address.startswith("http://") and not is_loopback(urlsplit(address).hostname or ""):
            raise SettingsError(
                f"{key_name} would go to {address} in plain text. Name an https:// address in {variable}, or unset "
                "the key."
            )
        return Host(name, address, pause_s if pause is None else pause, key, key_name)

    return Network(
        huggingface=host("Hugging Face", "HF_ENDPOINT", "https://huggingface.co", pause_s=0.2, key_name="HF_TOKEN"),
        # "make no more than one request every three seconds": https://info.arxiv.org/help/api/tou.html
        arxiv=host("arXiv", "ARXIV_ENDPOINT", "https://export.arxiv.org", pause_s=3.0),
        openalex=host(
            "OpenAlex", "OPENALEX_ENDPOINT", "https://api.openalex.org", pause_s=0.15, key_name="OPENALEX_API_KEY"
        ),
        semantic_scholar=host(
            "Semantic Scholar", "S2_ENDPOINT", "https://api.semanticscholar.org", pause_s=1.1, key_name="S2_API_KEY"
        ),
        zotero=host("Zotero", "ZOTERO_ENDPOINT", "https://api.zotero.org", pause_s=0.2, key_name="ZOTERO_API_KEY"),
        zotero_local=host("Zotero", "ZOTERO_LOCAL_ENDPOINT", "http://localhost:23119/api", pause_s=0.0),
        mailto=environment.get("OPENALEX_MAILTO", "").strip(),
        timeout_s=Network.timeout_s if timeout is None else timeout,
        tries=Network.tries if tries is None else int(tries),
        backoff_s=Network.backoff_s if pause is None else pause,
    )


# Python counts these as anybody's, and clouds keep the keys of their machines there (Oracle's and Azure's).
_OF_CLOUDS = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "168.63.129.16/32")))
# Addresses of the sixth version that stand for one of the fourth, in their last four bytes.
_TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))


def leads_inside(old: str, new: str) -> bool:
    """True when the host `new` is this machine or one of its own network, and `old`, which redirects there, is not.

    A service that was taken over could otherwise ask for what only this machine may read: the page of a router, the
    keys of a machine in a cloud (169.254.169.254).
    """
    return _inside(new) and not _inside(old)


def _inside(host: str) -> bool:
    try:
        found = {str(place[4][0]).partition("%")[0] for place in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False  # nobody is there at all
    addresses = map(_meant, map(ipaddress.ip_address, found))
    return any(not one.is_global or any(one in network for network in _OF_CLOUDS) for one in addresses)


def _meant(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of the fourth version that one of the sixth leads to, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return address
    if any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


@contextmanager
def usable_proxies(host: Host) -> Iterator[None]:
    """A block that makes the client for a host; a proxy that it cannot use is one line.

    Raises:
        SettingsError: it cannot be used: no such kind is known, or the package that speaks it is not there.
    """
    try:
        yield
    except (ImportError, ValueError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise SettingsError(
            f"{host.name} cannot be asked through the proxy of the environment ({said}). Correct or unset HTTPS_PROXY, "
            "HTTP_PROXY or ALL_PROXY; for socks5:// `pip install socksio`."
        ) from error


def _address(environment: Mapping[str, str], variable: str, standard: str) -> str:
    address = environment.get(variable, "").strip().rstrip("/") or standard
    try:
        parts = urlsplit(address)
        usable = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not (parts.query or parts.fragment or parts.port == 0)
        )
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(f"{variable}={address!r} is no address of a server; write one such as {standard}")
    return address


def _key(environment: Mapping[str, str], variable: str) -> str:
    key = environment.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise SettingsError(
            f"{variable} has characters that no key has; copy it again"
        )  # its value is not for messages
    return key


def _number(environment: Mapping[str, str], variable: str, *, least: float) -> float | None:
    text = environment.get(variable, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not least <= number <= 3600:
        raise SettingsError(f"{variable}={text!r} cannot be used; write a number from {least:g} to 3600")
    return number
