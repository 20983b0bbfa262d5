"""What stands beside the names of people in their fields: degrees, places, numbers, roles, and that there are more."""

from __future__ import annotations

import re

from rag.sources.fields.markup import without_markup
from rag.text.names import ORGANISATION

CAPITAL = r"[^\W\d_a-z]"
"""A letter that is not small, in any script."""

INITIALS = re.compile(
    rf"(?:{CAPITAL}[.]?-?{CAPITAL}?[.][ -]?){{1,4}}|{CAPITAL}{{1,3}}|(?:{CAPITAL}[ -]){{1,3}}{CAPITAL}\.?"
)
"""Initials alone: "A.", "A.-B.", "AB", "A B"."""

_DEGREE = re.compile(
    r"(?:ph\.?\s?d|d\.?phil|m\.?sc|b\.?sc|mph|dr\.?ph|mbbs|mbchb|pharm\.?d|ed\.?d|psy\.?d|dvm|frcp|mba|(?-i:Dr|Prof))\.?",
    re.IGNORECASE,
)
# These may be initials as well: "Owl, MD".
_PERHAPS_DEGREE = re.compile(r"M\.?D\.?|M\.?A\.?|M\.?S\.?|B\.?A\.?|B\.?S\.?|RN|DO|PT")
_BETWEEN = re.compile(r"([;|\n]|\s+(?:and|&)\s+)", re.IGNORECASE)
_MORE = re.compile(
    r"(?:[,;|]|\band\b|&)?\s*\[?(?:\bet[ .]*al\b\.?(?:\s*\([^()]{0,60}\))?"
    r"|(?:\band|&)\s+(?:\d+\s+)?(?:others|colleagues|more(?:\s+authors)?)\b\.?"
    r"|^\s*(?:(?:\d+\s+)?others|\d+\s+more(?:\s+authors)?)\s*$"
    r"|(?<=[\s,;])等|^等|\bu\.\s?a\.|\(?\+\s?\d+ (?:more|authors|more authors)\)?|…|\.\.\.)[\s,;.\]]*$",
    re.IGNORECASE,
)
_MORE_ENDS = (*"al AL Al others more colleagues OTHERS Others … u.a authors shown 等".split(), "u. a")
# In the middle of a list: "A. Owl, B. Fox, … Z. Elk".
_LEFT_OUT = re.compile(r"([,;&])\s*(?:\(?(?:…|\.\.\.)\)?|\+\s?\d+ (?:more )?authors?\b)\s*[,;&]?\s*(?:and\s+)?(?=\w)")
_RAISED_NUMBERS = re.compile(r"\$\^\{?[\d,*†‡ ]+\}?\$")
_NUMBERED = re.compile(r"[(\[<^0-9¹²³⁰-⁹*†‡§✉♦♣♠#]")
_MARK = r"(?:\d{1,2}|[*†‡§#]|[a-z](?![a-z]))"
_RAISED = re.compile(r"\s*<sup\b[^<>]{0,50}>[^<>]{0,50}</sup\s*>", re.IGNORECASE)
_BESIDE = re.compile(r"\s*(?:\([^()]{0,200}\)|\[[^\[\]]{0,200}\])")
_IS_BESIDE = re.compile(
    r"@|\((?:eds?\.?|editors?|hrsg\.?|hg\.?|dirs?\.|orgs?\.|coords?\."
    r"|auth(?:or)?\.?|corresponding author|deceased)\)|\((?:19|20)\d\d\)",
    re.IGNORECASE,
)
# Web of Science writes a name in short and in full: "Owl, A (Owl, Ann)".
_IN_FULL = re.compile(r"\b([^\W\d_][\w'’-]{1,40}), [^(),;]{1,30}\((\1, [^(),;]{1,60})\)")
_BEHIND = re.compile(r"([^;,|&\n()]{1,100}?) ?\(([^()]{1,200})\)(?=\s*(?:$|[,;|&\n]|and\b))")
# arXiv tells the places once, behind the last name: "Ann Owl (1), Bo Fox (2) ((1) Pond House, (2) Reed Hall)".
_PLACES = re.compile(r"\s*\(\(1\) .*\)\s*$", re.DOTALL)
# Libraries put the years of a life and what somebody did behind a name.
_LIFE = re.compile(r",\s*(?:(?:b\. ?)?\d{4}(?:-\d{4}|-|(?=\s*$))|(?:author|verfasser(?:in)?)\b)\.?", re.IGNORECASE)
# ORCIDs, the numbers that Scopus gives, the marks of affiliations, the numbers by which DBLP tells namesakes apart.
_NUMBERS = re.compile(
    r"\s*(?:[(\[](?:https?://orcid\.org/|ORCID:?\s*)?|/)\d{4}-\d{4}-\d{4}-\d{3}[\dX][)\]]?|\s*<[^<>@]{0,100}@[^<>]{0,100}>"
    r"|(?<=[a-zß-ÿ])\d{1,2}(?:,\s?\d{1,2})*(?=\s*(?:$|[,;|&]|\band\b))"
    rf"|\s?\^[({{]?{_MARK}(?:[, -]{{1,2}}{_MARK}(?![ \w]\w))*[)}}]?|\s?\[\s?{_MARK}(?:[, -]{{1,2}}{_MARK})*\s?\]"
    r"|(?<=[^\W\d]) \d{1,2}(?=\s*(?:$|[,;|&]))|,\s*\d{1,2}(?=\s*(?:$|[;|]))|"
    r"\s*\(\d{5,}\)|\s*\((?:\d{1,2}|[a-z])(?:,\s?(?:\d{1,2}|[a-z]))*\)"
    r"|(?<=\w) \d{4}(?=\s*(?:$|[,;|]|\band\b))|\s?[¹²³⁴-⁹⁰*†‡§✉♦♣♠#]+",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:authors?|creators?)\s*:|by\s(?=\S+ \S))\s*"
    r"|(?:(?<=^)|(?<=[;,|] )|(?<=\band ))(?:(?:Prof|Dr)\.?\s+)+(?=[A-Z])",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?:^|(?<=[;,] ))\(?\d{1,3}[.)]\s(?=\S)")
