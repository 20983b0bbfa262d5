"""From the LaTeX of a bibliography to the text that it prints."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from rag.sources.bibliographies.latex_symbols import SYMBOLS, UNITS
from rag.sources.fields.markup import lowered, raised, without_documents
from rag.text import formulas

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text

_SPECIAL = re.compile(r"[\\{}~$]|``|''|--|[?!]`")
_UNESCAPED = re.compile(r"(?<!\\)[%&]")
_DISPLAYED = re.compile(
    r"\\begin\{(equation|align|gather|displaymath|math|eqnarray)(\*?)\}\s*([^$]{1,2000}?)\s*\\end\{\1\2\}"
)
_OTHER_FORMULA = re.compile(
    r"(?<!\\)\\\(\s*(?P<round>(?:[^\\$]|\\[^()]){1,400}?)\s*\\\)"
    r"|(?<!\\)\\\[\s*(?P<square>(?:[^\\$]|\\[^\[\]]){1,400}?)\s*\\\]|(?<!\\)\$\$ ?(?P<double>[^$]{1,400}?) ?\$\$"
)
_OPENED = re.compile(r"\\[(\[]|\$\$")
_FORMULA = re.compile(r"(?<!\\)\$[^$]{1,400}\$")
_BREAK = re.compile(r"\n\s*\n")
_EMPTY_ACCENT = re.compile(r"\\([~^])\s*\{\s*\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?[ \t]*(?:\{\})?|\\(.)")
_BARE = re.compile(
    r"(?<![\\$])\$\s*(?:(?P<sign>\\[A-Za-z]+|[<>|~=±−+-])|(?P<place>[\^_])\{?(?:\\(?:text|math)(?:rm)?\{)?(?P<figures>[-−+]?[0-9]+[-−+]?|\\circ|st|nd|rd|th)\}{0,2})\s*\$(?!\$)"
)
_QUOTED = re.compile(r"(?<!\w)`([^`'\n]{1,200})'(?!\w)")
_OPTION = re.compile(r"\\([A-Za-z]+)\*?\[[^\[\]{}]{0,200}\](?=\s*\{)")
_SEVERAL = re.compile(r"\\([A-Za-z]+)\*?\s*\{([^{}]*)\}(?=\{)")
_LENGTH = re.compile(r"!|-?[\d.]+\s?(?:pt|em|ex|cm|mm|in|bp|sp)|[\d.]*\\(?:text|line|column)width")
_ENSURED = re.compile(r"\\ensuremath\s*\{((?:[^{}$]|\{[^{}$]*\}){1,400})\}")
_POWER = re.compile(r"(?<=\d)[eE]([+-]?\d+)\b")
_WHOLE = re.compile(r"\\(?:begin|verb)\b")
_SIGN = re.compile(r"(?<![\\$])\$\s*\\([$%&#_])\s*\$(?!\$)")  # a sign that was written as a formula
_DOLLAR = re.compile(r"(?<!\\)\$")
_ESCAPED = re.compile(r"\\.")
_TAKES_NEXT = re.compile(r"\\(?:[A-Za-z]+\*?|.)?$")
_SYMBOL = re.compile(r"\\(text[a-z]+)(?:\{\}|[ \t]+)?")
_ADDRESS = re.compile(r"\\url\s*\{[^{}]*\}")
_LONGEST = 110_000  # characters; a field of more is refused afterwards anyway


def printed(text: str) -> str:
    """The text as it prints: accents and escapes as characters, braces gone, paragraphs after an empty line.

    Formulas stay as they are written, as they do in all abstracts: `rag.text` reads them where text is shown. A bare
    percent sign is one here, since BibTeX knows no comments, a bare ampersand too, and dollars that hold no formula are
    dollars. A command that is not known keeps its argument. What cannot be read as LaTeX stays, without its braces.
    """
    if "\n" not in text:
        return _decoded(" ".join(text.split()))
    paragraphs = (" ".join(paragraph.split()) for paragraph in _BREAK.split(text))
    return "\n\n".join(_decoded(paragraph) for paragraph in paragraphs if paragraph).strip()


def address(text: str) -> str:
    """The address in a field: without `\\url` and the escapes that some programs put into one."""
    text = re.sub(r"^\s*\\(?:url|href)\s*\{([^{}]*)\}.*", r"\1", text, flags=re.DOTALL)
    text = _SYMBOL.sub(lambda sign: SYMBOLS.get(sign[1], sign[0]), text) if "\\text" in text else text
    return re.sub(r"\\([%#_&~$])(?:\{\})?|[{}]", lambda found: found[1] or "", text).strip()


def _decoded(text: str) -> str:
    if not _SPECIAL.search(text) or len(text) > _LONGEST:
        return text
    source = _EMPTY_ACCENT.sub(lambda mark: r"\textasciitilde{}" if mark[1] == "~" else r"\textasciicircum{}", text)
    source = _SIGN.sub(r"\\\1", without_documents(source))
    if _OPENED.search(source):
        source = _OTHER_FORMULA.sub(lambda one: f"${one['round'] or one['square'] or one['double']}$", source)
    source = source.replace("/~", "/\\textasciitilde{}")  # of an address, where no blank is meant
    if "\\" in source:
        source = _ADDRESS.sub(lambda one: one[0].replace("~", "\\textasciitilde "), source)
        source = _with_plain_arguments(_DISPLAYED.sub(r"$\3$", source))
    if "\\ensuremath" in source:
        source = _ENSURED.sub(r"$\1$", _FORMULA.sub(lambda one: one[0].replace("\\ensuremath", ""), source))
    if "$" in source:
        source = _with_money_escaped(_BARE.sub(_bare, source))
    if "%" in source or "&" in source:
        source = _UNESCAPED.sub(r"\\\g<0>", source)
    text = " ".join(_read(piece) if special else piece for piece, special in _pieces(source))
    text = " ".join(text.replace("\xad", "").split())
    return _QUOTED.sub(r"‘\1’", text) if "`" in text else text


def _read(source: str) -> str:
    try:
        return str(_decoder().latex_to_text(source))
    except Exception:  # the decoder promises none, and has many: RecursionError, IndexError, its own
        return _by_commands(source)


def _pieces(source: str) -> Iterator[tuple[str, bool]]:
    """The words in order, those that LaTeX joins as one piece, with True where there is something to read in it.

    The decoder goes through a text character by character, which takes nearly all of the time of a bibliography.
    """
    if _WHOLE.search(source):
        yield source, True
        return
    words = source.split(" ")
    piece: list[str] = []
    depth = dollars = 0
    for word, following in zip(words, [*words[1:], ""], strict=True):
        special = not word.isalnum() and _SPECIAL.search(word)
        if not special and not piece:
            yield word, False
            continue
        piece.append(word)
        if special:
            bare = _ESCAPED.sub("", word)
            depth += bare.count("{") - bare.count("}")
            dollars += bare.count("$")
        if depth <= 0 and dollars % 2 == 0 and not following.startswith(("{", "[")) and not _TAKES_NEXT.search(word):
            yield " ".join(piece), True
            piece, depth = [], 0
    if piece:
        yield " ".join(piece), True


def _bare(formula: re.Match[str]) -> str:
    """A formula of one sign or one power as the text that it is: "$\\mu$", "$<$", "$^{6}$"."""
    if formula["sign"]:
        return "{" + formula["sign"].replace("-", "−") + "}"
    if formula["figures"] == r"\circ":
        return "°"
    return (raised if formula["place"] == "^" else lowered)(formula["figures"])


def _with_plain_arguments(source: str) -> str:
    """The source without the options of commands that are not known, and a blank between two of their arguments.

    What only says how large something is prints nothing; two arguments that touch would be read as one: `\\x{1}{2}`.
    """

    def apart(found: re.Match[str]) -> str:
        if _known(found[1]):
            return found[0]
        return f"\\{found[1]}" if _LENGTH.fullmatch(found[2]) else f"{found[0]} "

    source = _OPTION.sub(lambda found: found[0] if _known(found[1], option=True) else f"\\{found[1]}", source)
    for _ in range(3):
        source = _SEVERAL.sub(apart, source)
    return source


def _known(command: str, *, option: bool = False) -> bool:
    """True for a command whose arguments are known, with `option` also those in square brackets."""
    from pylatexenc.latex2text import get_default_latex_context_db

    if command in _COMMANDS:
        return not option or "[" in _COMMANDS[command][0]
    return command in SYMBOLS or get_default_latex_context_db().get_macro_spec(command) is not None


def _with_money_escaped(text: str) -> str:
    """The text with a backslash before each dollar that neither opens nor closes a formula."""
    marks = {at for start, end in formulas(text) for at in (start, end - 1)}
    marks |= {at for found in re.finditer(r"\$\$", text) for at in (found.start(), found.start() + 1)}
    return _DOLLAR.sub(lambda dollar: "$" if dollar.start() in marks else "\\$", text)


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
    macros += [MacroTextSpec("xspace", simplify_repl=lambda node: node.macro_post_space)]  # it keeps the blank
    macros += [MacroTextSpec(name, simplify_repl=_with(printer)) for name, (_, printer) in _COMMANDS.items()]
    context.add_context_category("footnote", prepend=True, macros=macros)
    context.set_unknown_macro_spec(MacroTextSpec("", simplify_repl=_unknown))
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


def _unknown(node: Any, l2tobj: Any) -> str:
    """Nothing where an argument follows, which prints; else the name: of a paper's own commands it is what they say."""
    if node.nodeargd is not None and node.nodeargd.argnlist:
        return str(l2tobj.nodelist_to_text(node.nodeargd.argnlist))
    following = node.parsing_state.s[node.pos + node.len :]
    if not node.macroname.isalpha() or re.match(r"\s*\{(?!\})", following):
        return ""
    return f"{node.macroname}{node.macro_post_space}"


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
    return re.sub(r"\^(-?\d+)", lambda power: raised(power[1]), text.strip().replace(".", " "))


