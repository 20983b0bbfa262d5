"""Slips of the hand in the words of a question."""

import pytest

from rag.model import Paper
from rag.retrieval.index.making import build_index
from rag.retrieval.question.language import as_written
from rag.retrieval.question.spelling import slips_mended

INDEX = build_index(
    "generation",
    [
        Paper(
            "owl", "OwlNet: Birds", "Our adaptation of a benchmark for the hallucination of birds. We train Kelpcaster."
        )
    ],
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("adaptaion to a bencmark", "adaptation to a benchmark"),
        ("how do you trian it", "how do you train it"),
        # Words of the language that the library does not have are no slips, nor are names and words with capitals.
        ("quantum licence", "quantum licence"),
        ("kelpcaster and OwlNte", "kelpcaster and OwlNte"),
        # Two letters wrong in a short word make another word.
        ("bxrdy trixn", "bxrdy trixn"),
    ],
)
def test_a_word_that_nobody_has_is_read_as_the_one_it_comes_near(written, read):
    assert slips_mended(written, INDEX) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("the mass of 43Cl and of Cl-44", "the mass of ⁴³Cl and of ⁴⁴Cl"),
        ("chlorine-43 or Chlorine 44?", "⁴³Cl or ⁴⁴Cl?"),
        ("lead-210", "210Pb"),  # as the library writes it
        ("tin-132, 50Sn", "tin-132, 50Sn"),  # nobody has them
        ("a 43Clone, GPT-43, 7B and 43.5 Cl", "a 43Clone, GPT-43, 7B and 43.5 Cl"),
    ],
)
def test_nuclides_are_read_as_the_library_writes_them(written, read):
    abstract = "We weigh $^{43}$Cl and $^{44}$Cl. The spectrum of 210Pb is measured."
    index = build_index("any", [Paper("trap", "Traps", abstract)])
    assert as_written(written, index) == read
