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
