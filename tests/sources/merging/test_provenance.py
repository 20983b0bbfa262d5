"""How a merge is explained: the sources, what they say differently, what was taken and why."""

from datetime import date

from rag.model import Paper
from rag.sources.merging.merge import merge
from rag.sources.merging.provenance import merge_explained, sources_of

OWL = "OwlNet is a detector of birds. It keeps 12 of 196 visual tokens."


def test_one_record_needs_no_explanation():
    paper = Paper("", "OwlNet", OWL, source="arxiv")
    assert merge_explained(paper) == ()
    assert list(sources_of(paper)) == ["arxiv"]


def test_each_field_in_which_sources_differ_has_a_line_with_what_was_taken_and_why():
    paper = merge(
        Paper("", "OwlNet: Birds", OWL, url="https://arxiv.org/abs/2403.00001", published=date(2024, 3, 12),
              authors=("A. Owl", "B. Elk"), source="arxiv", arxiv_id="2403.00001"),
        Paper("", "OwlNet", "It sees birds.", "digest", published=date(2024, 3, 1), published_inferred=True,
              authors=("A. Owl",), source="digests", doi="10.1000/owl", extra={"venue": "Night"}),
    )  # fmt: skip
    # 64 and 14 characters; the DOI, the address and the venue are said by one source alone, so nothing differs there.
    assert merge_explained(paper) == (
        "merged from 2 records: arxiv, digests",
        "title: OwlNet: Birds from arxiv (with the text: an original before a digest); digests has OwlNet",
        "abstract: an abstract of 64 characters (“OwlNet is a detector of birds. It keeps…”) from arxiv (an original "
        "before a digest); digests has a digest of 14 characters (“It sees birds.…”)",
        "published: 2024-03-12 from arxiv (a year that its source says before one that was inferred); "
        "digests has 2024-03-01 (the year is inferred)",
        "authors: A. Owl, B. Elk from arxiv (the longer list); digests has A. Owl",
    )
    assert list(sources_of(paper)) == ["arxiv", "digests"]


def test_sources_that_agree_are_named_and_nothing_else():
    a, b = (Paper("", "OwlNet", OWL, source=source) for source in ("a.txt", "b.txt"))
    assert merge_explained(merge(a, b)) == ("merged from 2 records: a.txt, b.txt",)


def test_reasons_for_a_text_are_told_apart():
    mirror = Paper("", "OwlNet", "Data: https://mirror.example.org/owls and words", source="a")
    site = Paper("", "OwlNet", "Data: https://owls.example.org", source="b")
    assert "links to the original site before links to a mirror" in merge_explained(merge(mirror, site))[1]
    short = Paper("", "OwlNet", OWL[:30], source="c")
    assert "(the longer text)" in merge_explained(merge(short, Paper("", "OwlNet", OWL, source="d")))[1]


def test_further_fields_that_differ_are_explained():
    a = Paper("", "OwlNet", OWL, source="a", extra={"count": "9"})
    b = Paper("", "OwlNet", OWL, source="b", extra={"count": "10"})
    assert merge_explained(merge(a, b))[1:] == ("count: 10 from b (the longer, or the larger number); a has 9",)
