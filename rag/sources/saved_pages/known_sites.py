"""Saved pages of sites that are known: the page of one paper, and lists of arXiv, the ACL Anthology and others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import withdrawal
from rag.sources.fields.beside import says_more
from rag.sources.fields.dates import dated
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.markup import lowered, raised, without_markup
from rag.sources.fields.nothing import something
from rag.sources.fields.people import MORE, listed, named
from rag.sources.fields.retractions import in_title
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_SIGNS = re.compile(
    r"citation_title|(?i:\"dc\.title)|arxiv-result|list-title|acl-abstract|abstract-collapse|cl-paper-row|gs_r(?:i|t)\b|note-content"
    r"|docsum-(?:content|title|authors)|article-overview|forum-title|class=\"note |gsc_a_t\b|aclanthology\.org"
    r"|ACL Anthology"
)
_LABEL = re.compile(r"^\s*(?:Abstracts?|Titles?|Authors?|Comments|Summary)\s*[:.]?\s*(?=\S)", re.IGNORECASE)
_HEADING = re.compile(r"^\s*(?:Abstract|Summary|TL;DR)\s*[:.]\s*|^\s*(?-i:Abstract(?=[A-Z]))", re.IGNORECASE)
_ABSTRACTS = (
    "blockquote.abstract", ".acl-abstract span", ".acl-abstract p", ".acl-abstract", "#abstract .content",
    "section#abstract",
    "#Abs1-content", "div.abstract-content", "div.abstract", "section.abstract", "#abstract", "#Abs1", ".abstract",
    "[data-test-id=abstract-text]",
)  # fmt: skip
_REFUSED = (
    (
        re.compile(r"gs_r[it]\b|gsc_a_t\b|scholar\.google\.\w+/(?:scholar|citations)\?"),
        "Google Scholar, which shows only the beginnings of abstracts; export the papers as BibTeX, RIS or CSV there",
    ),
    (
        re.compile(r"docsum-(?:content|title|authors)"),
        "PubMed's results, which shows only the beginnings of abstracts; save them there in the format PubMed (.nbib)",
    ),
)
_COMMENTS = re.compile(r"^\s*Comments\s*:\s*")
_CUT_OFF = re.compile(r"^TLDR|(?:…|\.\.\.)\s*(?:Expand)?$")  # a summary, or only the beginning
_MORE_LESS = re.compile(r"\s*[△▽▵▿]\s*(?:Less|More)\s*$|\s*(?:\(more\)|Show (?:more|less)|Expand|Collapse)\s*$")


def papers_of(soup: BeautifulSoup, text: str, *, source: str) -> list[Paper | Rejected] | None:
    """The papers of a page of a known site in order, or None where the page is of none.

    Raises:
        SourceError: the site is known for showing no whole abstracts; the message says what to give instead.
    """
    if not _SIGNS.search(text):
        return None
    for records in _SITES:
        found = [paper_of(_marked(record, source), source=source, line=line) for line, record in records(soup)]
        if found:
            return found
    for sign, site in _REFUSED:
        if sign.search(text):
            raise SourceError(f"is a saved page of {site}")
    return None


def _marked(record: dict[str, object], source: str) -> dict[str, object]:
    """The record with what its comment, its abstract or its title says of a retraction."""
    said = in_title(str(record["title"]))
    comment = record.pop("comment")
    withdrawn = withdrawal(str(comment), str(record["abstract"])) if record["arxiv_id"] else None
    return {**record, "retraction": withdrawn or (f"{source}: {said}" if said else None)}


_Records = Iterator[tuple[int, dict[str, object]]]


def _one_paper(soup: BeautifulSoup) -> _Records:
    """The paper that the page is about, as `citation_…` in its head names it for search engines."""
    people = _metas(soup, "citation_author", "citation_authors", "dc.creator")
    title = _meta(soup, "citation_title", *(["dc.title"] if people else []))  # a list has a title as well
    if not title:
        return
    abstract = ""
    for selector in _ABSTRACTS:
        if (element := soup.select_one(selector)) is not None and len(found := _said(element)) > 40:
            abstract = "" if _CUT_OFF.search(found) else found
            break
    abstract = abstract or _meta(soup, "citation_abstract", "dcterms.abstract")
    if not abstract:
        abstract = next(
            (text for name in ("dc.description", "DC.Description") if len(text := _meta(soup, name)) > 100), ""
        )
    arxiv_id = _meta(soup, "citation_arxiv_id")
    day = _meta(soup, "citation_date", "citation_publication_date", "citation_online_date", "citation_year",
                "dc.date", "dcterms.issued")  # fmt: skip
    url = _link(soup) or (f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id else "")
    venue = _meta(soup, "citation_journal_title") or _meta(soup, "citation_conference_title")
    yield 1, _record(
        title, abstract, people, day=day, doi=_meta(soup, "citation_doi", "dc.identifier"), arxiv_id=arxiv_id, url=url,
        venue=venue, comment=_first(soup, "td.comments"),
    )  # fmt: skip


def _arxiv_search(soup: BeautifulSoup) -> _Records:
    for item in soup.select("li.arxiv-result"):
        link = item.select_one("p.list-title a[href]")
        text = _flat(item)
        submitted = re.search(r"v1 submitted (\d{1,2} \w+,? \d{4})", text) or re.search(
            r"Submitted (\d{1,2} \w+,? \d{4})", text
        )
        yield (
            _line(item),
            _record(
                _first(item, "p.title"),
                _first(item, ".abstract-full") or _first(item, "p.abstract"),
                [name.get_text() for name in item.select("p.authors a")],
                day=submitted[1] if submitted else "",
                arxiv_id=link.get_text() if link else "",
                more=says_more(_first(item, "p.authors")),
                comment=_COMMENTS.sub("", _first(item, "p.comments")),
            ),
        )


def _arxiv_list(soup: BeautifulSoup) -> _Records:
    for head in soup.select("dl dt"):
        body = head.find_next_sibling("dd")
        link = head.select_one('a[href*="/abs/"]')
        title = _first(body, ".list-title") if body is not None else ""
        if body is not None and title:
            number = str(link.get("href", "")).rpartition("/abs/")[2] if link else ""
            people = [name.get_text() for name in body.select(".list-authors a")]
            comment = _COMMENTS.sub("", _first(body, ".list-comments"))
            yield _line(head), _record(title, _first(body, "p.mathjax"), people, arxiv_id=number, comment=comment)


def _pubmed_list(soup: BeautifulSoup) -> _Records:
    """PubMed's results in the format "Abstract"."""
    for article in soup.select("article.article-overview"):
        number = _first(article, ".identifier.pubmed .current-id") or str(article.get("data-article-pmid", ""))
        link = article.select_one(".heading-title a[href]")
        number = number or (str(link.get("href", "")).strip("/") if link else "")
        people = dict.fromkeys(_flat(name) for name in article.select(".authors-list .full-name"))
        yield (
            _line(article),
            _record(
                _first(article, ".heading-title"),
                _first(article, ".abstract-content"),
                list(people),
                day=re.split(r"[;:]", _first(article, ".cit"))[0],
                doi=re.sub(r"^doi:\s*", "", _first(article, ".citation-doi")).strip(" ."),
                url=f"https://pubmed.ncbi.nlm.nih.gov/{number}/" if number.isdigit() else "",
            ),
        )


