"""The generated answer: evidence to a model, look after look, and only what passes its check to the reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.answers.generation.checked_reply import ANSWER_TOKENS, Job, Writer
from rag.answers.generation.evidence import Bundle
from rag.answers.generation.guard import cleaned
from rag.answers.generation.metadata_lines import metadata_line
from rag.answers.generation.prompts import (
    Message,
    Prompted,
    answer_messages,
    evidence_text,
    rewrite_messages,
    says_not_enough,
    searched_messages,
)
from rag.answers.generation.second_opinion import counted, second_opinion
from rag.answers.generation.statements import Checked, safe_papers
from rag.answers.generation.transport.chat_model import ChatModel
from rag.answers.generation.transport.meter import Allowance, Meter
from rag.answers.generation.transport.reply_cache import AnswerCache
from rag.errors import BudgetError, ProviderError
from rag.grounding.citations import Draft, number
from rag.grounding.verdict import Check
from rag.model import Paper, Round, Statement, Turn
from rag.neural.named_model import model_name
from rag.neural.provider import Deadline
from rag.settings import Settings
from rag.text.names import looks_like_name, name_key, tokens
from rag.text.tokens import count_tokens

_BATCH_PAPERS, _MOST_BATCHES = 12, 16
_LIST_LINES = 2
_FOUND_PAPERS, _FOUND_TOKENS = 4, 1200
_EVIDENCE_TOKENS = 3000
_LEAST_EVIDENCE_TOKENS = 200
_FRAME_TOKENS = 150
_OTHER_TOKENIZER = 1.25  # of tokens as counted here: small vocabularies cut the same text into more
_REWRITE_TOKENS, _LONGEST_QUESTION = 200, 400
_KEPT_BACK = "(not shown: an abstract in the evidence gives instructions to models, and this may follow them)"


@dataclass(frozen=True)
class Generated:
    """What a model's answer came to: the drafts that may be shown, what was left out, and what was done to it.

    No draft: nothing of it may be shown, or the model found that the evidence is not enough. `rounds` are its looks
    into the library, `sent_back` counts the sentences that it was asked to write again.
    """

    drafts: tuple[Draft, ...]
    left_out: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    sent_back: int = 0


class Generator:
    """The models that the settings name, ready to write answers; nothing is sent before the first question.

    It owns the ways to them and the folder of replies, and lives as long as the library is open.

    Raises:
        SettingsError: a name of a model cannot be read.
    """

    def __init__(self, settings: Settings, storage: Path, check: Check) -> None:
        cache = AnswerCache(storage / "answers") if settings.llm_cache else None
        assert settings.llm is not None
        self.name = settings.llm
        self._model = ChatModel(model_name(settings.llm, setting="FOOTNOTE_LLM"), settings, cache)
        self._judge = None
        if settings.llm_judge:
            self._judge = ChatModel(model_name(settings.llm_judge, setting="FOOTNOTE_LLM_JUDGE"), settings, cache)
        self._settings = settings
        self._storage = storage
        self._writer = Writer(self._model, check, strikes=settings.unsupported == "strike")

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
        usable = (
            0 < len(said) <= _LONGEST_QUESTION
            and not says_not_enough(said)
            and "\n" not in said
            and cleaned(said, spoken) == said
        )
        return said if usable and all(name_key(name) in spoken for name in names) else ""

    def stream(
        self, question: str, bundle: Bundle, allowed: Allowance, *, budget_words: int, live: bool
    ) -> Iterator[tuple[Draft, ...] | Generated]:
        """The drafts of the answer so far, whenever one has passed its check, then all in a `Generated`.

        From a sentence that fails on the others wait, until the model has had its second try: the order stays. They
        become fewer only where what was shown turned out to be thoughts that the model does not mark. Without
        `live` all wait for the end, and a connection that breaks off costs a second start instead of the answer.

        Raises:
            ProviderError: a model's server failed.
            BudgetError: not even one paper fits into the model's context.
        """
        live = live and self._judge is None
        job = self._first(question, bundle, allowed, budget_words)
        if not job.evidence.lines:
            yield Generated(())
            return
        rounds = [Round("question", question, _ids(job.evidence))]
        found: list[tuple[Checked, Job]] = []
        shown: list[Draft] = []
        notes: list[str] = []
        following: Job | None = job
        while following is not None:
            job = following
            try:
                final = yield from self._writer.reply(job, shown, live=live)
            except ProviderError as error:
                if not any(not one.failed for one, _ in found):
                    raise
                notes.append(f"The list ends where the model's server failed: {error}")
                break
            found += [(one, job) for one in final]
            notes += [note for note in job.notes if note not in notes]
            following = self._searched(job, rounds) if job.wanted and not final else None
            following = following or self._further(job, final, rounds, budget_words, notes)
        worse = second_opinion(self._judge, [one for one, _ in found if not one.failed], allowed, notes)
        judged = [(worse.get(id(one), one), job) for one, job in found]
        result = self._result(judged, notes, rounds)
        yield result

    def _first(self, question: str, bundle: Bundle, allowed: Allowance, budget_words: int) -> Job:
        """The first look: the question as it was asked, with the best evidence."""
        frame = answer_messages(question, Prompted((), (), ""), budget_words=0)
        room = self._room(frame, allowed.deadline)
        if room < _LEAST_EVIDENCE_TOKENS:
            raise BudgetError(
                f"the context of {self.name} has {self._model.context_tokens(allowed.deadline):,} tokens, and question "
                "and instructions leave no room for evidence. Choose a model with a longer one, or set "
                "FOOTNOTE_LLM_CONTEXT_TOKENS."
            )
        evidence = self._evidence(bundle.papers, bundle, min(room, _EVIDENCE_TOKENS), noted=True)
        messages = answer_messages(question, evidence, budget_words=budget_words)
        return Job(
            question, bundle, messages, evidence, bundle.papers, allowed, self._answer_tokens(allowed.deadline),
            searches=self._settings.llm_rounds > 1,
        )  # fmt: skip

    def _room(self, messages: Sequence[Message], deadline: Deadline) -> int:
        """The tokens that are left for evidence beside these messages."""
        context = self._model.context_tokens(deadline)
        used = sum(count_tokens(message.content) for message in messages) + _FRAME_TOKENS
        return int((context - self._answer_tokens(deadline)) / _OTHER_TOKENIZER) - used

    def _answer_tokens(self, deadline: Deadline) -> int:
        """The most that a reply may have: a small context is not all for it."""
        return min(ANSWER_TOKENS, self._model.context_tokens(deadline) // 4)

    def _evidence(
        self, papers: Sequence[Paper], bundle: Bundle, tokens_: int, *, first: int = 1, noted: bool = False
    ) -> Prompted:
        return evidence_text(
            safe_papers(papers), budget_tokens=tokens_, count=count_tokens, first=first,
            notes=(*bundle.exact, *bundle.unknown) if noted else (),
            about=lambda paper: metadata_line(paper, whole=bundle.metadata),
        )  # fmt: skip

    def _searched(self, job: Job, rounds: list[Round]) -> Job | None:
        """The same conversation with what the searches of the model have found; None when it had its looks."""
        if len(rounds) >= self._settings.llm_rounds:
            return None
        given = {paper.id for paper in job.originals}
        fresh: dict[str, Paper] = {}
        for query in job.wanted:
            new = [paper for paper in job.bundle.search(query) if paper.id not in given and paper.id not in fresh]
            fresh.update({paper.id: paper for paper in new[:_FOUND_PAPERS]})
        room = min(self._room(job.messages, job.allowed.deadline), _FOUND_TOKENS * len(job.wanted))
        papers = tuple(fresh.values()) if room >= _LEAST_EVIDENCE_TOKENS else ()
        more = self._evidence(papers, job.bundle, room, first=len(job.evidence.lines) + 1)
        rounds.append(Round("model", "; ".join(job.wanted), _ids(more)))
        last = len(rounds) >= self._settings.llm_rounds
        messages = searched_messages(job.messages, job.wanted, more, last=last)
        both = Prompted((*job.evidence.lines, *more.lines), (*job.evidence.papers, *more.papers), job.evidence.text)
        return Job(
            job.question, job.bundle, messages, both, (*job.originals, *papers), job.allowed, job.max_tokens,
            searches=not last and bool(more.lines),
        )  # fmt: skip

    def _further(
        self, job: Job, final: Sequence[Checked], rounds: list[Round], budget_words: int, notes: list[str]
    ) -> Job | None:
        """A further part of the library, else None.

        A list goes on as long as the part before had something for it. Where the first look has nothing at all, and
        the question names no paper, the papers behind those are given as well, once.
        """
        passed = [one for one in final if not one.failed]
        batches = sum(one.asked_by == "list" for one in rounds)
        # Of a question that names papers, and is no list, lines are a way to write.
        counts = job.bundle.lists or batches or not job.bundle.named
        lines = len({paper for one in passed if one.draft.item and counts for paper in _cited(one.draft)})
        again = len(rounds) == 1 < self._settings.llm_rounds and not (final or job.bundle.named)
        if not again and not (passed and (batches or lines >= _LIST_LINES or (job.bundle.lists and lines))):
            return None
        given = {key for one in rounds for key in one.papers}
        left = [paper for paper in job.bundle.more() if paper.id not in given]
        if not left:
            return None
        if batches == _MOST_BATCHES or job.allowed.deadline.left_s <= 0:
            notes += [] if again else [f"The list may go on: {len(given)} papers were looked through."]
            return None
        papers = tuple(left[:_BATCH_PAPERS])
        frame = answer_messages(job.question, Prompted((), (), ""), budget_words=budget_words, further=not again)
        room = min(self._room(frame, job.allowed.deadline), _EVIDENCE_TOKENS)
        evidence = self._evidence(papers, job.bundle, room)
        if not evidence.lines:
            return None
        rounds.append(Round("question" if again else "list", job.question, _ids(evidence)))
        messages = answer_messages(job.question, evidence, budget_words=budget_words, further=not again)
        return Job(job.question, job.bundle, messages, evidence, papers, job.allowed, job.max_tokens)

    def _result(self, final: Sequence[tuple[Checked, Job]], notes: Sequence[str], rounds: Sequence[Round]) -> Generated:
        hidden = {id(one) for one, job in final if one.failed and job.obeys(one)}
        strike = self._settings.unsupported == "strike"
        # What contradicts its evidence is not even shown struck through.
        kept = {id(one) for one, _ in final if strike and not one.contradicted and id(one) not in hidden}
        drafts = [replace(one.draft, struck=one.failed) for one, _ in final if not one.failed or id(one) in kept]
        if all(draft.struck for draft in drafts):
            drafts = []
        out = [
            replace(one.statement, text=_KEPT_BACK, reasons=()) if id(one) in hidden else one.statement
            for one, _ in final
            if one.failed and not (drafts and id(one) in kept)
        ]
        if out:
            was, them = ("was", "it") if len(out) == 1 else ("were", "them")
            said = f"{counted(len(out), 'sentence').capitalize()} of the model's {was} left out"
            notes = (*notes, f"{said}: the evidence does not bear {them} out.")
        cited = {key for draft in drafts for key in _cited(draft)}
        looks = tuple(replace(one, cited=tuple(key for key in one.papers if key in cited)) for one in rounds)
        jobs = {id(job): job for _, job in final}
        sent_back = sum(job.sent_back for job in jobs.values())
        return Generated(tuple(drafts), tuple(out), tuple(notes), looks, sent_back)


def text_so_far(drafts: Sequence[Draft]) -> str:
    """The text of the answer as far as it is written; what follows never changes it."""
    return number(drafts)[0]


def with_notes(text: str, notes: Sequence[str]) -> str:
    """The text with what the reader has to know of what was done to it, in brackets under it."""
    return f"{text}\n\n({' '.join(notes)})" if notes else text


def _cited(draft: Draft) -> list[str]:
    return [quote.paper.id for part in draft.parts for quote in part.quotes]


def _ids(evidence: Prompted) -> tuple[str, ...]:
    return tuple(paper.id for paper in evidence.papers)
