"""Answers that a model writes, through the real client, against a scripted server: what is shown was checked."""

import asyncio
import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Assistant, Settings
from rag.errors import BudgetError, SettingsError
from rag.grounding.splitting import Splitter
from rag.model import Answer
from tests.support.model_server import TOKENS_A_REQUEST, ModelServer, Reply, obedient, quoting

ASKED = "How many visual tokens does OwlNet keep?"
TRUE = "OwlNet keeps 12 of 196 visual tokens [2]."
LIE = "OwlNet keeps 13 of 196 visual tokens [2]."


@pytest.fixture
def serve():
    """Starts a server with a script; gives it."""
    servers = []

    def start(script, **given):
        servers.append(ModelServer(script, **given).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


@pytest.fixture
def ask(serve, library_dir, tmp_path):
    """Asks with a server that answers as the script says; gives the Answer and the server."""

    def ask(script, question=ASKED, *, history=(), **settings):
        server = serve(obedient(script) if isinstance(script, str | Reply) else script)
        with Assistant.open(library_dir, Settings(llm=server.name, **settings)) as assistant:
            return assistant.ask(question, history=history), server

    return ask


def assert_cites_exactly(answer):
    for citation in answer.citations:
        if citation.field is None:
            assert citation.paper.abstract[citation.start : citation.end] == citation.quote != ""
    used = [n for statement in answer.statements for n in statement.citations]
    assert sorted(set(used)) == [citation.number for citation in answer.citations]


def test_a_supported_sentence_is_shown_with_the_words_it_rests_on(ask):
    answer, server = ask(TRUE)
    assert (answer.status, answer.mode, answer.model) == ("answered", "generated", server.name)
    assert answer.text == "OwlNet keeps 12 of 196 visual tokens [1]."
    [citation] = answer.citations
    assert citation.quote == "It keeps 12 of 196 visual tokens and reaches 81.4% accuracy on BirdBench."
    assert_cites_exactly(answer)
    assert [statement.verdict for statement in answer.statements] == ["supported"]
    assert (answer.left_out, answer.notes) == ((), ())


def test_the_evidence_is_numbered_and_the_best_paper_comes_first(ask):
    _, server = ask(TRUE)
    assert server.requests[0].evidence[1] == "OwlNet is a detector for birds in night images."
    assert list(server.requests[0].evidence) == list(range(1, len(server.requests[0].evidence) + 1))


def test_an_unsupported_sentence_is_sent_back_once_with_the_reasons(ask):
    answer, server = ask(lambda request: f"1) {TRUE}" if request.is_second_try else f"{LIE}")
    assert len(server.requests) == 2
    assert "the figure 13 is not in what it cites" in server.requests[1].last
    assert answer.text == "OwlNet keeps 12 of 196 visual tokens [1]."
    assert "written again" in answer.statements[0].reasons[-1]


def test_what_fails_twice_is_left_out_and_the_answer_says_how_many(ask):
    answer, server = ask(lambda request: f"1) {LIE}" if request.is_second_try else f"{TRUE} {LIE}")
    assert len(server.requests) == 2
    assert answer.text.startswith(
        "OwlNet keeps 12 of 196 visual tokens [1].\n\n(One sentence of the model's was left out"
    )
    assert "13" not in answer.text
    [out] = answer.left_out
    assert (out.text, out.verdict) == ("OwlNet keeps 13 of 196 visual tokens.", "unsupported")
    assert "the figure 13 is not in what it cites" in out.reasons


def test_the_answer_is_an_abstention_when_nothing_is_left(ask):
    answer, _ = ask(LIE)
    assert (answer.status, answer.mode, answer.statements, answer.citations) == ("abstained", "generated", (), ())
    assert len(answer.left_out) == 1
    assert answer.nearest


def test_unsupported_sentences_are_struck_through_where_the_user_wants_that(ask):
    answer, _ = ask(f"{TRUE} {LIE}", unsupported="strike")
    assert "~~OwlNet keeps 13 of 196 visual tokens" in answer.text
    assert [statement.verdict for statement in answer.statements] == ["supported", "unsupported"]
    assert_cites_exactly(answer)


def test_the_fixed_phrase_is_an_abstention(ask):
    answer, server = ask("The evidence is not enough.")
    assert (answer.status, answer.mode, len(server.requests)) == ("abstained", "generated", 1)
    assert "abstract of OwlNet does not answer" in answer.text
    assert (answer.left_out, answer.nearest[0].paper.id) == ((), "owlnet")


def test_a_missing_mark_is_repaired_and_says_so(ask):
    answer, server = ask("OwlNet keeps 12 of 196 visual tokens.")
    assert (answer.status, len(server.requests)) == ("answered", 1)
    assert "It keeps 12 of 196" in answer.citations[0].quote
    assert answer.statements[0].reasons == ("it had no mark; “OwlNet” says this",)


def test_a_mark_of_another_paper_is_repaired_and_says_so(ask):
    def script(request):
        kelp = next(n for n, sentence in request.evidence.items() if "OwlNet" not in sentence and n > 5)
        return f"OwlNet keeps 12 of 196 visual tokens [{kelp}]."

    answer, server = ask(script)
    assert len(server.requests) == 1
    assert [citation.paper.id for citation in answer.citations] == ["owlnet"]
    assert answer.statements[0].reasons == ("the mark was wrong; “OwlNet” says this",)


def test_a_mark_of_another_sentence_is_put_right_and_says_so(ask):
    answer, _ = ask("OwlNet runs 2.5 times faster than HawkNet on one GPU [1].")
    assert [citation.quote for citation in answer.citations] == [
        "Compared with HawkNet it runs 2.5times faster on one GPU."
    ]
    assert "was put right" in answer.statements[0].reasons[0]


def test_an_unknown_mark_is_taken_out_and_reported(ask):
    answer, _ = ask("OwlNet keeps 12 of 196 visual tokens [2][99].")
    assert len(answer.citations) == 1
    assert "there is no evidence [99]; the mark was taken out" in answer.statements[0].reasons


def test_the_mark_of_a_paper_that_adds_nothing_is_taken_out(ask):
    answer, _ = ask("OwlNet keeps 12 of 196 visual tokens [2][6].")
    assert [citation.paper.id for citation in answer.citations] == ["owlnet"]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("OwlNet keeps 12 of 196 visual tokens. [2]", 1),
        ("OwlNet keeps 12 of 196 visual tokens【2】.", 1),
        ("OwlNet keeps 12 of 196 visual tokens [1, 2].", 1),
        ("OwlNet keeps 12 of 196 visual tokens [1-2].", 1),
        ("**OwlNet** keeps 12 of 196 visual tokens [2].", 1),
        ("<think>\nThirteen? No. [7]\n</think>\nOwlNet keeps 12 of 196 visual tokens [2].", 1),
    ],
)
def test_marks_and_thoughts_are_understood_as_models_write_them(ask, written, numbers):
    answer, server = ask(Reply(written, piece=3))
    assert (answer.text, len(server.requests)) == ("OwlNet keeps 12 of 196 visual tokens [1].", 1)
    assert len(answer.citations) == numbers


