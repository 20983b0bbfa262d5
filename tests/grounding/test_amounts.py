"""Amounts in a statement: which forms of one amount pass, and that another amount is caught in each of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.grounding.verdict import check
from rag.model import Paper

PAPER = Paper(
    "harbour",
    "Harbour Fees and Small Boats",
    "We study harbour fees with records of 1.2 million landings. After the reform fees fell by 30%. "
    "Nearly one-third of all boats changed port, and landings tripled in the north. "
    "The survey has four thousand answers from 16 harbours, of which 14 are public. "
    "We compare four small harbours with three large harbours. "
    "The error is 10^{-3}, and more than 80% of owners answered within 2-3 quarters.",
)


def verdict(sentence: str) -> str:
    return check(sentence, [PAPER]).verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "After the reform fees fell by three tenths.",
        "After the reform fees fell to 0.7 times what they were.",
        "The records are of 1,200,000 landings.",
        "The records are of more than a million landings.",
        "Landings in the north rose by 200%.",
        "Landings in the north increased threefold.",
        "About a third of all boats changed port.",
        "Nearly one in three boats changed port.",
        "The survey has several thousand answers.",
        "The error is 0.001.",
        "Over four fifths of owners answered within two to three quarters.",
    ],
)
def test_other_form_of_an_amount_passes(sentence):
    found = check(sentence, [PAPER])
    assert "figure" not in " ".join(found.reasons), found


@pytest.mark.parametrize(
    "sentence",
    [
        "After the reform fees fell by a fifth.",
        "After the reform fees halved.",
        "The records are of 12 million landings.",
        "Landings doubled in the north.",
        "Landings in the north rose by 300%.",
        "Nearly half of all boats changed port.",
        "Nearly one in five boats changed port.",
        "The survey has five thousand answers.",
        "The survey has several hundred answers.",
        "A dozen harbours are public.",
        "We compare three small harbours with two large harbours.",
        "The error is 10^{-4}.",
        "More than nine tenths of owners answered within 2-3 quarters.",
        "Fewer than 80% of owners answered within 2-3 quarters.",
    ],
)
def test_changed_amount_is_unsupported(sentence):
    assert verdict(sentence) == "unsupported"


DATED = Paper(
    "p",
    "Gulls",
    "Gulls were counted from 25 May 2020 to 21 August 2020. It is the third survey in its series. Counting takes "
    "0.0145 J a bird, on 100 boats, and finds 0.0% false alarms on non-overlapping windows of 3ms-40ms.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Gulls were counted from 25 March 2020 to 21 August 2020.",
        "It is the second survey in its series.",
        "Counting is a hundredfold cheaper.",
        "Counting takes 1.45 J a bird.",
    ],
)
def test_changed_month_rank_or_unit_is_unsupported(sentence):
    assert check(sentence, [DATED]).verdict == "unsupported"


@pytest.mark.parametrize(
    "sentence",
    [
        "Gulls were counted from 2020-05-25 on.",
        "It is the 3rd survey in its series.",
        "Counting takes 14.5 mJ a bird.",
        "There are no false alarms.",
        "The windows are nonoverlapping, of 3 to 40 ms.",
    ],
)
def test_month_rank_unit_and_nothing_in_another_form_pass(sentence):
    reasons = " ".join(check(sentence, [DATED]).reasons)
    assert not any(word in reasons for word in ("figure", "says", "is not in")), reasons


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("One in ten thousand herons has the mark.", "The mark was found in 0.01% of herons."),
        ("The count took a decade and a half.", "The count took 15 years."),
        ("A visit lasts an hour and a half.", "A visit lasts 90 minutes."),
        ("The pond is 2 km long.", "The pond has a length of 2,000 m."),
        ("The dose was 2 g.", "The dose was 2000 mg."),
        ("The count took less than two weeks.", "The count took 12 days."),
        ("The herds grew fivefold.", "The herds grew from 10,000 to 50,000 head."),
        ("The losses dropped by two thirds.", "The losses dropped from 30% to 10%."),
        ("The losses were halved.", "The losses fell from 8% to 4%."),
        ("Costs are cut by a factor of four.", "Costs are reduced by 75%."),
        ("It is ten times cheaper than nets.", "Costs are reduced by 90% compared with nets."),
        ("It needs a third less feed.", "The feed is reduced by 33.3%."),
        ("All three nets failed.", "The 3 nets fail."),
        ("The net has under two million knots.", "The net has only 1.78M knots."),
        ("Herons won at more than five sigma.", "Herons were favored at 5.2$\\sigma$."),
        ("It has about 65 thousand nets and 140 thousand knots.", "It has 65,463 nets and 140,412 knots."),
        ("OwlNet needs less than half as many knots.", "OwlNet uses at most 256 knots instead of 576."),
        ("Ponds will be dry by the middle of the 2030s.", "Ponds will be dry by the mid-2030s."),
        ("It beats a 7B model.", "It beats HeronNet-7B."),
        ("It was counted in a few days.", "It was counted in 3 days."),
    ],
)
def test_amount_that_follows_from_what_is_cited_is_no_figure_that_it_lacks(statement, evidence):
    found = check(statement, [Paper("p", "Nets", evidence)])
    assert not any("figure" in reason or "it says all" in reason for reason in found.reasons), found


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("One in a thousand herons has the mark.", "The mark was found in 0.01% of herons."),
        ("The count took a decade and a half.", "The count took 25 years."),
        ("The pond is 2 km long.", "The pond has a length of 200 m."),
        ("The count took less than a week.", "The count took 12 days."),
        ("The herds grew fourfold.", "The herds grew from 10,000 to 50,000 head."),
        ("The losses dropped by a third.", "The losses dropped from 30% to 10%."),
        ("The losses were halved.", "The losses fell from 8% to 2%."),
        ("Costs are cut by a factor of three.", "Costs are reduced by 75%."),
        ("All four nets failed.", "The 3 nets fail."),
        ("Herons stay for 6 months.", "Herons were seen in 6 sessions, and stay."),
        ("The pond dries several decades later.", "The pond dries only a few years later."),
        ("The heron has two nests.", "The heron has a single nest."),
        ("Accuracy drops from 61.8% to 54.8%.", "Accuracy shows an improvement of 54.8% -> 61.8%."),
        ("Error went from 3.1% to 12.5%.", "Error decreased from 12.5% to 3.1%."),
    ],
)
def test_amount_that_does_not_follow_from_what_is_cited_is_caught(statement, evidence):
    assert check(statement, [Paper("p", "Nets", evidence)]).verdict == "unsupported"


def test_rounded_amount_passes_only_where_it_is_said_to_be_one():
    paper = Paper("p", "Ports", "The share of public ports is 89.7%, and 82% of them are old.")
    assert check("About 90% of ports are public.", [paper]).verdict != "unsupported"
    assert check("More than 80% of public ports are old.", [paper]).verdict != "unsupported"
    assert check("90% of ports are public.", [paper]).verdict == "unsupported"
    assert check("More than 85% of public ports are old.", [paper]).verdict == "unsupported"


FERRIES = Paper(
    "ferries",
    "Night Ferries",
    "Between the ports ran 412 night ferries, of which 309 were full; the 2021 timetable had fewer. "
    "Ferries burn 3.1 tonnes of oil by night, while barges burn 5.2 tonnes on the same routes. "
    "About 34600, 4400 and 2300 letters of complaint came by ferry, barge and tug, respectively. "
    "Waves were measured with a laser of 532 nm at fields of 12 milli-G. "
    "Tugs tow 2.3 times faster with gears and up to 2.5 times faster with sails.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Three quarters of the 412 night ferries were full.",
        "Some 34,600 letters of complaint came by ferry.",
        "The timetable of 2021 had fewer than 412 ferries.",
        "On the same routes barges burn 5.2 tonnes of oil, and ferries burn 3.1 tonnes by night.",
        "Waves were measured with a laser of 532 nanometres.",
    ],
)
def test_amounts_that_belong_to_what_they_are_said_of_pass(sentence):
    found = check(sentence, [FERRIES])
    assert found.verdict != "unsupported", found


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Two thirds of the 412 night ferries were full.", "two thirds is not"),
        ("By night ferries burn 5.2 tonnes of oil, and barges 3.1 tonnes on the same routes.", "changed places"),
        ("Tugs tow up to 2.5 times faster with gears.", "2.3 times, not 2.5 times"),
        ("Waves were measured at fields of 12 micro-G.", "12 micro-g is not"),
        ("Waves were measured with a laser of 532 micrometres.", "532 micrometres is not"),
    ],
)
def test_amounts_of_other_things_and_units_do_not(sentence, reason):
    found = check(sentence, [FERRIES])
    assert found.verdict == "unsupported", found
    assert reason in " ".join(found.reasons)


FORMS = {
    2: ("half of", "50% of", "one in two of", "0.5 of"),
    4: ("a quarter of", "25 percent of", "one in four of", "one fourth of"),
    5: ("a fifth of", "20% of", "one in five of", "two tenths of"),
}


@given(st.sampled_from(sorted(FORMS)), st.sampled_from(sorted(FORMS)), st.data())
@settings(max_examples=60, deadline=None)
def test_share_in_one_form_bears_out_only_the_same_share_in_another(said, given_there, data):
    ours, theirs = (data.draw(st.sampled_from(FORMS[part])) for part in (said, given_there))
    paper = Paper("p", "Boats", f"After the reform {theirs} the boats changed port.")
    found = check(f"The reform made {ours} the boats change port.", [paper])
    assert (found.verdict != "unsupported") == (said == given_there), (ours, theirs, found.reasons)
