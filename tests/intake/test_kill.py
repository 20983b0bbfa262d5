"""Kill -9 and Ctrl-C at any moment of an ingest: real processes, one generator of moments."""

import json
import os
import random
import signal
import subprocess
import time

import pytest

from tests.support.storage_fixtures import assert_whole, invented, open_assistant, open_library, worker, write_lines

pytestmark = pytest.mark.alone  # the kills come at moments of the time that an undisturbed ingest takes

KILLS = 30
PAPERS = 40
VERSIONS = 3

# Importing takes a second, so one process imports and forks a child for each ingest. No client of Chroma is made
# before the fork.
NURSERY = """
import os, sys
import chromadb, bm25s, tokenizers, httpx, filelock, tiktoken
from rag.text.tokens import count_tokens
from rag.neural.embedder import common_words
from tests.support.storage_fixtures import open_assistant
count_tokens("warm"); common_words()
print("ready", flush=True)
for line in sys.stdin:
    folder, file = line.split()
    child = os.fork()
    if child == 0:
        with open_assistant(folder) as assistant:
            assistant.ingest([file])
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()  # until then the child's number is its own, even when it is done
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.fixture
def nursery():
    process = subprocess.Popen(worker(NURSERY), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(20)


def start(nursery, folder, file):
    print(folder, file, file=nursery.stdin, flush=True)
    return int(nursery.stdout.readline())


def status(nursery):
    print(file=nursery.stdin, flush=True)
    return int(nursery.stdout.readline())


def seconds(nursery, folder, file):
    """What an ingest takes that nobody kills."""
    begun = time.monotonic()
    start(nursery, folder, file)
    assert status(nursery) == 0
    return time.monotonic() - begun


def test_thirty_kills_at_random_moments_lose_nothing(nursery, tmp_path):
    seed = random.randrange(1 << 32) if os.environ.get("FOOTNOTE_TEST_RANDOM") else 20240521
    dice = random.Random(seed)
    texts = {v: {r["id"]: r["abstract"] for r in invented(PAPERS, version=v)} for v in range(VERSIONS)}
    files = [write_lines(tmp_path / f"{v}.jsonl", invented(PAPERS, version=v)) for v in texts]
    first, later = (seconds(nursery, tmp_path / "measured", file) for file in files[:2])
    killed = unfinished = n = 0
    pace = 1.0
    # A machine whose load changes may put most kills before or after the writing: then there are more of them.
    while n < KILLS or killed < KILLS * 2 // 3 or unfinished < KILLS // 5 or n % 6:
        assert n < 4 * KILLS, f"seed {seed}: of {n} children {killed} were killed and {unfinished} while writing"
        folder = tmp_path / f"library{n // 6}"  # every sixth kill is in the first ingest of a library
        version = n % VERSIONS
        child = start(nursery, folder, files[version])
        time.sleep(dice.uniform(0.05, 0.9) * pace * (later if n % 6 else first))
        os.kill(child, signal.SIGKILL)
        in_time = status(nursery) == signal.SIGKILL
        killed += in_time
        pace = pace * 1.05 if in_time else pace * 0.8
        where = f"seed {seed}, kill {n}"
        library = open_library(folder)
        unfinished += library.unfinished()
        for key, owner in assert_whole(library, orphans=False).items():
            assert owner.paper.abstract in {said[key] for said in texts.values()}, where
        library.close()
        with open_assistant(folder) as assistant:
            if assistant._library.count():
                for hit in assistant.search("invention bace", k=5):
                    assert hit.evidence, where
        if n % 6 == 5:
            with open_assistant(folder) as assistant:
                assistant.ingest([files[version]])
                found = assert_whole(assistant._library)
                assert {key: owner.paper.abstract for key, owner in found.items()} == texts[version], where
                assert assistant.doctor(mend=False) == (), where
        n += 1


def test_ctrl_c_stops_at_once_and_the_next_ingest_does_the_rest(tmp_path):
    file = write_lines(tmp_path / "papers.jsonl", invented(120))
    code = f"""
import time
from tests.support.storage_fixtures import WordEmbedder, open_assistant
class Slow(WordEmbedder):
    def documents(self, texts, spans, done=None):
        if self.embedded:  # the second batch, and all others
            time.sleep(300)
        return super().documents(texts, spans, done)
def progress(done, total):
    print(done, flush=True)
with open_assistant({str(tmp_path / "library")!r}, Slow()) as assistant:
    assistant.ingest([{str(file)!r}], progress=progress)
"""
    process = subprocess.Popen(worker(code), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert int(process.stdout.readline()) > 0
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)  # far from the five minutes that the next batch takes
    assert "KeyboardInterrupt" in errors
    with open_assistant(tmp_path / "library") as assistant:
        assert 0 < len(assert_whole(assistant._library, orphans=False)) < 120
        assistant.ingest([file])
        assert len(assert_whole(assistant._library)) == 120


def test_a_rebuild_that_is_killed_leaves_the_old_library_in_use(tmp_path):
    folder = tmp_path / "library"
    file = write_lines(tmp_path / "papers.jsonl", invented(60))
    with open_assistant(folder) as assistant:
        assistant.ingest([file])
    code = f"""
import os, signal
from tests.support.storage_fixtures import WordEmbedder, open_assistant
def progress(done, total):
    if done > 20:
        os.kill(os.getpid(), signal.SIGKILL)
with open_assistant({str(folder)!r}, WordEmbedder(8), check=False) as assistant:
    assistant._ingest([], as_of=None, rebuild=True, progress=progress)
"""
    assert subprocess.run(worker(code), check=False).returncode == -signal.SIGKILL
    with open_assistant(folder) as assistant:
        assert len(assert_whole(assistant._library)) == 60
        assert json.loads((folder / "manifest.json").read_text())["dimension"] == 24
        assert assistant.doctor() == ("2 collections of a rebuild that was cut off; deleted",)
        assert assistant.doctor() == ()