def _number(text: str) -> str:
    """The number, a power of ten as such: "5.3e-3" as "5.3×10⁻³"."""
    return _POWER.sub(lambda power: f"×10{raised(power[1].lstrip('+'))}", text.strip())


def _chemistry(text: str) -> str:
    """The formula of a substance with its figures below and its charges above the line."""
    text = re.sub(r"\^(\d*[+-]|\d+)", lambda charge: raised(charge[1]), text)
    return re.sub(r"(?<=[A-Za-z)\]])\d+", lambda count: lowered(count[0]), text)


_COMMANDS: dict[str, tuple[str, Any]] = {
    "textsuperscript": ("{", raised),
    "textsubscript": ("{", lowered),
    "sp": ("{", raised),
    "sb": ("{", lowered),
    **{name: ("[{{", lambda _, number, unit: f"{_number(number)} {_in_units(unit)}") for name in ("SI", "qty")},
    **{name: ("[{", lambda _, unit: _in_units(unit)) for name in ("si", "unit")},
    "num": ("[{", lambda _, number: _number(number)),
    "ce": ("{", _chemistry),
    **{name: ("[{{{", lambda _, low, high, unit: f"{_number(low)} to {_number(high)} {_in_units(unit)}")
       for name in ("SIrange", "qtyrange")},
    "numrange": ("[{{", lambda _, low, high: f"{_number(low)} to {_number(high)}"),
    "ang": ("[{", lambda _, angle: f"{angle}°"),
    "href": ("{{", lambda _, text: text),
    "url": ("{", lambda text: text),
    "textcolor": ("[{{", lambda _, __, text: text),
    "color": ("[{", lambda _, __: ""),
    "raisebox": ("{[[{", lambda _, __, ___, text: text),
    "colorbox": ("[{{", lambda _, __, text: text),
    "footnote": ("[{", lambda _, text: f" ({text})"),
    "textcommabelow": ("{", lambda text: normalize("NFC", f"{text}\u0326")),
    "texorpdfstring": ("{{", lambda _, text: text),
    "label": ("{", lambda _: ""),
    **{name: ("*{", lambda _, __: " ") for name in ("vspace", "hspace")},
    "acs": ("{", lambda text: text.upper()),
    **{name: ("*[[{", lambda *_: "") for name in "cite citep citet citealp ref eqref selectlanguage".split()},
    **{name: ("{{", lambda above, below: f"{above}/{below}") for name in "frac tfrac dfrac sfrac flatfrac".split()},
    **{name: ("{{", lambda _, text: text) for name in "foreignlanguage rotatebox scalebox".split()},
    **{name: ("{", lambda text: f"“{text}”") for name in "enquote say".split()},
    **{name: ("{", lambda _: "") for name in "noopsort thanks footnotemark inst phantom hphantom vphantom".split()},
    "hyperref": ("[{", lambda _, text: text),
    "sqrt": ("[{", lambda degree, text: f"{raised(degree)}√{text}"),
    **{name: ("{", lambda text: text) for name in
       "mbox hbox fbox makebox textsf textup textmd textrm textnormal textsl textsc texttt textbf textit emph underline"
       " uline text textlf textsw textin relax boldmath mathsf mathtt boldsymbol bm uppercase lowercase MakeUppercase"
       " MakeLowercase so ul hl acrshort ac acl textls bibstring NoCaseChange mathrm mathbf mathit"
       " mathcal".split()},
}  # fmt: skip
SYMBOLS = {**UNITS, **SYMBOLS}
