"""Conditions on dates and authors: as a question says them, and as a caller gives them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.model import Paper
from rag.retrieval.question.conditions import Conditions, conditions
from rag.retrieval.question.number_of_authors import authors_in


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("papers with more than 20 authors", 21, None),
        ("papers with at least 20 authors", 20, None),
        ("papers by 20 or more people", 20, None),
        ("papers with fewer than five authors", None, 4),
        ("papers with at most 5 authors", None, 5),
        ("papers by 3 or fewer authors", None, 3),
        ("papers by exactly 7 authors", 7, 7),
        ("papers by seven researchers", 7, 7),
        ("single-author papers", 1, 1),
    ],
)
def test_conditions_on_authors_are_read_from_the_words(words, low, high):
    assert authors_in(words) == Conditions(min_authors=low, max_authors=high)


@pytest.mark.parametrize(
    "words",
    [
        "How many tokens does OwlNet keep?",
        "It may be in the march of owls",
        "images of 2048 pixels",
        "What is in SEED-Bench-2?",
        "gains of 2023 points",
        "a cache of 2000 visual tokens",
        "Which papers have authors?",
    ],
)
def test_words_that_set_no_condition_set_none(words):
    assert not authors_in(words)


@given(st.text(max_size=100))
def test_any_text_has_conditions_on_authors_or_none(text):
    authors_in(text)


OWL = Paper("owl", "Owls", published=date(2024, 3, 12), author_count=3, source="forest")
BARE = Paper("bare", "Nothing known")


@pytest.mark.parametrize(
    ("where", "met"),
    [
        ({"year": 2024}, True),
        ({"year": 2023}, False),
        ({"year": 2024, "month": 3}, True),
        ({"month": 4}, False),
        ({"since": "2024-03-12", "until": "2024-03-12"}, True),  # both days count
        ({"since": "2024-03-13"}, False),
        ({"until": date(2024, 3, 11)}, False),
        ({"min_authors": 3, "max_authors": 3}, True),
        ({"min_authors": 4}, False),
        ({"max_authors": 2}, False),
        ({"source": "forest"}, True),
        ({"source": "harbour"}, False),
        ({"abstract_kind": "digest"}, False),
        ({"paper_ids": ["owl", "other"]}, True),
        ({"paper_ids": "other"}, False),
    ],
)
def test_a_paper_meets_conditions_or_not(where, met):
    assert conditions(where).met_by(OWL) is met


@pytest.mark.parametrize("where", [{"year": 2024}, {"until": "2030-01-01"}, {"min_authors": 0}, {"max_authors": 99}])
def test_a_paper_that_lacks_the_field_does_not_meet_a_condition_on_it(where):
    assert not conditions(where).met_by(BARE)


def test_the_number_of_authors_comes_from_their_names_where_it_is_not_given():
    named = Paper("named", "Owls", authors=("Ann Owl", "Łucja Sowa"))
    assert conditions({"min_authors": 2}).met_by(named)
    assert not conditions({"min_authors": 3}).met_by(named)


def test_without_conditions_every_paper_is_met():
    assert not conditions(None)
    assert conditions({}).met_by(BARE)


def test_joined_conditions_hold_both_and_the_second_wins():
    joined = Conditions(year=2023, month=3).joined(Conditions(year=2024, min_authors=2))
    assert joined == Conditions(year=2024, month=3, min_authors=2)


def test_an_unknown_condition_is_an_error_that_names_those_known():
    with pytest.raises(SettingsError, match=r"'jahr', which is no condition; known: year, month, since"):
        conditions({"jahr": 2024})


@pytest.mark.parametrize(
    ("where", "form"),
    [
        ({"year": "last"}, "a whole number"),
        ({"since": "2024-13-01"}, "a day such as 2024-03-01"),
        ({"month": None}, "a whole number"),
    ],
)
def test_a_value_that_cannot_be_read_is_an_error_that_shows_it_and_the_form_it_takes(where, form):
    [(key, value)] = where.items()
    with pytest.raises(SettingsError, match=f"{key}={value!r}; it takes {form}"):
        conditions(where)


@pytest.mark.parametrize("where", [{"year": "x" * 30_000}, {"max" + "<div>" * 9_000: 1}])
def test_what_is_said_of_a_condition_without_end_has_one(where):
    with pytest.raises(SettingsError, match=r"^where has ") as told:
        conditions(where)
    assert len(str(told.value)) < 500
