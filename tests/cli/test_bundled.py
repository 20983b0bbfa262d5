"""The digests that come with Footnote answer for whoever has no library yet, and say so."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from rag import Assistant, Settings
from rag.cli import bundled
from rag.errors import LibraryError


@pytest.fixture
def digests(tmp_path, monkeypatch):
    """Three digests in the place of 287, and a cache of their own."""
    lines = (resources.files("rag.cli") / "data" / "papers.jsonl").read_text("utf-8").splitlines()[:3]
    (tmp_path / "package" / "data").mkdir(parents=True)
    (tmp_path / "package" / "data" / "papers.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(bundled, "files", lambda name: tmp_path / "package")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return [json.loads(line) for line in lines]


def test_the_library_of_the_digests_is_made_once_and_answers(digests, tmp_path):
    seen = []
    folder = bundled.bundled_library(Settings(), progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)
    before = folder.stat().st_mtime_ns
    assert bundled.bundled_library(Settings(), progress=lambda *_: pytest.fail("made again")) == folder
    assert folder.stat().st_mtime_ns == before
    with Assistant.open(folder) as assistant:
        assert {paper.id for paper in assistant.papers()} == {digest["id"] for digest in digests}
        assert assistant.search(digests[0]["title"], k=1)[0].paper.id == digests[0]["id"]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]  # nothing is left of the making


def test_digests_that_go_to_a_server_are_not_offered(digests, tmp_path):
    assert bundled.bundled_library(Settings(embedding="openai:text-embedding-3-small")) is None
    assert bundled.bundled_library(Settings(chroma_url="http://localhost:1")) is None
    assert not (tmp_path / "caches").exists()


def test_a_cache_that_cannot_be_written_is_one_line(digests, tmp_path):
    (tmp_path / "caches").write_text("a file")
    with pytest.raises(LibraryError, match=r"the bundled digests need a place under .*: Not a directory\. Bring in"):
        bundled.bundled_library(Settings())


def test_the_command_shows_a_digest_where_no_library_is_and_says_so(footnote, tmp_path):
    # Made by hand of one digest: the command would embed them all.
    cache = str(tmp_path / "caches")
    text = (resources.files("rag.cli") / "data" / "papers.jsonl").read_bytes()
    folder = tmp_path / "caches" / "footnote" / f"digests-{bundled._mark(text, Settings())}"
    with Assistant.open(folder) as assistant:
        (tmp_path / "one.jsonl").write_bytes(text.splitlines()[0])
        assistant.ingest([tmp_path / "one.jsonl"])
    (tmp_path / "here").mkdir()
    paper = json.loads(text.splitlines()[0])
    done = footnote("show", paper["id"], "--json", cwd=tmp_path / "here", XDG_CACHE_HOME=cache)
    assert (done.returncode, json.loads(done.stdout)["title"]) == (0, paper["title"]), done.stderr
    assert done.stderr.decode().startswith("footnote: no library is at storage yet: this is from the digests")
    assert list((tmp_path / "here").iterdir()) == []
