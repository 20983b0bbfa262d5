"""The questions on people, times, denial and fields: their gold stands in their library, and what counts as right."""

import json

import pytest

from eval.people import FOLDER, is_right
from rag.model import Answer


def rows(name):
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def answer_of(status, text):
    return Answer(
        question="?", standalone_question="?", status=status, text=text, statements=(), citations=(), ranked=()
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_gold_stands_in_its_library(number):
    papers = rows(f"library-{number}")
    titles = {paper["title"] for paper in papers}
    people = {name for paper in papers for name in paper.get("authors", ())}
    for row in rows(f"questions-{number}"):
        assert len({"papers", "people", "number", "refuse"} & set(row)) == 1
        assert set(row.get("papers", ())) <= titles
        assert set(row.get("people", ())) <= people


@pytest.mark.parametrize(
    ("gold", "text", "right"),
    [
        ({"papers": ["Owls: a Survey"]}, "One paper by Ann Owl: Owls: a Survey [1].", True),
        ({"papers": ["Owls: a Survey"]}, "Two papers: Owls: a Survey [1] and Hawks: a Survey [2].", False),
        ({"papers": ["Owls: a Survey", "Hawks: a Survey"]}, "One paper: Owls: a Survey [1].", False),
        ({"people": ["Ann Owl"]}, "Owls is by Ann Owl [1].", True),
        ({"people": ["Ann Owl", "Bo Fox"]}, "Owls is by Ann Owl [1].", False),
        ({"number": 3}, "Three papers are by Ann Owl.", True),
        ({"number": 3}, "Two papers are by Ann Owl.", False),
        ({"refuse": True}, "Owls is by Ann Owl [1].", False),
    ],
)
def test_an_answer_is_right_by_what_it_names(gold, text, right):
    answer = answer_of("answered", text)
    assert is_right(gold, answer, ["Owls: a Survey", "Hawks: a Survey"]) is right


def test_an_abstention_is_right_where_nothing_is_there_to_tell_alone():
    answer = answer_of("abstained", "No paper in the library names Zed as an author.")
    assert is_right({"refuse": True}, answer, [])
    assert not is_right({"papers": ["Owls"]}, answer, ["Owls"])
