"""The reverse check: sentences that somebody else wrote, or that were saved, against what they cite in the library."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rag.answers.metadata.shortlist import value
from rag.errors import SourceError
from rag.grounding.splitting import sentences_with_marks
from rag.grounding.verdict import Check, check, check_fields
from rag.model import Paper, Verdict, Verified
from rag.neural.cross_encoder import STATEMENTS, CrossEncoder
from rag.neural.embedder import Embedder
from rag.text import shown
from rag.text.titles import title_key

_NO_SENTENCE = "there is no sentence to verify. Give Markdown, text, or the output of ask --json."
_LEAST_TITLE = 12
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+\S.*|[-=*_]{3,})\s*$")
_REFERENCES = re.compile(
    r"^\W*(?:\d+\W+)?(?:references?|bibliography|sources|literature|works cited)\W*$", re.IGNORECASE
)
_LISTED = re.compile(r"^\s*(?:\[\^?(\d{1,4})\]:?|(\d{1,4})[.)])\s+(\S.*)$")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_QUOTED_LINE = re.compile(r"^\s*>\s?")
_BRACKET = re.compile(r"!?\[((?:[^\[\]]|\[[^\[\]]*\])+)\](?:\([^()\s]*\))?")
_MARK = re.compile(r"\[(\d{1,9}(?:\s*[–-]\s*\d{1,9})?(?:\s*[,;]\s*\d{1,9}(?:\s*[–-]\s*\d{1,9})?)*)\]")
_CITE = re.compile(r"(?:(?<![~\s])[~\s]+)?\\(?:no)?[cC]ite[a-zA-Z]*\*?(?:\[[^\]]{0,300}\])*\{([^{}]+)\}")
_PANDOC = re.compile(r"\[[^\[\]@]{0,20}-?@[^\[\]]+\]")
_KEY = re.compile(r"@\{?([\w][\w:.#$%&+?<>~/-]*\w|\w)")
_FORMAT = re.compile(r"\*\*|__|~~|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_FENCES = ("```", "~~~")
_NEW = 1_000_000  # numbers for what is cited by title: above any number that a list of references has


@dataclass(frozen=True)
class Cited:
    """A sentence and what it cites, each as it is written there: a number with its reference, a title or an id."""

    sentence: str
    references: tuple[str, ...]


def reading_check(embedder: Embedder, reader: CrossEncoder | None = None) -> Check:
    """The check that reads what sentences mean, by networks on this machine; of a server's embedder nothing is asked.

    That would cost a request for each sentence. What reads statements is loaded when the first is read.
    """
    reader = reader or CrossEncoder(manifest=STATEMENTS)
    return partial(check, embed=embedder.documents if embedder.word_space else None, bears=reader.bears)


class Verifier:
    """Holds sentences against a library. It owns nothing, and lives for the texts of one call.

    `titles` gives the titles within a key, in the order of the library; `whole` a paper by its id; `named` the ids of
    papers by name.
    """

    def __init__(
        self,
        titles: Callable[[str], Sequence[tuple[str, str]]],
        *,
        whole: Callable[[str], Paper | None],
        named: Callable[[str], Sequence[str]],
        check: Check,
        where: str = "the library",
    ) -> None:
        self._whole = whole
        self._named = named
        self._check = check
        self._where = where
        self._titles = titles

    def find(self, reference: str) -> Paper | None:
        """The one paper that a reference means: by id, title or name, or by a title within it; else None."""
        reference = reference.strip()
        if (paper := self._whole(reference)) is not None:
            return paper
        found = self._named(reference)
        if len(found) != 1:
            key = title_key(shown(reference))
            within = [one for one in self._titles(key) if len(one[0]) >= _LEAST_TITLE]
            found = [paper_id for _, paper_id in sorted(within, key=lambda one: -len(one[0]))[:1]]
        return self._whole(found[0]) if found else None

    def sentence(self, text: str, cited: Sequence[str]) -> Verified:
        """The verdict on a sentence that cites these papers, by id, title or name.

        Raises:
            SourceError: it is blank.
        """
        if not text.strip():
            raise SourceError(_NO_SENTENCE)
        found = {reference: self.find(reference) for reference in cited}
        papers = list({paper.id: paper for paper in found.values() if paper is not None}.values())
        missing = tuple(f"no paper of {self._where} is {name!r}" for name, paper in found.items() if paper is None)
        if missing and not papers:
            return Verified(text, tuple(cited), "unsupported", missing)
        return verified(text, cited, papers, missing, check=self._check)

    def text(self, text: str) -> tuple[Verified, ...]:
        """The verdict on each sentence of a Markdown or plain text, or of answers that were saved as JSON.

        Raises:
            SourceError: there is no sentence in it.
        """
        if saved := _saved(text):
            found = [one for answer in saved for one in self._answer(answer)]
        else:
            cited = cited_sentences(text, self.find)
            with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # reading is nearly all of it
                found = list(pool.map(lambda one: self.sentence(one.sentence, one.references), cited))
        if not found:
            raise SourceError(_NO_SENTENCE)
        return tuple(found)

    def _answer(self, answer: Mapping[str, Any]) -> Iterator[Verified]:
        citations = {citation.get("number"): citation for citation in answer.get("citations") or ()}
        for statement in answer["statements"]:
            cited = [citations[n] for n in statement.get("citations") or () if n in citations]
            gone = tuple(reason for citation in cited if (reason := self._gone(citation)))
            fields = [(str(c["field"]), str(c["quote"])) for c in cited if c.get("field")]
            verified = self.sentence(str(statement["text"]), [str(citation["paper_id"]) for citation in cited])
            if fields and len(fields) == len(cited):
                verdict, reasons = check_fields(verified.sentence, fields)
                verified = replace(verified, verdict=verdict, reasons=reasons, quote=fields[0][1], start=0, end=0)
            yield replace(verified, verdict="unsupported", reasons=(*gone, *verified.reasons)) if gone else verified

    def _gone(self, citation: Mapping[str, Any]) -> str:
        """Why a quote does not stand any longer, or "" if it does."""
        mark, quote, field = f"[{citation.get('number')}]", str(citation.get("quote")), citation.get("field")
        paper = self._whole(str(citation.get("paper_id")))
        if paper is None:
            return f"the paper of {mark} is not in the library any longer: {citation.get('title')}"
        if field:
            now = value(paper, str(field))
            if now is None:
                return f"the {field} of {mark} is not in the library any longer: {quote}"
            said = ", ".join(map(str, now)) if isinstance(now, tuple) else str(now)
            return "" if said == quote else f"the {field} of {mark} is {said} now, and not {quote}"
        start, end = citation.get("start"), citation.get("end")
        stands = isinstance(start, int) and isinstance(end, int) and paper.abstract[start:end] == quote
        if stands or quote in paper.abstract:
            return ""
        return f"the quote of {mark} does not stand in “{shown(paper.title)}” any longer: “{shown(quote)}”"


def titles_of(papers: Sequence[Paper]) -> Callable[[str], Sequence[tuple[str, str]]]:
    """What gives, for a key, the keys of the titles of these papers that stand in it, each with the paper's id."""
    titles = [(title_key(paper.title), paper.id) for paper in papers if paper.title]
    return lambda key: [one for one in titles if one[0] in key]


