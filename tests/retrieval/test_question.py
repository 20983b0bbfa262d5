"""What is exact in a question: an order, a place in it, whether it refers back, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.retrieval.question.reading import MAX_QUESTION, read, topic_of


@pytest.mark.parametrize(
    ("question", "order", "top", "place"),
    [
        ("What is the oldest paper?", "oldest", 1, 1),
        ("Which paper is the most recent?", "newest", 1, 1),
        ("What are the 3 newest papers?", "newest", 3, 1),
        ("What are the three oldest papers?", "oldest", 3, 1),
        ("Which is the second oldest paper?", "oldest", 1, 2),
        ("Which paper has the third most authors?", "most_authors", 1, 3),
        ("Which paper has the fewest authors?", "fewest_authors", 1, 1),
        ("Which of the two is newer?", "newest", 1, 1),
        ("What is OwlNet?", None, 1, 1),
    ],
)
def test_superlatives_with_their_number_and_place_are_read(question, order, top, place):
    reading = read(question)
    assert (reading.order, reading.top, reading.place) == (order, top, place)


def test_the_topic_of_a_question_is_neither_dates_nor_papers():
    assert topic_of("Which papers came out in March 2024?") == set()
    assert topic_of("What are the three oldest papers?") == set()
    assert topic_of("Which papers about owls came out in March 2024?") == {"owl"}


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u00a0"])
def test_a_blank_question_is_an_error(blank):
    with pytest.raises(SettingsError, match="the question is blank"):
        read(blank)


def test_a_question_that_is_too_long_is_an_error_with_its_length():
    assert read("o" * MAX_QUESTION).text
    with pytest.raises(SettingsError, match="20,000 characters; at most 8,000"):
        read("o" * 20_000)


@given(st.text(min_size=1, max_size=200))
def test_every_text_is_read_or_refused_as_blank(text):
    if text.strip():
        reading = read(text)
        assert reading.text == " ".join(text.split())
    else:
        with pytest.raises(SettingsError, match="blank"):
            read(text)


def test_who_comes_first_in_a_ranking_is_not_a_question_of_dates():
    assert read("Which model comes first in OwlArena?").order is None
    assert read("Which came first, OwlNet or HawkNet?").order == "oldest"
