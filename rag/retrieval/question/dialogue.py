"""A follow-up made into a question that stands alone, by what the conversation spoke of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.errors import SettingsError
from rag.grounding.citations import without_marks
from rag.model import Paper, Turn
from rag.neural.question_reader import Heard
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.exchange import exchanged, same_people
from rag.retrieval.question.mentions import Mention, find_names
from rag.retrieval.question.ordinals import place_in
from rag.retrieval.question.people import people_in, settled
from rag.retrieval.question.reading import read, topic_of
from rag.text import shown, terms
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
_FRAGMENT, _SHORT, _TERSE = 5, 6, 2
_MOST = 6
_LIKELY, _MAYBE = 0.5, 0.3
_FEW = 0.02
_MARK = re.compile(r"\[(\d{1,2})\]")
_DEFINITE = re.compile(r"\bthe\b", re.IGNORECASE)
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
_PROPER = re.compile(r"(?<=\s)[A-Z][a-z]+")
_INSTEAD = re.compile(r"^\W*(?:and |but |so )?(?:what|how) about\b", re.IGNORECASE)
_FURTHER = re.compile(
    r"^\W*(?:and|but|what about)\s+(?:on|in|with|without|for|at|from|to|under|against)\b", re.IGNORECASE
)
_LEAD = re.compile(r"^\W*(?:and|but|so|then|also|okay|ok)\b[\s,]*", re.IGNORECASE)


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


def stand_alone(
    question: str, history: Sequence[Turn], index: LexicalIndex, text_of: Callable[[Sequence[str]], Sequence[str]],
    hear: Callable[[str], Heard],
) -> Standalone:  # fmt: skip
    """`question` with what it refers back to put in words: names for pronouns, "the second one" for that paper.

    A question that names its own subject, or that comes without a conversation, stays as it is. `text_of` gives the
    abstracts of papers by their ids; `hear` says what a question asks for and what its words are.
    """
    if not history:
        return Standalone(question)
    corrected = _CORRECTION.sub("", question)
    if corrected != question and corrected:
        question = f"and {corrected}"
    at = max((n for n, turn in enumerate(history) if turn.role == "user"), default=0)
    last = history[at].content
    heard = settled(question, hear(question), index)
    piece = heard.goes_on > _LIKELY
    own = find_names(question, index)
    stands = own.owned or _AMONG.search(question) or _VERB.search(_INSTEAD.sub("", question))
    if piece and heard.marks and not stands:
        if hear(last).goes_on > _LIKELY:
            last = stand_alone(last, history[:at], index, text_of, hear).text
        if whole := exchanged(question, heard, last, settled(last, hear(last), index), index):
            return Standalone(whole)
    if _INSTEAD.search(question) and (own.owned or own.unknown):
        return _asked_of_another(question, history, index)
    if piece and _FURTHER.match(question):
        return Standalone(f"{_whole(last).rstrip(' ?.!')} {_LEAD.sub('', question).strip()}", goes_on=True)
    reading = read(question)
    among = _AMONG.search(question) is not None or (piece and bool(heard.of("field") or heard.of("word")))
    if (own.unknown and not among) or any(mention.named.own for mention in own.owned):
        return Standalone(question)
    spoken = _spoken_of(history, index)
    if _HOW_MANY.fullmatch(question):
        before = stand_alone(last, history[:at], index, text_of, hear)
        if _OF_PAPERS.search(before.text):
            return replace(before, text=_COUNTED.sub("How many ", before.text))
    answer = next((turn.content for turn in history[at + 1 :] if turn.role == "assistant"), "")
    if who := same_people(question, (last, answer), index, spoken, hear):
        return Standalone(f"papers by {who}")
    if _REASON.search(question) and is_bare(question):
        return Standalone(question, (), f"“{question}” alone does not say what is asked. Put it in a sentence.")
    place = place_in(question) if spoken else None
    if (among or place) and len(spoken) == 1:  # "the third", after "the second" was answered
        spoken = _spoken_of(history, index, least=2) or spoken
    among = among and len(spoken) > 1
    dated = any(mark.slot == "date" for mark in heard.marks)
    if (
        (reading.order or reading.conditions or dated)
        and not among
        and not (place and place.sure and not reading.order)
    ):
        return Standalone(question)
    if not spoken:
        return Standalone(f"{last} {question}" if reading.refers_back else question)
    pointed = among or place is not None or _PLURAL.search(question) or _PRONOUN.search(question)
    if not pointed and people_in(question, index, heard):
        return Standalone(_whole(question))
    back = reading.refers_back or among or bool(_LEAD.match(question)) or (place is not None and place.sure)
    short = len(question.split()) <= _SHORT and not _own_subject(question, spoken, index, text_of, heard.asks)
    elliptic = short or is_bare(question)
    if not back and not elliptic and not _speaks_of(question, [paper.id for paper in spoken], index, text_of):
        return Standalone(question)
    if mark := _MARK.search(question):
        if paper := _cited(int(mark[1]), history, index):
            return Standalone(_named(question, paper, mark.span()), (paper,))
    elif place:
        chosen = [spoken[n] for n in place.of(len(spoken))]
        if chosen:
            names = " and ".join(map(name_of, chosen))
            return Standalone(_put(question, names, place.span), tuple(chosen))
        if place.sure:
            said = (
                f"{len(spoken)} papers: {', '.join(map(name_of, spoken[:_MOST]))}" if len(spoken) > 1 else "one paper"
            )
            return Standalone(question, (), f"The answer before this question speaks of {said}.")
    several_asked = len(_papers_in(last, index)) != 1 and is_bare(question)
    if len(spoken) > 1 and (among or several_asked or _PLURAL.search(question)):
        several = spoken[:_MOST]
        whole = _whole(question)
        return Standalone(f"{whole} ({', '.join(map(name_of, several))})", tuple(several), own=whole)
    paper = _subject(history, index, spoken)
    few = piece and len(question.split()) <= _FRAGMENT and not _VERB.search(question)
    if few and any(own.id == paper.id for own in _papers_in(last, index)):  # "and multimodal ones?" goes on from it
        return Standalone(f"{_whole(last).rstrip(' ?.!')}, {_whole(question)}", (paper,))
    for pattern, form in ((_POSSESSIVE, "{}'s"), (_PRONOUN, "{}")):
        if match := pattern.search(question):
            return Standalone(_named(question, paper, match.span(), form), (paper,))
    return Standalone(f"{_whole(question)} ({name_of(paper)})", (paper,))


def _own_subject(
    question: str, spoken: Sequence[Paper], index: LexicalIndex,
    text_of: Callable[[Sequence[str]], Sequence[str]], wants: Mapping[str, float],
) -> bool:  # fmt: skip
    """True if a short question has its own subject: a list, nothing of the library, or what other papers are on."""
    if wants.get("list", 0.0) > _LIKELY:  # "which papers are about X?" is about X
        return True
    if len(question.split()) <= _TERSE:
        return False
    if wants.get("small talk", 0.0) > _MAYBE:
        return True
    topic = topic_of(question)
    if _PROPER.search(question) and topic and not any(map(index.frequency, topic)):
        return True  # "Who is the president of France?"
    strange = set(terms(question)).difference(*(terms(text) for text in text_of([paper.id for paper in spoken])))
    few = max(1, _FEW * len(index.papers))
    if index.in_titles(term for term in strange if 0 < index.frequency(term) <= few):
        return True
    unheard = any(not index.frequency(term) for term in strange)
    return unheard and wants.get("overview", 0.0) > _LIKELY and not _DEFINITE.search(question)


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
    return _put(question, form.format(name_of(paper)), span)


def _put(question: str, name: str, span: tuple[int, int]) -> str:
    return _whole(question[: span[0]] + name + question[span[1] :])


def _cited(number: int, history: Sequence[Turn], index: LexicalIndex) -> Paper | None:
    """The paper that a mark of the last answer stands for: the one named last before it."""
    answer = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    before, mark, _ = answer.partition(f"[{number}]")
    papers = _papers_in(before, index) if mark else []
    return papers[-1] if papers else None


def _spoken_of(history: Sequence[Turn], index: LexicalIndex, *, least: int = 1) -> list[Paper]:
    """The papers that the last exchange spoke of that has so many, in the order of its answer, then of its question."""
    for at in range(len(history) - 1, -1, -1):
        if history[at].role != "user":
            continue
        answer = next((turn.content for turn in history[at + 1 :] if turn.role == "assistant"), "")
        papers = _papers_in(answer, index) + _papers_in(history[at].content, index)
        each = {paper.id: paper for paper in papers}
        if len(each) >= least:
            return list(each.values())
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
