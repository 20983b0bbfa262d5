"""From the LaTeX of a bibliography to the text that it prints."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_SPECIAL = re.compile(r"[\\{}~$]|``|''|--")
_PERCENT = re.compile(r"(?<!\\)%")
_BREAK = re.compile(r"\n\s*\n")
_LONGEST = 110_000  # characters; a field of more is refused afterwards anyway


def printed(text: str) -> str:
    """The text as it prints: accents and escapes as characters, braces gone, paragraphs after an empty line.

    Formulas stay as they are written, as they do in all abstracts: `rag.text` reads them where text is shown. A bare
    percent sign is one here, since BibTeX knows no comments. What cannot be read as LaTeX stays, without its braces.
    """
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BREAK.split(text))
    return "\n\n".join(_decoded(paragraph) for paragraph in paragraphs if paragraph).strip()


def address(text: str) -> str:
    """The address in a field: without `\\url` and the escapes that some programs put into one."""
    text = re.sub(r"^\s*\\(?:url|href)\s*\{([^{}]*)\}.*", r"\1", text, flags=re.DOTALL)
    return re.sub(r"\\([%#_&~$])(?:\{\})?|[{}]", lambda found: found[1] or "", text).strip()


def _decoded(text: str) -> str:
    if not _SPECIAL.search(text) or len(text) > _LONGEST:
        return text
    try:
        decoded: str = _decoder().latex_to_text(_PERCENT.sub(r"\\%", text))
    except Exception:  # the decoder promises none, and has many: RecursionError, IndexError, its own
        return re.sub(r"[{}]", "", text)
    return decoded.replace("\xa0", " ")


@cache
def _decoder() -> LatexNodes2Text:
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # a line for each odd macro is no news to the user
    context = get_default_latex_context_db()
    context.add_context_category("footnote", prepend=True, macros=[MacroTextSpec("url", simplify_repl="%s")])
    return LatexNodes2Text(latex_context=context, math_mode="verbatim", keep_comments=True)
