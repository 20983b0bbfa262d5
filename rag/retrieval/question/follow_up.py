"""One turn of a conversation: what is heard in it, the names in it, and what was spoken of before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.model import Paper, Turn
from rag.neural.question_reader import Heard
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.mentions import Mention, Names, find_names
from rag.retrieval.question.ordinals import Place, place_in
from rag.retrieval.question.people import settled
from rag.retrieval.question.reading import Reading, read
from rag.retrieval.question.spoken import Exchange, Listener, exchanges_of, likeliest, papers_in, told_in

_CORRECTION = re.compile(
    r"^\W*(?:no|nope|sorry|actually|i mean)\b[\s,.:]*(?:sorry[\s,]*)?"
    r"(?:i (?:meant|mean|asked (?:for|about)|was asking (?:for|about)))?\b[\s,:]*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^\W*(?:(?:and|but|so|then|also|okay|ok)\b(?![-'’])[\s,.]*)+", re.IGNORECASE)
_INSTEAD = re.compile(r"^\W*(?:what|how) about\b", re.IGNORECASE)
_MARK = re.compile(r"\[(\d{1,2})\]")
_LIKELY = 0.5
_REMEMBERED = 24
"""So many turns are read at most."""


@dataclass(frozen=True, eq=False)
class FollowUp:
    """A question, the turns before it (one of them a question), and who says what is in both."""

    question: str
    history: Sequence[Turn]
    index: LexicalIndex
    listener: Listener

    @classmethod
    def of(cls, question: str, history: Sequence[Turn], index: LexicalIndex, listener: Listener) -> FollowUp | None:
        """The question, a correction's own words gone, after the latest turns; None where nothing was asked in them."""
        latest = history[-_REMEMBERED:]
        if not any(turn.role == "user" for turn in latest):
            return None
        return cls(_CORRECTION.sub("", question) or question, latest, index, listener)

    @cached_property
    def heard(self) -> Heard:
        """What the networks hear in it, with the library asked who is somebody."""
        return settled(self.question, self.listener.heard(self.question), self.index)

    @property
    def repeats(self) -> bool:
        """True for a piece of the question before: "and by Fox?"."""
        return self.heard.goes_on > _LIKELY

    @property
    def several(self) -> bool:
        """True where it is about several of the papers spoken of: "which of them?", "and the oldest?"."""
        if min(self.heard.hangs, self.heard.several) <= _LIKELY:
            return False
        return self.heard.several >= self.heard.goes_on or self.reading.order is not None

    @cached_property
    def names(self) -> Names:
        """The names in it."""
        return find_names(self.question, self.index)

    @property
    def named(self) -> list[Mention]:
        """Those that are a paper's own name."""
        return [mention for mention in self.names.owned if mention.named.own]

    @cached_property
    def reading(self) -> Reading:
        """What is exact in it."""
        return read(self.question)

    @property
    def whole(self) -> str:
        """Its words without those that only lead over to them."""
        return without_lead(self.question)

    @property
    def words(self) -> str:
        """What is left of it without "and", "what about" and the signs around."""
        return without_lead(_INSTEAD.sub("", self.whole)).strip(" ?.!")

    @property
    def _asked_at(self) -> int:
        return max(n for n, turn in enumerate(self.history) if turn.role == "user")

    @property
    def last(self) -> str:
        """The question before it."""
        return self.history[self._asked_at].content

    @property
    def answer(self) -> str:
        """What was answered to that; "" where nothing was."""
        return next((turn.content for turn in self.history[self._asked_at + 1 :]), "")

    @property
    def before(self) -> Sequence[Turn]:
        """The turns before the question before it."""
        return self.history[: self._asked_at]

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """What was asked and answered so far, the latest first."""
        return exchanges_of(self.history, self.index)

    @cached_property
    def told(self) -> list[tuple[Paper, float]]:
        """The papers spoken of, the latest first, with how much likelier each is meant by that."""
        return told_in(self.exchanges)

    @cached_property
    def likely(self) -> list[tuple[Paper, float]]:
        """Those of them that it may mean, the likeliest first."""
        return likeliest(self.question, self.told, self.listener)

    @cached_property
    def spoken(self) -> list[Paper]:
        """The papers of the last exchange that was about any."""
        return next((one.spoken for one in self.exchanges if one.spoken), [])

    @cached_property
    def place(self) -> Place | None:
        """The place among the papers spoken of that it names: "the second one"; which "came first" is an order."""
        return place_in(self.question) if self.spoken and self.reading.order is None else None

    @cached_property
    def among(self) -> list[Paper]:
        """The papers of which it may pick some: those of the last exchange, or of a list before if that was about one.

        So "the third" is found after "the second" was answered.
        """
        if len(self.spoken) != 1 or not (self.several or self.place):
            return self.spoken
        pair = self.place is not None and self.place.pair
        if lists := [one.spoken for one in self.exchanges if (len(one.spoken) == 2 if pair else len(one.spoken) > 1)]:
            return lists[0]
        of_all = {paper.id: paper for one in reversed(self.exchanges) for paper in one.spoken}
        return [*of_all.values()][-2 if pair else 0 :]

    @property
    def cited(self) -> tuple[Paper, tuple[int, int]] | None:
        """The paper that a mark in it ("[2]") stands for, which the last answer names last before it; and its place."""
        if not (mark := _MARK.search(self.question)):
            return None
        before, found, _ = self.answer.partition(mark[0])
        papers = papers_in(before, self.index) if found else []
        return (papers[-1], mark.span()) if papers else None


def without_lead(text: str) -> str:
    """A text without the words at its beginning that only lead over to it: "and", "ok, so"."""
    return _LEAD.sub("", text, count=1)