_OTHER_MARKS = str.maketrans("；、，؛،", ";;;;,")


def says_more(text: str) -> bool:
    """True for "et al.", "and others" and the like at the end of a list of names, or three dots within it."""
    dots = "..." in text
    if (dots or "…" in text or "+" in text) and _LEFT_OUT.search(text):
        return True
    tail = text[-100:]
    ends = tail.rstrip(" \t\r\n,;.)]").endswith(_MORE_ENDS) or (dots and "..." in tail[-20:])
    return ends and _MORE.search(tail) is not None


def bare(text: str) -> str:
    """The names without what stands beside them: numbers, marks, places, degrees, and "et al."."""
    if "<" in text or "&" in text or not text.isascii():
        text = without_markup(_RAISED.sub("", text))
    if text[:1] == "{" and text[-1:] == "}":  # of Postgres, or of BibTeX
        text = text[1:-1]
    text = _RAISED_NUMBERS.sub("", text) if "$^" in text else text
    lines = (_COUNTED.sub("", " ".join(line.split())) for line in text.translate(_OTHER_MARKS).split("\n"))
    text = "\n".join(line for line in lines if line).strip(" ,;|\n")
    if text[:1] == "[" and text[-1:] == "]" and re.search(r"[,;]", text) and "[" not in text[1:]:
        text = text[1:-1]
    if says_more(text):
        text = _MORE.sub("", _LEFT_OUT.sub(r"\1 ", text)).strip(" ;|").strip()
    text = _ROLE.sub("", text)
    if _NUMBERED.search(text):
        text = _IN_FULL.sub(r"\2", _PLACES.sub("", text))
        text = _BESIDE.sub(lambda one: "" if ORGANISATION.search(one[0]) or _IS_BESIDE.search(one[0]) else one[0], text)
        text = _BEHIND.sub(_without_place, text) if "(" in text else text
        text = _NUMBERS.sub("", text)
    return without_degrees(_LIFE.sub("", text)) if "," in text else text


def _without_place(found: re.Match[str]) -> str:
    """A name without the place or the remark in brackets behind it; "Owl, Ann (Annie)" and groups keep theirs."""
    name, said = found[1], found[2]
    remark = " " in name.strip() or " " in said or len(re.findall("[A-Z]", said)) > 1 or not said.isascii()
    return name if remark and not ORGANISATION.search(name) else found[0]


def without_degrees(text: str) -> str:
    """The names without the degrees behind them: "Owl, Ann, PhD; Bo Fox, MD" as "Owl, Ann; Bo Fox"."""
    return "".join(map(_undecorated, _BETWEEN.split(text)))


def _undecorated(text: str) -> str:
    """ "Owl, Ann, PhD" as "Owl, Ann"; "MD" and the like are degrees only behind a name that is whole."""
    pieces = text.split(",")
    said = [piece.strip() for piece in pieces]
    behind = said[1::2]
    if len(said) % 2 == 0 and all(map(INITIALS.fullmatch, behind)) and not all(map(_PERHAPS_DEGREE.fullmatch, behind)):
        return text
    kept: list[str] = []
    for piece, plain in zip(pieces, said, strict=True):
        whole = bool(kept) and (" " in kept[-1].strip() or len(kept) == 2 == len(pieces) - 1)
        if kept and (_DEGREE.fullmatch(plain) or (whole and _PERHAPS_DEGREE.fullmatch(plain))):
            continue
        kept.append(piece)
    return ",".join(kept)
