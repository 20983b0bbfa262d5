"""The real pages, where they are beside the checkout, and what must come out of them."""

from collections import Counter
from pathlib import Path

import pytest

from rag.model import Paper
from rag.sources import find_files, read_file
from rag.sources.merging.deduplication import Gathering
from rag.text.titles import title_key

PAGES = Path(__file__).parents[3] / "shared" / "seeds"


@pytest.fixture(scope="module")
def pages() -> dict[str, list[Paper]]:
    """The papers of each page, by the first three characters of its name."""
    if not PAGES.is_dir():
        pytest.skip(f"the real pages are not there ({PAGES})")
    result = {}
    for path in find_files([PAGES]):
        reading = read_file(path)
        assert reading.reader == "listing"
        entries = list(reading.entries)
        assert all(isinstance(entry, Paper) for entry in entries)
        result[path.name[:3]] = entries
    return result


def gathered(pages: list[list[Paper]]) -> list[Paper]:
    gathering = Gathering()
    for page in pages:
        for paper in page:
            gathering.add(paper)
    return gathering.papers()


def test_every_entry_of_every_page_is_read(pages):
    counts = {name: len(papers) for name, papers in pages.items()}
    assert counts == {"000": 44, "001": 90, "002": 22, "003": 103, "004": 95}
    assert sum(counts.values()) == 354


def test_every_abstract_is_on_its_page_word_for_word(pages):
    for path in find_files([PAGES]):
        text = path.read_text(encoding="utf-8")
        # The shortest abstract has 1,366 characters, the longest 1,918.
        assert all(paper.abstract in text and 1366 <= len(paper.abstract) <= 1918 for paper in pages[path.name[:3]])


def test_only_one_page_has_metadata_and_one_of_its_entries_has_none(pages):
    with_metadata = {name: sum(paper.author_count is not None for paper in papers) for name, papers in pages.items()}
    assert with_metadata == {"000": 0, "001": 0, "002": 21, "003": 0, "004": 0}
    [bare] = [paper for paper in pages["002"] if paper.author_count is None]
    assert (bare.published, bare.extra) == (None, {})
    assert bare.title.startswith("The Aloe Family")


def test_six_dates_have_no_year_and_belong_to_2025(pages):
    inferred = [paper.published for papers in pages.values() for paper in papers if paper.published_inferred]
    assert [day.year for day in inferred] == [2025] * 6
    dated = [paper for paper in pages["002"] if paper.published]
    # 21 dates: 3 with the year 2023, 12 with 2024, and the 6 without one, which so belong to 2025.
    assert Counter(paper.published.year for paper in dated) == {2023: 3, 2024: 12, 2025: 6}


def test_unnamed_counts_are_kept_by_no_other_name(pages):
    assert {name for papers in pages.values() for paper in papers for name in paper.extra} == {"count"}


def test_copies_become_287_papers_with_an_id_each(pages):
    papers = gathered(list(pages.values()))
    assert len(papers) == len({paper.id for paper in papers}) == 287
    on_pages = Counter(key for page in pages.values() for key in {title_key(paper.title) for paper in page})
    assert sum(n > 1 for n in on_pages.values()) == 50
    assert sum(paper.author_count is not None for paper in papers) == 21
    assert sum(paper.published_inferred for paper in papers) == 6


def test_two_papers_with_one_name_stay_two(pages):
    assert sum(paper.title.startswith("AIM: ") for paper in gathered(list(pages.values()))) == 2


def test_copy_with_the_links_to_the_original_site_wins(pages):
    papers = {paper.id: paper for paper in gathered(list(pages.values()))}
    [copied] = [paper for name, paper in papers.items() if name.startswith("mibench-")]
    assert "https://huggingface.co/" in copied.abstract
    # Five abstracts of one page have links to the mirror; four of them are on no other page.
    assert sum("mirror" in paper.abstract for paper in pages["003"]) == 5
    assert sum("hf-mirror" in paper.abstract for paper in papers.values()) == 4


def test_order_of_the_pages_does_not_matter(pages):
    forwards = {paper.id: paper for paper in gathered(list(pages.values()))}
    backwards = {paper.id: paper for paper in gathered(list(pages.values())[::-1])}
    assert forwards == backwards
