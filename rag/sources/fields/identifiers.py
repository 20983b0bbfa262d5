"""DOIs and arXiv ids in the one spelling that the library keeps, from all those in which sources write them."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_DOI_LEAD = re.compile(
    r"(?:https?://(?:www\.|dx\.)?doi\.org/|doi\.org/|urn:doi:|info:doi/|doi\s*[:=]?\s*)+", re.IGNORECASE
)
# The page of a paper at its publisher's, in a field for DOIs: onlinelibrary.wiley.com/doi/abs/10.1000/xyz
_PAGE = re.compile(
    r"https?://[\w.-]+/doi/(?:(?:abs|abstract|full|e?pdf|pdfplus|epub|reader|summary)/)?(?=10\.)", re.IGNORECASE
)
_PAGE_REST = re.compile(r"/(?:abstract|full|e?pdf|abs|summary|references)/?$", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,]?\s+(?=10\.[0-9]{4,9}/|https?://|doi\b)", re.IGNORECASE)  # the first of them counts
_PLAIN_DOI = re.compile(r"10\.[0-9]{4,9}/[a-z0-9._/-]*[a-z0-9]")  # as most are written
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\ud800-\udfff]")
_LONGEST = 300
_BESIDE = " \t\r\n\xa0\u200b\u200c\u200d\u200e\u2060\ufeff"  # also what has no width
# What prose and markup leave behind an identifier, and no identifier ends with.
_AFTER = ".,;:'\"”’>"
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_MONTH = r"[0-9]{2}(?:0[1-9]|1[0-2])"
_ARXIV = re.compile(
    rf"({_MONTH}\.[0-9]{{4,5}}|[a-z]+(?:-[a-z]+)*(?:\.[a-z]{{2}})?/{_MONTH}[0-9]{{3}})(?:v[0-9]+)?",
    re.IGNORECASE | re.ASCII,
)
_PLAIN_ARXIV = re.compile(rf"{_MONTH}\.[0-9]{{4,5}}")
_ARXIV_LEAD = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:arxiv\.org|alphaxiv\.org|huggingface\.co)"
    r"/(?:abs|pdf|html|format|ps|src|e-print|papers|overview)/"
    r"|arxiv\s*[:.]\s*|oai:arxiv\.org:",
    re.IGNORECASE,
)
_ARXIV_REST = re.compile(r"(?:\.pdf)?/?(?:[?#]\S*)?(?:\s*\[[\w.-]+\])?", re.IGNORECASE)
_UNBROKEN = re.compile(r"(?=\S*\d{4})\S*[./]\S+")  # what may be an arXiv id or a DOI


def bare_doi(text: str | None) -> str | None:
    """The DOI that `text` is, bare and in small letters, or None where it is none.

    "https://doi.org/10.1000/XYZ", "doi:10.1000/xyz" and "10.1000/xyz." all give "10.1000/xyz". The DOI of a preprint on
    arXiv gives None: it says no more than the arXiv id, which `arxiv_id_of` takes from it.
    """
    doi = _doi(text)
    return None if doi is None or _arxiv_in(doi) else doi


@lru_cache(maxsize=512)  # a record is asked for its own several times
def arxiv_id_of(text: str | None) -> str | None:
    """The arXiv id that `text` names, without version and class of subject, or None where it names none.

    "arXiv:2310.03744v2", "https://arxiv.org/abs/2310.03744", "10.48550/arXiv.2310.03744" and the address of a page at
    huggingface.co/papers give "2310.03744"; "math.GT/0309136" gives "math/0309136".
    """
    given = (text or "").strip()
    if not given or len(given) > _LONGEST:
        return None
    if _PLAIN_ARXIV.fullmatch(given):
        return given
    if lead := _ARXIV_LEAD.match(given):
        return _arxiv(given[lead.end() :])
    return _arxiv_in(doi) if (doi := _doi(given)) else _arxiv(given)


def identifiers(
    *, doi: str | None = None, arxiv_id: str | None = None, url: str | None = None
) -> tuple[str | None, str | None]:
    """The DOI and the arXiv id of a record that gives these texts, each None where none of them says it.

    An arXiv id in the place of the DOI is found as well; the address is asked for what the two others do not say.
    """
    return bare_doi(doi) or _doi_of_link(url), arxiv_id_of(arxiv_id) or arxiv_id_of(doi) or arxiv_id_of(url)


@lru_cache(maxsize=512)
def _doi(text: str | None) -> str | None:
    given = (text or "").strip(_BESIDE)
    if _PLAIN_DOI.fullmatch(given):
        return given if len(given) <= _LONGEST else None
    if ("10." not in given and "%" not in given) or len(given) > _LONGEST:
        return None
    given = unescape(given) if "&" in given else given
    page = _PAGE.match(given)
    lead = page or _DOI_LEAD.match(given)
    rest = given[lead.end() :] if lead else given
    if lead and "//" in lead[0]:
        rest = re.split(r"[?#]", rest)[0]
        rest = _PAGE_REST.sub("", rest) if page else rest
    rest = unquote(rest) if "%" in rest else rest
    rest = _SEVERAL.split(rest.strip(), maxsplit=1)[0].rstrip(_AFTER)
    while rest and rest[-1] in ")]}" and rest.count(rest[-1]) > rest.count({")": "(", "]": "[", "}": "{"}[rest[-1]]):
        rest = rest[:-1].rstrip(_AFTER)
    return rest.lower() if _DOI.fullmatch(rest) and not _CONTROLS.search(rest) else None


def _doi_of_link(url: str | None) -> str | None:
    return bare_doi(url) if url and _DOI_LEAD.match(url.strip()) else None


def _arxiv_in(doi: str) -> str | None:
    found = doi.startswith("10.48550/") and _ARXIV_DOI.fullmatch(doi)
    return _arxiv(found[1]) if found else None


def _arxiv(text: str) -> str | None:
    text = text.strip().rstrip(_AFTER)
    found = _ARXIV.match(text)
    if not found or not _ARXIV_REST.fullmatch(text, found.end()):
        return None
    archive, slash, number = found[1].lower().rpartition("/")
    return f"{archive.partition('.')[0]}{slash}{number}"


def identifiers_in(text: str) -> list[tuple[int, int, str]]:
    """The arXiv ids and DOIs that stand in a text: start, end, and each as the library keeps it."""
    words = [(m.start(), m.group().strip("()[]“”\"'?!,;:.")) for m in _UNBROKEN.finditer(text)]
    found = [(text.index(word, at), word, arxiv_id_of(word) or bare_doi(word)) for at, word in words]
    return [(at, at + len(word), kept) for at, word, kept in found if kept]
