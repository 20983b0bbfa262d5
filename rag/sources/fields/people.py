"""Names of people in the order in which they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.model import MORE_AUTHORS
from rag.sources.fields.beside import CAPITAL, INITIALS, bare, says_more
from rag.sources.fields.coded import in_code
from rag.sources.fields.name_parts import EAST
from rag.sources.fields.nothing import says_nothing
from rag.text.names import ORGANISATION

_AND = re.compile(r"\s*,?\s+(?:and|&|und|et(?! al\b))\s+", re.IGNORECASE)
_OTHER_BORDER = re.compile(r"[|/&]|\band\b", re.IGNORECASE)
# These are parts of names as well, "Ortega y Gasset, José": a border only between two that are turned.
_AND_TURNED = re.compile(r"\s+[ye]\s+")
_SEVERAL_TURNED = re.compile(r"(?:[^\W\d_][\w'’ -]*, (?:[A-Z]\.[ -]?){1,4}(?<=[ .])){2,}")
_FIRST_AND = re.compile(r"^\s*(?:and|&)\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|\d(?:nd|rd|th))\.?", re.IGNORECASE)
_SUFFIX_PIECE = re.compile(rf"\n({_SUFFIX.pattern})(?=\n|$)", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:of|for)\b|^\S+$", re.IGNORECASE)
# What most fields have, which costs no further look: "Marx, Karl H." without any word of another meaning.
_PLAIN = re.compile(
    r"([^\W\d_][^\W\d_'’-]*(?:[ '’-][^\W\d_]++){0,3})(?<! [A-Z])(?<! [A-Z]{2}), ?"
    r"([^\W\d_]++[.]?(?:[ '’-]?[^\W\d_]++[.]?){0,3})"
)
# And "Karl H. Marx", whose last word is no initials.
_PLAIN_SPOKEN = re.compile(
    r"(?:[^\W\d_]++(?:['’.-][^\W\d_]++)*+[.]? ){1,4}[^\W\d_]++(?:['’-][^\W\d_]++)*+(?<=[a-zß-ÿ])"
)
_BORDERS_IN_PLAIN = ",.'’-"
_OTHER_MEANING = frozenset(
    "and und et al by jr sr ii iii iv dr prof ph phd sc msc bsc mph mba dvm frcp mbbs others colleagues more author not"
    " no of the for group lab inc ltd gmbh".split()
)
_NOBODY = re.compile(r"anon(?:ymous|ym|\.)?|n\. ?n\.|no authors? listed\.?", re.IGNORECASE)
_GIVEN = re.compile(rf"[^\W\d_][\w'’-]*(?: {CAPITAL}\.?)*")
_ENDS_TURNED = re.compile(rf"\s(?:{CAPITAL}[.]?-?){{1,4}}$")
# Two or three capitals that can be spoken may be a family name: "Yi MA", "Bo SUN"; a degree is no initials either.
_MAY_BE_FAMILY = re.compile(r"\s[BCDFGHJ-NP-TV-Z]?[AEIOUY][AEIOUYNG]?$|\s\w+\s(?:MD|MS|BS|RN|PT)$")
# Among several, also three with a vowel: "Ann OWL", "Bo FOX".
_FAMILY_IN_CAPITALS = re.compile(rf"(?:{_MAY_BE_FAMILY.pattern}|\s(?=[A-Z]*[AEIOUY])[A-Z]{{3}}$)(?<=[A-Z]{{2}})")
_HAS_SUFFIX = re.compile(r"\b(?:jr|sr|ii|iii|iv|\d(?:nd|rd|th))\b", re.IGNORECASE)
_UPPER = "A-Z" + "".join(filter(str.isupper, map(chr, range(0xC0, 0x180))))
_GLUED = re.compile(
    rf"(?<=[^\W\d_{_UPPER}])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLa)(?<!\bLe)(?<!\bVan)(?=[{_UPPER}])"
)

MORE = MORE_AUTHORS


def spoken(name: str) -> str:
    """ "Marx, Karl" as "Karl Marx", "King, Jr., Martin Luther" as "Martin Luther King Jr."; other names as they are."""
    if "," not in name:
        return " ".join(name.split())
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(map(EAST.fullmatch, parts)):
        return "".join(parts)
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


def named(values: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """The people in these fields of a source, each of one name or of several, and what is in `extra` of those left out.

    Those who are named twice count once.
    """
    given = list(values)
    # "Owl A" may be a name as it is spoken; several that end so are not.
    turned = len(given) > 1 and _all_turned([one.strip() for one in given])
    names: list[str] = []
    more = False
    plain = iter(_plain(given))
    for value in given:
        if name := next(plain):
            names.append(name)
            continue
        if says_nothing(value):
            continue
        more = more or says_more(value)
        names += map(_turned, several(value)) if turned else several(value)
    unique = [name for name in dict.fromkeys(names) if not says_nothing(name) and "@" not in name]
    return unique, ({MORE: "et al."} if more and unique else {})


def _plain(names: Sequence[str]) -> list[str]:
    """Each name as it is spoken where it is plain that it is one of one person, else ""."""
    text = " ".join(names)
    if not text.isascii() and EAST.search(text):
        return [one for name in names for one in _plain([name])] if len(names) > 1 else [""]
    words = text.lower()
    for border in _BORDERS_IN_PLAIN:
        words = words.replace(border, " ")
    if not _OTHER_MEANING.isdisjoint(words.split()):
        return [one for name in names for one in _plain([name])] if len(names) > 1 else [""]
    if all(map(_PLAIN_SPOKEN.fullmatch, names)):
        return list(names)
    return [f"{one[2]} {one[1]}" if (one := _PLAIN.fullmatch(name)) else "" for name in names]


def only_more(name: str) -> bool:
    """True for "et al.", "others" and the like in the place of a name."""
    return len(name) < 30 and says_more(name) and not bare(name)


def several(value: str) -> list[str]:
    """The names in a field that is made for one: mostly one, and where it is plain, all of a list."""
    if value.lstrip()[:1] == "[":
        return listed(value)
    text = bare(value)
    if not text or says_nothing(text) or _NOBODY.fullmatch(text):
        return []
    commas = text.count(",")
    if ";" in text or "|" in text or "\n" in text:
        return listed(text)
    people = _by_and(text)
    if len(people) > 1 and not ORGANISATION.search(text):
        if all(person.count(",") == 1 or (not commas and 2 <= len(person.split()) <= 4) for person in people):
            return [spoken(person) for person in people]
        return listed(text)
    pieces = [piece.strip() for piece in text.split(",")]
    if commas > 1 and not any(map(_SUFFIX.fullmatch, pieces)) and not ORGANISATION.search(text):
        return listed(text)
    if commas == 1 and (_all_turned(pieces) or _all_capitals(pieces)):
        return listed(text)  # "Owl A, Fox B", "Wei LI, Bo XU"
    if commas:
        return [" ".join(text.split()) if _is_institution(text) else spoken(text)]
    return [_turned(text) if re.search(r"\.$|[A-Z]{2}$", text) and not _MAY_BE_FAMILY.search(text) else spoken(text)]


def listed(text: str, *, glued: bool = False) -> list[str]:
    """The names in a line of them, however they are set apart: semicolons, bars, "and", commas, slashes, lines, JSON.

    "Owl, Ann; Fox, Bo", "Owl, Ann and Fox, Bo", "Owl, A., Fox, B." and "Ann Owl, Bo Fox and Cy Elk" are all read. Where
    commas could mean either, two names of several words each are two people, and else "Marx, Karl" is one. Family names
    before initials ("Owl A, Fox B") are turned where all are. With `glued` nothing at all stands between two names.
    """
    if (given := in_code(text)) is not None:
        return [spoken(name) for name in given if name.strip() and not says_nothing(name)]
    pieces = [piece.strip() for piece in text.split(";")]
    plain = _plain(pieces)
    # "Ann Owl, Bo Fox" alone are two.
    one = "," not in text and not glued
    if all(plain) and (len(plain) > 1 or one or not all(" " in part.strip() for part in text.split(","))):
        return plain
    text = bare(text)
    if says_nothing(text) or _NOBODY.fullmatch(text):
        return []
    if glued and not re.search(r"[,;|]", text):
        return [" ".join(name.split()) for name in _GLUED.split(text) if name.strip()]
    for border in (";", "|", " • ", " · "):
        if border in text:
            return turned_all(_each([piece for piece in text.split(border) if piece.strip(" ,.")]))
    lines = [line.strip().rstrip(",") for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and not any(re.search(r"(?i)\band$|^and\b", line) for line in lines):
        return turned_all([name for line in lines for name in several(line)])
    if "/" in text and all(part.strip() for part in text.split("/")):
        return [spoken(name) for name in text.split("/")]
    return _by_commas(" ".join(text.split()))


def by_lines(text: str) -> list[str]:
    """The names in a field for one that stand a line each, or the field as it is: a name may be broken as well."""
    lines = [line.strip(" ,") for line in text.replace("\r", "\n").split("\n") if line.strip(" ,")]
    commas = {line.count(",") for line in lines}
    apart = commas == {1} or (commas == {0} and all(map(_two_words, lines)))
    return lines if len(lines) > 1 and apart and not ORGANISATION.search(text) else [" ".join(text.split())]


def _by_and(text: str) -> list[str]:
    people = _AND.split(text)
    if len(people) == 1 and (" y " in text or " e " in text):
        turned = _AND_TURNED.split(text)
        return turned if all(one.count(",") == 1 for one in turned) else people
    return people


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
        people = _by_and(piece)
        several_ = (
            ("|" in piece or " / " in piece)
            or (len(people) > 1 and all(one.count(",") == 1 or _two_words(one) for one in people))
            or (commas > 1 and not any(_SUFFIX.fullmatch(part.strip()) for part in piece.split(",")))
            or (commas == 1 and spoken_order and all(map(_two_words, piece.split(","))))
        )
        names += listed(piece) if several_ and not ORGANISATION.search(piece) else [_turned(spoken(piece))]
    return names


def _is_institution(text: str) -> bool:
    return any(found[0].lower() not in ("the", "of", "for", "für") for found in ORGANISATION.finditer(text))


def _two_words(text: str) -> bool:
    return 2 <= len(text.split()) <= 4 and "," not in text and not ORGANISATION.search(text)


def _by_commas(text: str) -> list[str]:
    people = [name for name in _by_and(text.strip()) if name.strip()]
    if len(people) == 2 and "," not in text and _OF_ONE.search(people[0]) and _is_institution(text):
        return [text]  # "Ministry of Ponds and Reeds", "Ann and Bo Owl Foundation"
    if len(people) > 1 and all(name.count(",") == 1 for name in people):
        return [spoken(name) for name in people]
    if len(people) == 1 and text.count(",") > 1 and _SEVERAL_TURNED.fullmatch(text):
        return [spoken(name) for name in re.findall(r"[^,]+, (?:[A-Z]\.[ -]?)+", text)]  # "Owl, A. Fox, B."
    pieces = [piece.strip() for name in people for piece in name.split(",") if piece.strip()]
    if len(pieces) > 1 and all(EAST.fullmatch(piece) and len(piece) > 1 for piece in pieces):
        return pieces
    whole = [piece for piece in pieces if not _SUFFIX.fullmatch(piece)]
    if len(whole) < len(pieces) and len(whole) > 1 and all(map(_two_words, whole)):
        return _SUFFIX_PIECE.sub(r" \1", "\n".join(pieces)).split("\n")
    words = [len(piece.split()) for piece in pieces]
    if words[:2] == [1, 1] and all(count > 1 for count in words[2:]) and len(whole) == len(pieces) > 2:
        return [spoken(", ".join(pieces[:2])), *pieces[2:]]  # the first of a list is turned, as for an index
    pairs = len(pieces) > 1 and len(pieces) % 2 == 0
    if pairs and all(map(INITIALS.fullmatch, pieces[1::2])):
        return [f"{given} {family}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if (pairs and len(pieces) > 2 and not any(" " in piece for piece in pieces[::2])
            and all(map(_GIVEN.fullmatch, pieces[1::2]))
            and (len(people) == 1 or any(" " in piece for piece in pieces[1::2]))):  # fmt: skip
        return [f"{given} {family}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(people) == 1 and (
        (len(pieces) == 2 and not all(" " in piece for piece in pieces))
        or (len(pieces) == 3 and any(map(_SUFFIX.fullmatch, pieces)))
    ):
        return [spoken(people[0])]
    return turned_all([" ".join(piece.split()) for piece in pieces])


def _all_turned(names: Sequence[str]) -> bool:
    """True where all names end with initials, and not all with a family name in capitals: "Wei LI", "Bo XU"."""
    return all(_ENDS_TURNED.search(name) and "," not in name for name in names) and not _all_capitals(names)


def _all_capitals(names: Sequence[str]) -> bool:
    return all(map(_FAMILY_IN_CAPITALS.search, names))


def turned_all(names: list[str]) -> list[str]:
    """The names, their initials first where all have them last: "Owl A", "Fox BC."."""
    if names and names[-1][-1:] == "." and (re.search(r"[A-Z]{2}\.$", names[-1]) or _alone_ends(names)):
        names[-1] = names[-1][:-1]  # it ends the list
    if len(names) == 1 and names[0][-1:] == ".":
        return [_turned(names[0])]
    if len(names) < 2 or not _ENDS_TURNED.search(names[0]) or _all_capitals(names):
        return names
    turned = [_turned(name) for name in names]
    alike = all(new != old or ORGANISATION.search(old) for new, old in zip(turned, names, strict=True))
    return turned if alike else names


def _alone_ends(names: list[str]) -> bool:
    """True for "Owl A, Fox B." and "Owl A, Pond Group.", where no other name has a full stop."""
    ends = len(names) > 1 and re.search(r" [A-Z]\.$|[a-z]{4}\.$", names[-1])
    return bool(ends) and not any("." in name for name in names[:-1])


def _turned(name: str) -> str:
    words = name.split()
    if len(words) < 2 or len(words) > 5 or ORGANISATION.search(name):
        return " ".join(words)
    last = len(words) - 1
    while last > 1 and INITIALS.fullmatch(words[last - 1]):
        last -= 1
    family, initials = " ".join(words[:last]), " ".join(words[last:])
    turnable = (
        INITIALS.fullmatch(initials)
        and not _SUFFIX.fullmatch(initials)
        and re.search(r"[a-zß-ÿ]{1}", family)
        and not INITIALS.fullmatch(words[0])
    )
    return f"{initials} {family}" if turnable else " ".join(words)
