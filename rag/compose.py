"""The extractive answer: from ranked papers and their sentences to a few drafted sentences, or what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag import cues
from rag.abstain import Signals, answers
from rag.citations import Draft, Part, Quote, sentence_draft
from rag.names import introduced_names, name_key
from rag.select import (
    Asked,
    Candidate,
    Scored,
    nearness,
    sentence_terms,
    wanted_terms,
)
from rag.sentence_score import differs, offers, score_sentences
from rag.text import normal, shown
from rag.trim import trimmed_end

MOST_LISTED = 12
# Of papers that the question does not name so many are looked at, and so many may answer.
_LOOKED_AT, _OTHER_PAPERS = 10, 3
_BY_SCORE, _BY_NEARNESS = 0.45, 16.8
# A second sentence is added while the question is answered with less than this probability, a third with still less.
SURE, _LIKELY = 0.85, 0.7
_MOST_SENTENCES, _MOST_PAPERS = 3, 2
_NAMESAKE = 0.8
_PRESUMING = ("reason", "number", "yes-no")
# A paper is on a list when its score, in standard deviations above the library's mean, is this share of the best one's.
_LIST_SHARE, _LIST_LEAST = 0.45, 1.5


@dataclass(frozen=True)
class Composition:
    """Drafted sentences, or none and in `missing` what the library does not say, as a sentence."""

    drafts: tuple[Draft, ...]
    missing: str = ""
    signals: Signals | None = None


@dataclass(frozen=True)
class Ask:
    """A question as composing needs it: whole, in its parts (one or more), the weight of terms, the names in it.

    `among` is True when the conversation has set which of several papers it is about; `likeness` is that of
    the nearest paper's passages to the question.
    """

    whole: Asked
    parts: tuple[Asked, ...]
    idf: Callable[[str], float]
    budget_words: int
    names: tuple[str, ...] = ()
    among: bool = False
    likeness: float = 1.0


def _others(ask: Ask, targets: Sequence[Candidate]) -> tuple[str, ...]:
    """The keys of the names in the question other than those of the papers that it is about."""
    own = {name_key(name) for target in targets for name in (*target.asked_as, target.name, target.paper.title)}
    own.discard("")
    return tuple(key for key in map(name_key, ask.names) if not any(key in name or name in key for name in own))


def facts(ask: Ask, candidates: Sequence[Candidate]) -> Composition:
    """The answer to a question about a fact: for each part of the question the sentence that answers it.

    Where it is not sure which sentence that is, the next likely ones follow while the budget of words allows.
    """
    named = [candidate for candidate in candidates if candidate.named]
    targets = named or _likeliest(ask, candidates)
    if not targets:
        return Composition((), "")
    ranked = [_ranked(ask, part, targets) for part in ask.parts]
    if not ranked[0]:  # papers of which the library has only the titles
        return Composition((), "")
    signals = Signals.of(ask.whole, ranked[0], others=_others(ask, targets), idf=ask.idf, likeness=ask.likeness)
    if not ask.among and not answers(signals):
        return Composition((), "", signals)
    plain = (
        named and not ranked[0][0].wanted and not ask.whole.reading.figure and len({s.place[0] for s in ranked[0]}) == 1
    )
    chosen = overview(ranked[0], ask.budget_words) if plain else _chosen(ask, ranked, targets)
    first = chosen[0]
    drafts = _drafts(chosen)
    if named and ask.whole.reading.kind in _PRESUMING and differs(first):
        head = drafts[0].parts[0]
        drafts[0] = replace(drafts[0], parts=(replace(head, text=f"The abstract says otherwise: {head.text}"),))
    return Composition(tuple(drafts), "", signals)


def overview(scored: Sequence[Scored], budget_words: int) -> list[Scored]:
    """What a paper's work is, how it works and what came of it: for a question that asks for nothing in particular.

    The first sentence that names or introduces the work, the one after it, and the best one on results.
    """
    own = [s for s in scored if not s.background and not offers(s) and not cues.OUTLOOK.search(normal(s.text))]
    own = sorted(own or scored, key=lambda s: s.position)
    key = name_key(own[0].candidate.name)
    named = [s for s in own if key and key in name_key(s.text)]
    first = next(
        (s for s in named if cues.DEFINES.search(normal(s.text))),
        next((s for s in named if not _tells_outcome(s)), own[0]),
    )
    after = [s for s in own if s.position > first.position]
    plain = [s for s in after if not _tells_outcome(s) and not cues.BACKGROUND.search(normal(s.text))][:1]
    results = sorted((s for s in after if _tells_outcome(s)), key=lambda s: -s.score)[:1]
    chosen, words = [first], _length(first)
    for following in (*plain, *results):
        if words + _length(following) <= budget_words:
            chosen.append(following)
            words += _length(following)
    return chosen


def _tells_outcome(scored: Scored) -> bool:
    return cues.OUTCOME.search(normal(scored.text)) is not None


def without_namesakes(ask: Ask, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates; of the named ones that share a name only those count as named that the rest of it is about."""
    named = [candidate for candidate in candidates if candidate.named]
    together = ask.whole.reading.kind == "compare"
    if together or len(named) < 2 or len({candidate.asked_as for candidate in named}) > 1:
        return list(candidates)
    wanted = wanted_terms(ask.whole.reading, named[0].asked_as, ask.idf)
    told = [float(nearness(ask.whole, candidate, wanted, whole=True)[0]) for candidate in named]
    for n, candidate in enumerate(named):
        has = sentence_terms(f"{candidate.paper.title}. {candidate.paper.abstract}")
        told[n] += sum(weight for term, weight in wanted.items() if term in has) / (sum(wanted.values()) or 1.0)
    others = {c.paper.id for c, much in zip(named, told, strict=True) if much < _NAMESAKE * max(told)}
    return [replace(c, named=False) if c.paper.id in others else c for c in candidates]


