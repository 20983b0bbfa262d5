"""Eight who ask beside one who writes, all on one Chroma server, which dies and comes back meanwhile."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.campaign.row import Row
from tests.support.chroma_server import Asker, Server, wanted
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, worker, write_lines

ASKERS, KEPT, TURNED, VERSIONS, STOPS = 8, 40, 200, 3, 3
_PAUSE_S = 0.2
_DOWN_S = 2.0

_WRITE = """
import json, sys, time
from rag.errors import FootnoteError
from tests.support.storage_fixtures import open_assistant
folder, url, seconds, *files = sys.argv[1:]
counts = {"written": 0, "told": 0, "wrong": []}
until = time.monotonic() + float(seconds)
while time.monotonic() < until:
    try:
        with open_assistant(folder, url=url) as assistant:
            while time.monotonic() < until:
                assistant.ingest([files[counts["written"] % len(files)]])
                counts["written"] += 1
                time.sleep(2)
    except FootnoteError as error:
        counts["told" if "\\n" not in str(error) else "wrong"] += 1 if "\\n" not in str(error) else [str(error)]
        time.sleep(0.5)
    except Exception as error:
        counts["wrong"].append(f"{type(error).__name__}: {error}")
print(json.dumps(counts))
"""


def served(home: Path, seconds: float) -> list[Row]:
    """So many seconds of asking and writing; the server is killed three times and started again two seconds later."""
    home.mkdir(parents=True)
    records = invented(KEPT)
    files = [write_lines(home / f"{n}.jsonl", _turning(n)) for n in range(VERSIONS)]
    server = Server(home / "served")
    server.start()
    try:
        with open_assistant(home / "writer", url=server.url) as assistant:
            assistant.ingest([write_lines(home / "kept.jsonl", records)])
        said = wanted(home / "wanted", records)
        askers = [Asker(home, server, n, wanted=said, seconds=seconds, pause=_PAUSE_S) for n in range(ASKERS)]
        assert all(asker.opened() for asker in askers)
        writer = subprocess.Popen(
            [*worker(_WRITE), str(home / "writer"), server.url, str(seconds), *map(str, files)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        for _ in range(STOPS):
            time.sleep(max(0, seconds / (STOPS + 1) - _DOWN_S))
            server.stop()
            time.sleep(_DOWN_S)
            server.start()
        asked, wrote = [asker.counted() for asker in askers], json.loads(writer.communicate(timeout=300)[0])
        return [_of_askers(asked, seconds), _of_writer(wrote, _after(home, server, files[0]))]
    finally:
        server.stop()


def _turning(version: int) -> list[dict[str, Any]]:
    return [
        one | {"id": f"m{one['id']}", "title": f"Further {one['title']}"}
        for one in invented(TURNED, version=version, seed=3)
    ]


def _of_askers(asked: list[dict[str, Any]], seconds: float) -> Row:
    row = Row(f"{ASKERS} ask a server beside a writer for {seconds:.0f} s; it is killed {STOPS} times")
    taken = sorted(one for counts in asked for one in counts["s"])
    row.outcomes["right"] = sum(counts["right"] for counts in asked)
    row.outcomes["told in one line"] = sum(counts["told"] for counts in asked)
    row.broken = [str(line) for counts in asked for line in counts["wrong"]]
    row.tried = row.outcomes.total() + len(row.broken)
    if taken:
        row.outcomes[f"s the median of an answer: {median(taken):.2f}, the longest {taken[-1]:.1f}"] = 1
    row.broken += [f"asker {n} got no answer" for n, counts in enumerate(asked) if not counts["right"]]
    return row


def _of_writer(wrote: dict[str, Any], after: list[str]) -> Row:
    row = Row(f"the one who writes {TURNED} papers again and again")
    row.outcomes["times done"], row.outcomes["times told in one line"] = wrote["written"], wrote["told"]
    row.tried = wrote["written"] + wrote["told"]
    row.broken = [*wrote["wrong"], *after, *([] if wrote["written"] else ["nothing was written"])]
    return row


def _after(home: Path, server: Server, file: Path) -> list[str]:
    """What does not hold when the first version of the papers is ingested once more."""
    try:
        with open_assistant(home / "writer", url=server.url) as assistant:
            assistant.ingest([file])
            found = assert_whole(assistant._library)
            texts = {one["id"]: one["abstract"] for one in (*invented(KEPT), *_turning(0))}
            same = {key: one.paper.abstract for key, one in found.items()} == texts
            return [*([] if same else ["the papers are not those of the files"]), *assistant.doctor(mend=False)]
    except Exception as error:
        return [f"it is not whole: {type(error).__name__}: {error!s:.300}"]
