"""Break what can be broken and print a table of what came of it; the last column has to be all zeros.

`python -m tests.campaign` takes a minute or two; `--kills 1000 --faults 100 --inputs 100000 --askers 50 --questions
10000 --served 600` hours. A case is known by the seed and its number, which the lines below the table name. The exit
status is 1 when something broke.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.campaign.askers import asked
from tests.campaign.faults import clock, full_disk, kills, small_disk, writers
from tests.campaign.inputs import fuzzed
from tests.campaign.nursery import Nursery
from tests.campaign.outage import served
from tests.campaign.row import HEAD, Row


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=48, help="kills, in all operations in turn")
    parser.add_argument("--faults", type=int, default=6, help="each of: full disks, jumps of the clock, two writers")
    parser.add_argument("--inputs", type=int, default=1000, help="fuzzed inputs of all kinds")
    parser.add_argument("--askers", type=int, default=20, help="who ask at once")
    parser.add_argument("--questions", type=int, default=200, help="asked one after the other")
    parser.add_argument(
        "--served", type=int, default=0, help="seconds: a Chroma server, eight who ask and one who writes"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ.pop("FOOTNOTE_CHROMA_URL", None)
    broken: list[str] = []
    begun = time.monotonic()
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="footnote-campaign-") as name:
        home = Path(name)

        def show(rows: list[Row]) -> None:
            for row in rows:
                print(row.line(), flush=True)
                broken.extend(f"{row.fault}: {line}" for line in row.broken)

        with Nursery() as nursery:
            of_machine: dict[str, tuple[Callable[..., list[Row]], int]] = {
                "kills": (kills, given.kills), "disk": (full_disk, given.faults),
                "small": (small_disk, (given.faults + 2) // 3), "clock": (clock, given.faults),
                "writers": (writers, given.faults),
            }  # fmt: skip
            for what, (tried, count) in of_machine.items():
                show(tried(nursery, home / what, count, given.seed) if count else [])
        show(fuzzed(home / "inputs", given.inputs, given.seed))
        show(asked(home / "askers", given.askers, given.questions) if given.askers or given.questions else [])
        show(served(home / "served", given.served) if given.served else [])
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    spent = sum(one.ru_utime + one.ru_stime for one in (own, others))
    print(f"\nseed {given.seed}, {time.monotonic() - begun:.0f} s, {spent:.0f} s of processor time")
    for line in broken:
        print(f"BROKEN {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