def _chosen(ask: Ask, ranked: Sequence[Sequence[Scored]], targets: Sequence[Candidate]) -> list[Scored]:
    """The likeliest sentences, until each part of the question is likely answered or the budget of words is used up.

    `ranked` has the sentences for each part, best first. How likely a sentence answers is how likely its paper is
    meant, times its share within the paper. The first is always there.
    """
    chosen = [ranked[0][0]]
    meant = _meant(ask, targets)
    chances = [{s.place: meant[s.candidate.paper.id] * s.share for s in order} for order in ranked]
    words = _length(chosen[0])
    asks_offer = cues.ASKS_OFFER.search(normal(chosen[0].asked.reading.text)) is not None
    passed: set[tuple[str, int]] = set()
    while len(chosen) < _MOST_SENTENCES:
        answered = [sum(chance.get(s.place, 0.0) for s in chosen) for chance in chances]
        least = int(np.argmin(answered))
        if answered[least] >= (SURE if len(chosen) < 2 else _LIKELY):
            break
        known = {s.place for s in chosen} | passed
        fit = (s for s in ranked[least] if s.place not in known and not s.background and (asks_offer or not offers(s)))
        following = next(fit, None)
        if following is None:
            break
        papers = {s.candidate.paper.id for s in (*chosen, following)}
        if len(papers) > _MOST_PAPERS or words + _length(following) > ask.budget_words:
            passed.add(following.place)
            continue
        chosen.append(following)
        words += _length(following)
    return chosen


def _length(scored: Scored) -> int:
    """The words of a sentence with its mark, and with the name before it where it may need one."""
    return len(shown(scored.text).split()) + 1 + len((scored.candidate.name or scored.candidate.paper.title).split())


