"""From the LaTeX of a bibliography to the text that it prints."""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from rag.sources.bibliographies.latex_symbols import SYMBOLS, UNITS
from rag.sources.fields.markup import lowered, raised
from rag.text import formulas

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_SPECIAL = re.compile(r"[\\{}~$]|``|''|--")
_UNESCAPED = re.compile(r"(?<!\\)[%&]")
_ROUND = re.compile(r"(?<!\\)\\\(\s*((?:[^\\$]|\\[^()]){1,400}?)\s*\\\)")
_BREAK = re.compile(r"\n\s*\n")
_EMPTY_ACCENT = re.compile(r"\\([~^])\s*\{\s*\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?[ \t]*(?:\{\})?|\\(.)")
_BARE = re.compile(
    r"(?<![\\$])\$\s*(?:(?P<sign>\\[A-Za-z]+|[<>|~=±−+-])|(?P<place>[\^_])\{?(?:\\(?:text|math)(?:rm)?\{)?(?P<figures>[-−+]?[0-9]+)\}{0,2})\s*\$(?!\$)"
)
_QUOTED = re.compile(r"(?<!\w)`([^`'\n]{1,200})'(?!\w)")
_LONGEST = 110_000  # characters; a field of more is refused afterwards anyway


def printed(text: str) -> str:
    """The text as it prints: accents and escapes as characters, braces gone, paragraphs after an empty line.

    Formulas stay as they are written, as they do in all abstracts: `rag.text` reads them where text is shown. A bare
    percent sign is one here, since BibTeX knows no comments, a bare ampersand too, and dollars that hold no formula are
    dollars. A command that is not known keeps its argument. What cannot be read as LaTeX stays, without its braces.
    """
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BREAK.split(text))
    return "\n\n".join(_decoded(paragraph) for paragraph in paragraphs if paragraph).strip()


def address(text: str) -> str:
    """The address in a field: without `\\url` and the escapes that some programs put into one."""
    text = re.sub(r"^\s*\\(?:url|href)\s*\{([^{}]*)\}.*", r"\1", text, flags=re.DOTALL)
    text = text.replace(r"\textasciitilde", "~")
    return re.sub(r"\\([%#_&~$])(?:\{\})?|[{}]", lambda found: found[1] or "", text).strip()


def _decoded(text: str) -> str:
    if not _SPECIAL.search(text) or len(text) > _LONGEST:
        return text
    source = _EMPTY_ACCENT.sub(lambda mark: r"\textasciitilde{}" if mark[1] == "~" else r"\textasciicircum{}", text)
    source = _ROUND.sub(r"$\1$", source)
    if "$" in source:
        source = _with_money_escaped(_BARE.sub(_bare, source))
    try:
        decoded: str = _decoder().latex_to_text(_UNESCAPED.sub(r"\\\g<0>", source))
    except Exception:  # the decoder promises none, and has many: RecursionError, IndexError, its own
        return _by_commands(text)
    return _QUOTED.sub(r"‘\1’", decoded.replace("\xa0", " ").replace("\xad", ""))


def _bare(formula: re.Match[str]) -> str:
    """A formula of one sign or one power as the text that it is: "$\\mu$", "$<$", "$^{6}$"."""
    if formula["sign"]:
        return "{" + formula["sign"].replace("-", "−") + "}"
    return (raised if formula["place"] == "^" else lowered)(formula["figures"])


def _with_money_escaped(text: str) -> str:
    """The text with a backslash before each dollar that neither opens nor closes a formula."""
    marks = {at for start, end in formulas(text) for at in (start, end - 1)}
    marks |= {at for found in re.finditer(r"\$\$", text) for at in (found.start(), found.start() + 1)}
    return "".join(
        "\\$" if mark == "$" and at not in marks and (at == 0 or text[at - 1] != "\\") else mark
        for at, mark in enumerate(text)
    )


def _by_commands(text: str) -> str:
    """What can be read one command at a time: an odd one does not spoil the field."""

    def one(found: re.Match[str]) -> str:
        if found[2] is not None:
            return str(found[2]) if not found[2].isalnum() else ""
        return SYMBOLS.get(found[1], "")

    return re.sub(r"[{}]", "", _COMMAND.sub(one, text))


