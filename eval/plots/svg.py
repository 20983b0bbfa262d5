"""Plots as SVG by hand: bars and steps are all that is needed, and a file of 3 kB that follows light and dark.

A plotting library would bring a hundred megabytes for three plots, and pictures with one background.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """<style>
.plot{color:#1f2328;--first:#2563a8;--second:#b5622a;font:12px system-ui,sans-serif}
@media (prefers-color-scheme: dark){.plot{color:#e6e9ed;--first:#6cb0f5;--second:#f0a36b}}
.plot text{fill:currentColor}.plot .soft{opacity:.7}.plot .grid{stroke:currentColor;opacity:.18}
.plot .whisker{stroke:currentColor;stroke-width:1.2;opacity:.75}
.plot .first{fill:var(--first)}.plot .second{fill:var(--second)}
.plot .line1{stroke:var(--first);fill:none;stroke-width:2}.plot .line2{stroke:var(--second);fill:none;stroke-width:2}
</style>"""
WIDTH = 520


@dataclass(frozen=True)
class Bar:
    """A bar from 0 to `value` (0 to 1), with its interval; None is no score, and says so."""

    value: float | None
    low: float = 0.0
    high: float = 0.0
    note: str = ""


def bars(title: str, rows: Sequence[tuple[str, Sequence[Bar]]], legend: Sequence[str] = ()) -> str:
    """Horizontal bars from 0 to 1: for each row one or two, with whiskers for the interval."""
    deep = max((len(row) for _, row in rows), default=1)
    step = 16 * deep + 10
    top = 52 if legend else 36
    height = top + step * len(rows) + 26
    left, wide = 112, WIDTH - 112 - 80
    out = _open(title, height, legend)
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x = left + wide * tick
        out.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top - 6}" y2="{height - 22}"/>')
        out.append(f'<text class="soft" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{tick:g}</text>')
    for n, (label, row) in enumerate(rows):
        y = top + n * step
        out.append(f'<text x="{left - 8}" y="{y + step / 2 - 1:.1f}" text-anchor="end">{escape(label)}</text>')
        for i, bar in enumerate(row):
            at = y + 16 * i
            if bar.value is None:
                out.append(f'<text class="soft" x="{left + 4}" y="{at + 12}">no score</text>')
                continue
            kind = ("first", "second")[i % 2]
            out.append(
                f'<rect class="{kind}" x="{left}" y="{at + 2}" width="{max(wide * bar.value, 1):.1f}" height="12" '
                f'rx="2"/>'
            )
            low, high = left + wide * bar.low, left + wide * bar.high
            if high > low:
                out.append(f'<line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{at + 8}" y2="{at + 8}"/>')
            text = f"{bar.value:.2f}{f'  {bar.note}' if bar.note else ''}"
            out.append(f'<text class="soft" x="{WIDTH - 74}" y="{at + 12}">{escape(text)}</text>')
    return _close(out)


def lines(title: str, series: Sequence[Sequence[tuple[float, float]]], *, x_label: str, legend: Sequence[str]) -> str:
    """Lines through points (x, y), y from 0 to 1 and x from 0 to the largest; one or two lines."""
    height, top, left = 280, 52, 56
    wide, high = WIDTH - left - 24, 280 - 52 - 48
    most = max((x for points in series for x, _ in points), default=1) or 1
    out = _open(title, height, legend)
    for tick in (0, 0.25, 0.5, 0.75, 1):
        y = top + high * (1 - tick)
        out.append(f'<line class="grid" x1="{left}" x2="{left + wide}" y1="{y:.1f}" y2="{y:.1f}"/>')
        out.append(f'<text class="soft" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for value in _ticks(most):
        x = left + wide * value / most
        out.append(f'<text class="soft" x="{x:.1f}" y="{height - 28}" text-anchor="middle">{value:g}</text>')
    for n, points in enumerate(series):
        way = " ".join(f"{left + wide * x / most:.1f},{top + high * (1 - y):.1f}" for x, y in points)
        out.append(f'<polyline class="line{n % 2 + 1}" points="{way}"/>')
    out.append(f'<text class="soft" x="{left + wide / 2:.1f}" y="{height - 8}" text-anchor="middle">{escape(x_label)}')
    out.append("</text>")
    return _close(out)


def _ticks(most: float) -> list[float]:
    """Round numbers from 0 to `most`, at most seven: 0, 20, 40 …"""
    power = 10.0 ** math.floor(math.log10(most / 5))
    step = next(power * n for n in (1, 2, 5, 10) if most / (power * n) <= 6)
    return [n * step for n in range(int(most / step) + 1)]


def _open(title: str, height: float, legend: Sequence[str]) -> list[str]:
    said = escape(title)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" aria-label="{said}">',
        _STYLE,
        f'<text x="8" y="18" font-weight="600">{said}</text>',
    ]
    x = 8.0
    for n, name in enumerate(legend):
        out.append(f'<rect class="{("first", "second")[n % 2]}" x="{x:.0f}" y="29" width="10" height="10" rx="2"/>')
        out.append(f'<text x="{x + 15:.0f}" y="38">{escape(name)}</text>')
        x += 15 + 7.2 * len(name) + 20
    return out


def _close(out: list[str]) -> str:
    return "\n".join([*out, "</svg>"]) + "\n"
