"""Names of people in the order in which they are spoken."""

from __future__ import annotations

import re
from collections.abc import Sequence

_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-z]"
_INITIALS = re.compile(rf"(?:{_CAPITAL}\.[ -]?){{1,4}}|{_CAPITAL}{{1,3}}|(?:{_CAPITAL}[ -]){{1,3}}{_CAPITAL}\.?")
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|\d(?:nd|rd|th))\.?", re.IGNORECASE)


def spoken(name: str) -> str:
    """ "Marx, Karl" as "Karl Marx", "King, Jr., Martin Luther" as "Martin Luther King Jr."; other names as they are."""
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(parts) and not _SUFFIX.fullmatch(parts[1]):
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3 and all(parts):
        family, second, third = parts
        given, suffix = (third, second) if _SUFFIX.fullmatch(second) else (second, third)
        if _SUFFIX.fullmatch(suffix):
            return f"{given} {family} {suffix}"
    return " ".join(name.split())


def joined(parts: Sequence[object]) -> str:
    """The name whose parts stand in the order of speech; parts that are blank or no text are left out."""
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())


def listed(text: str) -> list[str]:
    """The names in a line of them, in whichever way they are set apart: by semicolons, bars, "and" or commas.

    "Owl, Ann; Fox, Bo", "Owl, Ann and Fox, Bo", "Owl, A., Fox, B." and "Ann Owl, Bo Fox and Cy Elk" are all read. Where
    commas could mean either, two names of several words each are two people, and else "Marx, Karl" is one.
    """
    for border in (";", "|"):
        if border in text:
            return [spoken(name) for name in text.split(border) if name.strip()]
    people = [name for name in _AND.split(text.strip()) if name.strip()]
    if len(people) > 1 and all(name.count(",") == 1 for name in people):
        return [spoken(name) for name in people]
    pieces = [piece.strip() for name in people for piece in name.split(",") if piece.strip()]
    if len(pieces) > 1 and len(pieces) % 2 == 0 and all(map(_INITIALS.fullmatch, pieces[1::2])):
        return [f"{given} {family}" for family, given in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(people) == 1 and (
        (len(pieces) == 2 and not all(" " in piece for piece in pieces))
        or (len(pieces) == 3 and any(map(_SUFFIX.fullmatch, pieces)))
    ):
        return [spoken(people[0])]
    return [" ".join(piece.split()) for piece in pieces]
