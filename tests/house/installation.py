"""Installs the built wheel into empty environments, the ways that people do, and asks each installation a question.

`python -m tests.house.installation [pip] [uv] [tool] [uvx] [pipx]` (all without a name) takes some minutes and asks a
package registry; what CI runs of it is in `tests/house/test_wheel.py`. Ends with status 1 if one did not answer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NEEDED = ("rag", "ui", "pyproject.toml", "README.md", "LICENSE", "storage/library")
QUESTION = "How many vision tokens does LLaVA-Mini keep?"


def wheel(folder: Path) -> Path:
    """The wheel, built within `folder` from a copy of the checkout, with the setuptools that is installed here."""
    source = folder / "source"
    for name in _NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, "-w", folder, source], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    [built] = folder.glob("*.whl")
    return built


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What the command writes to standard output; RuntimeError with what it says where it fails."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return done.stdout


def uv() -> str:
    """The uv of this installation, or the one on the path."""
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else "uv"


def with_pip(built: Path, at: Path) -> list[str]:
    """`pip install` into an empty environment; the command of what was installed."""
    run(sys.executable, "-m", "venv", "env", cwd=at)
    run(at / "env/bin/pip", "install", "--quiet", built, cwd=at)
    return [str(at / "env/bin/footnote")]


def with_uv(built: Path, at: Path) -> list[str]:
    """`uv pip install`, which makes hard links to its cache."""
    run(uv(), "venv", "--python", sys.executable, "env", cwd=at)
    run(uv(), "pip", "install", "--python", "env/bin/python", built, cwd=at)
    return [str(at / "env/bin/footnote")]


def with_tool(built: Path, at: Path) -> list[str]:
    """`uv tool install`."""
    run(uv(), "tool", "install", "--python", sys.executable, built, cwd=at)
    return [str(at / "bin/footnote")]


def with_uvx(built: Path, at: Path) -> list[str]:
    """`uvx`, which installs when it is first run."""
    command = [uv(), "tool", "run", "--python", sys.executable, "--from", str(built), "footnote-papers"]
    run(*command, "--version", cwd=at)
    return command


def with_pipx(built: Path, at: Path) -> list[str]:
    """`pipx install`, with a pipx of its own."""
    run(sys.executable, "-m", "venv", "pipx", cwd=at)
    run(at / "pipx/bin/pip", "install", "--quiet", "pipx", cwd=at)
    run(at / "pipx/bin/pipx", "install", built, cwd=at, PIPX_HOME=str(at / "home"), PIPX_BIN_DIR=str(at / "bin"))
    return [str(at / "bin/footnote")]


WAYS: dict[str, Callable[[Path, Path], list[str]]] = {
    "pip": with_pip,
    "uv": with_uv,
    "tool": with_tool,
    "uvx": with_uvx,
    "pipx": with_pipx,
}


def check(command: Sequence[str], at: Path) -> None:
    """An answer with its citation from the bundled digests, in a folder where nothing is. Raises AssertionError."""
    answer = json.loads(run(*command, "ask", QUESTION, "--json", cwd=at))
    assert answer["status"] == "answered", answer
    assert answer["citations"][0]["quote"], answer
    assert not (at / "storage").exists(), "asking made a library"


def main(names: Sequence[str]) -> int:
    """0 if all the ways that are named (else all) lead to an answer."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        built = wheel(Path(folder))
        # Links need the cache on the same file system; one cache for all, so that the packages come once.
        os.environ |= {"UV_CACHE_DIR": f"{folder}/cache", "UV_NO_PROGRESS": "1"}
        for name in names or WAYS:
            at = Path(folder) / name
            at.mkdir()
            os.environ |= {"XDG_CACHE_HOME": str(at / "caches"), "HOME": str(at)}
            os.environ |= {"UV_TOOL_DIR": str(at / "tools"), "UV_TOOL_BIN_DIR": str(at / "bin")}
            begun = time.perf_counter()
            try:
                command = WAYS[name](built, at)
                installed = time.perf_counter()
                check(command, at)
                linked = sum(1 for file in at.rglob("*.py") if file.stat().st_nlink > 1)
                said = f"{installed - begun:.0f} s, first answer after {time.perf_counter() - installed:.0f} s more"
                print(f"{name}: installed in {said}; {linked} modules are hard links", flush=True)
            except (RuntimeError, AssertionError) as error:
                failed = 1
                print(f"{name}: {error}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