@cache
def _decoder() -> LatexNodes2Text:
    from pylatexenc.latex2text import (
        EnvironmentTextSpec,
        LatexNodes2Text,
        MacroTextSpec,
        get_default_latex_context_db,
    )
    from pylatexenc.latexwalker import LatexWalker
    from pylatexenc.latexwalker import get_default_latex_context_db as default_walker
    from pylatexenc.macrospec import std_macro

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # a line for each odd macro is no news to the user
    context = get_default_latex_context_db()
    arguments = {name: spec for name, (spec, _) in _COMMANDS.items()}
    macros = [MacroTextSpec(name, simplify_repl=text) for name, text in SYMBOLS.items()]
    macros += [MacroTextSpec(name, simplify_repl=_with(printer)) for name, (_, printer) in _COMMANDS.items()]
    context.add_context_category("footnote", prepend=True, macros=macros)
    context.set_unknown_macro_spec(MacroTextSpec("", discard=False))
    context.set_unknown_environment_spec(EnvironmentTextSpec("", discard=False))
    walker = default_walker()
    known = [std_macro(name, spec) for name, spec in {**dict.fromkeys(SYMBOLS, ""), **arguments}.items()]
    walker.add_context_category("footnote", prepend=True, macros=known)

    class Decoder(LatexNodes2Text):  # type: ignore[misc]
        """The decoder of the library, with the commands of bibliographies."""

        def latex_to_text(self, latex: str, **parse_flags: Any) -> str:
            """The text that the LaTeX prints."""
            nodes, _, _ = LatexWalker(
                latex, latex_context=walker, tolerant_parsing=True, **parse_flags
            ).get_latex_nodes()
            return str(self.nodelist_to_text(nodes))

    return Decoder(latex_context=context, math_mode="verbatim", keep_comments=True)


def _with(printer: Any) -> Any:
    """The printer of a command, called with the texts of its arguments."""

    def replaced(node: Any, l2tobj: Any) -> str:
        given = node.nodeargd.argnlist if node.nodeargd is not None and node.nodeargd.argnlist else []
        return str(printer(*("" if one is None else _argument(one, l2tobj) for one in given)))

    return replaced


def _argument(node: Any, decoder: Any) -> str:
    # The text of a group is that of what it holds.
    inside = node.nodelist if hasattr(node, "nodelist") else [node]
    return str(decoder.nodelist_to_text(inside))


def _in_units(text: str) -> str:
    r"""Units as symbols, from their names ("\micro\joule" is already "μJ") or as they are written ("m.s^{-1}")."""
    return text.strip().replace(".", " ")


_COMMANDS: dict[str, tuple[str, Any]] = {
    "textsuperscript": ("{", raised),
    "textsubscript": ("{", lowered),
    "sp": ("{", raised),
    "sb": ("{", lowered),
    "SI": ("[{{", lambda _, number, unit: f"{number} {_in_units(unit)}"),
    "qty": ("[{{", lambda _, number, unit: f"{number} {_in_units(unit)}"),
    "si": ("[{", lambda _, unit: _in_units(unit)),
    "unit": ("[{", lambda _, unit: _in_units(unit)),
    "num": ("[{", lambda _, number: number),
    "SIrange": ("[{{{", lambda _, low, high, unit: f"{low} to {high} {_in_units(unit)}"),
    "numrange": ("[{{", lambda _, low, high: f"{low} to {high}"),
    "ang": ("[{", lambda _, angle: f"{angle}°"),
    "href": ("{{", lambda _, text: text),
    "url": ("{", lambda text: text),
    "textcolor": ("[{{", lambda _, __, text: text),
    "color": ("[{", lambda _, __: ""),
    "colorbox": ("[{{", lambda _, __, text: text),
    "footnote": ("[{", lambda _, text: f" ({text})"),
    "ensuremath": ("{", lambda text: text),
    "NoCaseChange": ("{", lambda text: text),
    "mathrm": ("{", lambda text: text),
    "mathbf": ("{", lambda text: text),
    "mathit": ("{", lambda text: text),
    "mathcal": ("{", lambda text: text),
    "texorpdfstring": ("{{", lambda _, text: text),
    "label": ("{", lambda _: ""),
    "vspace": ("*{", lambda _, __: " "),
    "hspace": ("*{", lambda _, __: " "),
    "acs": ("{", lambda text: text.upper()),
    **{name: ("*[[{", lambda *_: "") for name in "cite citep citet citealp ref eqref".split()},
    "frac": ("{{", lambda above, below: f"{above}/{below}"),
    "sqrt": ("[{", lambda _, text: f"√{text}"),
    **{name: ("{", lambda text: text) for name in
       "mbox hbox fbox makebox textsf textup textmd textrm textnormal textsl textsc texttt textbf textit emph underline"
       " uline text textlf textsw textin relax boldmath mathsf mathtt boldsymbol bm uppercase lowercase MakeUppercase"
       " MakeLowercase so ul hl acrshort ac acl textls bibstring".split()},
}  # fmt: skip
SYMBOLS = {**UNITS, **SYMBOLS}
