"""From what a model wrote and what passed its check to the Answer, and to its text while it is being written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.answers.extracted_answer import NEAREST, ranked_of
from rag.answers.generation.evidence import Bundle
from rag.answers.generation.generator import Generated, Generator, text_so_far, with_notes
from rag.answers.generation.transport.meter import Allowance
from rag.grounding.citations import number
from rag.model import Answer
from rag.model.streamed import Instead
from rag.retrieval.retriever import Found


def generated_answer(
    generator: Generator, asked: tuple[str, str], found: Found, bundle: Bundle, allowed: Allowance, *,
    budget_words: int, live: bool,
) -> Iterator[str | Answer]:  # fmt: skip
    """The text of the answer piece by piece, each sentence after its check, then the Answer.

    `asked` is the question as it was asked and as it stands alone. What was shown and turns out to be thought aloud is
    taken back by a piece of the type `Instead`.

    Raises:
        ProviderError: a model's server failed.
        BudgetError: not even one paper fits into the model's context.
    """
    sent = ""
    result = Generated(())
    for one in generator.stream(asked[1], bundle, allowed, budget_words=budget_words, live=live):
        if isinstance(one, Generated):
            result = one
            continue
        text = text_so_far(one)
        yield text[len(sent) :] if text.startswith(sent) else Instead(text)
        sent = text
    answer = replace(
        _answer(asked, found, result, bundle.missing),
        mode="generated", model=generator.name, usage=dict(allowed.meter.counts), cost_usd=allowed.meter.cost_usd,
        left_out=result.left_out, notes=result.notes, rounds=result.rounds, sent_back=result.sent_back,
    )  # fmt: skip
    if not answer.text.startswith(sent):
        yield Instead(answer.text)
    elif answer.text[len(sent) :]:
        yield answer.text[len(sent) :]
    yield answer


def _answer(asked: tuple[str, str], found: Found, result: Generated, missing: str) -> Answer:
    ranked = ranked_of(found)
    if not result.drafts:
        text = with_notes(missing or "The library does not say.", result.notes)
        return Answer(*asked, "abstained", text, (), (), ranked, nearest=ranked[:NEAREST])
    text, statements, citations = number(result.drafts)
    return Answer(*asked, "answered", with_notes(text, result.notes), statements, citations, ranked)