def _acl_list(soup: BeautifulSoup) -> _Records:
    abstracts = soup.select(".abstract-collapse")
    for title in soup.select("strong > a.align-middle[href]"):
        entry = title.find_parent("p") or title.find_parent("div")
        if entry is None:
            continue
        people = [name.get_text() for name in entry.select('a[href*="/people/"]')]
        following = entry.find_next_sibling()
        own = following if following is not None and following in abstracts else None
        address = str(title.get("href", ""))
        url = f"https://aclanthology.org{address}" if address.startswith("/") else address
        # The volume itself; without any abstracts, what has no people may be of another site.
        if address.rstrip("/").endswith(".0") or (not people and ("front" in _flat(title).lower() or not abstracts)):
            continue
        yield _line(title), _record(_said(title), _said(own) if own is not None else "", people, url=url)


def _openreview(soup: BeautifulSoup) -> _Records:
    forum = soup.select_one(".forum-title")  # of the page of one paper, whose notes are replies to it
    for note in [soup] if forum is not None else soup.select(".note, .forum-note"):
        title = (
            _first(note, ".forum-title")
            or _first(note, "h4")
            or _first(note, "h2")
            or _first(note, ".note-content-title")
        )
        abstract = ""
        for label in note.select(".note-content-field"):
            value = label.find_next_sibling()
            if not abstract and "abstract" in label.get_text().lower() and value is not None:
                abstract = _said(value)
        link = note.select_one('a[href*="forum?id="]')
        address = str(link.get("href", "")) if link else ""
        url = f"https://openreview.net{address}" if address.startswith("/") else address
        people = _first(note, ".note-authors") or _first(note, ".forum-authors")
        if title:
            yield _line(note), _record(title, abstract, listed(people), url=url)


