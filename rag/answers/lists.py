"""The papers of a list: those on a subject, or those of a few that are."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answers.asked import Asked
from rag.answers.candidates import Candidate
from rag.answers.forms import Composition, listed
from rag.answers.judging import Judge, Sentence
from rag.answers.metadata.authorship import who_wrote
from rag.retrieval.question.reading import topic_of
from rag.retrieval.question.spelling import slips_mended
from rag.retrieval.retriever import Found, Retriever
from rag.settings import Settings
from rag.text import terms

# Of papers spoken of those are on a subject that are so little less likely, as a logit, than the likeliest.
_AS_LIKELY = 2.0


class Lister:
    """Chooses the papers of a list from what was found, and drafts it.

    It owns nothing and keeps nothing of a question; it lives as long as the Extractor that made it.
    """

    def __init__(self, retriever: Retriever, judge: Judge, settings: Settings) -> None:
        self._retriever = retriever
        self._judge = judge
        self._settings = settings

    def on_subject(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that belong on a list on a subject, the likeliest first.

        Of a title alone little can be judged: it has to say a word of the subject.
        """
        subject = slips_mended(asked.on, self._retriever.index())
        words = set(terms(subject))
        listed_ = self._judge.listed(subject, found.likeness, candidates)
        return [c for c in listed_ if c.spans or words & set(terms(c.paper.title))]

    def listed(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> Composition | None:
        """The list of papers that a question asks for; None where there are none."""
        chosen = self.on_subject(asked, found, candidates)
        for subject in asked.left_out:
            says = self._retriever.index().having(terms(subject)).nonzero()[0]
            chosen = self._judge.without(subject, chosen, self._retriever.index().ids.of(says))
        people = who_wrote([c.paper for c in chosen]) if self._settings.metadata and asked.for_("authors") else []
        if people:  # "Who works on owls?"
            return Composition(tuple(people), ranking=tuple(c.paper.id for c in chosen))
        return self._lines(asked, found, chosen) if chosen else None

    def picked(self, asked: Asked, found: Found, few: Sequence[Candidate]) -> Composition:
        """Of a few papers, spoken of before or by somebody, those with all words of the subject, or likely on it."""
        index = self._retriever.index()
        having = index.having(sorted(asked.subject))
        chosen = [candidate for candidate in few if having[index.position[candidate.paper.id]]]
        if not chosen:
            logits = self._judge.about_logits(asked.own, few)
            best = max((logit for _, logit in logits), default=0.0)
            line = max(self._judge.calibration.about_line, best - _AS_LIKELY)
            chosen = [candidate for candidate, logit in logits if logit >= line]
        if not chosen:
            told = f"None of the {len(few)} papers answers" if len(few) > 1 else "The paper does not answer"
            return Composition((), f"{told} “{asked.own}”.", nearest=None)
        return self._lines(asked, found, chosen)

    def _lines(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> Composition:
        """A list of papers, each with the sentence that shows best why it is on it."""
        drafts = listed(candidates, showing(asked, found, candidates), counted=asked.for_("count"))
        return Composition(tuple(drafts), ranking=tuple(c.paper.id for c in candidates))


def showing(asked: Asked, found: Found, candidates: Sequence[Candidate]) -> list[Sentence | None]:
    """Of each paper the sentence that comes nearest to what is asked; None of one without an abstract."""
    places = [(candidate, candidate.showing(found.vector, topic_of(asked.own))) for candidate in candidates]
    return [None if place is None else Sentence(candidate, place) for candidate, place in places]
