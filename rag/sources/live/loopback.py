"""Addresses of servers: which are of this machine, to which no proxy leads, and which have a password in them."""

from __future__ import annotations

import os
import re
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


def has_password(address: str) -> bool:
    """True for an address with a name or a password before its host, which errors, logs and records would show."""
    return re.search(r"//[^/?#\s]*@", address) is not None


def without_proxy(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let no library of this process send what is meant for this machine through a proxy of the environment."""
    for name in ("NO_PROXY", "no_proxy"):
        given = [part.strip() for part in environment.get(name, "").split(",") if part.strip()]
        if given != ["*"]:
            environment[name] = ",".join([*given, *(one for one in _NAMES if one not in given)])
