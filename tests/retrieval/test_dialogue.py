"""Follow-ups made whole by what the conversation spoke of."""

import numpy as np
import pytest

from rag.answers.candidates import Candidate
from rag.answers.judging import Judge
from rag.model import Paper, Turn
from rag.neural import CrossEncoder
from rag.neural.question_reader import QuestionReader
from rag.retrieval.index.making import build_index
from rag.retrieval.question.dialogue import stand_alone
from rag.text import sentences

LIBRARY = (
    Paper("owlnet", "OwlNet: Seeing Birds at Night", "OwlNet detects birds at night. It keeps 12 tokens."),
    Paper("hawknet", "HawkNet: Seeing Birds by Day", "HawkNet detects birds by day. It keeps all tokens."),
    Paper("kelpcast", "KelpCast: Forecasting Kelp", "KelpCast forecasts kelp forests from satellite images."),
)
CANDIDATES = {
    paper.id: Candidate(paper, tuple(sentences(paper.abstract)), np.zeros((0, 0), np.float32), 0.0, "", False)
    for paper in LIBRARY
}


class Listener(Judge):
    """What the networks say, with all of the library found for any question."""

    def fits(self, question, ids):
        return self.fit(question, [CANDIDATES[key] for key in ids])

    def nearest(self, question):
        return list(CANDIDATES)


@pytest.fixture(scope="module")
def alone():
    """Gives the standalone question and the ids of the papers that it speaks of by way of the conversation."""
    index, listener = build_index("generation", LIBRARY), Listener(CrossEncoder(), QuestionReader())

    def whole(question, *turns):
        roles = ("user", "assistant")
        history = [Turn(roles[n % 2], content) for n, content in enumerate(turns)]
        found = stand_alone(question, history, index, listener)
        return found.text, [paper.id for paper in found.papers]

    return whole


ONE = ("What is OwlNet?", "OwlNet detects birds at night [1].")
TWO = ("Which papers are about birds?", "- OwlNet: Seeing Birds at Night [1]\n- HawkNet: Seeing Birds by Day [2]")


@pytest.mark.parametrize("question", ["And how fast is it?", "How fast is OwlNet?", "the second one"])
def test_without_a_conversation_a_question_stays_as_it_is(question, alone):
    assert alone(question) == (question, [])


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many tokens does it keep?", "How many tokens does OwlNet keep?"),
        ("And what is its accuracy?", "what is OwlNet's accuracy?"),
        ("How fast is this model?", "How fast is OwlNet?"),
        ("Does that one need training?", "Does OwlNet need training?"),
    ],
)
def test_a_pronoun_is_put_in_words(question, expected, alone):
    assert alone(question, *ONE) == (expected, ["owlnet"])


@pytest.mark.parametrize(
    ("question", "name", "paper"),
    [
        ("How many people wrote the second one?", "HawkNet", "hawknet"),
        ("How fast is the first one?", "OwlNet", "owlnet"),
        ("What does the latter keep?", "HawkNet", "hawknet"),
        ("And the last one?", "HawkNet", "hawknet"),
    ],
)
def test_an_ordinal_is_the_paper_in_that_place_of_the_last_answer(question, name, paper, alone):
    text, papers = alone(question, *TWO)
    assert name in text
    assert papers == [paper]


@pytest.mark.parametrize(
    "question",
    ["Which of them is faster?", "Do both need training?", "How do the two differ?", "which of the two came first"],
)
def test_a_plural_is_all_papers_of_the_last_answer(question, alone):
    text, papers = alone(question, *TWO)
    assert papers == ["owlnet", "hawknet"]
    assert "OwlNet" in text
    assert "HawkNet" in text


@pytest.mark.parametrize("question", ["What about HawkNet?", "And how about HawkNet?"])
def test_what_about_another_asks_the_same_of_that_one(question, alone):
    text, _ = alone(question, "How many tokens does OwlNet keep?", "It keeps 12 tokens [1].")
    assert text == "How many tokens does HawkNet keep?"


def test_what_about_an_unknown_name_asks_the_same_of_that_one(alone):
    text, _ = alone("What about WombatNet-2?", "How many tokens does OwlNet keep?", "It keeps 12 tokens [1].")
    assert text == "How many tokens does WombatNet-2 keep?"


@pytest.mark.parametrize("question", ["How fast is HawkNet?", "What is WombatNet-2?"])
def test_a_question_with_a_name_of_its_own_stays_as_it_is(question, alone):
    assert alone(question, *ONE) == (question, [])


def test_a_question_on_something_else_stays_as_it_is(alone):
    question = "Which papers talk about the forecasting of kelp forests from satellites?"
    assert alone(question, *ONE) == (question, [])


def test_it_is_what_the_last_question_named_and_not_what_its_answer_compared_with(alone):
    text, papers = alone("How fast is it?", "Is OwlNet good?", "HawkNet is beaten by OwlNet [1].")
    assert (text, papers) == ("How fast is OwlNet?", ["owlnet"])


def test_the_last_exchange_that_spoke_of_papers_counts(alone):
    turns = ("What is HawkNet?", "HawkNet detects birds by day [1].", *ONE)
    assert alone("How fast is it?", *turns)[1] == ["owlnet"]
    thanks = (*ONE, "Thanks!", "You are welcome.")
    assert alone("How fast is it?", *thanks)[1] == ["owlnet"]


def test_marks_of_citations_in_the_history_name_nothing(alone):
    assert alone("How fast is it?", "What is OwlNet?", "OwlNet [1] sees [2].")[1] == ["owlnet"]


def test_a_conversation_that_spoke_of_no_paper_leaves_the_words_of_its_last_question(alone):
    text, papers = alone("And in winter?", "What do you know about snow?", "The library does not say.")
    assert papers == []
    assert "snow" in text
    assert "in winter?" in text


@pytest.mark.parametrize(
    "question",
    ["What happens in the last of its stages?", "Who is the first author of it?", "What is the second step of it?"],
)
def test_an_ordinal_of_something_else_is_no_paper(question, alone):
    text, papers = alone(question, "How do OwlNet and HawkNet see?", "OwlNet sees by night and HawkNet by day [1][2].")
    assert len(papers) == 1
    assert {"owlnet": "OwlNet", "hawknet": "HawkNet"}[papers[0]] in text
    assert question.partition(" of ")[0] in text


def test_a_correction_is_read_as_a_question_on_the_same_paper(alone):
    text, papers = alone("No, I meant the size of the data.", *ONE)
    assert papers == ["owlnet"]
    assert text.startswith("the size of the data")


def test_a_fragment_goes_on_from_the_last_question(alone):
    text, _ = alone("and video tokens?", "How many tokens does OwlNet keep?", "It keeps 12 tokens [1].")
    assert text == "How many tokens does OwlNet keep, video tokens"


def test_a_fragment_goes_on_from_a_question_that_hung_on_another_itself(alone):
    text, papers = alone("and at night?", *ONE, "How many tokens does it keep?", "It keeps 12 tokens [1].")
    assert text == "How many tokens does OwlNet keep at night"
    assert papers == ["owlnet"]


def test_the_former_is_of_the_two_that_were_spoken_of_last(alone):
    listed = "- KelpCast: Forecasting Kelp [1]\n- HawkNet: Seeing Birds by Day [2]\n- OwlNet: Seeing Birds at Night [3]"
    turns = ("Which papers see things?", listed, "OwlNet vs HawkNet?", "OwlNet sees by night, and HawkNet by day [1].")
    assert alone("What does the former keep?", *turns)[1] == ["owlnet"]
