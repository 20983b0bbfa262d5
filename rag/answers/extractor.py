"""The extractive answer, step by step: what is retrieved for a reading, what is drafted from it, what is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answers.candidates import Candidate, candidates_of
from rag.answers.choice import answerable, chosen
from rag.answers.forms import Composition, compared, few, listed, missing_sentence
from rag.answers.judging import Judge, Paper, Sentence
from rag.citations import number
from rag.conditions import Conditions
from rag.dialogue import Standalone
from rag.facts import Field
from rag.ground import check, check_fields
from rag.lookup import about_papers, by_people, code_links, missing_fields, over_papers, people_in
from rag.model import Answer, Citation, Ranked, Statement
from rag.question import Reading, topic_of
from rag.retrieve import Found, Retriever
from rag.settings import Settings

_CANDIDATES = 50
_RANKED = 10
NEAREST = 3
_LIKELY, _MAYBE = 0.5, 0.15
# Of 400 shipped questions none is this far from the passage nearest to it; the capital of France is.
_UNRELATED = 0.2
# Where code is, few abstracts say, and those who do say it plainly.
_SURE_OF_LINK = 0.9
_FIELDS: Mapping[str, Field] = {
    "published": "published", "authors": "authors", "author count": "author_count", "link": "url",
}  # fmt: skip
OFFER = (
    "Footnote answers questions from the abstracts of this library, and cites the words that say so for each sentence. "
    "Ask for a fact about a paper by its name, for papers on a subject, or for dates and authors."
)


@dataclass(frozen=True)
class Asked:
    """A question as it is to be answered: alone, as it was read, and what it asks for, each with its probability."""

    alone: Standalone
    reading: Reading
    wants: Mapping[str, float]

    def for_(self, *names: str) -> bool:
        """True when it likely asks for one of these (of `rag.neural.ASKS`)."""
        return max(self.wants[name] for name in names) > _LIKELY

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the metadata that it asks for."""
        return tuple(field for name, field in _FIELDS.items() if self.wants[name] > _LIKELY)

    @property
    def chats(self) -> bool:
        """True for small talk, which says nothing besides: "hello", "thanks a lot", "what can you do"."""
        return self.for_("small talk") and len(topic_of(self.reading.text)) <= 1

    @property
    def near_fields(self) -> tuple[Field, ...]:
        """The fields of the metadata that may be what it asks for, whose facts are read beside the sentences."""
        return tuple(field for name, field in _FIELDS.items() if self.wants[name] > _MAYBE)

    @property
    def on_library(self) -> bool:
        """True when it is about dates, numbers of authors or papers over the library, and about no subject."""
        exact = self.reading.order or self.reading.conditions or self.for_("count")
        return bool(exact) and not topic_of(self.reading.text)


