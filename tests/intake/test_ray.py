"""Embedding on Ray, where it is installed (`pip install 'footnote-papers[ray]'`): a cluster of this machine."""

import importlib.util
import os
import signal
from pathlib import Path

import pytest

from rag.errors import LibraryError, SettingsError
from rag.intake.ingest import ingest
from rag.intake.ray_workers import RayWorkers
from tests.support.storage_fixtures import WordEmbedder, assert_whole, invented, open_library, write_lines

ROOT = Path(__file__).resolve().parents[2]
HERE = importlib.util.find_spec("ray") is not None
needed = pytest.mark.skipif(not HERE, reason="Ray is not installed: pip install 'footnote-papers[ray]'")


@pytest.mark.skipif(HERE, reason="Ray is installed")
def test_without_ray_one_line_says_how_to_get_it():
    with pytest.raises(SettingsError, match=r"Ray is not installed\. Add it with `pip install 'footnote-papers"):
        RayWorkers("local", lambda threads: str)


@pytest.fixture(autouse=True)
def _found_by_workers(monkeypatch):
    """The workers of a local cluster have the environment of the process that makes it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))


def _deadly(folder):
    """Doubles a number; the worker that gets 7 dies, the first time, and that which gets -1 always."""

    def double(n):
        seen = folder / "seen"
        if n == -1 or (n == 7 and not seen.exists()):
            seen.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * n

    return double


@needed
def test_results_come_in_order_and_what_a_dead_worker_had_is_done_again(tmp_path):
    taken = []

    def items():
        for n in range(30):
            taken.append(n)
            yield n

    with RayWorkers("local", lambda threads: _deadly(tmp_path), workers=2) as workers:
        for n, result in enumerate(workers.map(items())):
            assert result == 2 * n
            assert len(taken) <= n + 5  # two workers, two items each: no more is taken
        assert (tmp_path / "seen").exists()
        with pytest.raises(LibraryError, match="a worker of Ray died 4 times at the same papers"):
            list(workers.map([1, -1]))


@needed
def test_an_ingest_embedded_elsewhere_gives_the_same_library(tmp_path):
    from rag.intake.preparing import here

    def build(threads):
        prepared = here(WordEmbedder(), passage_tokens=32)
        return lambda papers: [one for few in prepared(papers) for one in few]

    def by_workers(workers):
        return lambda papers: workers.map([papers[n : n + 16] for n in range(0, len(papers), 16)])

    file = write_lines(tmp_path / "papers.jsonl", invented(50))
    held = []
    with RayWorkers("local", build, workers=2) as workers:
        for name, preparing in (("here", None), ("ray", by_workers(workers))):
            library = open_library(tmp_path / name)
            ingest(library, WordEmbedder(), [file], passage_tokens=32, preparing=preparing)
            held.append({key: (one.paper, one.sentence_vectors.tolist()) for key, one in assert_whole(library).items()})
            library.close()
    assert held[0] == held[1]
