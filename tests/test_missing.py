"""What is said where there is no answer: in the words of the question, and to small talk."""

import pytest
from answering_fixtures import candidate

from rag.missing import missing_sentence, small_talk
from rag.question import read

OWL = candidate("OwlNet: Birds", "OwlNet detects birds. OwlSet has labels.", asked_as=("OwlNet",))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many images are in OwlNet?", "say how many images are in it"),
        ("What F1 does OwlNet get on BirdBench?", "say what F1 it gets on BirdBench"),
        ("On which corpus was OwlNet trained?", "say on which corpus it was trained"),
        ("Which model wins on OwlNet?", "say which model wins on it"),
        ("How many people voted in OwlNet's arena?", "say how many people voted in its arena"),
        ("Which backbones were tried with the OwlNet?", "say which backbones were tried with it"),
        ("OwlNet accuracy on DocVQA", "answer this; the whole paper may"),
        ("Does OwlNet run on Windows?", "answer this; the whole paper may"),
        ("Which model wins on OwlNet, and by how much?", "answer this; the whole paper may"),
    ],
)
def test_what_an_abstract_does_not_say_is_put_in_the_words_of_the_question(question, said):
    assert missing_sentence(read(question), [OWL], ()) == f"The abstract of OwlNet does not {said}."


def test_a_part_of_the_work_that_is_asked_for_keeps_its_name():
    part = candidate("OwlNet: Birds", "OwlNet comes with OwlSet.", asked_as=("OwlSet",))
    assert missing_sentence(read("How many images does OwlSet have?"), [part], ()).startswith("The abstract of OwlSet")


@pytest.mark.parametrize("question", ["And how many people wrote it?", "What is the paper about?", "Is it fast?"])
def test_a_question_that_points_back_to_nothing_asks_which_paper_is_meant(question):
    assert missing_sentence(read(question), [], ()).startswith("It is not clear which paper this is about")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which papers are about beer?", ": nothing in it is about beer."),
        ("Who won the chess game in 2018?", "."),
        ("beer brewing", ": nothing in it is about beer brewing."),
    ],
)
def test_a_subject_is_named_where_the_question_names_one(question, said):
    assert missing_sentence(read(question), [], ()) == f"No paper in the library answers this{said}"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("hello", "Hello. Footnote answers questions"),
        ("Hi there!", "Hello. Footnote answers questions"),
        ("Thanks a lot!", "You are welcome."),
        ("ok", "Good."),
        ("Bye!", "Goodbye."),
        ("Who are you?", "Footnote answers questions"),
        ("what can you do?", "Footnote answers questions"),
        ("How does it work?", "Footnote answers questions"),
    ],
)
def test_small_talk_is_answered_in_kind(text, begins):
    assert small_talk(text).startswith(begins)


@pytest.mark.parametrize(
    "text",
    ["Who are the authors of OwlNet?", "How does OwlNet work?", "hello world models", "thank you note models", "?"],
)
def test_a_question_is_no_small_talk(text):
    assert small_talk(text) == ""
