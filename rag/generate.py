"""The generated answer: evidence to a model, its sentences to the checks, and only what passes to the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rag.answer_cache import AnswerCache
from rag.citations import Draft, number
from rag.errors import BudgetError, ProviderError
from rag.ground import Embed
from rag.guard import cleaned, follows, kept_back
from rag.llm import VOID, ChatModel
from rag.meter import Allowance, Meter
from rag.model import Paper, Statement, Turn
from rag.names import looks_like_name, name_key, tokens
from rag.opinion import lowered, opinions
from rag.prompts import (
    Message,
    Prompted,
    again_messages,
    answer_messages,
    evidence_text,
    judge_messages,
    rewrite_messages,
    says_not_enough,
)
from rag.provider import Deadline, model_name
from rag.settings import Settings
from rag.statements import Checked, Splitter, checked, safe_papers, sentence_of
from rag.tokens import count_tokens

MOST_PAPERS = 8
_EVIDENCE_TOKENS = 3000
_LEAST_EVIDENCE_TOKENS = 200
_ANSWER_TOKENS = 1000
_FRAME_TOKENS = 150
_REWRITE_TOKENS, _LONGEST_QUESTION = 200, 400
_KEPT_BACK = "(not shown: an abstract in the evidence gives instructions to models, and this may follow them)"


@dataclass(frozen=True)
class Generated:
    """What a model's answer came to: the drafts that may be shown, what was left out, and what was done to it.

    No draft: nothing of it may be shown, or the model found that the evidence is not enough.
    """

    drafts: tuple[Draft, ...]
    left_out: tuple[Statement, ...]
    notes: tuple[str, ...]


@dataclass
class _Job:
    """One answer being written: what the model is asked, the papers whole, all text it was given, notes so far.

    `heard` is True once the model has said something: what fails before that was tried again already.
    """

    messages: Sequence[Message]
    evidence: Prompted
    originals: tuple[Paper, ...]
    given: str
    allowed: Allowance
    notes: list[str]
    heard: bool = False

    @cached_property
    def gone(self) -> str:
        """What the model is not shown of the papers."""
        return kept_back(self.originals)


class Generator:
    """The models that the settings name, ready to write answers; nothing is sent before the first question.

    Raises:
        SettingsError: a name of a model cannot be read.
    """

    def __init__(self, settings: Settings, storage: Path, embed: Embed | None) -> None:
        cache = AnswerCache(storage / "answers") if settings.llm_cache else None
        assert settings.llm is not None
        self.name = settings.llm
        self._model = ChatModel(model_name(settings.llm, setting="FOOTNOTE_LLM"), settings, cache)
        self._judge = None
        if settings.llm_judge:
            self._judge = ChatModel(model_name(settings.llm_judge, setting="FOOTNOTE_LLM_JUDGE"), settings, cache)
        self._settings = settings
        self._storage = storage
        self._embed = embed

    def allowance(self) -> Allowance:
        """What an answer that begins now may take."""
        return Allowance(Deadline.after(self._settings.llm_timeout_s), Meter(self._storage))

    def rewritten(self, question: str, history: Sequence[Turn], allowed: Allowance) -> str:
        """A follow-up as a question that stands alone, in the words of the conversation; or "".

        What the model gives counts only if it is one line, a question of moderate length, and names nothing that the
        conversation does not. Raises ProviderError as `stream` does.
        """
        said = self._model.reply(
            rewrite_messages(question, history), max_tokens=_REWRITE_TOKENS, allowed=allowed
        ).strip()
        spoken = name_key(" ".join([question, *(turn.content for turn in history)]))
        names = [token for token in tokens(said) if looks_like_name(token)]
        usable = 0 < len(said) <= _LONGEST_QUESTION and "\n" not in said and cleaned(said, spoken) == said
        return said if usable and all(name_key(name) in spoken for name in names) else ""

    def stream(
        self, question: str, papers: Sequence[Paper], allowed: Allowance, *, budget_words: int, live: bool
    ) -> Iterator[Draft | Generated]:
        """The drafts of the answer, each as soon as it has passed its check, then all in a `Generated`.

        From a sentence that fails on the others wait, until the model has had its second try: the order stays. Without
        `live` all wait for the end, and a connection that breaks off costs a second start instead of the answer.

        Raises:
            ProviderError: a model's server failed.
            BudgetError: not even one paper fits into the model's context.
        """
        live = live and self._judge is None
        originals = tuple(papers[:MOST_PAPERS])
        evidence = self._evidence(originals, question, allowed.deadline)
        if not evidence.lines:
            yield Generated((), (), ())
            return
        messages = answer_messages(question, evidence, budget_words=budget_words)
        for start in (1, 2):
            job = _Job(messages, evidence, originals, f"{evidence.text}\n{question}", allowed, [])
            found: list[Checked] = []
            shown = 0
            try:
                for one in self._written(job):
                    if one is None:
                        found, shown = [], 0
                        continue
                    found.append(one)
                    if live and not any(other.failed for other in found):
                        shown += 1
                        yield one.draft
                break
            except ProviderError as error:
                if not (error.retryable and job.heard) or shown or start == 2 or not allowed.deadline.left_s:
                    raise
        final = self._judged(self._tried_again(found, job), job)
        result = self._result(final, job)
        yield from result.drafts[shown:]
        yield result

    def _evidence(self, papers: Sequence[Paper], question: str, deadline: Deadline) -> Prompted:
        context = self._model.context_tokens(deadline)
        frame = answer_messages(question, Prompted((), (), ""), budget_words=0)
        used = sum(count_tokens(message.content) for message in frame) + _FRAME_TOKENS
        room = context - used - min(_ANSWER_TOKENS, context // 4)
        if room < _LEAST_EVIDENCE_TOKENS:
            raise BudgetError(
                f"the context of {self.name} has {context:,} tokens, and question and instructions leave no room for "
                "evidence. Choose a model with a longer one, or set FOOTNOTE_LLM_CONTEXT_TOKENS."
            )
        return evidence_text(safe_papers(papers), budget_tokens=min(room, _EVIDENCE_TOKENS), count=count_tokens)

    def _written(self, job: _Job) -> Iterator[Checked | None]:
        """The sentences of the model's answer, checked, as it writes them; "not enough" is none of them.

        None where it turns out that all before was thought aloud.
        """
        splitter = Splitter()
        whole = False
        for piece in self._model.stream(job.messages, max_tokens=_ANSWER_TOKENS, allowed=job.allowed):
            job.heard = True
            whole = piece == ""
            if piece == VOID:
                splitter = Splitter()
                yield None
                continue
            for raw in splitter.feed(piece):
                yield from self._checked(raw, job)
        for raw in splitter.end() if whole else splitter.cut_off():
            yield from self._checked(raw, job)
        if not whole:
            job.notes.append("The model's answer was cut off by the limit of its length.")

    def _checked(self, raw: str, job: _Job) -> Iterator[Checked]:
        sentence = sentence_of(raw, job.given)
        if not re.search(r"\w", sentence.text) or says_not_enough(sentence.text):
            return
        one = checked(sentence, job.evidence, job.originals, embed=self._embed)
        if not one.failed and follows(sentence.text, job.gone, job.given):
            reasons = ("an abstract in the evidence gives instructions, and this may follow them",)
            one = replace(one, failed=True, draft=replace(one.draft, verdict="unsupported", reasons=reasons))
        yield one

    def _obeys(self, one: Checked, job: _Job) -> bool:
        """True for a sentence that failed and may do what an abstract tells models to do: nothing of it is kept."""
        cited = {line.paper.id for line in job.evidence.lines if line.number in one.sentence.numbers}
        suspect = [paper for paper in job.originals if paper.id in cited] or job.originals
        return bool(kept_back(suspect)) or follows(one.sentence.text, job.gone, job.given)

    def _tried_again(self, found: Sequence[Checked], job: _Job) -> list[Checked]:
        """`found` with what failed replaced by what the model makes of it when it is told why, if that passes."""
        failed = [one for one in found if one.failed]
        if not failed:
            return list(found)
        asked = [(_marked(one), one.draft.reasons) for one in failed]
        answer = " ".join(_marked(one) for one in found)
        try:
            said = self._model.reply(
                again_messages(job.messages, answer, asked), max_tokens=_ANSWER_TOKENS, allowed=job.allowed
            )
        except ProviderError as error:  # what has passed is still true; that there was no second try is said
            job.notes.append(f"The sentences that failed had no second try: {error}")
            return list(found)
        better: dict[int, Checked] = {}
        for n, text in re.findall(r"^\s*(\d{1,3})[).]\s+(.+)$", said, re.MULTILINE):
            splitter = Splitter()
            raws = (*splitter.feed(text), *splitter.end())
            tries = [one for raw in raws for one in self._checked(raw, job)]
            if len(tries) == 1 and not tries[0].failed and 1 <= int(n) <= len(failed):
                better[id(failed[int(n) - 1])] = _rewritten(tries[0])
        return [better.get(id(one), one) for one in found]

    def _judged(self, found: Sequence[Checked], job: _Job) -> list[Checked]:
        """`found` with the second opinion on what has passed, which can only make a verdict worse."""
        asked = [one for one in found if not one.failed]
        if self._judge is None or not asked:
            return list(found)
        quoted = [(one.sentence.text, [q.text for part in one.draft.parts for q in part.quotes]) for one in asked]
        try:
            said = self._judge.reply(judge_messages(quoted), max_tokens=_ANSWER_TOKENS, allowed=job.allowed)
        except ProviderError as error:
            job.notes.append(f"There is no second opinion: {error}")
            return list(found)
        given = opinions(said, len(asked))
        if unread := len(asked) - len(given):
            job.notes.append(f"The second opinion on {counted(unread, 'sentence')} could not be read.")
        worse = {id(one): lowered(one, *given[n]) for n, one in enumerate(asked, 1) if n in given}
        return [worse.get(id(one), one) for one in found]

    def _result(self, final: Sequence[Checked], job: _Job) -> Generated:
        notes = tuple(job.notes)
        hidden = {id(one) for one in final if one.failed and self._obeys(one, job)}
        strike = self._settings.unsupported == "strike"
        drafts = [
            replace(one.draft, struck=one.failed)
            for one in final
            if not one.failed or (strike and id(one) not in hidden)
        ]
        if all(draft.struck for draft in drafts):
            drafts = []
        out = [
            replace(one.statement, text=_KEPT_BACK, reasons=()) if id(one) in hidden else one.statement
            for one in final
            if one.failed and not (strike and drafts and id(one) not in hidden)
        ]
        if out:
            was, them = ("was", "it") if len(out) == 1 else ("were", "them")
            said = f"{counted(len(out), 'sentence').capitalize()} of the model's {was} left out"
            notes = (*notes, f"{said}: the evidence does not bear {them} out.")
        return Generated(tuple(drafts), tuple(out), tuple(notes))


def text_so_far(drafts: Sequence[Draft]) -> str:
    """The text of the answer as far as it is written; what follows never changes it."""
    return number(drafts)[0]


def with_notes(text: str, notes: Sequence[str]) -> str:
    """The text with what the reader has to know of what was done to it, in brackets under it."""
    return f"{text}\n\n({' '.join(notes)})" if notes else text


def counted(n: int, noun: str) -> str:
    """A number of things in words: "one sentence", "12 sentences"."""
    words = "no one two three four five six seven eight nine ten".split()
    return f"{words[n] if n < len(words) else n} {noun}{'' if n == 1 else 's'}"


def _marked(one: Checked) -> str:
    marks = "".join(f"[{n}]" for n in one.numbers or one.sentence.numbers)
    return f"{one.sentence.text} {marks}".strip()


def _rewritten(one: Checked) -> Checked:
    reasons = (*one.draft.reasons, "written again: the first wording was not borne out")
    return replace(one, draft=replace(one.draft, reasons=reasons))
