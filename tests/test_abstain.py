"""When to say that the library does not say: what each signal speaks for, never how much it weighs."""

import math
from dataclasses import replace

import pytest
from answering_fixtures import asked, candidate, idf
from hypothesis import given
from hypothesis import strategies as st

from rag.abstain import Signals, answers, load_weights, measured_on, probability
from rag.sentence_score import score_sentences

FLAGS = ("named", "listing", "foreign")
fields = [name for name in Signals.__dataclass_fields__ if name not in FLAGS]
share = st.floats(0, 1)


@st.composite
def signals(draw):
    return Signals(**{name: draw(share) for name in fields}, **{name: draw(st.booleans()) for name in FLAGS})


@given(signals(), st.sampled_from(fields), share)
def test_more_of_what_speaks_for_an_answer_never_makes_one_less_likely(before, name, value):
    more = replace(before, **{name: max(value, getattr(before, name))})
    assert 0 <= probability(before) <= probability(more) <= 1


@given(signals())
def test_a_question_in_another_language_is_not_judged_by_its_words(found):
    assert answers(replace(found, foreign=True))


EVERYTHING = Signals(**dict.fromkeys(fields, 1.0), named=True, listing=False, foreign=False)
NOTHING = Signals(**dict.fromkeys(fields, 0.0), named=True, listing=False, foreign=False)
KINDS = [(True, False), (False, True), (False, False)]


@pytest.mark.parametrize(("named", "listing"), KINDS)
def test_a_paper_that_has_all_that_is_asked_for_answers(named, listing):
    assert answers(replace(EVERYTHING, mass=3.0, named=named, listing=listing))


@pytest.mark.parametrize(("named", "listing"), KINDS)
def test_a_paper_that_has_nothing_of_what_is_asked_for_does_not_answer(named, listing):
    assert not answers(replace(NOTHING, named=named, listing=listing))


def test_a_named_paper_without_the_kind_of_fact_that_is_sought_does_not_answer():
    assert not answers(replace(EVERYTHING, fit=0.0, fit_best=0.0, fit_covered=0.0, fit_near=0.0))


def test_the_weights_are_of_signals_and_have_a_threshold_between_0_and_1():
    for weights in load_weights().values():
        assert set(weights) - {"constant", "threshold"} <= set(Signals.__dataclass_fields__)
        assert all(weight >= 0 for name, weight in weights.items() if name != "constant")
        assert 0 < weights["threshold"] < 1


def signals_of(question, *papers, others=()):
    asking = asked(question)
    return Signals.of(asking, score_sentences(asking, papers, idf), others=others, idf=idf, likeness=0.4)


OWL = candidate("OwlNet: Birds", "OwlNet detects birds at night. It keeps 12 tokens.", asked_as=("OwlNet",))


def test_what_the_paper_has_is_reached_and_fits():
    # the one wanted term, "token", stands in the second sentence, right after a figure
    found = signals_of("How many tokens does OwlNet keep?", OWL)
    assert (found.reach, found.head, found.fit, found.fit_best, found.fit_covered) == (1.0, 1.0, 1.0, 1.0, 1.0)
    assert (found.named, found.attribute, found.likeness) == (True, 1.0, 0.4)


def test_a_figure_of_other_things_is_no_fit():
    # 12 counts tokens, no images: 0.15 is what a sentence with any figure gets
    found = signals_of("How many images does OwlNet keep?", OWL)
    assert (found.head, found.fit) == (0.0, 0.15)


def test_what_the_paper_lacks_is_not_reached():
    # of the two wanted terms "licence" and "code" the paper has none; and it gives no licence
    found = signals_of("Which licence has the code of OwlNet?", OWL)
    assert (found.reach, found.attribute) == (0.0, 0.0)


def test_without_vectors_of_words_the_same_words_are_near():
    # "token" and "keep" are in the second sentence, and no vectors of words are in this candidate
    assert not OWL.word_vectors.size
    found = signals_of("How many tokens does it keep?", OWL)
    assert found.fit_near == found.fit_covered == 1.0


def test_half_of_the_terms_are_half_of_the_reach():
    # "detect" and "birds" are there, "winter" is not
    assert signals_of("Does OwlNet detect birds in winter?", OWL).reach == pytest.approx(2 / 3)


def test_a_word_of_the_same_kin_is_nearly_there():
    # "pictures" for "images": 0.85
    paper = candidate("OwlNet: Birds", "OwlNet sorts 12 images.", asked_as=("OwlNet",))
    assert signals_of("How many pictures does OwlNet sort?", paper).head == 0.85


