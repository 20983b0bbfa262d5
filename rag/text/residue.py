"""What is left of LaTeX in an abstract, as the characters that it prints; formulas are told apart elsewhere."""

from __future__ import annotations

import re
import unicodedata

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
LETTER_OF = {name: letter for letter, name in GREEK.items()}
"""Greek letters by their names, as LaTeX has them too."""

SYMBOL_OF = {
    "times": "×", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "sim": "~", "approx": "≈", "pm": "±", "to": "→",
    "rightarrow": "→", "cdot": "·", "infty": "∞", "ldots": "…", "dots": "…", "leqslant": "≤", "geqslant": "≥",
    "lt": "<", "gt": ">", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫", "simeq": "≃", "equiv": "≡", "propto": "∝",
    "lesssim": "≲", "gtrsim": "≳", "mp": "∓", "div": "÷", "cdots": "…", "in": "∈", "circ": "°", "degree": "°",
    "textdegree": "°", "textless": "<", "textgreater": ">", "textbar": "|", "textendash": "–", "textemdash": "—",
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”",
    "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "textmu": "μ", "textpm": "±",
    "texttimes": "×", "pounds": "£", "textsterling": "£", "euro": "€", "texteuro": "€", "textdollar": "$",
    "langle": "⟨", "rangle": "⟩", "odot": "☉", "ell": "ℓ", "hbar": "ℏ", "nabla": "∇", "partial": "∂", "subset": "⊂",
    "subseteq": "⊆", "notin": "∉", "cup": "∪", "cap": "∩", "sum": "∑", "prod": "∏", "int": "∫", "star": "⋆", "ast": "*",
    "prime": "′", "dagger": "†", "otimes": "⊗", "oplus": "⊕", "perp": "⊥", "parallel": "∥", "mid": "|", "vert": "|",
    "Vert": "‖", "forall": "∀", "exists": "∃", "emptyset": "∅", "wedge": "∧", "cong": "≅", "asymp": "≍",
    **dict.fromkeys("left right big Big bigg Bigg bigl bigr Bigl Bigr rm cal bf it displaystyle".split(), ""),
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "leftarrow": "←", "Rightarrow": "⇒", "quad": " ",
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "aa": "å", "AA": "Å", "ss": "ß", "i": "ı",
    **{name.capitalize(): letter.upper() for letter, name in GREEK.items()},
}  # fmt: skip

_FONT = re.compile(
    r"\\(?:text(?!superscript|subscript|color)[a-z]*|math[a-z]+|emph|underline|[mhf]box|boldsymbol|bm|operatorname|url)"
    r"\s*\{([^{}]*)\}"
)
_SHIFTED = re.compile(r"\\text(super|sub)script\s*\{([^{}]*)\}")
_FONT_FROM_HERE = re.compile(r"\{\\(?:em|it|bf|sc|tt|sf|rm|bfseries|itshape)\b\s*")
_REFERENCE = re.compile(r"~?\\(?:cite[a-z]*|ref|eqref|label)\*?\s*(?:\[[^\[\]]*\]\s*)*\{[^{}]*\}")
_FRACTION = re.compile(r"\\[tdcs]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_MARKS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_OVER = {
    "bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "check": "\u030c",
}  # fmt: skip
_OVER_LETTER = re.compile(rf"\\({'|'.join(_OVER)})(?:\s*\{{\s*(\\?[A-Za-z]+)\s*\}}|\s*(\\[A-Za-z]+)|\s+([A-Za-z]))")
_SYMBOL_ACCENT = re.compile(r"\{?\\(['`^\"~=.])(?:\{\\?([A-Za-z])\}|\\?([A-Za-z]))\}?")
_LETTER_ACCENT = re.compile(r"\{?\\([uvHckr])(?:\s*\{\\?([A-Za-z])\}|\s+([A-Za-z]))\}?")


def without_residue(text: str) -> str:
    """The text with the commands for fonts, accents, spaces, fractions and references as what they print."""
    text = _FONT_FROM_HERE.sub("{", _REFERENCE.sub("", text.replace("\\\\", " ")))
    for _ in range(3):  # one inside the other
        text = _FONT.sub(r"\1", text)
    text = _SHIFTED.sub(lambda found: f"{'^' if found[1] == 'super' else '_'}{{{found[2]}}}", text)
    text = _ROOT.sub(r"√\1", _FRACTION.sub(r"\1/\2", text))
    text = re.sub(r"\^\{?\\circ\}?", "°", text)
    text = _LETTER_ACCENT.sub(_accented, _SYMBOL_ACCENT.sub(_accented, text))
    text = _OVER_LETTER.sub(_with_mark, text)
    return re.sub(r"\\[,;: ]", " ", re.sub(r"\\[!/()\[\]-]", "", text))


def _with_mark(found: re.Match[str]) -> str:
    under, mark = found[2] or found[3] or found[4], _OVER[found[1]]
    # The letter that a command stands for is put in later.
    return unicodedata.normalize("NFC", under + mark) if len(under) == 1 else under + mark


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", (found[2] or found[3]) + _MARKS[found[1]])
