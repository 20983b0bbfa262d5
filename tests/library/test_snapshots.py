"""Snapshots: the library as one file, and back; a file from a stranger is read with distrust."""

import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from rag.errors import FootnoteError, LibraryError, SourceError
from rag.library.archive import LISTING
from rag.library.json_file import write_whole
from rag.library.snapshots import check, restore
from rag.settings import Settings
from tests.support.storage_fixtures import (
    WordEmbedder,
    assert_whole,
    invented,
    open_assistant,
    stored,
    worker,
    write_lines,
)

SETTINGS = Settings(passage_tokens=32)


def made(folder, tmp_path, *, version=0, count=20):
    """A library of so many papers in the folder; a version beside what it had replaces it."""
    with open_assistant(folder) as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(count, version=version))])
    return folder


def said(folder):
    """All that a library holds, for comparison."""
    with open_assistant(folder) as assistant:
        papers = assert_whole(assistant._library)
        assert assistant.doctor(mend=False) in ((), ("the lexical index is missing",), ("the lexical index is stale",))
        return {key: (one.paper, one.passages, one.sentence_vectors.tolist()) for key, one in papers.items()}


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """The folder with a library of twenty papers, the file that it is of, and a snapshot of it."""
    home = tmp_path_factory.mktemp("original")
    with open_assistant(made(home / "library", home)) as assistant:
        assistant.follow("What does Invention 3 say?")
        saved = assistant.snapshot(home / "one.footnote")
    assert saved.papers == 20
    return home


@pytest.fixture
def snapshot(original, tmp_path):
    """A copy of the snapshot, with the library and its file beside it."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return tmp_path / "one.footnote"


def test_a_library_made_of_a_snapshot_is_the_same_library(snapshot, tmp_path):
    embedder = WordEmbedder()
    assert restore(tmp_path / "other" / "place", snapshot, embedder, SETTINGS) == 20
    assert embedder.embedded == 0
    assert said(tmp_path / "other" / "place") == said(tmp_path / "library")
    with open_assistant(tmp_path / "other" / "place") as assistant:
        assert [followed.question for followed in assistant.followed()] == ["What does Invention 3 say?"]
        assert assistant.search("Invention 7", k=1)[0].paper.id == "p7"
        assert assistant.ingest([tmp_path / "papers.jsonl"]).total("unchanged") == 20
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library", "one.footnote", "other", "papers.jsonl"]


def test_a_library_is_replaced_only_when_that_is_said_and_readers_see_the_old_until_then(snapshot, tmp_path):
    before = said(tmp_path / "library")
    folder = made(tmp_path / "library", tmp_path, version=1, count=25)
    with pytest.raises(LibraryError, match=r"there is a library of 25 papers at .*--replace"):
        restore(folder, snapshot, WordEmbedder(), SETTINGS)
    with open_assistant(folder) as reader:
        assert len(reader.search("Invention", k=30)) == 25
        assert restore(folder, snapshot, embedder := WordEmbedder(), SETTINGS, replace=True) == 20
        assert embedder.embedded == 0
        assert len(reader.search("Invention", k=30)) == 20
        assert reader.ingest([write_lines(tmp_path / "more.jsonl", invented(2, seed=5))]).total("changed") == 2
    assert restore(folder, snapshot, WordEmbedder(), SETTINGS, replace=True) == 20
    assert said(folder) == before


def test_a_writer_keeps_a_snapshot_waiting_and_a_reader_does_not(snapshot, tmp_path):
    with open_assistant(tmp_path / "library") as reader, open_assistant(tmp_path / "library") as other:
        with reader._library.writing(), pytest.raises(LibraryError, match="is being written by process"):
            other.snapshot(tmp_path / "two.footnote")
        assert not (tmp_path / "two.footnote").exists()
        with pytest.raises(LibraryError, match="is being written by process"), other._library.writing():
            restore(tmp_path / "library", snapshot, WordEmbedder(), SETTINGS, replace=True)


def test_an_empty_library_has_no_snapshot(tmp_path):
    with open_assistant(tmp_path / "library") as assistant, pytest.raises(LibraryError, match="library is empty"):
        assistant.snapshot(tmp_path / "none.footnote")
    assert not (tmp_path / "none.footnote").exists()


@pytest.mark.parametrize("moment", [1, 3])
def test_a_kill_in_the_middle_leaves_the_old_library(snapshot, tmp_path, moment):
    """Once when the files are unpacked, once when the first 256 of the records are carried over."""
    folder = made(tmp_path / "library", tmp_path, version=1, count=260)
    before = said(folder)
    with open_assistant(folder) as assistant:
        assistant.snapshot(tmp_path / "large.footnote")
    code = f"""
