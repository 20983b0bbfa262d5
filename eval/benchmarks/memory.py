"""Peak memory of a process."""

from __future__ import annotations

import sys


def peak_mb() -> float:
    """The most memory this process has held so far, in megabytes (millions of bytes); not on Windows."""
    import resource

    return megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def megabytes(ru_maxrss: int) -> float:
    """What getrusage gives, in megabytes: Linux counts in units of 1,024 bytes, macOS in bytes."""
    return ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
