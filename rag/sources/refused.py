"""Files of known kinds that are not read: what they are, and what their program writes that is."""

from __future__ import annotations

import re

from rag.sources.fields.identifiers import arxiv_id_of, bare_doi

_INSTEAD: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<rdf:RDF"), "is RDF, which is not read; export BibTeX, RIS, CSL JSON or CSV (Zotero has all four)"),
    (re.compile(r"(?m)^<\d+>\s*$[\s\S]{0,400}?^(?:Unique Identifier|Accession Number|Title\b|(?:UI|AN|VN|TI) {1,3}- )"),
     "is Ovid's text of citations, which is not read; export RIS, .nbib or CSV from Ovid"),
    (re.compile(r"(?m)^(?:_{20,}\s*)?(?:Document|Report Information from ProQuest|Database copyright)"
                r"\b.{0,80}(?:\d+ (?:of|from) \d+|ProQuest)"),
     "is ProQuest's text, which is not read; export RIS or CSV from ProQuest"),
    (re.compile(r"(?m)^(?:<RECORD \d+>|Accession number: ?\d{8,})"),
     "is Engineering Village's text, which is not read; export RIS, BibTeX or CSV from there"),
    (re.compile(r"(?m)^(?:Scopus$|EXPORT DATE:)"),
     "is Scopus's text, which is not read; export RIS, BibTeX or CSV from Scopus"),
    (re.compile(r"(?m)^Record #\d+ of \d+\s*$"),
     "is Cochrane's text of citations, which is not read; export RIS or CSV from there"),
    (re.compile(r"(?m)^\{(?:Reference Type|Title)\}: "),
     "is NoteExpress's text, which is not read; export RIS or BibTeX"),
    (re.compile(r"(?m)^Record: ?\d+\s*$"), "is EBSCO's text, which is not read; export RIS or CSV from EBSCO"),
    (re.compile(r"(?m)^ERIC Number: ?E[DJ]\d"), "is ERIC's text, which is not read; export RIS or .nbib from ERIC"),
    (re.compile(r"\A(?:[A-Z][\w-]+: .*\n(?:[ \t].*\n)*){0,30}(?:From|Subject|To): .*\n"
                r"(?:[A-Z][\w-]+: .*\n(?:[ \t].*\n)*){2}"),
     "is a mail, which is not read; save what it brings: a file of papers, or their titles and abstracts alone"),
    (re.compile(r"(?m)^PMID: ?\d{4,9}\b"), "is text copied from PubMed; save it there in the format PubMed (.nbib)"),
    (re.compile(r"<feed\b[^>]{0,500}Atom"),
     "is a feed in Atom, which is not read; give the papers of arXiv by their ids (arxiv:2310.03744)"),
    (re.compile(r"(?m)^1: .{10,200}(?:PubMed|PMID)"),
     "is PubMed's summary, which has no abstracts; save PubMed (.nbib) or Abstract"),
)  # fmt: skip
_SAVE = "save the page itself as HTML, or export BibTeX, RIS or CSV there"
# Text that was copied from a page: a title, people and buttons stand in it on lines that nothing tells apart.
_COPIED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?m)^.{0,40}\bCited by \d+\s+Related articles\b"),
     "is text of Google Scholar's results, which has only the beginnings of abstracts; export BibTeX or RIS there"),
    (re.compile(r"(?m)^\[?pdf\]?\s{0,3}\[?bib\]?(?:\s{0,3}\[?abs\]?)?\s*$"),
     "is text copied from the ACL Anthology, in which titles and people run together; save the page itself as HTML, or "
     "export BibTeX there"),
    (re.compile(r"(?m)^(?:[\w-]+\.)+[a-z]{2,20} › "),
     "is text of a search engine's results, which has only the beginnings of what it found; give the papers by their "
     "ids (arxiv:2310.03744, doi:10.1000/xyz)"),
    (re.compile(r"(?m)^Year: ?\d{4} ?\|.{0,200}\| ?Publisher: ?\S"),
     "is text copied from IEEE Xplore's results, in which titles, people and buttons run together; export BibTeX, RIS "
     "or CSV with abstracts there"),
    *((re.compile(signs), f"is text copied from {site}, in which titles, people and buttons run together; {instead}")
      for signs, site, instead in (
        (r"(?m)^(?:Anthology ID:|Cite \(\w+\):|.{0,200} aclanthology\.org ›)", "the ACL Anthology", _SAVE),
        (r"(?m)^(?:Official (?:Review|Comment) |(?:Readers: )?Everyone\s*$)|Last Modified:.{0,200}\bReaders:",
         "OpenReview", _SAVE),
        (r"(?m)^(?:(?:Semantic Scholar )?Corpus ID: ?\d|TLDR\s*$)", "Semantic Scholar", _SAVE),
        (r"(?m)^(?:\d+\s*)?Full Text Views\s*$", "IEEE Xplore", _SAVE),
        (r"(?m)^Authors Info & Claims\b|^Total Citations\b", "the ACM Digital Library", _SAVE),
        (r"(?m)^Explore all metrics\s*$|^\d[\d,k]* Accesses\s*$", "SpringerLink", _SAVE),
        (r"(?m)^Date Written:|\bPages Posted:", "SSRN", _SAVE),
        (r"(?m)^View ORCID Profile|not been certified by peer review", "bioRxiv or medRxiv", _SAVE),
        (r"Discover the world'?s research", "ResearchGate", _SAVE),
        (r"(?m)^AUTHOR NAMES\s*$", "Embase", "export RIS or CSV from there"),
        (r"\[\[?pdf\]\([^\n]{0,300}\)|(?m:^Authors: \[)", "arXiv with its links", "save the page itself as HTML"))),
)  # fmt: skip
_XML = re.compile(r"<([A-Za-z][\w:.-]{0,60})")  # the first element; what is hidden begins otherwise
_YAML = re.compile(
    r"\ufeff?\s*(?:---\s*\n)?(?:(?:references|papers|items):\s*\n\s*)?- (?:title|id|doi|author|abstract): ?\S"
)
_MARKDOWN = re.compile(r"(?m)^#{1,6} \S")
_LEAD_CHARS = 5_000
_LABEL = re.compile(
    r"(?m)^(?:[ \t]{0,8}|\"(?=[\w ]{2,30}\",))(author information|authors?|title|abstract|doi|pmid|pmcid|source"
    r"|publication(?: (?:info|date|title|type|year))?"
    r"|keywords?|subjects?|issn|isbn|language|document type|accession number|database|affiliations?|publisher"
    r"|volume|url|author (?:keywords|names)"
    r"|year of publication|correspondence address)(?:\s?[:=]|\",)",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"(?m)^(?:[A-Z][A-Z0-9]{1,3} {0,3}- |%[A-Z0-9] |[A-Z][A-Z0-9] {1,3}\S)")


