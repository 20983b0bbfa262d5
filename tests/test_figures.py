"""Figures: which there are in a text, and which say the same amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import figures


def only(text: str):
    found = figures(text)
    assert len(found) == 1, (text, found)
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2M images", "1.2 million images"),
        ("4,300 samples", "4.3k samples"),
        ("77%", "77 percent"),
        ("77%", "0.77 of it"),
        (r"sim75\%", "~75%"),
        ("2.29times faster", "2.29× faster"),
        ("2.29x", "2.29 times"),
        ("30.7-fold", "30.7x"),
        ("a sixfold rise", "6 times"),
        ("a hundredfold", "100x"),
        ("twice the size", "2×"),
        ("half of them", "50%"),
        ("three quarters of them", "75%"),
        ("one fifth of them", "20%"),
        ("a third of them", "one third of it"),
        ("three tenths of a percent", "0.3%"),
        ("half a billion", "500M"),
        ("ten million", "10M"),
        ("twenty-four thousand", "24K"),
        ("13-billion-parameter", "13B"),
        ("0.04 seconds", "40 milliseconds"),
        ("1 day", "24 hours"),
        ("24GB", "24 GB"),
        ("fourteen libraries", "14 libraries"),
    ],
)
def test_spellings_of_one_amount_are_equal(one, other):
    assert only(one).equals(only(other))
    assert only(other).equals(only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("23 hours", "23 days"),
        ("15 seconds", "15 hours"),
        ("20%", "20 points"),
        ("77%", "77 tasks"),
        ("1.2M", "1.2B"),
        ("3 times", "30%"),
        ("a third of them", "30%"),
        ("24 GB", "24 MB"),
    ],
)
def test_amounts_in_other_units_differ(one, other):
    assert not only(one).equals(only(other))


def test_digits_inside_names_are_no_figures():
    assert figures("Qux-1.5-7B beats GPT4V in 3D at top-1 and zero-shot") == ()


def test_ordinal_third_is_no_fraction():
    assert figures("a third model joins the second") == ()


def test_range_shares_the_unit_of_its_end():
    assert [(figure.value, figure.unit) for figure in figures("by 6.2 to 30.2%")] == [(6.2, "%"), (30.2, "%")]
    assert [(figure.value, figure.unit) for figure in figures("2-8x longer")] == [(2.0, "×"), (8.0, "×")]


def test_rounded_figure_is_within_five_percent():
    # 3 is 1.35 percent above 2.96 and 13 percent above 2.6.
    assert only("almost three times").rounds(only("2.96x"))
    assert not only("almost three times").rounds(only("2.6x"))


@given(st.integers(1, 999), st.sampled_from(["k", "M", "B"]))
def test_scaled_number_equals_itself_written_out(count, scale):
    zeros = {"k": "000", "M": "000000", "B": "000000000"}[scale]
    assert only(f"{count}{scale} images").equals(only(f"{count}{zeros} images"))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_percentages_are_equal_only_to_themselves(one, other):
    same = only(f"{one / 100}%").equals(only(f"{other / 100} percent"))
    assert same == (one == other)
