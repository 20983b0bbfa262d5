"""The catalogue on disk: what is looked up in it is what a walk over all papers finds."""

import os
import random
import stat
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.retrieval.index.seal
from rag.errors import LibraryError
from rag.model import Paper
from rag.retrieval.index.lexical_index import examine_index
from rag.retrieval.index.making import build_index, save_index
from rag.retrieval.index.paper_index import FILE
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.people import people_in
from rag.text.names import author_parts
from rag.text.titles import title_key
from tests.measure.index import measured
from tests.measure.scale import made

PAPERS = (
    Paper("owl", "OwlNet: Seeing Well at Night", "We present OwlNet.", authors=("Ann Owl", "Bo Fox"), source="A",
          published=date(2024, 2, 29)),
    Paper("fox", "The Hearing of Foxes in Deep Snow", "Foxes hear.", authors=("Bo Fox Jr.",), author_count=7),
    Paper("elk", "", "Elks swim.", abstract_kind="digest", published=date(1969, 12, 31), source="B"),
    Paper("owl-2", "OWLNET: seeing well at night", "Another.", authors=("Ångström, Ö.",), extra={"journal": "Birds"}),
    Paper("many", "Many", "Of many.", author_count=10**30, published=date(1, 1, 1)),
)  # fmt: skip


@pytest.fixture(scope="module")
def index():
    return build_index("any", PAPERS)


def test_papers_come_back_without_their_abstracts(index):
    whole = [Paper(**(vars(paper) | {"abstract": ""})) for paper in PAPERS]
    assert list(index.papers) == whole
    assert [index.papers[n] for n in (0, -1)] == [whole[0], whole[-1]]
    assert index.papers[1:3] == whole[1:3]
    assert index.ids.of([3, 0, 3]) == ["owl-2", "owl", "owl-2"]
    assert [index.position[paper.id] for paper in PAPERS] == [0, 1, 2, 3, 4]
    assert list(index.position) == [paper.id for paper in PAPERS]
    assert (index.position.get("nobody"), "nobody" in index.position) == (None, False)
    with pytest.raises(IndexError, match="paper 5 of 5"):
        index.papers[5]


def test_papers_beyond_those_in_memory_are_read_in_their_order(monkeypatch):
    monkeypatch.setattr("rag.retrieval.index.paper_index._KEPT", 3)
    monkeypatch.setattr("rag.retrieval.index.paper_index._AT_ONCE", 2)
    index = build_index("any", PAPERS)
    assert [paper.id for paper in index.papers] == [paper.id for paper in PAPERS]
    assert index.ids.of(range(5)) == [paper.id for paper in PAPERS]


def test_titles_are_found_by_their_keys_whole_and_in_a_question(index):
    assert index.titled(title_key("Owlnet, seeing well at night!")) == [0, 3]
    assert index.titled(title_key("many")) == [4]
    # A part of a title is none.
    assert index.titled(title_key("Seeing Well at Night")) == []
    [mention] = find_names("Who wrote the hearing of foxes in deep snow?", index).owned
    assert (mention.written, mention.named.own) == ("the hearing of foxes in deep snow", (1,))
    found = index.titles_in(title_key("on OwlNet: seeing well at night, again"))
    assert [(one.paper, one.whole, one.written) for one in found] == [
        (0, True, "OwlNet: Seeing Well at Night"), (0, False, " Seeing Well at Night"),
        (3, True, "OWLNET: seeing well at night"), (3, False, " seeing well at night"),
    ]  # fmt: skip


def test_no_question_reads_all_of_a_table(index):
    """SQLite says of each statement how it goes about it: by an index, or by reading one row after the other."""
    database = index._catalogue._database
    assert index.owned_keys  # read once, and kept
    asked = []
    database.set_trace_callback(asked.append)
    text = "What does the hearing of foxes in deep snow by Bo Fox say of OwlNte and Elks, not OwlNet?"
    find_names(text, index)
    people_in(text, index)
    index.titled(title_key(text))
    index.by_authors(index.authors(["fox"]))
    Conditions(paper_ids=("owl", "elk")).met_in(index.columns, index.position)
    index.ids.of(index.position.of(["owl", "nobody"]).values())
    database.set_trace_callback(None)
    ways = {one: [row[-1] for row in database.execute(f"EXPLAIN QUERY PLAN {one}")] for one in set(asked)}
    assert len({one[:40] for one in ways}) >= 7
    assert {one: way for one, way in ways.items() if any("SCAN" in step for step in way)} == {}


