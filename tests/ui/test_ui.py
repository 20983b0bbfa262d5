"""The chat page's rules without a browser: conversations, filters, taking away, who may enter, listing, the map."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Settings
from rag.errors import SettingsError
from rag.model import Answer, Citation, FileReport, IngestReport, Paper, Ranked, Rejected, Statement, Turn
from ui.content.conversation import MOST_EXCHANGES, Exchange, as_data, packed, turns, unpacked
from ui.content.desk import modes
from ui.content.evaluation import latest
from ui.content.examples import examples
from ui.content.filters import chips, where_of
from ui.content.followups import followups, short_name
from ui.content.listing import listed
from ui.content.placing import grouped, map_of, placed
from ui.content.takeaway import conversation_markdown, markdown, ris
from ui.operation import accounts, check_open, is_loopback
from ui.rendering.conversation import conversation_html
from ui.rendering.evaluation import run_html
from ui.rendering.library import map_html, paper_html, papers_html, report_html

ROOT = Path(__file__).resolve().parents[2]
TEXT = "OwlNet is a detector. It keeps 12 of 196 visual tokens."
OWL = Paper("owlnet", "OwlNet: Seeing Birds", TEXT, "digest", published=date(2024, 3, 12), author_count=3)
MOSS = Paper("moss", "γ-Moss: Mixtures for Plants", "Mosses grow slowly.", published=date(2023, 1, 2))
QUOTE = "It keeps 12 of 196 visual tokens."
ANSWER = Answer(
    "How many?", "How many?", "answered", f"{QUOTE[:-1]} [1].", (Statement(QUOTE, (1,)),),
    (Citation(1, OWL, QUOTE, TEXT.index(QUOTE), len(TEXT)),), (Ranked(OWL, 2.0), Ranked(MOSS, 1.0)),
    timings_ms={"total": 12.5},
)  # fmt: skip
LIBRARY = {OWL.id: OWL, MOSS.id: MOSS}


# -- conversations


def test_below_an_answer_stands_what_its_dots_mean_and_that_no_model_wrote_it():
    html = conversation_html((Exchange("How many?", {}, ANSWER),))
    assert html.count("fn-dot-key") == 1
    assert "supported by the quoted words" in html
    assert "not supported by what it cites" not in html
    assert "written without a model" in html


def test_without_an_answer_no_dots_are_explained():
    abstained = replace(ANSWER, status="abstained", text="The library does not say.", statements=(), citations=())
    assert "fn-dot" not in conversation_html((Exchange("How many?", {}, abstained),))


def test_a_card_says_that_a_digest_has_not_the_authors_words():
    assert "digest, not the authors’ own words" in conversation_html((Exchange("How many?", {}, ANSWER),))
    original = replace(OWL, abstract_kind="original")
    answer = replace(ANSWER, citations=(replace(ANSWER.citations[0], paper=original),))
    assert "original abstract" in conversation_html((Exchange("How many?", {}, answer),))


def test_a_conversation_comes_back_from_the_browser_as_it_was():
    told = (
        Exchange("How many?", {"since": "2024-01-01"}, ANSWER),
        Exchange("And?", error="the server did not answer. Start it."),
        Exchange("So?", {}, replace(ANSWER, status="abstained", nearest=(Ranked(MOSS, 1.0),)), "it failed", True),
    )
    assert unpacked(packed(told), LIBRARY.get) == told


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_text_is_in_a_conversation_comes_back(question, text):
    told = (Exchange(question, {}, replace(ANSWER, text=text)),)
    assert unpacked(packed(told), LIBRARY.get) == told


@pytest.mark.parametrize(
    "kept",
    [None, "", "{", "[1]", "null", '[{"question": "q"}]', '[{"question": 1, "where": 2, "answer": 3}]', "[" * 9999, 7],
)  # fmt: skip
def test_what_the_browser_kept_and_nobody_can_read_is_a_fresh_start(kept):
    assert unpacked(kept, LIBRARY.get) == ()


def test_a_quote_whose_abstract_changed_keeps_its_words_and_loses_its_place():
    changed = {"owlnet": replace(OWL, abstract="Another text.")}
    [exchange] = unpacked(packed((Exchange("q", {}, ANSWER),)), changed.get)
    [citation] = exchange.answer.citations
    assert (citation.quote, citation.start, citation.end) == (QUOTE, None, None)


def test_a_paper_that_is_gone_keeps_its_title():
    [exchange] = unpacked(packed((Exchange("q", {}, ANSWER),)), {}.get)
    assert exchange.answer.citations[0].paper == Paper("owlnet", "OwlNet: Seeing Birds")


def test_the_browser_keeps_the_latest_exchanges():
    told = tuple(Exchange(str(n), error="x") for n in range(MOST_EXCHANGES + 5))
    assert [exchange.question for exchange in unpacked(packed(told), {}.get)] == [
        str(n) for n in range(5, MOST_EXCHANGES + 5)
    ]


def test_an_error_is_no_turn_of_the_history():
    told = (Exchange("one", {}, ANSWER), Exchange("two", error="no"))
    assert turns(told) == (Turn("user", "one"), Turn("assistant", ANSWER.text))


# -- filters, modes


def test_filters_become_the_conditions_of_a_question_and_words_on_it():
    where = where_of(2023, 2024, source="forest", paper_ids=["a-b", "c"])
    assert where == {"since": "2023-01-01", "until": "2024-12-31", "source": "forest", "paper_ids": ["a-b", "c"]}
    assert chips(where) == ("2023 to 2024", "from forest", "only a b, c")


def test_no_filter_is_no_condition():
    assert where_of(0, 0, source="", paper_ids=[]) == {}
    assert chips({}) == ()


def test_without_a_model_there_is_one_mode_and_it_sends_nothing():
    [only] = modes(Settings())
    assert only.key == "extractive"
    assert "Nothing leaves this machine" in only.sends


def test_a_mode_says_what_goes_where():
    there, _ = modes(Settings(llm="big@https://models.example/v1"))
    assert there.label == "Generated by big"
    assert "models.example" in there.sends
    here, _ = modes(Settings(llm="small@http://localhost:11434/v1"))
    assert "go to this machine" in here.sends


# -- follow-ups, examples


def test_follow_ups_ask_for_what_the_library_has():
    assert followups(ANSWER) == (
        "What is the difference between OwlNet and γ-Moss?",
        "When was OwlNet published?", "How many people wrote OwlNet?",
    )  # fmt: skip


def test_follow_ups_leave_out_what_was_just_said():
    dated = replace(ANSWER, citations=(Citation(1, OWL, "2024-03-12", field="published"),))
    assert "When was OwlNet published?" not in followups(dated)


def test_after_an_abstention_the_nearest_papers_are_offered():
    assert followups(replace(ANSWER, status="abstained", citations=(), nearest=(Ranked(MOSS, 1.0),))) == (
        "What does γ-Moss propose?",
    )


def test_a_paper_without_a_name_leaves_the_follow_ups_to_the_next():
    nameless = Paper("x", "A title of many words " * 5)
    cited = (Citation(1, nameless, "A", 0, 1), replace(ANSWER.citations[0], number=2))
    assert "When was OwlNet published?" in followups(replace(ANSWER, citations=cited))


def test_a_paper_is_called_by_the_name_before_its_colon():
    assert short_name(OWL) == "OwlNet"
    assert short_name(Paper("x", "A title " * 20)) == ""


def test_examples_name_papers_of_this_library():
    offered = examples([OWL, MOSS])
    assert len(offered) == 6
    assert offered[0] == "What does OwlNet propose?"
    assert examples([]) == ()


# -- taking away


def test_an_answer_as_markdown_has_marks_and_references():
    assert markdown(Exchange("How many?", {}, ANSWER)) == (
        "**How many?**\n\nIt keeps 12 of 196 visual tokens [1].\n\n"
        "[1] OwlNet: Seeing Birds (2024): “It keeps 12 of 196 visual tokens.” (digest)\n"
    )


def test_markup_in_a_title_is_escaped_in_markdown():
    odd = replace(OWL, title="![x](https://evil.example/p.png) <script>")
    text = markdown(Exchange("q", {}, replace(ANSWER, citations=(replace(ANSWER.citations[0], paper=odd),))))
    assert "![x](" not in text
    assert "<script>" not in text
    assert r"\!\[x\](https://evil.example/p.png) \<script\>" in text


def test_a_conversation_as_markdown_has_errors_too():
    text = conversation_markdown((Exchange("one", {}, ANSWER), Exchange("two", error="it failed")))
    assert text.count("\n---\n") == 1
    assert text.endswith("**two**\n\nError: it failed\n")


def test_a_conversation_as_json_is_the_contract():
    [one] = json.loads(as_data((Exchange("How many?", {}, ANSWER),)))
    assert one["answer"]["citations"][0]["quote"] == QUOTE


def test_ris_has_a_field_a_line_and_no_value_makes_a_new_one():
    sly = replace(OWL, title="Owls\r\nER  - \r\nTY  - BOOK", authors=("Ann Owl", "José Búho"))
    lines = ris([sly]).split("\r\n")
    assert lines[:6] == [
        "TY  - GEN", "ID  - owlnet", "TI  - Owls ER - TY - BOOK", "AU  - Ann Owl", "AU  - José Búho", "PY  - 2024",
    ]  # fmt: skip
    assert sum(line.startswith("ER  -") for line in lines) == 1
    assert "N1  - The abstract is a digest, not the authors' own words" in lines


def test_an_inferred_year_gives_no_day_in_ris():
    assert "DA  -" in ris([OWL])
    assert "DA  -" not in ris([replace(OWL, published_inferred=True)])


# -- operation


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_loopback_needs_no_password(host):
    assert is_loopback(host)
    check_open(host, [], no_auth=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_another_host_needs_a_password_or_the_word_that_none_is_meant(host):
    with pytest.raises(
        SettingsError, match=rf"--host {host} opens the page to others without a password\. Give --auth"
    ):
        check_open(host, [], no_auth=False)
    check_open(host, [("ann", "secret")], no_auth=False)
    check_open(host, [], no_auth=True)


def test_accounts_come_from_the_option_or_from_a_file(tmp_path):
    assert accounts(None) == []
    assert accounts("ann:se:cret") == [("ann", "se:cret")]
    path = tmp_path / "who"
    path.write_text("# who may enter\nann:one\n\nbob:two\n")
    assert accounts(str(path)) == [("ann", "one"), ("bob", "two")]


@pytest.mark.parametrize(
    ("auth", "said"), [("nobody", "neither USER:PASSWORD nor a file: 'nobody'"), (":x", "USER or PASSWORD is empty"),
                       ("ann:", "USER or PASSWORD is empty")],
)  # fmt: skip
def test_an_account_that_is_none_is_refused(auth, said):
    with pytest.raises(SettingsError, match=said):
        accounts(auth)


@pytest.mark.parametrize(("text", "said"), [("ann\n", "line 1 of .* is no USER:PASSWORD"), ("#\n", "names nobody")])
def test_a_file_of_accounts_that_cannot_be_read_is_refused(tmp_path, text, said):
    (tmp_path / "who").write_text(text)
    with pytest.raises(SettingsError, match=said):
        accounts(str(tmp_path / "who"))


def test_a_wrong_password_is_not_repeated():
    with pytest.raises(SettingsError) as caught:
        accounts(":hunter2")
    assert "hunter2" not in str(caught.value)


# -- looks


def luminance(colour):
    # WCAG 2.1, relative luminance.
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_as_wcag_gives_it():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)  # (1 + 0.05) / 0.05


@pytest.mark.parametrize("scheme", [":root", ".dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [*((ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "card", "calm")),
     ("accent-ink", "accent"), ("mark-ink", "mark"), ("error-ink", "error")],
)  # fmt: skip
def test_text_can_be_read_on_its_ground(scheme, ink, ground):
    css = (ROOT / "ui" / "data" / "page.css").read_text(encoding="utf-8")
    block = re.search(rf"^{re.escape(scheme)} {{(.*?)}}", css, re.DOTALL | re.MULTILINE)[1]
    colours = dict(re.findall(r"--fn-([\w-]+): (#[0-9a-f]{6})", block))
    assert contrast(colours[ink], colours[ground]) >= 4.5


def test_page_loads_nothing_from_elsewhere():
    for name in ("page.css", "page.js"):
        assert not re.search(r"https?:|@import|url\(|//[a-z]+\.", (ROOT / "ui" / "data" / name).read_text("utf-8"))


# -- the library


def test_typing_finds_by_beginnings_of_words_anywhere():
    assert listed([OWL, MOSS], "tok 2024") == [OWL]
    assert listed([OWL, MOSS], "MOSS") == [MOSS]
    assert listed([MOSS, OWL], "") == [OWL, MOSS]
    assert listed([OWL, MOSS], "zebra") == []


def test_accents_do_not_matter_when_typing():
    paper = replace(OWL, authors=("José Búho",))
    assert listed([paper], "jose buho") == [paper]


def test_papers_are_put_in_the_order_asked_for():
    undated = Paper("x", "An Undated Paper")
    assert listed([undated, MOSS, OWL], "", "newest") == [OWL, MOSS, undated]
    assert listed([undated, MOSS, OWL], "", "oldest") == [MOSS, OWL, undated]
    assert listed([undated, MOSS, OWL], "", "most authors")[0] == OWL
    assert listed([OWL, undated], "", "title") == [undated, OWL]


HOSTILE = '<script>x</script>"><img src=x onerror=y>${a}{{b}}`\u202e'


def test_planted_markup_is_text_in_the_library_too():
    bad = Paper(
        HOSTILE, HOSTILE, HOSTILE, url="javascript:x", authors=(HOSTILE,), source=HOSTILE, extra={HOSTILE: HOSTILE}
    )
    chart = map_of({HOSTILE: np.ones((1, 3), dtype=np.float32)}, {HOSTILE: HOSTILE})
    report = IngestReport((FileReport(f"/tmp/x/{HOSTILE}", HOSTILE, error=HOSTILE, rejected=(Rejected(1, HOSTILE),)),))
    for html in (papers_html([bad], 1), paper_html(bad, [bad]), map_html(chart, {HOSTILE: bad}), report_html(report)):
        for sign in ("<script", "<img", "onerror=y>", "javascript:", "${", "{{", "`", "\u202e"):
            assert sign not in html.replace("onerror=y&gt;", "")


def test_a_report_does_not_say_where_an_upload_lies():
    html = report_html(IngestReport((FileReport("/tmp/gradio/abc/page.txt", "listing", papers=2, new=2),)))
    assert "page.txt" in html
    assert "/tmp" not in html


# -- the map


def clusters(seed=1):
    """Two clouds of twenty unit vectors about two axes that are at right angles."""
    noise = np.random.default_rng(seed).normal(0, 0.05, (40, 8))
    noise[:20, 0] += 1
    noise[20:, 1] += 1
    return noise / np.linalg.norm(noise, axis=1, keepdims=True)


def test_like_papers_stand_near_one_another():
    points = placed(clusters())
    first, second = points[:20], points[20:]
    inner = max(np.ptp(first, axis=0).max(), np.ptp(second, axis=0).max())
    assert np.linalg.norm(first.mean(axis=0) - second.mean(axis=0)) > inner


def test_the_same_library_gives_the_same_map():
    assert np.array_equal(placed(clusters()), placed(clusters()))


def test_groups_are_the_clouds():
    groups = grouped(placed(clusters()), 2)
    assert len(set(groups[:20])) == len(set(groups[20:])) == 1
    assert groups[0] != groups[20]


@pytest.mark.parametrize("n", [0, 1, 2, 4, 5, 6])
def test_small_libraries_have_maps(n):
    vectors = {str(k): clusters()[k : k + 1].astype(np.float32) for k in range(n)}
    chart = map_of(vectors, {})
    assert len(chart.places) == n
    assert all(0 <= place.x <= 1 and 0 <= place.y <= 1 for place in chart.places)


def test_equal_papers_do_not_break_the_map():
    same = {str(k): np.ones((2, 4), dtype=np.float32) for k in range(9)}
    assert all(np.isfinite((place.x, place.y)).all() for place in map_of(same, {}).places)


# -- evaluation


def run_folder(tmp_path, **changes):
    folder = tmp_path / "runs" / "one"
    (folder / "plots").mkdir(parents=True)
    (folder / "plots" / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "run.json").write_text(json.dumps({"name": "one", "started": "2026-01-01T00:00:00"}))
    card = {"metrics": {"right": {"mean": 0.5, "low": 0.25, "high": 0.75, "n": 2}}}
    (folder / "scorecard.json").write_text(json.dumps({"splits": {"dev": card}, **changes}))
    gold = {"papers": ["owlnet"], "facts": [["12 of 196", "twelve"]], "missing": ""}
    nothing = {"papers": [], "facts": [], "missing": "the colour"}
    line = {"kind": "fact", "status": "answered", "citations": [{"paper_id": "owlnet"}], "gold": gold}
    rows = [
        line | {"question": "good", "text": "It keeps 12 of 196."},
        line | {"question": "no fact", "text": "It keeps some."},
        line | {"question": "other paper", "text": "12 of 196", "citations": [{"paper_id": "moss"}]},
        line | {"question": "shy", "text": "", "status": "abstained"},
        line | {"question": "bold <b>", "text": "Blue.", "gold": nothing},
        line | {"question": "broken", "status": "failed", "error": "no server"},
    ]
    (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_run_shows_its_scores_and_what_went_wrong(tmp_path):
    run_folder(tmp_path)
    run = latest(tmp_path)
    assert [(missed.question, missed.why) for missed in run.missed] == [
        ("no fact", "does not say 12 of 196"), ("other paper", "cites none of the right papers"),
        ("shy", "abstained, though the library says"), ("bold <b>", "answered, though the library does not say"),
        ("broken", "failed"),
    ]  # fmt: skip
    html = run_html(run)
    assert '0.500 <span class="fn-about">(0.250 to 0.750)</span>' in html
    assert "bold &lt;b&gt;" in html
    assert 'src="data:image/svg+xml;base64,' in html


def test_without_a_run_that_can_be_read_the_page_says_how_to_make_one(tmp_path):
    assert latest(tmp_path) is None
    (run_folder(tmp_path) / "scorecard.json").write_text("{")
    assert latest(tmp_path) is None
    assert "python -m eval run" in run_html(None)
