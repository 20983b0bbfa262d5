"""The extractive answer, step by step: what is retrieved for a reading, what is drafted from it, what is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag import comparison, compose, lookup
from rag.abstain import measured_on, probability
from rag.citations import Draft, number
from rag.compose import Composition
from rag.conditions import Conditions
from rag.dialogue import Standalone
from rag.ground import check, check_fields
from rag.missing import missing_sentence, small_talk
from rag.model import Answer, Citation, Paper, Ranked, Statement
from rag.names import name_key
from rag.question import Reading, parts_of, subject_of, topic_of
from rag.retrieve import RARE_MENTION, Found, Retriever
from rag.select import Asked, Candidate
from rag.settings import Settings

_CANDIDATES = 50
_RANKED = 10
NEAREST = 3
_SIDE_BY_SIDE = re.compile(r"\b(?:both|vs|versus|or|each|either)\b", re.IGNORECASE)


class Extractor:
    """Drafts answers in the words of the abstracts, from what one retriever finds."""

    def __init__(self, retriever: Retriever, settings: Settings) -> None:
        self._retriever = retriever
        self._settings = settings

    def retrieve(self, reading: Reading, given: Conditions) -> tuple[Found, Conditions]:
        """What is found, and the conditions in force: those of the caller, and for some kinds those of the question."""
        applied = given
        if self._settings.metadata and reading.kind in ("list", "metadata"):
            applied = given.joined(reading.conditions)
        return self._retriever.retrieve(reading, k=_CANDIDATES, where=applied), applied

    def drafts(self, reading: Reading, alone: Standalone, found: Found, applied: Conditions) -> Composition:
        """The drafted sentences of the answer, or none and a sentence that says what is missing."""
        if said := small_talk(reading.text):
            return Composition((), said)
        candidates = self._candidates(reading, alone, found)
        named = [candidate for candidate in candidates if candidate.named]
        if self._on_metadata(reading, named):
            return Composition(*self._from_metadata(reading, candidates, found, applied))
        if _of_the_unknown(reading, named, found):
            by_own_name = [candidate for candidate in named if candidate.asked_as]
            return Composition((), missing_sentence(reading, by_own_name, found.names.unknown))
        ask = compose.Ask(
            found.asked,
            tuple(self._asked(part, found) for part in parts_of(reading)),
            self._retriever.index().idf,
            self._settings.answer_words,
            tuple(mention.written for mention in found.names.known),
            among=len(alone.papers) > 1,
            likeness=found.likeness,
        )
        if reading.kind == "metadata" and reading.fields and not named and self._settings.metadata:
            subject = self._retriever.asked(replace(reading, text=(text := subject_of(reading.text)), said=text))
            composed = compose.facts(replace(ask, whole=subject, parts=(subject,)), candidates)
            return _of_the_described(reading, composed, _names(candidates))
        candidates = compose.without_namesakes(ask, candidates)
        if reading.kind != "compare" and (on := measured_on(reading.text, [c for c in candidates if c.named])):
            candidates = [replace(candidate, named=candidate.named and candidate not in on) for candidate in candidates]
        named = [candidate for candidate in candidates if candidate.named]
        if reading.kind == "list" and not any(candidate.named for candidate in candidates):
            composed = compose.listed(ask, candidates)
        elif len(named) > 1 and (reading.kind == "compare" or not alone.papers):
            composed = comparison.compared(ask, candidates, self._apart(reading, named))
        else:
            composed = compose.facts(ask, candidates)
        if "url" in reading.fields and named:
            composed = _with_links(composed, named)
        return replace(composed, missing=composed.missing or missing_sentence(reading, named, ()))

    def sides(self, reading: Reading, alone: Standalone) -> tuple[tuple[Candidate, Asked], ...]:
        """The papers found for a reading, each with the question as it is asked of it."""
        found, _ = self.retrieve(reading, Conditions())
        candidates = self._candidates(reading, alone, found)
        named = [candidate for candidate in candidates if candidate.named]
        apart = self._apart(reading, named) if len(named) > 1 else {}
        return tuple((candidate, apart.get(candidate.paper.id, found.asked)) for candidate in candidates)

    def evidence(self, reading: Reading, alone: Standalone, found: Found) -> tuple[tuple[Paper, ...], str]:
        """The papers for a model to answer from, those that the question names first, and what to say if it cannot.

        None where no model is needed: the metadata answer, or the question is about a name that no paper has.
        """
        candidates = self._candidates(reading, alone, found)
        named = [candidate for candidate in candidates if candidate.named]
        if self._on_metadata(reading, named) or _of_the_unknown(reading, named, found) or small_talk(reading.text):
            return (), ""
        others = [candidate for candidate in candidates if not candidate.named]
        return tuple(c.paper for c in (*named, *others)), missing_sentence(reading, named, ())

    def _on_metadata(self, reading: Reading, named: Sequence[Candidate]) -> bool:
        over_all = bool(reading.order or reading.conditions or reading.counting)
        return reading.kind == "metadata" and self._settings.metadata and bool(named or over_all)

    def _asked(self, part: Reading, found: Found) -> Asked:
        return found.asked if part.text == found.asked.reading.text else self._retriever.asked(part)

    def _apart(self, reading: Reading, named: Sequence[Candidate]) -> dict[str, Asked]:
        """The question as it is asked of each of the papers it names, by id: without the names of the others."""
        apart: dict[str, Asked] = {}
        for candidate in named:
            text = reading.text
            for other in named:
                for name in other.asked_as if other is not candidate else ():
                    if not any(name.casefold() in own.casefold() for own in candidate.asked_as):
                        text = re.sub(rf"(?<!\w){re.escape(name)}(?:'s)?(?!\w)", " ", text, flags=re.IGNORECASE)
            text = " ".join(text.split()) or reading.text
            apart[candidate.paper.id] = self._retriever.asked(replace(reading, text=text, said=text))
        return apart

    def _candidates(self, reading: Reading, alone: Standalone, found: Found) -> list[Candidate]:
        """The papers found, ready for choosing sentences; named are those that the question means by a name."""
        index = self._retriever.index()

        names = {hit.paper.id: index.own_names[index.position[hit.paper.id]] for hit in found.hits}
        asked_as: dict[str, list[str]] = {}
        own: set[str] = {paper.id for paper in alone.papers}
        other: set[str] = set()
        for mention in found.names.owned:
            for n in mention.named.owners:
                key = index.papers[n].id
                asked_as.setdefault(key, []).append(mention.written)
                # A benchmark or data set that a paper introduces beside its own work is not what a question that
                # names another system is about.
                itself = n in mention.named.own or name_key(names.get(key, "")) == mention.key
                (own if itself else other).add(key)
        if reading.kind == "compare" or not own or (other and _SIDE_BY_SIDE.search(reading.text)):
            own |= other
        parts = [part.text for part in parts_of(reading)]
        for mention in found.names.known:  # nobody's own name, but one that only a few abstracts speak of
            if mention.named.owners or len(mention.named.mentioned) > RARE_MENTION:
                continue
            of_its_own = [
                p for p in parts if mention.written in p and not any(o.written in p for o in found.names.owned)
            ]
            if not own or reading.kind == "compare" or (of_its_own and len(parts) > 1):
                mentioned = [index.papers[n] for n in mention.named.mentioned]
                # "The gain on MossBench" is told by whoever has it.
                on = re.search(rf"\bon (?:the )?{re.escape(mention.written)}(?!\w)", reading.text, re.I)
                own |= {paper.id for paper in (mentioned if on else _most_about(mention.written, mentioned, found))}
        return [
            Candidate(
                found.stored[hit.paper.id].paper,
                found.stored[hit.paper.id].sentence_spans,
                found.stored[hit.paper.id].sentence_vectors,
                found.stored[hit.paper.id].word_vectors,
                found.stored[hit.paper.id].word_sentences,
                hit.score,
                names[hit.paper.id],
                hit.paper.id in own,
                tuple(asked_as.get(hit.paper.id, ())),
            )
            for hit in found.hits
        ]

    def _from_metadata(
        self, reading: Reading, candidates: Sequence[Candidate], found: Found, applied: Conditions
    ) -> tuple[tuple[Draft, ...], str]:
        named = [candidate for candidate in candidates if candidate.named]
        if named and not reading.order and not reading.conditions:
            drafts, missing = lookup.about_papers(reading.fields, [candidate.paper for candidate in named])
            return tuple(drafts), lookup.missing_fields(missing, _names(named))
        if found.names.unknown:
            return (), missing_sentence(reading, (), found.names.unknown)
        everything = self._retriever.index().papers
        chosen = named or (compose.on_the_subject(candidates) if reading.order and topic_of(reading.text) else [])
        if chosen:
            ids = {candidate.paper.id for candidate in chosen}
            everything = tuple(paper for paper in everything if paper.id in ids)
        drafts, missing_text = lookup.over_papers(replace(reading, conditions=applied), everything)
        return tuple(drafts), f"The library does not say: {missing_text}." if missing_text else ""


def _names(candidates: Sequence[Candidate]) -> dict[str, str]:
    return {candidate.paper.id: candidate.name for candidate in candidates}


def _of_the_described(reading: Reading, composed: Composition, names: Mapping[str, str]) -> Composition:
    """What the metadata say of the paper that a question describes and does not name: the one that would answer it."""
    if not composed.drafts:
        return replace(composed, missing=missing_sentence(reading, (), ()))
    paper = composed.drafts[0].parts[0].quotes[0].paper
    drafts, missing = lookup.about_papers(reading.fields, [paper])
    return replace(composed, drafts=tuple(drafts), missing=lookup.missing_fields(missing, names))


def _with_links(composed: Composition, named: Sequence[Candidate]) -> Composition:
    """Where the code of the named papers is, when that is their address; else what was composed."""
    links = lookup.code_links([candidate.paper for candidate in named])
    return replace(composed, drafts=tuple(links)) if links else composed


def _most_about(name: str, papers: Sequence[Paper], found: Found) -> list[Paper]:
    """Of the papers that mention a name the one that has a sentence on it ("Moss is …"), if one alone has; else all."""
    subject = re.compile(
        rf"(?:^|[.!?] ){re.escape(name)} (?:is|was|has|holds|contains|covers|consists|comprises)\b", re.I
    )
    on_it = [p for p in papers if p.id in found.stored and subject.search(found.stored[p.id].paper.abstract)]
    return on_it if len(on_it) == 1 else list(papers)


def _of_the_unknown(reading: Reading, named: Sequence[Candidate], found: Found) -> bool:
    """True when the question is about a name that the library does not know."""
    by_own_name = [
        candidate for candidate in named if candidate.asked_as
    ]  # others are named by a benchmark they mention
    return bool(found.names.unknown) and not (len(by_own_name) > 1 and reading.kind != "compare")


def ranked_of(found: Found) -> tuple[Ranked, ...]:
    """The ten best papers."""
    return tuple(Ranked(hit.paper, round(hit.score, 4)) for hit in found.hits[:_RANKED])


def checked_answer(question: str, standalone: str, found: Found, composed: Composition) -> Answer:
    """The Answer of drafted sentences, each checked against what it cites; abstained when there are none."""
    ranked = ranked_of(found)
    confidence = probability(composed.signals) if composed.signals else None
    if not composed.drafts:
        sentence = composed.missing or "The library does not say."
        nearest = () if small_talk(standalone) else ranked[:NEAREST]
        return Answer(
            question, standalone, "abstained", sentence, (), (), ranked, nearest=nearest, confidence=confidence
        )
    text, statements, citations = number(composed.drafts)
    by_number = {citation.number: citation for citation in citations}
    checked = tuple(_checked(statement, [by_number[n] for n in statement.citations]) for statement in statements)
    return Answer(question, standalone, "answered", text, checked, citations, ranked, confidence=confidence)


def _checked(statement: Statement, cited: Sequence[Citation]) -> Statement:
    fields = [(citation.field, citation.quote) for citation in cited if citation.field]
    if cited and len(fields) == len(cited):
        verdict, reasons = check_fields(statement.text, fields)
        return replace(statement, verdict=verdict, reasons=reasons)
    if not cited:  # what is counted over the whole library stands in none of its papers
        return statement
    found = check(statement.text, [citation.paper for citation in cited])
    return replace(statement, verdict=found.verdict, reasons=found.reasons)
