"""All tests, in two runs of pytest: most of them in several processes at once, then those that want the machine alone.

`python -m tests [ARGUMENTS OF PYTEST]`, or `make test ARGS="…"`. Both runs get the arguments, and both are done,
whatever the first one finds. JOBS says how many processes; without it there are two.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A file stays in one process, so that what its tests share is made once.
_TOGETHER = ("--dist", "loadfile", "--no-loadscope-reorder", "-n", os.environ.get("JOBS") or "2")
RUNS = (("-m", "not alone", *_TOGETHER), ("-m", "alone"))
# What pytest says of itself.
PASSED, FAILED, NONE_CHOSEN = 0, 1, 5


def main(arguments: Sequence[str]) -> int:
    """0 when all tests passed, else what the first run says that went wrong; 5 when no test was chosen at all."""
    found = []
    for run in RUNS:
        command = [sys.executable, "-m", "pytest", "-ra", *run, *arguments]
        found.append(subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode)
        if found[-1] not in (PASSED, FAILED, NONE_CHOSEN):  # interrupted, or not even begun
            return found[-1]
    wrong = [status for status in found if status not in (PASSED, NONE_CHOSEN)]
    return wrong[0] if wrong else min(found)


def _environment() -> dict[str, str]:
    # The tests start hundreds of processes, and each would compile all modules anew.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
