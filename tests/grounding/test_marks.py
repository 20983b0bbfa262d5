# ruff: noqa: E501 (rows of a table)
"""Marks in every shape that models give them, lists of references, thoughts: what a reader sees is the sentence."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.generation.named_marks import named_in
from rag.answers.generation.prompts import evidence_text
from rag.answers.generation.statements import sentence_of
from rag.grounding.marks import canonical, raised_names, speaks_to_reader, spoken, thoughts_closed, without_thoughts
from rag.grounding.splitting import Splitter
from rag.model import Paper

SHAPES = {
    (1,): ["[1]", "(1)", "[^1]", "[Source 1]", "[source: 1]", "[S1]", r"\[1\]", "【1†source】", "【1】", "[[1]]", "<sup>1</sup>",
           "<sup>[1]</sup>", "¹", "［1］", "[1](#ref1)", "[[1]](https://x.example/a)", "([1])", "(see [1])", "(Source 1)",
           "[cite: 1]", "[citation:1]", "$^{1}$", "^[1]", "**[1]**", "[Ref. 1]", "<cite>1</cite>", "[#1]",
           "【1:0†source】", "[^1^]", "[@1]", "[src 1]", "(Source: [1])", "〔1〕", "((1))", "{1}", "<1>", "[index 1]", "[1:]", '["1"]', "⁽¹⁾", "①",
           "\ue200cite\ue202turn0search1\ue201", '<grok:render type="cite">1</grok:render>', r"\cite{1}", r"\citep[see][]{1}", "[1, p. 3]"],
    (1, 2): ["[1, 2]", "[1][2]", "[1] [2]", "[1; 2]", "[1 and 2]", "[S1, S2]", "(Source 1, Source 2)", "(1, 2)",
             "[Source 1, Source 2]", "¹,²", "[1], [2]"],
    (1, 2, 3): ["[1-3]", "[1–3]", "[S1-S3]", "[1 to 3]"],
    (12,): ["¹²", "[12]", "【12†L3-L5】"],
}  # fmt: skip
ALL = [(mark, numbers) for numbers, marks in SHAPES.items() for mark in marks]


def read(text, size=7):
    splitter, found = Splitter(), []
    for at in range(0, len(text), size):
        found += splitter.feed(text[at : at + size])
    return [sentence_of(raw, text) for raw in (*found, *splitter.end())]


@pytest.mark.parametrize(("mark", "numbers"), ALL)
@pytest.mark.parametrize("form", ["It counts images {}.", "It counts images.{}", "It counts images. {}"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_mark_is_read_in_whatever_shape_before_and_behind_the_stop(mark, numbers, form, size):
    first, second = read(f"{form.format(mark)} Then it rests for days [7].", size)
    assert (first.text.replace(" ,", ","), first.numbers) == ("It counts images.", numbers)
    assert (second.text, second.numbers) == ("Then it rests for days.", (7,))


@pytest.mark.parametrize(
    "text",
    ["It has (1) a detector and (2) a cache.", "It covers 10 m² of pond.", "The R² is 0.3.", "There are 10<sup>3</sup> of them.",
     "It came out in spring (2021).", "Recall (92) is high.", "It needs 10⁶ images.", "It reads a[i] and b[2021].",
     "It takes {2} or <3> of them.", "Its set (Ponds) has x_{2}."],
)  # fmt: skip
def test_what_only_looks_like_a_mark_is_left(text):
    assert canonical(text, whole=True) == text


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_raised_figure_of_a_name_in_the_evidence_is_no_mark(size):
    names = raised_names("GlobalPond² counts. Align²Pond does not. It covers 10 m².")
    text = "GlobalPond² counts herons². Align²Pond counts newts ¹. "
    splitter, found = Splitter(names), []
    for at in range(0, len(text), size):
        found += splitter.feed(text[at : at + size])
    assert [*found, *splitter.end()] == ["GlobalPond² counts herons[2].", "Align²Pond counts newts [1]."]


PAPERS = (
    Paper("a", "PondCam: Counting Herons", "It counts herons. It is fast.", authors=("Ann Owl", "Bo Fox"), published=date(2021, 3, 5)),
    Paper("b", "ReedNet: Mapping Reeds", "It maps reeds.", authors=("Ann Owl", "Cy Elk", "Di van der Moor"), published=date(2021, 5, 1)),
    Paper("c", "HeronBench", "It has 12 tasks.", authors=("Ed Owl",), published=date(2022, 1, 1)),
    Paper("d", "HeronBench", "It has 12 birds.", authors=("Cy Elk",), published=date(2020, 1, 1)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "numbers"),
    [("[PondCam: Counting Herons]", (1, 2)), ("(PondCam: Counting Herons, 2021)", (1, 2)), ("(Owl & Fox, 2021)", (1, 2)),
     ("(Owl, A., & Fox, B., 2021)", (1, 2)), ("(see Owl and Fox 2021; Elk, 2020)", (1, 2, 5)), ("[Paper: “ReedNet: Mapping Reeds”]", (3,)),
     ("(Owl, 2022)", (4,)), ("[HeronBench, 2020]", (5,)),
     # Two papers each, none of the year: no mark names a paper that is not plain, and none is left standing.
     ("(Owl et al., 2021)", ()), ("[HeronBench]", ()), ("[PondCam: Counting Herons, 2019]", ())],
)  # fmt: skip
@pytest.mark.parametrize("form", ["It counts images {}.", "It counts images. {}"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_title_or_people_and_a_year_in_brackets_cite_the_one_paper_that_they_name(mark, numbers, form, size):
    named = named_in(evidence_text(PAPERS, budget_tokens=10**6, count=len))
    text = f"{form.format(mark)} Then it rests for days [7]."
    splitter, found = Splitter((), named), []
    for at in range(0, len(text), size):
        found += splitter.feed(text[at : at + size])
    first, second = (sentence_of(raw, text) for raw in (*found, *splitter.end()))
    assert (first.text, first.numbers) == ("It counts images.", numbers)
    assert (second.text, second.numbers) == ("Then it rests for days.", (7,))


@pytest.mark.parametrize(
    "text",
    ["Best is the last (HeronBench).", "It rose in May (Wolf, 2021).", "PondCam (PondCam: Counting Herons) sees all."],
)
def test_words_in_brackets_that_may_be_said_are_no_mark(text):
    named = named_in(evidence_text(PAPERS, budget_tokens=10**6, count=len))
    assert canonical(text, whole=True, named=named) == text


@pytest.mark.parametrize(
    "text",
    ["Answer: {}", "**Final answer:** {}", '{{"answer": "{}"}}', '"{}"', "Based on the provided evidence, {}", "## Answer\n\n{}", "[cite_start]{}", "{}[source]"],
)  # fmt: skip
def test_what_models_put_around_an_answer_is_left_out(text):
    found = [one for one in read(text.format("PondCam counts herons [1].")) if one.text]
    assert [(one.text, one.numbers) for one in found] == [("PondCam counts herons.", (1,))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("I hope this helps!", True), ("Let me know if you have more questions.", True), ("Here is the answer:", True),
     ("You can use PondCam.", False), ("Type errors are fewer.", False), ("It needs your 3 ponds.", False)],
)  # fmt: skip
def test_a_kind_word_to_the_reader_says_nothing(text, expected):
    assert speaks_to_reader(text) is expected


@pytest.mark.parametrize(
    "end",
    ["References:\n[1] PondCam: Counting Herons (2021)", "**Sources**\n- [1] PondCam", "## References\n1. PondCam.",
     "Sources: [1] PondCam (2021).", "---\n[1]: PondCam: Counting Herons\n[2]: ReedNet", "[^1]: PondCam: Counting Herons."],
)  # fmt: skip
def test_a_list_of_references_behind_the_answer_is_left_out(end):
    assert [one.text for one in read(f"PondCam counts herons [1].\n\n{end}")] == ["PondCam counts herons."]


@pytest.mark.parametrize(
    "thought",
    ["<think>Hm [1].</think>", "<thinking>\nHm.\n</thinking>\n", "Hm, herons [1].\n</think>\n\n", "◁think▷Hm◁/think▷", "[THINK]Hm[/THINK]",
     "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>", "<seed:think>Hm</seed:think>"],
)  # fmt: skip
def test_thoughts_are_cut_out(thought):
    assert without_thoughts(f"{thought}PondCam [1].") == "PondCam [1]."
    assert spoken(f"{thought}PondCam counts.") == "PondCam counts."
    assert thoughts_closed(f"{thought}PondCam.") == thought.startswith("Hm")


@given(st.text(alphabet="ab .[]1,2\n-()S¹²^<>sup/\\【】†*:", max_size=60), st.lists(st.integers(1, 7), max_size=30))
def test_however_a_text_is_cut_its_numbers_and_words_are_the_same(text, sizes):
    def words(found):
        return re.sub(r"\s+", " ", " ".join(found))

    whole, parts, found, at = Splitter(), Splitter(), [], 0
    expected = [*whole.feed(text), *whole.end()]
    for size in [*sizes, len(text)]:
        found += parts.feed(text[at : at + size])
        at += size
    assert words([*found, *parts.end()]) == words(expected)