def test_a_list_keeps_its_lines(ask):
    answer, _ = ask("- OwlNet keeps 12 of 196 visual tokens [2].\n- OwlNet trains for 23 hours on eight GPUs [4].")
    assert answer.text.splitlines() == [
        "OwlNet keeps 12 of 196 visual tokens [1].",
        "OwlNet trains for 23 hours on eight GPUs [2].",
    ]


def test_dates_and_authors_are_evidence_that_a_model_cites_by_field(ask):
    def script(request):
        n = next(n for n, row in request.evidence.items() if row.startswith("About this paper: published on 12 March"))
        return f"OwlNet was published on 12 March 2024 and has three authors [{n}]."

    answer, _ = ask(script, "How many people wrote OwlNet, and when did it come out?")
    assert (answer.status, answer.mode, answer.left_out) == ("answered", "generated", ())
    assert [(c.paper.id, c.field, c.quote) for c in answer.citations] == [
        ("owlnet", "published", "2024-03-12"), ("owlnet", "author_count", "3"),
    ]  # fmt: skip


@pytest.mark.parametrize("said", ["OwlNet was published on 12 March 2023", "OwlNet was written by Ann Hawk"])
def test_a_wrong_date_or_author_does_not_pass(ask, said):
    def script(request):
        n = next(n for n, row in request.evidence.items() if row.startswith("About this paper: published on 12 March"))
        return f"1) {said} [{n}]." if request.is_second_try else f"{said} [{n}]."

    answer, _ = ask(script, "When did OwlNet come out, and who wrote it?")
    assert (answer.status, len(answer.left_out), answer.sent_back) == ("abstained", 1, 1)


