"""Kinds of fact that a question asks for and an abstract does not give."""

import pytest

from rag.attributes import ATTRIBUTES, missing_attributes

BARE = "OwlNet detects birds in night images and reaches 81.4% on BirdBench."


@pytest.mark.parametrize(
    ("question", "missing", "given"),
    [
        ("Under which license is OwlNet released?", "a licence", "The code is under the Apache 2.0 licence."),
        ("What batch size does OwlNet use?", "the batch size", "It is trained with a batch size of 64."),
        ("What learning rate was used?", "the learning rate", "The learning rate is 0.001."),
        ("For how many epochs was it trained?", "the number of epochs", "It is trained for 3 epochs."),
        ("Which optimizer was used?", "the optimiser", "AdamW is used throughout."),
        ("What is the training time of OwlNet?", "the training time", "It is trained in 9 days."),
        ("What GPU was OwlNet trained on?", "the hardware", "It is trained on one A100."),
        ("At which conference was it published?", "a venue", "Accepted at CVPR."),
        ("Who funded OwlNet?", "who paid for it", "Funded by the guild of foresters."),
        ("How expensive is OwlNet in dollars?", "a price", "It costs $ 12 a night."),
        ("Which university is OwlNet from?", "an affiliation", "Made at the University of Snow."),
        ("How many parameters does OwlNet have?", "the number of parameters", "It has 7B weights."),
        ("How much carbon does training emit?", "the energy it takes", "Training emits 3 kg of CO2."),
        ("What is the repository of OwlNet?", "a link to its code", "The code is released."),
        ("What are the limitations of OwlNet?", "its limitations", "A limitation is that fog hides birds."),
        ("How many GitHub stars has it?", "how often it is cited or used", "It has 900 stars."),
        ("How much memory does OwlNet need?", "how much memory it takes", "It takes 6 GB."),
        ("What is the latency of OwlNet?", "a speed", "It answers in 30 ms."),
    ],
)
def test_a_kind_of_fact_is_missing_until_the_abstract_has_a_word_of_it(question, missing, given):
    assert missing_attributes(question, BARE) == ([missing], 1)
    assert missing_attributes(question, f"{BARE} {given}") == ([], 1)


def test_a_question_may_ask_for_several_kinds():
    gaps, asked = missing_attributes("What licence and what batch size?", f"{BARE} The batch size is 8.")
    assert (gaps, asked) == (["a licence"], 2)


@pytest.mark.parametrize(
    "question", ["How many birds does OwlNet find?", "How does OwlNet work?", "What is its accuracy on BirdBench?", ""]
)
def test_other_questions_ask_for_none(question):
    assert missing_attributes(question, BARE) == ([], 0)


def test_every_kind_has_a_name_that_reads_as_an_object():
    assert len({attribute.name for attribute in ATTRIBUTES}) == len(ATTRIBUTES)
    assert all(attribute.name == attribute.name.strip(" .") for attribute in ATTRIBUTES)
