"""Comparing runs, holding them against a baseline, switching parts off: on records made by hand, and on real runs."""

import json
from dataclasses import replace

import pytest

from eval.questions.gold import Question
from eval.questions.record import Cited, Record, Said
from eval.reports.compare import compare, paired, side_by_side, table, well
from eval.runs.ablate import OFF, ablate
from eval.runs.ablate import table as ablation_table
from eval.runs.gate import GATED, check, read_baseline, write_baseline
from eval.runs.gate import table as gate_table
from rag import Settings
from rag.errors import SettingsError, SourceError


def record(n, *, right=True, kind="fact", status="answered", text=None):
    gold = Question(f"q{n}", kind, "How?", ("owl",), (("twelve",),) if kind != "unanswerable" else ())
    text = text if text is not None else "It keeps twelve [1]." if right else "It keeps some [1]."
    cited = (Cited(1, "owl", "OwlNet", "…"),) if status == "answered" else ()
    statements = (Said(text, (1,), "supported"),) if status == "answered" else ()
    return Record(gold, "dev", status, text, "", statements, cited, ("owl",), (1.0,), ms=5.0)


def run_of(right, wrong, abstained=4):
    outcomes = [True] * right + [False] * wrong
    records = [record(n, right=good) for n, good in enumerate(outcomes)]
    return records + [record(100 + n, kind="unanswerable", status="abstained") for n in range(abstained)]


def test_a_question_is_well_when_right_or_rightly_abstained_from() -> None:
    assert well(record(1))
    assert not well(record(1, right=False))
    assert well(record(1, kind="unanswerable", status="abstained"))
    assert not well(record(1, kind="unanswerable"))
    assert not well(record(1, status="failed"))


def test_questions_that_turned_are_shown_side_by_side() -> None:
    before, after = run_of(8, 2), [record(0, right=False), *run_of(8, 2)[1:8], record(8), record(9)]
    found = compare(before, after)
    # q0 turned for the worse, q8 and q9 for the better; the 4 unanswerable ones are in the first run only.
    assert [(one.before.gold.id, one.better) for one in found.turned] == [("q0", False), ("q8", True), ("q9", True)]
    assert (found.questions, found.left_out) == (10, 4)
    right = found.differences["right"]
    assert (right.before, right.after, right.wins, right.losses, right.ties) == (0.8, 0.9, 2, 1, 7)
    shown = side_by_side(found.turned[0])
    assert shown.startswith("worse: q0: How?")
    assert "before: answered: It keeps twelve [1]." in shown
    assert "after:  answered: It keeps some [1]." in shown
    assert "| right (all facts, in budget, gold paper cited) | 0.800 | 0.900 |" in table(found)


def test_fewer_false_abstentions_are_wins() -> None:
    before = [record(n, status="abstained", text="No.") for n in range(3)] + [record(3)]
    after = [record(0, status="abstained", text="No."), *[record(n) for n in range(1, 4)]]
    # 3 of 4 before, 1 of 4 after: two questions are better.
    [line] = [line for line in table(compare(before, after)).splitlines() if line.startswith("| false abstentions")]
    assert line.endswith("| 2 | 0 | 2 |")
    assert "| 0.750 | 0.250 | -0.500 [" in line


def test_a_question_with_other_gold_is_another_question() -> None:
    one = record(1)
    other = replace(one, gold=replace(one.gold, facts=(("thirteen",),)))
    assert paired([one], [other]) == []
    with pytest.raises(SettingsError, match="no question in common"):
        compare([one], [other])


def test_the_gate_lets_the_same_run_pass(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(9, 3))
    checked = check(read_baseline(tmp_path / "b.json"), run_of(9, 3))
    assert {one.metric.name for one in checked} <= {one.name for one in GATED}
    assert {"right", "correctness", "abstention_f1", "recall_5"} <= {one.metric.name for one in checked}
    assert not [one.metric.name for one in checked if one.fell]


def test_the_gate_sees_a_fall_that_is_no_chance(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(40, 10))
    # 6 of 50 turned for the worse and none for the better. A resample holds none of the 6 with (44/50)^50 = 0.2%, so
    # the upper end of the 95% interval is below 0, though 0.68 lies within the interval around 0.80 (0.69 to 0.91) or
    # next to it.
    fell = [one.metric.name for one in check(read_baseline(tmp_path / "b.json"), run_of(34, 16)) if one.fell]
    assert fell == ["right", "correctness"]


