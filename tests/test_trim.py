"""Where a sentence may end because what follows was not asked for."""

import pytest
from answering_fixtures import asked, candidate, idf

from rag.sentence_score import score_sentences
from rag.trim import trimmed_end

SET_UPS = "OwlNet reads texts of 500K words on one card, 3.7M on eight cards and over 15M on four nodes."
PLAIN = "OwlNet keeps 12 tokens of each image; it was first shown to owls, who liked it."
LISTED = "OwlNet uses 12, 14 and 16 layers in its three sizes."
PARTS = "OwlNet has a body of three parts: an eye, which sees; an ear, which hears; and a wing."
BRACKETS = "OwlNet keeps 12 tokens (of 196; the rest is dropped) of each image."


def shown(question, sentence):
    paper = candidate("OwlNet: Birds", sentence, asked_as=("OwlNet",))
    scored = score_sentences(asked(question), [paper], idf)[0]
    return sentence[: trimmed_end(scored)]


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("How many words has a text for one card in OwlNet?", SET_UPS, "OwlNet reads texts of 500K words on one card"),
        ("How many tokens does OwlNet keep of an image?", PLAIN, "OwlNet keeps 12 tokens of each image"),
        # The second half has what the question has: the owls.
        ("How many tokens of an image did owls like?", PLAIN, PLAIN),
        # The figures of a list belong to one another.
        ("How many layers does OwlNet use?", LISTED, LISTED),
        # A list stays whole.
        ("How many parts has the body of OwlNet?", PARTS, PARTS),
        # Two things are asked for.
        ("How many tokens does OwlNet keep, and who liked it?", PLAIN, PLAIN),
        # No figure is asked for.
        ("What does OwlNet keep of an image?", PLAIN, PLAIN),
        ("How many tokens does OwlNet keep of an image?", BRACKETS, BRACKETS),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_it_has_said_what_was_asked(question, sentence, expected):
    assert shown(question, sentence) == expected
