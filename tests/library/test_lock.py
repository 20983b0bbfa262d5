"""One writer at a time, in real processes; readers are never kept out."""

import json
import os
import re
import socket
import subprocess
import threading
import time

import pytest

from rag.errors import LibraryError
from rag.library.lock import file_lock
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, open_library, worker, write_lines

PAPERS = 176

HOLD = """
import sys
from tests.support.storage_fixtures import open_assistant
def progress(done, total):
    print(done, flush=True)
    sys.stdin.readline()
with open_assistant(sys.argv[1]) as assistant:
    assistant.ingest([sys.argv[2]], progress=progress)
print("done", flush=True)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that has written some papers of many and waits with the lock in its hand."""
    file = write_lines(tmp_path / "held.jsonl", invented(PAPERS))
    process = subprocess.Popen(
        [*worker(HOLD), str(tmp_path / "library"), str(file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert int(process.stdout.readline()) > 0
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_a_second_writer_is_told_who_holds_the_lock_and_since_when(holder, tmp_path):
    more = write_lines(tmp_path / "more.jsonl", invented(5, seed=1))
    with open_assistant(tmp_path / "library") as assistant, pytest.raises(LibraryError) as caught:
        assistant.ingest([more])
    said = str(caught.value)
    assert f"process {holder.pid} on {socket.gethostname()} since 20" in said
    assert re.search(r"since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\. Wait until it is done, or stop it", said)
    assert "\n" not in said


def test_a_reader_works_while_another_process_writes(holder, tmp_path):
    with open_assistant(tmp_path / "library") as assistant:
        before = len(assert_whole(assistant._library, writing=True))
        assert 0 < before < PAPERS
        assert len(assistant.search("invention", k=PAPERS)) >= before
        for _ in range(9):
            print(file=holder.stdin, flush=True)
            assert int(holder.stdout.readline()) > before
        deadline = time.monotonic() + 60  # what is embedded is written by a thread of its own, 64 papers at a time
        while (now := len(assert_whole(assistant._library, writing=True))) == before and time.monotonic() < deadline:
            time.sleep(0.1)
        assert now > before
        holder.communicate("\n" * 9)
        assert len(assert_whole(assistant._library)) == PAPERS
        assert len(assistant.search("invention", k=PAPERS)) == PAPERS


def test_the_lock_of_a_killed_writer_is_free_at_once(holder, tmp_path):
    holder.kill()
    holder.wait()
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([tmp_path / "held.jsonl"])
        assert len(assert_whole(assistant._library)) == PAPERS


def test_two_threads_of_one_process_do_not_write_at_once(tmp_path):
    library = open_library(tmp_path / "library")
    faults = []

    def write():
        try:
            with library.writing():
                pass
        except LibraryError as error:
            faults.append(str(error))

    with library.writing():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert [f"process {os.getpid()} on" in fault for fault in faults] == [True]


def test_the_same_thread_is_told_too_instead_of_waiting_for_itself(tmp_path):
    library = open_library(tmp_path / "library")
    with library.writing(), pytest.raises(LibraryError, match=f"written by process {os.getpid()}"), library.writing():
        pass


def test_the_name_of_a_dead_holder_is_not_given(tmp_path):
    done = subprocess.Popen(["true"])
    done.wait()
    with file_lock(tmp_path):
        stale = {"pid": done.pid, "host": socket.gethostname(), "since": "2024-01-01T00:00:00+00:00"}
        (tmp_path / "writer.json").write_text(json.dumps(stale))
        with pytest.raises(LibraryError, match="is being written by another process"), file_lock(tmp_path):
            pass


def test_nothing_is_locked_and_nothing_written_where_nothing_is_new(holder, tmp_path):
    """A second ingest of the same pages needs no turn to write: here the turn is somebody else's."""
    holder.communicate("\n" * 9)
    with open_assistant(tmp_path / "library") as assistant, assistant._library.locked():
        generation = assistant._library.generation()
        report = assistant.ingest([tmp_path / "held.jsonl"])
        assert (report.total("unchanged"), assistant._library.generation()) == (PAPERS, generation)
