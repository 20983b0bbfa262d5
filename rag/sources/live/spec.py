"""What a live source's spec asks for: `arxiv:search:LLaVA`, `hf:daily:2025-03-01..2025-03-12`, `doi:10.1000/xyz`, …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from rag.errors import SourceError
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi
from rag.text.normalization import without_surrogates

Service = Literal["hf", "arxiv", "openalex", "s2", "doi", "zotero"]
Kind = Literal["search", "daily", "ids", "file", "library"]

QUERY_LIMIT = 1_000
"""Characters of a query. What is longer no service answers."""

_SPEC = re.compile(r"(hf|arxiv|openalex|s2|doi|zotero):(.*)", re.IGNORECASE | re.DOTALL)
_HF_FORMS = (
    "hf:search:WORDS, hf:daily:2025-03-12, hf:daily:2025-03-01..2025-03-12, hf:daily:2025-03-01.. or hf:2310.03744"
)
_ARXIV_FORMS = "arxiv:2310.03744, arxiv:ID,ID, arxiv:@FILE or arxiv:search:WORDS"
_OPENALEX_FORMS = "openalex:search:WORDS, openalex:doi:10.1000/xyz or openalex:W2741809807"
_S2_FORMS = "s2:search:WORDS, s2:doi:10.1000/xyz, s2:2310.03744 or s2:ID"
_S2_ID = re.compile(r"[0-9a-f]{40}|(?:CorpusId|PMID|PMCID|MAG|ACL):[\w.-]+", re.IGNORECASE)
_ZOTERO_FORMS = (
    "zotero: (the Zotero that runs here), zotero:user/ID, zotero:group/ID or zotero:local/group/ID, each with "
    "/collection/KEY or /tag/NAME behind it"
)
_WORK = re.compile(r"(?:https?://(?:api\.)?openalex\.org/(?:works/)?)?(W[0-9]{1,15})", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """A spec taken apart.

    `values` are the query of a search, the first and the last day ("" where the range is open), the ids as the service
    writes them, the path of a file of ids, or a library with what limits it. `spec` is the canonical form, by which a
    source is remembered.
    """

    service: Service
    kind: Kind
    values: tuple[str, ...]
    spec: str


def is_live(spec: str) -> bool:
    """True where the text begins like the spec of a live source; whether it is a good one, `read_spec` tells."""
    return _SPEC.fullmatch(spec.strip()) is not None


def read_spec(spec: str) -> Asked:
    """What the spec asks for.

    Raises:
        SourceError: it is none, or has no query, a broken id or a broken date; the message has the right forms.
    """
    found = _SPEC.fullmatch(spec.strip())
    if found is None:
        raise SourceError(f"{_shown(spec)} is no live source; write hf:…, arxiv:…, openalex:…, s2:…, doi:… or zotero:…")
    service, rest = found[1].lower(), found[2].strip()
    match service:
        case "hf":
            return _hf(rest)
        case "arxiv":
            return _arxiv(rest)
        case "openalex":
            return _openalex(rest)
        case "s2":
            return _s2(rest)
        case "zotero":
            return _zotero(rest)
    doi = bare_doi(rest)
    if doi is None and (arxiv_id := arxiv_id_of(rest)):
        return Asked("arxiv", "ids", (arxiv_id,), f"arxiv:{arxiv_id}")  # the DOI of a preprint on arXiv
    if doi is None:
        raise SourceError(f"{_shown(rest)} is no DOI; write doi:10.1000/xyz")
    return Asked("doi", "ids", (doi,), f"doi:{doi}")


def _hf(rest: str) -> Asked:
    head, _, tail = rest.partition(":")
    match head.lower():
        case "search":
            return _search("hf", tail, _HF_FORMS)
        case "daily":
            return _daily(tail)
    ids = _arxiv_ids(rest, _HF_FORMS)
    return Asked("hf", "ids", ids, f"hf:{','.join(ids)}")


def _daily(text: str) -> Asked:
    start, dots, end = (part.strip() for part in text.partition(".."))
    try:
        first = date.fromisoformat(start)
        last = date.fromisoformat(end) if end else None if dots else first
    except ValueError:
        raise SourceError(f"hf:daily:{_shown(text)} has no date such as 2025-03-12; write {_HF_FORMS}") from None
    if last is not None and last < first:
        raise SourceError(f"hf:daily:{text} ends before it begins; write hf:daily:{last}..{first}")
    span = f"{first}" if first == last else f"{first}..{last or ''}"
    return Asked("hf", "daily", (str(first), str(last or "")), f"hf:daily:{span}")


def _arxiv(rest: str) -> Asked:
    if rest.lower().startswith("search:"):
        return _search("arxiv", rest[len("search:") :], _ARXIV_FORMS)
    if rest.startswith("@"):
        path = str(Path(rest[1:].strip()).expanduser().absolute())
        return Asked("arxiv", "file", (path,), f"arxiv:@{path}")
    ids = _arxiv_ids(rest, _ARXIV_FORMS)
    return Asked("arxiv", "ids", ids, f"arxiv:{','.join(ids)}")


def _openalex(rest: str) -> Asked:
    if rest.lower().startswith("search:"):
        return _search("openalex", rest[len("search:") :], _OPENALEX_FORMS)
    if found := _WORK.fullmatch(rest):
        work = found[1].upper()
        return Asked("openalex", "ids", (work,), f"openalex:{work}")
    doi = _any_doi(rest, _OPENALEX_FORMS)
    return Asked("openalex", "ids", (f"doi:{doi}",), f"openalex:doi:{doi}")


def _s2(rest: str) -> Asked:
    if rest.lower().startswith("search:"):
        return _search("s2", rest[len("search:") :], _S2_FORMS)
    if _S2_ID.fullmatch(rest):
        return Asked("s2", "ids", (rest,), f"s2:{rest}")
    if arxiv_id := arxiv_id_of(rest):
        return Asked("s2", "ids", (f"ARXIV:{arxiv_id}",), f"s2:{arxiv_id}")
    doi = _any_doi(rest, _S2_FORMS)
    return Asked("s2", "ids", (f"DOI:{doi}",), f"s2:doi:{doi}")


def _zotero(rest: str) -> Asked:
    """The values are the library ("local", "local/group/1", "user/1"); then "collection", "tag" or "", and which."""
    words = rest.split("/") if rest else []
    here = words[:1] == ["local"]
    words = words[1:] if here else words
    library, kind = "local", words[0] if words else ""
    if (kind == "group" or (kind == "user" and not here)) and re.fullmatch(r"\d{1,15}", "".join(words[1:2]), re.ASCII):
        library, words = ("local/" if here else "") + f"{kind}/{words[1]}", words[2:]
    match words:
        case []:
            return Asked("zotero", "library", (library, "", ""), f"zotero:{library}")
        case ["collection", key] if re.fullmatch(r"[A-Za-z0-9]{8}", key, re.ASCII):
            return Asked("zotero", "library", (library, "collection", key.upper()),
                         f"zotero:{library}/collection/{key.upper()}")  # fmt: skip
        case ["tag", *name] if tag := "/".join(name).strip():
            return Asked("zotero", "library", (library, "tag", tag), f"zotero:{library}/tag/{tag}")
    raise SourceError(f"zotero:{_shown(rest)} names no library; write {_ZOTERO_FORMS}")


def _search(service: Service, query: str, forms: str) -> Asked:
    words = " ".join(without_surrogates(query).split())
    if not words:
        raise SourceError(f"{service}:search: has no words to search for; write {forms}")
    if len(words) > QUERY_LIMIT:
        raise SourceError(
            f"the query of {service}:search has {len(words):,} characters; write {QUERY_LIMIT:,} or fewer"
        )
    return Asked(service, "search", (words,), f"{service}:search:{words}")


def _arxiv_ids(text: str, forms: str) -> tuple[str, ...]:
    ids: dict[str, None] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        if (arxiv_id := arxiv_id_of(part)) is None:
            raise SourceError(f"{_shown(part)} is no arXiv id; write {forms}")
        ids[arxiv_id] = None
    if not ids:
        raise SourceError(f"there is no id in the spec; write {forms}")
    return tuple(ids)


def _any_doi(text: str, forms: str) -> str:
    """The DOI, also that of a preprint on arXiv: these two services know it by that."""
    if doi := bare_doi(text):
        return doi
    if text.lower().startswith(("doi:", "10.", "https://doi.org/")) and (arxiv_id := arxiv_id_of(text)):
        return f"10.48550/arxiv.{arxiv_id}"
    raise SourceError(f"{_shown(text)} is no DOI and no id; write {forms}")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")
