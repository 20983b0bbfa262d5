"""LaTeX's symbols by name, beyond those of the decoder: what reference managers write into bibliographies."""

from __future__ import annotations

_FONTS = """
    bf it rm sf tt sc sl em bfseries itshape rmfamily sffamily ttfamily scshape slshape upshape mdseries normalfont tiny
    scriptsize footnotesize small normalsize large Large LARGE huge Huge centering noindent par protect unskip
    ignorespaces allowbreak nobreak nolinebreak linebreak displaystyle textstyle scriptstyle limits nolimits left right
    big Big bigl bigr Bigl Bigr sloppy smallskip medskip bigskip break hfill selectfont null relax
    clearpage newpage pagebreak nopagebreak hfil vfill vfil raggedright flushleft flushright nonumber notag strut
""".split()
_SPACES = "nobreakspace quad qquad space enspace thinspace enskip hskip newline tab item".split()

_GREEK = dict(zip("""
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
""".split(), "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", strict=True))  # fmt: skip
SYMBOLS: dict[str, str] = {
    **dict.fromkeys(_FONTS, ""),
    **dict.fromkeys(_SPACES, " "),
    "par": " ", "mathsemicolon": ";", "mathplus": "+", "mathequals": "=",
    "textless": "<", "textgreater": ">", "textbar": "|", "textbackslash": "\\", "textasciicircum": "^",
    "textasciitilde": "~", "textbraceleft": "{", "textbraceright": "}", "lbrace": "{", "rbrace": "}",
    "textbardbl": "‖", "textbrokenbar": "¦", "textunderscore": "_", "textdollar": "$", "textasteriskcentered": "*",
    "textasciigrave": "`", "textasciiacute": "´", "textasciimacron": "¯", "textasciibreve": "˘", "textasciicaron": "ˇ",
    "textasciidieresis": "¨", "textacutedbl": "˝", "textgravedbl": "˵", "textquotesingle": "'", "textquotedbl": '"',
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "lq": "‘",
    "rq": "’",
    "quotedblbase": "„", "quotesinglbase": "‚", "guillemotleft": "«", "guillemotright": "»", "guillemetleft": "«",
    "guillemetright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "glqq": "„", "grqq": "“", "flqq": "«",
    "frqq": "»", "glq": "‚", "grq": "‘", "dq": '"',
    "textendash": "–", "textemdash": "—", "textemdashslash": "—", "texthyphen": "-", "texthyphenchar": "-",
    "textthreequartersemdash": "—", "texttwelveudash": "—", "textminus": "−", "textellipsis": "…", "dots": "…",
    "ldots": "…", "cdots": "⋯", "slash": "/", "textfractionsolidus": "⁄", "textperiodcentered": "·", "textbullet": "•",
    "textopenbullet": "◦", "textvisiblespace": "␣", "textexclamdown": "¡", "textquestiondown": "¿",
    "textinterrobang": "‽",
    "pounds": "£", "textsterling": "£", "euro": "€", "texteuro": "€", "EUR": "€", "textcent": "¢", "textyen": "¥",
    "yen": "¥", "textwon": "₩", "textrupee": "₹", "textcurrency": "¤", "textflorin": "ƒ", "textdong": "₫",
    "textpeso": "₱", "textnaira": "₦", "textbaht": "฿", "textlira": "₤", "textcolonmonetary": "₡", "textguarani": "₲",
    "copyright": "©", "textcopyright": "©", "textregistered": "®", "texttrademark": "™", "textservicemark": "℠",
    "textcircledP": "℗", "textcopyleft": "🄯", "textnumero": "№", "textrecipe": "℞", "textestimated": "℮",
    "textdegree": "°", "degree": "°", "textcelsius": "℃", "celsius": "°C", "textohm": "Ω", "ohm": "Ω",
    "textmho": "℧", "textordfeminine": "ª", "textordmasculine": "º", "textonesuperior": "¹", "texttwosuperior": "²",
    "textthreesuperior": "³", "textonehalf": "½", "textonequarter": "¼", "textthreequarters": "¾",
    "textperthousand": "‰", "textpertenthousand": "‱", "textdiscount": "⁒", "textpm": "±", "texttimes": "×",
    "textdiv": "÷", "textlnot": "¬", "textsurd": "√", "textdagger": "†", "textdaggerdbl": "‡", "dag": "†", "ddag": "‡",
    "textsection": "§", "textparagraph": "¶", "S": "§", "P": "¶", "textpilcrow": "¶", "textreferencemark": "※",
    "textleftarrow": "←", "textrightarrow": "→", "textuparrow": "↑", "textdownarrow": "↓", "textlangle": "⟨",
    "textrangle": "⟩", "textlbrackdbl": "⟦", "textrbrackdbl": "⟧", "textlquill": "⁅", "textrquill": "⁆",
    "textmusicalnote": "♪", "textborn": "*", "textdied": "†", "textmarried": "⚭", "textdivorced": "⚮",
    "textbigcircle": "○", "textblank": "␢", "textdblhyphen": "⸗", "texttildelow": "~", "textcheckmark": "✓",
    "checkmark": "✓", "TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "XeTeX": "XeTeX",
    "XeLaTeX": "XeLaTeX", "LuaTeX": "LuaTeX", "pdfLaTeX": "pdfLaTeX", "biblatex": "biblatex",
    "textturkishlira": "₺", "textpeseta": "₧", "textschwa": "ə", "textesh": "ʃ", "textezh": "ʒ",
    "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "ss": "ß", "SS": "ẞ",
    "textcommabelow": "", "textmugreek": "μ",
    **{before + name: letter for name, letter in _GREEK.items() for before in ("up", "Up", "text")},
    **{f"Up{name.lower()}": letter for name, letter in _GREEK.items() if name[0].isupper()},
    "textomicron": "ο", "textpercent": "%", "texthash": "#", "textleq": "≤", "textgeq": "≥", "textinfty": "∞",
    "textapprox": "≈", "textprime": "′", "textquotestraightbase": "‚", "textquotestraightdblbase": "„",
    "lesssim": "≲", "gtrsim": "≳", "leqslant": "⩽", "geqslant": "⩾", "lt": "<", "gt": ">", "colon": ":",
    "ie": "i.e.", "eg": "e.g.", "etal": "et al.",
}  # fmt: skip

