"""Runs on disk: `storage/runs/NAME/` with `run.json`, `answers.jsonl` (a line a question) and `scorecard.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.questions.record import Record, read_record
from eval.runs.fingerprint import Fingerprint, from_json
from rag.errors import SettingsError, SourceError

RUNS = Path("storage/runs")
FORMAT = 1


@dataclass(frozen=True)
class Head:
    """What `run.json` says: when and with what the run was made.

    `started` is an ISO time, `seconds` what all its starts took that came to an end (None before the first does),
    `only` the group of metrics that was asked for, `verifier` the balanced accuracy of the verifier on judged
    sentences, by split.
    """

    name: str
    started: str
    questions: tuple[str, ...]
    fingerprint: Fingerprint
    commit: str
    python: str
    storage: str = ""
    only: str | None = None
    seconds: float | None = None
    verifier: dict[str, float] | None = None


@dataclass(frozen=True)
class Finished:
    """A run read back: its head, and its records in the order of the questions."""

    head: Head
    records: tuple[Record, ...]
    folder: Path


def folder_of(name: str | Path) -> Path:
    """The folder of a run that is named, or given as a path."""
    path = Path(name)
    return path if (path / "run.json").exists() else RUNS / name


def load_run(name: str | Path) -> Finished:
    """The run with this name or path.

    Raises:
        SourceError: there is none, or it cannot be read.
    """
    folder = folder_of(name)
    if not (folder / "run.json").exists():
        known = sorted(path.parent.name for path in RUNS.glob("*/run.json"))
        there = f"There are: {', '.join(known)}." if known else "Make one: python -m eval run."
        raise SourceError(f"there is no run {str(name)!r}. {there}")
    records = tuple(read_record(line) for line in whole_lines(folder / "answers.jsonl"))
    return Finished(read_head(folder), records, folder)


def read_head(folder: Path) -> Head:
    """The head of the run in `folder`.

    Raises:
        SourceError: it cannot be read.
    """
    try:
        row: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8"))
        if row.pop("format") != FORMAT:
            raise SourceError(f"{folder / 'run.json'} has another format. Make the run again.")
        row["questions"] = tuple(row["questions"])
        return Head(**{**row, "fingerprint": from_json(row["fingerprint"])})
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError(f"{folder / 'run.json'} cannot be read ({error!r}). Make the run again.") from error


def write_head(folder: Path, head: Head) -> None:
    """Write `run.json`, whole or not at all."""
    write_json(folder / "run.json", {"format": FORMAT, **asdict(head)})


def write_json(path: Path, value: Any) -> None:
    """Write indented JSON, whole or not at all."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file by way of another, so that a kill leaves the old one or the new one."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def whole_lines(path: Path) -> list[str]:
    """The lines of `answers.jsonl` that can be read; one that a kill cut short is left out."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    found = []
    for n, line in enumerate(lines, 1):
        try:
            read_record(line)
        except ValueError as error:
            if n == len(lines):
                break
            raise SourceError(f"{path}, line {n} cannot be read: {error}. Make the run again.") from error
        found.append(line)
    return found


def new_folder(name: str) -> Path:
    """The folder for a run with this name, made if it is not there.

    Raises:
        SettingsError: the name is none for a folder.
    """
    if not name or name in (".", "..") or Path(name).name != name:
        raise SettingsError(f"a run cannot be called {name!r}; use letters, digits, - and _.")
    folder = RUNS / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cards_path(folder: Path) -> Path:
    """Where the scorecard of a run is."""
    return folder / "scorecard.json"


__all__: Sequence[str] = [
    "RUNS", "Finished", "Head", "cards_path", "folder_of", "load_run", "new_folder", "read_head", "whole_lines",
    "write_head", "write_json", "write_text",
]  # fmt: skip
