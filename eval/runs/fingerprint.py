"""What a run was made with: two runs with one fingerprint give the same answers."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import rag
from rag.formats.contract import paper_line
from rag.model import Paper
from rag.settings import Settings


@dataclass(frozen=True)
class Fingerprint:
    """Short hashes of everything that an answer depends on; `model` and `judge` are names, "" for none."""

    library: str
    papers: int
    questions: str
    settings: str
    prompts: str
    code: str
    embedding: str
    model: str
    judge: str

    def differs(self, other: Fingerprint) -> tuple[str, ...]:
        """The names of the parts that are not the same."""
        return tuple(one.name for one in fields(self) if getattr(self, one.name) != getattr(other, one.name))


def fingerprint(
    papers: Iterable[Paper], settings: Settings, files: Sequence[Path], *, model: str = "", judge: str = ""
) -> Fingerprint:
    """The fingerprint of a run of the questions in `files`."""
    lines = sorted(paper_line(paper) for paper in papers)
    home = Path(rag.__file__).parent
    # A key is no part of what an answer depends on, and has no place in a file, not even as a hash. Nor is how long
    # is waited for a model: who raises that after the first failures goes on with the run.
    plain = {
        name: str(value)
        for name, value in settings.model_dump().items()
        if "key" not in name and name != "llm_timeout_s"
    }
    return Fingerprint(
        _hash(line.encode() for line in lines),
        len(lines),
        _hash(path.read_bytes() for path in files),
        _hash([json.dumps(plain, sort_keys=True).encode()]),
        _hash(path.read_bytes() for path in sorted((home / "answers" / "generation").glob("prompts*"))),
        _hash(_sources(home)),
        settings.embedding,
        model,
        judge,
    )


def commit() -> str:
    """The commit of the checkout, with "+" when files differ from it; "" where there is no git."""
    try:
        home = Path(rag.__file__).parent
        head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=home, capture_output=True, text=True)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "-uno", "."], cwd=home, capture_output=True, text=True
        )
    except OSError:
        return ""
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "") if not head.returncode else ""


def from_json(values: dict[str, object]) -> Fingerprint:
    """The fingerprint that `asdict` made plain."""
    return Fingerprint(**values)  # type: ignore[arg-type]


def _sources(home: Path) -> Iterable[bytes]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{path.relative_to(home).as_posix()}\n".encode() + path.read_bytes()


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:12]


__all__ = ["Fingerprint", "asdict", "commit", "fingerprint", "from_json"]
