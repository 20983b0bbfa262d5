"""Nuclides in a question as abstracts write them: "43Cl", "Cl-43" and "chlorine-43" are ⁴³Cl."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# IUPAC's symbols and names, in the order of the periodic table.
_ELEMENTS = """
H hydrogen He helium Li lithium Be beryllium B boron C carbon N nitrogen O oxygen F fluorine Ne neon Na sodium Mg
magnesium Al aluminium Si silicon P phosphorus S sulfur Cl chlorine Ar argon K potassium Ca calcium Sc scandium Ti
titanium V vanadium Cr chromium Mn manganese Fe iron Co cobalt Ni nickel Cu copper Zn zinc Ga gallium Ge germanium As
arsenic Se selenium Br bromine Kr krypton Rb rubidium Sr strontium Y yttrium Zr zirconium Nb niobium Mo molybdenum Tc
technetium Ru ruthenium Rh rhodium Pd palladium Ag silver Cd cadmium In indium Sn tin Sb antimony Te tellurium I
iodine Xe xenon Cs caesium Ba barium La lanthanum Ce cerium Pr praseodymium Nd neodymium Pm promethium Sm samarium Eu
europium Gd gadolinium Tb terbium Dy dysprosium Ho holmium Er erbium Tm thulium Yb ytterbium Lu lutetium Hf hafnium Ta
tantalum W tungsten Re rhenium Os osmium Ir iridium Pt platinum Au gold Hg mercury Tl thallium Pb lead Bi bismuth Po
polonium At astatine Rn radon Fr francium Ra radium Ac actinium Th thorium Pa protactinium U uranium Np neptunium Pu
plutonium Am americium Cm curium Bk berkelium Cf californium Es einsteinium Fm fermium Md mendelevium No nobelium Lr
lawrencium Rf rutherfordium Db dubnium Sg seaborgium Bh bohrium Hs hassium Mt meitnerium Ds darmstadtium Rg
roentgenium Cn copernicium Nh nihonium Fl flerovium Mc moscovium Lv livermorium Ts tennessine Og oganesson
""".split()
_SYMBOLS = frozenset(_ELEMENTS[::2])
_CALLED = dict(zip(_ELEMENTS[1::2], _ELEMENTS[::2], strict=True)) | {"aluminum": "Al", "sulphur": "S", "cesium": "Cs"}
_PLAIN = re.compile(
    r"(?<![\w.^{-])(?:(?P<mass>[1-9]\d{0,2})-?(?P<symbol>[A-Z][a-z]?)"
    r"|(?P<element>[A-Z][a-z]?|[A-Za-z]{3,13})[- ](?P<behind>[1-9]\d{0,2}))(?![\w-])(?!\.\d)"
)


def nuclides_as_written(text: str, known: Container[str], frequency: Callable[[str], int]) -> str:
    """`text` with its nuclides as ⁴³Cl where "43cl" is among the `known` keys of names, as 43Cl where it is a term."""

    def written(match: re.Match[str]) -> str:
        said = match["symbol"] or match["element"]
        symbol = said if said in _SYMBOLS else _CALLED.get(said.casefold(), "")
        mass = match["mass"] or match["behind"]
        key = f"{mass}{symbol.casefold()}"
        if symbol and key in known:
            return f"{mass.translate(_SUPERSCRIPT)}{symbol}"
        return f"{mass}{symbol}" if symbol and frequency(key) else match[0]

    return _PLAIN.sub(written, text)
