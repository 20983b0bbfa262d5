"""A follow-up made into a question that stands alone, by what the conversation spoke of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.errors import SettingsError
from rag.model import Paper, Turn
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.exchange import exchanged, same_people
from rag.retrieval.question.follow_up import FollowUp, without_lead
from rag.retrieval.question.language import as_written
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.people import people_in, settled
from rag.retrieval.question.spoken import Listener, hangs, likeliest
from rag.text import shown
from rag.text.names import title_name
from rag.text.normalization import without_surrogates

_MOST, _MOST_MEANT = 6, 30  # papers spoken of that are named in a question, and that it may be about
_BEFORE = 6
"""So many turns are read for a question that is made whole itself."""
_LIKELY = 0.5
_POSSESSIVE = re.compile(r"\b(?:its|their|his|her)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:it|that one|this one|"
    r"(?:this|that|the) (?:paper|work|model|method|system|approach|benchmark|dataset|framework|survey))\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"\W*(?:(?:and|but|so) )?(?:by )?(?:when|where|why|who|whom|how|how come)(?: by)?\W*", re.IGNORECASE)
_REASON = re.compile(r"\b(?:why|how|where)\b", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"\W*(?:(?:and|so|but) )?how many(?: (?:papers|of them|are there|are they|is that|in all|in total))*\W*",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(r"\b(?:papers?|articles?|publications?)\b", re.IGNORECASE)
_COUNTED = re.compile(r"^\W*(?:which|what|list|show me|how many)\s+", re.IGNORECASE)
_ADDING = re.compile(r"(?:in|with|without|for|at|from|to|under|against)\b", re.IGNORECASE)
_UNSAID = "“{}” alone does not say what is asked. Put it in a sentence."


@dataclass(frozen=True)
class Standalone:
    """The question as it stands alone, and the papers it speaks of by way of the conversation.

    `missing` says what the conversation does not have that the question speaks of, "" where it has it.
    """

    text: str
    papers: tuple[Paper, ...] = ()
    missing: str = ""
    own: str = ""
    """The question's own words where the names of several papers were put behind it."""
    goes_on: bool = False
    """True where it is the question before with a few words more, so that these alone say nothing of what is asked."""
    hangs: bool = False
    """True where it is about what was spoken of before, and that was no paper."""


def stand_alone(question: str, history: Sequence[Turn], index: LexicalIndex, listener: Listener) -> Standalone:
    """`question` with what it refers back to put in words: names for pronouns, "the second one" for that paper.

    A question that brings its own subject, or that comes without a conversation, stays as it is.
    """
    history = [replace(turn, content=as_written(turn.content, index)) for turn in history]
    turn = FollowUp.of(question, history, index, listener)
    if turn is None:
        return Standalone(question)
    return next(found for way in _WAYS if (found := way(turn)) is not None)


def _unsaid(turn: FollowUp) -> Standalone | None:
    """ "And?", "why?"."""
    if turn.words and not (is_bare(turn.question) and _REASON.search(turn.question)):
        return None
    return Standalone(turn.question, (), _UNSAID.format(turn.question))


def _exchanged(turn: FollowUp) -> Standalone | None:
    """ "And by Fox?" after a question on the papers of Owl: that question on Fox."""
    slots = {mark.slot for mark in turn.heard.marks}
    if not turn.repeats or turn.names.owned or (_adds(turn) and slots == {"subject"}):
        return None
    last = turn.last
    if turn.listener.heard(last).goes_on > _LIKELY:
        last = _before(turn).text
    known = settled(last, turn.listener.heard(last), turn.index)
    whole = exchanged(turn.question, turn.heard, last, known, turn.index)
    return Standalone(whole, goes_on=True) if whole else None


def _against(turn: FollowUp) -> Standalone | None:
    """ "And against B?": B beside the likeliest paper spoken of."""
    if len(turn.named) != 1 or turn.heard.asks.get("compare", 0.0) <= _LIKELY or turn.names.unknown:
        return None
    others = [one for one in turn.told if turn.index.position[one[0].id] not in turn.named[0].named.owners]
    if not others:
        return None
    (other, _), *_ = likeliest(turn.question, others, turn.listener)
    return Standalone(f"{turn.whole} ({name_of(other)})", (other,))


def _of_another(turn: FollowUp) -> Standalone | None:
    """ "What about B?" after a question on A: that question on B."""
    if not (turn.repeats and (turn.names.owned or turn.names.unknown)):
        return None
    before = _before(turn)
    last = shown(before.own or before.text)
    names = find_names(last, turn.index).owned
    if not names:
        return Standalone(f"{last.rstrip('?')}: {turn.words}", goes_on=True)
    first = min(names, key=lambda mention: mention.start)
    return Standalone(last[: first.start] + turn.words + last[first.end :], goes_on=True)


def _by_name(turn: FollowUp) -> Standalone | None:
    """A question that names its paper."""
    return Standalone(turn.question) if len(turn.named) == 1 else None


def _counted(turn: FollowUp) -> Standalone | None:
    """ "How many?" after a question for papers."""
    if not _HOW_MANY.fullmatch(turn.question):
        return None
    before = _before(turn)
    return replace(before, text=_COUNTED.sub("How many ", before.text)) if _OF_PAPERS.search(before.text) else None


def _of_the_same_people(turn: FollowUp) -> Standalone | None:
    """ "What else did she write?"."""
    who = same_people(turn.question, (turn.last, turn.answer), turn.index, turn.spoken, turn.listener.heard)
    return Standalone(f"papers by {who}") if who else None


