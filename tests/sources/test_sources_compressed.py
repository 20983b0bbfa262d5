"""Compressed files, standard input, and what expands without end."""

import gzip
import io
import os
import subprocess
import sys

import pytest

from rag.errors import SourceError
from rag.model import Paper
from rag.sources import find_files, read_file
from rag.sources.bytestream import ALLOWANCE, RATIO
from tests.fuzz.mutate import zstd
from tests.support.sources_fixtures import on_linux, read_elsewhere

LINES = b"".join(b'{"title": "Owl %d", "abstract": "Owls see."}\n' % n for n in range(2_000))


@pytest.fixture
def write(tmp_path):
    def write(data, name="owls.jsonl"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def titles(path):
    return [entry.title for entry in read_file(path).entries if isinstance(entry, Paper)]


@pytest.mark.parametrize("packed", [gzip.compress(LINES), zstd.compress(LINES), gzip.compress(zstd.compress(LINES)),
                                    gzip.compress(LINES[:20_000]) + gzip.compress(LINES[20_000:])])  # fmt: skip
def test_compressed_file_is_read_through_whatever_its_ending(write, packed):
    assert titles(write(packed, "owls.txt")) == [f"Owl {n}" for n in range(2_000)]


def test_frame_of_other_data_may_stand_first(write):
    # A skippable frame: its magic number, the length of its content, four bytes of content.
    frame = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"owls"
    assert len(titles(write(frame + zstd.compress(LINES)))) == 2_000


def test_utf16_inside_a_compressed_file_is_read(write):
    text = '{"title": "Sowa łąkowa"}\n'.encode("utf-16")
    assert titles(write(gzip.compress(text))) == ["Sowa łąkowa"]


def test_third_layer_is_not_unpacked(write):
    thrice = gzip.compress(gzip.compress(gzip.compress(LINES)))
    with pytest.raises(SourceError, match=r"owls\.jsonl is compressed more than 2 times; unpack it first"):
        read_file(write(thrice))


def test_archive_inside_says_what_it_is(write):
    with pytest.raises(SourceError, match=r"owls\.jsonl is a tar archive, not text"):
        read_file(write(gzip.compress(b"a.jsonl".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 1000)))


@pytest.mark.parametrize(("pack", "kind"), [(gzip.compress, "gzip"), (zstd.compress, "zstd")])
def test_archive_that_breaks_off_gives_what_stood_before_and_an_error(write, pack, kind):
    # Ids that do not compress make the file long enough for its first part to be read before its end is missed.
    lines = b"".join(b'{"title": "%s"}\n' % os.urandom(300).hex().encode() for _ in range(9_000))
    packed = pack(lines)
    seen = []
    with pytest.raises(SourceError, match=rf"owls\.jsonl is a broken {kind} archive: .*; get the file again"):
        seen.extend(read_file(write(packed[: len(packed) * 9 // 10])).entries)
    assert seen == [] or all(isinstance(entry, Paper) for entry in seen)
    entries = read_file(write(packed[: len(packed) * 9 // 10])).entries
    assert isinstance(next(entries), Paper)


@pytest.mark.parametrize("packed", [gzip.compress(LINES)[:-20], zstd.compress(LINES)[:-5],
                                    gzip.compress(LINES)[:40] + b"\xff" * 40 + gzip.compress(LINES)[80:],
                                    gzip.compress(LINES) + b"and more"])  # fmt: skip
def test_broken_archive_is_one_error(write, packed):
    with pytest.raises(SourceError, match=r"owls\.jsonl is a broken (gzip|zstd) archive: ") as error:
        list(read_file(write(packed)).entries)
    assert "\n" not in str(error.value)


def bomb(pack, megabytes):
    """A file that expands to so many megabytes of one line."""
    return pack(b'{"title": "' + b"a" * (megabytes << 20))


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress, lambda data: gzip.compress(gzip.compress(data))])
def test_file_that_expands_too_far_is_an_error(write, pack):
    packed = bomb(pack, 200)
    assert ALLOWANCE + RATIO * len(packed) < 200 << 20  # both layers together may not expand further
    with pytest.raises(SourceError, match=r"owls\.jsonl expands too far: [\d,]+ bytes from [\d,]+ so far"):
        list(read_file(write(packed)).entries)


@on_linux
def test_bomb_takes_little_memory(write):
    papers, _, kilobytes, error = read_elsewhere(write(bomb(zstd.compress, 600)))
    assert papers == 0
    assert "expands too far" in error
    assert kilobytes < 200_000


def test_fault_inside_a_compressed_file_names_its_byte(write):
    with pytest.raises(SourceError, match=rf"owls\.jsonl is not UTF-8: byte 0xE9 at offset {len(LINES)} "):
        list(read_file(write(gzip.compress(LINES + b"\xe9 owl"))).entries)


def test_compressed_nothing_is_empty(write):
    with pytest.raises(SourceError, match=r"owls\.jsonl is empty \(0 bytes, no text\)"):
        read_file(write(gzip.compress(b"")))


def read_from_input(data, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return read_file("-")


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress])
def test_standard_input_is_read_and_stays_open(pack, monkeypatch):
    reading = read_from_input(pack(LINES), monkeypatch)
    papers = list(reading.entries)
    assert (reading.reader, len(papers), papers[0].source) == ("jsonl", 2_000, "standard input")
    assert not sys.stdin.buffer.closed


def test_fault_of_standard_input_names_it(monkeypatch):
    with pytest.raises(SourceError, match="standard input is empty"):
        read_from_input(b"", monkeypatch)


def test_pipe_that_writes_slowly_is_read_to_its_end():
    code = "from rag.sources import read_file\nprint(sum(1 for _ in read_file('-').entries))"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for start in range(0, 60_000, 7_001):  # not at the ends of lines
            process.stdin.write(LINES[:60_000][start : start + 7_001])
            process.stdin.flush()
        out, _ = process.communicate()
    # 60,000 characters end inside a line, which is then no JSON but an entry all the same.
    assert int(out) == LINES[:60_000].count(b"\n") + 1


def test_dash_is_standard_input_and_a_file_of_that_name_is_named_by_its_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-").write_bytes(LINES)
    assert [str(path) for path in find_files(["-"])] == ["-"]
    [path] = find_files(["./-"])
    assert path == tmp_path / "-"
    assert len(titles(path)) == len(titles("./-")) == 2_000


@on_linux
def test_line_without_end_takes_little_memory(tmp_path):
    path = tmp_path / "endless.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"title": "Owl"}\n{"title": "')
        for _ in range(400):
            stream.write(b"a" * (1 << 20))
    papers, rejected, kilobytes, error = read_elsewhere(path)
    assert (papers, rejected, error) == (1, 1, "")
    assert kilobytes < 200_000
