"""What the title and abstract of a paper say of names by themselves: what it costs to find out, and is kept."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from rag.model import Paper
from rag.text.names import looks_like_name, name_key, spelled_out, title_name, tokens
from rag.text.own_names import Naming, abbreviations, general_names, naming_of

_NUMBERED = re.compile(r"-\d+$|(?<=[A-Z]{2})s$")


@dataclass(frozen=True)
class Note:
    """What is told of a paper when it is known which names the others have: see `Bearers.own_names`.

    `begins` is the key of the name that begins its title, "" for none; `spelled` are the keys of its abbreviations,
    each with that of what it stands for.
    """

    naming: Naming
    begins: str
    spelled: tuple[tuple[str, str], ...]

    def line(self) -> str:
        """The note in a line, without the names that the paper gives: their keys are kept apart."""
        naming = self.naming
        said = [naming.title, naming.weights, int(naming.first_wins), self.begins, self.spelled]
        return json.dumps(said, separators=(",", ":"))


def note_of(line: str) -> Note:
    """The note that `Note.line` gave."""
    title, weights, first_wins, begins, spelled = json.loads(line)
    return Note(Naming((), title, weights, bool(first_wins)), begins, spelled)


@dataclass(frozen=True)
class Gist:
    """What is known of a paper from its text alone: sets of keys, and the note.

    `tokens`: of all that it says; `mentioned`: of what is written as a name; `introduced`: of names that it introduces;
    `titled`: of names in its title.
    """

    tokens: frozenset[str]
    mentioned: frozenset[str]
    introduced: frozenset[str]
    titled: frozenset[str]
    note: Note

    @property
    def sets(self) -> tuple[frozenset[str], ...]:
        """Its sets of keys, in a fixed order."""
        return self.tokens, self.mentioned, self.introduced, self.titled


def gist_of(paper: Paper) -> Gist:
    """The gist of a paper: half of what an index costs."""
    title, abstract = tokens(paper.title), tokens(paper.abstract)
    naming, spelled = naming_of(paper), spelled_out(paper)
    begins = name_key(title_name(paper.title) or "")
    keys, mentioned = set(), set()
    for token in {*title, *abstract}:
        for form in _forms(token):
            key = name_key(form)
            keys.add(key)
            if looks_like_name(form):
                mentioned.add(key)
    given = {name_key(name) for name in (*naming.given, *abbreviations(spelled))}
    titled = {name_key(token) for token in title if looks_like_name(token)}
    return Gist(
        frozenset(keys),
        frozenset(mentioned),
        frozenset({begins} - {""} | (given - general_names())),
        frozenset(titled - general_names()),
        Note(naming, begins, tuple((name_key(short), name_key(whole)) for short, whole in spelled)),
    )


def _forms(token: str) -> tuple[str, ...]:
    """A token, and the name in it that people write without its number or its plural: "COVID-19", "WERs"."""
    last = token[-1]  # a look at it costs a tenth of one for the pattern
    return (token, _NUMBERED.sub("", token)) if last == "s" or last.isdigit() else (token,)
