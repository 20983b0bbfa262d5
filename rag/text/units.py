"""The units that figures are measured in, each with its kind and its size in the first unit of that kind.

"40 ms" and "0.04 seconds" are one amount, "3 micro-G" and "3 milli-G" are two. Texts are in normal form, where case is
folded: "mev" is a mega-electronvolt, and "mb" are megabytes.
"""

from __future__ import annotations

Unit = tuple[str, float]
"""The kind of a unit, and how many of the first unit of that kind it has: ("time", 60.0) is a minute."""

_PREFIXES = {
    "femto": ("f", -15), "pico": ("p", -12), "nano": ("n", -9), "micro": ("u mu", -6), "milli": ("m", -3),
    "centi": ("c", -2), "kilo": ("k", 3), "mega": ("m", 6), "giga": ("g", 9), "tera": ("t", 12),
    "peta": ("p", 15), "exa": ("e", 18),
}  # fmt: skip
# Names of a unit, the kind, its symbol, and the prefixes that the symbol is read with. Others are words or other units.
_WITH_PREFIX = (
    ("electronvolt electronvolts electron-volt electron-volts", "energy", "ev", "kilo mega giga tera"),
    ("hertz", "frequency", "hz", "kilo mega giga tera"),
    ("metre metres meter meters", "length", "m", "nano micro milli centi kilo"),
    ("parsec parsecs", "parsecs", "pc", "kilo mega giga"),
    ("barn barns", "barns", "b", "femto pico nano micro"),
    ("gauss g", "gauss", "", ""),
    ("tesla teslas t", "tesla", "", ""),
    ("kelvin kelvins k", "kelvin", "", ""),
    ("watt watts w", "watts", "", ""),
    ("volt volts v", "volts", "", ""),
    ("joule joules", "joules", "j", "femto pico nano micro milli kilo"),
    ("pascal pascals", "pascals", "pa", "kilo mega giga"),
    ("flops", "flops", "flops", "kilo mega giga tera peta exa"),
    ("gram grams gramme grammes", "grams", "g", "nano micro milli kilo"),
    ("second seconds", "time", "s", "femto pico nano micro milli"),
)
_PLAIN = {
    "time": {"s sec second seconds": 1.0, "min minute minutes": 60.0, "h hr hrs hour hours": 3600.0,
             "day days": 86400.0, "week weeks": 604800.0, "month months": 2629800.0, "year years yr": 31557600.0,
             "kyr": 31557600e3, "myr": 31557600e6, "gyr": 31557600e9, "decade decades": 315576000.0},
    "bytes": {"kb": 1e3, "mb": 1e6, "gb g gigabyte gigabytes": 1e9, "tb terabyte terabytes": 1e12,
              "megabyte megabytes": 1e6, "kilobyte kilobytes": 1e3},
    "energy": {"ev": 1.0}, "frequency": {"hz": 1.0}, "parsecs": {"pc": 1.0},
    "joules": {"j": 1.0}, "pascals": {"pa": 1.0}, "celsius": {"°c °celsius celsius": 1.0}, "sigma": {"sigma": 1.0},
    "length": {"micron microns": 1e-6, "å angstrom angstroms ångström ångströms": 1e-10},
}  # fmt: skip


def _units() -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for names, kind, symbol, read_with in _WITH_PREFIX:
        for prefix, (letters, power) in _PREFIXES.items():
            for name in names.split():
                joins = "-" if len(name) == 1 else ("", "-", " ")
                found |= {f"{prefix}{join}{name}": (kind, 10.0**power) for join in joins}
            if prefix in read_with.split():
                found |= {letter + symbol: (kind, 10.0**power) for letter in letters.split()}
        found |= {name: (kind, 1.0) for name in names.split() if len(name) > 1}
    for kind, sizes in _PLAIN.items():
        found |= {name: (kind, size) for names, size in sizes.items() for name in names.split()}
    for name, (kind, size) in list(found.items()):
        if kind == "barns":
            written = (f"inverse {name}", f"{name}-1", f"{name}(-1)", f"inv{name}")
            found |= dict.fromkeys(written, ("inverse barns", 1 / size))
    return found


UNITS = _units()
"""Every spelling of a unit that figures are read with."""
