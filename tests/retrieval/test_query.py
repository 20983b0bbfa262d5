"""What a question looks for: its words without those of asking, and their vectors."""

import numpy as np
import pytest

from rag.retrieval.query import query_of, without_asking
from rag.retrieval.question.reading import read


@pytest.fixture
def index(assistant):
    return assistant._retriever.index()


def test_a_question_is_its_words_without_those_of_asking(index, assistant):
    query = query_of(read("Which paper is about birds?"), index, assistant._embedder)
    assert query.wanted == {"bird": index.idf("bird")}
    assert without_asking("Which paper is about birds?").split() == ["birds?"]


def test_vectors_of_words_have_unit_length_in_both_spaces(index, assistant):
    words = query_of(read("birds at night"), index, assistant._embedder).words
    if assistant._embedder.word_space is None:
        assert words.whole.shape == words.small.shape == (2, 0)
    else:
        assert words.whole.shape == (2, 384)
        assert np.linalg.norm(words.whole, axis=1) == pytest.approx(1, abs=1e-4)
        assert np.linalg.norm(words.small, axis=1) == pytest.approx(1, abs=1e-4)
