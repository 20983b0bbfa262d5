"""Watching a folder with the real command: what appears, is written slowly, is broken, changes; and its end."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rag.curation.remembered_sources import Remembered
from rag.curation.watch import watch
from rag.errors import SourceError
from tests.support.storage_fixtures import invented, open_assistant, worker

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60


def lines_of(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def record(name):
    return {"id": name, "title": f"On the {name}", "abstract": f"The {name} stands in a pond. It eats 12 frogs a day."}


class Watching:
    """The command while it runs: what it writes can be waited for, line by line."""

    def __init__(self, storage, folder, *options):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rag", "--storage", str(storage), "watch", str(folder), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        self.lines = queue.Queue()
        for stream in (self.process.stdout, self.process.stderr):
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()
        self.told("watching")

    def _read(self, stream):
        for line in stream:
            self.lines.put(line.rstrip("\n"))

    def told(self, words):
        """The next line that has these words; lines before it are passed over."""
        deadline = time.monotonic() + WAIT_S
        passed = []
        while time.monotonic() < deadline:
            try:
                line = self.lines.get(timeout=0.2)
            except queue.Empty:
                continue
            if words in line:
                return line
            passed.append(line)
        raise AssertionError(f"{words!r} was not told, but {passed}")

    def end(self, sent=signal.SIGINT):
        self.process.send_signal(sent)
        return self.process.wait(20)


@pytest.fixture
def watching(tmp_path):
    """Starts the command on a folder; what still runs at the end is killed."""
    running = []

    def start(*options, folder=None):
        there = folder or tmp_path / "folder"
        there.mkdir(exist_ok=True)
        running.append(Watching(tmp_path / "storage", there, *options))
        return running[-1], there

    yield start
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(20)


def test_what_is_there_what_appears_and_what_changes_is_ingested_and_ctrl_c_is_a_good_end(watching, tmp_path, called):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "there.jsonl").write_text(lines_of([record("heron")]))
    watcher, folder = watching()
    assert watcher.told("there.jsonl").endswith("there.jsonl: 1 paper (1 new)")
    (folder / "deep").mkdir()
    (folder / "deep" / "new.jsonl").write_text(lines_of([record("stork"), record("ibis")]))
    assert watcher.told("new.jsonl").endswith("new.jsonl: 2 papers (2 new)")
    (folder / "there.jsonl").write_text(lines_of([record("heron") | {"abstract": "It eats 15 frogs a day."}]))
    assert watcher.told("there.jsonl").endswith("there.jsonl: 1 paper (1 changed)")
    assert watcher.end() == 0
    assert "no longer watching" in watcher.told("no longer")
    listed = called("papers", "--json", "--storage", tmp_path / "storage").stdout.decode().splitlines()
    assert [json.loads(line)["id"] for line in listed] == ["heron", "stork", "ibis"]
    [source] = Remembered(tmp_path / "storage").sources()
    assert (source.kind, source.spec, source.papers) == ("folder", str(folder), 3)
    # what was ingested while it ran is no news to a sync
    synced = called("sync", "--json", "--storage", tmp_path / "storage").stdout
    assert json.loads(synced)["sources"][0]["state"] == "unchanged"


def test_a_file_that_is_written_slowly_is_taken_when_it_is_whole(watching):
    watcher, folder = watching("--json", "--settle", "3")
    content = lines_of([record(f"bird{n}") for n in range(8)]).encode()
    with (folder / "slow.jsonl").open("wb") as stream:
        for at in range(0, len(content), len(content) // 8):  # some 4 seconds, and a line may end anywhere
            stream.write(content[at : at + len(content) // 8])
            stream.flush()
            time.sleep(0.5)
    told = json.loads(watcher.told("slow.jsonl"))
    assert (told["papers"], told["new"], told["rejected"], told["error"]) == (8, 8, [], None)


def test_a_download_is_taken_under_its_own_name_alone(watching):
    watcher, folder = watching()
    (folder / "papers.jsonl.part").write_text(lines_of([record("heron")]))
    time.sleep(2.5)
    (folder / "papers.jsonl.part").rename(folder / "papers.jsonl")
    assert watcher.told(".jsonl").endswith("papers.jsonl: 1 paper (1 new)")


def test_a_broken_file_is_told_once_and_again_when_it_is_mended(watching):
    watcher, folder = watching()
    (folder / "broken.jsonl").write_bytes(b"\x00\x01\x02" * 30)
    assert "is binary" in watcher.told("broken.jsonl")
    (folder / "good.jsonl").write_text(lines_of([record("heron")]))
    assert watcher.told("jsonl").endswith("good.jsonl: 1 paper (1 new)")  # the broken one is not told again
    (folder / "broken.jsonl").write_text(lines_of([record("stork")]))
    assert watcher.told("broken.jsonl").endswith("broken.jsonl: 1 paper (1 new)")
    assert watcher.end() == 0


def test_a_folder_that_has_to_be_looked_at_is_watched_as_well(watching):
    watcher, folder = watching("--poll")
    (folder / "a.jsonl").write_text(lines_of([record("heron")]))
    assert watcher.told("a.jsonl").endswith("1 paper (1 new)")


def test_files_wait_while_somebody_else_writes(watching, tmp_path):
    storage = tmp_path / "storage"
    watcher, folder = watching()
    (folder / "first.jsonl").write_text(lines_of([record("heron")]))
    watcher.told("1 new")
    code = f"""
from pathlib import Path
from rag.library.lock import file_lock
with file_lock(Path({str(storage)!r})):
    print("held", flush=True)
    sys.stdin.readline()
"""
    holder = subprocess.Popen(worker(code), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    (folder / "second.jsonl").write_text(lines_of([record("stork")]))
    assert str(holder.pid) in watcher.told("is being written by process")
    holder.communicate("go\n", timeout=20)
    assert watcher.told("second.jsonl").endswith("1 paper (1 new)")


def test_a_folder_that_is_none_is_one_line(called, tmp_path):
    done = called("watch", tmp_path / "nowhere", "--storage", tmp_path / "storage")
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-1].endswith("nowhere' is no folder. Make it, or give one that is there.")


def test_a_folder_that_goes_away_ends_the_watch_with_an_error(tmp_path):
    folder, stop = tmp_path / "folder", threading.Event()
    folder.mkdir()
    (folder / "a.jsonl").write_text(lines_of(invented(1)))
    with open_assistant(tmp_path / "storage") as assistant, pytest.raises(SourceError, match=r"gone|cannot be watched"):
        watch(
            tmp_path / "storage", folder, assistant.ingest,
            on_file=lambda _: ((folder / "a.jsonl").unlink(), folder.rmdir()), settle_s=0.3, stop=stop,
        )  # fmt: skip


def test_a_watch_in_a_program_ends_when_it_is_told(tmp_path):
    stop, reports = threading.Event(), []
    (tmp_path / "a.jsonl").write_text(lines_of(invented(2)))

    def told(report):
        reports.append(report)
        stop.set()

    with open_assistant(tmp_path / ".storage") as assistant:
        assistant.watch(tmp_path, told, stop=stop)
    assert [(report.papers, report.new) for report in reports] == [(2, 2)]
