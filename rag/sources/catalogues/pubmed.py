"""Reader of PubMed's XML, article by article: what E-utilities give and the yearly baseline files hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.xml_elements import elements, text_of, told
from rag.sources.fields.dates import dated, month_of, on
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.name_parts import joined
from rag.sources.fields.nothing import titled
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import MORE
from rag.sources.fields.raw_text import without_brackets
from rag.sources.fields.retractions import in_title, marked
from rag.sources.filter import Request
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

name = "pubmed"

_BEGIN = re.compile(r"<(?:!DOCTYPE\s+)?(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle)\b")
_ARTICLES = frozenset({"PubmedArticle", "PubmedBookArticle"})
_ADDRESS = "https://pubmed.ncbi.nlm.nih.gov/"


def sniff(head: str) -> bool:
    """True when the text is XML and has an article of PubMed, or a set of them, near the beginning."""
    return head.lstrip("\ufeff \t\r\n").startswith("<") and bool(_BEGIN.search(head[:5_000]))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The articles and chapters in order. A notice of retraction is a paper, and is not itself marked as retracted.

    Raises:
        SourceError: the XML is broken, declares entities, or an article has no end. What stood before is given.
    """
    for line, article, _ in elements(stream, _ARTICLES):
        yield paper_of(_record(article), source=request.source, line=line)


def _record(article: Element) -> dict[str, object]:
    book = article.tag == "PubmedBookArticle"
    citation = _child(article, "BookDocument" if book else "MedlineCitation")
    text = citation if book else _child(citation, "Article")
    pmid = told(citation, "PMID")
    said = titled(told(text, "ArticleTitle")) or told(text, "VernacularTitle") or told(text, "Book/BookTitle")
    title = without_brackets(without_markup(said))  # some is written twice over: &lt;i&gt;
    ids = [*article.iterfind("./PubmedData/ArticleIdList/ArticleId"), *citation.iterfind("./ArticleIdList/ArticleId")]
    given = [text_of(each) for each in ids if each.get("IdType") == "doi"]
    given += [text_of(each) for each in text.iterfind("./ELocationID") if each.get("EIdType") == "doi"]
    doi, arxiv_id = identifiers(doi=next(iter(given), None))
    lists = [people for people in text.iterfind("./AuthorList") if people.get("Type") != "editors"]
    people = [person for people in lists for person in people if person.get("ValidYN") != "N"]
    names = list(filter(None, map(_name, people)))
    some = text.find("./AuthorList[@CompleteYN='N']") is not None
    extra = {
        MORE: "et al." if some and names else "",
        "pmid": pmid,
        "venue": told(text, "Journal/Title") or told(text, "Book/BookTitle"),
        "keywords": "; ".join(filter(None, map(text_of, citation.iterfind("./KeywordList/Keyword")))),
        "language": told(text, "Language"),
        "retraction_of": _reference(citation, "RetractionOf"),
    }
    return {
        "title": title,
        "abstract": _abstract(text),
        "url": f"{_ADDRESS}{pmid}/" if pmid.isdigit() else None,
        **_when(text),
        "authors": names,
        "doi": doi,
        "arxiv_id": arxiv_id,
        "retraction": _retraction(citation, text, title),
        "extra": {ours: value for ours, value in extra.items() if value},
    }


def _abstract(text: Element) -> str:
    """The parts of the abstract, each with its label, after empty lines."""
    parts = []
    for part in text.iterfind("./Abstract/AbstractText"):
        label, said = part.get("Label", ""), without_markup(text_of(part))
        parts.append(f"{label}: {said}" if label and label.upper() not in ("UNLABELLED", "UNASSIGNED") else said)
    return without_notice(["\n\n".join(part for part in parts if part)])


def _when(text: Element) -> dict[str, object]:
    """The date of the electronic article, which comes first, or else that of the issue or the book."""
    for path in ("./ArticleDate", "./Journal/JournalIssue/PubDate", "./Book/PubDate", "./ContributionDate"):
        day = text.find(path)
        year = told(day, "Year") if day is not None else ""
        if day is not None and re.fullmatch(r"\d{4}", year, re.ASCII):
            number = told(day, "Day")
            found = on(
                int(year), month_of(told(day, "Month")), int(number) if re.fullmatch(r"\d{1,2}", number) else None
            )
            if found:
                return found
        if day is not None and (found := dated(told(day, "MedlineDate"))):
            return found
    return {}


def _retraction(citation: Element, text: Element, title: str) -> str | None:
    kinds = {text_of(kind) for kind in text.iterfind("./PublicationTypeList/PublicationType")}
    notice = _reference(citation, "RetractionIn")
    if "Retracted Publication" in kinds or notice is not None:
        return marked("PubMed", notice or "")
    return f"PubMed: {said}" if (said := in_title(title)) else None


def _reference(citation: Element, kind: str) -> str | None:
    """Where the notice of a kind stands, "" where it is not said, None where there is none."""
    for notice in citation.iterfind("./CommentsCorrectionsList/CommentsCorrections"):
        if notice.get("RefType") == kind:
            return told(notice, "RefSource")
    return None


def _name(author: Element) -> str:
    if collective := told(author, "CollectiveName"):
        return collective
    given = told(author, "ForeName") or told(author, "Initials")
    return joined([given, told(author, "LastName"), told(author, "Suffix")])


def _child(element: Element, tag: str) -> Element:
    """The child, or the element itself where there is none: it then has none of what is looked for either."""
    found = element.find(f"./{tag}")
    return found if found is not None else element
