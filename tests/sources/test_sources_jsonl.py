"""JSON lines, arrays of records, and what is rejected in them."""

import json
import tracemalloc
from dataclasses import asdict, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.formats.contract import paper_line
from rag.model import Paper, Rejected
from rag.sources import read_file
from rag.sources.merging.merge import merge
from rag.sources.record import paper_of
from tests.support.sources_fixtures import on_linux, read_elsewhere


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "papers.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        reading = read_file(path)
        assert reading.reader == "jsonl"
        return list(reading.entries)

    return read


def reasons(entries):
    return [(entry.line, entry.reason) for entry in entries if isinstance(entry, Rejected)]


def titles(entries):
    return [entry.title for entry in entries if isinstance(entry, Paper)]


def record(**fields):
    return paper_of(fields, source="papers.txt", line=1)


def test_all_fields_of_a_record_are_kept():
    assert record(
        id="owl 1",
        title="OwlNet",
        abstract="Owls see. ",
        abstract_kind="digest",
        url="https://owls.example.org/1",
        published="2024-01-29",
        authors=["A. Owl", "Łucja Sowa"],
        author_count=9,
        source="forest",
    ) == Paper(
        id="owl 1",
        title="OwlNet",
        abstract="Owls see. ",
        abstract_kind="digest",
        url="https://owls.example.org/1",
        published=date(2024, 1, 29),
        authors=("A. Owl", "Łucja Sowa"),
        author_count=9,
        source="forest",
    )


def test_unknown_fields_go_to_extra_as_strings():
    paper = record(title="OwlNet", venue="Night", tags=["owl", "é"], pages=12, nothing=None)
    assert paper.extra == {"venue": "Night", "tags": '["owl", "é"]', "pages": "12"}


def test_null_is_absent_and_the_file_is_the_source():
    paper = record(id=None, title="OwlNet", abstract=None, url=None, published=None, authors=None, author_count=None)
    assert paper == Paper(id="", title="OwlNet", source="papers.txt")


def test_number_as_an_id_is_taken_as_its_digits():
    assert record(id=471, title="OwlNet").id == "471"


def test_paper_written_out_reads_back_as_the_same_paper():
    paper = Paper(
        id="owl",
        title="OwlNet",
        abstract="Owls see.\n",
        published=date(2025, 5, 20),
        published_inferred=True,
        authors=("A. Owl",),
        author_count=1,
        source="page.txt",
        extra={"count": "4"},
    )
    assert record(**json.loads(json.dumps(asdict(paper), default=str))) == paper


def test_identifiers_are_kept_bare_and_what_is_none_goes_to_extra():
    paper = record(title="OwlNet", doi="https://doi.org/10.1000/OWL", arxiv_id="arXiv:2310.03744v2", retraction="Gone.")
    assert (paper.doi, paper.arxiv_id, paper.retraction) == ("10.1000/owl", "2310.03744", "Gone.")
    preprint = record(title="OwlNet", doi="10.48550/arXiv.2310.03744")
    assert (preprint.doi, preprint.arxiv_id, preprint.extra) == (None, "2310.03744", {})
    odd = record(title="OwlNet", doi="to follow", arxiv_id="soon")
    assert (odd.doi, odd.arxiv_id, odd.extra) == (None, None, {"doi": "to follow", "arxiv_id": "soon"})
    assert record(title="OwlNet", doi="N/A", arxiv_id="n/a", url="-", extra={"venue": "NA"}).extra == {}


MERGED = merge(
    Paper("", "OwlNet", "Owls see.", "digest", source="digests", doi="10.1000/owl", extra={"n": "1"}),
    Paper("", "OwlNet!", "Owls see, by night.", published=date(2024, 3, 12), source="page.txt", retraction="Gone."),
)


def test_merged_paper_written_out_reads_back_with_the_records_it_was_merged_from():
    paper = replace(MERGED, id="owlnet")
    assert len(paper.copies) == 2
    assert record(**json.loads(paper_line(paper))) == paper


def test_records_that_do_not_give_the_paper_any_more_are_left_out():
    edited = json.loads(paper_line(MERGED)) | {"title": "OwlNet, corrected"}
    assert record(**edited) == replace(MERGED, title="OwlNet, corrected", copies=())


def test_date_with_a_time_is_taken_as_the_date():
    assert record(title="OwlNet", published="2024-01-29T18:59:59Z").published == date(2024, 1, 29)


def test_address_that_is_not_http_never_becomes_a_link():
    paper = record(title="OwlNet", url="javascript:alert(1)")
    assert (paper.url, paper.extra) == (None, {"url": "javascript:alert(1)"})


