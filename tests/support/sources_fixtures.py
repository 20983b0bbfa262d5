"""What the tests of readers share: two invented abstracts, and reading in a process whose memory is then known."""

import subprocess
import sys

import pytest

OWL = "We present OwlNet, a network that reads night images with 12 tokens and without any labels."
FOX = "FoxEar keeps 300 sounds in a table and finds each of them again within a few milliseconds."
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")

_CODE = """
import sys
from rag.errors import SourceError
from rag.sources import read_file
kinds = {"Paper": 0, "Rejected": 0}
error = ""
try:
    for entry in read_file(sys.argv[1]).entries:
        kinds[type(entry).__name__] += 1
except SourceError as caught:
    error = str(caught)
# Not `ru_maxrss`, which a process inherits from the one that started it.
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(kinds["Paper"], kinds["Rejected"], peak, error)
"""


def read_elsewhere(path):
    """How many papers and rejected records a file gave, the peak of memory in kilobytes, and the error or ""."""
    done = subprocess.run([sys.executable, "-c", _CODE, str(path)], capture_output=True, text=True, check=True)
    papers, rejected, kilobytes, error = done.stdout.rstrip("\n").split(" ", 3)
    return int(papers), int(rejected), int(kilobytes), error
