"""What a row of the table of cases is."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A file that is invented in the shape of a real one, and what has to be read from it.

    `shape` is where the shape comes from. Each of `papers` has what one paper must have, in order: fields of `Paper`
    (dates as ISO text), or names in its `extra`. `rejected` are the lines and a part of the reasons; `error` is a part
    of the message where the file as a whole is refused.
    """

    name: str
    shape: str
    text: str
    papers: list[dict[str, object]] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    error: str | None = None
    encoding: str = "utf-8"
