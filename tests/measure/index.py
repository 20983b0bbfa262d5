"""What the derived index costs by its size, without Chroma: `python -m tests.measure.index --records 10000 100000`.

Papers are made as in `tests.measure.scale`, with authors of their own. Each step is a process of its own: making the
index from nothing; making it again when ten abstracts are others; and then opening it and looking up what one question
needs (names, titles, people, conditions, words), the median of forty questions. Seconds of processor time, which a
machine that others use changes little, and peak memory.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from statistics import median

from rag.answers.metadata.shortlist import first_of
from rag.library.flat_records import Record
from rag.model import Paper
from rag.retrieval.index.lexical_index import load_index
from rag.retrieval.index.making import renew_index
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.people import people_in
from rag.retrieval.question.reading import read
from tests.measure.ingest import peak_mb
from tests.measure.scale import made

ASKED = 40
CHANGED = 10


class ShelfInFile:
    """The papers of a file of `tests.measure.scale`, read as they are asked for; so many of them are others than there.

    Two of three authors have a name that few others have. It owns the open file and lives for one step.
    """

    def __init__(self, file: Path, *, changed: int = 0) -> None:
        self._file = file.open("rb")
        self._at = array("q", [0])
        self._having: dict[str, str] = {}
        for n, line in enumerate(self._file):
            self._at.append(self._at[-1] + len(line))
            if changed:
                self._having[_hash(line)] = f"p{n}"
        count = len(self._at) - 1
        self._changed = {f"p{n * count // changed}" for n in range(changed)}

    def ids(self) -> list[str]:
        """The ids of all papers."""
        return [f"p{n}" for n in range(len(self._at) - 1)]

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """The papers of these ids."""
        found = {}
        for key in ids:
            n = int(key[1:])
            self._file.seek(self._at[n])
            line = self._file.readline()
            fields = json.loads(line)
            who = ("Ann Owl", f"A{n % 977} Fox", f"B{n} Elk{n % 9973}")
            paper = Paper(**(fields | {"authors": who, "published": date.fromisoformat(fields["published"])}))
            found[key] = Record(paper, "", _hash(line))
            if key in self._changed:
                other = replace(paper, abstract=f"{paper.abstract} We present Owl{n}Net too.")
                found[key] = Record(other, "", f"other {n}")
        return found

    def unchanged(self, content_hashes: Sequence[str]) -> set[str]:
        """The ids of the papers that have any of these hashes."""
        return {self._having[content] for content in content_hashes if content in self._having} - self._changed


def _hash(line: bytes) -> str:
    return sha256(line).hexdigest()[:16]


def measured(step: str, file: Path, folder: Path) -> dict[str, float]:
    """Seconds of processor time of one step, those of a question where it asks, and the peak of memory."""
    if step in ("make", "renew"):
        shelf = ShelfInFile(file, changed=CHANGED if step == "renew" else 0)
        begun = time.process_time()
        renew_index(folder, "any", shelf, anew=step == "make")
        return {"s": time.process_time() - begun, "mb": peak_mb()}
    begun = time.process_time()
    index = load_index(folder, "any")
    assert index is not None
    opened = time.process_time() - begun
    taken = []
    for n in range(ASKED):
        at = n * len(index.papers) // ASKED
        began = time.process_time()
        text = f"What does {index.papers[at].title.partition(':')[0]} by Ann Owl say of discriminitive generation?"
        find_names(text, index)
        people_in(text, index)
        index.scores(text)
        index.ids.of(range(at, min(at + 50, len(index.ids))))
        Conditions(since=date(2012, 1, 1), source="few").met_in(index.columns, index.position)
        first_of(read("Which paper is the newest?"), index, counted=False)
        taken.append(time.process_time() - began)
    return {"s": opened, "first": taken[0], "asked": median(taken), "mb": peak_mb()}


def main() -> None:
    """Measure every size, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--folder", type=Path, default=Path("build/scale"))
    parser.add_argument("--one", nargs=3, metavar=("STEP", "FILE", "INDEX"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        step, file, folder = given.one
        print(json.dumps(measured(step, Path(file), Path(folder))))
        return
    given.folder.mkdir(parents=True, exist_ok=True)
    print(
        f"| papers | made | memory | {CHANGED} changed | memory | on disk "
        "| opened | first question | others | memory |\n" + "| ---: " * 10 + "|"
    )
    for records in given.records:
        file, folder = made(given.folder / f"papers-{records}.jsonl", records), given.folder / f"index-{records}"
        make, renew, ask = (_apart(step, file, folder) for step in ("make", "renew", "ask"))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        cells = [f"{records:,}", f"{make['s']:,.0f} s", f"{make['mb']:,.0f} MB"]
        cells += [f"{renew['s']:,.1f} s", f"{renew['mb']:,.0f} MB", f"{size / 1e6:,.0f} MB"]
        cells += [f"{1000 * ask[what]:,.1f} ms" for what in ("s", "first", "asked")]
        cells.append(f"{ask['mb']:,.0f} MB")
        print(f"| {' | '.join(cells)} |", flush=True)


def _apart(step: str, file: Path, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.measure.index", "--one", step, str(file), str(folder)]
    found: dict[str, float] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


if __name__ == "__main__":
    main()
