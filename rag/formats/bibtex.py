"""Papers as BibTeX: what `cite` writes and the chat page exports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

from rag.formats.csl_item import name_parts
from rag.model import Paper, coarse_date, more_authors
from rag.text import GREEK, shown

DIGEST_NOTE = "The library holds a digest of the abstract"
INFERRED_NOTE = "The year was worked out from the page that listed it"

CITATION_KEY = "citation_key"
"""The name in `Paper.extra` of the key that a reference manager gave the paper."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\textbraceleft{}", "}": r"\textbraceright{}",  # BibTeX counts escaped braces too
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    "“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---", "…": r"\ldots{}",
    "×": r"$\times$", "±": r"$\pm$", "≤": r"$\leq$", "≥": r"$\geq$", "≈": r"$\approx$", "→": r"$\rightarrow$",
    "·": r"$\cdot$", "∞": r"$\infty$", "−": "$-$",
    # LaTeX has no macro for omicron, nor for the capitals that look like Latin ones.
    "ο": "o", "Ο": "O",
}  # fmt: skip
_LATIN_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX", strict=True))
_TEX |= {letter: rf"$\{name}$" for letter, name in GREEK.items()} | {"ς": r"$\varsigma$"}
_TEX |= {
    letter.upper(): _LATIN_CAPITALS.get(letter.upper(), rf"$\{name.capitalize()}$") for letter, name in GREEK.items()
}
_TEX |= {character: f"$^{{{n}}}$" for n, character in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_TEX |= {character: f"$_{{{n}}}$" for n, character in enumerate("₀₁₂₃₄₅₆₇₈₉")}


def bibtex(papers: Iterable[Paper]) -> str:
    """A BibTeX entry for each paper, a blank line between them; no two entries have the same key.

    The key is that of a reference manager, where one gave it, else the paper's id, without the characters that BibTeX
    does not take there, so that one paper has one key in every bibliography. Author, year and month stand where the
    library knows them; a note says where the abstract is a digest or the year was inferred.
    """
    taken: set[str] = set()
    return "\n".join(entry(paper, taken) for paper in papers)


def entry(paper: Paper, taken: set[str], *, more: Callable[[dict[str, str]], Mapping[str, str]] | None = None) -> str:
    """One entry, as in `bibtex`. `taken` are the keys of the entries before it, small, and gets this one's.

    `more` is given the fields as they are written, braces included, and gives those to write after them.
    """
    fields = _fields(paper)
    fields |= more(fields) if more else {}
    width = max(map(len, fields))
    lines = (f"  {name:<{width}} = {value},\n" for name, value in fields.items())
    return f"@misc{{{citation_key(paper, taken)},\n{''.join(lines)}}}\n"


def notes(paper: Paper) -> list[str]:
    """What a bibliography has to say of a paper beside its fields: a retraction, a digest, a year that was inferred."""
    found = [paper.retraction] if paper.retraction else []
    found += [DIGEST_NOTE] if paper.abstract_kind == "digest" else []
    return found + ([INFERRED_NOTE] if paper.published and paper.published_inferred and not coarse_date(paper) else [])


def tex(text: str) -> str:
    """`text` as LaTeX that prints it: special characters escaped, LaTeX residue of the source read first."""
    return "".join(_TEX.get(character, character) for character in shown(text))


def _fields(paper: Paper) -> dict[str, str]:
    fields = {"title": "{{" + tex(paper.title or "Untitled") + "}}"}  # doubled: styles must not change its capitals
    if paper.authors:
        fields["author"] = (
            "{" + " and ".join([*map(_author, paper.authors), *(["others"] if more_authors(paper) else [])]) + "}"
        )
    if paper.published:
        fields["year"] = f"{{{paper.published.year:04}}}"
        if not paper.published_inferred or "-" in coarse_date(paper):
            fields["month"] = _MONTHS[paper.published.month - 1]
    if paper.url:
        fields["url"] = "{" + _url(paper.url) + "}"
    if paper.doi:
        fields["doi"] = "{" + _url(paper.doi, also="<>") + "}"  # old ones of Wiley have these
    if paper.arxiv_id:
        # The second name is BibTeX's, the third biblatex's for the same.
        fields |= {"eprint": "{" + _url(paper.arxiv_id) + "}", "archiveprefix": "{arXiv}", "eprinttype": "{arxiv}"}
    if remarks := notes(paper):
        fields["note"] = "{" + tex("; ".join(remarks)) + "}"
    return fields


def _author(name: str) -> str:
    family, given, suffix = name_parts(name)
    if suffix:
        return tex(f"{family}, {suffix}, {given}")
    # BibTeX would read "and" as the border between two people, a third comma as an error, and the last word of the name
    # of an institution as that of a family.
    whole = name.count(",") > 1 or (not given and " " in name.strip())
    return f"{{{tex(name)}}}" if whole else tex(name)


def _url(url: str, *, also: str = "") -> str:
    # Inside \url every character stands for itself, but for those that would end the field or the macro.
    return re.sub(
        rf"[^!#$%&'()*+,./:;=?@\[\]~\w{also}-]", lambda odd: quote(odd[0], errors="replace"), url, flags=re.ASCII
    )


def citation_key(paper: Paper, taken: set[str]) -> str:
    """The key of a paper in a bibliography: that of its reference manager, else its id, as BibTeX takes it.

    `taken` are the keys before it, small, and gets this one; one that is taken gets a number behind it.
    """
    plain = unicodedata.normalize("NFKD", paper.extra.get(CITATION_KEY, "") or paper.id)
    stem = re.sub(r"[^A-Za-z0-9:./+_-]+", "-", re.sub(r"[^\x00-\x7f]", "", plain)).strip("-") or "paper"
    key, n = stem, 1
    while key.lower() in taken:  # BibTeX does not tell capitals from small letters in keys
        n += 1
        key = f"{stem}-{n}"
    taken.add(key.lower())
    return key
