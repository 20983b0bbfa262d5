"""A real Chroma server on a free port of this machine, and a process that asks it and counts what it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from tests.support.ports import free_port
from tests.support.storage_fixtures import worker

CHROMA = Path(sys.executable).with_name("chroma")
READY_S = 120

_ASK = """
import json, sys, time
from rag.errors import FootnoteError
from tests.support.storage_fixtures import open_assistant
folder, url, wanted, seconds, n, pause = sys.argv[1:]
wanted = [line.split("\\t") for line in open(wanted).read().splitlines()]
n, pause, taken = int(n), float(pause), []
counts = {"right": 0, "told": 0, "wrong": [], "s": taken}
with open_assistant(folder, url=url) as assistant:
    print("open", flush=True)
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        key, title = wanted[n % len(wanted)]
        n += 1
        began = time.monotonic()
        try:
            if n % 2:
                hits = assistant.search(title, k=1)
            else:
                hits = assistant.ask(f"What does {title} say?").ranked[:1]
            good = hits and hits[0].paper.id == key and hits[0].paper.title == title
            counts["right" if good else "wrong"] += 1 if good else [title]
            taken.append(round(time.monotonic() - began, 3))
        except FootnoteError as error:
            counts["told" if "\\n" not in str(error) else "wrong"] += 1 if "\\n" not in str(error) else [str(error)]
            time.sleep(0.1)
        except Exception as error:
            counts["wrong"].append(f"{type(error).__name__}: {error}")
        time.sleep(pause)
print(json.dumps(counts))
"""


class Server:
    """A Chroma server over a folder, which can be stopped and started again. It lives until `stop`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: Any = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(
            [CHROMA, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"ANONYMIZED_TELEMETRY": "False"},
        )  # fmt: skip
        until = time.monotonic() + READY_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/api/v2/heartbeat", timeout=10).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError("the Chroma server did not start within two minutes, or ended")

    def stop(self) -> None:
        """Kill it; a second call does nothing."""
        self.process.kill()
        self.process.wait()


class Asker:
    """A process that searches and asks for papers by turns, and knows which is right. It lives until `counted`."""

    def __init__(self, home: Path, server: Server, number: int, *, wanted: Path, seconds: float, pause: float) -> None:
        said = [str(home / f"asker{number}"), server.url, str(wanted), str(seconds), str(13 * number), str(pause)]
        self.process = subprocess.Popen([*worker(_ASK), *said], stdout=subprocess.PIPE, text=True)

    def opened(self) -> bool:
        """True when it has opened the library, for which is waited."""
        assert self.process.stdout is not None
        return self.process.stdout.readline() == "open\n"

    def counted(self) -> dict[str, Any]:
        """How many answers were "right" and how many errors "told" in a line, what was "wrong", and the seconds "s"."""
        found: dict[str, Any] = json.loads(self.process.communicate(timeout=300)[0])
        return found


def wanted(path: Path, records: list[dict[str, Any]]) -> Path:
    """The file of ids and titles that askers ask for."""
    path.write_text("\n".join(f"{one['id']}\t{one['title']}" for one in records), encoding="utf-8")
    return path
