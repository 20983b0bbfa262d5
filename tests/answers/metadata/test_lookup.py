"""Questions about dates and authors, answered from the metadata of invented papers."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answers.metadata.fields import about_papers, missing_fields, over_library, over_papers, short_title
from rag.answers.metadata.shortlist import MOST_LISTED
from rag.answers.metadata.whole_library import _proof
from rag.grounding.citations import number
from rag.model import Paper
from rag.retrieval.index.making import build_index
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.reading import read
from rag.retrieval.question.times import times_in


def paper(key, published=None, count=None, **fields):
    day = date.fromisoformat(published) if published else None
    return Paper(key, f"{key.capitalize()}: A Study", published=day, author_count=count, **fields)


# Five papers: four with a date, three with a number of authors.
PAPERS = (
    paper("owl", "2024-03-18", 27),
    paper("hawk", "2024-03-12", 3),
    paper("kite", "2022-06-01"),
    paper("wren", "2025-01-31"),
    paper("lark", None, 27),
)


def asked(question, papers=PAPERS):
    """The text of the answer with its citations, as (paper, field, value); or what is missing."""
    reading = read(question)
    reading = replace(
        reading, conditions=reading.conditions.joined(times_in(question.partition(" out ")[2] or question))
    )
    drafts, missing = over_papers(reading, papers)
    text, _, citations = number(drafts)
    return text or missing, [(c.paper.id, c.field, c.quote) for c in citations]


def test_papers_of_a_month_are_counted_among_those_with_a_date():
    assert asked("Which papers came out in March 2024?") == (
        "Two of the 4 papers with a date (1 more has none): Owl (18 March 2024) [1] and Hawk (12 March 2024) [2].",
        [("owl", "published", "2024-03-18"), ("hawk", "published", "2024-03-12")],
    )


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("Which papers are from 2024?", ["owl", "hawk"]),
        ("Which papers came out since March 2024?", ["wren", "owl", "hawk"]),  # the newest first
        ("Which papers came out after March 2024?", ["wren"]),
        ("Which papers came out before March 2024?", ["kite"]),
        ("Which papers came out between June 2022 and March 2024?", ["owl", "hawk", "kite"]),
        ("Which papers came out from January to May 2024?", ["owl", "hawk"]),
        ("How many papers came out in 2022?", ["kite"]),
        ("Which papers have more than 20 authors?", ["lark", "owl"]),
        ("Which papers have fewer than 10 authors?", ["hawk"]),
        ("Which papers have exactly 3 authors?", ["hawk"]),
        ("Which papers were written by a single person?", []),
    ],
)
def test_a_range_takes_the_papers_inside_it_and_none_that_lacks_the_field(question, ids):
    assert [key for key, _, _ in asked(question)[1]] == ids


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("What is the oldest paper?", ["kite"]),
        ("Which paper is the newest?", ["wren"]),
        ("Which is the second newest paper?", ["owl"]),
        ("Which is the third oldest paper?", ["owl"]),
        ("What are the two most recent papers?", ["wren", "owl"]),
        ("What are the 3 oldest papers?", ["kite", "hawk", "owl"]),
        ("Which paper has the fewest authors?", ["hawk"]),
        ("Which paper has the most authors?", ["lark", "owl"]),  # a tie: both, by title
        ("Which paper has the second most authors?", ["hawk"]),  # 27, 27, 3: the second largest number is 3
        ("What is the oldest paper of 2024?", ["hawk"]),
    ],
)
def test_a_superlative_takes_the_first_by_the_field_and_all_of_a_tie(question, ids):
    assert [key for key, _, _ in asked(question)[1]] == ids


def test_the_words_of_a_superlative_say_among_how_many_it_holds():
    assert asked("What is the oldest paper?")[0] == (
        "Of the 4 papers with a date (5 in all), the oldest is Kite, published on 1 June 2022 [1]."
    )
    assert asked("Which paper has the most authors?")[0] == (
        "Of the 3 papers whose number of authors is known (5 in all), the 2 with the most authors are "
        "Lark, with 27 authors [1] and Owl, with 27 authors [2]."
    )


def test_the_number_of_all_papers_is_told_with_those_that_have_a_date():
    assert asked("How many papers are in the library?")[0] == "The library has 5 papers, 4 of them with a date."


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Which papers came out in May 1999?", "none of the 4 papers with a date (5 in all) is from May 1999"),
        ("Which papers have more than 99 authors?",
         "none of the 3 papers with a known number of authors (5 in all) is by 100 authors or more"),
    ],
)  # fmt: skip
def test_where_no_paper_meets_a_condition_it_is_said_among_how_many(question, missing):
    assert asked(question) == (missing, [])


def test_a_superlative_over_papers_without_the_field_is_missing():
    assert asked("What is the oldest paper?", [PAPERS[-1]]) == (
        "no paper that the question asks about has a date",
        [],
    )


def test_a_long_list_is_cut_and_says_how_many_more_there_are():
    many = [paper(f"bird{n:02}", "2024-03-01") for n in range(MOST_LISTED + 4)]
    text, citations = asked("Which papers came out in March 2024?", many)
    assert len(citations) == MOST_LISTED
    assert text.endswith("and 4 more.")


def test_the_fields_of_one_paper_are_told_and_cited():
    owl = paper("owl", "2024-03-18", authors=("Ann Owl", "José Búho"), url="https://owl.example.org")
    drafts, missing = about_papers(["published", "author_count", "authors", "url"], [owl])
    text, statements, citations = number(drafts)
    assert text == (
        "Owl was published on 18 March 2024 [1]. Owl has 2 authors [2]. "
        "Owl is by Ann Owl, José Búho [3]. Owl is at https://owl.example.org [4]."
    )
    assert missing == []
    assert len(statements) == 4
    assert [(c.field, c.quote) for c in citations] == [
        ("published", "2024-03-18"),
        ("author_count", "2"),
        ("authors", "Ann Owl, José Búho"),
        ("url", "https://owl.example.org"),
    ]


def test_one_author_is_told_in_the_singular():
    drafts, _ = about_papers(["author_count"], [paper("owl", count=1)])
    assert number(drafts)[0] == "Owl has 1 author [1]."


def test_a_year_that_was_inferred_is_told_as_one():
    drafts, _ = about_papers(["published"], [paper("owl", "2024-03-18", published_inferred=True)])
    assert "inferred" in number(drafts)[0]


def test_a_field_that_a_paper_lacks_is_missing_and_said_so():
    drafts, missing = about_papers(["published"], [PAPERS[-1]])
    assert drafts == []
    assert missing_fields(missing, {}) == "The library does not say when “Lark” was published."
    _, both = about_papers(["published", "url"], [PAPERS[-1]])
    assert missing_fields(both, {"lark": "LarkNet"}) == (
        "The library does not say when LarkNet was published or where it can be found."
    )


def test_nobody_is_named_where_only_the_number_of_authors_is_known():
    drafts, missing = about_papers(["authors"], [PAPERS[0]])
    assert number(drafts)[0] == "Owl has 27 authors; their names are not in the library [1]."
    assert missing == []


def test_the_short_title_ends_at_the_colon():
    assert short_title(Paper("p", r"{\mu}-Lens: Small Things")) == "μ-Lens"
    assert short_title(Paper("p", "A Note on Snow")) == "A Note on Snow"


def test_date_without_a_day_is_told_as_its_source_says_it():
    year = paper("owl", "2024-01-01", published_inferred=True, extra={"date": "2024"})
    month = paper("hawk", "2024-03-01", published_inferred=True, extra={"date": "2024-03"})
    drafts, _ = about_papers(["published"], [year, month])
    text, _, citations = number(drafts)
    assert text == "Owl was published in 2024 [1]. Hawk was published in March 2024 [2]."
    assert [citation.quote for citation in citations] == ["2024", "2024-03"]
    assert asked("Which papers are from 2024?", [year, month])[0].startswith(
        "Two of the 2 papers with a date: Hawk (March 2024) [1] and Owl (2024) [2]"
    )


def test_authors_of_whom_not_all_are_named_are_not_counted():
    paper = Paper(id="a", title="PondCam: Herons", authors=("Ann Owl", "Bo Fox"), extra={"more_authors": "et al."})
    drafts, missing = about_papers(["author_count"], [paper])
    assert (drafts, missing) == ([], [(paper, "author_count")])
    [draft], _ = about_papers(["authors"], [paper])
    assert "Ann Owl, Bo Fox and others" in "".join(part.text for part in draft.parts)


ORDERED = ("oldest", "newest", "most_authors", "fewest_authors")


@settings(max_examples=60, deadline=None)
@given(
    st.none() | st.sampled_from(ORDERED), st.integers(1, 4), st.sampled_from([1, 3]), st.integers(0, 10**6),
    st.sampled_from([Conditions(), Conditions(since=date(2020, 2, 1)), Conditions(min_authors=2, source="b")]),
)  # fmt: skip
def test_over_the_library_is_said_what_is_said_over_all_its_papers(order, place, top, seed, where):
    dice = random.Random(seed)
    # More papers than are listed, and few days and numbers of authors, so that many are as good as one another.
    papers = [
        paper(
            f"p{n}", dice.choice([None, *(f"2020-0{month}-01" for month in range(1, 6))]),
            dice.choice([None, 0, 1, 2, 9]), source=dice.choice([None, "a", "b"]),
        )
        for n in range(dice.choice([0, 1, 3, 50]))
    ]  # fmt: skip
    reading = replace(read("papers"), order=order, place=place, top=top, conditions=where)
    assert over_library(reading, build_index("any", papers)) == over_papers(reading, papers)


def test_a_paper_that_is_gone_when_its_words_are_read_is_cited_by_its_title():
    [quote] = _proof((), lambda ids: {})(PAPERS[0])
    assert (quote.paper.id, quote.field, quote.value) == ("owl", "title", "Owl: A Study")
