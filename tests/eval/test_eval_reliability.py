"""The probability of an answer held against what the library answers, and how weights are fitted."""

import numpy as np
import pytest

from eval.metrics.brier import area, brier
from eval.metrics.score import Score
from eval.plots.reliability import calibration_error, error_of, reliability
from eval.questions.gold import Question
from eval.questions.record import Record
from eval.train.calibrate import logistic_fit


def record(confidence, kind="fact"):
    return Record(Question("q", kind, "How many?"), "dev", "answered", confidence=confidence)


def test_the_brier_score_is_the_squared_distance_to_what_is_so():
    # (0.8 - 1)² and (0.8 - 0)²
    assert brier(record(0.8)) == Score(pytest.approx(0.04))
    assert brier(record(0.8, "unanswerable")) == Score(pytest.approx(0.64))
    assert brier(record(None)) is None


def test_the_calibration_error_is_weighed_by_the_questions_of_a_bin():
    # two at 0.95, one of them answerable: off by 0.45; two at 0.05, none of them: off by 0.05; the mean of both
    p, y = np.array([0.95, 0.95, 0.05, 0.05]), np.array([1.0, 0.0, 0.0, 0.0])
    assert calibration_error(p, y) == pytest.approx(0.25)
    # with three quarters of the weight on the second pair: 0.45/4 + 0.05*3/4
    assert calibration_error(p, y, np.array([1.0, 1.0, 3.0, 3.0])) == pytest.approx(0.15)


def test_questions_stand_in_groups_by_their_probability():
    rows = reliability([record(0.9), record(1.0), record(0.85, "unanswerable"), record(0.1), record(None)])
    assert [label for label, _ in rows] == ["0.0 to 0.2", "0.8 to 1.0"]
    mean, share = rows[1][1]
    assert (mean.value, share.value) == (pytest.approx(11 / 12), pytest.approx(2 / 3))


def test_without_a_probability_there_is_no_error():
    assert error_of([record(None)]) is None
    assert error_of([record(1.0)]) == 0.0


def test_the_area_counts_pairs_in_their_right_order():
    # of the pairs (0.9, 0.5), (0.9, 0.2), (0.4, 0.5), (0.4, 0.2) three are right
    assert area(np.array([0.9, 0.5, 0.4, 0.2]), np.array([1.0, 0.0, 1.0, 0.0])) == pytest.approx(3 / 4)


def test_the_constant_alone_gives_the_share_among_the_rows():
    # without anything to go by: 6 of 10
    weights = logistic_fit(np.zeros((10, 1)), np.array([1.0] * 6 + [0.0] * 4))
    assert 1 / (1 + np.exp(-weights[-1])) == pytest.approx(0.6, abs=1e-3)


def test_a_signal_that_tells_gets_weight_and_one_that_is_always_the_same_does_no_harm():
    x = np.array([[0.0, 1.0], [0.2, 1.0], [0.8, 1.0], [1.0, 1.0]] * 5)
    weights = logistic_fit(x, np.array([0.0, 0.0, 1.0, 1.0] * 5))
    assert weights[0] > 0
    assert abs(weights[1]) < weights[0]
