"""What kind of amount a question asks for, and whether a text has one."""

import pytest

from rag.text.kinds import lacks_amount


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many owls were ringed?", "We ring owls in the forests of the north."),
        ("on how many islands was OwlNet tried", "OwlNet is tried on islands of the north."),
        ("How many hours does training OwlNet take?", "OwlNet is trained on 400 recordings."),
        ("how many watts does OwlNet draw", "OwlNet reads 24.4 calls a second."),
        ("How much energy did training OwlNet take?", "It is trained in less than 15 hours."),
        ("How much memory does OwlNet need?", "OwlNet needs 40 hours."),
        ("How long does training OwlNet take?", "OwlNet is trained on pictures of 512 pixels."),
        ("How old is the forest?", "We count 1,500 trees of the forest."),
        ("What percentage of owls returned?", "We quantify the percentage of owls that return."),
        ("How many owls were ringed?", "Rings raise the rate of returns by 12%."),
        ("How many of the 500 owls returned?", "We ring 500 owls, which return in spring."),
        ("how much does OwlNet weigh in megabytes", "OwlNet scores 66.1."),
    ],
)
def test_an_amount_of_another_kind_or_none_is_not_what_was_asked_for(question, text):
    assert lacks_amount(question, [text])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many owls were ringed?", "We ring 350 owls."),
        ("How many owls were ringed?", "A finite number of owls is ringed."),
        ("How many owls returned?", "Only a few birds come back."),
        ("How many of the owls returned?", "In spring 90% of the owls return."),
        ("How many hours does training OwlNet take?", "OwlNet is trained in 40 minutes."),
        ("How much memory does OwlNet save?", "It saves 60% of memory."),
        ("How long does training OwlNet take?", "Training takes a few days: 3 days on one card."),
        ("By how much do rings improve returns?", "Rings do not help."),
        ("how much does OwlNet weigh in megabytes", "OwlNet has 12 MB."),
        # Of what is no amount, or more than one thing, nothing is said.
        ("Why do owls hunt at night?", "Owls are hard to see."),
        ("What decides how many owls return?", "The weather decides it."),
        ("How many owls were ringed, and which returned first?", "The barn owl returns first."),
        ("How long is the context of OwlNet?", "OwlNet reads whole nights."),
    ],
)
def test_what_has_an_amount_of_the_kind_or_is_not_asked_for_one_passes(question, text):
    assert not lacks_amount(question, [text])


def test_one_text_of_several_is_enough():
    assert not lacks_amount("How many owls were ringed?", ["We ring owls.", "There are 350 owls."])