def test_control_characters_leave_the_title_and_the_abstract():
    paper = record(title="\x00Owl\x07Net\x9b \u202e<script>\ud800", abstract="\x00O\x01wls\tsee.\r\nFar\x85.\ud800")
    assert paper.title == "Owl Net \u202e<script>\ufffd"
    assert paper.abstract == "Owls\tsee.\nFar\x85.\ufffd"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "no title and no abstract; give at least one of them"),
        ({"id": "1", "title": " \x07", "abstract": "\n"}, "no title and no abstract; give at least one of them"),
        ({"title": 3}, "title is a number; give a string"),
        ({"title": "Owl", "doi": 10.1}, "doi is a number; give a string"),
        ({"title": "Owl", "retraction": True}, "retraction is true or false; give a string"),
        ({"title": "Owl", "copies": "no"}, "copies is a string; give a list of records, or leave it out"),
        (
            {"title": "Owl", "copies": [{"title": "Owl"}, 3]},
            "copies is a list; give a list of records, or leave it out",
        ),
        ({"title": "Owl", "copies": [{}]}, "no title and no abstract; give at least one of them"),
        ({"title": "Owl", "abstract": ["a"]}, "abstract is a list; give a string"),
        ({"title": "Owl", "id": True}, "id is true or false; give a string"),
        ({"title": "Owl", "id": "a\nb"}, r"the id 'a\nb' has control characters; give one without"),
        ({"title": "Owl", "id": "x" * 201}, "the id has 201 characters, the limit is 200; give a shorter one"),
        ({"title": "Owl", "published": "29.1.2024"}, "published is '29.1.2024'; give a date such as 2024-01-29"),
        ({"title": "Owl", "published": 2024.5}, "published is a number; give a string"),
        ({"title": "Owl", "authors": "A. Owl"}, "authors is a string; give a list of strings"),
        ({"title": "Owl", "authors": [None]}, "authors is a list; give a list of strings"),
        ({"title": "Owl", "author_count": -1}, "author_count is -1; give a whole number from 0 to 100,000"),
        ({"title": "Owl", "author_count": 10**19}, f"author_count is {10**19}; give a whole number from 0 to 100,000"),
        ({"title": "Owl", "author_count": True}, "author_count is True; give a whole number from 0 to 100,000"),
        ({"title": "Owl", "abstract_kind": "poem"}, "abstract_kind is 'poem'; give 'original' or 'digest'"),
        (
            {"title": "Owl", "abstract": "x" * 1_000_000},
            "the abstract has 1,000,000 characters, the limit is 100,000; shorten it or leave it out",
        ),
        ({"title": "x" * 2001}, "the title has 2,001 characters, the limit is 2,000; shorten it or leave it out"),
        (
            {"title": "Owl", "full_text": "x" * 100_001},
            "the field 'full_text' has 100,001 characters, the limit is 100,000; shorten it or leave it out",
        ),
    ],
)
def test_record_that_cannot_be_taken_says_why(fields, reason):
    assert record(**fields) == Rejected(1, reason)


def test_broken_lines_are_named_by_number_and_the_good_ones_kept(read):
    entries = read('{"title": "A"}\n\n{"title": \n[1]\n"x"\n{"title": "B"}\n')
    assert titles(entries) == ["A", "B"]
    assert reasons(entries) == [
        (3, "broken JSON: Expecting value at column 10; the line begins '{\"title\":'"),
        (4, "not a record but a list; a record is an object with a title and an abstract"),
        (5, "not a record but a string; a record is an object with a title and an abstract"),
    ]


@pytest.mark.parametrize("first", ["{bad", "oops", '{"title": "A"', "[oops", "[[[", "[" * 100_000])
def test_broken_first_line_does_not_hide_the_others(read, first):
    entries = read(first + '\n{"title": "B"}\n{"title": "C"}\n{"title": "D"}\n')
    assert [line for line, _ in reasons(entries)] == [1]
    assert titles(entries) == ["B", "C", "D"]


def test_second_record_with_an_id_and_other_content_is_rejected_with_both_lines(read):
    entries = read('{"id": "1", "title": "A"}\n{"title": "B"}\n{"id": "1", "title": "C"}\n')
    assert titles(entries) == ["A", "B"]
    assert reasons(entries) == [
        (3, "the id '1' is that of line 1, but the content of lines 1 and 3 differs; give each paper its own id")
    ]


