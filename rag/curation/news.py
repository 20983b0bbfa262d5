"""Two answers to one question compared: what became of each sentence, and because of which papers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b

from rag.model import Answer, Paper
from rag.model.changes import (
    Cause,
    CauseState,
    Followed,
    News,
    SeenPaper,
    Sentence,
    SentenceChange,
    Snapshot,
    Turnabout,
)
from rag.text import normal
from rag.text.figures import figures

ORDER: tuple[Turnabout, ...] = ("answered", "retracted", "changed", "abstained", "failed", "none")
"""The turns, the best news first."""

_ALIKE = 75.0
_ALIKE_OF_ONE_PAPER = 55.0
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def snapshot(answer: Answer) -> Snapshot:
    """The answer as it is kept, to be compared with a later one."""
    of_number = {citation.number: citation.paper for citation in answer.citations}
    sentences = tuple(
        Sentence(one.text, tuple(dict.fromkeys(of_number[n].id for n in one.citations if n in of_number)))
        for one in answer.statements
    )
    near = (*of_number.values(), *(ranked.paper for ranked in (*answer.ranked, *answer.nearest)))
    papers = {paper.id: SeenPaper(paper.id, paper.title, version(paper), paper.retraction) for paper in near}
    return Snapshot(answer.status, answer.text, sentences, tuple(papers.values()), answer.mode, answer.model)


def version(paper: Paper) -> str:
    """12 hex digits that change with what an answer can say of a paper; a retraction is told apart."""
    said = (paper.title, paper.abstract, paper.published, paper.authors, paper.author_count)
    return blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def compared(
    followed: Followed,
    now: Snapshot,
    *,
    known: Callable[[str], bool],
    stored: Callable[[Sequence[str]], Sequence[Paper]],
) -> News:
    """What became of the answer that is kept, now that the answer is `now`.

    `known` says whether a paper was in the library then, `stored` gives those of these ids that are in it now.
    """
    before = followed.answer
    sentences = compared_sentences(before, now)
    moved = [one for one in sentences if one.state != "kept"]
    involved = list(dict.fromkeys(key for one in moved for key in (*one.papers, *_papers_before(before, one))))
    if before.status != now.status and not involved:
        involved = [paper.id for paper in (*now.papers, *before.papers)]
    cited = {key for one in now.sentences for key in one.papers}
    causes = _causes(before, involved, cited, known=known, stored=stored)
    if moved and not causes:  # no paper that is cited changed: one that came near may have pushed others away
        near = [paper.id for paper in (*now.papers, *before.papers)]
        causes = _causes(before, near, cited, known=known, stored=stored)
    turn: Turnabout = "changed" if moved else "none"
    if any(cause.state == "retracted" for cause in causes):
        turn = "retracted"
    if before.status != now.status:
        turn = now.status
    elif now.status == "abstained" and turn != "none":
        turn, sentences, causes = "none", (), ()  # it says in other words that the library does not say
    note = _note(before, now) if turn != "none" and not causes else ""
    return News(followed, turn, now, sentences if turn != "none" else (), causes if turn != "none" else (), note)


def compared_sentences(before: Snapshot, now: Snapshot) -> tuple[SentenceChange, ...]:
    """What became of each sentence: those of now in their order, then those that are gone.

    A sentence with another figure in nearly the same words has "changed"; so has one that an abstract now says
    otherwise. A model words an answer anew each time: its sentences are kept while their figures and papers are.
    """
    pairs = _pairs(before.sentences, now.sentences)
    free = before.mode == now.mode == "generated"
    found = []
    for n, sentence in enumerate(now.sentences):
        old = before.sentences[pairs[n]] if n in pairs else None
        if old is None:
            found.append(SentenceChange("new", sentence.text, sentence.papers))
            continue
        then, later = _figures(old.text), _figures(sentence.text)
        same = normal(old.text) == normal(sentence.text)
        if same or (free and then == later and set(old.papers) & set(sentence.papers)):
            found.append(SentenceChange("kept", sentence.text, sentence.papers))
        else:
            differing = tuple((then - later).elements()), tuple((later - then).elements())
            found.append(SentenceChange("changed", sentence.text, sentence.papers, old.text, differing))
    gone = [one for n, one in enumerate(before.sentences) if n not in pairs.values()]
    return (*found, *(SentenceChange("gone", one.text, one.papers) for one in gone))


def _pairs(before: Sequence[Sentence], now: Sequence[Sentence]) -> dict[int, int]:
    """For places of sentences now the places of those before that they stand for; the same words first."""
    from rapidfuzz.fuzz import token_sort_ratio

    scored = []
    for n, new in enumerate(now):
        for m, old in enumerate(before):
            likeness = 101.0 if normal(new.text) == normal(old.text) else token_sort_ratio(_masked(new), _masked(old))
            if likeness >= (_ALIKE_OF_ONE_PAPER if set(new.papers) & set(old.papers) else _ALIKE):
                scored.append((-likeness, n, m))
    pairs: dict[int, int] = {}
    for _, n, m in sorted(scored):
        if n not in pairs and m not in pairs.values():
            pairs[n] = m
    return pairs


def _masked(sentence: Sentence) -> str:
    return _NUMBER.sub("#", normal(sentence.text))


def _figures(text: str) -> Counter[str]:
    folded = normal(text)
    return Counter(folded[one.start : one.end] for one in figures(text) if not one.spelled)


def _papers_before(before: Snapshot, change: SentenceChange) -> tuple[str, ...]:
    if change.before is None:
        return ()
    return next((one.papers for one in before.sentences if one.text == change.before), ())


def _causes(
    before: Snapshot,
    involved: Sequence[str],
    cited: set[str],
    *,
    known: Callable[[str], bool],
    stored: Callable[[Sequence[str]], Sequence[Paper]],
) -> tuple[Cause, ...]:
    then: Mapping[str, SeenPaper] = {paper.id: paper for paper in before.papers}
    keys = list(dict.fromkeys((*involved, *sorted(cited & then.keys()))))
    here = {paper.id: paper for paper in stored(keys)}
    found = []
    for key in keys:
        paper, old = here.get(key), then.get(key)
        state: CauseState | None = None
        if paper is None:
            state = "removed" if old else None
        elif paper.retraction and old is not None and not old.retraction:
            state = "retracted"
        elif not known(key):
            state = "new"
        elif old is not None and key in involved and version(paper) != old.version:
            state = "changed"
        if state:
            title = paper.title if paper else old.title if old else key
            found.append(Cause(key, title, state, paper.retraction if paper else None))
    return tuple(found)


def _note(before: Snapshot, now: Snapshot) -> str:
    names = [snapshot.model or snapshot.mode for snapshot in (before, now)]
    if names[0] != names[1]:
        return f"it was {names[0]} that answered then, and {names[1]} now"
    return "none of the papers behind it changed: other papers, the settings or the version of Footnote did"
