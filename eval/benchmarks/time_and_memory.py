"""`python -m eval bench`: time and memory of ingest, search and ask, and of a plain LlamaIndex and Chroma pipeline."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from eval.benchmarks.cost import QUESTIONS
from eval.benchmarks.memory import megabytes
from rag.errors import FootnoteError, SourceError

BUNDLED = Path("storage/library/papers.jsonl")
_STARTS = 5


@dataclass(frozen=True)
class Line:
    """One measured value; `ratio` relates it to another line, which `to` names."""

    what: str
    value: float
    unit: str
    ratio: float | None = None
    to: str = ""


def bench(file: Path, *, rounds: int) -> list[Line]:
    """All measurements on the papers of `file`, the medians of `rounds` rounds where a step takes seconds.

    Each round embeds and ingests one after the other, so that a ratio compares the same minutes of the machine.

    Raises:
        SourceError: the file does not exist.
        FootnoteError: a step failed.
    """
    if not file.exists():
        raise SourceError(f"{file} does not exist. Run this in the checkout, or name a file with --library.")
    taken: list[dict[str, Any]] = []
    with TemporaryDirectory() as folder:
        for n in range(rounds):
            storage = Path(folder) / str(n)
            # Ingest comes first: embedding and the plain pipeline take their papers from the library that it makes.
            taken.append({step: _step(step, file, storage) for step in ("ingest", "embed", "plain")})
            print(f"round {n + 1} of {rounds} done", file=sys.stderr)
        answered = _step("ask", file, storage)
        cold = [_started("--storage", str(storage), "ask", answered["question"]) for _ in range(_STARTS)]
        helped = [_started("--help") for _ in range(_STARTS)]

    def over(step: str, name: str = "seconds") -> float:
        return median(float(each[step][name]) for each in taken)

    def ratio(step: str, other: str) -> float:
        return median(float(each[step]["seconds"]) / float(each[other]["seconds"]) for each in taken)

    size = f"{taken[0]['embed']['papers']} papers, {taken[0]['embed']['passages']} passages"
    search, ask, other = answered["search_ms"], answered["ask_ms"], taken[-1]["plain"]["search_ms"]
    memory = over("ingest", "peak_mb")
    return [
        Line(f"embedding alone ({size})", over("embed"), "s"),
        Line("ingest", over("ingest"), "s", ratio("ingest", "embed"), "embedding alone"),
        Line("ingest again, nothing new", over("ingest", "again"), "s"),
        Line(f"search, warm, median of {QUESTIONS}", median(search), "ms", median(search) / median(other), "plain"),
        Line("search, warm, 95th percentile", _percentile_95(search), "ms"),
        Line(f"ask, warm, median of {QUESTIONS}", median(ask), "ms"),
        Line("ask, warm, 95th percentile", _percentile_95(ask), "ms"),
        Line("ask, new process", median(seconds for seconds, _ in cold), "s"),
        Line("footnote --help", median(seconds for seconds, _ in helped), "s"),
        Line("peak memory, ingest", memory, "MB", memory / over("plain", "peak_mb"), "plain"),
        Line("peak memory, asking process", median(mb for _, mb in cold), "MB"),
        Line("plain pipeline: ingest", over("plain"), "s", ratio("plain", "embed"), "embedding alone"),
        Line(f"plain pipeline: retrieval, warm, median of {QUESTIONS}", median(other), "ms"),
        Line("plain pipeline: peak memory", over("plain", "peak_mb"), "MB"),
    ]  # fmt: skip


def table(lines: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    rows = ["| | | ratio |", "| --- | ---: | --- |"]
    for line in lines:
        related = f"{line.ratio:.2f} × {line.to}" if line.ratio is not None else ""
        digits = 0 if line.unit == "MB" else 2 if line.unit == "s" else 1
        rows.append(f"| {line.what} | {line.value:,.{digits}f} {line.unit} | {related} |")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Print the table, or with `--json` one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m eval bench", description=__doc__)
    parser.add_argument("--library", type=Path, default=BUNDLED, metavar="FILE", help=f"papers to use ({BUNDLED})")
    parser.add_argument("--rounds", type=int, default=3, help="how often to ingest (3)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    if given.rounds < 1:
        parser.error(f"--rounds is {given.rounds}; it has to be 1 or more")
    lines = bench(given.library, rounds=given.rounds)
    if given.json:
        whole = {"library": str(given.library), "processors": os.cpu_count(), "lines": [asdict(line) for line in lines]}
        print(json.dumps(whole, ensure_ascii=False))
    else:
        print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}\n\n{table(lines)}")
    return 0


def _percentile_95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def _step(step: str, file: Path, storage: Path) -> Mapping[str, Any]:
    """What `eval.benchmarks.cost` measures in a new process."""
    command = [sys.executable, "-m", "eval.benchmarks.cost", step, str(file), str(storage)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        raise FootnoteError(f"the step {step!r} failed with status {done.returncode}: {last[0]}")
    measured: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _started(*arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of the command line, started with these arguments and run to its end."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "rag", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    message = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode:
        shown = message.decode(errors="replace").strip()[-200:]
        raise FootnoteError(f"`footnote {' '.join(arguments)}` failed with status {process.returncode}: {shown}")
    return seconds, megabytes(usage.ru_maxrss)
