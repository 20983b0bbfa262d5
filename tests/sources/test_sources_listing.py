"""Saved listing pages as text, on small invented pages."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError, SourceError
from rag.model import Paper, Rejected
from rag.sources import read_file
from rag.sources.saved_pages.page_dates import PageDate, first_year_after, parse_date

OWL = (
    "Owls see little by day. We present OwlNet, a network that reads night images with 12 tokens. It is trained on "
    "4M photographs of forests, and it needs no labels. On three benchmarks it is ahead of larger networks by 2.5%."
)
FOX = (
    "Foxes hear what lies under the snow. FoxEar keeps this in a table of 300 sounds and finds them again in "
    "milliseconds. In a field study with 40 microphones it missed one mouse in ten, half as many as before."
)
ELK = (
    "We ask how far elks walk in a year and answer it with 21 collars and a small transformer. The walks are longer "
    "than those of the literature, and they do not depend on the weather. Maps and code are released."
)
HEAD = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\n"
)


@pytest.fixture
def read(tmp_path):
    def read(text, *, as_of=None):
        path = tmp_path / "page.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        reading = read_file(path, as_of=as_of)
        assert reading.reader == "listing"
        return list(reading.entries)

    return read


def pairs(papers):
    return [(paper.title, paper.abstract) for paper in papers]


def test_title_and_abstract_alternate(read):
    papers = read(f"OwlNet: Sight by Night\n\n{OWL}\n\nFoxEar\n\n{FOX}\n")
    assert pairs(papers) == [("OwlNet: Sight by Night", OWL), ("FoxEar", FOX)]
    assert [(paper.id, paper.source, paper.abstract_kind) for paper in papers] == [("", "page.txt", "original")] * 2


def test_head_of_the_page_and_its_date_are_no_papers(read):
    papers = read(f"{HEAD}Mar 12\n\nOwlNet\n\n{OWL}")
    assert pairs(papers) == [("OwlNet", OWL)]
    assert papers[0].published is None


def test_heads_of_pages_put_together_end_the_paper_above_them(read):
    papers = read(f"{HEAD}Mar 12\n\nOwlNet\n\n{OWL}\n\n{HEAD}Mar 14\n\nFoxEar\n\n{FOX}")
    assert pairs(papers) == [("OwlNet", OWL), ("FoxEar", FOX)]
    assert [paper.published for paper in papers] == [None, None]


RIGHTS = "© 2025 The Listing, and all owls, foxes and elks that are on it. " * 3


@pytest.mark.parametrize(
    "foot",
    [
        "Previous\n\n1\n\n2\n\nNext",
        RIGHTS,
        f"About\n\n{RIGHTS}",
        f"1\n\n{RIGHTS}",
        "© 2025 The Listing, https://owls.example.org",
        "This page is made by owls for everybody who loves the night.",
    ],
)
def test_foot_of_the_page_is_no_paper_and_no_part_of_one(read, foot):
    papers = read(f"FoxEar\n\n{FOX}\n\nOwlNet\n\n{OWL}\n\n{foot}\n")
    assert pairs(papers) == [("FoxEar", FOX), ("OwlNet", OWL)]


@pytest.mark.parametrize("head", ["Daily Papers", "Mar 12", "Visit https://owls.example.org"])
def test_text_below_a_line_of_the_head_is_no_abstract(read, head):
    assert pairs(read(f"{HEAD}{head}\n\n{ELK}\n\nOwlNet\n\n{OWL}")) == [("OwlNet", OWL)]


def test_metadata_gives_author_count_date_and_the_unnamed_count(read):
    [paper] = read(f"OwlNet\n\n{OWL}\n\n  • 9 authors\n·\nJan 29, 2024 4\n")
    assert (paper.author_count, paper.published, paper.published_inferred) == (9, date(2024, 1, 29), False)
    assert paper.extra == {"count": "4"}
    assert paper.abstract == OWL


def test_one_author_is_metadata_too(read):
    [paper] = read(f"OwlNet\n\n{OWL}\n\n  • 1 author\n·\nJan 29, 2024\n")
    assert (paper.author_count, paper.extra) == (1, {})


@pytest.mark.parametrize(
    "metadata",
    [
        "  • 9 authors\n·\nJan 29, 2024 4",
        "• 9 authors\n\n·\n\nJan 29, 2024 4",
        "• 9 authors · Jan 29, 2024 4",
        "•\u00a09\u00a0authors\n·\nJan\u00a029, 2024\u00a04",
        "9 authors\n· Jan 29, 2024\n4",
        "  • 9 authors\r\n·\r\nJan 29, 2024 4\r",
    ],
)
def test_metadata_may_be_broken_up_in_any_way(read, metadata):
    [first, second] = read(f"OwlNet\n\n{OWL}\n\n{metadata}\n\nFoxEar\n\n{FOX}\n")
    assert (first.author_count, first.published, first.extra) == (9, date(2024, 1, 29), {"count": "4"})
    assert pairs([first, second]) == [("OwlNet", OWL), ("FoxEar", FOX)]


def test_metadata_without_a_blank_line_above_it_is_not_in_the_abstract(read):
    [paper] = read(f"OwlNet\n\n{OWL}\n• 9 authors\n·\nJan 29, 2024")
    assert (paper.abstract, paper.author_count) == (OWL, 9)


def test_entry_without_metadata_does_not_borrow_from_its_neighbours(read):
    papers = read(
        f"OwlNet\n\n{OWL}\n\n• 9 authors\n·\nJan 29, 2024 4\n\nFoxEar\n\n{FOX}\n\n"
        f"ElkWalk\n\n{ELK}\n\n• 2 authors\n·\nMay 3, 2024"
    )
    assert [paper.author_count for paper in papers] == [9, None, 2]
    assert [paper.published for paper in papers] == [date(2024, 1, 29), None, date(2024, 5, 3)]
    assert [paper.extra for paper in papers] == [{"count": "4"}, {}, {}]


def test_page_number_below_the_last_date_is_not_its_count(read):
    [paper] = read(f"OwlNet\n\n{OWL}\n\n• 9 authors\n·\nJan 29, 2024\n\n1\n\n2\n\n3")
    assert paper.extra == {}


def test_title_with_metadata_and_no_abstract_is_a_paper(read):
    papers = read(f"OwlNet\n\n{OWL}\n\n• 9 authors\n·\nJan 29, 2024\n\nFoxEar\n\n• 3 authors\n·\nJan 30, 2024\n")
    assert [(paper.title, paper.abstract, paper.author_count) for paper in papers] == [
        ("OwlNet", OWL, 9),
        ("FoxEar", "", 3),
    ]


def dated(*dates):
    return "\n\n".join(f"OwlNet {n}\n\n{OWL}\n\n• 9 authors\n·\n{day}" for n, day in enumerate(dates))


def test_date_without_a_year_gets_the_first_year_after_all_years_of_the_page(read):
    papers = read(dated("May 20", "Dec 4, 2023", "Mar 1, 2024", "Jan 7 4"))
    # The latest year on the page is 2024, so the page is of 2025.
    assert [paper.published for paper in papers] == [
        date(2025, 5, 20),
        date(2023, 12, 4),
        date(2024, 3, 1),
        date(2025, 1, 7),
    ]
    assert [paper.published_inferred for paper in papers] == [True, False, False, True]
    assert papers[3].extra == {"count": "4"}


def test_year_in_a_title_or_an_abstract_is_not_a_year_of_the_page(read):
    papers = read(f"OwlNet 2030\n\n{OWL} It is ready for 2031.\n\n• 9 authors\n·\nMay 20\n\n{dated('Dec 4, 2023')}")
    assert papers[0].published == date(2024, 5, 20)


def test_as_of_is_the_year_of_dates_without_one(read):
    papers = read(dated("May 20", "Dec 4, 2023"), as_of=2026)
    assert [(paper.published, paper.published_inferred) for paper in papers] == [
        (date(2026, 5, 20), True),
        (date(2023, 12, 4), False),
    ]


def test_date_stays_open_where_no_year_can_be_told(read):
    [paper] = read(dated("May 20 3"))
    assert (paper.published, paper.published_inferred) == (None, False)
    assert paper.extra == {"count": "3", "date": "May 20"}


def test_day_that_the_inferred_year_does_not_have_stays_open(read):
    # 2024 was a leap year and 2025 is not.
    [paper, _] = read(dated("Feb 29", "Dec 4, 2024"))
    assert (paper.published, paper.extra) == (None, {"date": "Feb 29"})


def test_as_of_that_is_no_year_is_an_error(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(f"OwlNet\n\n{OWL}")
    with pytest.raises(SettingsError, match="as_of is 20255; give the year"):
        read_file(path, as_of=20255)


def test_windows_line_ends_give_the_same_papers(read):
    text = f"{HEAD}OwlNet\n\n{OWL}\n\n• 9 authors\n·\nMay 20\n\nFoxEar\n\n{FOX}\n"
    assert read(text.replace("\n", "\r\n")) == read(text)


def test_any_number_of_blank_lines_separates(read):
    assert pairs(read(f"\n\n\nOwlNet\n \n\t\n\u00a0\n{OWL}\n\n\n\nFoxEar\n\n\n{FOX}\n\n\n")) == [
        ("OwlNet", OWL),
        ("FoxEar", FOX),
    ]


def test_title_over_two_lines_is_one_title(read):
    assert pairs(read(f"OwlNet: Sight\n  by\u00a0Night\n\n{OWL}")) == [("OwlNet: Sight by Night", OWL)]


def test_abstract_keeps_its_line_breaks_and_spaces(read):
    wrapped = OWL.replace(". ", ".\n").replace("12 tokens", "12\u00a0 tokens")
    assert pairs(read(f"OwlNet\n\n  {wrapped}  \n")) == [("OwlNet", wrapped)]


def test_abstract_of_two_paragraphs_is_one_abstract(read):
    assert pairs(read(f"OwlNet\n\n{OWL}\n\n{ELK}\n\nFoxEar\n\n{FOX}")) == [
        ("OwlNet", f"{OWL}\n\n{ELK}"),
        ("FoxEar", FOX),
    ]


def test_line_with_a_link_belongs_to_the_abstract_above(read):
    link = "Code: https://owls.example.org"
    papers = read(f"OwlNet\n\n{OWL}\n\n{link}\n\n• 9 authors\n·\nMay 2, 2024\n\nFoxEar\n\n{FOX}")
    assert pairs(papers) == [("OwlNet", f"{OWL}\n\n{link}"), ("FoxEar", FOX)]
    assert [paper.author_count for paper in papers] == [9, None]


def test_title_with_a_full_stop_is_still_a_title(read):
    assert pairs(read(f"OwlNet\n\n{OWL}\n\nA Survey of Elks, Foxes and the Owls of Norway.\n\n{FOX}")) == [
        ("OwlNet", OWL),
        ("A Survey of Elks, Foxes and the Owls of Norway.", FOX),
    ]


def test_long_titles_in_sentence_case_are_titles(read):
    title = "Scaling may be what owls need to see by night as well as foxes hear under the snow of many winters"
    assert pairs(read(f"FoxEar\n\n{FOX}\n\n{title}\n\n{OWL}")) == [("FoxEar", FOX), (title, OWL)]


def test_listing_of_short_abstracts(read):
    # Cut off near 150 characters: with an ellipsis, in the middle of a second sentence, of the first one, at its end.
    short = [
        OWL[:149] + "…",
        ELK[:149],
        "Fox Ears of Type Two hear in Deep Snow what the Large Owl Models of the Northern Woods do not see, and with "
        "that they find more mice in one night than",
        "OwlNet reads night images with 12 tokens.",
    ]
    papers = read("\n\n".join(f"A Title in Title Case: Number {n}\n\n{text}" for n, text in enumerate(short)))
    assert [paper.abstract for paper in papers] == short


def test_title_of_control_characters_and_markup_ends_as_text(read):
    [paper] = read(f"Owl\x1bNet\x85 <script>alert(1)</script> \u202eabc\n\n{OWL}\x07")
    assert paper.title == "Owl Net <script>alert(1)</script> \u202eabc"
    assert paper.abstract == OWL


def test_abstract_of_a_megabyte_is_rejected_by_its_line_and_the_rest_is_read(read):
    # Lines: 1 title, 2 blank, 3 abstract, 4 blank, 5 the title of the long one.
    entries = read(f"OwlNet\n\n{OWL}\n\nFoxEar\n\n{'snow ' * 200_000}\n\nElkWalk\n\n{ELK}")
    assert [entry.title for entry in entries if isinstance(entry, Paper)] == ["OwlNet", "ElkWalk"]
    # 200,000 times five characters, without the space at the end.
    assert entries[1] == Rejected(
        5, "the abstract has 999,999 characters, the limit is 100,000; shorten it or leave it out"
    )


@pytest.mark.parametrize(
    "text",
    [
        "hello world",
        f"\\documentclass{{article}}\n\nOwlNet\n\n{OWL}",
        "[project]\nname = 'owl'\n\n[tool.owl]\nwords = [" + "'night', " * 60 + "]",
        f"Licence of the Owl\n\n{OWL}\n\n{FOX}\n\n{ELK}\n\n{OWL}\n\n{FOX}",
    ],
)
def test_text_that_is_no_listing_is_of_no_known_format(read, text):
    with pytest.raises(SourceError, match=r"page\.txt is of no known format .*known are: .*jsonl, .*html, listing"):
        read(text)


def test_page_without_papers_is_an_error(read):
    with pytest.raises(SourceError, match=r"page\.txt has no papers in it \(read as listing\)"):
        read(HEAD + "Mar 12")


def test_page_beyond_the_limit_is_an_error(read):
    # One entry has more than 200 characters: 250,000 of them are enough.
    with pytest.raises(
        SourceError, match=r"page\.txt has more than 50,000,000 characters, the limit for a page; split it"
    ):
        read(f"OwlNet\n\n{OWL}\n\n" * 250_000)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jan 29, 2024 4", PageDate("Jan 29, 2024", 1, 29, 2024, "4")),
        ("Jan 7 4", PageDate("Jan 7", 1, 7, None, "4")),
        ("Sept. 7", PageDate("Sept. 7", 9, 7)),
        ("December 24, 2023 1.2k", PageDate("December 24, 2023", 12, 24, 2023, "1.2k")),
        ("Jan 32", None),
        ("Owl 7", None),
        ("2024", None),
    ],
)
def test_dates_of_a_page(line, expected):
    assert parse_date(line) == expected


@given(st.lists(st.integers(1, 9998), min_size=1))
def test_year_of_the_page_is_later_than_every_year_on_it(years):
    assert first_year_after(PageDate("", 1, 1, year) for year in years) == max(years) + 1


def test_one_file_read_twice_gives_equal_papers(tmp_path: Path):
    path = tmp_path / "page.txt"
    path.write_text(dated("May 20", "Dec 4, 2023"))
    assert list(read_file(path).entries) == list(read_file(path).entries)