def _semantic_scholar(soup: BeautifulSoup) -> _Records:
    for row in soup.select(".cl-paper-row"):
        people = [name.get_text() for name in row.select(".cl-paper-authors__author-box, .cl-paper-authors a")]
        abstract = _first(row, ".cl-paper-abstract") or _first(row, ".tldr-abstract__text")
        if _CUT_OFF.search(abstract):
            abstract = ""
        link = row.select_one('a[href*="/paper/"]')
        address = str(link.get("href", "")) if link else ""
        url = f"https://www.semanticscholar.org{address}" if address.startswith("/") else address
        yield (
            _line(row),
            _record(
                _first(row, ".cl-paper-title"),
                abstract,
                people,
                url=url,
                day=_first(row, ".cl-paper-pubdates"),
                more=says_more(_first(row, ".cl-paper-authors")),
            ),
        )


_SITES: tuple[Callable[[BeautifulSoup], _Records], ...] = (
    _one_paper, _arxiv_search, _arxiv_list, _pubmed_list, _acl_list, _openreview, _semantic_scholar
)  # fmt: skip


def _record(
    title: str, abstract: str, people: list[str], *, day: str = "", doi: str = "", arxiv_id: str = "",
    url: str = "", venue: str = "", more: bool = False, comment: str = "",
) -> dict[str, object]:  # fmt: skip
    names, said_more = named(people)
    said_more = said_more or ({MORE: "et al."} if more and names else {})
    bare_doi, number = identifiers(doi=doi or None, arxiv_id=arxiv_id or None, url=url or None)
    return {
        "title": _LABEL.sub("", title) if re.match(r"\s*Title\s*:", title) else title,
        "abstract": something(_MORE_LESS.sub("", _HEADING.sub("", abstract)).strip()),
        "url": url or (f"https://arxiv.org/abs/{number}" if number else None),
        **(dated(day) if day else {}),
        "authors": names,
        "doi": bare_doi,
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


def _first(element: Tag, selector: str) -> str:
    found = element.select_one(selector)
    return _said(found) if found is not None else ""


def _said(element: Tag) -> str:
    """The text without labels, in paragraphs as the page has it; what is raised stays raised."""
    for label in element.select(".descriptor, h2, h3, h5, .card-title, script, style, annotation"):
        if re.fullmatch(r"\s*(?:abstract|title|authors?|summary)\s*:?\s*", label.get_text(), re.IGNORECASE) or (
            label.name in ("script", "style", "annotation")
        ):
            label.extract()
    for shifted in element.select("sup, sub"):
        shifted.replace_with((raised if shifted.name == "sup" else lowered)(shifted.get_text()))
    paragraphs = element.find_all("p") or [element]
    text = "\n\n".join(part for each in paragraphs if (part := _flat(each)))
    return _HEADING.sub("", text)


def _flat(element: Tag) -> str:
    return " ".join(element.get_text().replace("\xa0", " ").split())


def _line(element: Tag) -> int:
    return element.sourceline or 1