def test_the_gate_lets_a_fall_pass_that_may_be_chance(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(40, 10))
    # One question of 50: a resample without it has 36%.
    assert not [one for one in check(read_baseline(tmp_path / "b.json"), run_of(39, 11)) if one.fell]


def test_the_gate_knows_that_more_false_abstentions_are_worse(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(20, 0))
    worse = [record(n, status="abstained", text="No.") for n in range(8)] + run_of(20, 0)[8:]
    fell = {one.metric.name: one for one in check(read_baseline(tmp_path / "b.json"), worse) if one.fell}
    assert (fell["false_abstention"].before, fell["false_abstention"].after) == (0, 0.4)
    assert "| false abstentions | 0.000 | 0.400 |" in gate_table(list(fell.values()))
    # The other way round nothing has fallen.
    write_baseline(tmp_path / "b.json", worse)
    assert not [one for one in check(read_baseline(tmp_path / "b.json"), run_of(20, 0)) if one.fell]


def test_a_metric_without_a_score_any_more_has_fallen(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(5, 0))
    silent = [record(n, status="failed", text="") for n in range(5)] + run_of(0, 0)
    [papers] = [o for o in check(read_baseline(tmp_path / "b.json"), silent) if o.metric.name == "paper_precision"]
    assert papers.fell
    assert papers.after is None


def test_a_run_that_lacks_questions_of_the_baseline_is_refused(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(5, 0))
    with pytest.raises(SourceError, match="lacks 2 of the baseline's 9 questions, such as 'q3'"):
        check(read_baseline(tmp_path / "b.json"), run_of(3, 0))


def test_a_question_with_other_gold_is_left_out_of_the_gate(tmp_path) -> None:
    write_baseline(tmp_path / "b.json", run_of(20, 0))
    baseline = read_baseline(tmp_path / "b.json")
    asked_otherwise = [replace(r, gold=replace(r.gold, facts=(("thirteen",),))) for r in run_of(8, 0, abstained=0)]
    # All eight are wrong by their new gold, which says nothing about the code.
    now = [*asked_otherwise, *run_of(20, 0)[8:]]
    assert len(baseline.known(now)) == 16
    assert not [one for one in check(baseline, now) if one.fell]
    new = replace(record(300, right=False), gold=Question("new", "fact", "?", (), (("a",),)))
    assert [one.after for one in check(baseline, [*run_of(20, 0), new]) if one.metric.name == "right"] == [1.0]


def test_a_broken_baseline_is_named(tmp_path) -> None:
    (tmp_path / "b.json").write_text('{"right": [1]}', encoding="utf-8")
    with pytest.raises(SourceError, match=r"b\.json is no baseline"):
        read_baseline(tmp_path / "b.json")


def test_the_shipped_baseline_is_of_the_dev_questions() -> None:
    from eval.questions.gold import SHIPPED, load
    from eval.runs.gate import BASELINE

    ids = {question.id for question in load(SHIPPED / "dev.jsonl")}
    baseline = read_baseline(BASELINE)
    assert baseline.gold.keys() <= ids
    answerable = {question.id for question in load(SHIPPED / "dev.jsonl") if question.facts}
    assert set(baseline.scores["right"]) <= answerable


def test_every_switch_of_the_table_is_a_setting_and_switches() -> None:
    defaults = Settings()
    for name, (_, off) in OFF.items():
        assert getattr(defaults, name) != off
        assert getattr(Settings.model_validate({**defaults.model_dump(), name: off}), name) == off


def test_switching_names_off_is_seen(library_dir, tmp_path) -> None:
    rows = [
        {"id": "1", "kind": "unanswerable", "question": "What is ZebraNet?", "missing": "ZebraNet"},
        {"id": "2", "kind": "number", "question": "How many visual tokens does OwlNet keep?", "papers": ["owlnet"],
         "facts": [["12 of 196"]]},
    ]  # fmt: skip
    file = tmp_path / "q.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    default, names, dense = ablate(library_dir, Settings(), [file], parts=["names", "dense"])
    assert default.means["right"] == 1
    assert default.means["abstention_f1"] == 1
    assert names.name == OFF["names"][0]
    assert dense.means["recall_5"] == 1
    assert default.change is not None
    assert default.change.mean == 0
    assert ablation_table([default, names, dense]).count("\n") == 4
