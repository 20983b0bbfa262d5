"""The exact record inside an entry: it comes back whatever its characters, and yields to an edited entry."""

import json
import re
import textwrap

from hypothesis import given
from hypothesis import strategies as st

from rag.formats.contract import paper_line
from rag.formats.exact import packed, with_exact
from rag.model import Paper

PAPER = Paper("owl", "Owls at {Night}", "100% of \\owls\nsee.", "digest", source="forest", extra={"=": '"}'})
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def record_of(paper):
    """What a JSON line says of the paper, without what it says is not there."""
    return {
        name: value for name, value in json.loads(paper_line(paper)).items() if value not in (None, False, "", [], {})
    }


@given(TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2))
def test_any_record_comes_back_as_it_was(title, abstract, extra):
    paper = Paper("x", title, abstract, extra=extra)
    assert with_exact({}, packed(paper, [title]), [title]) == record_of(paper)


@given(TEXTS)
def test_the_line_has_nothing_that_a_format_could_take_for_its_own(text):
    assert re.fullmatch(r"[A-Za-z0-9,.:;()/?!'*+= -]+", packed(Paper("x", text), []))
    assert "  " not in packed(Paper("x", text), [])


def test_a_line_that_another_program_has_wrapped_is_read():
    wrapped = textwrap.fill(packed(PAPER, ["t"]), 40, break_long_words=False, break_on_hyphens=False)
    assert "\n" in wrapped
    assert with_exact({}, wrapped.replace("\n", "\n      "), ["t"]) == record_of(PAPER)


def test_braces_and_blanks_around_what_is_shown_make_no_difference():
    assert with_exact({}, packed(PAPER, ["{{Owls at Night}}"]), ["Owls at\n   Night"])["title"] == "Owls at {Night}"


def test_what_somebody_has_edited_wins_and_what_has_no_place_stays():
    read = {"title": "Owls by Day", "abstract": "", "id": "key", "authors": ["Ann Owl"]}
    record = with_exact(read, packed(PAPER, ["Owls at Night"]), ["Owls by Day"])
    assert record == {
        "id": "owl", "abstract_kind": "digest", "source": "forest",
        "extra": {"=": '"}'}, "title": "Owls by Day", "authors": ["Ann Owl"],
    }  # fmt: skip


def test_a_line_that_is_broken_counts_as_none():
    line = packed(PAPER, ["t"])
    for broken in (
        "",
        "no",
        line[: len(line) // 2],
        line.replace("=7B", "=7D"),
        line + "é",
        "0 [1]",
        "0 " + "[" * 9999,
    ):
        assert with_exact({"title": "t"}, broken, ["t"]) == {"title": "t"}
