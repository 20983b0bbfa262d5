"""This machine: what its addresses are, and that a request to it goes through no proxy."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from ipaddress import ip_address

_NAMES = ("localhost", "127.0.0.1", "::1")


def is_loopback(host: str) -> bool:
    """True for a name or address of this machine."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def without_proxy(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let no library of this process send what is meant for this machine through a proxy of the environment."""
    for name in ("NO_PROXY", "no_proxy"):
        given = [part.strip() for part in environment.get(name, "").split(",") if part.strip()]
        if given != ["*"]:
            environment[name] = ",".join([*given, *(one for one in _NAMES if one not in given)])