class Extractor:
    """Drafts answers in the words of the abstracts, from what one retriever finds and one cross-encoder judges."""

    def __init__(self, retriever: Retriever, judge: Judge, settings: Settings) -> None:
        self._retriever = retriever
        self._judge = judge
        self._settings = settings

    def asked(self, alone: Standalone, reading: Reading) -> Asked:
        """What a question asks for."""
        return Asked(alone, reading, self._judge.wants(reading.text))

    def retrieve(self, asked: Asked, given: Conditions) -> tuple[Found, Conditions]:
        """What is found, and the conditions in force: those of the caller, and for lists and dates the question's."""
        applied = given
        if self._settings.metadata and (
            asked.for_("list", "count", "published", "author count", "authors") or not topic_of(asked.reading.text)
        ):
            applied = given.joined(asked.reading.conditions)
        return self._retriever.retrieve(asked.reading, k=_CANDIDATES, where=applied), applied

    def drafts(self, asked: Asked, found: Found, applied: Conditions) -> Composition:
        """The drafted sentences of the answer, or none and a sentence that says what is missing."""
        candidates = candidates_of(found, asked.alone, self._retriever.index())
        named = [candidate for candidate in candidates if candidate.named]
        if not named and asked.chats:
            return Composition((), OFFER)
        if self._settings.metadata and (told := self.exact(asked, found, candidates, applied)):
            return told
        if not named and found.likeness < _UNRELATED:
            return self._missing(asked, found, candidates, (), 0.0)
        if not named and asked.for_("list", "count"):
            return self._list(asked, found, candidates)
        papers = self._judge.read(asked.reading.text, found.vector, candidates, facts=asked.near_fields)
        unknown = found.names.unknown
        sure = answerable(papers, asked.wants, self._judge.calibration, unknown=len(unknown))
        if not any(p.sentences for p in papers) or not self._answers(asked, named, unknown, sure):
            if named and "url" in asked.fields:
                return self._about(("url",), named)
            return self._missing(asked, found, candidates, papers, sure)
        if len(named) > 1 and (asked.for_("compare") or (asked.for_("overview") and _namesakes(named))):
            drafts = compared(papers, asked.reading.text)
        else:
            drafts = few(chosen(papers, asked.wants, self._settings.answer_words), self._settings.answer_words)
        return Composition(tuple(drafts), confidence=sure, ranking=_ids(papers))

    def _answers(self, asked: Asked, named: Sequence[Candidate], unknown: Sequence[str], sure: float) -> bool:
        """Whether to answer. A named paper always has an overview; of a name that no paper has nothing is said."""
        if unknown and (not named or (asked.for_("compare") and len(named) < 2)):
            return False
        if asked.fields == ("url",) and sure < _SURE_OF_LINK:
            return False
        return sure >= self._judge.calibration.answer_line or bool(named and asked.for_("overview") and not unknown)

    def ranked(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates as evidence, the likeliest to be meant first; behind what was read stands the rest."""
        first = [p.candidate for p in self._judge.read(asked.reading.text, found.vector, candidates)]
        return [*first, *(candidate for candidate in candidates if candidate not in first)]

    def exact(
        self, asked: Asked, found: Found, candidates: Sequence[Candidate], applied: Conditions
    ) -> Composition | None:
        """What the metadata say exactly; None where they are not asked."""
        named = [candidate for candidate in candidates if candidate.named]
        papers = self._retriever.index().papers
        people = people_in(asked.reading.text, papers)
        if people and not named:
            drafts, missing = by_people(people, [paper for paper in papers if applied.met_by(paper)])
            return Composition(tuple(drafts), f"The library does not say: {missing}." if missing else "")
        if asked.fields == ("url",) and named:
            links = code_links([candidate.paper for candidate in named])
            return Composition(tuple(links)) if links else None  # else the abstract may say where the code is
        if asked.fields and named and not asked.reading.order and not asked.reading.conditions:
            return self._about(asked.fields, named)
        if asked.reading.order and (asked.fields or asked.for_("list", "one")):
            among = [c.paper.id for c in named]
            if not among and topic_of(asked.reading.text):
                among = [c.paper.id for c in self._on_subject(asked.reading.text, candidates)]
            papers = tuple(paper for paper in papers if paper.id in among) if among else papers
        elif not asked.on_library or named:
            if asked.fields and not named and not asked.for_("list", "count") and candidates:
                best = self._judge.read(asked.reading.text, found.vector, candidates)[0]
                return self._about(asked.fields, [best.candidate]) if best.about > 0 else None
            return None
        drafts, missing = over_papers(replace(asked.reading, conditions=applied), papers, fields=asked.fields)
        return Composition(tuple(drafts), f"The library does not say: {missing}." if missing else "")

    def _about(self, fields: Sequence[Field], candidates: Sequence[Candidate]) -> Composition:
        drafts, missing = about_papers(fields, [candidate.paper for candidate in candidates])
        names = {candidate.paper.id: candidate.name for candidate in candidates}
        return Composition(tuple(drafts), missing_fields(missing, names))

    def _on_subject(self, subject: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates that belong on a list on a subject, the likeliest first; none if none likely does."""
        line = self._judge.calibration.list_line
        found = [(c, chance) for c, chance in self._judge.about(subject, candidates) if chance >= line]
        if max((chance for _, chance in found), default=0.0) < _LIKELY:
            return []
        return [c for c, _ in sorted(found, key=lambda pair: -pair[1])]

    def _list(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> Composition:
        chosen_ = self._on_subject(asked.reading.text, candidates)
        if not chosen_:
            return self._missing(asked, found, candidates, (), 0.0)
        shown_by = [_nearest_sentence(candidate, found) for candidate in chosen_]
        drafts = listed(chosen_, shown_by, counted=asked.for_("count"))
        return Composition(tuple(drafts), ranking=tuple(c.paper.id for c in chosen_))

    def _missing(
        self, asked: Asked, found: Found, candidates: Sequence[Candidate], papers: Sequence[Paper], sure: float
    ) -> Composition:
        named = [candidate for candidate in candidates if candidate.named]
        best = [sentence for p in papers if (sentence := next((s for s in p.sentences if not s.fact), None))]
        read = {sentence.candidate.paper.id for sentence in best}
        others = [c for c in candidates[: 2 * NEAREST] if c.paper.id not in read]
        best += [sentence for c in others if (sentence := _nearest_sentence(c, found))]
        text = missing_sentence(asked.reading.text, named, found.names.unknown)
        return Composition((), text, confidence=sure, nearest=tuple(best), ranking=_ids(papers))


def _namesakes(named: Sequence[Candidate]) -> bool:
    """True when the question names these papers by one name, which they share."""
    return len({candidate.asked_as for candidate in named}) == 1


def _ids(papers: Sequence[Paper]) -> tuple[str, ...]:
    return tuple(paper.candidate.paper.id for paper in papers)


def _nearest_sentence(candidate: Candidate, found: Found) -> Sentence | None:
    """The sentence of a paper that is nearest to the question in meaning; None of one without an abstract."""
    if not candidate.spans:
        return None
    position = int((candidate.vectors @ found.vector).argmax()) if candidate.vectors.size else 0
    return Sentence(candidate, position)


def ranked_of(found: Found, ranking: Sequence[str] = ()) -> tuple[Ranked, ...]:
    """The ten best papers: those of `ranking`, ids, first."""
    place = {key: n for n, key in enumerate(ranking)}
    hits = sorted(found.hits, key=lambda hit: place.get(hit.paper.id, len(place)))
    return tuple(Ranked(hit.paper, round(hit.score, 4)) for hit in hits[:_RANKED])


def checked_answer(question: str, standalone: str, found: Found, composed: Composition) -> Answer:
    """The Answer of drafted sentences, each checked against what it cites; abstained when there are none."""
    ranked = ranked_of(found, composed.ranking)
    if not composed.drafts:
        nearest = () if composed.missing == OFFER else _near(composed.nearest, ranked)
        return Answer(
            question, standalone, "abstained", composed.missing or "The library does not say.", (), (), ranked,
            nearest=nearest, confidence=composed.confidence,
        )  # fmt: skip
    text, statements, citations = number(composed.drafts)
    by_number = {citation.number: citation for citation in citations}
    checked = tuple(_checked(statement, [by_number[n] for n in statement.citations]) for statement in statements)
    return Answer(question, standalone, "answered", text, checked, citations, ranked, confidence=composed.confidence)


def _near(sentences: Sequence[Sentence], ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The nearest papers, with the words in which each comes nearest where `sentences` have them."""
    spans = {sentence.candidate.paper.id: sentence.span for sentence in sentences}
    return tuple(Ranked(one.paper, one.score, *spans.get(one.paper.id, (0, 0))) for one in ranked[:NEAREST])


def _checked(statement: Statement, cited: Sequence[Citation]) -> Statement:
    fields = [(citation.field, citation.quote) for citation in cited if citation.field]
    if cited and len(fields) == len(cited):
        verdict, reasons = check_fields(statement.text, fields)
        return replace(statement, verdict=verdict, reasons=reasons)
    if not cited:  # what is counted over the whole library stands in none of its papers
        return statement
    found = check(statement.text, [citation.paper for citation in cited])
    return replace(
        statement, verdict=found.verdict, reasons=found.reasons, contradicted=found.contradicted,
        probability=found.probability,
    )  # fmt: skip
