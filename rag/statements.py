"""A model's text taken apart into statements, and each held against what it cites: passed, put right, or failed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.citations import Draft, Part, Quote
from rag.ground import Embed, Grounding, check
from rag.ground.words import read
from rag.guard import cleaned, guarded, quotes
from rag.model import Paper, Statement
from rag.prompts import Line, Prompted
from rag.text import normal, sentences, terms

_NUMBERS = r"\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]"
_MARK = re.compile(rf"\s*{_NUMBERS}")
_AFTER_STOP = re.compile(rf"([.!?][\"”’)*]*)[ \t]*((?:{_NUMBERS}[ \t]*)+)")
_HALF_MARK = re.compile(r"^\[[\d,;\s–-]*\]?\s*$")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_PRONOUN = re.compile(
    r"\W*(?:it|its|they|their|this|these|that|those|he|she|both|such|here|the (?:same|latter|former))\b", re.I
)
_MOST_LINES = 3
_MOST_SPAN = 40
_MOST_ELSEWHERE = 6


@dataclass(frozen=True)
class Sentence:
    """A sentence as a model wrote it, without its marks; `numbers` are what they name, `item` is one of a list."""

    text: str
    numbers: tuple[int, ...]
    item: bool = False


@dataclass(frozen=True)
class Checked:
    """A sentence after its check: as a draft of the answer, and whether it failed.

    `numbers` are the lines of the evidence that it cites now. The draft of one that failed carries the reasons.
    """

    sentence: Sentence
    draft: Draft
    failed: bool
    numbers: tuple[int, ...] = ()

    @property
    def statement(self) -> Statement:
        """It as a statement without citations: what is kept of a sentence that is left out."""
        draft = self.draft
        return Statement(self.sentence.text, (), draft.verdict, draft.reasons, draft.contradicted, draft.probability)


class Splitter:
    """Takes text as it is written and gives each sentence as soon as nothing that follows can change it."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[str]:
        """The sentences that are complete now, with their marks."""
        self._rest += piece.replace("【", "[").replace("】", "]")
        *whole, last = self._rest.split("\n")
        last = _marks_inside(last)
        spans = [(last[a:b], a) for a, b in sentences(last)]
        done = [sentence for line in whole for sentence in sentences_with_marks(line)]
        # The last one may go on, and the word after a full stop says whether it is one.
        if len(spans) > 1 and " " in spans[-1][0] and not _HALF_MARK.match(spans[-1][0]):
            done += sentences_with_marks(last[: spans[-1][1]])
            last = last[spans[-1][1] :]
        self._rest = last
        return done

    def end(self) -> list[str]:
        """The sentences that are left when the text is complete."""
        left, self._rest = self._rest, ""
        return [sentence for line in left.split("\n") for sentence in sentences_with_marks(line)]

    def cut_off(self) -> list[str]:
        """The sentences that are left when the text was cut off: the last counts only if it has its full stop."""
        return [one for one in self.end() if re.search(r"[.!?][\"”’)]*\s*$", one)]


def _marks_inside(line: str) -> str:
    """Marks behind a full stop put before it: "… one token. [1] Next" becomes "… one token [1]. Next"."""
    return _AFTER_STOP.sub(lambda found: f" {found.group(2).strip()}{found.group(1)} ", line)


def sentences_with_marks(line: str) -> list[str]:
    """The sentences of a line, each with the marks that stand in it or right behind it; "- " before an item."""
    line = _marks_inside(line)
    bullet = _BULLET.match(line)
    body = line[bullet.end() :] if bullet else line
    found = [body[a:b] for a, b in sentences(body)]
    return [
        f"- {one}" if bullet and n == 0 else one for n, one in enumerate(found) if re.search(r"\w", _MARK.sub("", one))
    ]


def sentence_of(raw: str, evidence: str) -> Sentence:
    """A sentence as written taken apart and cleaned of what the evidence does not have."""
    item = raw.startswith("- ")
    numbers: list[int] = []
    for mark in _MARK.findall(raw):
        for part in re.findall(r"\d+\s*[–-]\s*\d+|\d+", mark):
            ends = [int(number) for number in re.findall(r"\d{1,6}", part)]
            numbers += range(ends[0], min(ends[-1], ends[0] + _MOST_SPAN) + 1) if len(ends) == 2 else ends[:1]
    text = cleaned(_MARK.sub("", raw.removeprefix("- ") if item else raw), evidence)
    return Sentence(re.sub(r"\s+([.,;:!?])", r"\1", text).strip(), tuple(dict.fromkeys(numbers)), item)


