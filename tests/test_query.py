"""What a question looks for: its own words at full weight, terms of the field that stand for them at less."""

import numpy as np
import pytest

from rag.query import BROUGHT, query_of
from rag.question import read

QUESTION = "Which paper stops a captioner from making things up?"


@pytest.fixture
def index(assistant):
    return assistant._retriever.index()


@pytest.fixture
def brought(monkeypatch):
    """The thesaurus knows one phrase, whatever the library."""
    monkeypatch.setattr("rag.query.in_field_terms", lambda text, **_: (text, ("birds at night",)))


def test_without_an_entry_a_question_is_its_own_words_without_those_of_asking(index, assistant):
    query = query_of(read("Which paper is about birds?"), index, assistant._embedder, thesaurus=True)
    assert query.wanted == {"bird": index.idf("bird")}
    assert query.brought == ""
    assert query.lexical(index).tolist() == index.scores("birds").tolist()


def test_a_term_that_is_brought_in_counts_less_and_takes_no_word_away(index, assistant, brought):
    query = query_of(read(QUESTION), index, assistant._embedder, thesaurus=True)
    assert query.wanted["night"] == BROUGHT * index.idf("night")
    assert query.wanted["caption"] == index.idf("caption")
    own, extra = index.scores(query.own), index.scores("birds at night")
    assert extra.any()
    assert query.lexical(index) == pytest.approx(own + BROUGHT * extra)


def test_a_term_that_is_brought_in_and_asked_for_keeps_its_weight(index, assistant, brought):
    query = query_of(read("Who sees birds?"), index, assistant._embedder, thesaurus=True)
    assert query.wanted["bird"] == index.idf("bird")


def test_words_that_are_brought_in_have_less_weight_in_late_interaction(index, assistant, brought):
    query = query_of(read("Who sees owls?"), index, assistant._embedder, thesaurus=True)
    # "sees" and "owls" of the question, "birds" and "night" of the thesaurus
    stems = ("see", "owl", "bird", "night")
    assert query.asked.terms == stems
    rarity = [index.idf(stem) for stem in stems]
    assert query.words.weights == pytest.approx(np.array([1, 1, BROUGHT, BROUGHT]) * rarity)


def test_the_thesaurus_can_be_left_out(index, assistant, brought):
    assert query_of(read(QUESTION), index, assistant._embedder, thesaurus=False).brought == ""


def test_vectors_of_words_have_unit_length_in_both_spaces(index, assistant):
    words = query_of(read("birds at night"), index, assistant._embedder, thesaurus=True).words
    if assistant._embedder.word_space is None:
        assert words.whole.shape == words.small.shape == (2, 0)
    else:
        assert words.whole.shape == (2, 384)
        assert np.linalg.norm(words.whole, axis=1) == pytest.approx(1, abs=1e-4)
        assert np.linalg.norm(words.small, axis=1) == pytest.approx(1, abs=1e-4)
