"""What a question asks for: its kind, conditions on the metadata, the fields and the kind of figure it wants.

Pure reading of the words; which names the library knows is settled in retrieval. Question words of a few languages
other than English are known, since the names of systems are the same in all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from rag import question_words as words
from rag.conditions import Conditions, conditions_in, without_dates
from rag.errors import SettingsError
from rag.question_words import Field, Order
from rag.text import terms

Kind = Literal["fact", "number", "reason", "yes-no", "compare", "list", "metadata"]

MAX_QUESTION = 8_000


@dataclass(frozen=True)
class Reading:
    """A question as it was read.

    `fields` are the metadata fields it asks for; `order` is a superlative over them, of which `top` are wanted, or the
    one in that `place`; `counting` is True for "how many papers ...". `figure` is True when a figure is asked for,
    `unit` is its kind ("%", "×", "time", or None), `noun` the words right after "how many". `refers_back` is True when
    it cannot be understood without the turn before, `foreign` when it is in another language than English. `said` is
    the question with everyday words put into the terms of the library; until that is done it is `text`.
    """

    text: str
    kind: Kind
    conditions: Conditions = field(default_factory=Conditions)
    fields: tuple[Field, ...] = ()
    order: Order | None = None
    top: int = 1
    place: int = 1
    counting: bool = False
    unit: str | None = None
    noun: str = ""
    figure: bool = False
    refers_back: bool = False
    foreign: bool = False
    said: str = ""


def topic_of(text: str) -> set[str]:
    """The terms of a question that are about neither dates, authors nor papers as such."""
    for _, pattern in words.ORDERS:
        text = pattern.sub(" ", text)
    return {term for term in terms(without_dates(text)) if not term.isdigit()} - words.GENERAL


def subject_of(text: str) -> str:
    """What a question on metadata says of the paper: "birds at night" of "Who wrote the paper on birds at night?"."""
    bare = without_dates(text)
    return re.sub(r"[^\W_]+", lambda m: "" if set(terms(m.group())) <= words.GENERAL else m.group(), bare)


def read(text: str) -> Reading:
    """The question `text` as it is understood on its own.

    Raises:
        SettingsError: it is blank, or longer than `MAX_QUESTION` characters.
    """
    stripped = " ".join(text.split())
    if not stripped:
        raise SettingsError("the question is blank. Ask something, for example: which papers are about token pruning?")
    if len(stripped) > MAX_QUESTION:
        raise SettingsError(
            f"the question has {len(stripped):,} characters; at most {MAX_QUESTION:,} are taken. Shorten it."
        )
    found = conditions_in(stripped)
    order = next((name for name, pattern in words.ORDERS if pattern.search(stripped)), None)
    fields = tuple(name for name, pattern in words.FIELD_PATTERNS if pattern.search(stripped))
    noun = words.NOUN.search(stripped)
    counting = bool(noun and words.ABOUT_PAPERS.match(noun.group(1)))
    unit = "time" if words.TIME.search(stripped) else "%" if words.PERCENT.search(stripped) else None
    unit = "×" if unit is None and words.FACTOR.search(stripped) else unit
    return Reading(
        text=stripped,
        kind=_kind(stripped, found, order, fields, counting),
        conditions=found,
        fields=fields,
        order=order,
        top=_small_number(words.TOP.search(stripped)) if order else 1,
        place=words.PLACES.get(place.group(1).lower(), 1) if order and (place := words.PLACE.search(stripped)) else 1,
        counting=counting,
        unit=unit,
        noun=noun.group(1).strip() if noun else "",
        figure=bool(words.NUMBER.search(stripped) or words.FIGURES.search(stripped))
        and not words.INDIRECT.search(stripped),
        refers_back=bool(words.BACK.search(stripped)),
        foreign=_is_foreign(stripped),
        said=stripped,
    )


def _small_number(match: re.Match[str] | None) -> int:
    if match is None:
        return 1
    return words.NUMBERS.get(match.group(1).lower(), 0) or int(match.group(1))


def _is_foreign(text: str) -> bool:
    """True when more words are function words of other European languages than of English, or it is written in CJK."""
    if len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0400-\u04ff\u0600-\u06ff]", text)) >= 3:
        return True
    spoken = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(word in words.FOREIGN for word in spoken)
    return foreign >= 2 and foreign > sum(word in words.ENGLISH for word in spoken)


def _kind(text: str, found: Conditions, order: Order | None, fields: tuple[Field, ...], counting: bool) -> Kind:
    about_papers = bool(words.ABOUT_PAPERS.search(text))
    if order in ("most_authors", "fewest_authors") or found.on_authors or (order and (about_papers or fields)):
        return "metadata"
    if "url" in fields and words.FINDS.search(text):
        return "metadata"
    if order and words.COMPARATIVE.search(text):
        return "metadata"
    if counting and not found and not fields and words.ON_SUBJECT.search(text) and topic_of(text):
        return "list"  # "how many papers are about owls?": those are listed, and not all papers counted
    if counting or "author_count" in fields or "published" in fields or "authors" in fields:
        return "metadata"
    if found.dated and (about_papers or words.PUBLISHED.search(text) or len(text.split()) <= 5):
        return "list" if topic_of(text) else "metadata"
    if words.COMPARE.search(text):
        return "compare"
    if words.NUMBER.search(text) and not words.INDIRECT.search(text):
        return "number"
    if words.LIST.search(text):
        return "list"
    if words.REASON.search(text):
        return "reason"
    return "yes-no" if words.YES_NO.search(text) else "fact"


def parts_of(reading: Reading) -> tuple[Reading, ...]:
    """The questions inside a question ("What is it trained on, and how large is it?"); itself when it is one.

    A part of fewer than three words of its own belongs to the one before.
    """
    pieces: list[str] = []
    for piece in words.PART.split(reading.text):
        if pieces and len(terms(piece)) < 2:
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    if len(pieces) < 2:
        return (reading,)
    return tuple(read(piece) for piece in pieces)
