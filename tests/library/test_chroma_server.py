"""The same library on a Chroma server: a real one, started here on a free port of this machine."""

import json
import signal
import socket
import subprocess
import time

import pytest

from rag.errors import LibraryError
from rag.library.snapshots import restore
from rag.settings import Settings
from tests.support.chroma_server import Asker, Server, wanted
from tests.support.live_server import LiveServer, Reply
from tests.support.ports import closed_port
from tests.support.storage_fixtures import WordEmbedder, assert_whole, invented, open_assistant, worker, write_lines

WRITE = """
import sys
from tests.support.storage_fixtures import open_assistant
def progress(done, total):
    print(done, flush=True)
    sys.stdin.readline()
with open_assistant(sys.argv[1], url=sys.argv[2]) as assistant:
    assistant.ingest([sys.argv[3]], progress=progress)
"""


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "served")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def file(tmp_path):
    return write_lines(tmp_path / "papers.jsonl", invented(40))


@pytest.fixture
def holder(server, tmp_path, file):
    """A process that has written some papers of 40 to the server and waits with the lease in its hand."""
    process = subprocess.Popen(
        [*worker(WRITE), str(tmp_path / "theirs"), server.url, str(file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert int(process.stdout.readline()) > 0
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_a_server_holds_the_library_of_all_who_ask_it(server, tmp_path, file):
    with open_assistant(tmp_path / "one", url=server.url) as assistant:
        assert assistant.ingest([file]).total("new") == 40
        assert assistant.ingest([file]).total("unchanged") == 40
    with open_assistant(tmp_path / "other", url=server.url) as assistant:
        papers = assert_whole(assistant._library)
        assert len(papers) == 40
        [hit] = assistant.search(papers["p7"].paper.title, k=1)
        assert hit.paper == papers["p7"].paper
        answer = assistant.ask(f"What does {papers['p7'].paper.title} say?")
        assert answer.ranked[0].paper.id == "p7"
        assert assistant.doctor() == ()
    assert not (tmp_path / "one" / "chroma").exists()
    assert not (tmp_path / "one" / "manifest.json").exists()


def test_a_snapshot_of_a_server_makes_a_folder_and_the_other_way_round(server, tmp_path, file):
    with open_assistant(tmp_path / "one", url=server.url) as assistant:
        assistant.ingest([file])
        before = assert_whole(assistant._library)
        assert assistant.snapshot(tmp_path / "served.footnote").papers == 40
    settings = Settings(passage_tokens=32)
    assert restore(tmp_path / "folder", tmp_path / "served.footnote", WordEmbedder(), settings) == 40
    served = Settings(passage_tokens=32, chroma_url=server.url)
    with open_assistant(tmp_path / "folder") as assistant:
        after = assert_whole(assistant._library)
        assert {key: one.paper for key, one in after.items()} == {key: one.paper for key, one in before.items()}
        assistant.remove(["p3"])
        assistant.snapshot(tmp_path / "folder.footnote")
    assert restore(tmp_path / "one", tmp_path / "folder.footnote", WordEmbedder(), served, replace=True) == 39
    with open_assistant(tmp_path / "other", url=server.url) as assistant:
        assert set(assert_whole(assistant._library)) == set(before) - {"p3"}
        assert assistant.doctor(mend=False) == ("the lexical index is missing",)  # of this folder; all else is well


def test_a_rebuild_and_doctor_work_on_a_server(server, tmp_path, file):
    with open_assistant(tmp_path / "one", url=server.url) as assistant:
        assistant.ingest([file])
        assistant._ingest([], as_of=None, rebuild=True, progress=None)
        assert len(assert_whole(assistant._library)) == 40
        assert assistant.doctor() == ()


def test_a_second_writer_is_told_who_holds_the_lease_and_a_reader_is_not_kept_out(server, tmp_path, holder):
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:
        with pytest.raises(LibraryError, match=f"written by process {holder.pid} on {socket.gethostname()} since 20"):
            assistant.ingest([write_lines(tmp_path / "more.jsonl", invented(3, seed=1))])
        before = len(assert_whole(assistant._library, orphans=False))
        assert 0 < before < 40
        holder.communicate("\n" * 9)
        assert holder.returncode == 0
        assert len(assistant.search("invention", k=40)) == 40


def test_the_lease_of_a_killed_writer_is_taken_over_at_once(server, tmp_path, holder, file):
    holder.kill()
    holder.wait()
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:
        assistant.ingest([file])
        assert len(assert_whole(assistant._library)) == 40
        assert "footnote-writer" not in {c.name for c in assistant._library._client.list_collections()}


def test_a_server_that_dies_in_the_middle_is_a_clear_error_and_the_next_ingest_completes(
    server, tmp_path, holder, file
):
    server.stop()
    _, errors = holder.communicate("\n" * 9)
    last = errors.strip().splitlines()[-1]
    assert "LibraryError: no Chroma server answers at" in last
    assert "run the same again: what was written is whole" in last
    server.start()
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:
        assert 0 < len(assert_whole(assistant._library, orphans=False)) < 40
        assistant.ingest([file])
        assert len(assert_whole(assistant._library)) == 40


def test_a_server_that_goes_away_before_the_lease_is_had_is_a_clear_error(server, tmp_path):
    with open_assistant(tmp_path / "one", url=server.url) as assistant:
        server.stop()
        with pytest.raises(LibraryError, match="no Chroma server answers at"), assistant._library.locked():
            pass


def test_a_server_that_is_not_there_is_one_clear_line(tmp_path):
    with closed_port() as port:
        url = f"http://127.0.0.1:{port}"
        with pytest.raises(LibraryError, match=f"^no Chroma server answers at {url} .*Start it"):
            open_assistant(tmp_path, url=url)


def test_a_server_that_takes_the_call_and_says_nothing_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("rag.library.chroma.ANSWER_S", 0.5)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(LibraryError, match=r"no Chroma server answers at .*timed out"):
            open_assistant(tmp_path, url=f"http://127.0.0.1:{mute.getsockname()[1]}")


def test_a_server_of_an_older_version_is_named(tmp_path):
    def script(request):
        return Reply("0.5.23", status=200) if request.path == "/api/v1/version" else Reply({}, status=404)

    def of_json(request):
        reply = script(request)
        reply.body = json.dumps(reply.body)
        return reply

    with LiveServer(of_json) as server, pytest.raises(LibraryError, match=r"is Chroma 0\.5\.23, and .* Chroma 1\.x"):
        open_assistant(tmp_path, url=server.url)
    with (
        LiveServer(lambda _: Reply("nothing", status=404)) as other,
        pytest.raises(LibraryError, match="is no Chroma server"),
    ):
        open_assistant(tmp_path, url=other.url)


def test_three_ask_beside_a_writer_while_the_server_stops_and_starts(server, tmp_path, file):
    """Each answer is the right one or an error that is told; what the writer had begun is done afterwards."""
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:
        assistant.ingest([file])
    said = wanted(tmp_path / "wanted", invented(40))
    askers = [Asker(tmp_path, server, n, wanted=said, seconds=8, pause=0) for n in range(3)]
    assert all(asker.opened() for asker in askers)
    more = write_lines(tmp_path / "more.jsonl", [one | {"id": f"m{one['id']}", "title": f"Further {one['title']}"}
                                                for one in invented(200, seed=3)])  # fmt: skip
    begun = time.monotonic()
    told = False
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:

        def stop_and_start(done, total):
            nonlocal told
            if not told and done > 30:
                told = True
                server.stop()

        with pytest.raises(LibraryError, match=r"no Chroma server answers|cannot be used"):
            assistant.ingest([more], progress=stop_and_start)
    server.start()
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:
        assistant.ingest([more])
        assert len(assert_whole(assistant._library)) == 240
        assert assistant.doctor(mend=False) == ()
    ends = [asker.counted() for asker in askers]
    assert [end["wrong"] for end in ends] == [[], [], []], time.monotonic() - begun
    assert all(end["right"] for end in ends)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://", "http://x:port", "nonsense"])
def test_what_is_no_address_is_named(tmp_path, url):
    with pytest.raises(LibraryError, match=r"FOOTNOTE_CHROMA_URL='.*' is no address; it looks like http://localhost"):
        open_assistant(tmp_path, url=url)


def test_a_writer_that_slept_too_long_stops_when_another_has_the_lease(server, tmp_path, holder, file, monkeypatch):
    """The lease of a writer that is stopped (Ctrl-Z) runs out; when it goes on, it finds that and writes no more."""
    holder.send_signal(signal.SIGSTOP)
    monkeypatch.setattr("rag.library.lock.LEASE_S", 0.1)
    time.sleep(0.2)
    with open_assistant(tmp_path / "ours", url=server.url) as assistant:
        with assistant._library.writing():
            holder.send_signal(signal.SIGCONT)
            _, errors = holder.communicate("\n" * 9)
            assert "another one writes now" in errors.strip().splitlines()[-1]
        assistant.ingest([file])
        assert len(assert_whole(assistant._library)) == 40
