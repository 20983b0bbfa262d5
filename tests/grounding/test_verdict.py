"""The verdict on a statement: one test for each kind of fault, and for what must not be taken for one."""

from __future__ import annotations

import re
import timeit

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.grounding.verdict import check, check_fields
from rag.model import Paper
from rag.text import sentences, shown

ABSTRACT = (
    "Reading long scanned letters is hard for vision models because most of their tokens show empty paper. "
    "We propose Quillnet, a training-free method that drops empty tokens and keeps the ink. "
    "Quillnet adds a lightweight router called InkGate, which scores each patch without human annotation. "
    "On LetterBench, Quillnet outperforms Papyr by 4.2% and reduces memory by 61%, while on NoteQA it gains 2.7%. "
    "It runs up to 3.1x faster than Papyr on eight GPUs and needs fewer tokens in deeper layers. "
    "In some cases Quillnet is comparable to Scribe-13B. "
    "Its accuracy reaches 88.5% for the small model and 91.3% for the large model, respectively. "
    "The data set holds 1.2M letters from fourteen archives."
)
PAPER = Paper("quillnet", "Quillnet: Reading Old Letters Without Training", ABSTRACT)
OTHER = Paper(
    "tideform",
    "Tideform: Forecasting Currents",
    "Tideform forecasts ocean currents from buoy records with graph networks. It is trained on 40 years of data.",
)


def verdict(sentence: str, paper: Paper = PAPER) -> str:
    return check(sentence, [paper]).verdict


@pytest.mark.parametrize(
    "sentence",
    [
        "Quillnet beats Papyr by 4.2 percent on LetterBench.",
        "Quillnet needs no training.",
        "The router of Quillnet, InkGate, gives every patch a score, and no human annotation is needed.",
        "Quillnet is at most 3.1 times as fast as Papyr.",
        "Quillnet was tested on 1.2 million letters from 14 archives.",
        "Quillnet cuts memory by 0.61 on LetterBench.",
        "On NoteQA, Quillnet gains 2.7%.",
        "Memory shrinks by about three fifths with Quillnet.",
        "Quillnet was tested on more than a million letters.",
        "Quillnet leaves Papyr behind by almost 4.5% on LetterBench.",
        "On LetterBench, Papyr is worse than Quillnet by 4.2%.",
        "Quillnet runs on 8 GPUs.",
    ],
)
def test_faithful_sentence_is_not_unsupported(sentence):
    assert check(sentence, [PAPER]).verdict != "unsupported", check(sentence, [PAPER]).reasons


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("On LetterBench, Quillnet outperforms Papyr by 4.7%.", "figure 4.7% is not"),
        ("The data set holds 1.2M letters from forty archives.", "figure forty is not"),
        ("On NoteQA, Quillnet gains 4.2%.", "4.2%"),
        ("On LetterBench, Quillnet outperforms Vellum by 4.2%.", "Vellum is not"),
        ("On PageBench, Quillnet outperforms Papyr by 4.2%.", "PageBench is not"),
        ("On LetterBench, Quillnet underperforms Papyr by 4.2%.", "underperforms where"),
        ("On LetterBench, Papyr outperforms Quillnet by 4.2%.", "outperforms"),
        ("Quillnet needs more tokens in deeper layers.", "opposite|more where"),
        ("Quillnet needs fewer tokens in shallower layers.", "shallower where"),
        ("InkGate scores each patch with the help of required human annotation.", "denies"),
        ("Quillnet requires training before it drops empty tokens.", "denies"),
        ("Quillnet always drops empty tokens and keeps the ink.", "says always"),
        ("On LetterBench, Quillnet outperforms Papyr on every letter.", "says every"),
        ("Quillnet runs 3.1x faster than Papyr on eight GPUs.", "up to 3.1x"),
        ("Quillnet is better than Scribe-13B.", "comparable"),
        ("On LetterBench, Quillnet reduces memory by a half.", "half is not"),
        ("Quillnet was tested on under a million letters.", "million is not"),
        ("Its accuracy reaches 91.3% for the small model and 88.5% for the large model.", "changed places"),
    ],
)
def test_fault_is_unsupported_and_named(sentence, reason):
    found = check(sentence, [PAPER])
    assert found.verdict == "unsupported", found
    assert re.search(reason, " ".join(found.reasons)), found.reasons


def test_sentence_about_something_else_is_unsupported():
    found = check("Tides along the coast are predicted by a graph over drifting sensors.", [PAPER])
    assert found.verdict == "unsupported"


def test_citing_nothing_is_unsupported():
    assert check("Quillnet keeps the ink.", []) == check("Anything.", [])
    assert check("Quillnet keeps the ink.", []).reasons == ("it cites nothing",)


def test_sentences_of_the_abstract_are_supported_with_their_own_place():
    for start, end in sentences(ABSTRACT):
        found = check(ABSTRACT[start:end], [PAPER])
        assert (found.verdict, found.start, found.end, found.paper) == ("supported", start, end, PAPER)


