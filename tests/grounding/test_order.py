"""Which side things stand on, which paper a statement is about, and what nothing bears out."""

from __future__ import annotations

import pytest

from rag.grounding.verdict import check
from rag.model import Paper

PAPER = Paper(
    "tidegate",
    "Tidegate: Locks That Learn",
    "Tidegate learns when to close a lock from the reports of lock keepers. "
    "Rural keepers with old locks report fewer floods than urban keepers with new locks. "
    "Closing the lock before the tide turns lowers the pressure on the walls. "
    "Broken pumps cause most delays in narrow channels. "
    "The pressure rises for steel walls, while it falls for wooden walls. "
    "Boats do not pass until the gauge is read. "
    "The method of Varga has been extended by Okafor to salt water. "
    "In wet years Tidegate may replace manual inspection. "
    "The older Sluicer needs daily calibration.",
)
BUOY = Paper(
    "buoynet",
    "BuoyNet: Counting Waves",
    "BuoyNet counts waves with drifting sensors. It was tested on 40 beaches and needs no anchor.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Urban keepers with new locks report more floods than rural keepers with old locks.",
        "The pressure on the walls is lower when the lock is closed before the tide turns.",
        "Most delays in narrow channels are due to broken pumps.",
        "The pressure falls for wooden walls and rises for steel walls.",
        "Boats pass only after the gauge is read.",
        "Okafor extended the method of Varga to salt water.",
        "In wet years Tidegate could replace manual inspection.",
    ],
)
def test_same_order_in_other_words_is_not_unsupported(sentence):
    found = check(sentence, [PAPER])
    assert found.verdict != "unsupported", found.reasons


@pytest.mark.parametrize(
    "sentence",
    [
        "Urban keepers with new locks report fewer floods than rural keepers with old locks.",
        "Closing the lock after the tide turns lowers the pressure on the walls.",
        "Delays in narrow channels cause most broken pumps.",
        "The pressure rises for wooden walls and falls for steel walls.",
        "Varga extended the method of Okafor to salt water.",
        "BuoyNet learns when to close a lock from the reports of lock keepers.",
        "Sluicer learns when to close a lock from the reports of lock keepers.",
    ],
)
def test_exchanged_sides_are_unsupported(sentence):
    assert check(sentence, [PAPER]).verdict == "unsupported"


def test_most_words_where_they_were_are_no_exchange():
    paper = Paper(
        "p", "Nets", "The nets were over 1 to 2 percent better than the ordinary rope model on the same pond."
    )
    found = check("On the same pond the nets beat the ordinary rope model by 1 to 2 percent or more.", [paper])
    assert not any("other way" in reason for reason in found.reasons), found


def test_what_is_preferred_to_another_is_denied_the_other_way_round():
    paper = Paper("p", "Cakes", "Left in the air, they harden rather than soften.")
    found = check("Left in the air, they soften rather than harden.", [paper])
    assert (found.verdict, found.contradicted) == ("unsupported", True)


def test_what_is_done_without_a_thing_is_done():
    paper = Paper("p", "Robots", "The robot walks without a rope on ice, and no game of any kind is lost.")
    assert not any("denies" in reason for reason in check("The robot walks on ice.", [paper]).reasons)


def test_what_may_be_is_weak_when_said_for_certain():
    found = check("In wet years Tidegate will replace manual inspection.", [PAPER])
    assert (found.verdict, found.reasons) == ("weak", ("what it cites only says that it may",))


def test_missing_prefix_is_unsupported():
    paper = Paper("p", "States", "The proof works only for nonmaximally entangled states of two particles.")
    assert check("The proof works only for maximally entangled states.", [paper]).verdict == "unsupported"


def test_each_part_on_one_of_two_papers_is_held_against_that_one():
    both = [PAPER, BUOY]
    right = "Tidegate learns when to close a lock, and BuoyNet counts waves with drifting sensors."
    wrong = "BuoyNet learns when to close a lock, and Tidegate counts waves with drifting sensors."
    assert check(right, both).verdict == "supported"
    assert check(wrong, both).verdict == "unsupported"
    assert check(right, both[::-1]).verdict == "supported"
    assert check(wrong, both[::-1]).verdict == "unsupported"
