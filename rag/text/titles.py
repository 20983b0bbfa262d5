"""Titles as keys that all their spellings share, and as readable ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container

from rag.model import Paper

_SLUG_LENGTH = 60

# What LaTeX leaves in a title around the letters that count: {\mu}-Bench, M^{2}UGen, \textit{In} context.
_LATEX_FONT = re.compile(r"\\(?:text|math)(?:bf|it|rm|sf|sc|tt|bb|cal|frak)?(?![a-zA-Z])|\\emph(?![a-zA-Z])")
_LATEX_MARKUP = re.compile(r"[\\^{}$]")
_GREEK_NAME = re.compile(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
_HASHED = re.compile(r"-[0-9a-f]{4,64}")


def title_key(title: str) -> str:
    """The letters and digits of the title, without case, Greek letters by name: equal for two spellings of a title.

    It is empty for a title without letters and digits.
    """
    return "".join(filter(str.isalnum, _plain(unicodedata.normalize("NFKC", title)).casefold()))


def slug(title: str) -> str:
    """A readable name in lower-case ASCII with hyphens, never empty: the same for the same title, always.

    It is cut at a word near 60 characters. Where letters cannot be spelled in ASCII a hash of the title stands for
    them; a title in Chinese is "paper-" and 8 hexadecimal digits.
    """
    plain = unicodedata.normalize("NFKD", _plain(unicodedata.normalize("NFKC", title))).lower()
    plain = re.sub(r"['’`]", "", plain)
    name = "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))
    if len(name) > _SLUG_LENGTH:
        name = name[: _SLUG_LENGTH + 1].rpartition("-")[0] or name[:_SLUG_LENGTH]
    if name and not any(c.isalpha() and not c.isascii() for c in plain):
        return name
    return f"{name or 'paper'}-{_hex(title_key(title) or title, 8)}"


def _plain(title: str) -> str:
    """The title without LaTeX markup, with Greek letters by name."""
    return _GREEK.sub(_greek_name, _LATEX_MARKUP.sub("", _LATEX_FONT.sub("", title)))


def _greek_name(letter: re.Match[str]) -> str:
    name = _GREEK_NAME.match(unicodedata.name(letter[0], ""))
    # Unicode spells it LAMDA.
    return name[1].lower().replace("lamda", "lambda") if name else letter[0]


def _hex(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def new_id(paper: Paper, taken: Container[str]) -> str:
    """An id for a paper without one that is not taken: its slug, or else the slug and a hash of the paper's text."""
    name = slug_of(paper)
    if name not in taken:
        return name
    # The title belongs to the hash because the slug may have cut off what tells two titles apart.
    digits = _hex(f"{title_key(paper.title)}\n{paper.abstract}", 64)
    length = next((n for n in range(4, 65) if f"{name}-{digits[:n]}" not in taken), 64)
    return f"{name}-{digits[:length]}"


def made_id(paper: Paper) -> bool:
    """True when the paper's id is one that `new_id` could have made for it, or for a record that it was merged from."""
    names = {slug_of(one) for one in (paper, *paper.copies)}
    return any(paper.id.startswith(name) and _HASHED.fullmatch(paper.id[len(name) :] or "-0000") for name in names)


def slug_of(paper: Paper) -> str:
    """The readable id of a paper, as long as no other has it: from its title, or from how its text begins."""
    return slug(paper.title or " ".join(paper.abstract.split()[:8]))
