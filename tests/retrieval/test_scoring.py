"""The plain functions that a ranking is made of, against hand-worked numbers and naive versions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library.flat_records import StoredPaper
from rag.model import Paper
from rag.retrieval.scoring import Words, late_interaction, neighbourhood, proximity, reciprocal_ranks, standard
from rag.text import terms


def stored(abstract="", *, sentences=(), words=(), signs=()):
    return StoredPaper(
        paper=Paper("p", "Title", abstract),
        text_hash="",
        content_hash="",
        passages=(),
        sentence_spans=(),
        sentence_vectors=np.array(sentences, dtype=np.float32).reshape(len(sentences), 2),
        word_vectors=np.array(words, dtype=np.float32).reshape(len(words), 2),
        word_sentences=np.zeros(len(words), dtype=np.int64),
        word_signs=np.array(signs, dtype=np.uint8).reshape(len(words), -1 if signs else 0),
    )


def test_standard_scores_are_deviations_from_the_mean():
    # mean 2, variance (1 + 0 + 1) / 3, so 1 lies 1 / sqrt(2/3) = 1.2247 below it
    assert standard(np.array([1, 2, 3], np.float32)) == pytest.approx([-1.2247, 0, 1.2247], abs=1e-4)


def test_standard_scores_among_some_take_mean_and_deviation_of_those():
    # among 1 and 3: mean 2, deviation 1, so 7 lies 5 above it
    among = np.array([True, True, False])
    assert standard(np.array([1, 3, 7], np.float32), among) == pytest.approx([-1, 1, 5])


def test_equal_scores_have_standard_scores_of_zero():
    assert standard(np.full(3, 0.7, np.float32)).tolist() == [0, 0, 0]


def test_reciprocal_ranks_count_from_one_and_give_nothing_for_nothing():
    assert reciprocal_ranks(np.array([3, 0, 5], np.float32)) == pytest.approx([1 / 62, 0, 1 / 61])


SCORES = st.lists(st.integers(-3, 9), min_size=1, max_size=12).map(lambda numbers: np.array(numbers, np.float32))


@given(SCORES)
def test_reciprocal_ranks_are_those_of_a_naive_version(scores):
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))
    expected = [1 / (60 + order.index(n) + 1) if scores[n] > 0 else 0 for n in range(len(scores))]
    assert reciprocal_ranks(scores) == pytest.approx(expected)


@given(SCORES)
def test_standard_scores_are_those_of_a_naive_version(scores):
    numbers = scores.tolist()
    mean = sum(numbers) / len(numbers)
    deviation = (sum((x - mean) ** 2 for x in numbers) / len(numbers)) ** 0.5
    expected = [(x - mean) / deviation if deviation else 0 for x in numbers]
    assert standard(scores) == pytest.approx(expected, abs=1e-4)


def test_proximity_is_the_share_by_weight_of_terms_in_the_best_window():
    wanted = {"owl": 1.0, "kelp": 3.0}
    near = stored("Owl kelp.")
    far = stored("Owl " + "wing " * 20 + "kelp.")
    assert proximity(wanted, near) == 1
    assert proximity(wanted, far) == pytest.approx(3 / 4)  # kelp alone
    assert proximity(wanted, stored("Wing.")) == 0
    assert proximity({}, near) == 0


@given(st.lists(st.sampled_from(["owl", "kelp", "tide", "wing", "nest", "reed"]), max_size=40))
def test_proximity_is_that_of_a_naive_version_over_windows_of_twelve_terms(said):
    wanted = {"owl": 1.0, "kelp": 3.0, "tide": 0.5}
    owner = stored(" ".join(said))
    whole = terms(f"{owner.paper.title} . {owner.paper.abstract}")
    windows = [set(whole[at : at + 12]) for at in range(len(whole))]
    best = max(sum(weight for term, weight in wanted.items() if term in window) for window in windows)
    assert proximity(wanted, owner) == pytest.approx(best / 4.5)


def words(small, whole=None):
    rows = np.array(small, dtype=np.float32)
    return Words(np.array([1, 3], np.float32), rows if whole is None else np.array(whole, np.float32), rows)


def test_late_interaction_weighs_the_nearest_word_of_each_word():
    # the first meets (1, 0): 1; the second meets (0.6, 0.8): 0.8. By weight (1 x 1 + 3 x 0.8) / 4 = 0.85
    owner = stored(words=[(1, 0), (0.6, 0.8)])
    assert late_interaction(words([(1, 0), (0, 1)]), [owner]) == pytest.approx([0.85])


def test_late_interaction_goes_by_the_signs_of_all_numbers_where_all_papers_have_them():
    # 0b11110000 stands for (1, 1, 1, 1, -1, -1, -1, -1) / sqrt(8). A question's word along the first number meets it
    # at 1 / sqrt(8), one along the last at -1 / sqrt(8), and by weight (1 - 3) / 4 of that
    owner = stored(words=[(1, 0)], signs=[0b11110000])
    whole = [np.eye(8)[0], np.eye(8)[7]]
    assert late_interaction(words([(1, 0), (0, 1)], whole), [owner]) == pytest.approx([-0.5 / 8**0.5])


def test_late_interaction_goes_by_the_small_vectors_where_one_paper_has_no_signs():
    with_signs, without = stored(words=[(1, 0)], signs=[0b11110000]), stored(words=[(0, 1)])
    question = words([(1, 0), (0, 1)], np.eye(8)[:2])
    assert late_interaction(question, [with_signs, without]) == pytest.approx([1 / 4, 3 / 4])


def test_late_interaction_with_a_paper_without_words_is_nothing():
    with_signs = stored(words=[(1, 0)], signs=[0b10000000])
    # (1, -1, -1, ...) / sqrt(8) meets the first word at 1 / sqrt(8), the second at -1 / sqrt(8)
    assert late_interaction(words([(1, 0), (0, 1)], np.eye(8)[:2]), [stored(), with_signs]) == pytest.approx(
        [0, -0.5 / 8**0.5]
    )


def test_the_neighbourhood_of_a_paper_is_the_weighted_mean_of_the_five_nearest_others():
    angles = [0.0, 0.1, 0.25, 0.45, 0.7, 1.0, 1.35]
    chosen = [stored(sentences=[(np.cos(a), np.sin(a))]) for a in angles]
    base = np.array([5, 4, 3, 2, 1, 0, 9], np.float32)
    expected = []
    for n, a in enumerate(angles):
        others = sorted((m for m in range(len(angles)) if m != n), key=lambda m: -np.cos(angles[m] - a))[:5]
        weights = [np.cos(angles[m] - a) for m in others]
        expected.append(sum(w * base[m] for w, m in zip(weights, others, strict=True)) / sum(weights))
    assert neighbourhood(base, chosen) == pytest.approx(expected, rel=1e-4)


def test_a_paper_without_sentences_has_a_neighbourhood_too():
    chosen = [stored(sentences=[(1, 0)]) for _ in range(6)] + [stored()]
    assert np.isfinite(neighbourhood(np.arange(7, dtype=np.float32), chosen)).all()
