"""What a value of JSON says as text, however deep it stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

_INSIDE = ("value", "text", "title", "description", "date", "name", "content", "$", "#text")
_MAIN = frozenset({"Abstract", "Issued"})  # of the descriptions and the days that DataCite gives
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2})?")
_DEPTH = 3


def said_in(value: object, *, all_: bool = False, together: bool = False, depth: int = 0) -> str:
    """What a value says as text: of several the main one or the first, of a record what stands under a usual name.

    With `all_` texts are listed, with `together` those of an abstract are put one after another.
    """
    if isinstance(value, list):
        value = [each for each in value if each is not None]
    if isinstance(value, list) and value and depth < _DEPTH:
        if (all_ or together) and all(isinstance(each, str) for each in value):
            return ("; " if all_ else " ").join(value)
        if together and all(isinstance(each, dict) and isinstance(each.get("text"), str) for each in value):
            return "\n\n".join(each["text"] for each in value)
        main = [each for each in value if isinstance(each, dict) and not _MAIN.isdisjoint(map(str, each.values()))]
        return said_in((main or value)[0], depth=depth + 1)
    if isinstance(value, dict) and depth < _DEPTH:
        if "year" in value:
            return "-".join(str(value[part]) for part in ("year", "month", "day") if value.get(part))
        said = (said_in(value.get(name), all_=all_, depth=depth + 1) for name in _INSIDE)
        return next(filter(None, said), "") or (_sections(value) if together else "")
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a year, where another record of the table has none
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _sections(value: Mapping[str, object]) -> str:
    """The sections of an abstract by their headings; of one in several languages the English, or else the first."""
    said = {name: text for name, text in value.items() if isinstance(text, str) and text.strip()}
    if said and all(map(_LANGUAGE.fullmatch, said)):
        return next((text for name, text in said.items() if name.startswith("en")), next(iter(said.values())))
    return "\n\n".join(f"{name}: {text}" for name, text in said.items())
