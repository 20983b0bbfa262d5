"""One reply of a model: its sentences checked as they come, and what fails sent back once with the reasons."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rag.answers.generation.evidence import Bundle
from rag.answers.generation.guard import follows, kept_back
from rag.answers.generation.named_marks import named_in
from rag.answers.generation.prompts import (
    Message,
    Prompted,
    again_messages,
    says_not_enough,
    says_nothing,
    wanted_search,
)
from rag.answers.generation.statements import Checked, checked, sentence_of
from rag.answers.generation.transport.chat_model import VOID, ChatModel
from rag.answers.generation.transport.meter import Allowance
from rag.errors import ProviderError
from rag.grounding.citations import Draft
from rag.grounding.marks import Named, raised_names, speaks_to_reader
from rag.grounding.splitting import MARK, Splitter
from rag.grounding.verdict import Check
from rag.model import Paper
from rag.text import normal

ANSWER_TOKENS = 1000
_MOST_SEARCHES = 3


@dataclass
class Job:
    """One reply being written: what the model is asked, the papers whole, what came of it so far.

    `heard` is True once the model has said something: what fails before that was tried again already; `marked` until
    it writes a sentence without a mark. `wanted` are the searches that it asks for; `searches` is True while it may.
    """

    question: str
    bundle: Bundle
    messages: Sequence[Message]
    evidence: Prompted
    originals: tuple[Paper, ...]
    allowed: Allowance
    max_tokens: int = ANSWER_TOKENS
    notes: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    heard: bool = False
    marked: bool = True
    sent_back: int = 0
    searches: bool = False

    @cached_property
    def given(self) -> str:
        """All text that the model was given."""
        return "\n".join((self.question, *(m.content for m in self.messages if m.role == "user")))

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the evidence with a small raised figure, which is no mark."""
        return raised_names(self.given)

    @cached_property
    def named(self) -> Named:
        """What words in brackets cite."""
        return named_in(self.evidence)

    @cached_property
    def gone(self) -> str:
        """What the model is not shown of the papers."""
        return kept_back(self.originals)

    def obeys(self, one: Checked) -> bool:
        """True for a sentence that failed and may do what an abstract tells models to do: nothing of it is kept."""
        cited = {line.paper.id for line in self.evidence.lines if line.number in one.sentence.numbers}
        suspect = [paper for paper in self.originals if paper.id in cited] or self.originals
        return bool(kept_back(suspect)) or follows(one.sentence.text, self.gone, self.given)


