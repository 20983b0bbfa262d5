"""Records of OpenAlex, Semantic Scholar and arXiv as papers, and what they say of retractions."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import joined, withdrawal
from rag.sources.catalogues.openalex_record import abstract_of_index, paper_of_work
from rag.sources.catalogues.s2_record import paper_of_s2
from rag.sources.fields.retractions import in_title
from tests.support.live_server import Invented

WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=8), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(WORDS)
def test_abstract_comes_out_of_its_inverted_index_as_it_went_in(words):
    index = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    assert abstract_of_index(index) == " ".join(words)


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ("heron", "abstract_inverted_index is no object of words and their places"),
        ({"heron": 1}, "abstract_inverted_index has no list of places for 'heron'"),
        ({"heron": [1, "2"]}, "abstract_inverted_index has no list of places for 'heron'"),
        ({"heron": [True]}, "abstract_inverted_index has no list of places for 'heron'"),
        ({"heron": list(range(20_000))}, "the abstract has more than 100,000 characters"),
    ],
)
def test_broken_index_is_a_reason_to_reject(index, said):
    found = paper_of_work({"title": "Herons", "abstract_inverted_index": index}, line=7)
    assert isinstance(found, Rejected)
    assert (found.line, found.reason.startswith(said)) == (7, True)


def test_far_places_in_an_index_cost_nothing():
    assert abstract_of_index({"ponds": [10**15], "herons": [-3]}) == "herons ponds"


@given(JSON | st.dictionaries(st.sampled_from(list(Invented(1).work())), JSON))
def test_any_json_is_a_paper_or_a_reason_why_it_is_no_work(record):
    assert isinstance(paper_of_work(record), Paper | Rejected)


@given(JSON | st.dictionaries(st.sampled_from(list(Invented(1).s2())), JSON))
def test_any_json_is_a_paper_or_a_reason_why_it_is_no_record_of_semantic_scholar(record):
    assert isinstance(paper_of_s2(record), Paper | Rejected)


def test_preprint_at_openalex_has_its_arxiv_id_and_no_doi():
    paper = paper_of_work({"title": "Herons", "doi": "https://doi.org/10.48550/arXiv.2502.00001"})
    assert isinstance(paper, Paper)
    assert (paper.doi, paper.arxiv_id, paper.url) == (None, "2502.00001", "https://arxiv.org/abs/2502.00001")


def test_work_without_doi_keeps_the_address_that_it_has():
    paper = paper_of_work({"display_name": "Herons", "id": "https://openalex.org/W7", "ids": {"pmid": "x/12"}})
    assert isinstance(paper, Paper)
    assert (paper.title, paper.url, paper.extra) == (
        "Herons",
        "https://openalex.org/W7",
        {"openalex": "W7", "pmid": "12"},
    )


def test_fields_in_small_letters_of_the_data_sets_are_read():
    record = {name.lower(): value for name, value in Invented(1, doi="10.5555/heron.1").s2().items()}
    assert paper_of_s2(record) == paper_of_s2(Invented(1, doi="10.5555/heron.1").s2())


def test_year_without_a_day_is_marked_as_such():
    paper = paper_of_s2({"title": "Herons", "year": 2019, "publicationDate": None})
    assert isinstance(paper, Paper)
    assert (paper.published, paper.published_inferred, paper.extra) == (date(2019, 1, 1), True, {"date": "2019"})


def test_summary_by_a_model_is_no_abstract():
    paper = paper_of_s2({"title": "Herons", "abstract": None, "tldr": {"text": "There are many."}})
    assert isinstance(paper, Paper)
    assert (paper.abstract, "many" in json.dumps(dict(paper.extra))) == ("", False)


@pytest.mark.parametrize(
    ("comments", "abstract", "said"),
    [
        ("12 pages; withdrawn due to an error in Eq. 3", "", "withdrawn due to an error in Eq. 3"),
        ("Withdrawn by the authors", "", "Withdrawn by the authors"),
        ("9 pages. Paper withdrawn", "", "Paper withdrawn"),
        ("This submission is withdrawn.", "", "This submission is withdrawn."),
        (
            None,
            "We count.\nThis paper has been\nwithdrawn by its author.",
            "This paper has been withdrawn by its author.",
        ),
        ("Our article was later retracted", "", "Our article was later retracted"),
        ("Withdrawn from the workshop, published elsewhere", "", None),
        ("Troops withdrawn from the pond", "", None),
        (None, "We study why the paper was withdrawn.", None),
        (None, "The herons were withdrawn. Water is withdrawn from this pond.", None),
        (None, "", None),
    ],
)
def test_withdrawal_on_arxiv_is_told_in_its_own_words(comments, abstract, said):
    assert withdrawal(comments, abstract) == (f"arXiv: “{said}”" if said else None)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("RETRACTED: Herons", "the title says that it was retracted"),
        ("Retracted article: Herons", "the title says that it was retracted"),
        ("[Retracted] Herons", "the title says that it was retracted"),
        ("(WITHDRAWN) Herons", "the title says that it was withdrawn"),
        ("WITHDRAWN: Herons", "the title says that it was withdrawn"),
        ("Withdrawn: herons and their absence", None),
        ("Retraction: Herons", None),
        ("Retracted papers on herons", None),
        ("RETRACTED:", None),
    ],
)
def test_mark_of_retraction_in_a_title_is_seen(title, said):
    assert in_title(title) == said


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("  We count\nherons.\n", "We count herons."),
        ("We count\r\nherons.", "We count herons."),
        ("We count.\n  There are\nmany.", "We count.\n\nThere are many."),
        ("We count.\n\nThere are many.", "We count.\n\nThere are many."),
        ("", ""),
        pytest.param(f"Ponds are{' ' * 200_000}here.\n\nWe count.", "Ponds are here.\n\nWe count.", id="many blanks"),
    ],
)
def test_lines_that_arxiv_broke_are_joined(text, whole):
    assert joined(text) == whole
    assert joined(whole) == whole
