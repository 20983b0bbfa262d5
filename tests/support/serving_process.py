"""A server of Footnote in a process of its own: started on a free port, ended as an operator would."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

from tests.conftest import ROOT, _clean_environment


class Served:
    """A process that serves, and what it has written to standard error so far. `url` is where it listens."""

    def __init__(self, arguments, environment):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rag", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
            env=_clean_environment(os.environ) | {"PYTHONPATH": str(ROOT)} | environment,
        )  # fmt: skip
        self.lines = [self.process.stderr.readline().decode()]
        found = re.search(r"http://\S+:\d+", self.lines[0])
        assert found, self.lines[0] + self.process.stderr.read().decode()
        self.url = found[0]
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self):
        self.lines += [line.decode() for line in self.process.stderr]

    def end(self, number=signal.SIGTERM):
        """The exit status after this signal, and what is on standard output."""
        self.process.send_signal(number)
        out = self.process.stdout.read()
        status = self.process.wait(60)
        self._reading.join(60)
        return status, out


@contextmanager
def serving(*arguments, **environment):
    served = Served(arguments, environment)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            served.end()
        served.process.stdout.close()
        served.process.stderr.close()
