"""The degrees that stand behind names of people, and the initials that look like them."""

from __future__ import annotations

import re

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


def without_degrees(text: str) -> str:
    """The names without the degrees behind them: "Owl, Ann, PhD; Bo Fox, MD" as "Owl, Ann; Bo Fox"."""
    return "".join(map(_bare, _BETWEEN.split(text)))


def _bare(text: str) -> str:
    """ "Owl, Ann, PhD" as "Owl, Ann"; "MD" and the like are degrees only behind a name that is whole."""
    pieces = text.split(",")
    bare = [piece.strip() for piece in pieces]
    behind = bare[1::2]
    if len(bare) % 2 == 0 and all(map(INITIALS.fullmatch, behind)) and not all(map(_PERHAPS_DEGREE.fullmatch, behind)):
        return text
    kept: list[str] = []
    for piece, said in zip(pieces, bare, strict=True):
        whole = bool(kept) and (" " in kept[-1].strip() or len(kept) == 2 == len(pieces) - 1)
        if kept and (_DEGREE.fullmatch(said) or (whole and _PERHAPS_DEGREE.fullmatch(said))):
            continue
        kept.append(piece)
    return ",".join(kept)
