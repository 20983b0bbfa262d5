"""A process that has imported everything and forks a child for each operation on a library, so that a kill is cheap."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
DONE, REFUSED, UNEXPECTED = "done", "refused with one line", "unexpected"

# No client of Chroma is made before the fork. `limit` stands for a full disk, `clock` are seconds that time jumps.
_CODE = """
import os, sys, json, time, traceback, resource
import chromadb, bm25s, tokenizers, httpx, filelock, tiktoken, sqlite3, zipfile
from pathlib import Path
from rag.text.tokens import count_tokens
from rag.neural.embedder import common_words
from rag.errors import FootnoteError
from rag.settings import Settings
from rag.library.snapshots import restore
from tests.support.storage_fixtures import WordEmbedder, open_assistant
count_tokens("warm"); common_words()

def operate(job):
    folder, file = job["folder"], job.get("file")
    if job["op"] == "restore":
        return restore(Path(folder), Path(file), WordEmbedder(), Settings(passage_tokens=32), replace=True)
    with open_assistant(folder) as assistant:
        if job["op"] == "ingest":
            assistant.ingest([file])
        elif job["op"] == "sync":
            assistant.sync()
        elif job["op"] == "remove":
            assistant.remove([key for key in job["ids"] if assistant._library.present([key])])
        elif job["op"] == "rebuild":
            assistant._ingest([], rebuild=True)
        elif job["op"] == "export":
            assistant.export(file)
        elif job["op"] == "snapshot":
            assistant.snapshot(file)
        elif job["op"] == "doctor":
            assistant.doctor()

def run(job):
    if job.get("limit") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["limit"],) * 2)
    if job.get("clock"):
        true, begun = time.time, time.time()
        time.time = lambda: true() + (job["clock"] if true() - begun > 0.05 else 0)
    try:
        operate(job)
        return 0
    except FootnoteError as error:
        said = str(error)
        Path(job["said"]).write_text(said)
        return 3 if said and "\\n" not in said else 4
    except BaseException:
        Path(job["said"]).write_text(traceback.format_exc())
        return 4

print("ready", flush=True)
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if child == 0:
        status = run(job)
        os._exit(status)
    print(child, flush=True)
    sys.stdin.readline()  # until then the child's number is its own, even when it is done
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Nursery:
    """Starts operations one after the other; `start` gives the number of the process, `end` waits for it."""

    def __init__(self) -> None:
        path = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        self._process = subprocess.Popen(
            [sys.executable, "-c", path + _CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._said = Path(tempfile.mkstemp(prefix="footnote-campaign-")[1])
        if self._read() != "ready":
            raise RuntimeError("the nursery did not start")

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def _write(self, text: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()

    def start(self, job: Mapping[str, Any]) -> int:
        """The number of the process that does the job."""
        self._said.write_text("")
        self._write(json.dumps({**job, "said": str(self._said)}))
        return int(self._read())

    def end(self) -> tuple[str, str]:
        """What became of it ("killed" too), and what it said."""
        self._write("")
        status = int(self._read())
        outcome = {0: DONE, 3 << 8: REFUSED, 9: "killed"}.get(status, UNEXPECTED)
        return outcome, self._said.read_text()

    def run(self, job: Mapping[str, Any]) -> tuple[str, str]:
        """Both, one after the other."""
        self.start(job)
        return self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)
        self._said.unlink(missing_ok=True)
