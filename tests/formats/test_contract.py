"""The JSON out and in."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.formats.contract import (
    NO_ID,
    LineError,
    answer_line,
    error_line,
    hits_line,
    json_line,
    paper_line,
    read_line,
    report_line,
)
from rag.model import (
    Answer,
    Citation,
    Evidence,
    FileReport,
    Hit,
    Hits,
    IngestReport,
    Paper,
    Passage,
    Ranked,
    Rejected,
    Statement,
)
from rag.sources.fields.nothing import says_nothing
from rag.sources.record import paper_of

OWL = Paper("owl", "Öwl", "Owls see. They do.", url="https://o.example", published=date(2024, 3, 12), source="forest")
ANSWER = Answer(
    question="Do owls see?",
    standalone_question="Do owls see at night?",
    status="answered",
    text="Owls see [1].",
    statements=(Statement("Owls see.", (1,), "supported", ()),),
    citations=(Citation(1, OWL, "Owls see.", 0, 9), Citation(2, OWL, "2024-03-12", field="published")),
    ranked=(Ranked(OWL, 1.5),),
    timings_ms={"total": 2.25},
)


def test_an_answer_has_exactly_the_fields_of_the_contract_in_their_order():
    ranked = {"paper_id": "owl", "title": "Öwl", "score": 1.5}
    paper = {"paper_id": "owl", "title": "Öwl", "year": 2024, "url": "https://o.example"}
    expected = {
        "id": 7,
        "question": "Do owls see?",
        "standalone_question": "Do owls see at night?",
        "status": "answered",
        "text": "Owls see [1].",
        "statements": [
            {
                "text": "Owls see.",
                "citations": [1],
                "verdict": "supported",
                "reasons": [],
                "contradicted": False,
                "probability": None,
            }
        ],
        "citations": [
            {"number": 1, **paper, "quote": "Owls see.", "start": 0, "end": 9, "field": None, "retraction": None},
            {
                "number": 2,
                **paper,
                "quote": "2024-03-12",
                "start": None,
                "end": None,
                "field": "published",
                "retraction": None,
            },
        ],
        "ranked": [ranked],
        "nearest": [],
        "mode": "extractive",
        "model": None,
        "usage": {},
        "timings_ms": {"total": 2.25},
        "left_out": [],
        "notes": [],
        "cost_usd": None,
        "confidence": None,
        "rounds": [],
        "sent_back": 0,
    }
    assert answer_line(ANSWER, 7) == json.dumps(expected, ensure_ascii=False)


def test_no_id_is_written_where_none_was_given():
    assert "id" not in json.loads(answer_line(ANSWER))
    assert json.loads(answer_line(ANSWER, None))["id"] is None


def test_hits_have_exactly_the_fields_of_the_contract():
    evidence = Evidence(Passage("owl#0", "owl", "Owls see.", 0, 9), OWL, 1, 0.5, ("dense",))
    assert json.loads(hits_line("owls", Hits((Hit(OWL, 2.0, (evidence,)),)), "q")) == {
        "id": "q",
        "query": "owls",
        "hits": [
            {
                "paper_id": "owl",
                "title": "Öwl",
                "score": 2.0,
                "passages": [{"text": "Owls see.", "start": 0, "end": 9, "score": 0.5}],
            }
        ],
    }


def test_a_report_has_the_counts_of_each_file_and_their_sums():
    report = IngestReport(
        (
            FileReport("a.txt", "listing", papers=3, new=2, merged=1),
            FileReport("b.jsonl", "jsonl", papers=1, new=1, rejected=(Rejected(4, "no title"),)),
            FileReport("c.bin", error="c.bin is binary"),
        )
    )
    written = json.loads(report_line(report))
    assert [list(file) for file in written["files"]] == 3 * [
        ["path", "reader", "papers", "new", "changed", "unchanged", "merged", "removed", "rejected", "error"]
    ]
    assert written["files"][1]["rejected"] == [{"line": 4, "reason": "no title"}]
    assert written["files"][2]["error"] == "c.bin is binary"
    # 3 + 1 papers, 2 + 1 new, 1 merged, one rejected line and one failed file
    assert written["totals"] == {
        "papers": 4, "new": 3, "changed": 0, "unchanged": 0, "merged": 1, "rejected": 1, "failed": 1,
    }  # fmt: skip


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), np.float32("nan")])
def test_a_number_that_is_not_finite_is_null(number):
    line = answer_line(replace(ANSWER, ranked=(Ranked(OWL, number),)))
    assert json.loads(line, parse_constant=pytest.fail)["ranked"][0]["score"] is None


def test_numbers_of_numpy_are_written_as_numbers():
    line = answer_line(replace(ANSWER, ranked=(Ranked(OWL, np.float32(0.5)),), usage={"prompt": np.int64(3)}))
    assert json.loads(line)["ranked"][0]["score"] == 0.5
    assert json.loads(line)["usage"] == {"prompt": 3}


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(lambda text: " ".join(text.split()))


@given(
    st.builds(
        Paper,
        id=texts.filter(bool),
        title=texts.filter(bool),
        abstract=texts,
        abstract_kind=st.sampled_from(["original", "digest"]),
        url=st.none() | st.just("https://o.example/%20?a=ü"),
        published=st.none() | st.dates(),
        authors=st.lists(texts.filter(bool), max_size=3).map(tuple),
        author_count=st.none() | st.integers(0, 100),
        source=texts.filter(bool),
        extra=st.dictionaries(st.sampled_from(["venue", "likes"]), texts),
    )
)
def test_a_paper_written_as_json_is_read_as_the_same_paper(paper):
    # "NONE" and "[No abstract available]" are read as nothing in every format
    assume(not any(map(says_nothing, (paper.title, paper.abstract, *paper.authors, *paper.extra.values()))))
    assume(not any("\\" in name for name in paper.authors))  # arXiv's LaTeX is read as what it means
    assert paper_of(json.loads(paper_line(paper)), source="elsewhere", line=1) == paper


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(json_values)
def test_any_id_comes_back_as_it_was(line_id):
    raw = json.dumps({"id": line_id, "question": "why?"}).encode()
    read = read_line(raw, text_field="question")
    for line in (error_line("no", read.id), answer_line(ANSWER, read.id)):
        assert json.loads(line.encode("utf-8"))["id"] == line_id
        assert "\n" not in line


def test_half_a_character_in_an_id_survives_as_an_escape():
    assert error_line("no", "a\ud800") == r'{"id": "a\ud800", "error": "no"}'


def test_an_error_without_an_id_has_null():
    assert json.loads(error_line("no")) == {"id": None, "error": "no"}


def test_a_line_of_a_batch_is_read():
    turn = '{"role": "user", "content": "ü"}'
    raw = f'\ufeff{{"question": "wo?", "history": [{turn}], "where": {{"year": 2024}}}}\r\n'.encode()
    line = read_line(raw, text_field="question")
    assert (line.id, line.text) == (NO_ID, "wo?")
    assert line.history == ({"role": "user", "content": "ü"},)
    assert line.where == {"year": 2024}


@pytest.mark.parametrize(
    ("raw", "message", "line_id"),
    [
        (b"{bad", "the line is no JSON: .* at column 2", NO_ID),
        (b'{"id": 1, "question": "a\xff"}', "not UTF-8: byte 0xFF at offset 24", NO_ID),
        (b"[1]", "the line is a list; give an object", NO_ID),
        (b'{"id": 1}', "question is missing", 1),
        (b'{"id": "x", "question": 5}', "question is a number", "x"),
        (b'{"id": null, "question": null}', "question is null", None),
        (b'{"id": 1, "question": "a", "history": "b"}', "history is a string; give a list", 1),
        (b'{"id": 1, "question": "a", "where": [1]}', "where is a list; give an object", 1),
        (b'{"id": NaN, "question": "a"}', "NaN is no number of JSON", NO_ID),
        (b'{"id": 1, "question": "a\\ud800"}', "half a character", 1),
        (b"[" * 100_000, "nested too deep", NO_ID),
        (b'{"id": 1' + b"1" * 5000 + b"}", "no JSON that can be read", NO_ID),
    ],
)
def test_a_line_that_cannot_be_read_says_why_and_keeps_its_id(raw, message, line_id):
    with pytest.raises(LineError, match=message) as caught:
        read_line(raw, text_field="question")
    assert caught.value.id == line_id


def test_half_a_character_and_no_number_are_written_as_json() -> None:
    # What keeps a library current is written by the same function as answers are.
    assert json.loads(json_line({"text": "\ud800", "score": float("nan")})) == {"text": "\ud800", "score": None}
    json_line({"text": "\ud800"}).encode("utf-8")  # raises where half a character is not escaped