def _by_date(turn: FollowUp) -> Standalone | None:
    """A question with times, or an order over all papers, that picks none of those spoken of."""
    dated = any(mark.slot == "date" for mark in turn.heard.marks)
    ordered = turn.reading.order is not None
    if not (ordered or turn.reading.conditions or dated) or (turn.several and len(turn.among) > 1):
        return None
    return None if turn.place and turn.place.sure and not ordered else Standalone(turn.question)


def _of_no_paper(turn: FollowUp) -> Standalone | None:
    """A question after turns that were about no paper: with the words of the one before it, if it hangs on that."""
    if turn.spoken:
        return None
    about = turn.repeats or turn.heard.hangs > _LIKELY
    return Standalone(f"{turn.last} {turn.question}" if about else turn.question, hangs=about)


def _by_mark(turn: FollowUp) -> Standalone | None:
    """ "Does [2] need training?"."""
    if not (cited := turn.cited):
        return None
    paper, span = cited
    return Standalone(_put(turn, name_of(paper), span), (paper,))


def _of_its_own(turn: FollowUp) -> Standalone | None:
    """A question that brings its own subject, or people."""
    pointed = turn.several or turn.place is not None or turn.heard.hangs > _LIKELY
    if not pointed and people_in(turn.question, turn.index, turn.heard):
        return Standalone(turn.whole)
    if turn.several or turn.repeats or (turn.place and turn.place.sure) or is_bare(turn.question):
        return None
    (_, best), *_ = turn.likely
    return None if hangs(turn.question, turn.heard, best, turn.told, turn.listener) else Standalone(turn.question)


def _by_place(turn: FollowUp) -> Standalone | None:
    """ "How fast is the second one?"."""
    if not (place := turn.place):
        return None
    if chosen := [turn.among[n] for n in place.of(len(turn.among))]:
        return Standalone(_put(turn, " and ".join(map(name_of, chosen)), place.span), tuple(chosen))
    if not place.sure:
        return None
    known = len(turn.among)
    said = f"{known} papers: {', '.join(map(name_of, turn.among[:_MOST]))}" if known > 1 else "one paper"
    return Standalone(turn.question, (), f"The answer before this question speaks of {said}.")


def _of_several(turn: FollowUp) -> Standalone | None:
    """ "Which of them is faster?"."""
    all_asked = len(turn.exchanges[0].asked) != 1 and is_bare(turn.question)
    if len(turn.among) < 2 or not (turn.several or all_asked):
        return None
    papers = turn.among[:_MOST_MEANT]
    return Standalone(f"{turn.whole} ({', '.join(map(name_of, papers[:_MOST]))})", tuple(papers), own=turn.whole)


def _repeated(turn: FollowUp) -> Standalone | None:
    """ "And in winter?" after a question on a paper: that question with these words."""
    if not turn.repeats or turn.heard.of("field") or is_bare(turn.question):
        return None
    before = _before(turn)
    joint = " " if _adds(turn) else ", "
    return Standalone(f"{before.text.rstrip(' ?.!')}{joint}{turn.words}", before.papers, own=before.own, goes_on=True)


def _of_one(turn: FollowUp) -> Standalone:
    """A question on the likeliest of the papers spoken of: its name where a pronoun stands, else behind it."""
    paper, _ = turn.likely[0]
    for pattern, form in ((_POSSESSIVE, "{}'s"), (_PRONOUN, "{}")):
        if match := pattern.search(turn.question):
            return Standalone(_put(turn, form.format(name_of(paper)), match.span()), (paper,))
    return Standalone(f"{turn.whole} ({name_of(paper)})", (paper,))


_WAYS: tuple[Callable[[FollowUp], Standalone | None], ...] = (
    _unsaid, _exchanged, _against, _of_another, _by_name, _counted, _of_the_same_people, _by_date, _of_no_paper,
    _by_mark, _of_its_own, _by_place, _of_several, _repeated, _of_one,
)  # fmt: skip
"""How a turn may follow on others; the first that applies says how it is meant."""


def name_of(paper: Paper) -> str:
    """The name a question would use for a paper: the one that begins its title, or the title."""
    return title_name(paper.title) or shown(paper.title)


def _before(turn: FollowUp) -> Standalone:
    """The question before, as it stands alone."""
    return stand_alone(turn.last, turn.before[-_BEFORE:], turn.index, turn.listener)


def _adds(turn: FollowUp) -> bool:
    """True for more of the same: "and in snow?"; "and on snow?" is about something else."""
    return _ADDING.match(turn.words) is not None


def _put(turn: FollowUp, name: str, span: tuple[int, int]) -> str:
    return without_lead(turn.question[: span[0]] + name + turn.question[span[1] :])


def is_bare(question: str) -> bool:
    """True for nothing but a word of asking: "when?", "And why?"."""
    return _BARE.fullmatch(question) is not None


def turn_of(turn: Turn | Mapping[str, str]) -> Turn:
    """A turn as given by a caller. Raises SettingsError if it has no role or no content."""
    if isinstance(turn, Turn):
        return turn
    try:
        role, content = turn["role"], turn["content"]
    except (KeyError, TypeError) as error:
        raise SettingsError(f"a turn of the history is {turn!r:.80}; it needs a role and a content.") from error
    if role not in ("user", "assistant") or not isinstance(content, str):
        raise SettingsError(f"a turn of the history has the role {role!r}; it can be user or assistant.")
    return Turn("user" if role == "user" else "assistant", without_surrogates(content))
