"""Which names are a paper's own: those that it gives to what it made, and not all that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.model import Paper
from rag.text.names import (
    KIND,
    TOKEN,
    abbreviates,
    looks_like_name,
    name_key,
    name_tokens,
    text_of,
    title_name,
)
from rag.text.normalization import shown
from rag.text.titles import title_key

COMMON_NAME = 6  # a name that stands in more papers than this is nobody's own, unless a title begins with it
_ATTRIBUTE = re.compile(r"-(?:base|like|style|specific|level|aware|only|\w+ed)$")
_WINDOW = 120
# What stands behind one of these is what the work is made of, made for or compared with.
_OTHERS = re.compile(
    r"\b(?:from|on|than|with|using|over|against|including|like|such as|e\.g\.|of|for|in|to|by|under|via|into|between"
    r"|that|which|where|and|or|whether|how|as|its?|is|are|was|were|has|have|at|within|through|during|about|when|while|but)\b"
)
# In which authors say what they made, and then its name.
_PRESENTS = re.compile(
    r"\b(?:propos(?:es?|ed|ing)|presents?|presented|introduc(?:es?|ed|ing)|develop(?:s|ed)?|releas(?:es?|ed|ing)"
    r"|creat(?:es?|ed)|buil[dt]s?|construct(?:s|ed)?|designed|(?<=[Ww]e )design|curat(?:es?|ed)"
    r"|unveil(?:s|ed)?|contributes?|establish(?:es|ed)?|(?<!-)(?P<called>call(?:s|ed)?"
    r"|nam(?:es?|ed)|dub(?:bed)?|termed|denoted(?: as| by)?|coined)"
    r"|[Oo]ur)\b"
)
_OURS = re.compile(r"\s*(?:[a-z-]+[\s,(]+){0,4}")
# "The recently proposed OwlNet" and what "Meta released" are by others; what "we also developed" is not.
_PAST = re.compile(r"(?:ed|built)$")
_WE_DID = re.compile(r"\b(?:we|I|have|has|been|paper|authors)(?:\s\w+)?\s$", re.IGNORECASE)
# Behind a name that says what kind of thing was made ("an OwlNet implementation"), or is a part of the name.
_OF_A_KIND = re.compile(r"\)?-|\)?,? and\b|\s(?!(?:an?|the)\b)[a-z-]+|\s[A-Z]|\s\([^\s)]+\)")
_SQUARED = re.compile(r"(?<=[A-Za-z]{2})[²³]$")
_BRACKETED = re.compile(r"[^:]+\s\(([\w.-]+)\):")


@dataclass(frozen=True)
class Naming:
    """What the text of a paper says of what its work is called, whatever other papers say.

    `given` are the names that it gives to what it made, `title` the one that begins its title, "" for none. Without it
    `weights` are those that its abstract presents beyond doubt, in order, each with what speaks for it; of two with as
    much the first wins where `first_wins`, and else neither.
    """

    given: tuple[str, ...]
    title: str
    weights: tuple[tuple[str, int], ...]
    first_wins: bool


def naming_of(paper: Paper) -> Naming:
    """What a paper says by itself of what its work is called: most of what finding its own name costs."""
    title, presented = _of_title(paper), list(_presented(paper))
    found: dict[str, str] = {}
    for name in (title, *(name for name, _ in presented)):
        found.setdefault(name_key(name), name)
    # A digest begins with what it is about.
    weights = () if title else tuple(_weights(paper, [name for name, ours in presented if ours]))
    return Naming(tuple(name for key, name in found.items() if key), title, weights, paper.abstract_kind == "digest")


def presented_names(paper: Paper) -> tuple[str, ...]:
    """The names that a paper gives to what it made: that which begins its title, and those that its abstract presents.

    The abstract presents a name where nothing but what it names stands between "we propose", "called" or the like and
    it: "We propose a query encoder (NQE)", "a module for owls, called OwlNet", "Our encoder, OwlNet, ...". What "we
    introduce a way to estimate GDP" names is not what was made.
    """
    return naming_of(paper).given


def _presented(paper: Paper) -> Iterator[tuple[str, bool]]:
    """The names that an abstract presents, each with whether that is beyond doubt what the authors made and call so."""
    text = text_of(paper)
    for verb in _PRESENTS.finditer(text):
        window = re.split(r"[.;!?]\s", text[verb.end() : verb.end() + _WINDOW])[0]
        for name, start, behind in _names_in(window):
            before = window[:start]
            # "Namely gross domestic product (GDP)" says what a term is short for.
            is_term = verb["called"] and before.endswith("(") and not before.split()[-2:][0][:1].isupper()
            if is_term or not _is_presented(verb, whole := _before_spelled_out(name, before), behind):
                break
            if _given(name):
                if verb[0].casefold() == "our":
                    ours = not whole.strip(" ,(") or whole.rstrip()[-1] in ",("  # not "our winds make OwlNet"
                else:
                    past = _PAST.search(verb[0]) and not verb["called"]
                    ours = not past or bool(_WE_DID.search(text[: verb.start()]))
                ours = ours and not _OF_A_KIND.match(behind)
                yield name, ours and _is_whole(before, before[len(whole) :], paper)
                break


def _is_whole(before: str, spelled: str, paper: Paper) -> bool:
    """True if a name is all of what something is called, and no short form of common words but those of the title."""
    if spelled:
        return len(re.findall(r"\b[A-Z]", spelled)) > 1 or title_key(paper.title).startswith(title_key(spelled))
    return before.endswith("(") or not re.search(r"[A-Z][\w-]*\s*$", before)


def _of_title(paper: Paper) -> str:
    """The name that begins a title, or that stands in brackets behind the words with which it begins."""
    bracketed = _BRACKETED.match(shown(paper.title))
    if bracketed and looks_like_name(bracketed[1]) and _given(bracketed[1]):
        return "" if name_key(bracketed[1]) in general_names() else bracketed[1]
    return re.sub(r"\s+Technical Report$", "", title_name(paper.title) or "")


def _given(name: str) -> bool:
    """True for the looks of a name that somebody gave: no kind of thing, attribute, symbol or "5f"."""
    key, name = name_key(name), _SQUARED.sub("", name)  # "DC²" is one, "W²" none
    if not all(c.isalpha() or c.isdecimal() for c in (name[0], name[-1])):  # an isotope, a power
        return False
    if _ATTRIBUTE.search(name) or KIND.search(name) or re.match(r"\d?[a-z]+(?:-?\d|$)|\d[A-Z]?$", name):
        return False
    return bool(re.fullmatch(r"[^\W_]+(?:[-.][^\W_]+)*", name)) and (len(key) > 2 or any(c.isdigit() for c in key))


def _names_in(window: str) -> Iterator[tuple[str, int, str]]:
    """The names in a piece of text, each with where it begins and what stands behind it."""
    for token in TOKEN.finditer(window):
        name = token[0].rstrip(".")
        if looks_like_name(name):
            yield name, token.start(), window[token.start() + len(name) :]


def _before_spelled_out(name: str, before: str) -> str:
    """What stands before a name; where it stands in brackets, before the words that it abbreviates."""
    if not before.endswith("("):
        return before
    letters = [c.casefold() for c in name if c.isalpha()]
    words = list(re.finditer(r"[^\W_]+", before))
    for first in reversed(range(max(0, len(words) - len(letters) - 2), len(words))):
        if words[first][0][0].casefold() == letters[0] and abbreviates(name, before[words[first].start() :]):
            return before[: words[first].start()]
    return before


def _is_presented(verb: re.Match[str], between: str, behind: str) -> bool:
    """True if a name is the object of a verb that presents: nothing else that could be stands between."""
    if verb[0].casefold() == "our":
        return bool(_OURS.fullmatch(between)) and not _OTHERS.search(between)
    if not _OTHERS.search(between):
        return True
    # "We propose a way of seeing at night, OwlNet, which ..."
    set_off = re.search(r"(?:,|:|-|–|—)\s*$", between) and re.match(
        r"\s*(?:[.(:–—]|,\s(?:an?|the|which|to|that|where)\b|$)", behind
    )
    return bool(set_off)


def abbreviations(spelled: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Of what `spelled_out` gives the names that stand for words, but for kinds of things ("LLMs")."""
    return tuple(short for short, _ in spelled if looks_like_name(short) and not KIND.search(short))