def test_what_the_library_counts_is_evidence_too(ask):
    _, server = ask(TRUE, "Which papers came out in March 2024?")
    assert "About the library: " in server.requests[0].last
    assert "OwlNet (12 March 2024)" in server.requests[0].last


def test_a_name_that_the_library_does_not_know_is_said_and_the_model_answers(ask):
    answer, server = ask("The evidence is not enough.", "How many tokens does ZebraNet-9 keep?")
    assert "About the library: no paper of the library is called ZebraNet-9" in server.requests[0].last
    assert (answer.status, answer.mode, answer.left_out) == ("abstained", "generated", ())
    assert "ZebraNet-9" in answer.text


def test_that_the_evidence_does_not_say_it_is_no_failed_sentence(ask):
    answer, server = ask(f"{TRUE} The abstracts do not say how much memory it needs.")
    assert (answer.text, answer.left_out, len(server.requests)) == ("OwlNet keeps 12 of 196 visual tokens [1].", (), 1)


@pytest.mark.parametrize(
    "wanted",
    ["SEARCH: kelp forecast", '<tool_call>{"name": "search", "arguments": {"query": "kelp forecast"}}</tool_call>'],
)
def test_a_model_may_ask_for_a_search_and_gets_what_it_finds(ask, wanted):
    def script(request):
        rows = request.all_evidence
        found = [(n, row) for n, row in rows.items() if "error is 14%" in row]
        return f"{found[0][1].rstrip('.')} [{found[0][0]}]." if found else wanted

    answer, server = ask(script, ASKED, llm_rounds=3)
    assert [(one.asked_by, one.query) for one in answer.rounds] == [("question", ASKED), ("model", "kelp forecast")]
    assert answer.rounds[1].cited == ("kelp-digest",)
    assert [message["role"] for message in server.requests[1].body["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]


def test_a_search_for_a_date_finds_the_papers_of_that_date_first(ask):
    def script(request):
        given = request.last if len(request.body["messages"]) == 2 else ""
        left = [month for month in ("May 2024", "January 2025", "February 2025") if month not in given]
        wanted.append(left[0])
        return f"SEARCH: papers published in {left[0]}"

    wanted = []
    _, server = ask(script, ASKED, llm_rounds=2)
    first = server.requests[1].last.split("Paper: ")[1]
    assert re.search(rf"published on \d+ {wanted[0]}", first)


def test_searches_end_with_the_rounds_of_the_settings(ask):
    answer, server = ask("SEARCH: something else", llm_rounds=2)
    assert (answer.status, len(server.requests), len(answer.rounds)) == ("abstained", 2, 2)
    assert "no more searches" in server.requests[1].last
    assert len(ask("SEARCH: something else", llm_rounds=1)[1].requests) == 1


def test_a_list_goes_on_through_the_library_until_a_part_has_nothing(ask, serve, library_of, tmp_path):
    file = tmp_path / "many.jsonl"
    rows = [
        {"id": f"p{n}", "title": f"Pond {n}: Frogs", "abstract": f"Pond {n} counts frogs at night in {n + 100} nets."}
        for n in range(40)
    ]
    file.write_text("\n".join(map(json.dumps, rows)))

    def script(request):
        rows = [(n, row) for n, row in request.evidence.items() if row.startswith("Pond") and int(row.split()[1]) < 30]
        return "\n".join(f"- {row.rstrip('.')} [{n}]." for n, row in rows) or "The evidence is not enough."

    server = serve(script)
    with Assistant.open(tmp_path / "library", Settings(llm=server.name)) as assistant:
        assistant.ingest([file])
        answer = assistant.ask("Which papers count frogs at night?")
    found = {citation.paper.id for citation in answer.citations}
    assert len(found) >= 20  # all of a part without one ends it
    assert [one.asked_by for one in answer.rounds[1:]] == ["list"] * (len(answer.rounds) - 1)
    assert len({key for one in answer.rounds for key in one.papers}) > 20


def test_what_contradicts_its_evidence_is_not_even_shown_struck_through(ask):
    answer, server = ask("OwlNet is slower than HawkNet on one GPU [3].", unsupported="strike")
    assert answer.status == "abstained"
    assert answer.left_out[0].contradicted
    assert answer.left_out[0].reasons[0].startswith("the abstract says the opposite: “Compared with HawkNet")
    assert "The evidence says: Compared with HawkNet it runs 2.5" in server.requests[1].last


def test_extractive_can_be_had_although_a_model_is_named(serve, library_dir):
    server = serve(obedient(TRUE))
    with Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        assert assistant.ask(ASKED, mode="extractive").mode == "extractive"
    assert server.requests == []
    with (
        Assistant.open(library_dir, Settings()) as assistant,
        pytest.raises(SettingsError, match=r"no model is named\. Set FOOTNOTE_LLM"),
    ):
        assistant.ask(ASKED, mode="generated")


def test_all_four_ways_of_asking_give_the_same_answer(serve, library_dir):
    server = serve(obedient(f"{TRUE} {LIE} OwlNet trains for 23 hours on eight GPUs [4]."))

    async def twins(assistant):
        return await assistant.aask(ASKED), [piece async for piece in assistant.astream(ASKED)]

    with Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        asked = assistant.ask(ASKED)
        streamed = list(assistant.stream(ASKED))
        asked_async, streamed_async = asyncio.run(twins(assistant))
    assert len(asked.left_out) == 1
    for pieces in (streamed, streamed_async):
        assert "".join(pieces[:-1]) == asked.text
    for answer in (streamed[-1], asked_async, streamed_async[-1]):
        assert isinstance(answer, Answer)
        assert (answer.text, answer.statements, answer.citations, answer.left_out) == (
            asked.text, asked.statements, asked.citations, asked.left_out,
        )  # fmt: skip


def test_a_stream_shows_checked_sentences_only_and_keeps_their_order(serve, library_dir):
    server = serve(
        lambda request: f"1) {LIE}" if request.is_second_try
        else f"OwlNet is a detector for birds in night images [1]. {LIE} OwlNet trains for 23 hours [4]."
    )  # fmt: skip
    with Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        pieces = list(assistant.stream(ASKED))
    assert pieces[0] == "OwlNet is a detector for birds in night images [1]."
    assert pieces[1] == " OwlNet trains for 23 hours [2]."
    assert "13" not in "".join(pieces[:-1])


def test_the_first_sentence_is_shown_while_the_model_still_writes(serve, library_dir):
    text = f"{TRUE} OwlNet trains for 23 hours on eight GPUs [4]."
    server = serve(obedient(Reply(text, piece=8, hold_at="23 hours")))
    with Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        stream = assistant.stream(ASKED)
        assert next(stream) == "OwlNet keeps 12 of 196 visual tokens [1]."
        server.go_on()  # only now does the model write on
        *_, answer = stream
        assert "23 hours" in answer.text


def test_tokens_are_counted_for_streams_and_an_unknown_price_is_no_cost_of_zero(ask):
    answer, _ = ask(LIE)
    # two calls of seven words each: the answer and its second try
    assert answer.usage == {"calls": 2, "prompt_tokens": 2 * TOKENS_A_REQUEST, "completion_tokens": 2 * 8}
    assert answer.cost_usd is None


def test_tokens_that_a_server_does_not_report_are_counted_here_and_said_to_be(ask):
    answer, _ = ask(Reply(TRUE, usage=False))
    assert answer.usage["estimated_calls"] == 1
    assert answer.usage["prompt_tokens"] > 200
    assert answer.cost_usd is None


def test_the_user_can_add_a_price(serve, tmp_path, abstracts_file):
    server = serve(obedient(TRUE))
    with Assistant.open(tmp_path, Settings(llm=server.name)) as assistant:
        assistant.ingest([abstracts_file])
        (tmp_path / "prices.json").write_text(json.dumps({server.name: {"input": 2.0, "output": 10.0}}))
        # 100 tokens in at $2 a million, 8 words out at $10 a million
        assert assistant.ask(ASKED).cost_usd == pytest.approx(100 * 2e-6 + 8 * 10e-6)
        (tmp_path / "prices.json").write_text("{")
        with pytest.raises(SettingsError, match=r"the prices in .*prices\.json cannot be read"):
            assistant.ask(ASKED)


def test_a_cached_answer_costs_nothing_and_needs_no_server(tmp_path, abstracts_file):
    with ModelServer(obedient(f"{TRUE} {LIE}")) as server:
        settings = Settings(llm=server.name, llm_cache=True)
        with Assistant.open(tmp_path, settings) as assistant:
            assistant.ingest([abstracts_file])
            first = assistant.ask(ASKED)
    with Assistant.open(tmp_path, settings) as assistant:  # the server is gone
        second = assistant.ask(ASKED)
    assert (second.text, second.statements, second.left_out) == (first.text, first.statements, first.left_out)
    assert (second.usage, second.cost_usd) == ({"cached_calls": 2}, 0.0)


def test_another_question_or_a_damaged_file_is_not_answered_from_the_cache(serve, tmp_path, abstracts_file):
    server = serve(obedient(TRUE))
    with Assistant.open(tmp_path, Settings(llm=server.name, llm_cache=True)) as assistant:
        assistant.ingest([abstracts_file])
        assistant.ask(ASKED)
        assistant.ask("How many of its tokens does OwlNet keep?")
        assert len(server.requests) == 2
        for file in (tmp_path / "answers").iterdir():
            file.write_text("{")
        assistant.ask(ASKED)
    assert len(server.requests) == 3


HISTORY = [
    {"role": "user", "content": "Is there a detector for birds?"},
    {"role": "assistant", "content": "There is one for birds in night images."},
]


def rewriting(line):
    return lambda request: line if "Rewrite" in request.body["messages"][0]["content"] else TRUE


def test_a_follow_up_that_names_nothing_is_rewritten_by_the_model(ask):
    line = "How many visual tokens does the detector for birds keep?"
    answer, server = ask(rewriting(line), "And how many tokens does it keep?", history=HISTORY)
    assert (answer.standalone_question, answer.status) == (line, "answered")
    assert answer.usage["calls"] == len(server.requests) == 2
    assert "user: Is there a detector for birds?" in server.requests[0].last


@pytest.mark.parametrize(
    "line",
    ["How many tokens does ZebraNet keep?", "See [here](https://evil.example)?", "One\ntwo?", "very " * 100 + "?"],
)
def test_a_rewriting_that_brings_in_something_else_is_not_used(ask, line):
    answer, _ = ask(rewriting(line), "And how many tokens does it keep?", history=HISTORY)
    assert answer.standalone_question == "Is there a detector for birds? And how many tokens does it keep?"


def test_a_follow_up_that_the_conversation_explains_is_not_sent_for_rewriting(ask):
    history = [
        {"role": "user", "content": "What is OwlNet?"},
        {"role": "assistant", "content": "OwlNet detects birds."},
    ]
    answer, server = ask(TRUE, "How many visual tokens does it keep?", history=history)
    assert (answer.standalone_question, len(server.requests)) == ("How many visual tokens does OwlNet keep?", 1)


def test_the_second_opinion_can_only_lower_a_verdict(ask, serve):
    verdicts = {"verdicts": [{"n": 1, "verdict": "unsupported", "reason": "no"}, {"n": 2, "verdict": "supported"}]}
    judge = serve(obedient("Sure:\n" + json.dumps(verdicts)))
    two = f"{TRUE} OwlNet trains for 23 hours on eight GPUs [4]."
    answer, _ = ask(two, llm_judge=judge.name.replace("owl@", "judge@"))
    assert [statement.text for statement in answer.statements] == ["OwlNet trains for 23 hours on eight GPUs."]
    assert answer.left_out[0].reasons == ("second opinion: no",)
    assert judge.requests[0].body["model"] == "judge"


def test_a_second_opinion_that_cannot_be_read_changes_nothing_and_is_told(ask, serve):
    judge = serve(obedient("yes yes yes"))
    answer, _ = ask(TRUE, llm_judge=judge.name)
    assert answer.statements[0].verdict == "supported"
    assert answer.notes == ("The second opinion on one sentence could not be read.",)


def test_an_answer_cut_off_by_length_loses_its_last_half_sentence_and_says_so(ask):
    answer, _ = ask(Reply(f"{TRUE} OwlNet trains for 23", finish="length"))
    assert [statement.text for statement in answer.statements] == ["OwlNet keeps 12 of 196 visual tokens."]
    assert answer.notes == ("The model's answer was cut off by the limit of its length.",)


def test_the_evidence_fits_into_the_context_and_a_tiny_context_is_an_error(ask, serve, library_dir):
    small, server = ask(TRUE, llm_context_tokens=1200)
    large, other = ask(TRUE, llm_context_tokens=20_000)
    assert small.status == large.status == "answered"
    assert 1 < len(server.requests[0].evidence) < len(other.requests[0].evidence)
    with pytest.raises(BudgetError, match="has 1,024 tokens, and question and instructions leave no room"):
        ask(TRUE, "Why " + "does OwlNet keep its visual tokens and " * 40 + "?", llm_context_tokens=1024)


def test_the_server_is_asked_for_the_size_of_the_context(serve, library_dir):
    server = serve(obedient(TRUE), models=[{"id": "hawk"}, {"id": "owl", "max_model_len": 1200}])
    with Assistant.open(library_dir, Settings(llm=server.name)) as assistant:
        assistant.ask(ASKED)
    other = serve(obedient(TRUE), models=[])
    with Assistant.open(library_dir, Settings(llm=other.name)) as assistant:
        assistant.ask(ASKED)
    assert len(server.requests[0].evidence) < len(other.requests[0].evidence)


SWAPS = {"OwlNet": "HawkNet", "HawkNet": "OwlNet", "BirdBench": "QuipuBench", "ChartNest": "BirdBench"}


def liar(seed, told):
    """A script that says the evidence again, and in half of its sentences swaps a figure, a system or the mark."""

    def script(request):
        dice = random.Random(f"{seed} {len(told)}")
        lines = []
        for n, sentence in list(request.evidence.items())[:12]:
            fault = dice.choice(["figure", "system", "mark", "", "", ""])
            text, mark = sentence, n
            if fault == "figure" and (found := re.findall(r"\d+(?:\.\d+)?", sentence)):
                old = dice.choice(found)
                text = re.sub(
                    rf"(?<![\d.]){re.escape(old)}(?![\d.])", str(int(float(old)) * 7 + 1001), sentence, count=1
                )
            elif fault == "system":
                for name, other in SWAPS.items():
                    if name in sentence:
                        text = sentence.replace(name, other, 1)
                        break
            elif fault == "mark":
                mark = 900 + n
            told.append((fault if text != sentence or mark != n else "", text, mark))
            lines.append(f"{text.rstrip('.')} [{mark}].")
        return " ".join(lines)

    return script


def test_of_a_scripted_liar_no_changed_figure_or_unknown_mark_is_shown_as_supported(ask):
    lies = shown_true = 0
    for seed, question in enumerate(
        [ASKED, "What does KelpCast forecast?", "How is FINCH trained?", "What is QuipuBench?"]
    ):
        told = []
        answer, _ = ask(liar(seed, told), question)
        changed = {
            int(float(x))
            for fault, text, _ in told
            if fault == "figure"
            for x in re.findall(r"\d+", text)
            if int(x) > 1000
        }
        lies += sum(bool(fault) for fault, *_ in told)
        for statement in answer.statements:
            assert not changed & {int(x) for x in re.findall(r"\d+", statement.text)}, statement
            shown_true += statement.verdict == "supported"
        assert {n for s in answer.statements for n in s.citations} <= {c.number for c in answer.citations}
        assert_cites_exactly(answer)
    assert lies >= 8
    assert shown_true >= 8


@given(st.text(alphabet="ab .[]1,2\n-", max_size=80), st.lists(st.integers(1, 7), max_size=30))
def test_however_a_text_is_cut_into_pieces_its_sentences_are_the_same(text, sizes):
    whole = Splitter()
    expected = [*whole.feed(text), *whole.end()]
    parts, found, at = Splitter(), [], 0
    for size in [*sizes, len(text)]:
        found += parts.feed(text[at : at + size])
        at += size
    assert [*found, *parts.end()] == expected


def test_quoting_script_reads_the_evidence(ask):
    answer, _ = ask(quoting("12 of 196"))
    assert answer.statements[0].text.startswith("It keeps 12 of 196")


def test_many_questions_at_once_are_not_mixed_up(serve, library_dir):
    from concurrent.futures import ThreadPoolExecutor

    server = serve(quoting("12 of 196", "error is 14%", "16 voices", "3,418 images"))
    questions = {
        "How many visual tokens does OwlNet keep?": "owlnet",
        "What is the error of KelpCast?": "kelp-digest",
        "How many voices does FINCH separate in a choir?": "finch-audio",
        "How many images does QuipuBench have?": "quipu",
    }
    with Assistant.open(library_dir, Settings(llm=server.name)) as assistant, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(assistant.ask, list(questions) * 4))
    for question, answer in zip(list(questions) * 4, answers, strict=True):
        assert answer.question == question
        assert questions[question] in {citation.paper.id for citation in answer.citations}
        assert answer.usage["calls"] == 1