def verified(
    text: str, cited: Sequence[str], papers: Sequence[Paper], missing: Sequence[str] = (), *, check: Check
) -> Verified:
    """The verdict on a sentence against papers; `missing` says what it cites beside them that is not there."""
    found = check(text, papers)
    # What a paper that is not there says cannot be known: the sentence is no more than half proved.
    verdict: Verdict = "weak" if missing and found.verdict == "supported" else found.verdict
    paper = found.paper
    quote = paper.abstract[found.start : found.end] if paper else ""
    reasons = (*missing, *found.reasons)
    return Verified(
        text, tuple(cited), verdict, reasons, paper, quote, found.start, found.end, found.contradicted,
        found.probability,
    )  # fmt: skip


def cited_sentences(text: str, find: Callable[[str], Paper | None]) -> list[Cited]:
    """The sentences of a Markdown or plain text with what they cite: `[1]`, `[title]` or `[id]`.

    Headings, code and the list of references are no sentences. What stands in brackets and is no paper is a citation
    that nobody can follow if it looks like one: a title at the end of a clause.
    """
    body, listed = parts_of(text)
    references: dict[int, str] = dict(listed)
    found = []
    for paragraph in body:
        for raw in sentences_with_marks(_numbered(_by_key(paragraph, references), references, find)):
            numbers = [int(n) for mark in _MARK.findall(raw) for n in _range(mark)]
            plain = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_MARK.sub("", raw).split()))
            cited = [references.get(n, f"[{n}]") for n in dict.fromkeys(numbers)]
            found.append(Cited(plain.removeprefix("- "), tuple(cited)))
    return found