def test_quote_after_a_name_or_the_title_is_supported():
    quote = "It runs up to 3.1x faster than Papyr on eight GPUs and needs fewer tokens in deeper layers."
    for before in ("Quillnet", f"“{PAPER.title}”"):
        assert check(f"{before}: {quote}", [PAPER]).verdict == "supported"
    assert verdict(PAPER.title) == "supported"


def test_half_a_sentence_behind_a_negation_is_no_quote():
    paper = Paper("x", "Xanthe", "Xanthe no longer requires training on large labelled collections.")
    assert check("requires training on large labelled collections", [paper]).verdict != "supported"


def test_quote_is_found_in_latex_as_shown():
    paper = Paper("x", "Xanthe", r"Xanthe saves sim75\% of the memory. It is 2.29times faster.")
    found = check("Xanthe saves ~75% of the memory.", [paper])
    assert (found.verdict, paper.abstract[found.start : found.end]) == (
        "supported",
        r"Xanthe saves sim75\% of the memory.",
    )


def test_run_is_the_sentence_that_carries_the_statement():
    found = check("Quillnet was evaluated on letters out of fourteen archives.", [PAPER])
    assert ABSTRACT[found.start : found.end] == "The data set holds 1.2M letters from fourteen archives."


def test_statement_on_two_papers_may_draw_on_both():
    text = "Quillnet reduces memory by 61%, and Tideform is trained on 40 years of data."
    assert check(text, [PAPER]).verdict == "unsupported"
    assert check(text, [PAPER, OTHER]).verdict != "unsupported"


def test_embedder_is_asked_for_spans_of_words():
    asked = []

    def embed(texts, spans):
        asked.extend(zip(texts, spans, strict=True))
        # One axis for every first letter: equal words are near, all others far.
        axis = {letter: n for n, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}

        def vectors(words):
            found = np.zeros((len(words), 27), dtype=np.float32)
            for n, word in enumerate(words):
                found[n, axis.get(word[:1], 26)] = 1.0
            return found

        return [
            (np.full(27, 27**-0.5, dtype=np.float32), vectors([text[a:b] for a, b in own]))
            for text, own in zip(texts, spans, strict=True)
        ]

    check("Quillnet throws blank pieces of correspondence away.", [PAPER], embed=embed)
    assert asked
    for text, spans in asked:
        assert all(text[a:b].isalnum() for a, b in spans)


def test_metadata_has_to_be_said():
    assert check_fields("Quillnet came out on 18 March 2024.", [("published", "2024-03-18")]) == ("supported", ())
    assert check_fields("Quillnet has 27 authors.", [("author_count", "27")])[0] == "supported"
    assert check_fields("Quillnet has 27 authors.", [("author_count", "26")])[0] == "weak"
    assert check_fields("It is by Ada Moss.", [("authors", "Ada Moss")])[0] == "supported"
    both = [("authors", "Ada Moss, Bo Reed")]
    assert check_fields("The last author of Quillnet is Bo Reed.", both)[0] == "supported"
    assert check_fields("The last author of Quillnet is Ada Moss.", both)[0] == "weak"
    assert check_fields("One of 3 papers is Quillnet.", [("title", "Quillnet: Reading Letters")])[0] == "supported"
    assert check_fields("One of 3 papers is Papyr.", [("title", "Quillnet: Reading Letters")])[0] == "weak"


def test_exact_quote_takes_less_than_a_millisecond():
    text = shown(ABSTRACT[slice(*sentences(ABSTRACT)[3])])
    check(text, [PAPER])
    # The best of many: what else the machine does only makes it slower.
    assert min(timeit.repeat(lambda: check(text, [PAPER]), number=5, repeat=40)) / 5 < 0.001


WORDS = st.lists(st.sampled_from(re.findall(r"[A-Za-z]+", ABSTRACT)), min_size=3, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=5), st.data())
@settings(max_examples=60, deadline=None)
def test_any_sentence_of_any_abstract_is_supported(bodies, data):
    abstract = " ".join("The " + " ".join(words) + "." for words in bodies)
    start, end = data.draw(st.sampled_from(sentences(abstract)))
    found = check(abstract[start:end], [Paper("p", "Paper", abstract)])
    assert found.verdict == "supported"
    assert shown(abstract[start:end]) in shown(abstract[found.start : found.end])


@given(st.floats(0.1, 99.9).map(lambda value: round(value, 1)))
@settings(max_examples=60, deadline=None)
def test_changed_figure_is_never_supported(value):
    assume(value not in (4.2, 61.0, 2.7, 88.5, 91.3))
    assert verdict(f"On LetterBench, Quillnet outperforms Papyr by {value}% and saves memory.") == "unsupported"


@given(st.sampled_from([ABSTRACT[a:b] for a, b in sentences(ABSTRACT)] + ["Quillnet beats Papyr by 9%."]), st.data())
@settings(max_examples=40, deadline=None)
def test_white_space_changes_nothing(sentence, data):
    blanks = [data.draw(st.sampled_from([" ", "  ", "\n", "\t "])) for _ in sentence.split()]
    spaced = "".join(word + blank for word, blank in zip(sentence.split(), blanks, strict=True))
    assert verdict(spaced) == verdict(sentence)
