"""The digests that come with Footnote answer for whoever has no library yet, and say so."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from importlib import resources

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from rag import Assistant, Settings
from rag.cli import bundled
from rag.errors import LibraryError
from tests.conftest import ROOT, _clean_environment


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


@pytest.fixture
def one_digest(tmp_path):
    """The first digest, the only one in a cache that the processes of these tests have; they begin in `here`."""
    # Made by hand: the command would embed them all.
    text = (resources.files("rag.cli") / "data" / "papers.jsonl").read_bytes()
    folder = tmp_path / "caches" / "footnote" / f"digests-{bundled._mark(text, Settings())}"
    with Assistant.open(folder) as assistant:
        (tmp_path / "one.jsonl").write_bytes(text.splitlines()[0])
        assistant.ingest([tmp_path / "one.jsonl"])
    (tmp_path / "here").mkdir()
    return json.loads(text.splitlines()[0])


SAID = "footnote: no library is at storage yet: this is from the digests"


def test_the_command_shows_a_digest_where_no_library_is_and_says_so(footnote, tmp_path, one_digest):
    done = footnote("show", one_digest["id"], "--json", cwd=tmp_path / "here", XDG_CACHE_HOME=str(tmp_path / "caches"))
    assert (done.returncode, json.loads(done.stdout)["title"]) == (0, one_digest["title"]), done.stderr
    assert done.stderr.decode().startswith(SAID)
    assert list((tmp_path / "here").iterdir()) == []


def test_the_servers_answer_from_the_digests_too(tmp_path, one_digest):
    environment = _clean_environment(os.environ) | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "caches")}

    async def listed():
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "rag", "mcp"], cwd=tmp_path / "here", env=environment
        )
        async with Client(stdio_client(command)) as client:
            return (await client.call_tool("list_papers", {})).structured_content

    assert [paper["paper_id"] for paper in anyio.run(listed)["papers"]] == [one_digest["id"]]
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "serve", "--port", "0"],
        cwd=tmp_path / "here",
        env=environment,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stderr.readline().decode().startswith(SAID)
        url = re.search(r"http://\S+:\d+", server.stderr.readline().decode())[0]
        assert httpx.get(f"{url}/papers", timeout=300).json()["total"] == 1
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
    assert list((tmp_path / "here").iterdir()) == []
