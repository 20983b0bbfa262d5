"""BibTeX of papers."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.formats.bibtex import DIGEST_NOTE, INFERRED_NOTE, bibtex, tex
from rag.model import Paper

OWL = Paper(
    "owlnet",
    "OwlNet: Birds & Bees",
    "Owls see.",
    url="https://o.example/a_b?c=1&d=50%25#e",
    published=date(2024, 3, 12),
    authors=("Łucja Sowa", "Búho, José"),
)


def test_an_entry_has_all_that_is_known():
    assert bibtex([OWL]) == (
        "@misc{owlnet,\n"
        "  title  = {{OwlNet: Birds \\& Bees}},\n"
        "  author = {Łucja Sowa and Búho, José},\n"
        "  year   = {2024},\n"
        "  month  = mar,\n"
        "  url    = {https://o.example/a_b?c=1&d=50%25#e},\n"
        "}\n"
    )


def test_what_is_not_known_is_left_out():
    assert bibtex([Paper("x", "A Title")]) == "@misc{x,\n  title = {{A Title}},\n}\n"


def test_a_digest_and_an_inferred_year_are_noted():
    paper = Paper("x", "T", abstract_kind="digest", published=date(2025, 6, 1), published_inferred=True)
    assert f"  note  = {{{DIGEST_NOTE}; {INFERRED_NOTE}}},\n" in bibtex([paper])
    assert "month" not in bibtex([paper])
    assert "note" not in bibtex([OWL])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100% of A_B & C #1 $5", r"100\% of A\_B \& C \#1 \$5"),
        ("γ-Moss Ω Α", r"$\gamma$-Moss $\Omega$ A"),
        (r"{\mu}-Lens M^{2}Cells", r"$\mu$-Lens M$^{2}$Cells"),
        (r"sim75\% at 2.29times", r"\textasciitilde{}75\% at 2.29$\times$"),
        ("“quoted” – or — not ‘so’", "``quoted'' -- or --- not `so'"),
        ("a < b > c | d", r"a \textless{} b \textgreater{} c \textbar{} d"),
        ("Búho, Łucja, 李", "Búho, Łucja, 李"),
    ],
)
def test_special_characters_are_written_so_that_latex_prints_them(text, written):
    assert tex(text) == written


@given(st.text())
def test_braces_are_balanced_and_no_special_character_is_bare(text):
    written = tex(text)
    bare = re.sub(r"\$(?:\\[a-zA-Z]+|[\^_]\{\d\}|-)\$|\\(?:text\w+|ldots)\{\}|\\[&%$#_{}]", "", written)
    assert not re.search(r"[&%$#_{}^~\\]", bare)


@given(st.lists(st.text(max_size=4), min_size=2, max_size=8, unique=True))
def test_keys_are_unique_whatever_the_case_and_have_only_what_bibtex_takes(ids):
    keys = re.findall(r"^@misc\{(.*),$", bibtex(Paper(paper_id, "T") for paper_id in ids), re.MULTILINE)
    assert len(keys) == len({key.lower() for key in keys}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9:./+_-]+", key) for key in keys)


def test_the_key_of_a_paper_is_the_same_alone_and_among_others():
    other = Paper("other", "T")
    assert bibtex([OWL]) in bibtex([other, OWL])


def test_an_institute_with_an_and_in_its_name_is_one_author():
    paper = Paper("x", "T", authors=("Institute for Seas and Shores", "A. Owl", "One, Two, Three"))
    assert "author = {{Institute for Seas and Shores} and A. Owl and {One, Two, Three}}" in bibtex([paper])


def test_an_address_cannot_end_its_field():
    assert "url   = {https://o.example/%7D,%5Ca%20%C3%BC}" in bibtex([Paper("x", "T", url="https://o.example/},\\a ü")])


def test_identifiers_stand_where_bibtex_and_biblatex_look_for_them():
    written = bibtex([Paper("owl", "OwlNet", doi="10.1000/owl_(1)", arxiv_id="cs/0112017")])
    fields = dict(re.findall(r"^  (\w+) += \{(.*)\},$", written, re.MULTILINE))
    assert (fields["doi"], fields["eprint"]) == ("10.1000/owl_(1)", "cs/0112017")
    assert (fields["archiveprefix"], fields["eprinttype"]) == ("arXiv", "arxiv")
    assert "eprint" not in bibtex([Paper("elk", "ElkNose")])