import os, signal
from pathlib import Path
from tests.support.storage_fixtures import WordEmbedder
from rag.library import snapshots, writer
from rag.settings import Settings
left = {moment}
def killing(before):
    def step(*given):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return before(*given)
    return step
snapshots._checked = killing(snapshots._checked)
writer.Writer.carry = killing(writer.Writer.carry)
snapshots.restore(Path({str(folder)!r}), Path({str(tmp_path / "large.footnote")!r}), WordEmbedder(),
                  Settings(passage_tokens=32), replace=True)
"""
    assert subprocess.run(worker(code), check=False).returncode == -9
    with open_assistant(folder) as assistant:
        assert len(stored(assistant._library)) == 260
        assistant.doctor()
    assert said(folder) == before
    assert restore(folder, snapshot, WordEmbedder(), SETTINGS, replace=True) == 20
    assert not list(folder.glob(".restoring-*"))


def test_any_byte_that_changed_is_noticed_before_anything_is_touched(snapshot, tmp_path):
    whole = snapshot.read_bytes()
    harmless = 0
    for at in range(0, len(whole), len(whole) // 60):
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        snapshot.write_bytes(damaged)
        try:
            check(snapshot)
        except SourceError:
            with pytest.raises(SourceError, match=r"^[^\n]+$"):
                restore(tmp_path / "new", snapshot, WordEmbedder(), SETTINGS)
        else:  # what a zip file says twice, or says and nobody reads
            harmless += 1
    assert harmless < 10
    assert not list(tmp_path.glob("new/*/"))
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        snapshot.write_bytes(whole[:length])
        with pytest.raises(SourceError, match="is no snapshot, or is damaged"):
            check(snapshot)


def rewritten(snapshot, change):
    """The snapshot written anew: `change` gets its listing and its files by name, and changes them in place."""
    with zipfile.ZipFile(snapshot) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listing = json.loads(files.pop(LISTING))
    change(listing, files)
    with zipfile.ZipFile(snapshot, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(LISTING, json.dumps(listing))


def planted(name):
    def change(listing, files):
        files[name] = b"owned"
        digest = "5d1d0b6d0e1c9e9a4c7a0f0e5ad1e4c9c9d2a0a2f0b1f4bb1d3b0d2d7a4b8f10"
        listing["files"][name] = {"size": 5, "sha256": digest}

    return change


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "/tmp/evil", "chroma/../../evil", "chroma\\..\\evil", "writer.json", "chroma/evil.so",
        "C:/evil", "sources.json\0.txt", "chroma/00000000-0000-0000-0000-000000000000/../x.bin",
    ],
)  # fmt: skip
def test_a_file_of_any_other_name_is_refused(snapshot, tmp_path, name):
    rewritten(snapshot, planted(name))
    with pytest.raises(SourceError, match=r"which no snapshot has|is damaged"):
        restore(tmp_path / "new", snapshot, WordEmbedder(), SETTINGS)
    assert not (tmp_path / "evil").exists()
    assert not (tmp_path / "new" / "chroma").exists()


def test_a_link_in_a_snapshot_is_no_link_on_the_disk(snapshot, tmp_path):
    def change(listing, files):
        files["sources.json"] = b"/etc/passwd"
        listing["files"]["sources.json"] = {"size": 11, "sha256": "0" * 64}

    rewritten(snapshot, change)
    with pytest.raises(SourceError, match=r"sources\.json is not as it was"):
        restore(tmp_path / "new", snapshot, WordEmbedder(), SETTINGS)


def test_a_file_is_not_unpacked_beyond_what_the_listing_says_or_the_disk_holds(snapshot, tmp_path):
    def larger(listing, files):
        listing["files"]["sources.json"]["size"] = 10**15

    copy = Path(tmp_path, "copy")
    copy.write_bytes(snapshot.read_bytes())
    rewritten(copy, larger)
    with pytest.raises(SourceError, match="files of another size"):
        restore(tmp_path / "new", copy, WordEmbedder(), SETTINGS)
    # A bomb says in each of its two directories what it wants: so many zeros in a small file, as a zip file can.
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sources.json", b"0" * 30_000_000)
        listing = {"format": 1, "papers": 1, "files": {"sources.json": {"size": 30_000_000, "sha256": "0" * 64}}}
        archive.writestr(LISTING, json.dumps(listing))
    with pytest.raises(SourceError, match=r"sources\.json is not as it was"):
        check(copy)


def test_what_is_newer_or_other_is_told_with_a_clear_word(snapshot, tmp_path):
    def newer(listing, files):
        listing.update(format=9, footnote="7.0")

    def newer_library(listing, files):
        listing["library"]["format"] = 99

    copies = {name: tmp_path / f"newer-{name}" for name in ("format", "library")}
    for name, change in (("format", newer), ("library", newer_library)):
        copies[name].write_bytes(snapshot.read_bytes())
        rewritten(copies[name], change)
    with pytest.raises(
        SourceError, match=r"format 9, made by Footnote '7\.0', and this version reads up to 1\. Update"
    ):
        check(copies["format"])
    with pytest.raises(LibraryError, match="has format 99, newer than"):
        check(copies["library"])
    with pytest.raises(SourceError, match="it is another file"):
        check(snapshot, sha256="0" * 64)
    folder = tmp_path / "other"
    assert restore(folder, snapshot, WordEmbedder(8, "other"), SETTINGS) == 20  # and opening it says what it needs
    with pytest.raises(LibraryError, match=r"was made with the embedding words .*settings name other"):
        open_assistant(folder, WordEmbedder(8, "other"))
    with open_assistant(folder) as assistant:
        assert len(assert_whole(assistant._library)) == 20


def test_a_snapshot_that_cannot_be_written_leaves_what_was_there(snapshot, tmp_path):
    (tmp_path / "full").mkdir()
    with open_assistant(tmp_path / "library") as assistant:
        with pytest.raises(FootnoteError, match="cannot be written: No such file"):
            assistant.snapshot(tmp_path / "nowhere" / "x.footnote")
        with pytest.raises(FootnoteError, match="cannot be written: Is a directory"):
            assistant.snapshot(tmp_path / "full")
    assert list(tmp_path.glob(".full*")) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name here")
def test_a_device_stays_one_and_a_link_leads_where_it_led(tmp_path):
    """Whoever may do everything could else put a file in the place of /dev/null."""
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(tmp_path / "told")
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([write_lines(tmp_path / "papers.jsonl", invented(3))])
        for write in (assistant.snapshot, lambda path: write_whole(path, ["papers"])):
            with pytest.raises((FootnoteError, OSError), match="It is a device or a pipe, and no file"):
                write(pipe)
            write(link)
            assert (link.is_symlink(), (tmp_path / "told").is_file()) == (True, True)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_a_listing_says_of_its_maker_is_told_in_one_line(snapshot):
    rewritten(snapshot, lambda listing, files: listing.update(format=9, footnote="7.0\n\x1b[2J\u202e\ud800"))
    with pytest.raises(SourceError, match=r"made by Footnote '7\.0\\n\\x1b") as told:
        check(snapshot)
    assert str(told.value).isprintable()


def test_the_commands_make_the_library_again_elsewhere(called, library_dir, tmp_path):
    file = tmp_path / "library.footnote"
    done = called("snapshot", file, "--storage", library_dir)
    assert done.returncode == 0, done.stderr
    digest = done.stdout.split()[0].decode()
    again = called("restore", file, "--sha256", digest, "--storage", tmp_path / "new")
    assert again.stdout.decode() == f"restored: 12 papers at {tmp_path / 'new'}\n"
    asked = called("search", "herons", "-k", "1", "--json", "--storage", tmp_path / "new")
    assert json.loads(asked.stdout)["hits"]
    refused = called("restore", file, "--storage", tmp_path / "new")
    assert refused.returncode == 1
    assert b"there is a library of 12 papers" in refused.stderr


@pytest.mark.parametrize("papers", ["many", None, [], 1e400, -1, True])
def test_a_snapshot_that_does_not_say_how_many_papers_it_has_is_damaged(snapshot, papers):
    rewritten(snapshot, lambda listing, files: listing.update(papers=papers))
    with pytest.raises(SourceError, match=r"^\S+ is damaged: it says that it holds .{2,20} papers\. Take another copy"):
        check(snapshot)
