"""Ports of this machine for tests: one for a server to come, and one where nobody answers."""

import random
import socket
from contextlib import contextmanager, suppress

_dice = random.SystemRandom()  # the other one begins alike in all processes when Hypothesis has set it


def free_port():
    """A port that nobody has, outside of the range from which the system gives ports to whoever asks for any."""
    while True:
        port = _dice.randrange(20_000, 30_000)
        with suppress(OSError), socket.socket() as sock:
            sock.bind(("127.0.0.1", port))
            return port


@contextmanager
def closed_port():
    """A port that refuses every connection: as long as the block lasts, nobody else can get it."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]