def own_name(paper: Paper, *, spread: Callable[[str], int] = lambda key: 1) -> str | None:
    """What a paper calls its own work, or None: the name that begins its title, or one that its abstract presents.

    Only what it presents beyond doubt is: a wrong name costs more than none, since titles name papers too. A digest
    speaks of the work from outside, and what its sentences are about is the work. Of several the one that it repeats
    most wins. `spread` gives the number of papers in which a name stands, by its key: one that too many use is
    nobody's own, and neither is a general one ("GDP").
    """
    return chosen(naming_of(paper), spread=spread)


def chosen(naming: Naming, *, spread: Callable[[str], int]) -> str | None:
    """The own name of a paper of which `naming` is known; see `own_name`."""
    if naming.title:
        return naming.title
    best, most = None, 0.0
    for name, speaks in naming.weights:
        used = spread(name_key(name))
        if used > COMMON_NAME:
            continue
        weight = speaks + (1 if used <= 1 else -0.5)
        if weight > most or (weight == most and not naming.first_wins):
            best, most = name if weight > most else None, weight
    return best


def _weights(paper: Paper, names: list[str]) -> Iterator[tuple[str, int]]:
    """Names that may be a paper's own, each with what speaks for it: how often it stands there, and in the title."""
    text, title = text_of(paper), name_key(paper.title)
    if paper.abstract_kind == "digest":
        names = names + [name for name in name_tokens(text) if _given(name) and _is_subject(name, text)]
    for name in dict.fromkeys(names):
        if (key := name_key(name)) not in general_names():
            yield name, min(_times(name, text), 4) + (key in title)


def _times(name: str, text: str) -> int:
    return len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


def _is_subject(name: str, text: str) -> bool:
    """True if a text speaks more than once of a name, and a sentence of it is about that."""
    about = rf"(?:^|[.!?]\s+|\bthat\s+|,\s+)(?:[Oo]ur |[Tt]he )?{re.escape(name)}(?!\w)"
    return _times(name, text) > 1 and re.search(about, text) is not None


@lru_cache(maxsize=1)
def general_names() -> frozenset[str]:
    """The keys of the names that papers of many fields use, such as that of GDP.

    Source: `python -m eval general-names`, which counts the abstracts of eval/training.
    """
    return frozenset((Path(__file__).parent / "data" / "general_names.txt").read_text(encoding="utf-8").split())
