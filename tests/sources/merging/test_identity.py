"""Which records are one paper by DOI, arXiv id, title and text, and what newer records of one source replace."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.model import Paper
from rag.sources.merging.deduplication import Gathering
from rag.sources.merging.merge import joined, merge, records, renewed, same_paper, settled, surely_same, unnamed
from rag.text.titles import made_id

OWL = "OwlNet reads night images with 12 tokens and finds small birds in all of them, it says."
FOX = "FoxEar keeps 300 sounds in a table and finds each of them again, under snow, within milliseconds."


def paper(title="OwlNet", abstract=OWL, **fields) -> Paper:
    return Paper(**{"id": "", "title": title, "abstract": abstract, **fields})


def test_equal_arxiv_ids_are_one_paper_whatever_the_texts():
    assert same_paper(paper(arxiv_id="2401.00001"), paper("FoxEar", FOX, arxiv_id="2401.00001"))


def test_different_arxiv_ids_are_two_papers_whatever_the_texts():
    assert not same_paper(paper(arxiv_id="2401.00001"), paper(arxiv_id="2401.00002"))
    assert not same_paper(paper(arxiv_id="2401.00001", doi="10.1000/a"), paper(arxiv_id="2401.00002", doi="10.1000/a"))


def test_equal_dois_are_one_paper():
    assert same_paper(paper(doi="10.1000/a"), paper("FoxEar", FOX, doi="10.1000/a"))


def test_different_dois_are_one_paper_only_with_the_same_title_and_text():
    assert same_paper(paper(doi="10.1000/a"), paper(doi="10.1000/b"))
    assert not same_paper(paper(doi="10.1000/a"), paper(abstract=FOX, doi="10.1000/b"))
    # Without a DOI the missing abstract, or the digest, would make these one.
    assert not same_paper(paper(doi="10.1000/a"), paper(abstract="", doi="10.1000/b"))
    assert not same_paper(paper(doi="10.1000/a"), paper(abstract=FOX, abstract_kind="digest", doi="10.1000/b"))


def test_a_source_without_identifiers_is_joined_by_title_and_text():
    assert same_paper(paper(arxiv_id="2401.00001", doi="10.1000/a"), paper())
    assert not same_paper(paper(arxiv_id="2401.00001"), paper(abstract=FOX))


def test_ids_that_were_given_decide_before_identifiers():
    assert not same_paper(paper(id="1", doi="10.1000/a"), paper(id="2", doi="10.1000/a"))


def test_a_merged_paper_is_known_by_all_of_its_records():
    both = merge(paper(arxiv_id="2401.00001"), paper("OwlNet: The Journal Version", FOX, arxiv_id="2401.00001"))
    assert same_paper(both, paper("OwlNet: the journal version", FOX))
    assert same_paper(both, paper())


def test_a_title_alone_does_not_glue_two_papers_of_one_name():
    with_title = merge(paper(), paper(abstract=""))
    assert not same_paper(with_title, paper(abstract=FOX))
    assert not surely_same(paper(), paper(abstract=""))


def test_a_record_with_the_doi_of_one_and_the_arxiv_id_of_another_makes_them_one():
    gathering = Gathering()
    journal, preprint = paper("A", OWL, doi="10.1000/a"), paper("B", FOX, arxiv_id="2401.00001")
    bridge = paper("C", "", doi="10.1000/a", arxiv_id="2401.00001")
    assert [gathering.add(one) for one in (journal, paper("Elk", "Elks."), preprint, bridge)] == [
        "new", "new", "new", "copy"
    ]  # fmt: skip
    one, other = gathering.merged()
    assert set(records(one)) == {journal, preprint, bridge}
    assert other.title == "Elk"
    assert [gathering.into(place) for place in range(3)] == [0, 1, 0]


def test_a_bridge_between_papers_with_ids_of_their_own_joins_one_of_them_only():
    gathering = Gathering()
    for one in (paper("A", OWL, id="1", doi="10.1000/a"), paper("B", FOX, id="2", arxiv_id="2401.00001")):
        gathering.add(one)
    gathering.add(paper("C", "", doi="10.1000/a", arxiv_id="2401.00001"))
    assert sorted(one.id for one in gathering.merged()) == ["1", "2"]


# Three papers whose texts have no word in common; a record of one may have any of its titles, texts and identifiers,
# and shows at least one thing that is the paper's alone.
WORLD = [
    {
        "arxiv_id": f"2401.0000{n}", "doi": f"10.1000/{n}",
        "texts": [(f"Title {n} {v}", " ".join(f"w{n}x{v}x{k}" for k in range(12))) for v in range(2)],
    }
    for n in range(3)
]  # fmt: skip


@st.composite
def record_of_the_world(draw):
    one = draw(st.sampled_from(WORLD))
    title, abstract = draw(st.sampled_from(one["texts"]))
    kept = draw(st.sets(st.sampled_from(["arxiv_id", "doi"])))
    return paper(title, abstract, source=draw(st.sampled_from("ab")), **{name: one[name] for name in kept})


def gathered(found):
    gathering = Gathering()
    for one in found:
        gathering.add(one)
    return {replace(one, id="") for one in gathering.merged()}


@given(st.lists(record_of_the_world(), max_size=9), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(found, dice):
    assert gathered(found) == gathered(dice.sample(found, len(found)))


@given(st.lists(record_of_the_world(), min_size=1, max_size=6))
def test_merging_is_the_union_of_the_records(found):
    whole = found[0]
    for one in found[1:]:
        whole = merge(whole, one)
    assert set(records(whole)) == set(found)
    assert merge(whole, whole) == whole
    assert merge(whole, found[0]) == whole


# -- what a later ingest does to a paper of the library


def stored(one: Paper) -> Paper:
    return settled(replace(one, id=one.id or "owlnet"))


def test_a_newer_record_of_one_source_replaces_its_older_copy_and_others_stay():
    old = paper(source="arxiv", arxiv_id="2401.00001")
    journal = paper(doi="10.1000/a", arxiv_id="2401.00001", source="openalex")
    kept = stored(joined(stored(old), journal))
    new = replace(old, abstract=FOX, title="OwlNet, again")
    after = renewed(kept, new)
    assert set(after.copies) == {new, journal}
    assert after.id == "owlnet"


@pytest.mark.parametrize("field", ["doi", "arxiv_id", "url"])
def test_a_source_knows_its_own_record_by_any_identifier(field):
    value = {"doi": "10.1000/a", "arxiv_id": "2401.00001", "url": "https://owls.example.org/1"}[field]
    old = paper(source="s", **{field: value})
    new = replace(old, abstract=OWL + " More words.")
    assert renewed(stored(old), new) == replace(new, id="owlnet")


def test_a_retraction_that_a_source_takes_back_is_gone():
    old = paper(source="s", doi="10.1000/a", retraction="s: marked as retracted")
    assert renewed(stored(old), replace(old, retraction=None)).retraction is None


def test_the_same_title_in_another_file_enriches_and_replaces_nothing():
    old, new = paper(source="a.txt"), paper(source="b.txt", author_count=3)
    assert set(renewed(stored(old), new).copies) == {old, new}


def test_a_digest_does_not_replace_an_original_nor_nothing_a_text():
    old = paper(id="owl", source="s", arxiv_id="2401.00001")
    for poorer in (replace(old, abstract="Owls.", abstract_kind="digest"), replace(old, abstract="")):
        after = renewed(old, poorer)
        assert (after.abstract, after.abstract_kind) == (OWL, "original")


def test_a_record_with_the_id_of_a_paper_replaces_it_even_from_another_file():
    old = paper(id="1", source="a.jsonl", author_count=3)
    new = paper(id="1", source="b.jsonl", abstract=OWL + " And more.")
    assert renewed(old, new) == new
    about_something_else = paper("FoxEar", FOX, id="1")
    assert renewed(old, about_something_else) == about_something_else


def test_the_same_record_again_changes_nothing():
    single = stored(paper(source="s", doi="10.1000/a"))
    assert renewed(single, paper(source="s", doi="10.1000/a")) == single
    double = stored(joined(single, paper(source="t", abstract=OWL[:40])))
    for one in (*double.copies, double):
        assert renewed(double, one) == double


def test_an_id_that_was_given_takes_the_place_of_one_that_was_made():
    made = stored(paper(source="s"))
    assert made_id(made)
    assert unnamed(made).id == ""
    assert renewed(made, paper(id="W1", source="t")).id == "W1"
    given_id = stored(paper(id="W1", source="s"))
    assert unnamed(given_id).id == "W1"
    assert renewed(given_id, paper(source="t")).id == "W1"
