"""The extractive answer, step by step: what is retrieved for a reading, and what is drafted from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answers.asked import FIELDS, Asked, told_apart
from rag.answers.candidates import Candidate, candidate_of, candidates_of
from rag.answers.choice import answerable, chosen
from rag.answers.extracted_answer import NEAREST
from rag.answers.forms import ELSEWHERE, OFFER, Composition, compared, few, missing_sentence
from rag.answers.judging import Judge, Paper, to_tell
from rag.answers.metadata.authorship import who_wrote_most
from rag.answers.metadata.facts import Field
from rag.answers.metadata.fields import (
    about_papers,
    code_links,
    count_people,
    missing_fields,
    over_library,
    over_papers,
)
from rag.answers.metadata.identity import asks_for_code, asks_to_cite, asks_which, to_cite
from rag.answers.metadata.relative import measured
from rag.answers.metadata.theirs import in_force, meant_by_people, papers_of_people
from rag.answers.metadata.whole_library import exactly
from rag.answers.several import apart
from rag.answers.subject_papers import Lister, showing
from rag.grounding.citations import Draft, Part
from rag.neural.question_reader import LIKELY, Heard
from rag.retrieval.query import without_asking
from rag.retrieval.question.conditions import Conditions
from rag.retrieval.question.dialogue import Standalone
from rag.retrieval.question.language import foreign, in_han_or_kana
from rag.retrieval.question.mentions import only_names
from rag.retrieval.question.people import author_place, people_in, settled, without_place
from rag.retrieval.question.reading import Reading, on_people, read, topic_of
from rag.retrieval.question.spelling import slips_mended
from rag.retrieval.retriever import Found, Retriever
from rag.settings import Settings
from rag.text import terms

_CANDIDATES, _NEAREST, _FEW = 50, 10, 2
_GONE = -99.0  # how well a paper fits that is no longer there
# Of 400 shipped questions none is this far from the passage nearest to it; the capital of France is.
_UNRELATED = 0.2
_ORDERED: Mapping[str, Field] = {
    "oldest": "published", "newest": "published", "most_authors": "author_count", "fewest_authors": "author_count",
}  # fmt: skip
# Where code is, few abstracts say, and those who do say it plainly.
_SURE_OF_LINK = 0.9


class Extractor:
    """Drafts answers in the words of the abstracts, from what one retriever finds and one cross-encoder judges.

    It owns neither and keeps nothing of a question; it lives for a call of the Assistant that made it.
    """

    def __init__(self, retriever: Retriever, judge: Judge, settings: Settings) -> None:
        self._retriever = retriever
        self._judge = judge
        self._settings = settings
        self._lister = Lister(retriever, judge, settings)

    def heard(self, question: str) -> Heard:
        """What a question asks for, what its words are, and how likely it hangs on what was spoken of."""
        return self._judge.heard(question)

    def fits(self, question: str, ids: Sequence[str]) -> list[float]:
        """How well papers fit a question that does not name them, as logits in their order."""
        stored = self._retriever.stored(ids)  # one may have been removed since
        fits = dict(zip(stored, self._judge.fit(question, list(map(candidate_of, stored.values()))), strict=True))
        return [fits.get(key, _GONE) for key in ids]

    def nearest(self, question: str) -> list[str]:
        """The ids of the papers that retrieval finds for a question by itself, the likeliest first."""
        return [hit.paper.id for hit in self._retriever.retrieve(Reading(question), k=_NEAREST).hits]

    def asked(self, alone: Standalone, reading: Reading, said: Mapping[str, float]) -> Asked:
        """What a question asks for; `said` is what it asks for as it was put, where it follows on others.

        Which field is asked for is heard best before a long title stands in place of "the second one".
        """
        index = self._retriever.index()
        own = alone.own or reading.text
        marks = settled(own, self._judge.heard(own), index)
        if not alone.own and (by := measured(own, index, marks.asks)):
            if not by.missing:
                return self.asked(replace(alone, text=by.text), replace(read(by.text), given=by.conditions), said)
            alone = replace(alone, missing=by.missing)
        people = people_in(own, index, marks) if self._settings.metadata else ()
        reading = told_apart(reading, own, marks)
        reading = on_people(reading) if people else reading
        heard = slips_mended(reading.text, index)
        wants = dict((marks if heard == own else self._judge.heard(heard)).asks)
        if alone.own:  # titles of several papers stand behind it
            wants |= {name: max(wants[name], marks.asks[name]) for name in ("list", "count")}
        if not alone.goes_on:
            wants |= {name: max(wants[name], said.get(name, 0.0)) for name in FIELDS}
        strange = foreign(own, index)
        if not strange and only_names(own, index) and max(wants[name] for name in FIELDS) < _SURE_OF_LINK:
            wants |= {"overview": 1.0, "list": 0.0, "count": 0.0, "small talk": 0.0}
        fields, rest = apart(own, marks, self._judge.heard)
        wants |= {name: max(wants[name], chance) for name, chance in fields.items()}
        if strange and in_han_or_kana(own):
            wants |= dict.fromkeys(FIELDS, 0.0)
        if author_place(own) is not None and only_names(without_place(own), index):  # "first author of OwlNet"
            wants |= {"authors": 1.0, "overview": 0.0}
        return Asked(alone, reading, heard, wants, marks, people, strange, "" if only_names(rest, index) else rest)

    def retrieve(self, asked: Asked, given: Conditions) -> tuple[Found, Conditions]:
        """What is found, and the conditions in force: those of the caller, and for lists and dates the question's."""
        applied = in_force(asked, given, self._retriever.index(), metadata=self._settings.metadata)
        over_library = asked.lists and bool(asked.subject) and applied != given
        reading = replace(asked.reading, text=asked.on)
        return self._retriever.retrieve(reading, k=_CANDIDATES, where=applied, over_library=over_library), applied

    def drafts(self, asked: Asked, found: Found, applied: Conditions) -> Composition:
        """The drafted sentences of the answer, or none and a sentence that says what is missing."""
        found_ = candidates_of(found, asked.alone, self._retriever.index())
        candidates = [candidate for candidate in found_ if candidate.named or asked.admits(candidate.paper)]
        index = self._retriever.index()
        sides = papers_of_people(asked, applied, index) if self._settings.metadata else ()
        asked, found, candidates = meant_by_people(asked, found, candidates, sides, index)
        named = [candidate for candidate in candidates if candidate.named]
        if asked.alone.missing:
            return Composition((), asked.alone.missing, nearest=None)
        if not named and asked.chats:
            return Composition((), OFFER, nearest=None)
        if told := self._lister.doing_without(asked, found, named):
            return told
        if self._settings.metadata and (
            told := exactly(asked, named, found.names, index, applied, self._retriever.stored)
        ):
            return told
        if asked.foreign and not named and not asked.reading.conditions:
            return Composition((), ELSEWHERE, nearest=None)
        aside = asked.for_("small talk") or self._unheard(asked.heard)  # "What is the capital of France?"
        if aside and not (named or asked.people or asked.on_library):
            return self._missing(asked, found, candidates, (), 0.0)
        if self._settings.metadata and (told := self._of_fields(asked, found, candidates, applied)):
            return self._with_rest(asked, told, found, candidates)
        if asked.picks:
            return self._lister.picked(asked, found, named)
        if asked.lists and not (named and (asked.alone.papers or any(one.named.own for one in found.names.owned))):
            if unheard := self._lister.unheard(asked):
                missing = missing_sentence("", (), unheard)
                return replace(self._missing(asked, found, candidates, (), 0.0), missing=missing)
            if told := self._lister.listed(asked, found, candidates) or self._lister.none_meets(asked, applied):
                return told
            return self._missing(asked, found, candidates, (), 0.0)
        if not named and found.likeness < _UNRELATED:
            return self._missing(asked, found, candidates, (), 0.0)
        # Of a title alone facts would be all there is, and stand for what the paper does.
        titled = any(not candidate.spans for candidate in named) and asked.for_("overview", "one")
        facts = () if titled else asked.near_fields
        papers = self._judge.read(asked.put, found.vector, candidates, facts=facts)
        unknown = found.names.unknown
        sure = answerable(asked.put, papers, asked.wants, self._judge.calibration, unknown=len(unknown))
        if not any(p.sentences for p in papers) or not self._answers(asked, named, unknown, sure):
            if named and "url" in asked.fields and not asks_for_code(asked.own):
                return self._about(("url",), named)
            told = self._missing(asked, found, candidates, papers, sure)
            return replace(told, missing=ELSEWHERE) if asked.foreign else told
        beside = self._sides(asked, found, candidates, papers)
        papers = to_tell(asked.put, beside if len(beside) > 1 else papers)
        if len(beside) > 1:
            drafts = compared(papers, asked.heard, found.vector)
        else:
            room = self._settings.answer_words
            drafts = few(chosen(papers, asked.wants, room), room, in_order=asked.for_("overview"))
        return Composition(tuple(drafts), confidence=sure, ranking=_ids(papers))

    def _sides(
        self, asked: Asked, found: Found, candidates: Sequence[Candidate], papers: Sequence[Paper]
    ) -> list[Paper]:
        """The papers that are to stand side by side: those that the question names, or else describes; or too few."""
        named = [paper for paper in papers if paper.candidate.named]
        if len(named) > 1:
            told_by = {paper.candidate.asked_as for paper in named if paper.candidate.asked_as}
            both = len(told_by) > 1 or asked.for_("compare") or (asked.on_contents and len(asked.wanted) > 1)
            namesakes = len({paper.candidate.asked_as for paper in named}) == 1  # papers that share the name said
            return named if both or (asked.for_("overview") and namesakes) else []
        sides = self._judge.sides(asked.heard, found.vector, candidates) if asked.for_("compare") else ()
        return [*named, *sides][:2]

    def _unheard(self, question: str) -> bool:
        """True when no paper has any word of what a question is on."""
        index = self._retriever.index()
        words = terms(without_asking(question))
        return bool(words) and not any(map(index.frequency, words))

    def _answers(self, asked: Asked, named: Sequence[Candidate], unknown: Sequence[str], sure: float) -> bool:
        """Whether to answer. A named paper always has an overview; of a name that no paper has nothing is said."""
        if unknown and (not named or (asked.for_("compare") and len(named) < 2)):
            return False
        if asked.fields == ("url",) and sure < _SURE_OF_LINK:
            return False
        return sure >= self._judge.calibration.answer_line or bool(named and asked.for_("overview") and not unknown)

    def ranked(self, asked: Asked, found: Found, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The candidates as evidence, the likeliest to be meant first; behind what was read stands the rest."""
        first = [p.candidate for p in self._judge.read(asked.heard, found.vector, candidates)]
        return [*first, *(candidate for candidate in candidates if candidate not in first)]

    def exact(
        self, asked: Asked, found: Found, candidates: Sequence[Candidate], applied: Conditions
    ) -> Composition | None:
        """What the metadata say exactly; None where they are not asked."""
        named = [candidate for candidate in candidates if candidate.named]
        told = exactly(asked, named, found.names, self._retriever.index(), applied, self._retriever.stored)
        return told or self._of_fields(asked, found, candidates, applied)

    def _of_fields(
        self, asked: Asked, found: Found, candidates: Sequence[Candidate], applied: Conditions
    ) -> Composition | None:
        named = [candidate for candidate in candidates if candidate.named]
        index = self._retriever.index()
        among: Sequence[str] = ()
        if asked.on_theirs and not named:
            return self._lister.picked(asked, found, candidates)
        if named and not (asked.fields or asked.for_("overview")) and asks_which(asked.own):
            return self._about(("title",), named)
        if asked.fields == ("url",) and named and not asks_to_cite(asked.own):
            links = code_links([candidate.paper for candidate in named])
            return Composition(tuple(links)) if links else None  # else the abstract may say where the code is
        if asked.fields and named and not asked.reading.order and not asked.reading.conditions:
            told = self._about(asked.fields, named, place=asked.author_place)
            return replace(told, drafts=tuple(map(to_cite, told.drafts))) if asks_to_cite(asked.own) else told
        if asked.reading.order and (asked.fields or len(named) > 1 or asked.for_("list", "one", "compare")):
            among = [c.paper.id for c in named]
            if len(named) == 1:  # of two that are to be told apart one was not found: nothing is the older then
                return self._about((_ORDERED[asked.reading.order],), named)
            if not among and topic_of(asked.reading.text):
                among = [c.paper.id for c in self._lister.on_subject(asked, found, candidates)]
        elif not asked.on_library or named:
            if asked.fields and not named and not topic_of(asked.reading.text):  # of no paper: "who are the authors?"
                people = {"author_count", "authors"} & {*asked.fields}
                counted = count_people(index) if people and index.counts_of_authors[0] else []
                counted += who_wrote_most(index, applied).drafts if counted and "authors" in people else ()
                nobody = "The library does not name the authors of its papers." if people else ""
                return Composition(tuple(counted), nobody or missing_sentence(asked.own, (), ()), nearest=None)
            if asked.fields and not (named or found.names.unknown or asked.for_("list", "count")) and candidates:
                best = self._judge.read(asked.heard, found.vector, candidates)[0]
                return (
                    self._about(asked.fields, [best.candidate], place=asked.author_place)
                    if best.about > self._judge.calibration.about_line
                    else None
                )
            return None
        reading = replace(asked.reading, conditions=applied)
        papers = [index.papers[n] for n in sorted(index.position[key] for key in among)]
        if papers:
            drafts, missing = over_papers(reading, papers, fields=asked.fields)
        else:
            drafts, missing = over_library(reading, index, fields=asked.fields, counted=not asked.for_("list"))
        return Composition(tuple(drafts), f"The library does not say: {missing}." if missing else "")

    def _with_rest(self, asked: Asked, told: Composition, found: Found, candidates: Sequence[Candidate]) -> Composition:
        """What was told of fields, and the sentences that answer what else is asked of the same papers."""
        of = {quote.paper.id for draft in told.drafts for part in draft.parts for quote in part.quotes}
        these = [replace(candidate, named=True) for candidate in candidates if candidate.paper.id in of]
        if not asked.rest or not these or len(these) > _FEW:
            return told
        # "It" alone says little of what it is.
        rest = f"{asked.rest} ({', '.join(candidate.called for candidate in these)})"
        wants = self._judge.heard(asked.rest).asks
        papers = self._judge.read(rest, found.vector, these)
        sure = answerable(rest, papers, wants, self._judge.calibration, unknown=0)
        if sure < self._judge.calibration.answer_line:
            return replace(told, drafts=(*told.drafts, Draft((Part(missing_sentence(asked.rest, these, ())),))))
        room = self._settings.answer_words
        drafts = few(chosen(papers, wants, room), room, in_order=wants["overview"] > LIKELY)
        return replace(told, drafts=(*told.drafts, *drafts), confidence=sure, ranking=_ids(papers))

    def _about(
        self, fields: Sequence[Field], candidates: Sequence[Candidate], *, place: int | None = None
    ) -> Composition:
        drafts, missing = about_papers(fields, [candidate.paper for candidate in candidates], place=place)
        names = {candidate.paper.id: candidate.name for candidate in candidates}
        return Composition(tuple(drafts), missing_fields(missing, names))

    def _missing(
        self, asked: Asked, found: Found, candidates: Sequence[Candidate], papers: Sequence[Paper], sure: float
    ) -> Composition:
        named = [candidate for candidate in candidates if candidate.named]
        best = [sentence for p in papers if (sentence := next((s for s in p.sentences if not s.fact), None))]
        read = {sentence.candidate.paper.id for sentence in best}
        others = [c for c in candidates[: 2 * NEAREST] if c.paper.id not in read]
        best += filter(None, showing(asked, found, others))
        text = missing_sentence(asked.reading.text, named, found.names.unknown)
        return Composition((), text, confidence=sure, nearest=tuple(best), ranking=_ids(papers))


def _ids(papers: Sequence[Paper]) -> tuple[str, ...]:
    return tuple(paper.candidate.paper.id for paper in papers)
