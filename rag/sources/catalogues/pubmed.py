"""Reader of PubMed's XML, article by article: what E-utilities give and the yearly baseline files hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.fields.dates import dated, month_of, on
from rag.sources.fields.identifiers import identifiers
from rag.sources.fields.markup import formula, lowered, raised, without_markup
from rag.sources.fields.nothing import titled
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import MORE, joined
from rag.sources.fields.raw_text import without_brackets
from rag.sources.fields.retractions import in_title, marked
from rag.sources.filter import Request
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

name = "pubmed"

ARTICLE_LIMIT = 8_000_000
"""Characters from the end of one article to that of the next. Those with 3,000 authors have 2 million."""

_DEEPEST = 60  # elements within one another; PubMed has some ten
_LINE_CHARS = 1 << 16
_BEGIN = re.compile(r"<(?:!DOCTYPE\s+)?(?:PubmedArticleSet|PubmedArticle|PubmedBookArticle)\b")
_ARTICLES = frozenset({"PubmedArticle", "PubmedBookArticle"})
_ADDRESS = "https://pubmed.ncbi.nlm.nih.gov/"


def sniff(head: str) -> bool:
    """True when the text is XML and has an article of PubMed, or a set of them, near the beginning."""
    return head.lstrip("\ufeff \t\r\n").startswith("<") and bool(_BEGIN.search(head[:5_000]))


class _Lines:
    """The stream as the parser reads it: a line at a time, so that the number of the line is known where it stands."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.line = 1
        self._ended = True
        self._since = 0

    def read(self, size: int = -1) -> str:
        """The next line, or the next part of a long one, whatever the size."""
        del size
        text = self._stream.readline(_LINE_CHARS)
        self.line += not self._ended
        self._ended = not text.endswith("\n")
        self._since += len(text)
        if self._since > ARTICLE_LIMIT:
            raise SourceError(f"has more than {ARTICLE_LIMIT:,} characters without the end of an article; split it")
        return text

    def article(self) -> None:
        """Count from here on again."""
        self._since = 0


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The articles and chapters in order. A notice of retraction is a paper, and is not itself marked as retracted.

    Raises:
        SourceError: the XML is broken, declares entities, or an article has no end. What stood before is given.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    lines = _Lines(stream)
    open_elements: list[Element] = []
    begun = 1
    try:
        for event, element in iterparse(lines, events=("start", "end"), forbid_external=False):
            if event == "start":
                open_elements.append(element)
                if element.tag in _ARTICLES:
                    begun = lines.line
                if len(open_elements) > _DEEPEST:
                    raise SourceError(f"has elements nested deeper than {_DEEPEST} on line {lines.line}; correct it")
                continue
            open_elements.pop()
            if element.tag in _ARTICLES:
                yield paper_of(_record(element), source=request.source, line=begun)
                lines.article()
                # What has been read would stay in the tree otherwise.
                (open_elements[-1] if open_elements else element).clear()
    except ParseError as error:
        raise SourceError(f"is broken XML ({_first_line(error)}); get the file again") from error
    except DefusedXmlException as error:
        raise SourceError(f"declares entities on line {lines.line}, which are not expanded; take them out") from error
    except (ValueError, LookupError) as error:
        raise SourceError(f"is XML that cannot be read ({_first_line(error)}); save it as UTF-8") from error


def _record(article: Element) -> dict[str, object]:
    book = article.tag == "PubmedBookArticle"
    citation = _child(article, "BookDocument" if book else "MedlineCitation")
    text = citation if book else _child(citation, "Article")
    pmid = _said(citation, "PMID")
    said = titled(_said(text, "ArticleTitle")) or _said(text, "VernacularTitle") or _said(text, "Book/BookTitle")
    title = without_brackets(without_markup(said))  # some is written twice over: &lt;i&gt;
    ids = [*article.iterfind("./PubmedData/ArticleIdList/ArticleId"), *citation.iterfind("./ArticleIdList/ArticleId")]
    given = [_text(each) for each in ids if each.get("IdType") == "doi"]
    given += [_text(each) for each in text.iterfind("./ELocationID") if each.get("EIdType") == "doi"]
    doi, arxiv_id = identifiers(doi=next(iter(given), None))
    names = [name for name in map(_name, text.iterfind("./AuthorList/Author")) if name]
    some = text.find("./AuthorList[@CompleteYN='N']") is not None
    extra = {
        MORE: "et al." if some and names else "",
        "pmid": pmid,
        "venue": _said(text, "Journal/Title") or _said(text, "Book/BookTitle"),
        "keywords": "; ".join(filter(None, map(_text, citation.iterfind("./KeywordList/Keyword")))),
        "language": _said(text, "Language"),
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
        label, said = part.get("Label", ""), without_markup(_text(part))
        parts.append(f"{label}: {said}" if label and label.upper() not in ("UNLABELLED", "UNASSIGNED") else said)
    return without_notice(["\n\n".join(part for part in parts if part)])


def _when(text: Element) -> dict[str, object]:
    """The date of the electronic article, which comes first, or else that of the issue or the book."""
    for path in ("./ArticleDate", "./Journal/JournalIssue/PubDate", "./Book/PubDate", "./ContributionDate"):
        day = text.find(path)
        year = _said(day, "Year") if day is not None else ""
        if day is not None and re.fullmatch(r"\d{4}", year, re.ASCII):
            number = _said(day, "Day")
            found = on(
                int(year), month_of(_said(day, "Month")), int(number) if re.fullmatch(r"\d{1,2}", number) else None
            )
            if found:
                return found
        if day is not None and (found := dated(_said(day, "MedlineDate"))):
            return found
    return {}


def _retraction(citation: Element, text: Element, title: str) -> str | None:
    kinds = {_text(kind) for kind in text.iterfind("./PublicationTypeList/PublicationType")}
    notice = _reference(citation, "RetractionIn")
    if "Retracted Publication" in kinds or notice is not None:
        return marked("PubMed", notice or "")
    return f"PubMed: {said}" if (said := in_title(title)) else None


def _reference(citation: Element, kind: str) -> str | None:
    """Where the notice of a kind stands, "" where it is not said, None where there is none."""
    for notice in citation.iterfind("./CommentsCorrectionsList/CommentsCorrections"):
        if notice.get("RefType") == kind:
            return _said(notice, "RefSource")
    return None


def _name(author: Element) -> str:
    if collective := _said(author, "CollectiveName"):
        return collective
    given = _said(author, "ForeName") or _said(author, "Initials")
    return joined([given, _said(author, "LastName"), _said(author, "Suffix")])


def _child(element: Element, tag: str) -> Element:
    """The child, or the element itself where there is none: it then has none of what is looked for either."""
    found = element.find(f"./{tag}")
    return found if found is not None else element


def _said(element: Element, path: str) -> str:
    found = element.find(f"./{path}")
    return _text(found) if found is not None else ""


def _text(element: Element) -> str:
    """The text of an element and all in it, such as italics and what is raised, on one line."""
    if not len(element):
        return " ".join((element.text or "").split())
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        match child.tag.rpartition("}")[2].lower() if isinstance(child.tag, str) else "":
            case "sup":
                yield raised("".join(_pieces(child)))
            case "sub" | "inf":
                yield lowered("".join(_pieces(child)))
            case "math":
                yield _formula(child)
            case _:
                yield from _pieces(child)
        yield child.tail or ""


def _formula(element: Element) -> str:
    from xml.etree.ElementTree import tostring

    tail, element.tail = element.tail, None
    markup = re.sub(r"(</?)\w+:", r"\1", tostring(element, encoding="unicode"))
    element.tail = tail
    return formula(markup)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