_PREFIXES = {
    "pico": "p", "nano": "n", "micro": "μ", "milli": "m", "centi": "c", "deci": "d", "kilo": "k", "mega": "M",
    "giga": "G", "tera": "T", "peta": "P", "femto": "f", "hecto": "h",
}  # fmt: skip
_NAMES = {
    "joule": "J", "metre": "m", "meter": "m", "gram": "g", "kilogram": "kg", "second": "s", "ampere": "A",
    "kelvin": "K", "mole": "mol", "candela": "cd", "hertz": "Hz", "newton": "N", "pascal": "Pa", "watt": "W",
    "coulomb": "C", "volt": "V", "farad": "F", "siemens": "S", "weber": "Wb", "tesla": "T", "henry": "H",
    "lumen": "lm", "lux": "lx", "becquerel": "Bq", "gray": "Gy", "sievert": "Sv", "minute": "min", "hour": "h",
    "day": "d", "litre": "L", "liter": "L", "hectare": "ha", "tonne": "t", "electronvolt": "eV", "dalton": "Da",
    "percent": "%", "decibel": "dB", "degreeCelsius": "°C", "arcminute": "′", "arcsecond": "″", "bit": "bit",
    "byte": "B", "bar": "bar", "angstrom": "Å", "kibi": "Ki", "mebi": "Mi", "gibi": "Gi",
}  # fmt: skip
_SHORT = {
    "um": "μm", "nm": "nm", "mm": "mm", "cm": "cm", "km": "km", "ms": "ms", "us": "μs", "ns": "ns", "uJ": "μJ",
    "mJ": "mJ", "kJ": "kJ", "mW": "mW", "kW": "kW", "MHz": "MHz", "GHz": "GHz", "kHz": "kHz", "eV": "eV", "ug": "μg",
    "mg": "mg", "kg": "kg", "mL": "mL", "uL": "μL",
}  # fmt: skip

UNITS: dict[str, str] = {
    **_PREFIXES, **_NAMES, **_SHORT,
    "per": "/", "squared": "²", "cubed": "³", "square": "", "cubic": "", "of": "",
}  # fmt: skip
"""The units of siunitx, which stand one after another without blanks."""

JOURNALS = {
    "aj": "Astronomical Journal", "apj": "Astrophysical Journal", "apjl": "Astrophysical Journal Letters",
    "apjs": "Astrophysical Journal Supplement", "aap": "Astronomy and Astrophysics",
    "araa": "Annual Review of Astronomy and Astrophysics", "mnras": "Monthly Notices of the Royal Astronomical Society",
    "nat": "Nature", "pasp": "Publications of the Astronomical Society of the Pacific", "prd": "Physical Review D",
    "prl": "Physical Review Letters", "jcap": "Journal of Cosmology and Astroparticle Physics",
}  # fmt: skip
"""The commands by which NASA ADS names journals."""
