"""The forms of an answer: a few sentences, a list, a count, papers side by side, the facts of the metadata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answers.candidates import Candidate
from rag.answers.choice import by_title, length, ordered
from rag.answers.judging import Paper, Sentence
from rag.answers.metadata.fields import about_papers, small_number
from rag.answers.wording import contrasts, hangs, has_lost_its_subject, reports, standing
from rag.grounding.citations import Draft, Part, Quote, without_marks
from rag.neural.embedder import Vectors
from rag.text.names import introduced_names, name_key

LIST_WORDS = 230
MOST_COMPARED = 4
_COMPARED_WORDS = 128
_QUOTED_WORDS = 16
# What counts beside the logit of a sentence on a side of a comparison: a likeness of 1 to the question, and that it
# says the name of the work. Chosen on 210 comparisons of the split train.
_NEARNESS, _NAMED = 6.0, 0.6
# A named side whose best logit is under this, and this far behind another's, is said to be silent: of the sides of
# these on which the abstract says nothing 7 of 17 are, none of the 73 others, nor of 80 of dev, fit, more and dev's.
_SILENT, _FAR_BEHIND = -2.5, 2.5
# How many sentences a side may have, how far they may stand behind its first, how far one that stands alone may, and
# the words of one that takes the sentence before it along. Chosen on 60 comparisons of the dev split, dev, fit, more.
_OF_A_SIDE, _BEHIND, _ALONE, _CARRIED_WORDS = 3, 2.0, 3.0, 60
OFFER = (
    "Footnote answers questions from the abstracts of this library, and cites the words that say so for each sentence. "
    "Ask for a fact about a paper by its name, for papers on a subject, or for dates and authors."
)
ELSEWHERE = "The abstracts of this library are in English, and the question is not. Ask it in English."


@dataclass(frozen=True)
class Composition:
    """Drafted sentences, or none and in `missing` what the library does not say, as a sentence.

    `confidence` is the probability that the library answers, None where that is not asked. `nearest` are the sentences
    that come nearest when there is no answer, None where no papers are to be shown as near; `ranking` are the ids of
    the papers that were read, the likeliest first.
    """

    drafts: tuple[Draft, ...]
    missing: str = ""
    confidence: float | None = None
    nearest: tuple[Sentence, ...] | None = ()
    ranking: tuple[str, ...] = ()


def few(sentences: Sequence[Sentence], budget_words: int, *, in_order: bool = False) -> list[Draft]:
    """Chosen sentences as drafts, so that each can be understood: with its name, or with the sentence before it.

    The best stands first; `in_order`, as a whole work is told, all stand in the order of their abstract. One about
    "it" is left out where the sentence before it has no room and another is told: it would say something else.
    """
    drafts: list[Draft] = []
    told: list[Sentence] = []
    sentences = _with_contrasts(sentences, budget_words)
    room, bare = budget_words - length(sentences), by_title(sentences)
    for sentence in ordered(sentences, in_order=in_order):
        before = _before(sentence)
        if before is not None and _is_cut_loose(sentence, told):
            needed = len(before.text.split()) + 1
            if needed <= room:
                drafts.append(drafted(before, told[-1] if told else None, bare=bare))
                told.append(before)
                room -= needed
            elif told and has_lost_its_subject(standing(sentence.text, sentence.candidate.name)):
                room += len(sentence.text.split()) + 1
                continue
        if not any(_same(sentence, s) for s in told):
            drafts.append(drafted(sentence, told[-1] if told else None, bare=bare))
            told.append(sentence)
    return drafts


def _with_contrasts(sentences: Sequence[Sentence], budget_words: int) -> list[Sentence]:
    """The sentences, and before one that reports what others said the next where that speaks against it.

    Where there is no room for both, only that is told: it is what the paper says.
    """
    found: list[Sentence] = []
    for sentence in sentences:
        after = Sentence(sentence.candidate, sentence.position + 1)
        behind = sentence.fact is None and after.position < len(sentence.candidate.spans)
        if behind and reports(sentence.text) and contrasts(after.text):
            if not any(_same(after, one) for one in (*found, *sentences)):
                found.append(after)
            others = [one for one in sentences if one is not sentence]
            if length([*found, *others, sentence]) > budget_words:
                continue
        found.append(sentence)
    return found


def _before(sentence: Sentence) -> Sentence | None:
    """The sentence that one hangs on ("This halves the cost."), or None where it stands alone."""
    if sentence.fact or sentence.position == 0 or not hangs(standing(sentence.text, sentence.candidate.name)):
        return None
    return Sentence(sentence.candidate, sentence.position - 1)


def _same(one: Sentence, other: Sentence) -> bool:
    return one.candidate.paper.id == other.candidate.paper.id and one.position == other.position


def drafted(sentence: Sentence, before: Sentence | None = None, *, bare: bool = False) -> Draft:
    """A sentence as a draft that stands alone; its paper's name stands before it unless it, or the last, says it.

    With `bare` it does not: the reader has just said the title.
    """
    candidate = sentence.candidate
    if sentence.fact:
        return about_papers([sentence.fact.field], [candidate.paper])[0][0]
    text = standing(sentence.text, candidate.name)
    if text[-1:] not in ".!?":
        text = f"{text.rstrip(' ,;:')}."
    key = name_key(text)
    # A reader who did not name the paper is told which it is; one who did knows it by anything that it introduces.
    known_by = (*candidate.asked_as, *introduced_names(candidate.paper)) if candidate.named else ()
    named = any(name_key(name) in key for name in (candidate.name, *known_by) if name)
    said = named or (before is not None and before.candidate.paper.id == candidate.paper.id)
    prefix = "" if said or bare else f"{candidate.called}: "
    return Draft((Part(f"{prefix}{text}", (Quote(candidate.paper, *sentence.span),)),))


def compared(papers: Sequence[Paper], question: str, vector: Vectors) -> list[Draft]:
    """The best sentence on each paper, and more where there is room, in the order in which the question names them.

    A question cut down to one side may lose what is compared, so nearness to the whole, by its `vector`, counts too.
    Sides of which the abstract says nothing come last, with that.
    """
    told = [paper for paper in papers if not all(sentence.fact for sentence in paper.sentences)]
    every = sorted(told, key=lambda p: _place(question, p.candidate))[:MOST_COMPARED]
    sides = [side for side in every if not _is_silent(side, every)]
    ranked = [_fitting(side, vector)[:_OF_A_SIDE] for side in sides]
    picked = [_first(side) for side in ranked]
    further = [
        (place, side[0][1] - fit, n, sentence)
        for n, side in enumerate(ranked)
        for place, (sentence, fit) in enumerate(side)
        if sentence not in picked[n] and not _is_cut_loose(sentence, picked[n]) and "://" not in sentence.text
    ]
    for _, behind, n, sentence in sorted(further, key=lambda one: one[:3]):
        if behind < _BEHIND and length([*(s for side in picked for s in side), sentence]) <= _COMPARED_WORDS:
            picked[n].append(sentence)
    drafts: list[Draft] = []
    for side in picked:
        before = None
        hanging = len(side) > 1 and _is_cut_loose(side[1], ()) and not _is_cut_loose(side[1], side[:1])
        led = list(side[: 1 + hanging])
        for sentence in (*led, *sorted(side[len(led) :], key=lambda s: s.position)):
            drafts.append(drafted(sentence, before))
            before = sentence
    silent = [side.candidate for side in every if side not in sides]
    return [*drafts, *(Draft((Part(missing_sentence("", (candidate,), ())),)) for candidate in silent)]


def _is_silent(side: Paper, sides: Sequence[Paper]) -> bool:
    """True for a paper named by its own name that says nothing of what another answers."""
    best, name = _most(side), name_key(side.candidate.name)
    own = any(name_key(written) == name for written in side.candidate.asked_as)
    return side.candidate.named and own and best < min(_SILENT, max(map(_most, sides)) - _FAR_BEHIND)


def _most(side: Paper) -> float:
    return max(sentence.logit for sentence in side.sentences if not sentence.fact)


def _first(ranked: Sequence[tuple[Sentence, float]]) -> list[Sentence]:
    """The best sentence of a side; one that hangs takes the one before it along.

    Where that is too long, or has an address, the best that stands alone and has none is told if it is not far behind.
    """
    best, most = ranked[0]
    before = _before(best)
    if before is not None and "://" not in best.text and length((before, best)) <= _CARRIED_WORDS:
        return [before, best]
    near = [sentence for sentence, fit in ranked if fit > most - _ALONE and "://" not in sentence.text]
    return [next((sentence for sentence in near if not _is_cut_loose(sentence, ())), near[0] if near else best)]


def _is_cut_loose(sentence: Sentence, told: Sequence[Sentence]) -> bool:
    """True for a sentence that hangs on the one before it where that is not told."""
    before = _before(sentence)
    return before is not None and not any(_same(before, s) for s in told)


def _fitting(side: Paper, vector: Vectors) -> list[tuple[Sentence, float]]:
    """The sentences of a side, no facts, each with how well it fits the question, the best first."""
    candidate = side.candidate
    near = candidate.vectors @ vector if candidate.vectors.size else np.zeros(len(candidate.spans), np.float32)
    fits = [(s, s.logit + _NEARNESS * float(near[s.position]) + _told_by(s)) for s in side.sentences if not s.fact]
    return sorted(fits, key=lambda one: -one[1])


def _told_by(sentence: Sentence) -> float:
    name = sentence.candidate.name.casefold()
    return _NAMED * (bool(name) and name in sentence.text.casefold())


def _place(question: str, candidate: Candidate) -> int:
    """Where the question first names a paper; at its end for one that it names in another way."""
    folded = question.casefold()
    places = [folded.find(name.casefold()) for name in (*candidate.asked_as, candidate.name) if name]
    return min((place for place in places if place >= 0), default=len(folded))


def listed(candidates: Sequence[Candidate], shown_by: Sequence[Sentence | None], *, counted: bool) -> list[Draft]:
    """A line for each paper, with the sentence that shows it; what is over the budget of words is counted only."""
    drafts: list[Draft] = []
    words = 0
    for candidate, sentence in zip(candidates, shown_by, strict=True):
        line = _line(candidate, sentence)
        words += sum(len(part.text.split()) + 1 for part in line.parts)
        if words > LIST_WORDS:
            break
        drafts.append(line)
    left = len(candidates) - len(drafts)
    if counted:
        count = len(candidates)
        papers = f"{small_number(count)} paper{'s' * (count != 1)}"
        head = f"{papers} of the library {'are' if count != 1 else 'is'} about this:"
        drafts.insert(0, Draft((Part(head),)))
    if left:
        drafts.append(Draft((Part(f"And {left} more, not shown here."),), item=True))
    return drafts


def _line(candidate: Candidate, sentence: Sentence | None) -> Draft:
    paper = candidate.paper
    quote = Quote(paper, field="title", value=paper.title) if sentence is None else Quote(paper, *sentence.span)
    return Draft((Part(f"- {candidate.title}", (quote,)),), item=True)


def missing_sentence(question: str, named: Sequence[Candidate], unknown: Sequence[str]) -> str:
    """One sentence that says what the library does not say, in the words of the question where they are few."""
    asked = without_marks(question).strip()  # "[1]" in a question is no citation of this answer
    if unknown and not named:
        return f"No paper in the library mentions {' or '.join(dict.fromkeys(unknown))}."
    if len(named) == 1 and not named[0].spans:
        return f"Of {named[0].called} the library has only the title, no abstract."
    if unknown and len(named) == 1:
        return f"The abstract of {named[0].called} does not mention {' or '.join(dict.fromkeys(unknown))}."
    told = f"answer “{asked}”" if 0 < len(asked.split()) <= _QUOTED_WORDS else "say"
    if len(named) == 1:
        return f"The abstract of {named[0].called} does not {told}."
    if named:
        return (
            f"The abstracts of {' and '.join(candidate.called for candidate in named[:MOST_COMPARED])} do not {told}."
        )
    return f"No paper in the library answers {f'“{asked}”' if told != 'say' else 'this'}."
