"""Questions on several things, apart: "who wrote it and how fast is it?", and on several papers, for each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rag.answers.asked import FIELDS
from rag.answers.candidates import Candidate
from rag.neural.question_reader import LIKELY, MAYBE, Heard
from rag.text import shown

# Where another question begins in a sentence: "A, B and C" goes on with names, not with a word of asking.
_NEXT = re.compile(
    r"(?:\s*[,;?]+\s*(?:and\s+)?|\s+and\s+)(?:also\s+)?"
    r"(?=(?:(?:in|on|for|with|by|at|to)\s+)?(?:what|which|who|whom|whose|when|where|why|how|does|do|did|is|are|was|were)\b)",
    re.IGNORECASE,
)

# What stands between papers that a question names side by side.
_BESIDE = (
    r"(?:,|&|/|\bvs\.?|\bversus\b|\bagainst\b|\bcompare[ds]? (?:to|with)\b|\band\b|\bor\b|\bwith\b|\bthan\b|\bto\b"
    r"|\bthose (?:in|of|from)\b)"
)
_WITHIN = r"(?:(?:in|of|on|by|for|from|behind|the)\s+)"
_ASKING = r"(?:what|how|where|which|who|when|why)\b"
# "Compare how …", "the difference between how …": what is left asks for one side.
_COMPARING = re.compile(
    rf"^(?:(?:please )?compare|(?:what(?:[’']s| is| are)? )?(?:the )?differences? (?:between|in))\s+(?={_ASKING})",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:each(?: (?:one|tool|paper|model|method|system|work|of (?:them|these|the \w+)))?|they|either|both)\b"
    r"(?! other)",
    re.IGNORECASE,
)
_BEFORE = r"(?:in|on|with|by|at|to|for|of)"
_SAYS_NOTHING = frozenset(
    "what how where which who when why many much in on with by at to for of from "
    "does do did is are was were has have use s".split()
)
_SINGULAR = {"do": "does", "are": "is", "were": "was", "have": "has"}


def of_one(question: str, candidate: Candidate, named: Sequence[Candidate]) -> str:
    """A question on several papers as it is asked of one: its name stands in place of the others' and of "each".

    "OwlNet vs HawkNet: what does each use?" becomes "what does OwlNet use?", and "where do the pairs come from in
    OwlNet, and where in HawkNet?" "where do the pairs come from in OwlNet?".
    """
    question = shown(question)  # as names are written where they are found: "DC^2" is "DC²"
    own = {written.casefold() for written in candidate.asked_as}
    others = {written for other in named for written in other.asked_as if written.casefold() not in own}
    if not own or not others:
        return question
    name = candidate.asked_as[0]
    every = "|".join(re.escape(written) for written in sorted({*others, *candidate.asked_as}, key=len, reverse=True))
    asked = re.sub(rf"(?<!\w)(?:{every})(?!\w)", lambda _: name, question)
    it = rf"(?<!\w){re.escape(name)}(?!\w)(?:[’']s(?!\w))?"
    asked = re.sub(rf"({it})(?:(?:\s*{_BESIDE})+\s*{_WITHIN}*{it})+", lambda match: match[1], asked)
    second = rf"(?:{_BEFORE} )?{_ASKING}(?: [\w-]+){{0,4}} {it}(?: [\w-]+){{0,2}}"
    clauses = rf"(.*?{it}[^?]*?)(?:,? (?:and|or|while|but)|[,;]) ({second})\s*([?.!]*)"
    if (two := re.fullmatch(clauses, asked)) and _repeats(two[2], two[1]):
        asked = two[1] + two[3]
    asked = re.sub(
        rf"({it}[^?]*?) (?:against|compare[ds]? (?:to|with)) {it}(?=\s*[?.!]*$)", lambda match: match[1], asked
    )
    return " ".join(_alone(asked, name, it).split())


def _repeats(second: str, first: str) -> bool:
    """True for a clause that asks nothing that the first does not: "and how many in OwlNet"."""
    return set(re.findall(r"\w+", second.casefold())) <= {*re.findall(r"\w+", first.casefold()), *_SAYS_NOTHING}


def _alone(asked: str, name: str, it: str) -> str:
    """A question that names one paper, without what is left of its being one of several: "each", plurals, "compare"."""
    asked = _COMPARING.sub("", asked)
    differ = rf"^(?:how|where|in what) (?:do|does|did) (?:the )?{it} (?:differ|compare) (?:in|on|by)\s+"
    asked = re.sub(
        rf"(?:{differ}|^compare (?:the )?{it} (?:in|on|by)\s+)(?=the\b|{_ASKING})",
        f"{name}: ",
        asked,
        flags=re.IGNORECASE,
    )
    if head := re.match(rf"(?:compare )?(?:the )?{it}\s*[:,;–-]+\s*(?=\S)", asked, re.IGNORECASE):
        body, found = _EACH.subn(lambda _: name, asked[head.end() :], count=1)
        asked = body if found else asked
    else:
        asked = re.sub(rf"({it}) (?:both|each)\b", lambda match: match[1], asked)
    plural = rf"\b(do|are|were|have)\b(?= (?:the )?{it})"
    return re.sub(plural, lambda match: _SINGULAR[match[1].lower()], asked, flags=re.IGNORECASE)


def apart(question: str, heard: Heard, hear: Callable[[str], Heard]) -> tuple[Mapping[str, float], str]:
    """The fields of the metadata that parts of a question ask for, as likely as each is, and its other parts.

    Nothing and "" where it asks for one thing, or for no field. `hear` hears a part as it heard the whole.
    """
    parts = [part for part in _NEXT.split(question) if part.strip(" ?.!,")]
    if len(parts) < 2 or max(heard.asks[name] for name in FIELDS) <= MAYBE:
        return {}, ""
    said = [(part, hear(part).asks) for part in parts]
    of_fields = {part for part, asks in said if max(asks[name] for name in FIELDS) > LIKELY}
    if not of_fields:
        return {}, ""
    wants = {name: max(asks[name] for part, asks in said if part in of_fields) for name in FIELDS}
    return wants, " and ".join(part.strip(" ?.!,") for part in parts if part not in of_fields)
