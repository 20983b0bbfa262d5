"""Lists of people as JSON, Python, NumPy and Postgres write them into one cell."""

from __future__ import annotations

import ast
import json
import re

# NumPy has no commas between the items of a list; Postgres has braces around it; some have nothing but the quotes.
_ARRAY = re.compile(r"(?:array\()?(\[\s*['\"].*['\"]\s*\])(?:,\s*dtype=\w+\))?", re.DOTALL)
_QUOTED = re.compile(r'\{?("[^"{}]*"(?:\s*[,;]\s*"[^"{}]*")*)\}?')

_GIVEN = ("given", "givenName", "first", "firstName", "forename", "first_name")
_FAMILY = ("family", "familyName", "last", "lastName", "surname", "last_name")


def in_code(text: str) -> list[str] | None:
    """The names in a list that a program wrote, each as it stands there, or None where the text is none."""
    text = text.strip()
    if text[:1] in ("[", "a") and (array := _ARRAY.fullmatch(text)):
        text = re.sub(r"(?<=['\"])\s+(?=['\"])", ", ", array[1])
    elif text[:1] in ('"', "{") and (quoted := _QUOTED.fullmatch(text)):
        return re.findall(r'"([^"]*)"', quoted[1])
    if not text.startswith(("[", "{", "(")):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        try:
            value = ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return None
    return names_of(value)


def names_of(people: object) -> list[str]:
    """The names of people who are a text or a record each, in a list or alone."""
    given = people if isinstance(people, list | tuple) else [people]
    names = [_of_record(each) if isinstance(each, dict) else each for each in given]
    return [name for name in names if isinstance(name, str)]


def _of_record(person: dict[str, object]) -> object:
    for inner in (person.get("author"), person.get("creator")):
        if isinstance(inner, str):
            return inner
        person = inner if isinstance(inner, dict) else person
    given, family = (
        next((text for name in names if isinstance(text := person.get(name), str)), "") for names in (_GIVEN, _FAMILY)
    )
    if given.strip() and family.strip():  # Europe PMC's full name is "Owl A"
        return f"{given.strip()} {family.strip()}"
    for name in ("name", "display_name", "literal", "full_name", "fullname", "fullName", "collectiveName", "text"):
        if isinstance(person.get(name), str):
            return person[name]
    return f"{given.strip()} {family.strip()}".strip()
