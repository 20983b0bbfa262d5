"""Finding files, and what becomes of files that are no pages and no records."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources import READERS, find_files, read_file

ABSTRACT = "We present OwlNet, a network that reads night images with 12 tokens and without any labels."


@pytest.fixture
def write(tmp_path):
    def write(data, name="owls.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


def test_files_come_as_given_and_folders_sorted_without_hidden_ones(tmp_path, write):
    for name in ("d/b.txt", "d/a.txt", "d/.hidden", "d/.git/c.txt", "d/e/f.txt", "z.txt", ".given"):
        write(b"x", name)
    found = find_files([tmp_path / "z.txt", str(tmp_path / "d"), tmp_path / ".given"])
    assert [str(path.relative_to(tmp_path)) for path in found] == ["z.txt", "d/a.txt", "d/b.txt", "d/e/f.txt", ".given"]


def test_path_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(SourceError, match=r"owls' does not exist; check the path"):
        find_files([tmp_path / "owls"])


def test_folder_without_files_is_an_error(tmp_path, write):
    write(b"x", "d/.hidden")
    with pytest.raises(SourceError, match=r"the folder '.*d' has no files \(hidden ones aside\)"):
        find_files([tmp_path / "d"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_what_is_neither_file_nor_folder_is_an_error(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="pipe' is neither a file nor a folder"):
        find_files([tmp_path / "pipe"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"owls\.txt is empty \(0 bytes, no text\)"),
        (b"\xef\xbb\xbf \r\n", r"owls\.txt is empty \(6 bytes, no text\)"),
        (b"%PDF-1.7\n...", r"owls\.txt is a PDF document, not text"),
        (b"PK\x03\x04....", r"owls\.txt is a zip archive"),
        (b"\x89PNG\r\n", r"owls\.txt is a PNG image"),
        (b"\xff\xd8\xff\xe0", r"owls\.txt is a JPEG image"),
        (b"{\\rtf1 owl}", r"owls\.txt is an RTF document"),
        (b"Owl\n\n\0", r"owls\.txt is binary: byte 0x00 at offset 5"),
        ("Owl".encode("utf-16-le"), r"owls\.txt is binary: byte 0x00 at offset 1; .*byte order mark"),
        ("Owl".encode("utf-32"), r"owls\.txt is binary: byte 0x00 at offset 2"),
        (
            "Night of the élan".encode("latin-1"),
            r"owls\.txt is not UTF-8: byte 0xE9 at offset 13 .*save the file as UTF-8",
        ),
        (b"\xef\xbb\xbfOwl\xff", r"owls\.txt is not UTF-8: byte 0xFF at offset 6"),
        (b"Owl \xc5", r"owls\.txt is not UTF-8: byte 0xC5 at offset 4 \(unexpected end of data\)"),
        ("Owl".encode("utf-16") + b"x", r"owls\.txt is not UTF-16-LE: byte 0x78 at offset 8"),
    ],
)
def test_file_that_is_no_text_says_what_it_is(write, data, message):
    with pytest.raises(SourceError, match=message) as error:
        read_file(write(data))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("cut", [-2, -1, 0, 1])
def test_offset_of_a_wrong_byte_is_true_beyond_the_first_megabyte(write, cut):
    # The file is checked in pieces of 1 MiB; a two-byte letter lies across the edge, then comes the wrong byte.
    before = b"a" * ((1 << 20) + cut) + "é".encode()
    with pytest.raises(SourceError, match=f"byte 0xFF at offset {len(before)} "):
        read_file(write(before + b"\xff owl"))


def test_fault_at_the_end_is_told_before_the_first_paper(write):
    with pytest.raises(SourceError, match="byte 0xE9 at offset"):
        read_file(write(b'{"title": "Owl"}\n' * 1000 + b"\xe9\n"))


def test_file_that_is_not_there_or_is_a_folder_cannot_be_opened(tmp_path):
    with pytest.raises(SourceError, match=r"owls\.txt cannot be opened: No such file"):
        read_file(tmp_path / "owls.txt")
    with pytest.raises(SourceError, match="cannot be opened: Is a directory"):
        read_file(tmp_path)


def test_file_that_changes_while_it_is_read_is_an_error(write):
    path = write(b'{"title": "Owl"}\n' * 100_000)
    entries = read_file(path).entries
    with path.open("r+b") as stream:
        stream.seek(1_000_000)
        stream.write(b"\xff")
    with pytest.raises(SourceError, match=r"owls\.txt changed or vanished while it was read"):
        list(entries)


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (f"Owl\n\n{ABSTRACT}", "listing"),
        (f"<p>Owl</p><p>Abstract</p><p>{ABSTRACT}</p>", "html"),
        (f"<!-- saved -->\n<!DOCTYPE html><h1>Owl</h1><h2>Abstract</h2><p>{ABSTRACT}</p>", "html"),
        (f"<?xml version='1.0'?><html><h1>Owl</h1><h2>Abstract</h2><p>{ABSTRACT}</p></html>", "html"),
        ('{"title": "Owl"}', "jsonl"),
        ('[{"title": "Owl"}]', "jsonl"),
    ],
)
@pytest.mark.parametrize("name", ["owls.pdf", "owls.html", "owls"])
def test_reader_is_chosen_by_content_and_never_by_ending(write, data, reader, name):
    reading = read_file(write(data.encode(), name))
    assert reading.reader == reader
    assert [entry.source for entry in reading.entries] == [name]


def test_readers_have_different_names():
    assert len({reader.name for reader in READERS}) == len(READERS)


def taken_or_told(path: Path) -> None:
    """The law of all readers: papers with a title or an abstract, reasons, or one error of one line."""
    error = None
    try:
        entries = list(read_file(path).entries)
    except SourceError as caught:
        error = caught
    if error is not None:
        assert "\n" not in str(error)
        return
    assert entries
    for entry in entries:
        assert isinstance(entry, Paper | Rejected)
        if isinstance(entry, Paper):
            assert entry.title or entry.abstract
            (entry.title + entry.abstract).encode()
    assert entries == list(read_file(path).entries)


pieces = st.sampled_from(
    [
        ABSTRACT,
        "Owl",
        "\n",
        "\n\n",
        "  • 9 authors",
        "·",
        "Jan 29, 2024 4",
        "May 20",
        "Feb 29",
        "Subscribe",
        "new",
        "4",
        "—",
    ]
)
markup = st.sampled_from(
    ["<html>", "<p>", "</p>", "<a href='/papers/1'>", "<time datetime='2024-01-29'>", "</time>", "<!--", "-->",
     "<![CDATA[", "<!x", "<?", "&#0;", "&#xd800;", "&amp", "<script>", "<svg/>", "<br>", "<base href='http://['>"]
)  # fmt: skip
braces = st.sampled_from(
    ["{", "}", "[", "]", ",", '"title"', ":", '"', "\\ud800", "\\u0000", "1", "null", "NaN", '{"title": "a"}']
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@unhurried
@given(st.binary())
def test_any_bytes_are_papers_or_an_error(tmp_path, data):
    (tmp_path / "any").write_bytes(data)
    taken_or_told(tmp_path / "any")


@unhurried
@given(st.text() | st.lists(pieces | st.text(max_size=5)).map("".join))
def test_any_text_is_papers_or_an_error(tmp_path, text):
    (tmp_path / "any").write_bytes(text.encode("utf-8", "surrogatepass"))
    taken_or_told(tmp_path / "any")


@unhurried
@given(st.lists(markup | pieces | st.text(max_size=5)).map("".join))
def test_any_markup_is_papers_or_an_error(tmp_path, text):
    (tmp_path / "any").write_bytes(b"<html>" + text.encode("utf-8", "surrogatepass"))
    taken_or_told(tmp_path / "any")


@unhurried
@given(st.lists(braces | st.text(max_size=3) | st.just("\n")).map("".join))
def test_any_braces_are_papers_or_an_error(tmp_path, text):
    (tmp_path / "any").write_bytes(b"{" + text.encode("utf-8", "surrogatepass"))
    taken_or_told(tmp_path / "any")
