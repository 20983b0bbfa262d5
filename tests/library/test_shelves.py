"""Passages in more than one collection of Chroma: whatever their number, the library is the same."""

import json
import signal
import subprocess
import threading

import pytest

import rag.library.writer
from rag.library.clients import Clients, Held
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, worker, write_lines

PAPERS = 70  # of which 64 are written at once


def ingested(folder, tmp_path, *, version=0, count=PAPERS, shelf=20, monkeypatch):
    monkeypatch.setattr(rag.library.writer, "SHELF_PASSAGES", shelf)
    with open_assistant(folder) as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(count, version=version))])
        papers = assert_whole(assistant._library)
        assert assistant.doctor(mend=False) == ()
        head = assistant._library.head()
        hits = [(hit.paper.id, round(hit.score, 4)) for hit in assistant.search("invention bace difo", k=30)]
    return {key: owner.paper.abstract for key, owner in papers.items()}, head, hits


def test_a_library_on_several_shelves_is_the_same_as_on_one(tmp_path, monkeypatch):
    one, head, hits = ingested(tmp_path / "one", tmp_path, shelf=10_000, monkeypatch=monkeypatch)
    assert (head["shelves"], head["format"]) == (1, 2)  # versions before read it
    several, head, found = ingested(tmp_path / "several", tmp_path, monkeypatch=monkeypatch)
    # The first papers are written at once, then the rest: the first 16, which fill the first shelf, and the other 54.
    assert head["shelves"] >= 2
    assert head["format"] == 3
    assert json.loads((tmp_path / "several" / "manifest.json").read_text())["shelves"] == head["shelves"]
    assert several == one
    assert found == hits


def test_a_paper_whose_text_changes_moves_to_the_last_shelf_and_leaves_nothing_behind(tmp_path, monkeypatch):
    ingested(tmp_path / "l", tmp_path, monkeypatch=monkeypatch)
    after, head, _ = ingested(tmp_path / "l", tmp_path, version=1, monkeypatch=monkeypatch)  # checks for orphans
    assert after == {record["id"]: record["abstract"] for record in invented(PAPERS, version=1)}
    assert head["shelves"] >= 3


def test_removed_papers_take_their_passages_from_every_shelf(tmp_path, monkeypatch):
    ingested(tmp_path / "l", tmp_path, monkeypatch=monkeypatch)
    with open_assistant(tmp_path / "l") as assistant:
        assistant.remove(["p0", "p20", f"p{PAPERS - 1}"])
        assert len(assert_whole(assistant._library)) == PAPERS - 3


def test_a_rebuild_puts_all_on_new_shelves(tmp_path, monkeypatch):
    ingested(tmp_path / "l", tmp_path, monkeypatch=monkeypatch)
    monkeypatch.setattr(rag.library.writer, "SHELF_PASSAGES", 10_000)
    with open_assistant(tmp_path / "l") as assistant:
        assistant._ingest([], rebuild=True)
        assert assistant._library.head()["shelves"] == 1
        assert len(assert_whole(assistant._library)) == PAPERS
        assert len(assistant._library._client.list_collections()) == 3


def test_conditions_hold_on_every_shelf(tmp_path, monkeypatch):
    ingested(tmp_path / "l", tmp_path, monkeypatch=monkeypatch)
    wanted = ("p1", "p30", "p69")
    with open_assistant(tmp_path / "l") as assistant:
        hits = assistant.search("invention", k=10, where={"paper_ids": wanted})
        assert sorted(hit.paper.id for hit in hits) == sorted(wanted)


@pytest.mark.parametrize("after", [1, 2])
def test_a_kill_between_two_shelves_loses_nothing(after, tmp_path):
    file = write_lines(tmp_path / "a.jsonl", invented(60))
    code = f"""
import os, signal
import rag.intake.ingest, rag.library.writer
from tests.support.storage_fixtures import open_assistant
rag.intake.ingest.BLOCK_PAPERS, rag.library.writer.SHELF_PASSAGES = 20, 10
from rag.library.store import Library
calls, shelved = 0, Library._shelved
def counted(self, work):
    global calls
    calls += 1
    found = shelved(self, work)
    if calls == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return found
Library._shelved = counted
with open_assistant({str(tmp_path / "l")!r}) as assistant:
    assistant.ingest([{str(file)!r}])
"""
    assert subprocess.run(worker(code), check=False).returncode == -signal.SIGKILL
    with open_assistant(tmp_path / "l") as assistant:
        assert assistant._library.head()["shelves"] == after + 1
        assert 0 < len(assert_whole(assistant._library, orphans=False)) < 60
        assistant.ingest([file])
        assert len(assert_whole(assistant._library)) == 60
        assert assistant.doctor(mend=False) == ()


def test_readers_find_papers_while_shelves_are_added(tmp_path, monkeypatch):
    """The client in memory is made anew with every shelf, while other threads are reading through it."""
    ingested(tmp_path / "l", tmp_path, count=20, monkeypatch=monkeypatch)
    faults, done = [], threading.Event()

    def look(assistant):
        try:
            while not done.is_set():
                assert len(assistant.search("invention bace", k=20)) == 20
        except Exception as error:
            faults.append(error)

    with open_assistant(tmp_path / "l") as assistant:
        readers = [threading.Thread(target=look, args=(assistant,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        for count in (60, 100, 140):
            assistant.ingest([write_lines(tmp_path / "more.jsonl", invented(count))])
        done.set()
        for reader in readers:
            reader.join()
        assert faults == []
        assert assistant._library.head()["shelves"] >= 4
        assert len(assert_whole(assistant._library)) == 140


def test_only_the_last_shelf_and_the_papers_are_held_in_memory(tmp_path, monkeypatch):
    made = []
    anew = Held.anew
    monkeypatch.setattr(Held, "anew", lambda self: made.append(self.client) or anew(self))
    ingested(tmp_path / "l", tmp_path, monkeypatch=monkeypatch)
    assert made
    for client in made:  # closed: what it had in memory is given back
        with pytest.raises(Exception, match="bindings"):
            client.list_collections()


class Client:
    def __init__(self):
        self.closed = 0

    def close(self):
        self.closed += 1


def test_a_client_is_closed_when_its_last_user_leaves():
    clients = Clients(Client)
    first = clients.current
    with clients.using() as one, clients.using() as other:
        assert one is other is first
        clients.renew(first)
        assert clients.current is not first
        clients.renew(first)  # done already
        assert first.closed == 0
    assert first.closed == 1
    second = clients.current
    clients.renew(second)
    assert second.closed == 1  # nobody used it
    third = clients.current
    with clients.using():
        clients.close()
        clients.close()
        assert third.closed == 0
    assert third.closed == 1
    assert first.closed == second.closed == 1