def test_authors_are_found_by_their_surnames(index):
    assert set(index.authors(["fox", "owl", "nobody"])) == {"Ann Owl", "Bo Fox", "Bo Fox Jr."}
    assert author_parts("Bo Fox Jr.") == ["bo", "fox"]
    assert index.by_authors(["Bo Fox", "Bo Fox Jr."]) == [0, 1]


def test_what_is_no_text_is_not_there(index):
    assert index.titled("\udcff" * 20) == []
    assert [one.paper for one in index.titles_in("thehearingoffoxesindeepsnow\udcff" + "x" * 12)] == [1]
    assert "\udcff" not in index.names
    assert index.position.get("\udcff") is None


def _some(values):
    return st.none() | st.sampled_from(values)


@given(
    st.builds(
        Conditions,
        year=_some([1, 1969, 2024, 10**20]),
        month=_some([1, 2, 12, 13]),
        since=_some([date(1969, 12, 31), date(1970, 1, 1)]),
        until=_some([date(1969, 12, 31), date(2024, 2, 28)]),
        min_authors=_some([0, 1, 2, 10**25]),
        max_authors=_some([0, 1, 7, 10**40]),
        source=_some(["A", "B", "C"]),
        abstract_kind=_some(["original", "digest", "other"]),
        paper_ids=st.sampled_from([(), ("owl", "x"), ("x",)]),
    )
)
def test_conditions_on_the_columns_are_those_on_the_papers(index, where):
    assert where.met_in(index.columns, index.position).tolist() == [where.met_by(paper) for paper in index.papers]


@given(st.integers(0, 10**6))
def test_a_name_that_is_near_is_never_overlooked(index, seed):
    dice = random.Random(seed)
    letters = list("owlnet")
    at = dice.randrange(len(letters))
    kind = dice.choice(["more", "less", "turned", "none"])
    if kind == "more":
        letters.insert(at, dice.choice("owlnet"))
    elif kind == "less":
        del letters[at]
    elif kind == "turned":
        letters[at], letters[at - 1] = letters[at - 1], letters[at]
    assert index.near_names("".join(letters))
    assert not index.near_names("qqqqqq")


def test_an_index_has_the_rights_that_the_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        save_index(tmp_path / "index", "first", iter(PAPERS))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o750


def test_a_large_index_is_mapped_and_read_whole_only_where_it_was_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(rag.retrieval.index.seal, "SMALL", 100)
    folder = tmp_path / "index"
    save_index(folder, "first", iter(PAPERS))
    index, fault = examine_index(folder, "first")
    assert (fault, [paper.id for paper in index.papers]) == ("", [paper.id for paper in PAPERS])
    assert index.scores("snow").argmax() == 1
    file = folder / FILE
    state, content = file.stat(), file.read_bytes()
    # One byte of the text of a paper: neither size nor time are others.
    file.write_bytes(content.replace(b"Deep Snow", b"Deep Slow"))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert examine_index(folder, "first")[1] == ""
    damaged = "damaged (its files are not as they were written)"
    assert examine_index(folder, "first", thorough=True) == (None, damaged)
    os.utime(file)
    assert examine_index(folder, "first") == (None, damaged)
    file.write_bytes(content)  # touched, and as it was
    assert examine_index(folder, "first")[1] == ""
    file.write_bytes(content[:-1])
    assert examine_index(folder, "first") == (None, damaged)
    (folder / "more").touch()
    file.write_bytes(content)
    assert examine_index(folder, "first") == (None, damaged)


def test_damage_that_shows_only_when_it_is_read_is_an_error_that_names_what_mends_it(tmp_path, monkeypatch):
    monkeypatch.setattr(rag.retrieval.index.seal, "SMALL", 100)
    folder = tmp_path / "index"
    save_index(folder, "first", iter(PAPERS))
    file = folder / FILE
    state, content = file.stat(), file.read_bytes()
    file.write_bytes(content.replace(b'{"id": "fox"', b'["id": "fox"'))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    index, _ = examine_index(folder, "first")
    assert index.papers[0].id == "owl"
    with pytest.raises(LibraryError, match=r"the lexical index is damaged .* `footnote doctor` makes it again"):
        index.papers[1]


def test_what_measures_the_index_by_its_size_makes_and_asks_one(tmp_path):
    file = made(tmp_path / "papers.jsonl", 60)
    making = measured("make", file, tmp_path / "index")
    again = measured("renew", file, tmp_path / "index")
    asking = measured("ask", file, tmp_path / "index")
    assert making["s"] > 0
    assert again["s"] > 0
    assert 0 < asking["asked"] < 1
