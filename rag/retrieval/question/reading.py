"""What is exact in a question: conditions on the metadata, an order over them, whether it hangs on the turn before.

What a question asks for is a judgment and is not made here: a head of the cross-encoder says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.errors import SettingsError
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.number_of_authors import authors_in
from rag.retrieval.question.times import MONTH_NAMES, without_times
from rag.text import terms
from rag.text.normalization import without_surrogates

Order = Literal["oldest", "newest", "most_authors", "fewest_authors"]
MAX_QUESTION = 8_000

# "older webpage data sets", "the latest models": how old things are, and no order of papers.
_NOT_A_KIND = (
    r"(?! (?:(?!papers?|articles?|publications?|preprints?|works?|ones?|abstracts?|entr(?:y|ies)|is|are|was|were|than|or|and|of|to|in|"
    r"by|on|from|for|about|among|between|first|\d)[\w-]+ ?){1,2}(?:models?|methods?|data ?sets?|sets|benchmarks?|approaches|systems?|"
    r"llms?|mllms?|vlms?|versions?|generations?|techniques?|architectures?|gpus?|hardware)\b)"
)
# "older than May 2024" is a condition.
_NOT_A_TIME = rf"(?! than (?:in |the )?(?:(?:{MONTH_NAMES})\.? )?(?:19|20)\d\d)"
_ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    ("most_authors", re.compile(r"\b(?:has|have|had) (?:the )?more authors\b(?! than)|\b(?:most|largest number of|highest number of|by number of) (?:co-?)?authors|\b(?:largest|biggest|longest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("fewest_authors", re.compile(r"\b(?:has|have|had) (?:the )?fewer authors\b(?! than)|\b(?:fewest|least|smallest number of) (?:co-?)?authors|\b(?:smallest|shortest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("oldest", re.compile(r"\b(?:oldest|earliest|published first|first (?:to be )?published|(?:came|comes|come) (?:out )?(?:first|earlier)(?! (?:overall|on|in|among|place))|was first|older|by age)\b" + _NOT_A_TIME + _NOT_A_KIND, re.IGNORECASE)),
    ("newest", re.compile(r"\b(?:newest|newer|latest|most recent|published last|more recent|came (?:out )?later|last (?:to be )?published)\b" + _NOT_A_TIME + _NOT_A_KIND, re.IGNORECASE)),
)  # fmt: skip
_FIRST_OR_LAST = re.compile(r"\b(first|last)\b(?![ -]?authors?\b| names?\b)", re.IGNORECASE)
_ALONE = re.compile(r"\b(?:alone|solo|(?:him|her)self|on (?:his|her|their) own)\b", re.IGNORECASE)
_TOP = re.compile(
    r"\b(?:top|first|last|(?:the )?)\s*(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:(?:most recent|oldest|newest|"
    r"latest|earliest)\b|papers?\b|works?\b)",
    re.IGNORECASE,
)
_NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
_PLACE = re.compile(
    r"\b(second|third|fourth|fifth)[ -](?:most|oldest|newest|latest|earliest|fewest|largest|smallest|longest|shortest)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b\w+n['’]t\b", re.IGNORECASE)
# What a question on dates, authors and papers as such says besides: no subject.
_GENERAL = frozenset(
    terms(
        """co coauthor collaborator colleague paper article publication entry preprint abstract list name anything everything something nothing library collection
        please publish come appear release post date year month one ones came out find written write wrote author authored worked behind people
        researcher summer winter spring autumn early late have know number dated date top second third two three four five
        six seven eight nine ten together jointly old new recent first last count many most more few fewer less least exactly
        than people person team every each all single sole different distinct arbeiten erschienen
        welche jahr articles sont sorti publie trabajos publicados
        """
    )
)


@dataclass(frozen=True)
class Reading:
    """A question as it was read.

    `order` is a superlative over the metadata, of which `top` are wanted, or the one in that `place`. `given` are the
    conditions that are known of it before it is read, which count beside those of its words.
    """

    text: str
    conditions: Conditions = field(default_factory=Conditions)
    order: Order | None = None
    top: int = 1
    place: int = 1
    given: Conditions = field(default_factory=Conditions)


def on_people(reading: Reading) -> Reading:
    """`reading` where papers of people are asked for: "her first paper" is an order then, "alone" the only author."""
    found = None if reading.order else _FIRST_OR_LAST.search(reading.text)
    if found:
        order: Order = "oldest" if found.group(1).lower() == "first" else "newest"
        reading = replace(reading, order=order, top=_small_number(_TOP.search(reading.text)))
    if _ALONE.search(reading.text):
        reading = replace(reading, conditions=reading.conditions.joined(Conditions(min_authors=1, max_authors=1)))
    return reading


def topic_of(text: str) -> set[str]:
    """The terms of a question that are about neither dates, authors nor papers as such."""
    for pattern in (_DENIED, *(order for _, order in _ORDERS)):
        text = pattern.sub(" ", text)
    return {term for term in terms(without_times(text)) if not term.isdigit()} - _GENERAL


def read(text: str, *, own: str = "") -> Reading:
    """The question `text` as it is understood on its own.

    `own` are its words as they were put, where titles stand in it for "the second one": these may have years in them, so
    dates and an order are those of `own`.

    Raises:
        SettingsError: it is blank, or longer than `MAX_QUESTION` characters.
    """
    stripped = _unraised(" ".join(without_surrogates(text).split()))
    if not stripped:
        raise SettingsError("the question is blank. Ask something, for example: which papers are about token pruning?")
    if len(stripped) > MAX_QUESTION:
        raise SettingsError(
            f"the question has {len(stripped):,} characters; at most {MAX_QUESTION:,} are taken. Shorten it."
        )
    if own:
        return replace(read(own), text=stripped)
    order = next((name for name, pattern in _ORDERS if pattern.search(stripped)), None)
    place = _PLACE.search(stripped) if order else None
    return Reading(
        stripped,
        authors_in(stripped),
        order,
        _small_number(_TOP.search(stripped)) if order else 1,
        _PLACES[place.group(1).lower()] if place else 1,
    )


def _unraised(text: str) -> str:
    """`text` in small letters where all of it is in capitals and is more than names: "WHAT DOES PONDCAM COUNT?"."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    sentence = len(words) > 2 and text.isupper() and any(not terms(word) for word in words)
    return text.lower() if sentence else text


def _small_number(match: re.Match[str] | None) -> int:
    if match is None:
        return 1
    return _NUMBERS.get(match.group(1).lower(), 0) or int(match.group(1))
