"""The evidence for a model: the best papers by retrieval and the cross-encoder, and what the library says of itself.

Nothing is decided here: what patterns read out of a question only brings papers and notes in; the model answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from rag.answers.asked import Asked
from rag.answers.candidates import candidates_of
from rag.answers.extractor import Extractor
from rag.answers.forms import OFFER, missing_sentence
from rag.answers.generation.evidence import Bundle
from rag.answers.metadata.fields import over_library
from rag.grounding.citations import Draft
from rag.model import Paper
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.dialogue import Standalone
from rag.retrieval.question.reading import Reading, read
from rag.retrieval.retriever import Found, Retriever

_FIRST, _NAMED_FIRST = 8, 5
_EXACT = 30
_SEARCHED = 6
_LISTED = 200


def gathered(extractor: Extractor, retriever: Retriever, asked: Asked, found: Found, applied: Conditions,
             given: Conditions, *, metadata: bool) -> Bundle:  # fmt: skip
    """What a model is given for a question; no papers for small talk, which asks nothing of the library."""
    candidates = candidates_of(found, asked.alone, retriever.index())
    named = [candidate for candidate in candidates if candidate.named]
    if not named and asked.chats:
        return Bundle((), OFFER)
    composed = extractor.exact(asked, found, candidates, applied) if metadata else None
    # What is exact of one paper stands in its own line.
    drafts = composed.drafts if composed and not (named and not asked.reading.order) else ()
    dated = metadata and not named and not drafts and bool(asked.reading.conditions)
    if dated:  # whether they are conditions is for the model to say
        drafts = tuple(over_library(asked.reading, retriever.index())[0])
    exact = [_told(draft) for draft in drafts]
    exact += [composed.missing] if composed and composed.missing and not named else []
    ranked = [candidate.paper for candidate in extractor.ranked(asked, found, candidates)]
    wide = _hits(retriever, asked.reading, _FIRST, given) if applied != given else []
    wants_list = asked.for_("list", "count") or asked.on_library or bool(dated and drafts)
    sided = asked.for_("compare", "several") or len(named) > 1
    first = _FIRST if wants_list or sided or not named else _NAMED_FIRST
    unknown = [
        f"no paper of the library is called {name} or mentions it" for name in dict.fromkeys(found.names.unknown)
    ]
    papers = _once(chain(_papers_of(drafts, retriever), ranked, wide))
    return Bundle(
        tuple(papers[:first]), missing_sentence(asked.reading.text, named, found.names.unknown), tuple(exact),
        tuple(unknown), wants_list, bool(asked.near_fields), bool(named),
        lambda query: _searched(retriever, extractor.asked(Standalone(query), read(query), {}).reading, given),
        lambda: _hits(retriever, asked.reading, _LISTED, applied),
    )  # fmt: skip


def _told(draft: Draft) -> str:
    return "".join(part.text for part in draft.parts)


def _papers_of(drafts: Sequence[Draft], retriever: Retriever) -> list[Paper]:
    ids = [quote.paper.id for draft in drafts for part in draft.parts for quote in part.quotes][:_EXACT]
    return [paper for key in dict.fromkeys(ids) if (paper := retriever.whole(key)) is not None]


def _searched(retriever: Retriever, reading: Reading, given: Conditions) -> list[Paper]:
    """The best papers for a search: of those dates that it names, if it names some, then all."""
    dated = _hits(retriever, reading, _SEARCHED, given.joined(reading.conditions)) if reading.conditions else []
    return _once(chain(dated, _hits(retriever, reading, _SEARCHED, given)))


def _hits(retriever: Retriever, reading: Reading, k: int, where: Conditions) -> list[Paper]:
    return [hit.paper for hit in retriever.retrieve(reading, k=k, where=where).hits]


def _once(papers: Iterable[Paper]) -> list[Paper]:
    return list({paper.id: paper for paper in papers}.values())
