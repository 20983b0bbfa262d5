"""What a question asks for, as the heads of the cross-encoder and its exact words say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.answers.metadata.authorship import Person
from rag.answers.metadata.exclusion import negated
from rag.answers.metadata.facts import Field
from rag.answers.metadata.whole_library import beside
from rag.retrieval.question.dialogue import Standalone
from rag.retrieval.question.reading import Reading, topic_of

_LIKELY, _MAYBE = 0.5, 0.15
FIELDS: Mapping[str, Field] = {
    "published": "published", "authors": "authors", "author count": "author_count", "link": "url",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question as it is to be answered: alone, as it was read, and what it asks for, each with its probability.

    `heard` is its text with slips of the hand mended, as the networks read it; `people` are the authors that it names;
    `foreign` is True where it is in a language of its own.
    """

    alone: Standalone
    reading: Reading
    heard: str
    wants: Mapping[str, float]
    people: tuple[Person, ...] = ()
    foreign: bool = False

    def for_(self, *names: str) -> bool:
        """True when it likely asks for one of these (of `rag.neural.ASKS`)."""
        return max(self.wants[name] for name in names) > _LIKELY

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the metadata that it asks for: those that are likely, and one that is likelier than all else.

        What is heard faintly in another language is not heard.
        """
        most = 1.0 if self.foreign else max(_MAYBE, *self.wants.values())
        return tuple(field for name, field in FIELDS.items() if self.wants[name] > _LIKELY or self.wants[name] >= most)

    @property
    def lists(self) -> bool:
        """True when papers are asked for, or how many there are."""
        return self.for_("list", "count")

    @property
    def chats(self) -> bool:
        """True for small talk, which says nothing besides: "hello", "thanks a lot", "what can you do"."""
        return self.for_("small talk") and len(topic_of(self.reading.text)) <= 1

    @property
    def near_fields(self) -> tuple[Field, ...]:
        """The fields of the metadata that may be what it asks for, whose facts are read beside the sentences."""
        least = _LIKELY if self.foreign else _MAYBE
        return tuple(field for name, field in FIELDS.items() if self.wants[name] > least)

    @property
    def excludes(self) -> bool:
        """True when it asks for the papers that do not do something."""
        return max(self.wants["list"], self.wants["count"]) > _MAYBE and negated(self.reading.text)

    @property
    def on_people(self) -> bool:
        """True when it asks for the papers of people, and for no subject."""
        return bool(self.people) and not beside(self.reading.text, self.people)

    @property
    def on_theirs(self) -> bool:
        """True when it asks for the papers of people on a subject."""
        papers = max(self.wants[name] for name in ("list", "count", "authors")) > _MAYBE and not self.excludes
        return bool(self.people) and papers and not self.on_people

    @property
    def on_library(self) -> bool:
        """True when it is about dates, numbers of authors or papers over the library, and about no subject."""
        exact = self.reading.order or self.reading.conditions or self.for_("count")
        return bool(exact) and not topic_of(self.reading.text)