def _by_key(paragraph: str, references: dict[int, str]) -> str:
    """The paragraph with a number in place of every `[@key; @key]` of Pandoc and `\\cite{key,key}` of LaTeX."""

    def marks(keys: Sequence[str]) -> str:
        return "".join(f"[{_new_number(key, references)}]" for key in keys)

    paragraph = _CITE.sub(lambda match: " " + marks(re.split(r"[ ,]+", match[1].strip(" ,"))), paragraph)
    return _PANDOC.sub(lambda match: marks(_KEY.findall(match[0])), paragraph)


def _new_number(reference: str, references: dict[int, str]) -> int:
    """The number that stands for what is cited in words, a new one where it has none yet."""
    known = next((n for n, other in references.items() if other == reference and n >= _NEW), None)
    number = known or _NEW + len(references)
    references[number] = reference
    return number


def _numbered(paragraph: str, references: dict[int, str], find: Callable[[str], Paper | None]) -> str:
    """The paragraph with a number in place of every citation by title or id."""

    def mark(match: re.Match[str]) -> str:
        inside = match.group(1).strip()
        if _MARK.fullmatch(f"[{inside}]"):
            return f"[{inside}]"
        if inside.startswith("^"):
            return f"[{inside[1:]}]" if inside[1:].isdigit() else ""
        several = [part.strip() for part in inside.split(";")]
        known = several if all(find(part) for part in several) else [inside]
        after = paragraph[match.end() :]
        looks = len(inside.split()) >= 3 or re.fullmatch(r"(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+){2,}", inside)
        if find(known[0]) is None and not (looks and re.match(r"\s*(?:[.,;:!?)]|\[|$)", after)):
            return f"({inside})" if not match.group().endswith(")") else inside
        return "".join(f"[{_new_number(part, references)}]" for part in known)

    return _FORMAT.sub("", _BRACKET.sub(mark, paragraph))


def _range(mark: str) -> Iterator[str]:
    for part in re.split(r"\s*[,;]\s*", mark):
        first, _, last = (piece.strip() for piece in re.sub("–", "-", part).partition("-"))
        yield from map(str, range(int(first), min(int(last), int(first) + 40) + 1)) if last else (first,)


def parts_of(text: str) -> tuple[list[str], dict[int, str]]:
    """The paragraphs of a text, each on one line, and its numbered references."""
    # What opens behind the last end of a comment is never closed, and would be sought again and again.
    head, end, tail = text.rpartition("-->")
    text = _without_code(re.sub(r"<!--.*?-->", " ", head + end, flags=re.DOTALL) + tail)
    paragraphs: list[str] = [""]
    listed: dict[int, str] = {}
    in_references = False
    for line in text.splitlines():
        line = _QUOTED_LINE.sub("", line)
        entry = _LISTED.match(line)
        if _REFERENCES.match(line):
            in_references = True
        elif _HEADING.match(line):
            in_references = False
            paragraphs.append("")
        elif entry and (in_references or (entry[1] and not paragraphs[-1])):
            listed[int(entry[1] or entry[2])] = entry[3].strip()
        elif not line.strip() or line.lstrip().startswith("|"):
            paragraphs.append("")
        elif in_references:
            continue  # the second line of a reference
        elif bullet := _BULLET.match(line):
            paragraphs.append(line[bullet.end() :].strip())
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line.strip()}".strip()
    return [paragraph for paragraph in paragraphs if paragraph], listed


def _without_code(text: str) -> str:
    """The text without what stands between fences; a fence that nothing closes is none."""
    lines = text.split("\n")
    last = {line.rstrip(): n for n, line in enumerate(lines) if line.rstrip() in _FENCES}
    kept, fence = [], ""
    for n, line in enumerate(lines):
        if fence:
            fence = "" if line.rstrip() == fence else fence
        elif line[:3] in _FENCES and last.get(line[:3], 0) > n:
            fence = line[:3]
        else:
            kept.append(line)
    return "\n".join(kept)


def _saved(text: str) -> list[Mapping[str, Any]]:
    """The answers in a text that is the output of `ask --json` or `ask --batch`; none if it is anything else."""
    if not text.lstrip().startswith("{"):
        return []
    try:
        rows = [json.loads(text)]
    except (ValueError, RecursionError):
        try:
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return []
    return [
        row for row in rows
        if isinstance(row, dict) and isinstance(row.get("statements"), list)
        and all(isinstance(one, dict) and "text" in one for one in row["statements"])
        and all(isinstance(one, dict) and "paper_id" in one for one in row.get("citations") or ())
    ]  # fmt: skip
