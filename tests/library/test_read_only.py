"""A library on a disk that cannot be written: it is asked and exported from a copy, and nothing is left behind."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The rights of a folder do not bind root: it gets the folder mounted for reading only, where only its processes see it.
MOUNTED = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


@pytest.fixture
def unwritable(library_dir, tmp_path):
    """Gives what to put before a command for which the library in `tmp_path`/library is read-only."""
    folder = tmp_path / "library"
    shutil.copytree(library_dir, folder)
    (tmp_path / "temporary").mkdir()
    if os.geteuid():
        every = (folder, *folder.rglob("*"))
        for path in every:
            path.chmod(path.stat().st_mode & ~0o222)
        yield []
        for path in every:
            path.chmod(path.stat().st_mode | 0o700)
        return
    prefix = ["unshare", "--mount", "sh", "-c", MOUNTED, str(folder)]
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here for reading only, and the rights of a folder do not bind root")
    yield prefix


def test_library_that_cannot_be_written_is_asked_exported_and_looked_over(unwritable, tmp_path, abstracts_file):
    def run(*arguments):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
        return subprocess.run(
            [*unwritable, sys.executable, "-m", "rag", *arguments, "--storage", str(tmp_path / "library")],
            env=environment | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "temporary")},
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    notice = f"{tmp_path / 'library'} cannot be written; it is read from a copy in {tmp_path / 'temporary'}"
    asked = run("ask", "How many tokens does OwlNet keep?")
    assert asked.returncode == 0, asked.stderr
    assert "OwlNet" in asked.stdout
    assert asked.stderr.count("cannot be written") == asked.stderr.count(notice) == 1
    exported = run("export", "-")
    assert (exported.returncode, len(exported.stdout.splitlines())) == (0, len(abstracts_file.read_text().splitlines()))
    assert run("doctor", "--check").returncode == 0
    refused = run("ingest", str(abstracts_file))
    assert refused.returncode == 1
    assert "cannot be written: " in refused.stderr.splitlines()[-1]
    assert list((tmp_path / "temporary").glob("footnote-*")) == []
