"""What a streamed answer is made of besides plain text."""

from __future__ import annotations


class Instead(str):
    """A piece of a stream that stands in place of all text before it: what was shown is taken back.

    It owns nothing, and lives as long as who reads the stream keeps it.
    """

    __slots__ = ()
