"""What a page says in its head of the paper that it is about: `citation_…`, Dublin Core, schema.org in JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import bare_doi, identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.nothing import something
from rag.sources.fields.people import MORE, named
from rag.sources.saved_pages.elements import CUT_OFF, LABEL, abstract_on, first

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_LABEL = re.compile(r"^\s*(?:Abstracts?|Titles?|Authors?|Comments|Summary)\s*[:.]?\s*(?=\S)", re.IGNORECASE)
_MORE_LESS = re.compile(r"\s*[△▽▵▿]\s*(?:Less|More)\s*$|\s*(?:\(more\)|Show (?:more|less)|Expand|Collapse)\s*$")
_PAPERS = frozenset("ScholarlyArticle MedicalScholarlyArticle Thesis".split())
_AROUND = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
_DEEPEST = 6
_LEAST_DESCRIBED = 100  # characters of a description that may be the abstract; a shorter one praises the page


def papers_said(soup: BeautifulSoup) -> Iterator[tuple[int, dict[str, object]]]:
    """The paper that the page is about, as its head names it for search engines, or the papers, where it has a list."""
    told = [one for one in _of_schema(soup) if _text(one, "headline", "name")]
    people = _metas(soup, "citation_author", "citation_authors", "dc.creator")
    title = _meta(soup, "citation_title", *(["dc.title"] if people else []))  # a list has a title as well
    if not title and len(told) > 1:
        if any(_text(one, "abstract") for one in told):
            yield from ((1, _record_said(one, _text(one, "abstract"))) for one in told)
        return
    own = told[0] if len(told) == 1 else {}
    if not title and not own:
        return
    described = (*_metas(soup, "dc.description"), _text(own, "description"))
    abstract = _abstract(
        abstract_on(soup),
        _meta(soup, "citation_abstract", "dcterms.abstract", "abstract") or _text(own, "abstract"),
        next((text for text in described if len(text) > _LEAST_DESCRIBED and not CUT_OFF.search(text)), ""),
    )
    if not title:
        yield 1, _record_said(own, abstract)
        return
    arxiv_id = _meta(soup, "citation_arxiv_id")
    day = _meta(soup, "citation_date", "citation_publication_date", "citation_online_date", "citation_year",
                "dc.date", "dcterms.issued")  # fmt: skip
    url = _link(soup) or (f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else "")
    venue = _meta(soup, "citation_journal_title") or _meta(soup, "citation_conference_title")
    yield 1, record_of(
        title, abstract, people or _people(own), day=day or _text(own, "datePublished"),
        doi=_meta(soup, "citation_doi", "dc.identifier") or _doi(own), arxiv_id=arxiv_id, url=url,
        venue=venue, comment=first(soup, "td.comments"),
    )  # fmt: skip


def _abstract(shown: str, stated: str, described: str) -> str:
    """The abstract that the head states, as the page shows it where it does: with its paragraphs and raised figures."""
    return shown if shown and (not stated or _key(stated)[:40] in _key(shown)) else stated or described


def _key(text: str) -> str:
    return "".join(re.findall(r"[^\W\d_]", text.lower()))


def _of_schema(soup: BeautifulSoup) -> Iterator[dict[str, object]]:
    """The papers that the page itself is, or lists, in its JSON of schema.org; not those that they cite."""
    for script in soup.find_all("script", type=re.compile(r"^\s*application/ld\+json", re.IGNORECASE)):
        try:
            left: list[tuple[object, int]] = [(json.loads(script.get_text()), 0)]
        except (ValueError, RecursionError):
            continue
        while left:
            one, depth = left.pop(0)
            if isinstance(one, list):
                left += [(each, depth + 1) for each in one] if depth < _DEEPEST else []
            elif isinstance(one, dict):
                types = one.get("@type")
                if not _PAPERS.isdisjoint(map(str, types if isinstance(types, list) else [types])):
                    yield one
                elif depth < _DEEPEST:
                    left += [(one[name], depth + 1) for name in _AROUND if name in one]


def _record_said(said: dict[str, object], abstract: str) -> dict[str, object]:
    url = _text(said, "url")
    return record_of(
        _text(said, "headline", "name"), abstract, _people(said),
        day=_text(said, "datePublished", "dateCreated"), doi=_doi(said), url=url if url.startswith("http") else "",
    )  # fmt: skip


def _text(said: dict[str, object], *names: str) -> str:
    """The text of the first of these properties that has one, in a list or with its language too."""
    for name in names:
        value = said.get(name)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("@value", value.get("name")) if isinstance(value, dict) else value
        if isinstance(value, str) and (text := without_markup(value).strip()):
            return text
    return ""


def _people(said: dict[str, object]) -> list[str]:
    given = said.get("author") or said.get("creator") or []
    people: list[str] = []
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, dict):
            parts = (_text(one, "givenName"), _text(one, "familyName"))
            one = _text(one, "name") or " ".join(filter(None, parts))
        people += [one] if isinstance(one, str) and one.strip() else []
    return people


def _doi(said: dict[str, object]) -> str:
    """The first of what names the paper that is a DOI."""
    for name in ("doi", "identifier", "sameAs", "@id", "url"):
        given = said.get(name)
        for one in given if isinstance(given, list) else [given]:
            value = one.get("value") if isinstance(one, dict) else one
            if isinstance(value, str) and (doi := bare_doi(value)):
                return doi
    return ""


def record_of(
    title: str, abstract: str, people: list[str], *, day: str = "", doi: str = "", arxiv_id: str = "",
    url: str = "", venue: str = "", more: bool = False, comment: str = "",
) -> dict[str, object]:  # fmt: skip
    """What a page says of a paper as a record, with what it says in a comment."""
    names, said_more = named(people)
    said_more = said_more or ({MORE: "et al."} if more and names else {})
    bare, number = identifiers(doi=doi or None, arxiv_id=arxiv_id or None, url=url or None)
    return {
        "title": _LABEL.sub("", title) if re.match(r"\s*Title\s*:", title) else title,
        "abstract": something(_MORE_LESS.sub("", LABEL.sub("", abstract)).strip()),
        "url": url or (f"https://arxiv.org/abs/{number}" if number else None),
        **(dated(day) if day else {}),
        "authors": names,
        "doi": bare,
        "arxiv_id": number,
        "comment": comment,
        "extra": ({"venue": venue} if venue else {}) | said_more,
    }


def _metas(soup: BeautifulSoup, *names: str) -> list[str]:
    """What the page says of itself under the first of these names that it has."""
    for name in names:
        found = soup.find_all("meta", attrs={"name": re.compile(rf"^{re.escape(name)}$", re.IGNORECASE)})
        if said := [text for meta in found if (text := without_markup(str(meta.get("content", ""))).strip())]:
            return said
    return []


def _meta(soup: BeautifulSoup, *names: str) -> str:
    return next(iter(_metas(soup, *names)), "")


def _link(soup: BeautifulSoup) -> str:
    """The address that the page gives for itself."""
    for selector, attribute in (("link[rel=canonical]", "href"), ('meta[property="og:url"]', "content")):
        element = soup.select_one(selector)
        if element is not None and str(element.get(attribute, "")).startswith("http"):
            return str(element[attribute])
    return _meta(soup, "citation_abstract_html_url") or _meta(soup, "citation_public_url")
