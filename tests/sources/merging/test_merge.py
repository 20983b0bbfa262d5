"""Identity: which records are one paper, and what becomes of them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.model import Paper, date_shown
from rag.sources.merging.deduplication import Gathering
from rag.sources.merging.merge import merge, records, same_paper
from rag.text.titles import new_id, slug, title_key

OWL = "We present OwlNet, a network that reads night images with 12 tokens; see https://owls.example.org/net for it."
FOX = "FoxEar keeps 300 sounds in a table and finds each of them again, under snow, within milliseconds."


def paper(title="OwlNet", abstract=OWL, **fields) -> Paper:
    return Paper(**{"id": "", "title": title, "abstract": abstract, **fields})


def merged(a, b) -> Paper:
    """The merged paper without the records that it is made of, whichever of the two comes first."""
    assert merge(a, b) == merge(b, a)
    assert set(records(merge(a, b))) == {a, b}
    return replace(merge(a, b), copies=())


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("γ-MoD: Owls", "gamma-MoD: owls"),
        ("M^{2}UGen", "M²UGen"),
        ("{\\mu}-Bench", "μ-Bench"),
        ("$\\mu$-Bench", "\u00b5-bench"),  # the micro sign
        ("Λ-Owl", "lambda owl"),
        ("Multi-modal  Owls", "MULTIMODAL OWLS!"),
        ("\\textit{Owls} by \\emph{Night}", "Owls by Night"),
        ("Ｏｗｌｓ", "owls"),
        ("Große Eulen", "GROSSE EULEN"),
    ],
)
def test_spellings_of_one_title_have_one_key(a, b):
    assert title_key(a) == title_key(b) != ""


@pytest.mark.parametrize(
    ("a", "b"),
    [("InfLLM", "InfMLLM"), ("SEED-Bench", "SEED-Bench-2"), ("SEED-Bench-2", "SEED-Bench-2-Plus"), ("γ-MoD", "p-MoD")],
)
def test_names_that_look_alike_have_different_keys(a, b):
    assert title_key(a) != title_key(b)


def test_key_of_signs_alone_is_empty():
    assert title_key("?! — …") == ""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("OwlNet: Sight by Night", "owlnet-sight-by-night"),
        ("γ-MoD & M^{2}UGen: Élan’s Sound", "gamma-mod-m2ugen-elans-sound"),
        # 60 characters end within "Woods": the cut is before the word.
        ("Owls, Elks, Mice and Moles that Live Well under the Snow of Woods",
         "owls-elks-mice-and-moles-that-live-well-under-the-snow-of"),
        ("x" * 80, "x" * 60),
    ],
)  # fmt: skip
def test_slugs_can_be_read(title, expected):
    assert slug(title) == expected


def test_slug_of_a_title_that_ascii_cannot_spell_has_a_hash():
    assert slug("猫头鹰之夜").startswith("paper-")
    assert len(slug("猫头鹰之夜")) == len("paper-") + 8
    assert slug("猫头鹰之夜") != slug("狐狸之夜")
    assert slug("猫头鹰 OwlNet").startswith("owlnet-")


@given(st.text())
def test_slug_is_short_plain_and_always_the_same(title):
    name = slug(title)
    assert name == slug(title)
    assert 0 < len(name) <= 69  # 60, a hyphen and 8 digits
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.startswith("-")
    assert not name.endswith("-")


def test_two_ids_decide_alone():
    assert same_paper(paper(id="1"), paper("FoxEar", FOX, id="1"))
    assert not same_paper(paper(id="1"), paper(id="2"))


def test_same_title_and_text_is_one_paper_even_if_one_has_an_id():
    assert same_paper(paper(id="1"), paper())


def test_same_title_and_other_text_are_two_papers():
    assert not same_paper(paper(), paper(abstract=FOX))


def test_other_title_and_same_text_are_two_papers():
    assert not same_paper(paper(), paper("OwlNet-2"))


def test_digest_and_original_of_one_title_are_one_paper():
    assert same_paper(paper(), paper(abstract=FOX, abstract_kind="digest"))


def test_record_without_an_abstract_goes_by_its_title():
    assert same_paper(paper(), paper(abstract=""))


def test_rewritten_links_and_a_changed_word_are_nearly_the_same_text():
    words = " ".join(f"word{n}" for n in range(37))
    a = f"{words} alpha https://owls.example.org/net"
    b = f"{words} beta https://mirror.example.net/net"
    # 37 words in both of 39 words in either: 0.949. With 6 words changed it is 32 of 44: 0.727.
    assert same_paper(paper(abstract=a), paper(abstract=b))
    c = " ".join(f"word{n}" for n in range(32)) + " a b c d e f"
    assert not same_paper(paper(abstract=a), paper(abstract=c))


def test_text_that_is_cut_off_is_the_same_text():
    assert same_paper(paper(), paper(abstract=OWL[:40] + "…"))


def test_records_without_a_title_go_by_their_text():
    assert same_paper(paper(""), paper("", OWL))
    assert not same_paper(paper(""), paper("", FOX))
    assert not same_paper(paper(""), paper("", FOX, abstract_kind="digest"))


def test_original_wins_over_a_longer_digest_which_lends_what_is_missing():
    original = paper(source="page.txt")
    digest = paper(
        abstract=OWL * 2, abstract_kind="digest", url="https://owls.example.org", source="digests", author_count=3
    )
    expected = replace(original, url="https://owls.example.org", author_count=3)
    assert merged(original, digest) == expected


def test_digest_wins_over_no_abstract_at_all():
    digest = paper(abstract_kind="digest")
    assert merged(paper(abstract=""), digest) == digest


def test_links_to_the_original_site_win_over_longer_links_to_a_mirror():
    original = paper(abstract="Data: https://huggingface.co/owls.")
    mirror = paper(abstract="Data: https://hf-mirror.123.workers.dev./owls, and more words than there.")
    assert merged(mirror, original) == original


def test_word_mirror_in_a_text_or_a_path_is_no_mirror():
    longer = paper(abstract=OWL + " Owls do not look into a mirror: https://owls.example.org/mirror")
    assert merged(paper(), longer) == longer


def test_longer_of_two_originals_wins():
    assert merge(paper(abstract=OWL[:40]), paper()).abstract == OWL


def test_address_at_the_original_site_wins_over_a_shorter_one_at_a_mirror():
    original, mirror = paper(url="https://huggingface.co/papers/1"), paper(url="https://mirror.io/1")
    assert merged(mirror, original) == original


def test_date_with_its_own_year_wins_over_an_inferred_one():
    own = paper(published=date(2025, 5, 20))
    inferred = paper(published=date(2024, 5, 20), published_inferred=True)
    assert merged(inferred, own) == own
    assert merged(inferred, paper()) == inferred


def test_every_field_comes_from_whichever_record_has_it():
    a = paper(id="owl", authors=("A. Owl",), extra={"count": "9", "venue": "Night"})
    b = paper(url="https://owls.example.org", author_count=2, published=date(2024, 1, 29), extra={"count": "10"})
    assert merged(a, b) == replace(b, id="owl", authors=("A. Owl",), extra={"count": "10", "venue": "Night"})


texts = st.sampled_from(
    ["", OWL, OWL[:50], FOX, "Data: https://hf-mirror.1.workers.dev./owls", "Data: https://huggingface.co/owls"]
)
papers = st.builds(
    Paper,
    id=st.sampled_from(["", "1", "2"]),
    title=st.sampled_from(["OwlNet", "Owlnet", "Owl Net"]),
    abstract=texts,
    abstract_kind=st.sampled_from(["original", "digest"]),
    url=st.sampled_from([None, "", "https://a.example.org", "https://mirror.example.org"]),
    published=st.sampled_from([None, date(2024, 1, 29), date(2025, 1, 29)]),
    published_inferred=st.booleans(),
    authors=st.sampled_from([(), ("A",), ("B",), ("A", "B")]),
    author_count=st.sampled_from([None, 0, 3]),
    source=st.sampled_from([None, "", "a", "b"]),
    extra=st.dictionaries(st.sampled_from(["count", "venue"]), st.sampled_from(["", "9", "10"])),
)
untitled = papers.map(lambda paper: replace(paper, title=""))


@example(paper(source=None), paper(source=""))
@given(papers | untitled, papers | untitled)
def test_merging_does_not_depend_on_the_order(a, b):
    assert merge(a, b) == merge(b, a)


@given(papers | untitled, papers | untitled)
def test_merging_again_changes_nothing(a, b):
    assert merge(a, a) == a
    assert merge(merge(a, b), b) == merge(a, b)


@given(papers, papers, papers)
def test_merging_three_does_not_depend_on_which_two_come_first(a, b, c):
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(papers | untitled, papers | untitled)
def test_being_one_paper_is_mutual(a, b):
    assert same_paper(a, b) == same_paper(b, a)


@given(papers)
def test_record_is_the_same_paper_as_itself(a):
    assert same_paper(a, a)


def test_gathering_merges_copies_and_keeps_the_order():
    gathering = Gathering()
    added = [gathering.add(p) for p in (paper(), paper("FoxEar", FOX), paper(author_count=9), paper(abstract=FOX))]
    assert added == ["new", "new", "copy", "new"]
    assert [(p.title, p.abstract, p.author_count) for p in gathering.merged()] == [
        ("OwlNet", OWL, 9),
        ("FoxEar", FOX, None),
        ("OwlNet", FOX, None),
    ]


def test_second_paper_with_a_slug_gets_a_part_of_a_hash():
    gathering = Gathering()
    for p in (paper(), paper(abstract=FOX)):
        gathering.add(p)
    first, second = (p.id for p in gathering.papers())
    assert first == "owlnet"
    assert second.startswith("owlnet-")
    assert len(second) == len("owlnet-") + 4


def test_ids_that_are_given_stay_and_no_other_paper_gets_them():
    gathering = Gathering()
    for p in (paper(), paper("FoxEar", FOX, id="owlnet"), paper("Elk", "", id="7")):
        gathering.add(p)
    ids = [p.id for p in gathering.papers()]
    assert ids[1:] == ["owlnet", "7"]
    assert ids[0].startswith("owlnet-")
    assert [p.id for p in gathering.merged()] == ["", "owlnet", "7"]


def test_ids_of_the_library_are_not_given_again():
    gathering = Gathering()
    gathering.add(paper())
    assert gathering.papers(taken={"owlnet"})[0].id.startswith("owlnet-")


def test_record_with_an_id_joins_the_copy_without_one_and_later_records_follow():
    gathering = Gathering()
    assert gathering.add(paper()) == "new"
    assert gathering.add(paper(id="1")) == "copy"
    assert gathering.add(paper("A New Title", "", id="1")) == "copy"
    assert gathering.add(paper(id="2")) == "new"
    assert [p.id for p in gathering.papers()] == ["1", "2"]


def test_records_without_a_title_are_gathered_by_their_text():
    gathering = Gathering()
    assert [gathering.add(paper("", text)) for text in (OWL, FOX, OWL)] == ["new", "new", "copy"]
    assert [p.id[:14] for p in gathering.papers()] == ["we-present-owl", "foxear-keeps-3"]


def test_hash_grows_until_the_id_is_free():
    with_4_digits = new_id(paper(), {"owlnet"})
    with_5_digits = new_id(paper(), {"owlnet", with_4_digits})
    assert len(with_4_digits) == len("owlnet-") + 4
    assert with_5_digits.startswith(with_4_digits)
    assert len(with_5_digits) == len("owlnet-") + 5


@given(st.lists(papers))
def test_gathering_everything_twice_is_gathering_it_once(records):
    once, twice = Gathering(), Gathering()
    for record in records:
        once.add(record)
    for record in [*records, *records]:
        twice.add(record)
    assert len({p.id for p in once.papers()}) == len(once.papers())
    assert twice.papers() == once.papers()


def test_the_more_exact_date_is_taken_and_shown_as_exactly_as_its_source_says_it():
    year = Paper("", "Owls", "Owls see.", published=date(2025, 1, 1), published_inferred=True, extra={"date": "2025"})
    month = replace(year, published=date(2025, 3, 1), extra={"date": "2025-03"}, source="b")
    day = replace(year, published=date(2025, 3, 12), published_inferred=False, extra={}, source="c")
    page = replace(day, published_inferred=True, source="d")  # the year of its page
    assert date_shown(merge(year, month)) == "2025-03"
    assert date_shown(merge(merge(year, month), day)) == "2025-03-12"
    assert date_shown(merge(year, page)) == "2025-03-12 (the year is inferred)"
    assert "date" not in merge(year, page).extra


def test_merged_paper_says_that_authors_are_left_out_only_if_the_longest_list_does():
    short = paper(authors=("Ann Owl",), extra={"more_authors": "et al."})
    whole = paper(authors=("Ann Owl", "Bo Fox"), abstract="")
    assert merge(short, whole).extra == {}
    assert merge(short, paper(authors=("Ann Owl",), abstract="")).extra == {}
    longer = paper(authors=("Ann Owl", "Bo Fox"), abstract="", extra={"more_authors": "et al."})
    assert merge(short, longer).extra == {"more_authors": "et al."}
