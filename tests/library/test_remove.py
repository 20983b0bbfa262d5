"""Removing papers: all of them or none, never half of one, also when it is killed in the middle."""

import signal
import subprocess

import pytest

from rag.errors import LibraryError, SettingsError
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, worker, write_lines


@pytest.fixture
def folder(tmp_path):
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(20))])
    return tmp_path / "library"


def test_removed_papers_are_given_back_and_found_no_more(folder):
    with open_assistant(folder) as assistant:
        gone = assistant.remove(["p3", "p5", "p3"])
        assert [paper.id for paper in gone] == ["p3", "p5"]
        assert len(assert_whole(assistant._library)) == 18
        assert {hit.paper.id for hit in assistant.search("invention", k=20)}.isdisjoint({"p3", "p5"})
        with pytest.raises(SettingsError, match="no paper is called 'p3'"):
            assistant.paper("p3")
        assert assistant.doctor(mend=False) == ()


def test_an_id_that_is_not_there_is_an_error_and_nothing_is_removed(folder):
    with open_assistant(folder) as assistant:
        generation = assistant._library.generation()
        with pytest.raises(SettingsError, match="there is no paper with the id 'nobody'"):
            assistant.remove(["p3", "nobody"])
        assert assistant.remove([]) == ()
        assert assistant._library.generation() == generation
        assert len(assert_whole(assistant._library)) == 20


def test_all_papers_can_be_removed_and_brought_again(folder, tmp_path):
    with open_assistant(folder) as assistant:
        assert len(assistant.remove([f"p{n}" for n in range(20)])) == 20
        assert assistant._library.count() == 0
        assert assistant.search("invention", k=5) == ()
        assert assistant.ingest([tmp_path / "papers.jsonl"]).total("new") == 20
        assert len(assert_whole(assistant._library)) == 20


def test_nobody_removes_while_another_writes(folder):
    with open_assistant(folder) as assistant, open_assistant(folder) as other, other._library.locked():
        with pytest.raises(LibraryError, match="is being written by process"):
            assistant.remove(["p3"])
        assert assistant._library.count() == 20


@pytest.mark.parametrize("before", ["records", "passages"])
def test_a_kill_in_the_middle_of_removing_leaves_no_half_paper(folder, before):
    code = f"""
import os, signal
import rag.library.writer
from tests.support.storage_fixtures import open_assistant
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
with open_assistant({str(folder)!r}) as assistant:
    class Records:
        def __init__(self, real): self.real = real
        def __getattr__(self, name): return kill if name == "delete" else getattr(self.real, name)
    begun = assistant._library._begun
    def watched(*given):
        work = begun(*given)
        if {before!r} == "records":
            work.writer._papers = Records(work.writer._papers)
        else:
            work.writer.delete_passages = kill
        return work
    assistant._library._begun = watched
    assistant.remove(["p3", "p4"])
"""
    assert subprocess.run(worker(code), check=False).returncode == -signal.SIGKILL
    with open_assistant(folder) as assistant:
        assert assistant._library.unfinished()
        found = assert_whole(assistant._library, orphans=False)
        assert len(found) == (20 if before == "records" else 18)
        assert assistant.doctor()[0].startswith("a write was cut off")
        assert_whole(assistant._library)
        assert assistant.doctor() == ()
