"""Saved pages of sites that are known: the page of one paper, and lists of arXiv, the ACL Anthology and others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import withdrawal
from rag.sources.fields.beside import says_more
from rag.sources.fields.people import listed
from rag.sources.fields.retractions import in_title
from rag.sources.record import paper_of
from rag.sources.saved_pages.elements import CUT_OFF, first, flat, line_of, said
from rag.sources.saved_pages.page_record import papers_said, record_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_SIGNS = re.compile(
    r"citation_title|(?i:\"dc\.title|ScholarlyArticle)|arxiv-result|list-title|acl-abstract|abstract-collapse|cl-paper-row|gs_r(?:i|t)\b|note-content"
    r"|docsum-(?:content|title|authors)|article-overview|forum-title|class=\"note |gsc_a_t\b|aclanthology\.org"
    r"|ACL Anthology"
)
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
    told = in_title(str(record["title"]))
    comment = record.pop("comment")
    withdrawn = withdrawal(str(comment), str(record["abstract"])) if record["arxiv_id"] else None
    return {**record, "retraction": withdrawn or (f"{source}: {told}" if told else None)}


_Records = Iterator[tuple[int, dict[str, object]]]


def _arxiv_search(soup: BeautifulSoup) -> _Records:
    for item in soup.select("li.arxiv-result"):
        link = item.select_one("p.list-title a[href]")
        text = flat(item)
        submitted = re.search(r"v1 submitted (\d{1,2} \w+,? \d{4})", text) or re.search(
            r"Submitted (\d{1,2} \w+,? \d{4})", text
        )
        yield (
            line_of(item),
            record_of(
                first(item, "p.title"),
                first(item, ".abstract-full") or first(item, "p.abstract"),
                [name.get_text() for name in item.select("p.authors a")],
                day=submitted[1] if submitted else "",
                arxiv_id=link.get_text() if link else "",
                more=says_more(first(item, "p.authors")),
                comment=_COMMENTS.sub("", first(item, "p.comments")),
            ),
        )


def _arxiv_list(soup: BeautifulSoup) -> _Records:
    for head in soup.select("dl dt"):
        body = head.find_next_sibling("dd")
        link = head.select_one('a[href*="/abs/"]')
        title = first(body, ".list-title") if body is not None else ""
        if body is not None and title:
            number = str(link.get("href", "")).rpartition("/abs/")[2] if link else ""
            people = [name.get_text() for name in body.select(".list-authors a")]
            comment = _COMMENTS.sub("", first(body, ".list-comments"))
            yield line_of(head), record_of(title, first(body, "p.mathjax"), people, arxiv_id=number, comment=comment)


def _pubmed_list(soup: BeautifulSoup) -> _Records:
    """PubMed's results in the format "Abstract"."""
    for article in soup.select("article.article-overview"):
        number = first(article, ".identifier.pubmed .current-id") or str(article.get("data-article-pmid", ""))
        link = article.select_one(".heading-title a[href]")
        number = number or (str(link.get("href", "")).strip("/") if link else "")
        people = dict.fromkeys(flat(name) for name in article.select(".authors-list .full-name"))
        yield (
            line_of(article),
            record_of(
                first(article, ".heading-title"),
                first(article, ".abstract-content"),
                list(people),
                day=re.split(r"[;:]", first(article, ".cit"))[0],
                doi=re.sub(r"^doi:\s*", "", first(article, ".citation-doi")).strip(" ."),
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
        if address.rstrip("/").endswith(".0") or (not people and ("front" in flat(title).lower() or not abstracts)):
            continue
        yield line_of(title), record_of(said(title), said(own) if own is not None else "", people, url=url)


def _openreview(soup: BeautifulSoup) -> _Records:
    forum = soup.select_one(".forum-title")  # of the page of one paper, whose notes are replies to it
    for note in [soup] if forum is not None else soup.select(".note, .forum-note"):
        title = (
            first(note, ".forum-title") or first(note, "h4") or first(note, "h2") or first(note, ".note-content-title")
        )
        abstract = ""
        for label in note.select(".note-content-field"):
            value = label.find_next_sibling()
            if not abstract and "abstract" in label.get_text().lower() and value is not None:
                abstract = said(value)
        link = note.select_one('a[href*="forum?id="]')
        address = str(link.get("href", "")) if link else ""
        url = f"https://openreview.net{address}" if address.startswith("/") else address
        people = first(note, ".note-authors") or first(note, ".forum-authors")
        if title:
            yield line_of(note), record_of(title, abstract, listed(people), url=url)


def _semantic_scholar(soup: BeautifulSoup) -> _Records:
    for row in soup.select(".cl-paper-row"):
        people = [name.get_text() for name in row.select(".cl-paper-authors__author-box, .cl-paper-authors a")]
        abstract = first(row, ".cl-paper-abstract") or first(row, ".tldr-abstract__text")
        if CUT_OFF.search(abstract):
            abstract = ""
        link = row.select_one('a[href*="/paper/"]')
        address = str(link.get("href", "")) if link else ""
        url = f"https://www.semanticscholar.org{address}" if address.startswith("/") else address
        yield (
            line_of(row),
            record_of(
                first(row, ".cl-paper-title"),
                abstract,
                people,
                url=url,
                day=first(row, ".cl-paper-pubdates"),
                more=says_more(first(row, ".cl-paper-authors")),
            ),
        )


_SITES: tuple[Callable[[BeautifulSoup], _Records], ...] = (
    papers_said, _arxiv_search, _arxiv_list, _pubmed_list, _acl_list, _openreview, _semantic_scholar
)  # fmt: skip
