"""Commands of `eval`, run in the process of the tests."""

import io
import subprocess
from contextlib import redirect_stderr, redirect_stdout

import pytest

from eval.__main__ import main


def evaluate(*arguments, cwd, **environment):
    """As `python -m eval` in a folder, in this process; where one is killed, it has a process of its own."""
    said, told = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(told):
        patch.chdir(cwd)
        for name, value in environment.items():
            patch.setenv(name, value)
        status = main([str(argument) for argument in arguments])
    return subprocess.CompletedProcess(arguments, status, said.getvalue(), told.getvalue())
