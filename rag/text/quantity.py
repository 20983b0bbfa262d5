"""One figure of a text, and when two say the same amount."""

from __future__ import annotations

from dataclasses import dataclass

DECADE = "decade"
"""The measure of "the 2030s", which hold their years."""

CALENDAR = "month of a date"
"""The measure of the months of dates, which equal no other number."""


@dataclass(frozen=True)
class Figure:
    """A number in a text. `unit` is "%", "×" or ""; `start` and `end` are offsets in the text's normal form.

    `spelled` is True for a number written as a word, which is more often no figure at all ("one of the"). `measure`
    is the kind of the unit that follows ("time", "bytes"), and `base` the value in the first unit of that kind.
    `counts` is False where no word follows that it could be a number of ("a speed-up of 22").
    `change` is 1 for what something rises by, -1 for what it falls by. A vague one ("several thousand") is from `value`
    to below `top`.
    """

    value: float
    unit: str
    start: int
    end: int
    spelled: bool
    measure: str = ""
    base: float = 0.0
    change: int = 0
    top: float = 0.0
    counts: bool = True

    @property
    def factor(self) -> float:
        """What is left of one, or has come of it: 3 for "tripled" and "by 200%", 0.25 for "four times fewer"."""
        share = self.value / 100 if self.unit == "%" else self.value
        if self.unit == "×":
            return 1 / share if self.change < 0 and share > 1 else share
        return 1 + self.change * share if self.change else share

    def equals(self, other: Figure) -> bool:
        """True when both say the same amount: 77% equals 0.77 and 77 percent, but not 77; 23 hours is not 23 days."""
        if self.top or other.top:
            vague = [(one.value, one.top, one.measure, one.base) for one in (self, other)]
            return vague[0] == vague[1]
        part, digits = (self, other) if self.part else (other, self)
        if part.part and digits.unit == "%" and digits.change and not part.change and close(part.value, digits.factor):
            return True  # "cut by 75%" leaves "a quarter"
        both = self._beside(other)
        return both is not None and (close(*both) or (self.part != other.part and _cut_off(self, *both)))

    def rounds(self, other: Figure, side: int = 0) -> bool:
        """True when this is the other one rounded, as "almost three times" is for 2.96×: within 5 percent of it.

        A word is rougher than digits: "a little over half" may be 8 percent off. With a side of 1 ("more than") the
        other one is up to 10 percent more, of a word 20, with -1 ("nearly") up to 10 percent less.
        """
        mine, theirs = self._beside(other) or (1.0, 0.0)
        if side:
            off = 0.2 if self.spelled and (side > 0 or not self.part) else 0.1  # "more than a million" may be 1.2
            if self.measure and self.base * other.value != other.base * self.value:
                off = 0.5  # in another unit nothing near may be round: 35 minutes are less than an hour
            return 0.0 <= side * (theirs - mine) <= off * max(abs(mine), abs(theirs)) and theirs != 0
        return abs(mine - theirs) <= (0.08 if self.spelled else 0.05) * max(abs(mine), abs(theirs))

    def _beside(self, other: Figure) -> tuple[float, float] | None:
        """The values of both in one unit, or None."""
        units = {self.unit, other.unit}
        if (self.measure and other.measure) or CALENDAR in (self.measure, other.measure):
            return (self.base, other.base) if self.measure == other.measure else None
        if self.measure or other.measure:
            counted = self if other.measure else other
            if DECADE in (self.measure, other.measure):
                return (self.value // 10, other.value // 10) if not counted.unit else None
            if counted.counts and not counted.unit and not counted.spelled:
                return None  # six sessions are not six months
        if len(units) == 1:
            return self.value, other.value
        if units == {"%", "×"}:
            return self.factor, other.factor
        plain = other if self.unit else self
        if "%" in units:
            mine, theirs = (one.value / (100 if one.unit else 1) for one in (self, other))
            return (mine, theirs) if plain.value <= 1 else None
        if plain.part:
            return self.factor, other.factor
        apart = plain.spelled or plain.counts or plain.measure or plain.value in range(10)
        return None if apart else (self.value, other.value)

    @property
    def part(self) -> bool:
        """True for a part of one in words: half, two thirds."""
        return self.spelled and not self.unit and 0 < self.value < 1

    def holds(self, other: Figure) -> bool:
        """True for a vague amount that the other one is among: "several thousand" holds 4,300."""
        if not self.top or other.top or other.unit or self.measure != other.measure:
            return False
        size = self.base / self.value if self.measure else 1.0
        return self.value * size <= (other.base if other.measure else other.value) < self.top * size


def close(a: float, b: float) -> bool:
    """True when two values are the same but for the errors of arithmetic."""
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1e-9)


def _cut_off(one: Figure, mine: float, theirs: float) -> bool:
    """True for a part in words and its digits cut off: "a third" is 33%, 33.3% and 0.33."""
    part, digits = (mine, theirs) if one.part else (theirs, mine)
    return any(close(round(digits, n), digits) and abs(part - digits) < 0.4999 * 0.1**n for n in (2, 3, 4))
