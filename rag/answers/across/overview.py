"""The overview of a subject: its papers in groups of like meaning, named by their own terms, with cited sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import ceil, log, sqrt

import numpy as np

from rag.answers.across.subjects import centre, unit
from rag.answers.wording import hangs, standing
from rag.grounding.verdict import check
from rag.library.flat_records import StoredPaper
from rag.model import Paper
from rag.model.findings import Group, Overview, Quoted, Said
from rag.neural.embedder import Vectors
from rag.text import content_words, normal, shown, terms

Named = tuple[StoredPaper, str]
_MOST_GROUPS, _PER_GROUP = 7, 4
_SENTENCES, _NAME_TERMS, _WORDS = 3, 3, 60
_ROUNDS = 50
_IN_TITLE = 2.0


def overview_of(subject: str, papers: Sequence[Named], *, frequency: Callable[[str], int], holdings: int) -> Overview:
    """The overview of these papers, each with the name of its work, the best first.

    `frequency` says in how many papers of the library a stemmed term stands, `holdings` how many those are.
    """
    if not papers:
        return Overview(subject, (), (), (f"No paper of the library is on “{subject}”.",))
    means = np.stack([centre(stored) for stored, _ in papers])
    labels = clustered(means, groups=min(_MOST_GROUPS, max(1, ceil(len(papers) / _PER_GROUP))))
    groups = []
    for label in sorted(set(labels), key=lambda one: (-labels.count(one), labels.index(one))):
        inside = [paper for paper, at in zip(papers, labels, strict=True) if at == label]
        groups.append(_group(subject, inside, papers, frequency, holdings))
    dated = sorted((s.paper for s, _ in papers if s.paper.published), key=lambda paper: (paper.published, paper.id))
    return Overview(subject, tuple(groups), tuple(dated), lacking(subject, [s.paper for s, _ in papers], frequency))


def clustered(vectors: Vectors, *, groups: int) -> list[int]:
    """The group of each vector, shape (n, dimension): spherical k-means, begun from points far from each other.

    What all have in common is taken away first, so that the groups differ by the rest. The same for the same input.

    Source: Dhillon and Modha, Concept decompositions for large sparse text data (Machine Learning, 2001); the first
    centres as in Gonzalez, Clustering to minimize the maximum intercluster distance (1985).
    """
    apart = unit(vectors - vectors.mean(axis=0))
    first = int(np.argmax(np.linalg.norm(vectors - vectors.mean(axis=0), axis=1)))
    chosen = [first]
    while len(chosen) < min(groups, len(vectors)):
        chosen.append(int(np.argmin((apart @ apart[chosen].T).max(axis=1))))
    centres = apart[chosen]
    labels = np.zeros(len(vectors), dtype=np.int64)
    for _ in range(_ROUNDS):
        now = (apart @ centres.T).argmax(axis=1)
        if (now == labels).all() and _:
            break
        labels = now
        for n in range(len(centres)):
            if (labels == n).any():
                centres[n] = unit(apart[labels == n].mean(axis=0))
    return [int(label) for label in labels]


def _group(
    subject: str, inside: Sequence[Named], every: Sequence[Named], frequency: Callable[[str], int], holdings: int
) -> Group:
    name = named(subject, [s.paper for s, _ in inside], [s.paper for s, _ in every], frequency, holdings)
    middle = np.mean([centre(stored) for stored, _ in inside], axis=0)
    typical = sorted(inside, key=lambda one: -float(centre(one[0]) @ middle))
    said = [sentence for one in typical if (sentence := _typical(one, middle))][:_SENTENCES]
    return Group(name, tuple(stored.paper for stored, _ in inside), tuple(said))


def named(
    subject: str, inside: Sequence[Paper], every: Sequence[Paper], frequency: Callable[[str], int], holdings: int
) -> str:
    """What a group is called: the terms that its papers share and others lack, as they are most often written.

    A term counts by the share of the group's papers that have it, in their titles above all, times how rare it is among
    the others and in the library; those of the subject say nothing.
    """
    asked = set(terms(subject))
    within, outside = _document_counts(inside), _document_counts(every)
    titled = Counter(term for paper in inside for term in set(terms(paper.title)))
    scores: dict[str, float] = {}
    for term, count in within.items():
        if term in asked or len(term) < 3 or not any(map(str.isalpha, term)) or (count < 2 and len(inside) > 1):
            continue
        others = outside[term] - count
        rare = log(1 + holdings / (1 + frequency(term)))
        left = max(len(every) - len(inside), 1)
        weight = (count + _IN_TITLE * titled[term]) / len(inside)
        scores[term] = weight * rare * (1 - others / left * 0.8) * sqrt(count)
    best = sorted(scores, key=lambda term: (-scores[term], term))[:_NAME_TERMS]
    written = _written(best, inside)
    return ", ".join(written[term] for term in best) or shown(inside[0].title)


def _document_counts(papers: Sequence[Paper]) -> Counter[str]:
    return Counter(term for paper in papers for term in set(terms(f"{paper.title}. {paper.abstract}")))


def _written(wanted: Sequence[str], papers: Sequence[Paper]) -> dict[str, str]:
    """Stemmed terms as the papers write them most often, in small letters."""
    forms: dict[str, Counter[str]] = {term: Counter() for term in wanted}
    for paper in papers:
        text = shown(f"{paper.title}. {paper.abstract}")
        for start, end in content_words(text):
            word = text[start:end]
            for term in terms(word):
                if term in forms:
                    forms[term][word if word.isupper() else word.lower()] += 1
    return {term: (max(count, key=lambda w: (count[w], w)) if count else term) for term, count in forms.items()}


def _typical(one: Named, middle: Vectors) -> Said | None:
    """The sentence of a paper that is nearest to its group and can stand alone, with the paper's name."""
    stored, name = one
    near = stored.sentence_vectors @ middle if stored.sentence_vectors.size else np.zeros(len(stored.sentence_spans))
    called = name or f"“{shown(stored.paper.title)}”"
    for n in sorted(range(len(stored.sentence_spans)), key=lambda n: (-_worth(stored, name, n, float(near[n])), n)):
        start, end = stored.sentence_spans[n]
        raw = shown(stored.paper.abstract[start:end])
        text = standing(raw, name)
        if hangs(text) or len(text.split()) > _WORDS:
            continue
        if normal(called) not in normal(text):
            text = f"{called}: {text}"
        return Said(text, (Quoted(stored.paper, start, end),), check(text, [stored.paper]).verdict)
    return None


