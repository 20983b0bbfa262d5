"""Replies that are right but for a change at random: papers and reasons come of them, or one line of text."""

import json
import random
import re

import pytest

from rag.errors import SourceError
from rag.model import Paper, Rejected
from rag.sources.live import fetch, network_of
from tests.support.live_server import LiveServer, Reply, arxiv, huggingface, many, openalex, semantic_scholar

CASES = 150
JUNK = [None, True, 0, -1, 10**400, 1.5, "", "x" * 3000, [], {}, [[]], {"a": 1}, "\ud800", "2024-13-99", ["x"], [None]]
TEXTS = ["", "x", "-1", "9" * 30, "2024-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "<b/>", "\x07", "&b;"]
SERVICES = {
    arxiv: ("ARXIV_ENDPOINT", ["arxiv:search:x", "arxiv:2502.00001,2502.00002"]),
    huggingface: ("HF_ENDPOINT", ["hf:search:x", "hf:daily:2025-03-01", "hf:2502.00001"]),
    openalex: ("OPENALEX_ENDPOINT", ["openalex:search:x", "openalex:W1"]),
    semantic_scholar: ("S2_ENDPOINT", ["s2:search:x", "s2:2502.00001"]),
}


def changed(value, chance):
    """The JSON with one value in it replaced by junk, or left out."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.1:
        return chance.choice(JUNK)
    key = chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
    if chance.random() < 0.1:
        del value[key]
    else:
        value[key] = changed(value[key], chance)
    return value


def mutated(content, chance):
    """The reply with a change of its meaning or of its bytes."""
    first, second = sorted(chance.randrange(len(content)) for _ in range(2))
    match chance.randrange(6):
        case 0:
            return content[:first]
        case 1:
            return content[:first] + content[second:]
        case 2:
            return content[:second] + content[first:second] * 3 + content[second:]
        case 3:
            return content[:first] + bytes([chance.randrange(256)]) + content[first + 1 :]
    if content.startswith(b"<"):
        text = content.decode()
        start, end = chance.choice([found.span() for found in re.finditer(r">[^<]+<", text)])
        return (text[: start + 1] + chance.choice(TEXTS) + text[end - 1 :]).encode()
    return json.dumps(changed(json.loads(content), chance)).encode()


@pytest.mark.parametrize("service", SERVICES)
def test_any_reply_gives_papers_or_one_line(service):
    variable, specs = SERVICES[service]
    right = service(many(3, withdrawn="withdrawn", doi="10.5555/x"))
    outcomes, errors = set(), []
    with LiveServer(right) as server:
        network = network_of({variable: server.url, "LIVE_PAUSE_S": "0", "LIVE_TRIES": "1", "LIVE_TIMEOUT_S": "10"})
        for seed in range(CASES):

            def script(request, seed=seed):
                reply = right(request)
                reply = reply if isinstance(reply, Reply) else Reply(reply)
                return Reply(mutated(reply.content, random.Random(seed)))

            server.script = script
            spec = random.Random(seed).choice(specs)
            try:
                items = list(fetch(spec, network=network))
                assert all(isinstance(item, Paper | Rejected) for item in items), (spec, seed)
                outcomes.add("items")
            except SourceError as error:
                errors.append(str(error))
    assert (bool(errors), outcomes) == (True, {"items"})
    assert [error for error in errors if "\n" in error or len(error) > 500] == []
