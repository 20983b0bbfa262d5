"""What a network says of a statement: read with the nearest sentences, and only where no fault can be named."""

import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rag.curation.against import check as checked
from rag.grounding.checks.borne import borne_doubts, nearest
from rag.grounding.checks.sentence import read, source
from rag.grounding.verdict import check, doubts
from rag.model import Paper

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Quills are old. Quillnet sorts letters by their ink. It keeps 12 of 40 envelopes. Nobody writes today."
PAPER = Paper("quill", "Quillnet", TEXT)
SAID = "By their ink letters get sorted in Quillnet, which keeps envelopes."


def test_the_two_sentences_with_most_of_a_statement_are_read_in_their_order():
    found = nearest(read(SAID), source("Quillnet", TEXT))
    assert found == ("Quillnet sorts letters by their ink.", "It keeps 12 of 40 envelopes.")


def test_the_second_sentence_has_what_the_first_has_not():
    text = "The ink of old letters is read first. Letters are read by their old ink. Envelopes are burnt."
    found = nearest(read("The old ink of letters is read, and envelopes are burnt."), source("Quills", text))
    assert found[1] == "Envelopes are burnt."


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_the_doubt_is_the_log_odds_that_it_is_not_supported(share):
    (doubt,) = borne_doubts(read(SAID), source("Quillnet", TEXT), lambda *_: {"supports": share})
    assert doubt.strength == pytest.approx(math.log((1 - share) / share))


def test_certainty_has_finite_odds():
    for share in (0.0, 1.0):
        (doubt,) = borne_doubts(read(SAID), source("Quillnet", TEXT), lambda *_, share=share: {"supports": share})
        assert math.isfinite(doubt.strength)


def test_it_adds_to_doubts_and_takes_little_from_them():
    without = check(SAID, [PAPER])
    assert without.verdict != "unsupported"
    assert check(SAID, [PAPER], bears=lambda *_: {"supports": 0.0}).verdict == "unsupported"
    sure = check(SAID, [PAPER], bears=lambda *_: {"supports": 1.0})
    assert replace(sure, probability=without.probability) == without
    assert sure.probability > without.probability


def test_a_fault_that_can_be_named_is_not_read_away_and_nothing_is_asked():
    asked = []

    def bears(*given):
        asked.append(given)
        return {"supports": 1.0}

    found = doubts(read("Quillnet keeps 31 of 40 envelopes."), source("Quillnet", TEXT), bears=bears)
    assert "figure" in {doubt.kind for doubt in found}
    assert not asked


def test_the_network_on_statements_hears_a_clause_that_is_invented():
    told = "The abstract reports training cost."
    evidence = "OwlNet finds birds at night by their calls. It was tried on two forests in the north."
    faithful = "OwlNet finds birds at night by how they call."
    invented = "OwlNet finds birds at night by their calls and was made by hunters for their dogs."
    assert (
        checked(faithful, evidence, title="OwlNet").probability
        > checked(invented, evidence, title="OwlNet").probability
    )
    assert checked(told, evidence, title="OwlNet").verdict == "unsupported"


def test_the_sentences_that_are_read_do_not_hang_on_the_order_of_a_set():
    # Of this abstract two sentences have as much of the statement but for rounding, which the order of a sum decides.
    program = (
        "import json; from eval.grounding.agreement import cases;"
        "from rag.grounding.checks.borne import nearest; from rag.grounding.checks.sentence import read, source;"
        "[case] = [one for one in cases() if one.id == 'dev-025'];"
        "papers = map(json.loads, open('storage/library/papers.jsonl', encoding='utf-8'));"
        "[text] = [one['abstract'] for one in papers if one['id'] == case.cited[0]];"
        "print(nearest(read(case.sentence), source('μ-Bench', text)))"
    )
    told = set()
    for seed in ("0", "9"):
        asked = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", program], env=asked, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        told.add(done.stdout)
    assert len(told) == 1
