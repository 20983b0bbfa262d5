"""What is heard of a question: what it asks for, whether it goes on, which of its words are conditions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.neural import ASKS
from rag.neural.heads import MARKS
from rag.neural.question_reader import QuestionReader, marked


@pytest.fixture(scope="module")
def reader():
    return QuestionReader()


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many tokens does OwlNet keep?", "one"),
        ("Which papers are about owls?", "list"),
        ("owl detection papers", "list"),
        ("How many papers are about token pruning?", "count"),
        ("What is the difference between OwlNet and HawkNet?", "compare"),
        ("Summarize OwlNet", "overview"),
        ("hello there", "small talk"),
        ("When was OwlNet published?", "published"),
        ("Who wrote OwlNet?", "authors"),
        ("How many authors does OwlNet have?", "author count"),
        ("Which methods decide what image tokens to drop?", "list"),
        ("OwlNet: publication date and number of authors?", "published"),
        ("OwlNet: publication date and number of authors?", "author count"),
    ],
)
def test_what_a_question_asks_for_is_heard(reader, question, wanted):
    asks = reader.read(question).asks
    assert set(asks) == set(ASKS)
    assert asks[wanted] > 0.5


@pytest.mark.parametrize(
    ("question", "marks"),
    [
        ("Which papers by Okafor are about solar refrigerators?", ["person Okafor", "subject solar refrigerators"]),
        ("papers on frost damage by Frost", ["subject frost damage", "person Frost"]),
        ("everything by Lea Frost except with Marsh", ["person Lea Frost", "not person Marsh"]),
        ("Which papers are not from 2021?", ["not date from 2021"]),
        ("papers with a DOI but without an abstract", ["field a DOI", "not field an abstract"]),
        ("How many tokens does OwlNet keep?", []),
    ],
)
def test_words_of_a_question_are_heard_as_conditions(question, marks, reader):
    found = reader.read(question).marks
    said = [f"{'not ' * mark.denied}{mark.slot} {question[mark.start : mark.end]}" for mark in found]
    assert said == marks


@pytest.mark.parametrize(
    ("question", "goes_on"),
    [("and by Frost?", True), ("only those from 2022", True), ("Which papers are about owls?", False)],
)
def test_a_piece_that_goes_on_is_told_from_a_whole_question(question, goes_on, reader):
    assert (reader.read(question).goes_on > 0.5) is goes_on


@given(st.text(max_size=200))
def test_marks_lie_inside_the_question_in_order(reader, text):
    ends = [place for mark in reader.read(text).marks for place in (mark.start, mark.end)]
    assert ends == sorted(ends)
    assert all(0 <= place <= len(text) for place in ends)


def test_one_doubtful_word_does_not_cut_a_phrase():
    person, subject = MARKS.index("person"), MARKS.index("subject")
    logits = np.zeros((3, len(MARKS)), dtype=np.float32)
    logits[[0, 2], subject] = 6
    logits[1, [person, subject]] = (3.0, 2.5)
    (mark,) = marked("bees and ants", [(0, 4), (5, 8), (9, 13)], logits)
    assert (mark.slot, mark.start, mark.end) == ("subject", 0, 13)