def test_difference_in_an_extra_field_is_other_content(read):
    entries = read('{"id": "1", "title": "A", "venue": "x"}\n{"id": "1", "title": "A", "venue": "y"}')
    assert [line for line, _ in reasons(entries)] == [2]


def test_second_record_with_an_id_and_the_same_content_is_a_copy(read):
    entries = read('{"id": "1", "title": "A"}\n{"title": "A", "id": "1"}\n')
    assert titles(entries) == ["A", "A"]


def test_byte_order_marks_and_windows_line_ends_do_no_harm(read):
    assert titles(read('\ufeff{"title": "A"}\r\n\ufeff{"title": "B"}\r\n')) == ["A", "B"]


def test_utf_16_with_its_mark_is_read(read):
    assert titles(read('{"title": "Łoś"}\n{"title": "B"}\n'.encode("utf-16"))) == ["Łoś", "B"]


def test_line_beyond_the_limit_is_rejected_and_the_next_one_read(read):
    # The second record is longer than twice the limit, so that it takes three pieces to pass over it.
    entries = read('{"title": "A"}\n{"title": "B", "abstract": "' + "x" * 20_000_000 + '"}\n{"title": "C"}\n')
    assert titles(entries) == ["A", "C"]
    assert reasons(entries) == [(2, "the line has more than 10,000,000 characters, the limit; shorten the record")]


def test_array_gives_its_records_and_their_lines(read):
    entries = read('[\n {"title": "A"},\n {"title": "B",\n  "abstract": "b"}, 5,\n {"title": "C"}\n]\n')
    assert titles(entries) == ["A", "B", "C"]
    assert reasons(entries) == [(4, "not a record but a number; a record is an object with a title and an abstract")]


def test_array_that_breaks_off_keeps_what_came_before(read):
    entries = read('[{"title": "A"},\n {"title": "B"')
    assert titles(entries) == ["A"]
    [(line, reason)] = reasons(entries)
    assert line == 2
    assert "the array is left out from here on" in reason


@on_linux
def test_long_array_is_read_item_by_item(tmp_path):
    # 40,000 records of 1,020 characters are 40 MB; the process has some 25 MB when it begins.
    path = tmp_path / "papers.txt"
    path.write_text('[{"title": "A"},\n' + ('{"title": "' + "owl " * 250 + '"},\n') * 40_000 + "]")
    papers, rejected, kilobytes, error = read_elsewhere(path)
    assert (papers, rejected, error) == (40_001, 0, "")
    assert kilobytes < 50_000


def test_item_longer_than_what_is_read_at_once_is_one_item(read):
    entries = read('[{"title": "A", "abstract": "' + "x" * 3_000_000 + '"},\n{"title": "B"}, 12')
    assert titles(entries) == ["B"]
    assert [line for line, _ in reasons(entries)] == [1, 2, 2]  # too long, a number, and the end is missing


def test_one_record_over_several_lines_is_one_paper(read):
    assert read('{\n  "title": "A",\n  "abstract": "b"\n}\n') == [Paper("", "A", "b", source="papers.txt")]


def test_millions_of_records_would_not_grow_memory(tmp_path):
    path = tmp_path / "many.jsonl"
    # 4,000 records of 10,000 characters: 40 MB of text, of which 5 MB at most are held at any time.
    with path.open("w") as stream:
        for n in range(4_000):
            stream.write(json.dumps({"title": f"Owl {n}", "abstract": "x" * 10_000}) + "\n")
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_file(path).entries)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 4_000
    assert peak < 5_000_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda v: st.lists(v) | st.dictionaries(st.text(), v),
)
names = st.sampled_from(
    [
        "id",
        "title",
        "abstract",
        "abstract_kind",
        "url",
        "published",
        "authors",
        "author_count",
        "source",
        "extra",
        "venue",
    ]
)


@given(st.dictionaries(names, json_values))
def test_any_record_is_a_paper_or_has_a_reason(fields):
    result = paper_of(fields, source="papers.txt", line=7)
    if isinstance(result, Rejected):
        assert result.line == 7
        assert result.reason
    else:
        assert result.title or result.abstract
        assert all(isinstance(value, str) for value in result.extra.values())


@given(st.text(), st.text())
def test_what_is_kept_can_be_written_and_has_no_control_characters(title, abstract):
    result = paper_of({"title": title + "a", "abstract": abstract}, source="papers.txt", line=1)
    assert isinstance(result, Paper)
    (result.title + result.abstract).encode()
    assert result.title == " ".join(result.title.split())
    assert not set(map(chr, range(32))) - {"\t", "\n"} & set(result.abstract)
