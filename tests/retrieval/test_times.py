"""The days that the words of a time mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.times import times_in

TODAY = date(2024, 5, 20)


def since(*day):
    return Conditions(since=date(*day))


def until(*day):
    return Conditions(until=date(*day))


def days(first, last):
    return Conditions(since=date(*first), until=date(*last))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("from 2024", Conditions(year=2024)),
        ("2024", Conditions(year=2024)),
        ("in March, 2024", Conditions(year=2024, month=3)),
        ("03/2024", Conditions(year=2024, month=3)),
        ("2024-03", Conditions(year=2024, month=3)),
        ("in a December, any year", Conditions(month=12)),
        ("pre-2019", until(2018, 12, 31)),
        ("prior to March 2024", until(2024, 2, 29)),
        ("older than 2015", until(2014, 12, 31)),
        ("up to and including 2018", until(2018, 12, 31)),
        ("2018 or earlier", until(2018, 12, 31)),
        ("post 2020", since(2021, 1, 1)),
        ("after 1 Aug 2024", since(2024, 8, 2)),
        ("since the beginning of 2024", since(2024, 1, 1)),
        ("2020 onwards", since(2020, 1, 1)),
        ("from 2015 on", since(2015, 1, 1)),
        ("2016 or later", since(2016, 1, 1)),
        ("on 14 September 2022", days((2022, 9, 14), (2022, 9, 14))),
        ("on the 14th of February 2022", days((2022, 2, 14), (2022, 2, 14))),
        ("01.08.2024", days((2024, 8, 1), (2024, 8, 1))),
        ("between March and July 2018, both months included", days((2018, 3, 1), (2018, 7, 31))),
        ("between 1 June 2021 and 30 april 2022", days((2021, 6, 1), (2022, 4, 30))),
        ("from between 2017 and 2019", days((2017, 1, 1), (2019, 12, 31))),
        ("2019-2021", days((2019, 1, 1), (2021, 12, 31))),
        ("2019 to March 2020", days((2019, 1, 1), (2020, 3, 31))),
        ("in 2019 or in 2020", days((2019, 1, 1), (2020, 12, 31))),
        ("from the years 2020, 2021 and 2022", days((2020, 1, 1), (2022, 12, 31))),
        ("after June 2021 but before 2023", days((2021, 7, 1), (2022, 12, 31))),
        ("Q3 2021", days((2021, 7, 1), (2021, 9, 30))),
        ("in the first half of 2022", days((2022, 1, 1), (2022, 6, 30))),
        ("in the nineties", days((1990, 1, 1), (1999, 12, 31))),
        ("the 2010s", days((2010, 1, 1), (2019, 12, 31))),
        ("over the past three years", since(2021, 5, 21)),
        ("older than ten years", until(2014, 5, 23)),
        ("any time", Conditions()),
        ("last year", Conditions(year=2023)),
        ("this decade", since(2020, 1, 1)),
        ("since the pandemic", Conditions()),
    ],
)
def test_words_of_a_time_are_days(words, expected):
    assert times_in(words, TODAY) == expected


@given(st.text(alphabet="0123456789-/. qJunMar'sbetweenandor,", max_size=60))
def test_no_words_break_it(words):
    found = times_in(words, TODAY)
    assert found.dated or not found
