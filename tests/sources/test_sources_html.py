"""Saved listing pages as HTML."""

from datetime import date

import pytest

from rag.errors import SourceError
from rag.sources import read_file
from tests.support.sources_fixtures import FOX, OWL

BY = "<p>Ann Owl, Bo Fox</p>"  # that a page names people tells that it is of papers

MARKED_UP_OWL = OWL.replace("12 tokens", "<b>12</b>\n tokens")
PAGE = f"""<!DOCTYPE html>
<!-- saved from url=(0030)https://papers.example.org/list -->
<html><head><title>Daily Papers, saved</title><style>p {{ color: red }}</style>
<script>document.write("<p>{FOX}</p>")</script></head>
<body><nav><a href="/">Home</a><p>{FOX}</p></nav>
<h1>Daily Papers</h1><p>byAK and the research community</p><time>Mar 12</time>
<article><h3><a href="/papers/2401.00001">Owl<em>Net</em>: Sight
  by&nbsp;Night &lt;b&gt;</a></h3>
<p>{MARKED_UP_OWL}</p>
<ul><li>9 authors</li></ul><span>·</span><time>Jan 29, 2024</time><a href="/x"><svg><text>up</text></svg>4</a></article>
<article><h3><a href="https://listing.example.org/help">FoxEar</a></h3><div>{FOX}</div></article>
<article><h3>ElkWalk</h3><p>{OWL}<br>{FOX}</p>
<div><span>2 authors</span> <span>·</span> <span>May 20</span></div></article>
</body></html>"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "page.txt"
        path.write_text(text)
        reading = read_file(path)
        assert reading.reader == "html"
        return list(reading.entries)

    return read


def test_entries_are_those_of_the_page_as_text(read):
    papers = read(PAGE)
    assert [(paper.title, paper.abstract) for paper in papers] == [
        ("OwlNet: Sight by Night <b>", OWL),
        ("FoxEar", FOX),
        ("ElkWalk", f"{OWL}\n{FOX}"),
    ]


def test_metadata_is_found_in_separate_elements_and_in_inline_ones(read):
    papers = read(PAGE)
    assert [paper.author_count for paper in papers] == [9, None, 2]
    assert [paper.published for paper in papers] == [date(2024, 1, 29), None, date(2025, 5, 20)]
    assert [paper.published_inferred for paper in papers] == [False, False, True]
    assert [paper.extra for paper in papers] == [{"count": "4"}, {}, {}]


def test_only_a_link_to_the_page_of_a_paper_becomes_the_url(read):
    assert [paper.url for paper in read(PAGE)] == ["https://papers.example.org/papers/2401.00001", None, None]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00001"),
        ("https://doi.org/10.1000/owl", "https://doi.org/10.1000/owl"),
        ("https://openreview.net/forum?id=owl", "https://openreview.net/forum?id=owl"),
        ("/papers/2401.00001", None),  # the page does not say where it is from
        ("javascript:alert('/papers/2401.00001')", None),
        ("https://papers.example.org/papers?date=today", None),
        ("http://[owl/papers/1", None),
    ],
)
def test_what_a_link_to_a_paper_looks_like(read, href, url):
    [paper] = read(f'<div><h3><a href="{href}">OwlNet</a></h3>{BY}<p>{OWL}</p></div>')
    assert paper.url == url


def test_link_on_a_small_part_of_the_title_is_not_the_paper(read):
    [paper] = read(f'<h3>OwlNet: Sight by <a href="https://arxiv.org/abs/2401.00001">Night</a></h3>{BY}<p>{OWL}</p>')
    assert paper.url is None


def test_link_on_half_of_the_title_is_the_paper_and_ends_with_its_element(read):
    # Five of ten letters are in the link; the next title has none.
    page = f'<h3><a href="https://arxiv.org/abs/2401.00001">Owlet</a>Foxes</h3><p>{OWL}</p><h3>FoxEar</h3><p>{FOX}</p>'
    assert [paper.url for paper in read(page)] == ["https://arxiv.org/abs/2401.00001", None]


def test_what_is_hidden_from_screen_readers_is_left_out(read):
    [paper] = read(f'<h3>Owl<span aria-hidden="true">Owl</span>Net</h3>{BY}<p>{OWL}</p>')
    assert paper.title == "OwlNet"


def test_link_around_the_whole_entry_is_the_paper(read):
    [paper] = read(f'<div><a href="https://arxiv.org/abs/2401.00001"><h3>OwlNet</h3><p>{OWL}</p></a></div>')
    assert paper.url == "https://arxiv.org/abs/2401.00001"


def test_exact_date_in_the_attribute_gives_the_year_that_the_page_leaves_out(read):
    [paper] = read(
        f'<h3>OwlNet</h3><p>{OWL}</p><p>9 authors</p><p>·</p><time datetime="2025-05-20T08:00:00.000Z">May 20</time>'
    )
    assert (paper.published, paper.published_inferred) == (date(2025, 5, 20), False)


def test_paragraphs_of_an_abstract_stay_together(read):
    long = f"{OWL} {FOX}"
    [paper] = read(f"<h3>OwlNet</h3>{BY}<div><p>{long}</p><p>{long}</p></div>")
    assert paper.abstract == f"{long}\n\n{long}"


def test_elements_nested_deeper_than_python_can_call_are_read(read):
    [paper] = read("<html>" + "<div>" * 5_000 + f"<h3>OwlNet</h3>{BY}<p>{OWL}</p>")
    assert (paper.title, paper.abstract) == ("OwlNet", OWL)


def test_page_without_papers_is_an_error(read):
    with pytest.raises(SourceError, match=r"page\.txt has no papers in it \(read as html\)"):
        read("<html><body><p>Nothing here</p></body></html>")


def test_markup_that_the_parser_rejects_is_an_error_of_one_line(read):
    with pytest.raises(SourceError, match=r"page\.txt is no HTML that can be parsed") as error:
        read(f"<html><![owl<h3>OwlNet</h3><p>{OWL}</p>")
    assert "\n" not in str(error.value)