def checked(sentence: Sentence, evidence: Prompted, originals: Sequence[Paper], *, embed: Embed | None) -> Checked:
    """The verdict on a sentence, with its marks put right where other evidence bears it out.

    `evidence` holds papers as `rag.guard` shows them, `originals` the same papers whole, which is what is quoted.
    """
    whole = {paper.id: paper for paper in originals}
    lines = {line.number: line for line in evidence.lines}
    known = [lines[n] for n in sentence.numbers if n in lines]
    unknown = [n for n in sentence.numbers if n not in lines]
    said = [f"there is no evidence [{n}]; the mark was taken out" for n in unknown]
    cited = list({line.paper.id: line.paper for line in known}.values())
    grounding = _checked(sentence.text, cited, embed)
    if cited and grounding.verdict != "unsupported":
        carrying, loose = _carrying(sentence.text, cited, grounding, embed)
        said += [f"“{_short(paper.title)}” does not say this; its mark was taken out" for paper in loose]
        found, moved = _quotes(sentence.text, carrying, known, whole, embed)
        said += [f"the mark stood for another sentence of “{_short(paper.title)}” and was put right" for paper in moved]
        return _passed(sentence, grounding, found, (*grounding.reasons, *said), lines)
    if (other := _elsewhere(sentence.text, cited, evidence, embed)) is not None:
        paper, found_there = other
        found, _ = _quotes(sentence.text, [paper], [], whole, embed)
        why = "the mark was wrong" if known else "it had no mark" if not unknown else "its mark stood for nothing"
        return _passed(sentence, found_there, found, (f"{why}; “{_short(paper.title)}” says this",), lines)
    reasons = tuple(dict.fromkeys((*said, *grounding.reasons)))
    parts = (
        Part(sentence.text, tuple(replace(line.quote, paper=whole[line.paper.id]) for line in known[:_MOST_LINES])),
    )
    draft = Draft(
        parts, sentence.item, verdict="unsupported", reasons=reasons, contradicted=grounding.contradicted,
        probability=grounding.probability,
    )  # fmt: skip
    return Checked(sentence, draft, failed=True)


def _checked(text: str, papers: Sequence[Paper], embed: Embed | None) -> Grounding:
    """The verdict; a sentence that shares no word but names and figures with what it cites is not borne out by it."""
    found = check(text, papers, embed=embed)
    own = {word for name in read(text).names for word in terms(name)}
    words = [word for word in terms(text) if word not in own and not word[0].isdigit()]
    there = {word for paper in papers for word in terms(f"{paper.title} {paper.abstract}")}
    if papers and words and not there & set(words) and found.verdict != "unsupported":
        return replace(found, verdict="unsupported", reasons=(f"nothing in what it cites says {' '.join(words)}",))
    return found


def _passed(
    sentence: Sentence, grounding: Grounding, found: Sequence[Quote], reasons: tuple[str, ...], lines: dict[int, Line]
) -> Checked:
    draft = Draft(
        (Part(sentence.text, tuple(found)),), sentence.item, verdict=grounding.verdict, reasons=reasons,
        contradicted=grounding.contradicted, probability=grounding.probability,
    )  # fmt: skip
    numbers = [n for n, line in lines.items() if any(_overlap(line.quote, quote) for quote in found)]
    return Checked(sentence, draft, failed=not found, numbers=tuple(numbers))


def _overlap(one: Quote, other: Quote) -> bool:
    if one.paper.id != other.paper.id or one.start is None or other.start is None:
        return False
    return one.start < (other.end or 0) and other.start < (one.end or 0)


def _carrying(
    text: str, cited: Sequence[Paper], whole: Grounding, embed: Embed | None
) -> tuple[list[Paper], list[Paper]]:
    """The papers cited that bear the sentence out, and those that have nothing to do with it.

    Where one alone bears it out as well as all together, those that do not are loose; else each has its part in it.
    """
    if len(cited) == 1:
        return list(cited), []
    alone = [paper for paper in cited if check(text, [paper], embed=embed).verdict == whole.verdict]
    return (alone, [paper for paper in cited if paper not in alone]) if alone else (list(cited), [])


def _quotes(
    text: str, papers: Sequence[Paper], known: Sequence[Line], whole: dict[str, Paper], embed: Embed | None
) -> tuple[list[Quote], list[Paper]]:
    """The words to cite: the lines cited where the run that carries the sentence is among them, else that run."""
    found: list[Quote] = []
    moved: list[Paper] = []
    for paper in papers:
        original = whole[paper.id]
        run = check(text, [paper], embed=embed)
        lines = [line.quote for line in known if line.paper.id == paper.id and line.quote.start is not None]
        touching = [q for q in lines if (q.start or 0) < run.end and run.start < (q.end or 0)]
        if (run.start, run.end) == (0, 0):
            found.append(Quote(original, field="title", value=original.title))
        elif touching and len(lines) <= _MOST_LINES:
            spans = sorted({(q.start or 0, q.end or 0) for q in lines if q in touching or len(papers) == 1})
            found += [one for span in _joined(spans, original.abstract) for one in quotes(original, paper, *span)]
        else:
            found += quotes(original, paper, run.start, run.end)
            moved += [paper] if lines and not touching else []
    return found, moved


def _joined(spans: Sequence[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The spans with neighbours put together."""
    start, end = spans[0]
    for first, last in spans[1:]:
        if text[end:first].strip():
            yield start, end
            start = first
        end = last
    yield start, end


def _elsewhere(
    text: str, cited: Sequence[Paper], evidence: Prompted, embed: Embed | None
) -> tuple[Paper, Grounding] | None:
    """Another paper of the evidence that bears the sentence out, if it can be understood without the one before it."""
    if _PRONOUN.match(text):
        return None
    words = set(re.findall(r"\w+", normal(text)))
    others = [paper for paper in evidence.papers if all(paper.id != one.id for one in cited)]
    others.sort(key=lambda paper: -len(words & set(re.findall(r"\w+", normal(f"{paper.title} {paper.abstract}")))))
    for paper in others[:_MOST_ELSEWHERE]:
        found = _checked(text, [paper], embed)
        if found.verdict == "supported":
            return paper, found
    return None


def _short(title: str) -> str:
    return title.split(":")[0][:60]


def safe_papers(papers: Sequence[Paper]) -> list[Paper]:
    """The papers as a model may see them, those of which nothing is left out."""
    return [safe for safe in map(guarded, papers) if safe.abstract.strip() or (safe.title and not safe.abstract)]