def _likeliest(ask: Ask, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The few papers that an unnamed question most likely means."""
    if not candidates:
        return []
    meant = _meant(ask, candidates[:_LOOKED_AT])
    return sorted(candidates[:_LOOKED_AT], key=lambda c: -meant[c.paper.id])[:_OTHER_PAPERS]


def _meant(ask: Ask, targets: Sequence[Candidate]) -> dict[str, float]:
    """The probability that each paper is the one that is asked about: a softmax over what speaks for it.

    Of papers that are named, or that the conversation spoke of, that is the best of their sentences. Else it is its
    score in retrieval, and how near it has each word of the question; the weights were fitted on questions that name
    no paper.
    """
    if all(target.named for target in targets):
        best = {target.paper.id: -np.inf for target in targets}
        for scored in score_sentences(ask.whole, targets, ask.idf):
            best[scored.candidate.paper.id] = max(best[scored.candidate.paper.id], scored.score)
        return _softmax(best)
    wanted = wanted_terms(ask.whole.reading, (), ask.idf)
    near = np.array([float(nearness(ask.whole, target, wanted, whole=True)[0]) for target in targets])
    scores = _BY_SCORE * np.array([target.score for target in targets]) + _BY_NEARNESS * near
    return _softmax(dict(zip((target.paper.id for target in targets), scores, strict=True)))


def _softmax(logits: Mapping[str, float]) -> dict[str, float]:
    most = max(logits.values())
    raised = {key: float(np.exp(logit - most)) if most > -np.inf else 1.0 for key, logit in logits.items()}
    whole = sum(raised.values())
    return {key: share / whole for key, share in raised.items()}


def _ranked(ask: Ask, part: Asked, targets: Sequence[Candidate]) -> list[Scored]:
    """The sentences of the targets, the likeliest answer first."""
    meant = _meant(ask, targets)
    return sorted(score_sentences(part, targets, ask.idf), key=lambda s: -meant[s.candidate.paper.id] * s.share)


def _drafts(chosen: Sequence[Scored]) -> list[Draft]:
    """The chosen sentences as drafts: the first stays first, others of one paper in the order of its abstract."""
    first, *rest = chosen
    papers = list(dict.fromkeys(scored.candidate.paper.id for scored in chosen))
    rest.sort(key=lambda scored: (papers.index(scored.candidate.paper.id), scored.position))
    drafts: list[Draft] = []
    before: Candidate | None = None
    for scored in (first, *rest):
        drafts.append(drafted(scored, before))
        before = scored.candidate
    return drafts


def drafted(scored: Scored, before: Candidate | None = None) -> Draft:
    """A sentence as a draft; the name of its paper stands before it unless it, or the sentence before, says it."""
    start, end = scored.span[0], trimmed_end(scored)
    name = scored.candidate.name or f"“{shown(scored.candidate.paper.title)}”"
    key = name_key(scored.candidate.paper.abstract[start:end])
    known_as = (name, *scored.candidate.asked_as, *introduced_names(scored.candidate.paper))
    named = any(name_key(own) in key for own in known_as)
    said = before is scored.candidate or named
    return sentence_draft(scored.candidate.paper, start, end, name="" if said else name)


def listed(ask: Ask, candidates: Sequence[Candidate]) -> Composition:
    """The papers that are about what is asked, one line and one citation each, as many as there are.

    A paper belongs to the list when retrieval scores it nearly as high as the best one.
    """
    scored = score_sentences(ask.whole, candidates, ask.idf)
    best_of: dict[str, Scored] = {}
    for sentence in scored:
        best_of.setdefault(sentence.candidate.paper.id, sentence)
    # Of some papers the library has only the title: they are on the list for its words.
    titled = {c.paper.id for c in candidates if not c.spans and _title_says(ask, c)}
    signals = None
    if not candidates or candidates[0].paper.id not in titled:
        top = next((c for c in candidates if c.spans), None)
        if top is None:
            return Composition((), "")
        signals = Signals.of(
            ask.whole,
            [s for s in scored if s.candidate is top],
            others=(),
            idf=ask.idf,
            likeness=ask.likeness,
            listing=True,
        )
        if not answers(signals):
            return Composition((), "", signals)
    chosen = [c for c in on_the_subject(candidates) if c.paper.id in best_of or c.paper.id in titled][:MOST_LISTED]
    drafts = [_line(candidate, best_of.get(candidate.paper.id)) for candidate in chosen]
    return Composition(tuple(drafts), "", signals)


def _title_says(ask: Ask, candidate: Candidate) -> bool:
    """True when a title has most of what the question asks about, by weight."""
    wanted = wanted_terms(ask.whole.reading, candidate.asked_as, ask.idf)
    told = sentence_terms(candidate.paper.title)
    return sum(weight for term, weight in wanted.items() if term in told) > 0.5 * sum(wanted.values())


def on_the_subject(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The papers that retrieval scores nearly as high as the best one, in their order."""
    top = max((candidate.score for candidate in candidates), default=0.0)
    return [candidate for candidate in candidates if candidate.score >= max(_LIST_SHARE * top, _LIST_LEAST)]


def _line(candidate: Candidate, scored: Scored | None) -> Draft:
    paper, name = candidate.paper, candidate.name
    title = shown(paper.title)
    label = title if not name or name_key(name) in name_key(title) else f"{title} ({name})"
    quote = Quote(paper, *scored.span) if scored else Quote(paper, field="title", value=paper.title)
    return Draft((Part(f"- {label}", (quote,)),), item=True)
