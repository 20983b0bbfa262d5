"""A minute of the campaign of faults; `python -m tests.campaign` by hand is the rest of it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.alone  # the kills come at moments of the time that an undisturbed operation takes

ROOT = Path(__file__).parents[2]


def test_no_fault_of_a_small_campaign_breaks_anything():
    some = "--kills 8 --faults 1 --inputs 140 --askers 8 --questions 20 --seed 7".split()
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaign", *some], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.split(" | ") for line in done.stdout.splitlines() if line.startswith("| ")][2:]
    assert len(rows) >= 20
    assert {row[-1] for row in rows} == {"0 |"}
