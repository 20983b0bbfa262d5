"""Reader of XML as reference managers, journals and archives write it, by a table of where each keeps what: EndNote,
JATS (PubMed Central), feeds of arXiv, OAI (arXiv's own records and Dublin Core), MODS, EBSCO and Word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from rag.model import Paper, Rejected
from rag.sources.catalogues.arxiv_record import withdrawal
from rag.sources.catalogues.xml_elements import elements, text_of, told
from rag.sources.fields.dates import dated, month_of, on
from rag.sources.fields.identifiers import arxiv_id_of, bare_doi, identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.name_parts import joined
from rag.sources.fields.notices import without_notice
from rag.sources.fields.people import by_lines, named
from rag.sources.fields.raw_text import without_brackets
from rag.sources.fields.retractions import in_title
from rag.sources.filter import Request
from rag.sources.record import paper_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

name = "xml"


@dataclass(frozen=True)
class _Kind:
    """Where a kind of XML keeps what, as paths below the element of a record, the first that has something counting."""

    sign: str
    title: str
    people: str
    days: tuple[str, ...]
    abstract: str
    numbers: tuple[str, ...]
    parent: str = ""
    subtitle: str = "-"
    article: str = "-"
    venue: str = "-"
    keywords: str = "-"


_KINDS = {
    "record": _Kind(
        r"<records>\s*<record>", "titles/title", "contributors/authors/author", ("dates/pub-dates/date", "dates/year"),
        "abstract", ("electronic-resource-num", "urls/related-urls/url"), parent="records",
        venue="titles/secondary-title", keywords="keywords/keyword"),
    "article": _Kind(
        r"<!DOCTYPE article\b|<pmc-articleset\b|<article\b[^>]{0,500}\b(?:article-type|dtd-version)="
        r"|<article\b[^>]{0,500}>[\s\S]{0,2000}?<(?:front|article-meta)\b",
        "front/article-meta/title-group/article-title", "front/article-meta/contrib-group/contrib",
        ("front/article-meta/pub-date[@pub-type='epub']", "front/article-meta/pub-date[@date-type='pub']",
         "front/article-meta/pub-date"),
        "front/article-meta/abstract", ("front/article-meta/article-id[@pub-id-type='doi']",),
        subtitle="front/article-meta/title-group/subtitle",
        venue="front/journal-meta/journal-title-group/journal-title", keywords="front/article-meta/kwd-group/kwd"),
    "entry": _Kind(
        r"<feed\b[\s\S]{0,3000}arxiv\.org", "title", "author", ("published",), "summary", ("id", "doi"), parent="feed"),
    "arXiv": _Kind(
        r"<arXiv\b", "title", "authors/author", ("created",), "abstract", ("id", "doi"), parent="metadata"),
    "dc": _Kind(
        r"<(?:oai_dc:)?dc[\s>]", "title", "creator", ("date",), "description", ("identifier", "relation"),
        keywords="subject"),
    "mods": _Kind(
        r"<(?:mods:)?mods(?:Collection)?\b", "titleInfo/title", "name", ("originInfo/dateIssued", "part/date",
        "relatedItem/originInfo/dateIssued", "relatedItem/part/date"), "abstract",
        ("identifier[@type='doi']", "identifier[@type='uri']", "location/url"), subtitle="titleInfo/subTitle",
        article="titleInfo[1]/nonSort",
        venue="relatedItem[@type='host']/titleInfo/title", keywords="subject/topic"),
    "rec": _Kind(
        r"<records>\s*<rec\b", ".//artinfo/tig/atl", ".//artinfo/aug/au", (".//pubinfo/dt",), ".//artinfo/ab",
        (".//artinfo/ui[@type='doi']",), venue=".//jinfo/jtl", keywords=".//artinfo/sug/subj"),
    "Source": _Kind(
        r"<(?:b:)?Sources\b", "Title", "Author/Author/NameList/Person", ("Year",), "Abstract", ("DOI", "StandardNumber",
        "URL"), venue="JournalName"),
}  # fmt: skip
_SIGN = re.compile("|".join(kind.sign for kind in _KINDS.values()))
_GIVEN = "name/given-names given-names forenames First namePart[@type='given']".split()
_FAMILY = "name/surname surname keyname Last namePart[@type='family']".split()
_SUFFIX = "name/suffix suffix namePart[@type='termsOfAddress']".split()
_WHOLE = "collab name/string-name string-name namePart name".split()
_ELIDED = ("'", "’", "-", "[")
_ALTERNATIVES = ("name-alternatives", "collab-alternatives")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_ABSTRACT = re.compile(r"graphical|teaser|toc|key-points|highlights|short|web-summary|executive-summary")


def sniff(head: str) -> bool:
    """True when the text is XML and has the mark of one of the kinds near the beginning."""
    head = head[:5_000].lstrip("\ufeff \t\r\n")
    return head.startswith("<") and not re.match(r"<!doctype html", head, re.I) and bool(_SIGN.search(head))


def read(stream: TextIO, request: Request) -> Iterator[Paper | Rejected]:
    """The records in order.

    Raises:
        SourceError: the XML is broken, declares entities, or a record has no end. What stood before is given.
    """
    for line, element, parent in elements(stream, frozenset(_KINDS)):
        kind = _KINDS[element.tag]
        if kind.parent == "feed" and "/api/errors" in told(element, "id"):
            said = told(element, "summary")[:200]
            yield Rejected(line, f"arXiv's answer is an error ({said!r}); ask again with ids such as 2310.03744")
        elif kind.parent in ("", parent):
            yield paper_of(_record(element, kind, request.source), source=request.source, line=line)


def _record(element: Element, kind: _Kind, source: str) -> dict[str, object]:
    title, subtitle, article = (told(element, path) for path in (kind.title, kind.subtitle, kind.article))
    title = f"{article}{'' if article.endswith(_ELIDED) else ' '}{title}" if article and title else title
    title = without_brackets(without_markup(f"{title}: {subtitle}" if title and subtitle else title))
    abstract = without_notice([without_markup(_abstract(element, kind.abstract))])
    numbers = [text_of(each) for path in kind.numbers for each in element.iterfind(f"./{path}")]
    url = next((text for text in numbers if text.lower().startswith("http")), "")
    of_arxiv = next(filter(arxiv_id_of, numbers), None)
    doi, arxiv_id = identifiers(doi=next(filter(bare_doi, numbers), None), arxiv_id=of_arxiv, url=url)
    people = [person for person in element.iterfind(f"./{kind.people}") if _is_author(person)]
    names, more = named(name for person in people for name in _names(person) if name)
    said = withdrawal(told(element, "comment"), abstract) if arxiv_id else in_title(title)
    keywords = "; ".join(filter(None, map(text_of, element.iterfind(f"./{kind.keywords}"))))
    extra = {"venue": told(element, kind.venue), "keywords": keywords}
    return {
        "title": title,
        "abstract": abstract,
        "url": url,
        **_when(element, kind),
        "authors": names,
        "doi": doi,
        "arxiv_id": arxiv_id,
        "retraction": f"{source}: {said}" if said else None,
        "extra": {ours: text for ours, text in extra.items() if text} | more,
    }


def _abstract(element: Element, path: str) -> str:
    """The first abstract that is one, its sections after empty lines, each behind its heading."""
    for found in element.iterfind(f"./{path}"):
        if not _NO_ABSTRACT.search(found.get("abstract-type", "")):
            return "\n\n".join(_sections(found))
    return ""


def _sections(element: Element) -> Iterator[str]:
    heading = told(element, "title")
    label = "" if re.fullmatch(r"(?i)abstract|summary|", heading) else f"{heading.rstrip(':.')}: "
    if not any(child.tag in ("p", "sec") for child in element):
        yield label + text_of(element)
        return
    for child in element:
        if child.tag in ("p", "sec"):
            for text in _sections(child) if child.tag == "sec" else [text_of(child)]:
                yield label + text
                label = ""


def _is_author(person: Element) -> bool:
    """True but for those who are something else, such as editors."""
    roles = {text_of(role).lower() for role in person.iterfind("./role/roleTerm")}
    return person.get("contrib-type", "author") == "author" and (
        not roles or not roles.isdisjoint({"author", "aut", "creator"})
    )


def _names(person: Element) -> list[str]:
    """The name of a person; EndNote has several in one, a line each."""
    lines = by_lines("".join(person.itertext())) if all(part.tag == "style" for part in person) else []
    return lines if len(lines) > 1 else [_name(person)]


def _name(person: Element) -> str:
    person = _in_english(person)
    given, family, suffix, whole = (
        next(filter(None, (told(person, path) for path in paths)), "") for paths in (_GIVEN, _FAMILY, _SUFFIX, _WHOLE)
    )
    return joined([given, family, suffix]) if family else whole or text_of(person)


def _in_english(person: Element) -> Element:
    """The one of a person's names in several languages that is English, or else the first; a person without, as it is.

    All parts of a name are of one of them: a family name in Chinese has no given name in English.
    """
    names = [name for path in _ALTERNATIVES for name in person.iterfind(f"./{path}/*")]
    english = [name for name in names if name.get(_LANGUAGE, "").startswith("en")]
    western = [name for name in names if name.get("name-style") == "western"]
    return next(iter(english or western or names), person)


def _when(element: Element, kind: _Kind) -> dict[str, object]:
    """The first day that is a whole one, or else the first that is any."""
    days = [found for path in kind.days for day in element.iterfind(f"./{path}") if (found := _day(day, element))]
    return next((day for day in days if not day.get("published_inferred")), days[0] if days else {})


def _day(day: Element, element: Element) -> dict[str, object]:
    def part(name_: str) -> str:
        return day.get(name_, "") or told(day, name_)

    year = part("year") or told(element, "dates/year")  # of EndNote's "Mar 5"
    if re.fullmatch(r"\d{4}", part("year")):
        return on(int(year), month_of(part("month")), int(part("day")) if re.fullmatch(r"\d\d?", part("day")) else None)
    text = text_of(day)
    found = dated(text if re.search(r"\d{4}", text) else f"{text} {year}")
    return found if "published" in found else {}
