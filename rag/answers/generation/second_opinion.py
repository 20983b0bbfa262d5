"""The second opinion of a model on sentences that passed: reading it, and what it does to a verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answers.generation.checked_reply import ANSWER_TOKENS
from rag.answers.generation.guard import cleaned
from rag.answers.generation.prompts import JUDGE_SCHEMA, judge_messages
from rag.answers.generation.statements import Checked
from rag.answers.generation.transport.chat_model import ChatModel
from rag.answers.generation.transport.meter import Allowance
from rag.errors import ProviderError
from rag.model import Verdict

_WORSE: dict[Verdict, int] = {"supported": 0, "weak": 1, "unsupported": 2}


def second_opinion(
    judge: ChatModel | None, asked: Sequence[Checked], allowed: Allowance, notes: list[str]
) -> dict[int, Checked]:
    """The sentences that a second model judges worse, as they are then, by `id`; `notes` gets what failed."""
    if judge is None or not asked:
        return {}
    quoted = [(one.sentence.text, [q.text for part in one.draft.parts for q in part.quotes]) for one in asked]
    try:
        said = judge.reply(judge_messages(quoted), max_tokens=ANSWER_TOKENS, allowed=allowed, schema=JUDGE_SCHEMA)
    except ProviderError as error:
        notes.append(f"There is no second opinion: {error}")
        return {}
    given = opinions(said, len(asked))
    if unread := len(asked) - len(given):
        notes.append(f"The second opinion on {counted(unread, 'sentence')} could not be read.")
    return {id(one): lowered(one, *given[n]) for n, one in enumerate(asked, 1) if n in given}


def opinions(said: str, n: int) -> dict[int, tuple[Verdict, str]]:
    """The verdicts that can be read, by the number of their statement; what cannot be read is missing."""
    found = re.search(r"\{.*\}", said, re.DOTALL)
    try:
        rows = json.loads(found.group())["verdicts"] if found else []
    except (ValueError, KeyError, TypeError):
        return {}
    found_by_number: dict[int, tuple[Verdict, str]] = {}
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        at, verdict, reason = row.get("n"), row.get("verdict"), row.get("reason")
        if isinstance(at, int) and 1 <= at <= n and verdict in _WORSE:
            found_by_number[at] = (verdict, cleaned(str(reason or ""), "")[:120])
    return found_by_number


def lowered(one: Checked, verdict: Verdict, reason: str) -> Checked:
    """A sentence with the verdict of a second opinion, if that is the worse one."""
    if _WORSE[verdict] <= _WORSE[one.draft.verdict]:
        return one
    said = f"second opinion: {reason or verdict}"
    draft = replace(one.draft, verdict=verdict, reasons=(*one.draft.reasons, said))
    return replace(one, draft=draft, failed=verdict == "unsupported")


def counted(n: int, noun: str) -> str:
    """A number of things in words: "one sentence", "12 sentences"."""
    words = "no one two three four five six seven eight nine ten".split()
    return f"{words[n] if n < len(words) else n} {noun}{'' if n == 1 else 's'}"
