"""What is heard of a question: what it asks for, whether it goes on, which of its words are conditions."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.asked import dates_of
from rag.neural import ASKS
from rag.neural.heads import MARKS
from rag.neural.question_reader import QuestionReader, marked
from rag.retrieval.question.conditions import Conditions


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
        ("Which methods prune image tokens?", "list"),
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
        ("papers on holm oak by Holm", ["subject holm oak", "person Holm"]),
        ("everything by Lea Frost except with Marsh", ["person Lea Frost", "not person Marsh"]),
        ("Which papers are not from 2021?", ["not date from 2021"]),
        ("papers with a DOI but without an abstract", ["field a DOI", "not field an abstract"]),
        ("How many tokens does OwlNet keep?", []),
        ("How many papers deal with quantum machine learning?", ["subject quantum machine learning"]),  # none denied
    ],
)
def test_words_of_a_question_are_heard_as_conditions(question, marks, reader):
    found = reader.read(question).marks
    said = [f"{'not ' * mark.denied}{mark.slot} {question[mark.start : mark.end]}" for mark in found]
    assert said == marks


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("papers from 2024", Conditions(year=2024)),
        ("papers from 2024 on images", Conditions(year=2024)),
        ("papers in March 2024", Conditions(year=2024, month=3)),
        ("the 2023 papers on owls", Conditions(year=2023)),
        ("papers in March", Conditions(month=3)),
        ("papers since March 2024", Conditions(since=date(2024, 3, 1))),
        ("papers after March 2024", Conditions(since=date(2024, 4, 1))),
        ("papers after 2023", Conditions(since=date(2024, 1, 1))),
        ("papers before 2023", Conditions(until=date(2022, 12, 31))),
        ("papers before March 2024", Conditions(until=date(2024, 2, 29))),  # a leap year
        ("papers up to February 2023", Conditions(until=date(2023, 2, 28))),
        ("papers between June 2023 and March 2024", Conditions(since=date(2023, 6, 1), until=date(2024, 3, 31))),
        ("papers from 2022 to 2023", Conditions(since=date(2022, 1, 1), until=date(2023, 12, 31))),
        ("papers from 2023, 2022 or 2024", Conditions(since=date(2022, 1, 1), until=date(2024, 12, 31))),
        ("between March and May 2024", Conditions(since=date(2024, 3, 1), until=date(2024, 5, 31))),
        ("papers of March 12, 2024", Conditions(since=date(2024, 3, 12), until=date(2024, 3, 12))),
        ("published after 1 Aug 2024", Conditions(since=date(2024, 8, 2))),
        ("papers after 2024-08-01", Conditions(since=date(2024, 8, 2))),
        ("between 1 June 2021 and 30 april 2022", Conditions(since=date(2021, 6, 1), until=date(2022, 4, 30))),
        ("after June 2021 but before 2023", Conditions(since=date(2021, 7, 1), until=date(2022, 12, 31))),
        ("papers no later than 2020", Conditions(until=date(2020, 12, 31))),
        ("papers no earlier than May 2020", Conditions(since=date(2020, 5, 1))),
        ("anything newer than 2022", Conditions(since=date(2023, 1, 1))),
        ("papers from 2021 onwards", Conditions(since=date(2021, 1, 1))),
        ("papers from 2021 on", Conditions(since=date(2021, 1, 1))),
        ("papers from 2021 on owls", Conditions(year=2021)),
        ("papers from 2021 or earlier", Conditions(until=date(2021, 12, 31))),
        ("les articles avant 2023", Conditions(until=date(2022, 12, 31))),
        ("How many tokens does OwlNet keep?", Conditions()),
        ("What may owls march for?", Conditions()),
        ("images of 2048 pixels", Conditions()),
        ("Does OwlNet gain 2023 points?", Conditions()),
        ("a cache of 2000 visual tokens", Conditions()),
    ],
)
def test_the_times_of_a_question_are_those_of_its_marks(words, expected, reader):
    assert dates_of(words, reader.read(words).of("date")) == expected


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


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many images does it need?", True),
        ("at what price?", True),
        ("which of those are open source", True),
        ("how do the authors train the model", True),
        ("How many images does OwlNet need?", False),
        ("papers on solar refrigerators", False),
        ("the sample size of twin studies of stuttering", False),
    ],
)
def test_what_is_about_something_spoken_of_is_told_from_what_brings_its_own_subject(question, expected, reader):
    assert (reader.read(question).hangs > 0.5) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which of them needs no labels?", True),
        ("which are open source", True),
        ("How do the two differ?", True),
        ("only the ones on video", True),
        ("and the oldest?", True),
        ("Which data set does it use?", False),
        ("how many people took part", False),
        ("which part of the network is trained", False),
    ],
)
def test_what_is_about_several_papers_spoken_of_is_told_from_what_is_about_one(question, expected, reader):
    assert (reader.read(question).several > 0.5) is expected
