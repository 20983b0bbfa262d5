"""When to say that the library does not say: what each signal speaks for, never how much it weighs."""

from dataclasses import replace

import pytest
from answering_fixtures import asked, candidate, idf
from hypothesis import given
from hypothesis import strategies as st

from rag.abstain import Signals, answers, probability
from rag.sentence_score import score_sentences

FOR = ("reach", "meaning", "coverage", "figure", "attribute")
share = st.floats(0, 1)
fields = Signals.__dataclass_fields__
FLAGS = ("related", "named", "listing", "foreign")


@st.composite
def signals(draw):
    return Signals(**{name: draw(st.booleans()) if name in FLAGS else draw(share) for name in fields})


@given(signals(), st.sampled_from(FOR), share)
def test_more_of_what_speaks_for_an_answer_never_makes_one_less_likely(before, name, value):
    more = replace(before, **{name: max(value, getattr(before, name))})
    assert 0 <= probability(before) <= probability(more) <= 1


@given(signals())
def test_a_question_on_a_subject_that_the_library_is_not_about_is_never_answered(found):
    assert not answers(replace(found, related=False, named=False, listing=False))


@given(signals(), st.floats(0, 0.99))
def test_a_named_paper_that_does_not_speak_of_another_name_in_the_question_never_answers(found, others):
    assert not answers(replace(found, named=True, others=others))


EVERYTHING = Signals(
    reach=1.0, meaning=0.9, coverage=1.0, figure=1.0, attribute=1.0, others=1.0, score=5.0,
    related=True, named=True, listing=False, foreign=False, **({"near": 1.0} if "near" in fields else {}),
)  # fmt: skip


@pytest.mark.parametrize(("named", "listing"), [(True, False), (False, True), (False, False)])
def test_a_paper_that_has_all_that_is_asked_for_answers(named, listing):
    assert answers(replace(EVERYTHING, named=named, listing=listing))


@pytest.mark.parametrize(("named", "listing"), [(True, False), (False, True), (False, False)])
def test_a_paper_that_has_nothing_of_what_is_asked_for_does_not_answer(named, listing):
    nothing = dict.fromkeys([name for name in fields if name not in (*FLAGS, "others", "score")], 0.0)
    assert not answers(replace(EVERYTHING, **nothing, named=named, listing=listing))


def signals_of(question, *papers, others=()):
    asking = asked(question)
    return Signals.of(asking, score_sentences(asking, papers, idf), others=others)


OWL = candidate("OwlNet: Birds", "OwlNet detects birds at night. It keeps 12 tokens.", asked_as=("OwlNet",))


def test_what_the_paper_has_is_reached_and_covered():
    found = signals_of("How many tokens does OwlNet keep?", OWL)
    assert (found.reach, found.coverage, found.figure, found.attribute, found.named) == (1.0, 1.0, 1.0, 1.0, True)


def test_what_the_paper_lacks_is_not():
    # of the two wanted terms "licence" and "code" the paper has none; and it gives no licence
    found = signals_of("Which licence has the code of OwlNet?", OWL)
    assert (found.reach, found.coverage, found.attribute) == (0.0, 0.0, 0.0)


def test_half_of_the_terms_are_half_of_the_reach():
    # "birds" is there, "winter" is not
    assert signals_of("Does OwlNet detect birds in winter?", OWL).reach == pytest.approx(2 / 3)


def test_other_names_are_looked_for_in_the_paper():
    assert signals_of("Does OwlNet beat HawkNet?", OWL, others=["hawknet"]).others == 0
    hawk = candidate("OwlNet: Birds", "OwlNet beats HawkNet.", asked_as=("OwlNet",))
    assert signals_of("Does OwlNet beat HawkNet?", hawk, others=["hawknet"]).others == 1
