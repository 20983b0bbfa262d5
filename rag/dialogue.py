"""A follow-up made into a question that stands alone, by what the conversation spoke of."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.citations import without_marks
from rag.lexical import LexicalIndex
from rag.model import Paper, Turn
from rag.names import title_name
from rag.naming import Mention, find_names
from rag.question import read
from rag.text import shown, terms

_ORDINAL = re.compile(
    r"(?<!per )\b(?:the )?(first|second|third|fourth|fifth|last|former|latter|other)"
    r"(?: (?:one|paper|model|method|system))?\b"
    # "the last of its stages", "the first author", "the second step" are parts of something, and no paper.
    r"(?! of (?:its|their|the (?!two|three|four|five|papers|ones)))"
    r"(?! (?:authors?|stages?|steps?|phases?|layers?|parts?|time|place|sentence|token|experiment|data ?sets?|year|"
    r"training)\b)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^\W*(?:no|nope|sorry|actually|i mean)\b[\s,.:]*(?:sorry[\s,]*)?"
    r"(?:i (?:meant|mean|asked (?:for|about)|was asking (?:for|about)))?\b[\s,:]*",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:what|which|how|who|why|where|when|is|are|was|were|do|does|did|has|have|had|can|could|will|would)\b",
    re.IGNORECASE,
)
_FRAGMENT = 5
_SHORT = 6
_PLACES = {
    "first": 0,
    "former": 0,
    "second": 1,
    "latter": 1,
    "other": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "last": -1,
}
_PLURAL = re.compile(
    r"\b(?:they|them|these|those|both|the two|of the two|either|each|neither|which one|their)\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|her)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:it|that one|this one|"
    r"(?:this|that|the) (?:paper|work|model|method|system|approach|benchmark|dataset|framework|survey))\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"^\W*(?:and |but |so )?(?:what|how) about\b", re.IGNORECASE)
_LEAD = re.compile(r"^\W*(?:and|but|so|then|also|okay|ok)\b[\s,]*", re.IGNORECASE)


@dataclass(frozen=True)
class Standalone:
    """The question as it stands alone, and the papers it speaks of by way of the conversation."""

    text: str
    papers: tuple[Paper, ...] = ()


def stand_alone(
    question: str, history: Sequence[Turn], index: LexicalIndex, text_of: Callable[[Sequence[str]], Sequence[str]],
    *, listing: bool = False,
) -> Standalone:  # fmt: skip
    """`question` with what it refers back to put in words: names for pronouns, "the second one" for that paper.

    A question that names its own subject, or that comes without a conversation, stays as it is. `text_of` gives the
    abstracts of papers by their ids; `listing` is True for a question that asks for papers on a subject of its own.
    """
    if not history:
        return Standalone(question)
    corrected = _CORRECTION.sub("", question)
    if corrected != question and corrected:
        question = f"and {corrected}"
    own = find_names(question, index)
    if _INSTEAD.search(question) and (own.owned or own.unknown):
        return _asked_of_another(question, history, index)
    reading = read(question)
    if own.unknown or any(mention.named.own for mention in own.owned):
        return Standalone(question)
    if reading.order or reading.conditions:
        return Standalone(question)
    spoken = _spoken_of(history, index)
    if not spoken:
        last = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
        return Standalone(f"{last} {question}" if reading.refers_back else question)
    short = len(question.split()) <= _SHORT and not listing  # "which papers are about X?" is about X
    back = reading.refers_back or bool(_LEAD.match(question)) or short
    if not back and not _speaks_of(question, [paper.id for paper in spoken], index, text_of):
        return Standalone(question)
    ordinal = _ORDINAL.search(question)
    if ordinal and _PLACES[ordinal.group(1).lower()] < len(spoken):
        paper = spoken[_PLACES[ordinal.group(1).lower()]]
        return Standalone(_named(question, paper, ordinal.span()), (paper,))
    if _PLURAL.search(question) and len(spoken) > 1:
        several = spoken[:6]
        return Standalone(f"{_whole(question)} ({', '.join(map(name_of, several))})", tuple(several))
    paper = _subject(history, index, spoken)
    if _LEAD.match(question) and not _VERB.search(question) and len(question.split()) <= _FRAGMENT:
        last = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
        if any(own.id == paper.id for own in _papers_in(last, index)):  # "and multimodal ones?" goes on from it
            return Standalone(f"{_whole(last).rstrip(' ?.!')}, {_whole(question)}", (paper,))
    for pattern, form in ((_POSSESSIVE, "{}'s"), (_PRONOUN, "{}")):
        if match := pattern.search(question):
            return Standalone(_named(question, paper, match.span(), form), (paper,))
    return Standalone(f"{_whole(question)} ({name_of(paper)})", (paper,))


def _speaks_of(
    question: str, ids: Sequence[str], index: LexicalIndex, text_of: Callable[[Sequence[str]], Sequence[str]]
) -> bool:
    """True if the papers spoken of have at least half of the question's terms, by weight."""
    wanted = {term: index.idf(term) for term in terms(question)}
    has = set().union(*(terms(text) for text in text_of(ids)))
    whole = sum(wanted.values())
    return whole > 0 and sum(weight for term, weight in wanted.items() if term in has) >= 0.5 * whole


def name_of(paper: Paper) -> str:
    """The name a question would use for a paper: the one that begins its title, or the title."""
    return title_name(paper.title) or shown(paper.title)


def _whole(question: str) -> str:
    return _LEAD.sub("", question, count=1)


def _named(question: str, paper: Paper, span: tuple[int, int], form: str = "{}") -> str:
    return _whole(question[: span[0]] + form.format(name_of(paper)) + question[span[1] :])


def _spoken_of(history: Sequence[Turn], index: LexicalIndex) -> list[Paper]:
    """The papers that the last exchange spoke of, in the order of its last answer, then of its question."""
    for at in range(len(history) - 1, -1, -1):
        if history[at].role != "user":
            continue
        answer = next((turn.content for turn in history[at + 1 :] if turn.role == "assistant"), "")
        papers = _papers_in(answer, index) + _papers_in(history[at].content, index)
        if papers:
            return list({paper.id: paper for paper in papers}.values())
    return []


def _subject(history: Sequence[Turn], index: LexicalIndex, spoken: Sequence[Paper]) -> Paper:
    """The one paper that "it" means: what the last question named, else what its answer speaks of first."""
    last = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    asked = _papers_in(last, index)
    return asked[0] if asked else spoken[0]


def _papers_in(text: str, index: LexicalIndex) -> list[Paper]:
    mentions: list[Mention] = sorted(find_names(without_marks(text), index).owned, key=lambda mention: mention.start)
    strong = [mention for mention in mentions if mention.named.own] or mentions
    return [index.papers[n] for mention in strong for n in mention.named.owners]


def _asked_of_another(question: str, history: Sequence[Turn], index: LexicalIndex) -> Standalone:
    """ "What about B?" after a question on A: that question on B."""
    last = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    before = find_names(last, index).owned
    if not before:
        return Standalone(f"{_whole(last).rstrip('?')}: {_INSTEAD.sub('', question).strip()}")
    other = _INSTEAD.sub("", question).strip(" ?.!")
    first = before[0]
    return Standalone(shown(last)[: first.start] + other + shown(last)[first.end :])
