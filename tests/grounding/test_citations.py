"""Numbers, marks and quotes: every citation points into its paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.citations import Draft, Part, Quote, marks, number, without_marks
from rag.model import Paper
from rag.text import sentences, shown

OWL = Paper("owl", "OwlNet", "OwlNet sees. It keeps 12 tokens, and drops 3.5\\% of them.", author_count=3)
KELP = Paper("kelp", "KelpCast", "KelpCast forecasts kelp.")


def drafted(paper, start, end, *, lead=""):
    return Draft((Part(f"{lead}{shown(paper.abstract[start:end])}", (Quote(paper, start, end),)),))


def test_citations_are_numbered_in_the_order_of_their_first_mark():
    drafts = [drafted(KELP, 0, 24), drafted(OWL, 0, 12), drafted(KELP, 0, 24)]
    text, statements, citations = number(drafts)
    assert text == "KelpCast forecasts kelp [1]. OwlNet sees [2]. KelpCast forecasts kelp [1]."
    assert [statement.citations for statement in statements] == [(1,), (2,), (1,)]
    assert [(c.number, c.paper.id, c.quote) for c in citations] == [
        (1, "kelp", "KelpCast forecasts kelp."),
        (2, "owl", "OwlNet sees."),
    ]


def test_a_statement_is_the_sentence_without_its_marks():
    _, [statement], _ = number([drafted(OWL, 13, len(OWL.abstract), lead="OwlNet: ")])
    assert statement.text == "OwlNet: It keeps 12 tokens, and drops 3.5% of them."


def test_the_quote_is_exact_though_the_sentence_is_shown_in_its_normal_form():
    _, _, [citation] = number([drafted(OWL, 13, len(OWL.abstract))])
    assert (
        citation.quote == OWL.abstract[citation.start : citation.end] == "It keeps 12 tokens, and drops 3.5\\% of them."
    )


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("OwlNet sees.", "OwlNet sees [1]."),
        ("OwlNet sees", "OwlNet sees [1]"),
        ("Does it see?", "Does it see [1]?"),
        ("It keeps 3.5.", "It keeps 3.5 [1]."),
        ("He said “it sees.”", "He said “it sees [1].”"),
    ],
)
def test_marks_stand_before_the_stop(sentence, marked):
    assert number([Draft((Part(sentence, (Quote(OWL, 0, 12),)),))])[0] == marked


def test_a_title_keeps_its_own_mark():
    quote = Quote(OWL, field="title", value=OWL.title)
    assert number([Draft((Part("- Do We Need Owls?", (quote,)),))])[0] == "- Do We Need Owls? [1]"
    assert (
        number([Draft((Part("- Do We Need Owls?", (Quote(OWL, 0, 12),)),), item=True)])[0] == "- Do We Need Owls? [1]"
    )


def test_each_part_has_its_marks_right_behind_it():
    parts = (Part("Two papers: Owl", (Quote(OWL, 0, 12),)), Part(" and Kelp", (Quote(KELP, 0, 24),)), Part("."))
    text, [statement], _ = number([Draft(parts)])
    assert text == "Two papers: Owl [1] and Kelp [2]."
    assert statement.text == "Two papers: Owl and Kelp."
    assert statement.citations == (1, 2)


def test_a_sentence_with_two_quotes_has_two_marks():
    assert number([Draft((Part("Both.", (Quote(OWL, 0, 12), Quote(KELP, 0, 24))),))])[0] == "Both [1][2]."


def test_a_field_is_quoted_by_its_value_and_has_no_offsets():
    _, _, [citation] = number([Draft((Part("Three.", (Quote(OWL, field="author_count", value="3"),)),))])
    assert (citation.field, citation.quote, citation.start, citation.end) == ("author_count", "3", None, None)


def test_items_stand_on_lines_of_their_own_and_struck_ones_are_struck_out():
    drafts = [
        Draft((Part("- one"),), item=True),
        Draft((Part("- two"),), item=True),
        Draft((Part("No."),), struck=True),
    ]
    assert number(drafts)[0] == "- one\n- two ~~No.~~"


def test_nothing_gives_nothing():
    assert number([]) == ("", (), ())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("a [1]. b [2][3].", (1, 2, 3)), ("a [2, 1], b [2]", (2, 1)), ("no marks [a] [] (1)", ()), ("[12]", (12,))],
)
def test_marks_are_read_back_from_a_text(text, numbers):
    assert marks(text) == numbers


def test_a_text_without_its_marks_reads_as_if_there_had_been_none():
    assert without_marks("Owls see [1][2]. Kelp grows [3, 4].") == "Owls see. Kelp grows."


ABSTRACTS = st.lists(
    st.sampled_from(["Owls see.", "It keeps 3.5\\%.", "γ-Moss {\\mu}!", "Is it?", "“Yes.”", "See [1].", "鸟在唱。"]),
    min_size=1,
    max_size=6,
).map(" ".join)


@given(st.data())
def test_every_citation_points_into_its_paper_and_every_mark_to_a_citation(data):
    papers = [
        Paper(f"p{n}", "T", text) for n, text in enumerate(data.draw(st.lists(ABSTRACTS, min_size=1, max_size=3)))
    ]
    spans = [(paper, span) for paper in papers for span in sentences(paper.abstract)]
    chosen = data.draw(st.lists(st.sampled_from(spans), min_size=1, max_size=8))
    text, statements, citations = number([drafted(paper, *span) for paper, span in chosen])
    assert len(statements) == len(chosen)
    assert [c.number for c in citations] == list(range(1, len(set(map(str, chosen))) + 1))
    for citation in citations:
        assert citation.paper.abstract[citation.start : citation.end] == citation.quote != ""
    for statement, (paper, (start, end)) in zip(statements, chosen, strict=True):
        [cited] = [citations[n - 1] for n in statement.citations]
        assert (cited.paper, cited.start, cited.end) == (paper, start, end)
    assert {n for statement in statements for n in statement.citations} <= set(marks(text))
