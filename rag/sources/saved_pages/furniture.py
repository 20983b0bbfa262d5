"""What stands on a page beside its papers: buttons, labels, counts, dates, the names of sections, and people."""

from __future__ import annotations

import re

from rag.sources.saved_pages.page_dates import parse_date

# A line of nothing but these words, numbers and marks is a button, a count or a heading, and no title.
_WORDS = frozenset(
    """
    a about abstract abstracts accept accepted access accesses acknowledgements acknowledgments acm actions add
    additional advertisement affiliation affiliations aim aims alert alerts all also altmetric altmetrics and
    anthology appendices appendix article articles arxiv ask at author authors availability available back
    background being best bib bibliography bibtex biographies blog bookmark bookmarks browse browser buttons buy by
    call chapter chat choice citation citations cite cited cites claims close code collapse collection collections
    comment comments communication communications competing conclusion conclusions conference conflict
    conflict-of-interest conflicts connected contact content contents contribution contributions contributors cookie
    cookies copied copy copyright corpus correspondence corresponding create current daily data dataset datasets
    date dates day deadline deadlines declaration declarations description details disclosure disclosures discover
    discovered discussion display doi download downloads edit editor editor's editorial editors elsevier email embed
    endnote english entry ethics everyone expand experimental explore export extended facebook favorite favorites
    favourite favourites feedback figure figures file files findings first fix follow footnotes for form format free
    from full funding future get github go google graphical have help highlights history home html http https id
    ieee image images important in index info information institution interest interests interpretation introduction
    issn issue issues item joint journal jump key keyphrases keyword keywords language last latest length letter
    letters level library licence license like limitations link linked linkedin links list lists loading log login
    main manage markdown material materials mendeley menu message metadata method methodology methods metric metrics
    modified month months more most my name navigate navigation new news newsletter next no not notes objective
    objectives of official on online open openreview options or orcid ordered original other others our overlay
    overview page pages panel paper papers part pdf pdfs peer people permalink permanent permissions posted poster
    posters posts preprint preprints presentation presented press preview previous print printed privacy proceedings
    process profile profiles ps publication publications publish published publisher purchase purpose quality query
    quick read readers reading received recommended record records reddit reference references refworks register
    related replication reply report reports repository reprints request research result results review reviewed
    reviews revised revision revisions rights ris rss save scholar scopus search section sections see select
    semantic send settings share short show shown sign significance similar site skip slides software sort sorted
    source sources springer ssrn standard statement statements statistics stats status subject subjects submission
    submissions submit subscribe subscription suggested summary supplement supplemental supplementary supporting
    synopsis table tables tags text textual the their this through title tldr to tool tools top topic topics total
    track translate trending type up update updated updates upvote upvotes url usage use used using venue version
    versions via video videos view viewed views visit vol volume we web website weekly wiley work works wos written
    xml year years you your zip zotero tl dr week weeks
    """.split()
)  # fmt: skip
_LABELS = frozenset(
    """
    accepted accession address affiliation affiliations anthology author authors citation citations cite cited cites
    classification comments conference copyright corpus correspondence date dates doi editor editors email funding
    id isbn issn journal keyword keywords language license material modified month pages pdf pmid posted published
    publisher readers received revised status subject subjects submitted suggested summary tags url venue volume
    year tldr tl dr
    """.split()
)  # fmt: skip
"""One of these is among the words of a label, beside those above."""

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH = re.compile(rf"{_MONTHS}\.?", re.IGNORECASE)
_NUMBERING = re.compile(r"\A(?:[IVX]{1,4}|[0-9]{1,2}(?:\.[0-9]{1,2})*)\.?\s+(?=[A-Za-z])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS = re.compile(
    r"\S*(?:https?://|www\.)\S+|(?:doi\s?:?\s*)?10\.\d{4,9}/\S+|arxiv:\s?\S+(?: \[\S+\])?", re.IGNORECASE
)
# Where in a journal a paper stands: "Ponds 3(1):1-12", "3:1-12, 2021", "pp. 1-12", "Volume 3, Issue 1".
_PLACE = re.compile(
    r"\b\d+\s?\(\d+\)\s?:\s?\w+|\b\d+:\s?\d+\s?[-–—]\s?\d+|\bpp?\.\s?\d+|\bvol(?:ume)?\.?\s?\d+\b|\bissn\b"
    r"|\bpages? \d+",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([A-Za-z][A-Za-z&/ ();'’-]{1,40}?)\s?:(?:\s|$)")
_CRUMBS = re.compile(r"\s[›»|]\s.*\s[›»|]\s")
_SITUATION = re.compile(r"(?:part of|published in|presented at|in proceedings of|posted)\b.{0,200}\d", re.IGNORECASE)
_ABSTRACT = re.compile(
    r"\W*(?:abstract|summary|zusammenfassung|resumen|résumé|resumo|riassunto|摘要|抄録|要旨|초록|аннотация)\W*",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"\W{0,3}(?:abstract|summary|摘要|抄録|要旨|초록|аннотация)\*{0,2}\s?[:：.—–]\*{0,2}\s*(?=\S)|Abstract(?=[A-Z])",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\s*(?:title|paper(?: \d{1,4})?)\s?:\s*", re.IGNORECASE)
_PART = re.compile(
    r"\W*((?:background|objectives?|aims?|purpose|(?:materials? and |patients and )?methods?|results|findings"
    r"|conclusions?|interpretation|significance|discussion|motivation|setting|design)(?: and \w+)?)\W*",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"\W*tl;?dr\W*", re.IGNORECASE)
_INSTITUTION = re.compile(
    r"\b(?:universit|institut|department|laborator|school|college|hospital|cent(?:er|re)\b|academy|faculty|inc\b|corp"
    r"|polytechni|hochschule|research\b|labs?\b)",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\s*(?:by|authors?(?: names?)?|view orcid profile)\s?:?\s+(?=\S)", re.IGNORECASE)
# Of several words of people most begin with a capital: a line with four other words at once is none.
_CAPITALS = re.compile(r"(?!(?:\S+\s+){0,8}?(?:[a-z]\S*\s+){4})")
_PEOPLE_LABEL = re.compile(r"\s*authors?\s?:\s*", re.IGNORECASE)
_MARKS = re.compile(r"(?<=[^\W\d_])[\d*†‡§¶]+(?:,[\d*†‡§¶]+)*|\s[a-f0-9](?:,[a-f0-9])*(?=\s*(?:[,;|&]|$))")
_MORE = re.compile(r",?\s*(?:\+\s?\d+ (?:more|others?|authors?)|et al\.?|and \d+ (?:more|others))\s*$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"(?<=\w)\s*\(([^()]{2,80})\)")
# "A Owl, B Fox - Ponds, 2021": what stands behind the dash is where it came out.
_CAME_OUT = re.compile(r"(?<=\w)…?\s[-–—]\s.{0,120}\b(?:19|20)\d\d\b.{0,60}$")
_BETWEEN = re.compile(r"\s*[,;|·•，；、]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+")
_NAME = re.compile(
    r"(?:[A-ZÀ-ÖØ-Þ][\w'’.-]*\s+)+(?:(?:van|von|der|den|de|di|da|del|la|le|el|al|bin|ibn|ten|ter|dos|du|y)\s+)*"
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]*|[\u3400-\u9fff\uac00-\ud7af]{2,4}"
)


def is_labelled(text: str) -> bool:
    """True for a label and what it says, such as "Keywords: heron"."""
    label = _LABEL.match(" ".join(text[:200].split()) + " ")
    words = [word.lower() for word in _WORD.findall(label[1])] if label else []
    return not _LABELS.isdisjoint(words) and _WORDS.union(_LABELS).issuperset(words)


def is_no_title(text: str) -> bool:
    """True for a button, a count, a date, the name of a section or a place in a journal."""
    line = " ".join(text.split())
    if len(line) > 200:
        return False
    if _TITLE.match(line):
        return False
    if line.endswith((":", ",")) or not _WORD.search(line) or _ADDRESS.fullmatch(line) or _is_dated(line):
        return True
    if _PLACE.search(line) or _SITUATION.fullmatch(line) or _CRUMBS.search(line):
        return True
    return len(line) <= 80 and _are_words(_NUMBERING.sub("", line))


def _is_dated(line: str) -> bool:
    return parse_date(line) is not None or (
        bool(re.search(r"\d", line))
        and not _WORD.search(_MONTH.sub(" ", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", line)))
    )


def _are_words(line: str) -> bool:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(line)]
    return all(
        word in _WORDS or _MONTH.fullmatch(word) or word.rstrip("s") in ("kb", "mb", "pp", "k")
        or all(part in _WORDS for part in re.split(r"['-]", word) if len(part) > 1)
        for word in words
    )  # fmt: skip


def begins_abstract(text: str) -> bool:
    """True for a line that says that the abstract follows."""
    return bool(_ABSTRACT.fullmatch(text))


def inline_abstract(text: str) -> str | None:
    """What follows "Abstract:" in a text that begins so, or None."""
    found = _INLINE.match(text)
    return text[found.end() :] if found else None


def part_of_abstract(text: str) -> str | None:
    """The name of a part of an abstract that a line is, such as "Methods", or None."""
    found = _PART.fullmatch(_NUMBERING.sub("", text.strip())) if len(text) < 60 else None
    return found[1] if found else None


def begins_summary(text: str) -> bool:
    """True for a line that says that a summary by a model follows, and no abstract."""
    return bool(_SUMMARY.fullmatch(text))


def begins_people(text: str) -> bool:
    """True for a line that says that people follow."""
    return bool(re.fullmatch(r"\W*authors?\W*", text, re.IGNORECASE))


def is_institution(text: str) -> bool:
    """True for a line that names where somebody works."""
    return len(text) <= 150 and bool(_INSTITUTION.search(text))


def is_called_title(text: str) -> bool:
    """True for a title with the label before it that says so."""
    return _TITLE.match(text) is not None


def bare_title(text: str) -> str:
    """The title without the label before it."""
    return _TITLE.sub("", text, count=1)


def people_in(text: str, *, fewest: int = 2) -> str | None:
    """The people whom a line names and nothing else, as a list with commas, or None where it is no such line.

    Fewer than two are only told from a title where something else says so: a label, or what stands around them.
    """
    line = " ".join(text.split())
    if len(line) > 2_000 or (len(line) > 60 and not _CAPITALS.match(line)):
        return None
    labelled = _PEOPLE.match(line) or _PEOPLE_LABEL.match(line)
    bare = line[labelled.end() :] if labelled else line
    bare = _IN_BRACKETS.sub(lambda found: "" if is_institution(found[1]) else found[0], bare)
    if (came_out := _CAME_OUT.search(bare)) and re.match(r"[A-Z]{1,3} ", bare):
        bare, fewest = bare[: came_out.start()], 1
    more = _MORE.search(bare)
    names = [name for name in _BETWEEN.split(_MARKS.sub("", bare[: more.start()] if more else bare)) if name]
    if labelled and _PEOPLE_LABEL.match(line):
        return bare
    if (len(names) < fewest and not labelled and not more) or not names:
        return None
    if not all(len(name) <= 60 and len(name.split()) <= 6 and _NAME.fullmatch(name) for name in names):
        return None
    return ", ".join([*names, *(["et al."] if more else [])])
