"""What all tests share: no network beyond this machine, no keys, and a small library of invented abstracts."""

import io
import ipaddress
import logging
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
_KEYS = ("OPENAI", "ANTHROPIC", "GEMINI", "GOOGLE", "MISTRAL", "COHERE", "HF", "HUGGINGFACE", "AZURE")
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex

# How long an example takes is no law of the code, and depends on what else the machine does.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# What takes long is begun first, so that the processes of `make test` end together.
_LONGEST = ("test_ui_browser", "test_cli_upkeep", "test_cli", "test_answers", "test_verify", "test_providers")


def pytest_collection_modifyitems(items):
    """The longest files first, all else as it was."""
    first = {name: place for place, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: first.get(item.path.stem, len(first)))


def _is_local(sock, address):
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guard(connect):
    def guarded(sock, address):
        if not _is_local(sock, address):
            raise PermissionError(f"a test reached for {address!r}; only this machine may be reached")
        return connect(sock, address)

    return guarded


def _clean_environment(environment):
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("FOOTNOTE_")
        and not (name.endswith(("_KEY", "_TOKEN", "_API_BASE", "_BASE_URL")) and name.startswith(_KEYS))
    }


@pytest.fixture(scope="session", autouse=True)
def _heeding():
    """Ctrl-C reaches the processes of tests, also where the tests run in the background of a shell, which ignores it.

    A `preexec_fn` would do so too, and may hang in a process with other threads.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", _guard(_connect))
    monkeypatch.setattr(socket.socket, "connect_ex", _guard(_connect_ex))
    for name in set(os.environ) - set(_clean_environment(os.environ)):
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def abstracts_file():
    """A dozen invented abstracts as JSON lines."""
    return ROOT / "tests" / "data" / "abstracts.jsonl"


@pytest.fixture(scope="session")
def footnote():
    """Runs the real command in a process of its own: `footnote("ask", "…", stdin=…)` gives the finished process."""

    def run(*arguments, stdin="", cwd=ROOT, **environment):
        return subprocess.run(
            [sys.executable, "-m", "rag", *map(str, arguments)],
            input=stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=cwd,
            env=_clean_environment(os.environ) | {"PYTHONPATH": str(ROOT)} | environment,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def called():
    """As `footnote`, in this process: for what is shown no better by starting another, which takes a second."""
    from rag.cli.app import run

    def call(*arguments, stdin="", cwd=ROOT, **environment):
        streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for name in ("stdout", "stderr")}
        logger = logging.getLogger("rag")
        handlers, level = [*logger.handlers], logger.level
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(cwd)
            for name in set(os.environ) - set(_clean_environment(os.environ)):
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "surrogateescape")), "utf-8"))
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            try:
                status = run([str(argument) for argument in arguments])
            finally:
                logger.handlers[:] = handlers
                logger.setLevel(level)
        for stream in streams.values():
            stream.flush()
        return subprocess.CompletedProcess(arguments, status, *(one.buffer.getvalue() for one in streams.values()))

    return call


@pytest.fixture(scope="session")
def library_dir(tmp_path_factory, abstracts_file, footnote):
    """The folder of a library with the dozen abstracts in it, for reading only."""
    folder = tmp_path_factory.mktemp("library")
    done = footnote("ingest", abstracts_file, "--storage", folder)
    assert done.returncode == 0, done.stderr.decode()
    return folder


@pytest.fixture(scope="session")
def seeds():
    """The folder of the saved listing pages beside the checkout, the real input."""
    folder = ROOT.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip(f"no saved pages at {folder}: put them there to test on the real input")
    return folder


@pytest.fixture(scope="session")
def library_of(tmp_path_factory):
    """Gives an Assistant over what a file or folder holds, opened without any setting of the environment."""
    from rag import Assistant

    opened = []

    def over(source):
        with pytest.MonkeyPatch.context() as patch:
            for name in set(os.environ) - set(_clean_environment(os.environ)):
                patch.delenv(name)
            opened.append(Assistant.open(tmp_path_factory.mktemp("opened")))
            opened[-1].ingest([source])
        return opened[-1]

    yield over
    for assistant in opened:
        assistant.close()


@pytest.fixture(scope="session")
def assistant(library_of, abstracts_file):
    """An Assistant over the dozen abstracts, for reading only."""
    return library_of(abstracts_file)
