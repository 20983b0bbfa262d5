"""A follow-up made into a question that stands alone, by what the conversation spoke of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.errors import SettingsError
from rag.model import Paper, Turn
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.exchange import exchanged, same_people
from rag.retrieval.question.mentions import find_names
from rag.retrieval.question.ordinals import place_in
from rag.retrieval.question.people import people_in, settled
from rag.retrieval.question.reading import read
from rag.retrieval.question.spoken import Listener, exchanges_of, hangs, likeliest, papers_in, told_in
from rag.text import shown
from rag.text.names import title_name
from rag.text.normalization import without_surrogates

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
_MOST = 6
_REMEMBERED, _BEFORE = 24, 6
"""So many turns are read at most, and of those before a question that is made whole itself."""
_LIKELY = 0.5
_MARK = re.compile(r"\[(\d{1,2})\]")
_AMONG = re.compile(
    r"\bof (?:the (?:two|three|four|five|six)|them|these|those|both)\b|\bwhich ones?\b|\bthe ones? (?:on|about)\b"
    r"|\bthe (?:old|new|earli|lat)(?:er|est) one\b|^\W*(?:and|but) (?:the )?(?:old|new|earli|lat)(?:er|est)\W*$"
    r"|^\W*(?:(?:and|but|so) )?which (?:is|are|was|were|has|have|do|does|did)\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:they|them|these|those|both|the two|of the two|either|each|neither|which one|their)\b", re.IGNORECASE
)
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
_INSTEAD = re.compile(r"^\W*(?:and |but |so )?(?:what|how) about\b", re.IGNORECASE)
_FURTHER = re.compile(
    r"^\W*(?:and|but|what about)\s+(on|in|with|without|for|at|from|to|under|against)\b", re.IGNORECASE
)
_UNSAID = "“{}” alone does not say what is asked. Put it in a sentence."
_LEAD = re.compile(r"^\W*(?:(?:and|but|so|then|also|okay|ok)\b(?![-'’])[\s,.]*)+", re.IGNORECASE)


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
    if not history:
        return Standalone(question)
    history = history[-_REMEMBERED:]
    if not any(turn.role == "user" for turn in history):
        return Standalone(question)
    corrected = _CORRECTION.sub("", question)
    if corrected != question and corrected:
        question = f"and {corrected}"
    at = max((n for n, turn in enumerate(history) if turn.role == "user"), default=0)
    last = history[at].content
    heard = settled(question, listener.heard(question), index)
    piece = heard.goes_on > _LIKELY
    own = find_names(question, index)
    stands = own.owned or _AMONG.search(question) or _VERB.search(_INSTEAD.sub("", question))
    further = _FURTHER.match(question) if piece and not place_in(question) else None
    # "And on snow?" is about something else, and "and in snow?" asks for more of the same.
    adds = further and further[1].lower() != "on" and {mark.slot for mark in heard.marks} == {"subject"}
    if piece and heard.marks and not stands and not adds:
        if listener.heard(last).goes_on > _LIKELY:
            last = stand_alone(last, history[:at][-_BEFORE:], index, listener).text
        if whole := exchanged(question, heard, last, settled(last, listener.heard(last), index), index):
            return Standalone(whole)
    exchanges = exchanges_of(history, index)
    told = told_in(exchanges)
    named = [mention for mention in own.owned if mention.named.own]
    if len(named) == 1 and heard.asks.get("compare", 0.0) > _LIKELY and not own.unknown:  # "and against B?"
        others = [one for one in told if index.position[one[0].id] not in named[0].named.owners]
        if others:
            (other, _), *_ = likeliest(question, others, listener)
            return Standalone(f"{_whole(question)} ({name_of(other)})", (other,))
    alone = _LEAD.sub("", question).strip(" ?.!")
    if not alone:
        return Standalone(question, (), _UNSAID.format(question))
    another = piece and any(mention.written == alone for mention in own.owned)  # "and B?"
    if another or (_INSTEAD.search(question) and (own.owned or own.unknown)):
        before = stand_alone(last, history[:at][-_BEFORE:], index, listener)
        return _asked_of_another(question, before.own or before.text, index)
    if further:
        return Standalone(f"{_whole(last).rstrip(' ?.!')} {_LEAD.sub('', question).strip()}", goes_on=True)
    among = _AMONG.search(question) is not None or (piece and bool(heard.of("field") or heard.of("word")))
    if named:
        return Standalone(question)
    if _HOW_MANY.fullmatch(question):
        before = stand_alone(last, history[:at][-_BEFORE:], index, listener)
        if _OF_PAPERS.search(before.text):
            return replace(before, text=_COUNTED.sub("How many ", before.text))
    spoken = next((one.spoken for one in exchanges if one.spoken), [])
    answer = next((turn.content for turn in history[at + 1 :] if turn.role == "assistant"), "")
    if who := same_people(question, (last, answer), index, spoken, listener.heard):
        return Standalone(f"papers by {who}")
    if _REASON.search(question) and is_bare(question):
        return Standalone(question, (), _UNSAID.format(question))
    place = place_in(question) if spoken else None
    if (among or place) and len(spoken) == 1:  # "the third", after "the second" was answered; "the first" of all
        lists = [one.spoken for one in exchanges if len(one.spoken) > 1 and not (place and place.pair)]
        of_all = {paper.id: paper for one in reversed(exchanges) for paper in one.spoken}
        spoken = lists[0] if lists else [*of_all.values()][-2 if place and place.pair else 0 :]
    among = among and len(spoken) > 1
    reading = read(question)
    dated = any(mark.slot == "date" for mark in heard.marks)
    if (
        (reading.order or reading.conditions or dated)
        and not among
        and not (place and place.sure and not reading.order)
    ):
        return Standalone(question)
    if not spoken:
        about = piece or heard.hangs > _LIKELY
        return Standalone(f"{last} {question}" if about else question, hangs=about)
    pointed = among or place is not None or _PLURAL.search(question) or _PRONOUN.search(question)
    if not pointed and people_in(question, index, heard):
        return Standalone(_whole(question))
    if (mark := _MARK.search(question)) and (paper := _cited(int(mark[1]), history, index)):
        return Standalone(_named(question, paper, mark.span()), (paper,))
    back = among or (place is not None and place.sure) or is_bare(question)
    likely = [] if back else likeliest(question, told, listener)
    if likely and not hangs(question, heard, likely[0][1], told, listener):
        return Standalone(question)
    if place and not mark:
        chosen = [spoken[n] for n in place.of(len(spoken))]
        if chosen:
            names = " and ".join(map(name_of, chosen))
            return Standalone(_put(question, names, place.span), tuple(chosen))
        if place.sure:
            said = (
                f"{len(spoken)} papers: {', '.join(map(name_of, spoken[:_MOST]))}" if len(spoken) > 1 else "one paper"
            )
            return Standalone(question, (), f"The answer before this question speaks of {said}.")
    several_asked = len(exchanges[0].asked) != 1 and is_bare(question)
    if len(spoken) > 1 and (among or several_asked or _PLURAL.search(question)):
        several = spoken[:_MOST]
        whole = _whole(question)
        return Standalone(f"{whole} ({', '.join(map(name_of, several))})", tuple(several), own=whole)
    paper = (likely or likeliest(question, told, listener))[0][0]
    few = piece and len(question.split()) <= _FRAGMENT and not _VERB.search(question)
    if few and paper in exchanges[0].asked:  # "and multimodal ones?" goes on from it
        return Standalone(f"{_whole(last).rstrip(' ?.!')}, {_whole(question)}", (paper,))
    for pattern, form in ((_POSSESSIVE, "{}'s"), (_PRONOUN, "{}")):
        if match := pattern.search(question):
            return Standalone(_named(question, paper, match.span(), form), (paper,))
    return Standalone(f"{_whole(question)} ({name_of(paper)})", (paper,))


def name_of(paper: Paper) -> str:
    """The name a question would use for a paper: the one that begins its title, or the title."""
    return title_name(paper.title) or shown(paper.title)


def _whole(question: str) -> str:
    return _LEAD.sub("", question, count=1)


def _named(question: str, paper: Paper, span: tuple[int, int], form: str = "{}") -> str:
    return _put(question, form.format(name_of(paper)), span)


def _put(question: str, name: str, span: tuple[int, int]) -> str:
    return _whole(question[: span[0]] + name + question[span[1] :])


def _cited(number: int, history: Sequence[Turn], index: LexicalIndex) -> Paper | None:
    """The paper that a mark of the last answer stands for: the one named last before it."""
    answer = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    before, mark, _ = answer.partition(f"[{number}]")
    papers = papers_in(before, index) if mark else []
    return papers[-1] if papers else None


def _asked_of_another(question: str, last: str, index: LexicalIndex) -> Standalone:
    """ "What about B?" after the question `last` on A: that question on B."""
    before = find_names(last, index).owned
    if not before:
        return Standalone(f"{_whole(last).rstrip('?')}: {_INSTEAD.sub('', question).strip()}")
    other = _LEAD.sub("", _INSTEAD.sub("", question)).strip(" ?.!")
    first = min(before, key=lambda mention: mention.start)
    return Standalone(shown(last)[: first.start] + other + shown(last)[first.end :])


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
