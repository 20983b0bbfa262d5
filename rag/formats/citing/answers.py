"""An answer as Markdown whose marks live on in other programs: footnotes, Pandoc's citations, those of a style."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from rag.errors import SettingsError
from rag.formats.citing.references import REFERENCE_FORMATS, cited, items_of, keys_of
from rag.formats.citing.styles import Style, style_path
from rag.formats.csl_item import one_line, plain_url
from rag.model import Answer, Citation, Paper, retraction_mark

ANSWER_FORMATS = ("footnotes", "pandoc", *REFERENCE_FORMATS)
"""The formats of `answer_as`: two of Markdown, and the references alone of the papers that are cited."""

_TEXTS = ("title", "container-title", "publisher")
_MARKS = re.compile(r"(?:\s?\[\d+\])+")
# An @ or a $ in the middle of a word means nothing to Pandoc or Obsidian.
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~^]|(?<!\w)[@$]|\$(?!\w)")


def check_form(form: str | None, style: str | None) -> None:
    """Raise what `answer_as` would, before there is an answer."""
    if style is not None:
        style_path(style)
    elif form not in ANSWER_FORMATS:
        raise SettingsError(f"{form!r} is no format of answers; there are {', '.join(ANSWER_FORMATS)}.")


def answer_as(answer: Answer, form: str | None = None, *, style: str | None = None) -> str:
    """The answer in one of `ANSWER_FORMATS`, or as Markdown with the marks and the references of a citation style.

    "footnotes" has the exact words in footnotes (`[^1]`), as Obsidian and GitHub read them; "pandoc" has `[@key]` and
    the references in a block of metadata at the end, so that `pandoc --citeproc` needs no other file. An abstention
    names the nearest papers in the same way.

    Raises:
        SettingsError: there is no such format or style.
        FootnoteError: the packages of the extra `styles` are not installed.
    """
    every = [*(one.paper for one in answer.citations), *(near.paper for near in answer.nearest)]
    papers = list({paper.id: paper for paper in every}.values())
    if style is not None:
        used = Style(style, papers)
        references = "\n".join(f"- {_plain(line)}" for line in used.references())
        return _markdown(answer, lambda found: " " + _plain(used.mark(_papers(found)))) + f"\n{references}\n"
    match form:
        case "footnotes":
            text = _markdown(answer, lambda found: "".join(f"[^{one.number}]" for one in found))
            return text + "".join(f"\n[^{one.number}]: {_footnote(one)}\n" for one in answer.citations)
        case "pandoc":
            keys = keys_of(papers)
            text = _markdown(answer, lambda found: f" [{'; '.join('@' + keys[one.id] for one in _papers(found))}]")
            # Texts in a block of metadata are Markdown to Pandoc.
            lines = []
            for item in items_of(papers):
                item |= {name: _plain(item[name]) for name in _TEXTS if name in item}
                lines.append(f"- {json.dumps(item, ensure_ascii=False)}\n")
            return text + "\n---\nreferences:\n" + "".join(lines) + "---\n"
    check_form(form, style)
    return cited(_papers(answer.citations), str(form))


def _markdown(answer: Answer, mark: Callable[[Sequence[Citation]], str]) -> str:
    """Question and text, each run of marks written by `mark`, and for an abstention the nearest papers."""
    by_number = {str(one.number): one for one in answer.citations}
    text, at = "", 0
    for run in _MARKS.finditer(answer.text):
        found = [by_number[number] for number in re.findall(r"\d+", run[0]) if number in by_number]
        if found:
            text += _lines(answer.text[at : run.start()]) + mark(found)
            at = run.end()
    text += _lines(answer.text[at:])
    nearest = [f"- {_titled(near.paper)}\n" for near in answer.nearest] if answer.status == "abstained" else []
    tail = "\nNearest papers:\n\n" + "".join(nearest) if nearest else ""
    return f"**{_plain(answer.question)}**\n\n{text}\n{tail}"


def _lines(text: str) -> str:
    """The text escaped; a line that is an item of a list stays one, and what is struck through stays so."""
    return "".join(part if part == "~~" else _SPECIAL.sub(r"\\\g<0>", part) for part in re.split("(~~)", text))


def _footnote(citation: Citation) -> str:
    words = _plain(citation.quote)
    what = f"{citation.field}: {words}" if citation.field else f"“{words}”"
    digest = " (from a digest)" if citation.paper.abstract_kind == "digest" and not citation.field else ""
    url = plain_url(citation.paper)
    return f"{_titled(citation.paper)}: {what}{digest}" + (f" <{url}>" if url else "")


def _titled(paper: Paper) -> str:
    year = f" ({paper.published.year})" if paper.published else ""
    mark = f" **{retraction_mark(paper)}**" if paper.retraction else ""
    return f"{_plain(paper.title or f'untitled, {paper.id}')}{year}{mark}"


def _papers(citations: Sequence[Citation]) -> list[Paper]:
    return list({one.paper.id: one.paper for one in citations}.values())


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", one_line(text))
