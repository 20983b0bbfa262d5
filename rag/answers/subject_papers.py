"""The papers of a list: those on a subject, or those of a few that are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answers.asked import Asked
from rag.answers.candidates import Candidate, candidate_of
from rag.answers.forms import Composition, listed
from rag.answers.judging import Judge, Sentence
from rag.answers.metadata.authorship import who_wrote
from rag.answers.metadata.fields import said
from rag.model import Paper
from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.language import is_word
from rag.retrieval.question.reading import topic_of
from rag.retrieval.question.spelling import slips_mended
from rag.retrieval.retriever import RESCORED, Found, Retriever
from rag.settings import Settings
from rag.text import terms
from rag.text.names import name_key

# Of papers spoken of those are on a subject that are so little less likely, as a logit, than the likeliest.
_AS_LIKELY = 2.0
_NEEDING = re.compile(
    r"^(?:needs?|requires?|uses?|rely on|relies on|involves?|(?:any|additional|further)\b)\s+", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{4,}")


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
        index = self._retriever.index()
        chosen = self.on_subject(asked, found, candidates)
        for subject in asked.left_out:
            free = [c for c in chosen if does_without(subject, c.paper)]
            says = index.having(terms(subject)).nonzero()[0]
            others = [c for c in chosen if c not in free]
            chosen = [*free, *self._judge.without(subject, others, index.ids.of(says))]
        people = who_wrote([c.paper for c in chosen]) if self._settings.metadata and asked.for_("authors") else []
        if people:  # "Who works on owls?"
            return Composition(tuple(people), ranking=_ids(chosen))
        return self._lines(asked, found, chosen) if chosen else None

    def unheard(self, asked: Asked) -> list[str]:
        """The words of the subject that nobody has; none where it has another part without such."""
        index = self._retriever.index()
        wanted = [asked.own[mark.start : mark.end] for mark in asked.said.of("subject")]
        each = [unheard_words(subject, index) for subject in wanted]
        return [] if asked.foreign or not all(each) else [word for words in each for word in words]

    def none_meets(self, asked: Asked, applied: Conditions) -> Composition | None:
        """That papers are on the subject, but none meets the conditions; None without papers or conditions."""
        if not (asked.reading.conditions.dated or asked.reading.conditions.on_authors) or not asked.subject:
            return None
        these = Conditions(paper_ids=applied.paper_ids)
        found = self._retriever.retrieve(replace(asked.reading, text=asked.on), k=RESCORED, where=these)
        candidates = [candidate_of(found.stored[hit.paper.id], hit.score) for hit in found.hits]
        on = [c for c in self.on_subject(asked, found, candidates) if not applied.met_by(c.paper)]
        if not on:
            return None
        lacking = sum(c.paper.published is None for c in on) if asked.reading.conditions.dated else 0
        undated = f" ({lacking} {'has' if lacking == 1 else 'have'} no date)" if lacking else ""
        when = f"{said(applied)}{undated}."
        told = f"Of the {len(on)} papers of the library on this none is {when}"
        told = told if len(on) > 1 else f"The one paper of the library on this is not {when}"
        return Composition((), told, nearest=None, ranking=_ids(on))

    def picked(self, asked: Asked, found: Found, few: Sequence[Candidate]) -> Composition:
        """Of a few papers, spoken of before or by somebody, those with all words of the subject, or likely on it."""
        index = self._retriever.index()
        having = index.having(sorted(asked.subject or topic_of(asked.own)))
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

    def doing_without(self, asked: Asked, found: Found, few: Sequence[Candidate]) -> Composition | None:
        """Of papers spoken of those that say that they do without something: "which needs no training?"."""
        denied = [asked.own[mark.start : mark.end] for mark in asked.said.of("subject", denied=True)]
        chosen = [c for c in few if denied and all(does_without(subject, c.paper) for subject in denied)]
        return self._lines(asked, found, chosen) if asked.alone.own and chosen else None

    def _lines(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> Composition:
        """A list of papers, each with the sentence that shows best why it is on it."""
        drafts = listed(candidates, showing(asked, found, candidates), counted=asked.for_("count"))
        return Composition(tuple(drafts), ranking=_ids(candidates))


def _ids(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(candidate.paper.id for candidate in candidates)


def does_without(subject: str, paper: Paper) -> bool:
    """True for a paper that says in so many words that it does without this: "training-free", "without training"."""
    what = r"\s+".join(map(re.escape, _NEEDING.sub("", subject).split()))
    text = f"{paper.title}. {paper.abstract}"
    between = r"(?:\s+(?:the|any|use|of|additional|further|extra|need|for|\w+ing)){0,3}"
    said = rf"\b{what}[- ]free\b|\b(?:without|no|not (?:need|require|use)){between}\s+{what}\b"
    return bool(what) and re.search(said, text, re.IGNORECASE) is not None


def unheard_words(subject: str, index: LexicalIndex) -> list[str]:
    """The words of a subject that neither the library nor everyday English has: a list on them would be of others."""
    words = [word for word in _WORD.findall(slips_mended(subject, index)) if terms(word)]
    return [word for word in words if not (is_word(word.casefold(), index) or _is_known(word, index))]


def _is_known(word: str, index: LexicalIndex) -> bool:
    """True for a name of the library, or two of its words in one: "finetuning"."""
    folded = word.casefold()
    cuts = [(folded[:n], folded[n:]) for n in range(3, len(folded) - 2)]
    in_two = any(all(any(map(index.frequency, terms(part))) for part in cut) for cut in cuts)
    return in_two or name_key(word) in index.names


def showing(asked: Asked, found: Found, candidates: Sequence[Candidate]) -> list[Sentence | None]:
    """Of each paper the sentence that comes nearest to what is asked; None of one without an abstract."""
    places = [(candidate, candidate.showing(found.vector, topic_of(asked.own))) for candidate in candidates]
    return [None if place is None else Sentence(candidate, place) for candidate, place in places]