def _worth(stored: StoredPaper, name: str, n: int, near: float) -> float:
    """How well a sentence tells what a paper does: near to its group, and with the paper's name in it."""
    start, end = stored.sentence_spans[n]
    return near + 0.25 * bool(name and normal(name) in normal(stored.paper.abstract[start:end]))


def lacking(subject: str, papers: Sequence[Paper], frequency: Callable[[str], int]) -> tuple[str, ...]:
    """What the library does not have for the subject: words that stand in no paper, dates, original abstracts."""
    found = []
    absent = [
        subject[start:end] for start, end in content_words(subject)
        if (stems := terms(subject[start:end])) and not any(frequency(stem) for stem in stems)
    ]  # fmt: skip
    if absent:
        found.append(f"No paper of the library has the word{'s' * (len(absent) > 1)} {', '.join(absent)}.")
    undated = sum(paper.published is None for paper in papers)
    if undated:
        of = f"{undated} of the {len(papers)} papers" if len(papers) > 1 else "The paper"
        found.append(f"{of} {'has no date, and is' if undated == 1 else 'have no date, and are'} not on the timeline.")
    digests = sum(paper.abstract_kind == "digest" for paper in papers)
    if digests:
        found.append(f"Of {digests} the library has a digest in place of the abstract.")
    bare = sum(not paper.abstract for paper in papers)
    if bare:
        found.append(f"Of {bare} the library has only the title.")
    return tuple(found)
