"""Bad input and bad disks: one line that says what happened and what to do, and a library that is whole afterwards."""

import os
import subprocess

import pytest

from rag.errors import LibraryError
from tests.support.storage_fixtures import assert_whole, invented, open_assistant, worker, write_lines

GOOD = {"id": "good", "title": "A Good One", "abstract": "It is good. It stays."}


@pytest.fixture
def ingest(tmp_path):
    """Ingests records with a good one before and one after; gives the rejected ones, having looked at the library."""

    def run(*records):
        after = GOOD | {"id": "after", "title": "Another Good One"}
        file = write_lines(tmp_path / "records.jsonl", [GOOD, *records, after])
        with open_assistant(tmp_path / "library") as assistant:
            report = assistant.ingest([file])
            papers = assert_whole(assistant._library)
            assert {"good", "after"} <= set(papers)
            assert len(assistant.search("good", k=10)) == len(papers)
            return report.files[0].rejected, {key: owner.paper for key, owner in papers.items()}

    return run


def test_an_abstract_of_a_megabyte_is_a_line_in_the_report(ingest):
    rejected, papers = ingest({"id": "long", "title": "Long", "abstract": "It goes on. " * 90_000})
    assert [(item.line, "long" in papers) for item in rejected] == [(2, False)]
    assert "1,080,000 characters" in rejected[0].reason or "1,079,999 characters" in rejected[0].reason
    assert "\n" not in rejected[0].reason


def test_an_id_with_control_characters_is_a_line_in_the_report(ingest):
    rejected, _ = ingest({"id": "a\x00b", "title": "T", "abstract": "A."})
    assert [item.line for item in rejected] == [2]
    assert r"the id 'a\x00b' has control characters" in rejected[0].reason


def test_control_characters_and_markup_do_no_harm(ingest):
    title = "<script>alert(1)</script> \u202eleft\u202c & <b>bold</b>"
    rejected, papers = ingest({"id": "odd", "title": title, "abstract": "Tab\there. Bell\x07. NUL\x00."})
    assert rejected == ()
    assert "<script>alert(1)</script>" in papers["odd"].title


def test_lone_surrogates_do_not_reach_the_library(ingest, tmp_path):
    _rejected, _papers = ingest()
    file = tmp_path / "surrogate.jsonl"
    file.write_text('{"id": "s", "title": "Half \\ud83d", "abstract": "Of a pair \\ud83d. And \\ude00."}\n')
    with open_assistant(tmp_path / "library") as assistant:
        assistant.ingest([file])
        assert "s" in assert_whole(assistant._library)


def test_broken_lines_are_named_by_their_numbers_and_the_good_ones_kept(tmp_path):
    file = write_lines(tmp_path / "records.jsonl", [GOOD])
    with file.open("a") as more:
        more.write('{"id": "broken", \n[1, 2\n\n{"id": "last", "title": "Last"}\n')
    with open_assistant(tmp_path / "library") as assistant:
        report = assistant.ingest([file])
        assert [item.line for item in report.files[0].rejected] == [2, 3]
        assert set(assert_whole(assistant._library)) == {"good", "last"}


def test_a_paper_with_only_a_title_is_found_by_it(ingest):
    _, papers = ingest({"id": "bare", "title": "Barely Anything Known"})
    assert papers["bare"].abstract == ""


INGEST = """
import sys
import chromadb, bm25s, tokenizers
from rag.neural.embedder import common_words
from rag.errors import LibraryError
from rag.text.tokens import count_tokens
from tests.support.storage_fixtures import open_assistant
count_tokens("warm"); common_words()
{before}
try:
    with open_assistant(sys.argv[1]) as assistant:
        assistant.ingest([sys.argv[2]])
except LibraryError as error:
    print(error)
    sys.exit(1)
"""


def ingest_in_process(folder, file, before=""):
    return subprocess.run(
        [*worker(INGEST.format(before=before)), str(folder), str(file)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("room", [0, 200_000, 600_000])
def test_a_full_disk_is_one_line_and_what_was_written_is_whole(tmp_path, room):
    """A limit on the size of files stands for the disk: SQLite gets the same kind of error from both."""
    folder = tmp_path / "library"
    with open_assistant(folder) as assistant:
        assistant.ingest([write_lines(tmp_path / "first.jsonl", invented(10))])
    more = write_lines(tmp_path / "more.jsonl", invented(400, version=1))
    size = (folder / "chroma" / "chroma.sqlite3").stat().st_size + room
    done = ingest_in_process(folder, more, f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size},) * 2)")
    assert done.returncode == 1, done.stderr
    [line] = done.stdout.splitlines()
    assert "the disk is full" in line
    assert "free some space and ingest again" in line
    with open_assistant(folder) as assistant:
        assert 10 <= len(assert_whole(assistant._library, orphans=False)) < 400
        assert assistant.search("invention", k=10)
        assistant.ingest([more])
        assert len(assert_whole(assistant._library)) == 400
        assert assistant.doctor() == ()


def test_a_disk_that_is_really_full_is_one_line(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        folder = small / "library"
        done = ingest_in_process(folder, write_lines(tmp_path / "more.jsonl", invented(1000)))
        assert done.returncode == 1, done.stderr
        [line] = done.stdout.splitlines()
        assert "the disk is full" in line
        subprocess.run(["mount", "-o", "remount,size=50m", str(small)], check=True)
        with open_assistant(folder) as assistant:
            assistant.ingest([tmp_path / "more.jsonl"])
            assert len(assert_whole(assistant._library)) == 1000
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path):
    folder = tmp_path / "library"
    file = write_lines(tmp_path / "papers.jsonl", invented(3))
    with open_assistant(folder) as assistant:
        assistant.ingest([file])
    if os.geteuid() == 0:
        both = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
        if subprocess.run(both, shell=True, capture_output=True, check=False).returncode:
            pytest.skip("root can write everywhere and cannot mount here")
    else:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with (
            open_assistant(folder) as assistant,  # it can be read, from a copy
            pytest.raises(LibraryError, match=r"library/.* cannot be written: Read-only|library cannot be written"),
        ):
            assistant.ingest([file])
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_storage_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(LibraryError, match=r"storage folder .*file cannot be used: Not a directory.*another --storage"):
        open_assistant(tmp_path / "file")
