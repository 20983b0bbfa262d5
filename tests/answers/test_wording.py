"""Sentences of abstracts made to stand alone: openers cut, the first person turned, nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.wording import contrasts, hangs, reports, standing
from rag.grounding.verdict import check
from rag.model import Paper


@pytest.mark.parametrize(
    ("sentence", "name", "alone"),
    [
        ("To this end, we propose a cache of nests.", "", "The authors propose a cache of nests."),
        ("Moreover, OwlNet sees at night.", "OwlNet", "OwlNet sees at night."),
        ("In this paper, we count owls.", "", "The authors count owls."),
        ("In this work we count owls, and we show our data.", "", "The authors count owls, and they show their data."),
        ("Our method halves the cost of counting.", "OwlNet", "OwlNet halves the cost of counting."),
        ("Our method halves the cost of counting.", "", "The authors’ method halves the cost of counting."),
        ("It keeps 12 tokens of 196.", "OwlNet", "OwlNet keeps 12 tokens of 196."),
        ("Its 12 tokens are kept.", "OwlNet", "OwlNet’s 12 tokens are kept."),
        ("It is known that owls sleep by day.", "OwlNet", "It is known that owls sleep by day."),
        ("To address these gaps, iLLaMA moves the mask.", "iLLaMA", "iLLaMA moves the mask."),
        ("Results: OwlNet sees 9 of 10 owls.", "OwlNet", "OwlNet sees 9 of 10 owls."),
        ("Owls sleep by day [2, 3], and hawks[4] by night [5].", "", "Owls sleep by day, and hawks by night."),
        (
            "They hold that [8] is wrong for x[3] in [0, 1].",
            "",
            "They hold that reference 8 is wrong for x[3] in [0, 1].",
        ),
        (
            "I find that owls sleep, and my data show it.",
            "",
            "The authors find that owls sleep, and their data show it.",
        ),
        ("Then I was woken by an owl.", "", "Then the authors were woken by an owl."),
        ("We bound the type I error of phases I and II.", "", "The authors bound the type I error of phases I and II."),
        ("MATERIALS AND METHODS: We counted owls.", "", "The authors counted owls."),
        (
            "From these pairs comes OwlBench, on which systems err.",
            "",
            "From these pairs comes OwlBench, on which systems err.",
        ),
        ("OwlNet therefore drops them, but slowly.", "OwlNet", "OwlNet drops them, but slowly."),
        ("(2) Owls sleep by day.", "", "Owls sleep by day."),
        ("Owls: a survey of nests.", "", "Owls: a survey of nests."),
        ("Owls, however, sleep by day.", "", "Owls sleep by day."),
        ("To count owls at night, cameras are used.", "", "To count owls at night, cameras are used."),
        ("Our method of counting is slow.", "OwlNet", "The authors’ method of counting is slow."),
    ],
)
def test_a_sentence_stands_alone(sentence, name, alone):
    assert standing(sentence, name) == alone


@pytest.mark.parametrize(
    ("sentence", "back"),
    [("This halves the cost.", True), ("They sleep by day.", True), ("Owls sleep by day.", False)],
)
def test_a_sentence_that_points_back_is_known(sentence, back):
    assert hangs(sentence) is back


def test_the_check_still_bears_out_what_was_put_in_other_words():
    abstract = (
        "Owls are hard to count. To this end, we propose OwlNet, which keeps 12 of 196 tokens. Moreover, our method "
        "runs 2.5 times faster than HawkNet. Finally, we release our code."
    )
    paper = Paper("owl", "OwlNet: Counting Owls", abstract)
    for sentence in (
        "To this end, we propose OwlNet, which keeps 12 of 196 tokens.",
        "Moreover, our method runs 2.5 times faster than HawkNet.",
        "Finally, we release our code.",
    ):
        found = check(standing(sentence, "OwlNet"), [paper])
        assert found.verdict == "supported", (standing(sentence, "OwlNet"), found.reasons)


@given(st.text(max_size=200))
def test_any_text_is_taken_and_what_has_words_keeps_some(text):
    shown = standing(text, "OwlNet")
    assert bool(shown.strip()) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "only_reports"),
    [
        ("It has recently been suggested that owls sleep.", True),
        ("It is often assumed that owls sleep.", True),
        ("Recent studies of owls claim that they sleep.", True),
        ("We suggest that owls sleep.", False),
        ("The method was proposed for owls that sleep.", False),
    ],
)
def test_a_sentence_on_what_others_said_is_known_by_its_words(text, only_reports):
    assert reports(text) is only_reports


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("In contrast, we find none.", True),
        ("We show that it does not.", True),
        ("We show that it does.", False),
        ("Butter is soft.", False),
    ],
)
def test_a_sentence_that_speaks_against_the_one_before_begins_so(text, against):
    assert contrasts(text) is against
