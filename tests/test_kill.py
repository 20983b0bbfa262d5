"""Kill -9 and Ctrl-C at any moment of an ingest: real processes, one generator of moments."""

import json
import os
import random
import signal
import subprocess
import time
from functools import partial

import pytest
from storage_fixtures import assert_whole, invented, open_assistant, open_library, worker, write_lines

KILLS = 30
PAPERS = 40
VERSIONS = 3

# Importing takes a second, so one process imports and forks a child for each ingest. No client of Chroma is made
# before the fork.
NURSERY = """
import os, sys
import chromadb, bm25s, tokenizers, httpx, filelock, tiktoken
from rag.tokens import count_tokens
from rag.embed import common_words
from storage_fixtures import open_assistant
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
    killed = unfinished = 0
    for n in range(KILLS):
        folder = tmp_path / f"library{n // 6}"  # every sixth kill is in the first ingest of a library
        version = n % VERSIONS
        child = start(nursery, folder, files[version])
        time.sleep(dice.uniform(0.05, 0.9) * (later if n % 6 else first))
        os.kill(child, signal.SIGKILL)
        killed += status(nursery) == signal.SIGKILL
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
    assert killed >= KILLS * 2 // 3, f"seed {seed}: most children were done before they were killed"
    assert unfinished >= KILLS // 5, f"seed {seed}: too few kills in the middle of writing"


def test_ctrl_c_stops_at_once_and_the_next_ingest_does_the_rest(tmp_path):
    file = write_lines(tmp_path / "papers.jsonl", invented(120))
    code = f"""
import time
from storage_fixtures import WordEmbedder, open_assistant
class Slow(WordEmbedder):
    def documents(self, texts, spans, done=None):
        time.sleep(0.3)
        return super().documents(texts, spans, done)
def progress(done, total):
    print(done, flush=True)
with open_assistant({str(tmp_path / "library")!r}, Slow()) as assistant:
    assistant.ingest([{str(file)!r}], progress=progress)
"""
    # Where the tests themselves run in the background of a shell, SIGINT is ignored, and would be by this child.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        worker(code), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed
    )  # fmt: skip
    assert int(process.stdout.readline()) > 0
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert "KeyboardInterrupt" in errors
    assert time.monotonic() - begun < 5
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
from storage_fixtures import WordEmbedder, open_assistant
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
