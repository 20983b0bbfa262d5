"""What the library does not say, put in a sentence that takes up the words of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.attributes import missing_attributes
from rag.citations import without_marks
from rag.model import Paper
from rag.question import Reading
from rag.select import Candidate
from rag.text import shown


def missing_sentence(reading: Reading, named: Sequence[Candidate], unknown: Sequence[str]) -> str:
    """One sentence that says what the library does not say."""
    asked = without_marks(reading.text)  # "[1]" in a question is no citation of this answer
    if unknown:
        names = " and ".join(dict.fromkeys(unknown))
        if named:
            return f"The abstract of {_called(named[0].paper, named[0].name)} does not mention {names}."
        return f"No paper in the library is about {names}, and none mentions it."
    if len(named) == 1:
        who = _called(named[0].paper, named[0].name)
        if not named[0].spans:
            return f"Of {who} the library has only the title, no abstract."
        gaps, _ = missing_attributes(reading.text, f"{named[0].paper.title} {named[0].paper.abstract}")
        if gaps:
            verb = "say" if gaps[0].startswith(("how ", "who ")) else "give"
            return f"The abstract of {who} does not {verb} {' or '.join(gaps)}."
        return f"The abstract of {who} does not say {_clause(asked, named[0])}."
    if named:
        return f"The abstracts of {' and '.join(_called(c.paper, c.name) for c in named)} do not say."
    return f"No paper in the library answers this: nothing in it is about {_topic(asked) or 'that'}."


def _called(paper: Paper, name: str) -> str:
    return name or f"“{shown(paper.title)}”"


_INVERTED = re.compile(
    r"^\W*(?:and |but |so )?"
    r"(?P<ask>how (?:many|much|long|large|big|fast)\b.*?|what\b.*?|which\b.*?|where|when|why|how|who)\s+"
    r"(?P<verb>does|do|did|is|are|was|were|has|have|can)\s+(?P<rest>.+?)\W*$",
    re.IGNORECASE,
)


def _clause(question: str, candidate: Candidate) -> str:
    """The question as a clause: "how much memory it needs at inference", or "this: ..." where that is not easy."""
    match = _INVERTED.match(question)
    asked = next(
        (name for name in candidate.asked_as if match and match["rest"].casefold().startswith(name.casefold())), None
    )
    if match is None or asked is None or "," in question:
        return f"this: {question.rstrip(' .!?')}"
    rest = match["rest"][len(asked) :].strip(" '’")
    verb, ask = match["verb"].lower(), match["ask"][0].lower() + match["ask"][1:]
    words = rest.split()
    if not words:
        return f"this: {question.rstrip(' .!?')}"
    if verb in ("does", "do"):
        rest = " ".join([_third_person(words[0]), *words[1:]])
        return f"{ask} it {rest}"
    if verb == "did":
        return f"{ask} it did {rest}"
    return f"{ask} it {verb} {rest}"


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else {"have": "has", "be": "is"}.get(verb, verb + "s")


def _topic(question: str) -> str:
    match = re.search(
        r"\b(?:about|on|for|to do with|treat|cover|handle|deal with|address)\s+(.+?)\W*$", question, re.IGNORECASE
    )
    topic = match.group(1) if match else question.rstrip(" ?.!")
    return f"“{shown(topic)}”" if len(topic.split()) > 6 else shown(topic)