def test_proper_nouns_in_a_question_for_yes_or_no_are_looked_for():
    # "Windows" is not in the abstract, "Linux" is: one of two
    paper = candidate("OwlNet: Birds", "OwlNet runs on Linux.", asked_as=("OwlNet",))
    assert signals_of("Does OwlNet run on Linux and Windows?", paper).specifics == 0.5
    assert signals_of("Why does OwlNet run on Windows?", paper).specifics == 1.0


def test_a_part_of_a_question_without_its_kind_of_fact_halves_the_fit():
    # tokens are counted (1), no language is named (0)
    assert signals_of("How many tokens does OwlNet keep, and which languages does it know?", OWL).fit == 0.5


def test_rare_words_that_the_paper_has_weigh_more():
    # of weights up to 4 "token" has 1 and "12" has 2: 1/4 + 2/4 words, as a logarithm of one more
    def weigh(term):
        return {"token": 1.0, "12": 2.0}.get(term, 4.0)

    asking = asked("12 tokens on the moon")
    found = Signals.of(asking, score_sentences(asking, [OWL], weigh), others=(), idf=weigh)
    assert found.mass == pytest.approx(math.log(1.75))


def test_other_names_are_looked_for_in_the_paper():
    assert signals_of("Does OwlNet beat HawkNet?", OWL, others=["hawknet"]).others == 0
    hawk = candidate("OwlNet: Birds", "OwlNet beats HawkNet.", asked_as=("OwlNet",))
    assert signals_of("Does OwlNet beat HawkNet?", hawk, others=["hawknet"]).others == 1


BENCH = candidate("BirdBench: Birds", "BirdBench has 900 images.", asked_as=("BirdBench",))


@pytest.mark.parametrize(
    ("question", "on"),
    [
        ("What accuracy does OwlNet reach on BirdBench?", (BENCH,)),
        ("OwlNet on the BirdBench: what F1?", (BENCH,)),
        # side by side, no score, or about the benchmark itself
        ("What accuracy do OwlNet and BirdBench reach on HawkBench?", ()),
        ("How many images are in OwlNet on BirdBench?", ()),
        ("What is the score of BirdBench for OwlNet?", ()),
    ],
)
def test_what_is_measured_on_a_benchmark_is_asked_of_the_other_paper(question, on):
    assert measured_on(question, (OWL, BENCH)) == on


def test_the_one_paper_of_a_question_is_what_it_is_about():
    assert measured_on("What is the best score on BirdBench?", (BENCH,)) == ()


TRAINED = "OwlNet is a detector of birds. It works without any training. It keeps 12 of 196 tokens."
UNHELPED = "OwlNet is a detector of birds. Larger images do not help it. It keeps 12 of 196 tokens."


@pytest.mark.parametrize(
    ("question", "abstract"),
    [
        ("How many birds do we need to train OwlNet?", TRAINED),
        ("By how much do larger images improve OwlNet?", UNHELPED),
    ],
)
def test_a_sentence_that_denies_what_is_taken_for_granted_answers_whatever_was_asked(question, abstract):
    found = signals_of(question, candidate("OwlNet: Birds", abstract, asked_as=("OwlNet",)))
    assert (found.fit, found.fit_covered, found.fit_near, found.head) == (1, 1, 1, 1)


def test_a_denial_of_something_else_does_not():
    paper = candidate("OwlNet: Birds", UNHELPED, asked_as=("OwlNet",))
    assert signals_of("By how much do bright lamps improve OwlNet?", paper).fit_covered < 1


def test_the_rarest_word_that_a_paper_lacks_makes_a_short_question_incomplete():
    paper = candidate("OwlNet: Birds", TRAINED, asked_as=("OwlNet",))
    assert signals_of("Does OwlNet keep tokens?", paper).complete == pytest.approx(1.0)
    short = signals_of("Does OwlNet keep medieval tokens?", paper).complete
    assert short < 0.5
    # The same in many words: one that is not there counts for little.
    long = "Does OwlNet keep 12 of 196 medieval tokens of birds, work without training as a detector?"
    assert signals_of(long, paper).complete > short


def test_common_verbs_that_a_paper_lacks_make_nothing_incomplete():
    paper = candidate("OwlNet: Birds", TRAINED, asked_as=("OwlNet",))
    assert signals_of("How does OwlNet change a bird?", paper).complete == pytest.approx(1.0)
