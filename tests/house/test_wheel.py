"""The wheel: what is in it, and that it runs where it is installed. `tests/house/installation.py` has the rest."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.house.installation import ROOT, uv, wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_has_code_models_page_and_digests_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        digests = archive.read("rag/cli/data/papers.jsonl")
    kept = {
        path.relative_to(ROOT).as_posix() for top in ("rag", "ui") for path in (ROOT / top).rglob("*") if path.is_file()
    }
    assert names == {name for name in kept if "__pycache__" not in name}
    assert digests == (ROOT / "storage/library/papers.jsonl").read_bytes()


def test_an_installation_through_hard_links_cites_from_the_digests(built: Path, tmp_path: Path) -> None:
    environment = os.environ | {"UV_CACHE_DIR": str(tmp_path / "cache"), "XDG_CACHE_HOME": str(tmp_path / "caches")}
    environment.pop("PYTHONPATH", None)

    def run(*command: str | Path) -> str:
        done = subprocess.run(list(map(str, command)), cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    run(uv(), "venv", "--quiet", "--offline", "--python", sys.executable, "env")
    run(uv(), "pip", "install", "--quiet", "--offline", "--no-deps", "--python", "env/bin/python", built)
    [site] = tmp_path.glob("env/lib/*/site-packages")
    # What it depends on is that of this environment; that costs nothing, and the wheel's own files come first.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    assert (site / "rag/neural/data/cross_encoder.onnx").stat().st_nlink > 1
    where = run("env/bin/python", "-P", "-c", "import rag; print(rag.__file__)")
    assert Path(where.strip()).is_relative_to(site)
    assert run("env/bin/footnote-papers", "--version") == "footnote 0.1.0\n"
    assert "is empty" in subprocess.run(
        ["env/bin/footnote", "ask", "why?", "--storage", "mine"],
        cwd=tmp_path, env=environment, capture_output=True, text=True,
    ).stderr  # fmt: skip
