"""Read mutated files and tell which of them end in anything but papers, rejected records or one clear error.

`python -m tests.fuzz --cases 10000 --seed 1`. A case is known by its seed and number, and is made again by
`--first NUMBER --cases 1 --keep FILE`. The exit status is 1 when a case failed.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from types import FrameType

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources import read_file

from .mutate import mutated
from .seeds import SEEDS

SECONDS = 10
"""Of processor time for a case; most take a hundredth of one."""

MEGABYTES = 400
"""Beyond what the process has when it begins."""


class TooSlowError(Exception):
    """The case took longer than it may."""


def case(seed: int, number: int) -> bytes:
    """The mutated file of that number."""
    chance = Random(f"{seed}:{number}")
    every = list(SEEDS.values())
    return mutated(chance.choice(every), chance, every)


def outcome(path: Path) -> str:
    """ "papers" or "error" as it should be, or else what went wrong."""
    try:
        entries = list(read_file(path).entries)
    except SourceError as error:
        return "error" if _one_line(str(error)) else f"an error of several lines or none: {str(error)!r:.200}"
    except TooSlowError:
        return f"more than {SECONDS} s"
    except Exception as error:  # this is what is looked for
        return f"{type(error).__name__}: {error!s:.200}"
    if not entries:
        return "neither papers nor an error"
    for entry in entries:
        if isinstance(entry, Rejected) and not (_one_line(entry.reason) and entry.line >= 1):
            return f"a bad reason: {entry!r:.300}"
        if isinstance(entry, Paper):
            try:
                "".join((entry.title, entry.abstract, *entry.authors, *entry.extra.values())).encode()
            except UnicodeEncodeError as error:
                return f"a paper that cannot be written: {error}"
            if not (entry.title or entry.abstract) or "\n" in entry.title:
                return f"a paper without words, or with a title of several lines: {entry!r:.300}"
    return "papers"


def _one_line(text: str) -> bool:
    return bool(text) and "\n" not in text and len(text) < 2_000


def _too_slow(signum: int, frame: FrameType | None) -> None:
    raise TooSlowError


def main() -> int:
    """Run the cases; the number of those that failed decides the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write the first case that fails here (with one case: that one)")
    given = parser.parse_args()
    counts: dict[str, int] = {}
    failed = 0
    began, slowest = time.perf_counter(), (0.0, 0)
    signal.signal(signal.SIGVTALRM, _too_slow)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case")
        for seeded in SEEDS.values():  # all imports happen here, before the limit is set
            path.write_bytes(seeded)
            if outcome(path) != "papers":
                print(f"a seed is not read: {outcome(path)}")
                return 1
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + (MEGABYTES << 20),) * 2)
        for number in range(given.first, given.first + given.cases):
            data = case(given.seed, number)
            path.write_bytes(data)
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            worked = time.process_time()
            result = outcome(path)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            slowest = max(slowest, (time.process_time() - worked, number))
            counts[result if result in ("papers", "error") else "failed"] = (
                counts.get(result if result in ("papers", "error") else "failed", 0) + 1
            )
            if result not in ("papers", "error"):
                failed += 1
                print(f"case {number} of seed {given.seed}: {result}", flush=True)
            if given.keep and (given.cases == 1 or (result not in ("papers", "error") and failed == 1)):
                given.keep.write_bytes(data)
    print(
        f"{given.cases} cases in {time.perf_counter() - began:.0f} s: {counts}; the slowest took {slowest[0]:.1f} s "
        f"(case {slowest[1]}), the peak was {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