# Where a reference begins: numbered, or with the first person as an index has it. A list has a year in each.
_REFERENCE = re.compile(
    r"(?m)^\s*(?:(?:\[\d{1,3}\]|\d{1,3}\.)\s+[A-Z]|[^\W\d_][\w'’-]+(?: [\w'’-]+)?, (?:[A-Z]\.|[A-Z]\w+[.,]))"
)
_LONGEST_REFERENCE = 200  # characters of a line that has no year in it
_YEAR = re.compile(r"\b(?:19|20)\d\d[a-z]?\b")


def _are_references(head: str) -> bool:
    lines = sum(bool(line.strip()) for line in head.split("\n"))
    if any(len(line) >= _LONGEST_REFERENCE and not _YEAR.search(line) for line in head.split("\n")):
        return False
    begun = len(_REFERENCE.findall(head))
    return begun > 0 and 4 * begun >= lines and len(_YEAR.findall(head)) >= begun


def instead_of(head: str) -> str | None:
    """What a file that begins so is and what to give instead, or None where it is of no kind that is known here."""
    if told := copied_from(head):
        return told
    head = head[:_LEAD_CHARS]
    if told := next((said for pattern, said in _INSTEAD if pattern.search(head)), None):
        return told
    lines = head.split()
    if lines and all(bare_doi(line) or arxiv_id_of(line) for line in lines[:50]):
        return f"is a list of numbers of papers, which is not read; give them themselves, such as {_spec(lines[0])}"
    if _YAML.match(head):
        return "is YAML, which is not read; give JSON, or export BibTeX, RIS or CSL JSON"
    if _are_references(head):
        return (
            "is a list of references as a style prints them, which has no abstracts and is not read; export BibTeX "
            "or RIS from where it was made, or give a DOI of it (doi:10.1000/xyz)"
        )
    if looks_tagged(head):
        return (
            "is of no known format: its fields have labels or tags of a kind that is not read; export RIS, BibTeX or "
            "CSV from where it was made, or write JSON lines (title, abstract, authors)"
        )
    if _MARKDOWN.search(head):
        return (
            "is Markdown, of which only tables are read; leave out the # before titles and keep a blank line between "
            "each title and its abstract, or give JSON lines"
        )
    if head.lstrip("\ufeff \t\r\n").startswith("<?xml") and (root := _XML.search(head)) and root[1] != "html":
        if root[1] == "OAI-PMH":
            return ("is an answer of OAI-PMH with no records of a kind that is read; ask it for oai_dc or arXiv "
                    "(metadataPrefix=oai_dc)")  # fmt: skip
        return f"is XML of <{root[1]}>, which is not read; export BibTeX, RIS, CSV or PubMed's XML"
    return None


def _spec(number: str) -> str:
    arxiv_id = arxiv_id_of(number)
    return f"arxiv:{arxiv_id}" if arxiv_id else f"doi:{bare_doi(number)}"


def copied_from(head: str) -> str | None:
    """What a text is that was copied from a page and cannot be read, and what to give instead; None for any other."""
    return next((said for pattern, said in _COPIED if pattern.search(head)), None)


def looks_tagged(head: str) -> bool:
    """True for text whose lines say by tags or labels what they are: no listing page, whatever else it is."""
    labels = {label.lower() for label in _LABEL.findall(head)}
    tags = _TAGGED.findall(head)
    return len(labels) > 2 or (len(tags) > 3 and len(set(tags)) > 2)
