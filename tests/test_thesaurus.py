"""Everyday words into the terms of the field, where the library has those."""

from pathlib import Path

import pytest

import rag.thesaurus
from rag.text import terms
from rag.thesaurus import in_field_terms

QUESTION = "How do I stop a model from making things up?"
FIELD = dict.fromkeys(terms("hallucination"), 5)


def said(text, frequency, papers=1000):
    return in_field_terms(text, frequency=lambda stem: frequency.get(stem, 0), papers=papers)


def test_an_everyday_phrase_becomes_the_term_of_the_field():
    text, brought = said(QUESTION, FIELD)
    assert "hallucination" in brought
    assert "hallucination" in text
    assert text.startswith("How do I stop a model from ")


def test_a_library_that_lacks_the_term_is_asked_in_the_words_of_the_question():
    assert said(QUESTION, {}) == (QUESTION, ())


def test_a_phrase_that_is_usual_in_the_library_stays():
    usual = dict.fromkeys(terms("making things up"), 500)
    assert said(QUESTION, FIELD | usual) == (QUESTION, ())


@pytest.mark.parametrize("text", ["", "?", "Where do kiwis nest?"])
def test_words_without_an_entry_stay_as_they_are(text):
    assert said(text, FIELD) == (text, ())


def test_every_line_of_the_table_has_phrases_and_terms():
    table = Path(rag.thesaurus.__file__).parent / "data" / "thesaurus.txt"
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    assert lines
    for line in lines:
        left, _, right = line.partition("=>")
        assert all(terms(phrase) for phrase in left.split("|")), line
        assert all(terms(term) for term in right.split(",")), line


SPARSE = dict.fromkeys(terms("sparsity"), 5)  # "throw away weights" is in the table for it, "throw away" is not


def test_a_phrase_whose_words_stand_apart_in_any_order_brings_its_terms_and_takes_no_word_away():
    text = "Weights that are tiny and needless: can one throw those away?"
    assert said("Throw away weights?", SPARSE) == ("sparsity?", ("sparsity",))
    assert said(text, SPARSE) == (text, ("sparsity",))


def test_words_of_a_phrase_with_more_than_four_others_between_them_are_not_one():
    # of eight words in all, five are others: a phrase of three may spread over seven
    near, far = "weights owl kelp tide wing throw away", "weights owl kelp tide wing reed throw away"
    assert said(near, SPARSE)[1] == ("sparsity",)
    assert said(far, SPARSE)[1] == ()


def test_a_word_counts_once_in_a_phrase():
    # "step by step" has one word twice
    field = dict.fromkeys(terms("chain-of-thought"), 5)
    assert said("Step by step", field)[1] == ("chain-of-thought",)
    assert said("Which step?", field)[1] == ()


def test_a_phrase_inside_a_longer_one_brings_nothing_of_its_own():
    # "throw away weights" also holds "throw away", which is about pruning alone
    field = SPARSE | dict.fromkeys(terms("pruning"), 5) | dict.fromkeys(terms("throw away"), 5)
    assert said("Throw away weights", field)[1] == ("pruning", "sparsity")
