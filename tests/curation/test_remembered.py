"""What is remembered beside a library: written whole, several processes at once, damage told, removed papers known."""

import json
import subprocess
from dataclasses import replace

import pytest

from rag.curation.remembered_sources import Mark, Remembered, Source, finished, the_gone
from rag.errors import LibraryError
from rag.library.json_file import write_whole
from rag.model import Paper
from tests.support.storage_fixtures import worker

OWL = Paper("owlnet", "OwlNet: Seeing at Night", "OwlNet keeps 12 of 196 visual tokens and sees owls in dim woods.")
SOURCE = Source(
    "arxiv:search:owls", "live", "2025-03-01T10:00:00+00:00", papers=3, state="page 2", categories=("cs.CV",),
    files={"/a": Mark(1, 2, "c0ffee")}, seen=("aa", "bb"),
)  # fmt: skip


def test_a_source_is_read_back_as_it_was_noted(tmp_path):
    Remembered(tmp_path).change(SOURCE.spec, lambda before: SOURCE if before is None else None)
    assert Remembered(tmp_path).sources() == (SOURCE,)
    assert Remembered(tmp_path).sources()[0].files == SOURCE.files  # a mapping is no part of what is equal


def test_a_source_that_was_read_to_its_end_has_nothing_left_to_go_on_with():
    done = finished(SOURCE, SOURCE.spec, "live", papers=7)
    assert (done.first, done.papers, done.state) == (SOURCE.first, 7, "")
    assert done.last > SOURCE.first


def test_forgetting_says_whether_there_was_one(tmp_path):
    remembered = Remembered(tmp_path)
    assert not remembered.forget("arxiv:1")
    assert not (tmp_path / "sources.json").exists()
    remembered.change(SOURCE.spec, lambda _: SOURCE)
    assert remembered.forget(SOURCE.spec)
    assert remembered.sources() == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is damaged .no JSON"),
        ("[]", "no object with a format"),
        ('{"format": 1, "sources": [{"spec": "x"}]}', "is damaged .in sources"),
        ('{"format": 1, "sources": [{"spec": "x", "kind": "cloud", "first": "2025-01-01"}]}', "kind 'cloud'"),
        ('{"format": 1, "sources": 5}', "is damaged .in sources"),
        ('{"format": 99}', "is of format 99, and this version reads up to 1"),
    ],
)
def test_a_file_that_is_damaged_is_told_and_not_written_over(tmp_path, content, says):
    (tmp_path / "sources.json").write_text(content)
    with pytest.raises(LibraryError, match=says):
        Remembered(tmp_path).sources()
    with pytest.raises(LibraryError, match=says):
        Remembered(tmp_path).change("x", lambda _: SOURCE)
    assert (tmp_path / "sources.json").read_text() == content


def test_many_processes_at_once_lose_nothing(tmp_path):
    code = f"""
from rag.curation.remembered_sources import Remembered, finished
for n in range(20):
    Remembered({str(tmp_path)!r}).change(f"{{sys.argv[1]}} {{n}}", lambda _: finished(None, f"{{sys.argv[1]}} {{n}}", "file", papers=n))
"""  # noqa: E501
    processes = [subprocess.Popen([*worker(code), name]) for name in "abc"]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert {source.spec for source in Remembered(tmp_path).sources()} == {f"{a} {n}" for a in "abc" for n in range(20)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sources.json", "sources.lock"]


def test_a_write_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path):
    (tmp_path / "out").write_text("before")

    def pieces():
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "out", pieces())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "before")]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match=r"cannot be written: .* Make room or get the right to"):
        Remembered(tmp_path / "file" / "storage").change("x", lambda _: SOURCE)


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (OWL, True),
        (replace(OWL, id=""), True),
        (replace(OWL, id="", abstract=OWL.abstract.replace("dim", "dark")), True),  # 10 of 12 words in common
        (replace(OWL, id="", abstract=""), True),
        (replace(OWL, id="", title="Owls"), False),
        # another paper of the same name
        (replace(OWL, id="", abstract="We chart harbours by the sound of gulls, over eleven years of tides."), False),
        (replace(OWL, id="", title="Another", arxiv_id="2401.00001"), True),
        (replace(OWL, id="", arxiv_id="2401.00002"), False),
        (replace(OWL, id="", title="Another", doi="10.1/x"), True),
        (replace(OWL, id="", abstract="", doi="10.1/y"), False),
    ],
)
def test_a_removed_paper_is_known_again_by_its_ids_and_else_by_title_and_text(tmp_path, record, known):
    remembered = Remembered(tmp_path)
    remembered.remove([replace(OWL, arxiv_id="2401.00001", doi="10.1/x")])
    assert the_gone(remembered.gone())(record) is known
    remembered.bring_back([record])
    assert (remembered.gone() == ()) is known


def test_nothing_of_a_removed_papers_text_is_kept(tmp_path):
    Remembered(tmp_path).remove([OWL])
    assert "dim woods" not in (tmp_path / "sources.json").read_text()
    assert json.loads((tmp_path / "sources.json").read_text())["removed"][0]["title"] == OWL.title
