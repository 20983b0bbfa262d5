"""What Footnote does for texts that are in no library: it ranks them, checks sentences against them, takes them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from rag import sources
from rag.answers.verifier import Verifier, cited_sentences, reading_check, titles_of
from rag.errors import SourceError
from rag.intake.incoming import Intake
from rag.model import Paper, Verified
from rag.neural import CrossEncoder, Read
from rag.neural.embedder import make_embedder
from rag.sources.record import paper_of
from rag.text import sentences


class Ranker:
    """Ranks texts by the cross-encoder that comes with the installation. Safe between threads.

    It owns the cross-encoder, read at the first ranking and held as long as this lives.
    """

    def __init__(self) -> None:
        self._encoder = CrossEncoder()

    def scores(self, question: str, texts: Sequence[Paper]) -> list[float]:
        """How well each text fits a question, in their order: the logit that it is meant, of its best sentence.

        Read whole, or by the logit that a sentence answers, texts were ranked worse (docs/llamaindex.md).
        """
        split = [sentences(one.abstract) or [(0, 0)] for one in texts]
        reads = [
            Read(one.title, (one.abstract[start:end],))
            for one, spans in zip(texts, split, strict=True)
            for start, end in spans
        ]
        judged = (one.about for one in self._encoder.read(question, reads))
        return [max(islice(judged, len(spans))) for spans in split]


class Checker:
    """Checks the sentences of a text against the texts that it was made from. Safe between threads.

    It owns an embedder, read at the first check and held as long as this lives; of texts it keeps nothing.
    """

    def __init__(self) -> None:
        self._check = reading_check(make_embedder("minilm"))

    def verified(self, text: str, sources: Sequence[Paper]) -> tuple[Verified, ...]:
        """The verdict on each sentence: against the sources that it cites, `[1]` being the first; else against all.

        Raises:
            SourceError: there is no sentence in the text.
        """
        numbered = {f"[{n}]": source for n, source in enumerate(sources, 1)}
        found = {source.id: source for source in sources} | numbered
        verifier = Verifier(titles_of(sources), whole=found.get, named=lambda _: (), check=self._check)
        written = cited_sentences(text, verifier.find)
        if not written:
            raise SourceError("the text has no sentence to check.")
        return tuple(verifier.sentence(one.sentence, one.references or tuple(numbered)) for one in written)


def intake_of(records: Sequence[Mapping[str, Any]], *, called: str) -> Intake:
    """Records, each with a title or an abstract, as a source to ingest; `called` is its name in reports."""
    return Intake(
        called,
        lambda: sources.Reading(
            "records", (paper_of(dict(one), source=called, line=n) for n, one in enumerate(records, 1))
        ),
        total=lambda: len(records),
    )
