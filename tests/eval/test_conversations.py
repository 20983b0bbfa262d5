"""The conversations: their gold stands in the bundled library, and what counts as right."""

import json

import pytest

from eval.conversations import FOLDER, about, is_right
from eval.library import BUNDLED
from rag.model import Answer, Citation, Paper
from rag.neural.question_reader import Heard
from rag.text import normal


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_gold_stands_in_the_bundled_library(number):
    abstracts = {row["id"]: normal(row["abstract"]) for row in rows(BUNDLED)}
    turns = [turn for row in rows(FOLDER / f"chats-{number}.jsonl") for turn in row["turns"]]
    assert len(turns) > 120
    for turn in turns:
        assert turn["kind"] in ("answer", "list", "count", "refuse", "talk")
        assert set(turn["papers"]) <= set(abstracts)
        assert all(any(normal(words) in abstracts[key] for key in turn["papers"]) for words in turn["says"])


def answer_of(text, *ids, status="answered"):
    papers = [Paper(key, key.title(), "It sees 9 of 10 owls.") for key in ids]
    citations = tuple(Citation(n, paper, "It sees 9 of 10 owls.", 0, 21) for n, paper in enumerate(papers, 1))
    return Answer(
        question="?", standalone_question="?", status=status, text=text, statements=(), citations=citations, ranked=()
    )


@pytest.mark.parametrize(
    ("gold", "answer", "right"),
    [
        ({"kind": "answer", "papers": ["owl"], "says": ["9 of 10"]}, answer_of("It sees 9 of 10.", "owl"), True),
        ({"kind": "answer", "papers": ["owl"], "says": ["8 of 10"]}, answer_of("It sees 9 of 10.", "owl"), False),
        ({"kind": "answer", "papers": ["fox"], "says": []}, answer_of("It sees 9 of 10.", "owl"), False),
        ({"kind": "answer", "papers": ["owl"], "says": []}, answer_of("It sees.", "owl", "fox", "elk", "jay"), False),
        ({"kind": "answer", "papers": ["owl"], "says": []}, answer_of("It is not said.", status="abstained"), False),
        ({"kind": "list", "papers": ["owl", "fox"], "says": []}, answer_of("- Owl", "owl"), True),
        ({"kind": "list", "papers": ["owl", "fox", "elk"], "says": []}, answer_of("- Owl", "owl"), False),
        ({"kind": "count", "papers": ["owl", "fox"], "says": []}, answer_of("Two papers."), False),
        ({"kind": "refuse", "papers": [], "says": []}, answer_of("It is not said.", status="abstained"), True),
        ({"kind": "refuse", "papers": [], "says": []}, answer_of("It sees.", "owl"), False),
    ],
)
def test_what_is_right(gold, answer, right):
    assert is_right(gold, answer) is right


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (Heard(hangs=0.2, several=0.9, goes_on=0.9), "itself"),
        (Heard(hangs=0.9, several=0.1, goes_on=0.2), "one"),
        (Heard(hangs=0.9, several=0.8, goes_on=0.7), "several"),
        (Heard(hangs=0.9, several=0.6, goes_on=0.7), "before"),
    ],
)
def test_what_is_heard_of_a_turn_is_one_thing(heard, expected):
    assert about(heard) == expected
