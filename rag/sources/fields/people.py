"""Names of people in the order in which they are spoken."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence

from rag.model import MORE_AUTHORS
from rag.sources.fields.degrees import CAPITAL, INITIALS, without_degrees
from rag.sources.fields.nothing import says_nothing

_AND = re.compile(r"\s*,?\s+(?:and|&)\s+|\s+&amp;\s+", re.IGNORECASE)
_OTHER_BORDER = re.compile(r"[|/&]|\band\b", re.IGNORECASE)
_FIRST_AND = re.compile(r"^\s*(?:and|&)\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|\d(?:nd|rd|th))\.?", re.IGNORECASE)
_MORE = re.compile(
    r"(?:[,;|]|\band\b|&)?\s*(?:\bet[ .]*al\b\.?(?:\s*\([^()]{0,60}\))?"
    r"|(?:\band|&)\s+(?:\d+\s+)?(?:others|colleagues|more(?:\s+authors)?)\b\.?"
    r"|^\s*(?:(?:\d+\s+)?others|\d+\s+more(?:\s+authors)?)\s*$"
    r"|\bu\.\s?a\.|\(?\+\s?\d+ (?:more|authors|more authors)\)?|…|\.\.\.)[\s,;.]*$",
    re.IGNORECASE,
)
_ENDS_TURNED = re.compile(rf"\s(?:{CAPITAL}[.-]?){{1,4}}$")
_MORE_ENDS = (
    "al",
    "AL",
    "Al",
    "others",
    "more",
    "colleagues",
    "OTHERS",
    "Others",
    "…",
    "u.a",
    "u. a",
    "authors",
    "shown",
)
# In the middle of a list: "A. Owl, B. Fox, … Z. Elk".
_LEFT_OUT = re.compile(r"([,;&])\s*(?:…|\.\.\.)\s*[,;&]?\s*(?:and\s+)?(?=\w)")
_HAS_SUFFIX = re.compile(r"\b(?:jr|sr|ii|iii|iv|\d(?:nd|rd|th))\b", re.IGNORECASE)
_NUMBERED = re.compile(r"[(\[<^0-9¹²³⁰-⁹*†‡§]")
_BESIDE = re.compile(r"\s*\([^()]{0,200}\)")
_ORGANISATION = re.compile(
    r"\b(?:group|team|university|institute|centre|center|department|ministry|society|association|consortium|committee|council"
    r"|collaboration|network|lab|laboratory|agency|academy|school|office|inc|ltd|gmbh|corporation|company|the|of|for|und)\b",
    re.IGNORECASE,
)
# ORCIDs, the numbers that Scopus gives, the marks of affiliations, the numbers by which DBLP tells namesakes apart.
_NUMBERS = re.compile(
    r"\s*(?:[(\[](?:https?://orcid\.org/|ORCID:?\s*)?|/)\d{4}-\d{4}-\d{4}-\d{3}[\dX][)\]]?|\s*<[^<>@]{0,100}@[^<>]{0,100}>"
    r"|(?<=[a-zß-ÿ])\d{1,2}(?:,\s?\d{1,2})*(?=\s*(?:$|[,;|&]|\band\b))|\^\(?[\d,*†‡ -]+\)?|"
    r"\s*\(\d{5,}\)|\s*\((?:\d{1,2}|[a-z])(?:,\s?(?:\d{1,2}|[a-z]))*\)"
    r"|(?<=\w) \d{4}(?=\s*(?:$|[,;|]|\band\b))|[¹²³⁴-⁹⁰*†‡§]+",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:(?:authors?|creators?)\s*:|by\s(?=\S+ \S))\s*"
    r"|(?:(?<=^)|(?<=[;,|] )|(?<=\band ))(?:(?:Prof|Dr)\.?\s+)+(?=[A-Z])",
    re.IGNORECASE,
)
# NumPy has no commas between the items of a list.
_ARRAY = re.compile(r"(?:array\()?(\[\s*['\"].*['\"]\s*\])(?:,\s*dtype=\w+\))?", re.DOTALL)
_OTHER_MARKS = str.maketrans("；、，", ";;;")
_GLUED = re.compile(r"(?<=[^\W\d_A-Z])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLa)(?<!\bLe)(?<!\bVan)(?=[A-Z])")

MORE = MORE_AUTHORS


def spoken(name: str) -> str:
    """ "Marx, Karl" as "Karl Marx", "King, Jr., Martin Luther" as "Martin Luther King Jr."; other names as they are."""
    if "," not in name:
        return " ".join(name.split())
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(parts) and not _HAS_SUFFIX.search(name):
        return " ".join(f"{parts[1]} {parts[0]}".split())
    if len(parts) == 2 and all(parts) and not _SUFFIX.fullmatch(parts[1]):
        for at in (0, 1):  # "King Jr., Martin" and "King, Martin Jr."
            rest, _, suffix = parts[at].rpartition(" ")
            if rest and len(suffix) < 5 and _SUFFIX.fullmatch(suffix):
                return f"{parts[1]} {rest} {suffix}" if at == 0 else f"{rest} {parts[0]} {suffix}"
        return " ".join(f"{parts[1]} {parts[0]}".split())
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]) and " " in parts[0]:
        return " ".join(f"{parts[0]} {parts[1]}".split())
    if len(parts) == 3 and all(parts):
        family, second, third = parts
        given, suffix = (third, second) if _SUFFIX.fullmatch(second) else (second, third)
        if _SUFFIX.fullmatch(suffix):
            return f"{given} {family} {suffix}"
    return " ".join(name.split()).strip(" ,") if name.endswith((",", " ")) else " ".join(name.split())


def joined(parts: Sequence[object]) -> str:
    """The name whose parts stand in the order of speech; parts that are blank or no text are left out."""
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


def named(values: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """The people in these fields of a source, each of one name or of several, and what is in `extra` of those left out.

    Those who are named twice count once.
    """
    names: list[str] = []
    more = False
    for value in values:
        more = more or says_more(value)
        names += several(value)
    unique = [name for name in dict.fromkeys(names) if not says_nothing(name) and "@" not in name]
    return unique, ({MORE: "et al."} if more and unique else {})


def says_more(text: str) -> bool:
    """True for "et al.", "and others" and the like at the end of a list of names, or three dots within it."""
    tail = text[-100:]
    if ("…" in text or "..." in text) and _LEFT_OUT.search(text):
        return True
    ends = tail.rstrip(" \t\r\n,;.)").endswith(_MORE_ENDS) or "..." in tail[-20:]
    return ends and _MORE.search(tail) is not None


def only_more(name: str) -> bool:
    """True for "et al.", "others" and the like in the place of a name."""
    return len(name) < 30 and says_more(name) and not _bare(name)


def several(value: str) -> list[str]:
    """The names in a field that is made for one: mostly one, and where it is plain, all of a list."""
    if value.lstrip()[:1] == "[":
        return listed(value)
    text = _bare(value)
    if not text or says_nothing(text):
        return []
    commas = text.count(",")
    if ";" in text or "|" in text or "\n" in text:
        return listed(text)
    people = _AND.split(text)
    if len(people) > 1 and not _ORGANISATION.search(text):
        if all(person.count(",") == 1 or (not commas and 2 <= len(person.split()) <= 4) for person in people):
            return [spoken(person) for person in people]
        return listed(text)
    pieces = [piece.strip() for piece in text.split(",")]
    if commas > 1 and not any(map(_SUFFIX.fullmatch, pieces)) and not _ORGANISATION.search(text):
        return listed(text)
    if commas:
        return [spoken(text)]
    return [_turned(text) if re.search(r"\.$|[A-Z]{2}$", text) else spoken(text)]


def listed(text: str, *, glued: bool = False) -> list[str]:
    """The names in a line of them, however they are set apart: semicolons, bars, "and", commas, slashes, lines, JSON.

    "Owl, Ann; Fox, Bo", "Owl, Ann and Fox, Bo", "Owl, A., Fox, B." and "Ann Owl, Bo Fox and Cy Elk" are all read. Where
    commas could mean either, two names of several words each are two people, and else "Marx, Karl" is one. Family names
    before initials ("Owl A, Fox B") are turned where all are. With `glued` nothing at all stands between two names.
    """
    if (given := _of_code(text)) is not None:
        return given
    text = _bare(text)
    if says_nothing(text):
        return []
    if glued and not re.search(r"[,;|]", text):
        return [" ".join(name.split()) for name in _GLUED.split(text) if name.strip()]
    for border in (";", "|", " • ", " · "):
        if border in text:
            return turned_all(_each([piece for piece in text.split(border) if piece.strip(" ,.")]))
    lines = [line.strip().rstrip(",") for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and not any(re.search(r"(?i)\band$|^and\b", line) for line in lines):
        return [name for line in lines for name in several(line)]
    if "/" in text and all(part.strip() for part in text.split("/")):
        return [spoken(name) for name in text.split("/")]
    return _by_commas(" ".join(text.split()))


def _each(pieces: Sequence[str]) -> list[str]:
    """The names in the pieces of a list: one in each, or more where another mark stands between them as well."""
    commas_each = {piece.count(",") for piece in pieces}
    if len(commas_each) == 1 and max(commas_each) < 2 and not _OTHER_BORDER.search(" ".join(pieces)):
        return [spoken(piece) for piece in pieces]
    names: list[str] = []
    spoken_order = any("," not in piece and _two_words(piece) for piece in pieces)
    for piece in pieces:
        piece = _FIRST_AND.sub("", piece)
        commas = piece.count(",")
        people = _AND.split(piece) if _AND.search(piece) else ()
        several_ = (
            ("|" in piece or " / " in piece)
            or (len(people) > 1 and all(one.count(",") == 1 or _two_words(one) for one in people))
            or (commas > 1 and not any(_SUFFIX.fullmatch(part.strip()) for part in piece.split(",")))
            or (commas == 1 and spoken_order and all(map(_two_words, piece.split(","))))
        )
        names += listed(piece) if several_ and not _ORGANISATION.search(piece) else [_turned(spoken(piece))]
    return names


def _two_words(text: str) -> bool:
    return 2 <= len(text.split()) <= 4 and "," not in text and not _ORGANISATION.search(text)


def _by_commas(text: str) -> list[str]:
    people = [name for name in _AND.split(text.strip()) if name.strip()]
    if len(people) > 1 and all(name.count(",") == 1 for name in people):
        return [spoken(name) for name in people]
    pieces = [piece.strip() for name in people for piece in name.split(",") if piece.strip()]
    pairs = len(pieces) > 1 and len(pieces) % 2 == 0
    if pairs and all(map(INITIALS.fullmatch, pieces[1::2])):
        return [f"{given} {family}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if pairs and len(pieces) > 2 and len(people) == 1 and not any(" " in piece for piece in pieces):
        return [f"{given} {family}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(people) == 1 and (
        (len(pieces) == 2 and not all(" " in piece for piece in pieces))
        or (len(pieces) == 3 and any(map(_SUFFIX.fullmatch, pieces)))
    ):
        return [spoken(people[0])]
    return turned_all([" ".join(piece.split()) for piece in pieces])


def turned_all(names: list[str]) -> list[str]:
    """The names, their initials first where all have them last: "Owl A", "Fox BC."."""
    if names and names[-1][-1:] == "." and (re.search(r"[A-Z]{2}\.$", names[-1]) or _alone_ends(names)):
        names[-1] = names[-1][:-1]  # it ends the list
    if len(names) < 2 or not _ENDS_TURNED.search(names[0]):
        return names
    turned = [_turned(name) for name in names]
    return turned if len(names) > 1 and all(new != old for new, old in zip(turned, names, strict=True)) else names


def _alone_ends(names: list[str]) -> bool:
    """True for "Owl A, Fox B.", where no other initial has a full stop."""
    return len(names) > 1 and bool(re.search(r" [A-Z]\.$", names[-1])) and not any("." in name for name in names[:-1])


def _turned(name: str) -> str:
    words = name.split()
    if len(words) < 2 or len(words) > 5 or _ORGANISATION.search(name):
        return " ".join(words)
    last = len(words) - 1
    while last > 1 and INITIALS.fullmatch(words[last - 1]):
        last -= 1
    family, initials = " ".join(words[:last]), " ".join(words[last:])
    turnable = INITIALS.fullmatch(initials) and re.search(r"[a-zß-ÿ]{1}", family) and not INITIALS.fullmatch(words[0])
    return f"{initials} {family}" if turnable else " ".join(words)


def _bare(text: str) -> str:
    """The names without what stands beside them: numbers, marks, places, degrees, and "et al."."""
    lines = (" ".join(line.split()) for line in text.translate(_OTHER_MARKS).split("\n"))
    text = "\n".join(line for line in lines if line).strip(" ,;|\n")
    if text[:1] == "[" and text[-1:] == "]" and re.search(r"[,;]", text) and "[" not in text[1:]:
        text = text[1:-1]
    if says_more(text):
        text = _MORE.sub("", _LEFT_OUT.sub(r"\1 ", text)).strip(" ;|").strip()
    text = _ROLE.sub("", text)
    if _NUMBERED.search(text):
        text = _BESIDE.sub(lambda one: "" if _ORGANISATION.search(one[0]) or "@" in one[0] else one[0], text)
        text = _NUMBERS.sub("", text)
    return without_degrees(text) if "," in text else text


def _of_code(text: str) -> list[str] | None:
    """The names in a list as JSON, Python or NumPy write it, or None where it is none."""
    if array := _ARRAY.fullmatch(text.strip()):
        text = re.sub(r"(?<=['\"])\s+(?=['\"])", ", ", array[1])
    if not text.lstrip().startswith(("[", "{", "(")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(text.strip())
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return None
    people = value if isinstance(value, list | tuple) else [value]
    names = [_of_record(each) if isinstance(each, dict) else each for each in people]
    return [spoken(name) for name in names if isinstance(name, str) and name.strip() and not says_nothing(name)]


def _of_record(person: dict[str, object]) -> object:
    if isinstance(inner := person.get("author"), dict):
        person = inner
    for name in ("name", "display_name", "literal", "full_name", "fullname"):
        if isinstance(person.get(name), str):
            return person[name]
    given = person.get("given") or person.get("first") or person.get("firstName") or person.get("forename")
    return joined(
        [given, person.get("family") or person.get("last") or person.get("lastName") or person.get("surname")]
    )
