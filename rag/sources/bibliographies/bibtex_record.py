"""From the fields of an entry of BibTeX to the record of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rag.formats.bibtex import DIGEST_NOTE, INFERRED_NOTE
from rag.sources.bibliographies.latex import address, printed
from rag.sources.bibliographies.latex_symbols import JOURNALS
from rag.sources.fields.beside import says_more
from rag.sources.fields.dates import dated, month_of, on
from rag.sources.fields.identifiers import arxiv_id_of, identifiers
from rag.sources.fields.markup import without_markup
from rag.sources.fields.name_parts import joined
from rag.sources.fields.nothing import something
from rag.sources.fields.notices import without_label, without_notice
from rag.sources.fields.people import MORE, by_lines, listed, only_more, several, spoken, turned_all
from rag.sources.fields.retractions import in_title

VENUES = ("journal", "journaltitle", "booktitle", "school", "institution", "publisher")
"""The fields that say where something was published, the first counting."""

_EXTRA = {
    "venue": VENUES,
    "keywords": ("keywords", "keyword"),
    "categories": ("primaryclass", "eprintclass"),
    "language": ("langid", "language"),
    "pmid": ("pmid",),
    "pmcid": ("pmcid",),
}
_WITH_SLASHES = re.compile(r"\d{4}/\d\d?(?:/\d\d?)?|\d\d?/(?:\d\d?/)?\d{4}", re.ASCII)
_BORDER = re.compile(r"\\and\b|\\.|[{}]|(?:^|(?<=\s))and(?=\s|$)", re.IGNORECASE | re.DOTALL)
_BESIDE = re.compile(
    r"\\(?:footnote(?:mark|text)?|thanks|orcid\w*|email|inst|affil)\b\s*(?:\[[^\[\]]*\])?(?:\{[^{}]*\})?", re.IGNORECASE
)
_ORGANISATION = re.compile(r"\b(?:group|team|the|of|for|university|institute|and|inc|ltd|lab)\b", re.IGNORECASE)


def record_of(fields: Mapping[str, str], source: str) -> dict[str, object]:
    """The record of an entry whose fields these are, by names in small letters; `source` is where it is from."""
    fields = {name: something(text) for name, text in fields.items() if name != "title"} | {
        "title": fields.get("title", "")
    }
    title = without_markup(printed(fields["title"]))
    if subtitle := printed(fields.get("subtitle", "")):
        title = f"{title}: {subtitle}"
    url = address(fields.get("url", "") or fields.get("howpublished", "")) or _link(fields)
    given = address(fields.get("doi", ""))
    archive = fields.get("archiveprefix", "") + fields.get("eprinttype", "")
    eprint = (
        address(fields.get("eprint", "") or fields.get("arxivid", ""))
        if archive.strip("{} ").lower() in ("", "arxiv")
        else ""
    )
    doi, arxiv_id = identifiers(doi=given, arxiv_id=eprint or _arxiv_in(fields), url=url)
    note = printed(fields.get("note", ""))
    extra = {ours: text for ours, names in _EXTRA.items() if (text := _first(fields, names))}
    names, more = _authors(fields.get("author", ""))
    said = in_title(title)
    rest = "; ".join(part for part in note.split("; ") if part not in (DIGEST_NOTE, INFERRED_NOTE))
    return {
        "title": title,
        "abstract": without_notice([without_markup(printed(without_label(fields.get("abstract", ""))))]),
        "abstract_kind": "digest" if DIGEST_NOTE in note else None,
        "url": url if url.lower().startswith("http") else None,
        **_when(fields),
        "authors": names,
        "doi": doi or (None if arxiv_id else given or None),
        "arxiv_id": arxiv_id,
        "retraction": f"{source}: {said}" if said else None,
        "extra": extra | more | ({"note": rest} if rest else {}),
    }


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    text = next((text for name in names if (text := fields.get(name, "").strip())), "")
    return JOURNALS.get(text[1:], "") or printed(text) if text.startswith("\\") else printed(text)


def _arxiv_in(fields: Mapping[str, str]) -> str:
    """What says "arXiv:…" in the fields where the bibliographies of Google Scholar and DBLP have it."""
    for name in ("journal", "volume", "note", "number", "journaltitle"):
        found = re.search(r"(?:arxiv:|abs/)\s*([\w./-]+)", fields.get(name, ""), re.IGNORECASE)
        if found and arxiv_id_of(found[1]):
            return found[1]
    return ""


def _when(fields: Mapping[str, str]) -> dict[str, object]:
    year, month, day = (fields.get(part, "").strip("{} ") for part in ("year", "month", "day"))
    text = fields.get("date", "").strip("{} ")
    # A span has a slash as well: "2021-03/2021-05".
    exact = dated(text if _WITH_SLASHES.fullmatch(text) else text.partition("/")[0] or text) if text else {}
    if exact.get("published"):
        return exact
    if re.fullmatch(r"\d{4}(?:\.0)?", year, re.ASCII):
        number = month_of(month) if month else None
        # "12~mar", "MAR 5" and the like name a day as well.
        spelt = re.search(r"(?<!\d)\d{1,2}(?!\d)", month) if not day and re.search("[A-Za-z]", month) else None
        several_days = len(re.findall(r"\d{1,2}", month)) > 1 or len(re.findall(r"[A-Za-z]{3,}", month)) > 1
        number = number or month_of(re.sub(r"[^A-Za-z]", "", month)[:9])
        day = spelt[0] if spelt and not several_days else day
        return on(int(year[:4]), number, int(day) if re.fullmatch(r"\d{1,2}", day, re.ASCII) else None)
    return dated(printed(year)) or exact


def _link(fields: Mapping[str, str]) -> str:
    """The first link in the fields in which EndNote and others keep them."""
    for name in ("link", "ee", "bdsk-url-1", "adsurl"):
        if fields.get(name, "").strip("{} ").lower().startswith("http"):
            return address(fields[name]).split()[0]
    return ""


def _authors(text: str) -> tuple[list[str], dict[str, str]]:
    """The people, and what is in `extra` where there are more than are named."""
    text = _BESIDE.sub("", text) if "\\" in text else text
    given = [person for one in _apart(text) for person in _unbraced(one)]
    given = [line for person in given for line in by_lines(person)] if "\n" in text.strip() else given
    people = [" ".join(person.split()).rstrip(" ,") for person in given]
    people = [person for person in people if person.strip(" ,")]
    others = [person for person in people if only_more(printed(person))]
    people = [person for person in people if person not in others]
    # Where one name is as it is spoken, a comma between two of that kind is a border.
    spoken_order = any("," not in person and _is_spoken(person) for person in people)
    spoken_order = spoken_order or (len(people) == 1 and bool(others) and given[0].rstrip()[-1:] == ",")
    people = [
        part
        for person in people
        for part in (person.split(",") if spoken_order and all(map(_is_spoken, person.split(","))) else (person,))
    ]
    names = [name for person in people for name in _named(person, alone=len(people) == 1) if something(name)]
    names = turned_all(names) if not any(mark in text for mark in ",{") else names
    more = bool(others) or bool(people and says_more(people[-1]))
    return list(dict.fromkeys(names)), ({MORE: "and others"} if more and names else {})


def _is_spoken(person: str) -> bool:
    return 2 <= len(person.split()) <= 3 and not re.search(r"[{}\\]", person) and not _ORGANISATION.search(person)


def _unbraced(person: str) -> Iterator[str]:
    """The people in braces around a whole list of them: each then has its family name first."""
    inside = list(_apart(person.strip()[1:-1])) if _braced(person.strip()) else []
    inside = inside[0].split(";") if len(inside) == 1 else inside
    several_ = len(inside) > 1 and all(one.count(",") == 1 for one in inside)
    yield from inside if several_ else [person]


def _apart(text: str) -> Iterator[str]:
    """The names between "and", outside of braces. (The parser's own function drops a command that begins a name.)"""
    start = depth = 0
    for found in _BORDER.finditer(text):
        mark = found[0]
        if mark in "{}":
            depth += 1 if mark == "{" else -1
        elif not depth and mark.lower().endswith("and"):
            yield text[start : found.start()]
            start = found.end()
    yield text[start:]


def _named(person: str, *, alone: bool) -> list[str]:
    if _braced(person):
        # Braces around a whole name say that it is of an institution, whose commas are its own.
        name = printed(person)
        return (
            [spoken(name)] if re.fullmatch(r"[^\W\d]+, [\w. -]+", name) and not _ORGANISATION.search(name) else [name]
        )
    name = printed(person)
    if "family=" in name:  # biblatex's names by their parts
        parts = dict(re.findall(r"([a-z]+)\s*=\s*([^,]+)", name))
        return [joined([parts.get(part) for part in ("given", "prefix", "family", "suffix")])]
    if alone and name.count(",") > 1 and name.count(" ") > 2 and "{" not in person and ";" not in name:
        return listed(name) if len(several(name)) > 1 else [spoken(name)]
    return several(name) or [spoken(name)]


def _braced(text: str) -> bool:
    return text.startswith("{") and text.endswith("}") and "}" not in text[1:-1]
