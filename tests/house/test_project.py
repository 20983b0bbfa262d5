"""The project's own files: what it depends on, the lock, the commands of the Makefile, and what the README says."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from rag.settings import Settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Who measures Footnote does so in a checkout, and has all of it.
DEV_ONLY = ("eval", "tests")
# What is used where it is installed.
EXTRAS = ("ui", "styles", "tracing")

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def required(*, dev: bool) -> dict[str, Requirement]:
    extras = (*EXTRAS, "dev") if dev else EXTRAS
    return named(
        [*PROJECT["dependencies"], *(line for name in extras for line in PROJECT["optional-dependencies"][name])]
    )


def named(lines: Sequence[str]) -> dict[str, Requirement]:
    """Requirements by the name of their distribution."""
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def pins() -> dict[str, list[tuple[str, str]]]:
    """For each distribution of the lock its versions with their markers."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, version, marker in re.findall(r"^([A-Za-z0-9._-]+)==([^ \\\n]+)(?: ; ([^\\\n]*))?", LOCK, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append((version, marker))
    return found


def foreign_imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    own = {"rag", "ui", "eval", "tests"}
    newer = {"compression"}  # the standard library of Python 3.14, imported there in the place of a backport
    return {name for name in names if name.split(".")[0] not in own | newer | set(sys.stdlib_module_names)}


@pytest.mark.parametrize("top", ["rag", "ui", "eval", "tests"])
def test_every_imported_distribution_is_declared(top: str) -> None:
    providers = packages_distributions()
    undeclared = []
    for path in sorted((ROOT / top).rglob("*.py")):
        declared = required(dev=top in DEV_ONLY)
        if path.is_relative_to(ROOT / "eval" / "train"):
            declared |= named(PROJECT["optional-dependencies"]["train"])
        if path.name == "ray_workers.py":
            declared |= named(PROJECT["optional-dependencies"]["ray"])
        for name in foreign_imports(path):
            package = name.split(".")[0]
            # A namespace such as llama_index comes from several distributions: one of them being declared will do.
            if not {canonicalize_name(given) for given in providers.get(package, [package])} & declared.keys():
                undeclared.append(f"{path.relative_to(ROOT)} imports {package}")
    assert undeclared == []


def test_lock_pins_a_fitting_version_of_every_dependency() -> None:
    pinned = pins()
    unfit = [
        f"{requirement} but the lock has {pinned.get(name)}"
        for name, requirement in required(dev=True).items()
        if not pinned.get(name) or not all(Version(v) in requirement.specifier for v, _ in pinned[name])
    ]
    assert unfit == [], "run `make lock`"


def test_every_pin_of_the_lock_has_hashes() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK, flags=re.MULTILINE)
    entries = [block for block in blocks if "==" in block.split("\n")[0]]
    assert len(entries) == sum(map(len, pins().values())) > 100
    assert [block.split("\n")[0] for block in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block)] == []


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml", "Makefile", ".ci/run"])
def test_no_address_of_a_registry_is_in(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert re.findall(r"https?://\S+|file://\S+|--index-url|--extra-index-url|--trusted-host|--find-links", text) == []


@needs_make
@pytest.mark.parametrize("change", ["nothing", "requirements.lock", "pyproject.toml"])
def test_setup_runs_again_only_when_what_it_installs_has_changed(change: str, tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "installed").write_bytes(
        (tmp_path / "requirements.lock").read_bytes() + (tmp_path / "pyproject.toml").read_bytes()
    )
    if change != "nothing":
        with (tmp_path / change).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
    os.utime(tmp_path / "requirements.lock")  # a fresh checkout is newer than the installation: no reason to install
    # `false` in the place of Python: an installation that is begun fails at once.
    done = subprocess.run(
        ["make", "setup", "PYTHON=false"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
    )
    assert ("Installing" in done.stderr, done.returncode != 0) == (
        (False, False) if change == "nothing" else (True, True)
    )


@needs_make
@pytest.mark.parametrize("target", ["setup", "demo", "ui", "test", "lint", "format", "lock", "bench", "clean"])
def test_help_lists(target: str) -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert f"make {target} — " in done.stdout


def test_ci_runs_lint_all_tests_and_the_gate() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    gate = '"${VENV:-.venv}/bin/python" -m eval gate --baseline eval/baseline.json'
    assert lines[-3:] == ["make lint", "make test", gate]


@pytest.mark.parametrize(
    ("together", "alone", "status", "said"),
    [
        ("True", "True", 0, ["1 passed, 1 deselected", "1 passed, 1 deselected"]),
        ("False", "True", 1, ["1 failed, 1 deselected", "1 passed, 1 deselected"]),
        ("True", "False", 1, ["1 passed, 1 deselected", "1 failed, 1 deselected"]),
        ("True", None, 0, ["1 passed", "1 deselected"]),
        (None, None, 5, ["no tests ran", "no tests ran"]),
    ],
)
def test_all_tests_are_run_once_and_a_failure_on_either_side_is_one(
    together: str | None, alone: str | None, status: int, said: list[str], tmp_path: Path
) -> None:
    lines = ["import pytest"]
    lines += [f"def test_together(): assert {together}"] if together else []
    lines += [f"@pytest.mark.alone\ndef test_alone(): assert {alone}"] if alone else []
    (tmp_path / "test_some.py").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "tests", "-c", "pyproject.toml", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "JOBS": "0"})
    assert done.returncode == status, done.stdout
    assert re.findall(r"^(\d .*|no tests ran) in ", done.stdout, re.MULTILINE) == said


def test_readme_has_a_row_for_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `FOOTNOTE_([A-Z_]+)` \| `?([^`|]*?)`? \|", README, re.MULTILINE))
    shown = {
        name.upper(): "none" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert {name: rows.get(name) for name in shown} == shown
    assert set(rows) - set(shown) <= {"STORAGE"}


def test_readme_is_short_enough_to_read() -> None:
    assert len(README.splitlines()) <= 370


@needs_make
def test_make_commands_in_the_readme_exist() -> None:
    named = set(re.findall(r"`make ([a-z]+)|^\$? ?make ([a-z]+)", README, re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {a or b for a, b in named} <= targets
    assert "demo" in {a or b for a, b in named}
