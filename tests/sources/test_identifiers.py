"""DOIs and arXiv ids: one spelling for all those in which sources write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sources.fields.identifiers import arxiv_id_of, bare_doi, identifiers


@pytest.mark.parametrize(
    "text",
    [
        "10.1000/Owl.1",
        "https://doi.org/10.1000/OWL.1",
        "http://dx.doi.org/10.1000/owl.1",
        "doi:10.1000/owl.1",
        "DOI: 10.1000/owl.1",
        "doi:https://doi.org/10.1000/owl.1",
        "https://doi.org/10.1000%2Fowl.1?from=page#top",
        " 10.1000/owl.1. ",
        "10.1000/owl.1)",
        "urn:doi:10.1000/owl.1",
    ],
)
def test_spellings_of_a_doi_give_the_bare_one(text):
    assert bare_doi(text) == "10.1000/owl.1"


def test_brackets_that_belong_to_a_doi_stay():
    assert bare_doi("10.1016/S0140-6736(24)00001-2") == "10.1016/s0140-6736(24)00001-2"
    assert bare_doi("10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2").startswith("10.1002/(sici)")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "10.1000",
        "10.1000/",
        "owl",
        "10.1/x",
        "11.1000/owl",
        "10.1000/a b",
        "10.1/\x00b",
        f"10.1000/{'x' * 300}",
    ],
)
def test_what_is_no_doi_gives_none(text):
    assert bare_doi(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2310.03744",
        "2310.03744v2",
        "arXiv:2310.03744",
        "arxiv: 2310.03744v12 [cs.CV]",
        "https://arxiv.org/abs/2310.03744v1",
        "http://export.arxiv.org/abs/2310.03744",
        "https://www.arxiv.org/pdf/2310.03744v3.pdf",
        "arxiv.org/html/2310.03744",
        "https://huggingface.co/papers/2310.03744",
        "10.48550/arXiv.2310.03744",
        "https://doi.org/10.48550/ARXIV.2310.03744v2",
        "oai:arXiv.org:2310.03744",
        "2310.03744.",
    ],
)
def test_spellings_of_an_arxiv_id_give_the_bare_one(text):
    assert arxiv_id_of(text) == "2310.03744"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("math.GT/0309136v1", "math/0309136"),
        ("https://arxiv.org/abs/cond-mat/0112017", "cond-mat/0112017"),
        ("HEP-TH/9901001", "hep-th/9901001"),
        ("10.48550/arXiv.cs/0112017", "cs/0112017"),
        ("0704.0001", "0704.0001"),
    ],
)
def test_old_arxiv_ids_lose_their_class_of_subject(text, expected):
    assert arxiv_id_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [None, "", "2313.03744", "2310.037", "2310.037441", "10.1000/2310.03744", "see 2310.03744", "owl/0112017x",
     "https://example.org/abs/2310.03744", "https://arxiv.org/list/cs.CV/recent", "2310.03744/secret"],
)  # fmt: skip
def test_what_names_no_arxiv_id_gives_none(text):
    assert arxiv_id_of(text) is None


def test_doi_of_a_preprint_is_kept_as_its_arxiv_id():
    assert bare_doi("https://doi.org/10.48550/arXiv.2310.03744") is None
    assert identifiers(doi="10.48550/arXiv.2310.03744") == (None, "2310.03744")


def test_identifiers_are_taken_from_the_address_where_nothing_else_says_them():
    assert identifiers(url="https://arxiv.org/abs/2310.03744v1") == (None, "2310.03744")
    assert identifiers(url="https://doi.org/10.1000/owl") == ("10.1000/owl", None)
    assert identifiers(arxiv_id="2401.00001", url="https://arxiv.org/abs/2310.03744") == (None, "2401.00001")
    assert identifiers(doi="10.1000/a", arxiv_id="2401.00001", url="https://doi.org/10.1000/b") == (
        "10.1000/a",
        "2401.00001",
    )
    assert identifiers(url="https://owls.example.org/1") == (None, None)


@given(st.text(max_size=40) | st.from_regex(r"(https://doi\.org/|doi:)?10\.\d{4}/[ -~]{1,20}") | st.from_regex(
    r"(arXiv:|https://arxiv\.org/abs/)?\d{4}\.\d{4,5}(v\d)?"))  # fmt: skip
def test_normalising_again_changes_nothing(text):
    doi, arxiv_id = bare_doi(text), arxiv_id_of(text)
    assert doi is None or bare_doi(doi) == doi
    assert arxiv_id is None or arxiv_id_of(arxiv_id) == arxiv_id
    assert doi is None or arxiv_id is None