class Writer:
    """Has one model write replies, and checks them. It keeps nothing of a reply, and lives as long as its Generator."""

    def __init__(self, model: ChatModel, check: Check, *, strikes: bool) -> None:
        self._model = model
        self._check = check
        self._strikes = strikes

    def reply(self, job: Job, shown: list[Draft], *, live: bool) -> Generator[tuple[Draft, ...], None, list[Checked]]:
        """Puts the drafts that may be shown already, when `live`, into `shown`, and gives them; returns all sentences.

        What a model writes may be thoughts whose beginning is not marked, until it is known better. Of an answer every
        sentence has a mark: from one that has none all wait for the end of the reply. What was shown and turns out
        to be a thought is taken out of `shown` again.

        Raises:
            ProviderError: the model's server failed, and a second start is not possible or has failed too.
        """
        begun = len(shown)
        for start in (1, 2):
            found: list[Checked] = []
            job.wanted, job.heard, job.marked = [], False, True
            try:
                for one in self._written(job):
                    if one is None:
                        found = []
                        if len(shown) > begun:
                            del shown[begun:]
                            yield tuple(shown)
                        continue
                    found.append(one)
                    sure = job.marked or not self._model.may_be_thinking
                    if live and sure and not any(other.failed for other in found):
                        shown.append(one.draft)
                        yield tuple(shown)
                break
            except ProviderError as error:
                again = error.retryable and job.heard and len(shown) == begun and start == 1
                if not (again and job.allowed.deadline.left_s):
                    raise
        final = self._tried_again(found, job)
        if live and not self._strikes:
            for one in [one for one in final if not one.failed][len(shown) - begun :]:
                shown.append(one.draft)
                yield tuple(shown)
        return final

    def _written(self, job: Job) -> Iterator[Checked | None]:
        """The sentences of the model's answer, checked, as it writes them; "not enough" and searches are none of them.

        None where it turns out that all before was thought aloud.
        """
        splitter = Splitter(job.names, job.named)
        whole = False
        pieces = self._model.stream(
            job.messages, max_tokens=job.max_tokens, allowed=job.allowed, search=job.searches, cited=True
        )
        for piece in pieces:
            job.heard = True
            whole = piece == ""
            if piece == VOID:
                splitter, job.marked = Splitter(job.names, job.named), True
                yield None
                continue
            for raw in splitter.feed(piece):
                job.marked = job.marked and MARK.search(raw) is not None
                yield from self._checked(raw, job)
        for raw in splitter.end() if whole else splitter.cut_off():
            yield from self._checked(raw, job)
        if not whole:
            job.notes.append("The model's answer was cut off by the limit of its length.")

    def _checked(self, raw: str, job: Job) -> Iterator[Checked]:
        if words := wanted_search(raw):
            job.wanted += [words] if len(job.wanted) < _MOST_SEARCHES and words not in job.wanted else []
            return
        sentence = sentence_of(raw, job.given)
        if (
            not re.search(r"\w", sentence.text)
            or says_not_enough(sentence.text)
            or _is_reference(raw, sentence.text, job)
        ):
            return
        one = checked(sentence, job.evidence, job.originals, check=self._check, exact=job.bundle.exact)
        if one.failed and not sentence.numbers and (says_nothing(sentence.text) or speaks_to_reader(sentence.text)):
            return  # that something is not there, or a kind word, is no statement that a paper could prove
        if not one.failed and follows(sentence.text, job.gone, job.given):
            reasons = ("an abstract in the evidence gives instructions, and this may follow them",)
            one = replace(one, failed=True, draft=replace(one.draft, verdict="unsupported", reasons=reasons))
        yield one

    def _tried_again(self, found: Sequence[Checked], job: Job) -> list[Checked]:
        """`found` with what failed replaced by what the model makes of it when it is told why, if that passes."""
        failed = [one for one in found if one.failed]
        if not failed:
            return list(found)
        if job.wanted and job.searches and len(failed) == len(found):
            return []  # "Let me look further." before a search is no answer
        asked = [(_marked(one), one.draft.reasons, one.against) for one in failed]
        answer = " ".join(_marked(one) for one in found)
        try:
            said = self._model.reply(
                again_messages(job.messages, answer, asked), max_tokens=job.max_tokens, allowed=job.allowed
            )
        except ProviderError as error:  # what has passed is still true; that there was no second try is said
            job.notes.append(f"The sentences that failed had no second try: {error}")
            return list(found)
        job.sent_back += len(failed)
        better: dict[int, Checked] = {}
        for n, text in re.findall(r"^\s*(\d{1,3})[).]\s+(.+)$", said, re.MULTILINE):
            splitter = Splitter(job.names, job.named)
            raws = (*splitter.feed(text), *splitter.end())
            tries = [one for raw in raws for one in self._checked(raw, job)]
            if len(tries) == 1 and not tries[0].failed and 1 <= int(n) <= len(failed):
                better[id(failed[int(n) - 1])] = _rewritten(tries[0])
        job.wanted = []
        return [better.get(id(one), one) for one in found]


def _is_reference(raw: str, text: str, job: Job) -> bool:
    """True for a line of a list of references that has no heading: "[1] PondCam: Counting Herons (2021)"."""
    said = normal(text)
    titles = [normal(paper.title) for paper in job.originals if len(paper.title.split()) > 1]
    return raw.lstrip("- ").startswith("[") and any(
        said.startswith(title) and len(said.split()) <= len(title.split()) + 4 for title in titles
    )


def _marked(one: Checked) -> str:
    marks = "".join(f"[{n}]" for n in one.numbers or one.sentence.numbers)
    return f"{one.sentence.text} {marks}".strip()


def _rewritten(one: Checked) -> Checked:
    reasons = (*one.draft.reasons, "written again: the first wording was not borne out")
    return replace(one, draft=replace(one.draft, reasons=reasons))
