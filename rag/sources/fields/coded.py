"""Lists of people and of numbers as JSON, Python, NumPy and Postgres write them into one cell."""

from __future__ import annotations

import ast
import json
import re

from rag.sources.fields.name_parts import joined

# NumPy has no commas between the items of a list; Postgres has braces around it; some have nothing but the quotes.
_ARRAY = re.compile(r"(?:array\()?(\[\s*['\"].*['\"]\s*\])(?:,\s*dtype=\w+\))?", re.DOTALL)
_QUOTED = re.compile(r'\{?("[^"{}]*"(?:\s*[,;]\s*"[^"{}]*")*)\}?')

# The names of their parts in small letters without marks.
_GIVEN = ("given", "givenname", "givennames", "first", "firstname", "forename", "forenames", "fname", "initials")
_WHOLE = (
    "name", "displayname", "literal", "fullname", "authname", "author", "text", "collectivename", "label", "string"
)  # fmt: skip
_FAMILY = ("family", "familyname", "last", "lastname", "surname", "lname")


def in_code(text: str) -> list[str] | None:
    """The names in a list that a program wrote, each as it stands there, or None where the text is none."""
    text = text.strip()
    if text[:1] in ("[", "a") and (array := _ARRAY.fullmatch(text)):
        text = re.sub(r"(?<=['\"])\s+(?=['\"])", ", ", array[1])
    elif text[:1] in ('"', "{") and (quoted := _QUOTED.fullmatch(text)):
        return re.findall(r'"([^"]*)"', quoted[1])
    if not text.startswith(("[", "{", "(")):
        return None
    value = _evaluated(text)
    return names_of(value) if value is not None else None


def numbers_in_code(text: str) -> dict[str, str]:
    """The numbers of a paper by their kinds in small letters: {'DOI': '10.1000/xyz', 'PubMed': 33}."""
    value = _evaluated(text) if text[:1] == "{" else None
    said = value.items() if isinstance(value, dict) else ()
    return {str(kind).lower(): str(number) for kind, number in said if isinstance(number, str | int) and number}


def _evaluated(text: str) -> object:
    """The value that is written in JSON or Python, None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        try:
            return ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            return None


def names_of(people: object) -> list[str]:
    """The names of people who are a text or a record each, in a list or alone."""
    given = people if isinstance(people, list | tuple) else [people]
    names = [_of_record(each) if isinstance(each, dict) else _of_parts(each) for each in given]
    return [name for name in names if isinstance(name, str)]


def _of_record(person: dict[str, object]) -> str:
    for inner in (person.get("author"), person.get("creator")):
        if isinstance(inner, str):
            return inner
        person = inner if isinstance(inner, dict) else person
    person = {re.sub("[^a-z]", "", str(name).lower()): value for name, value in person.items()}
    whole = _first(person, _WHOLE)
    given, family = _first(person, _GIVEN), _first(person, _FAMILY)
    middle = person.get("middle")  # of S2ORC, a list
    parts = joined([given, *(middle if isinstance(middle, list) else [middle]), family])
    # "Owl A" beside Ann and Owl is the name in short; which of the two it is that stands first is sure in the parts.
    return parts if not whole or (given and family and _letters(parts) >= _letters(whole)) else whole


def _of_parts(person: object) -> object:
    """ "Owl, Ann" of what arXiv has as ["Owl", "Ann", ""]; anything else as it is."""
    if not isinstance(person, list | tuple) or len(person) not in (2, 3) or not all(isinstance(p, str) for p in person):
        return person
    return joined([person[1], person[0], *person[2:]])


def _first(person: dict[str, object], names: tuple[str, ...]) -> str:
    return next((text.strip() for name in names if isinstance(text := person.get(name), str) and text.strip()), "")


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
