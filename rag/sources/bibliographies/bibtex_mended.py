"""Entries of BibTeX that are nearly right, made right where it is plain what is meant."""

from __future__ import annotations

import re

_TYPES = "article|book|booklet|inbook|incollection|inproceedings|conference|misc|phdthesis|mastersthesis|techreport"
NEARLY_AN_ENTRY = re.compile(
    rf"\s*(?:@[ \t]+(?:{_TYPES})[ \t]*[{{(]|(?:{_TYPES})[ \t]*\{{[^\s{{}}=]*,|@(?:{_TYPES})[ \t]+[^\s{{}}=,]+[ \t]*,"
    rf"|@\[[^\[\]{{}}]{{0,200}}\][ \t]*\{{|@(?:{_TYPES})\s*(?:$|\n\s*\{{))",
    re.IGNORECASE,
)
"""The beginning of an entry that lacks its "@" or its brace, or has a blank in between, which BibTeX takes for text."""

_SEVERAL_TYPES = re.compile(r"\s*@\[\W*(\w+)[^\[\]{}]*\]")  # Semantic Scholar: @['JournalArticle', 'Review']{
_OPENING = re.compile(r"\s*@?[ \t]*(\w+)\s*[{(]?[ \t]*")
_KEYLESS = re.compile(r"(@\w+[ \t]*[{(])(\s*[\w-]+\s*=\s*[{\"\w])")
_NO_KEY_AT_ALL = re.compile(r"(@\w+[ \t]*[{(])(\s*,)")
_NO_COMMA_AFTER_KEY = re.compile(r"(@\w+[ \t]*[{(]\s*[^\s,={}\"()#]+)([ \t]*\n\s*[A-Za-z][\w-]*\s*=\s*[{\"\w])")
_DEFINITION = re.compile(r"\s*@(?:string|comment|preamble)\b", re.IGNORECASE)
_LINE_END = re.compile(r"(?<=[,{}])[ \t]*<br[ \t]*/?>", re.IGNORECASE)  # IEEE Xplore, as a page shows it
_COMMAS = re.compile(r",\s*,")
_SEMICOLON = re.compile(r"[}\"]\s*;\s*[A-Za-z][\w-]*\s*=")
_NEXT_FIELD = re.compile(r"\s*[A-Za-z][\w-]*\s*=\s*[{\"\w]")
_MAY_MISS = re.compile(r"[}\"\w](?:[ \t]*\n\s*|[ \t]+)[A-Za-z][\w-]*\s*=\s*[{\"\w]")
_FIELD = re.compile(r"\s*,?\s*([A-Za-z][\w-]*)\s*=\s*(?:[{\"]|\d|\w+\s*[,#}])")


def mended(text: str) -> str:
    """The text of an entry with a key, one comma between two fields, and none between none."""
    if _DEFINITION.match(text):
        return text
    text = _LINE_END.sub("", text) if "<" in text else text
    if found := _SEVERAL_TYPES.match(text):
        text = f"@{found[1]}{text[found.end() :]}"
    if NEARLY_AN_ENTRY.match(text):
        text = _OPENING.sub(r"@\1{", text, count=1)
    if "=" in text[:2_000]:
        text = _KEYLESS.sub(r"\1nokey,\2", text, count=1) if _KEYLESS.match(text.lstrip()) else text
        text = _NO_COMMA_AFTER_KEY.sub(r"\1,\2", text, count=1) if _NO_COMMA_AFTER_KEY.match(text.lstrip()) else text
        text = _NO_KEY_AT_ALL.sub(r"\1nokey\2", text, count=1) if _NO_KEY_AT_ALL.match(text.lstrip()) else text
    if _COMMAS.search(text) or _SEMICOLON.search(text) or _MAY_MISS.search(text):
        return "".join(_with_commas(text))
    return text


def left_over(text: str) -> str | None:
    """The name of the field with which text outside of entries begins: the entry before it ended too early."""
    found = _FIELD.match(text)
    return found[1] if found else None


def _with_commas(text: str) -> list[str]:
    """The characters of the entry; between two of its fields stands one comma then."""
    pieces: list[str] = []
    depth, quoted, before = 0, False, ""  # `before` is the last character outside of values that is no white space
    equals = False
    for at, mark in enumerate(text):
        outside = depth == 1 and not quoted
        if outside and mark == ";" and before in ("}", '"') and _NEXT_FIELD.match(text, at + 1):
            mark = ","
        if outside and mark == "," and before == ",":
            continue
        if outside and before not in (",", "=", "#", "") and equals and mark.isspace() and _NEXT_FIELD.match(text, at):
            pieces.append(",")
            before, equals = ",", False
        pieces.append(mark)
        escaped = at > 0 and text[at - 1] == "\\"
        if mark == "{" and not escaped:
            depth += 1
        elif mark == "}" and not escaped:
            depth -= 1
        elif mark == '"' and depth == 1:
            quoted = not quoted
        if outside and not mark.isspace():
            before = mark
            equals = mark == "=" or (equals and mark != ",")
        elif depth == 1 and not quoted and not mark.isspace():
            before = mark
    return pieces
