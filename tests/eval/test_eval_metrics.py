"""Metrics of answers, each against a case worked out by hand, and no score where there is no gold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.abstention import abstention_f1, abstention_precision, abstention_recall, false_abstention
from eval.metrics.alce import citation_precision, citation_recall
from eval.metrics.correctness import budget_words, correctness, right, words
from eval.metrics.grounding import figures_quoted, supported
from eval.metrics.interval import difference, estimate
from eval.metrics.judged import judged
from eval.metrics.papers import paper_precision, paper_recall
from eval.metrics.retrieval import retrieval
from eval.metrics.score import Score, mean
from eval.metrics.speed import answer_words, cost_usd, latency_ms, percentile, tokens
from eval.questions.gold import Question
from eval.questions.record import Cited, Mark, Record, Said

FACTS = (("12 tokens", "twelve tokens"), ("81.4%",))


def record(text="", *, kind="fact", facts=FACTS, papers=("owl",), status="answered", cited=("owl",), **more):
    gold = Question("q", kind, "How?", papers, facts if kind != "unanswerable" else (), missing="")
    citations = tuple(Cited(n, paper, paper, "…") for n, paper in enumerate(cited, 1))
    return Record(gold, "dev", status, text, citations=citations, **more)


def said(verdict="supported", *marks, figures=0, quoted=0):
    return Said("A sentence.", tuple(mark.number for mark in marks), verdict, (), marks, figures, quoted)


def test_correctness_is_the_share_of_groups_of_facts_stated() -> None:
    assert correctness(record("OwlNet keeps twelve tokens [1].")) == Score(1 / 2)
    assert correctness(record("It keeps 12 tokens, and reaches 81.4% [1].")) == Score(1.0)


def test_a_fact_beyond_the_budget_of_words_is_not_stated() -> None:
    # 79 words, then "81.4%" as word 80 counts; with one word more before it, it is word 81 and does not.
    assert correctness(record("word " * 79 + "81.4%")) == Score(1 / 2)
    assert correctness(record("word " * 80 + "81.4%")) == Score(0.0)


def test_marks_are_no_words() -> None:
    assert words("Twelve [1][2], of course [1, 3].") == ["Twelve,", "of", "course."]


def test_lists_and_comparisons_have_longer_budgets() -> None:
    assert [budget_words(kind) for kind in ("fact", "compare", "list", "metadata", "noisy")] == [80, 130, 250, 250, 80]


def test_abstaining_and_failing_state_nothing() -> None:
    assert correctness(record("The library does not say 81.4%.", status="abstained")) == Score(0.0)
    assert correctness(record("", status="failed")) == Score(0.0)


@pytest.mark.parametrize("metric", [correctness, right, paper_precision, paper_recall, abstention_precision])
def test_a_question_without_gold_has_no_score(metric) -> None:
    assert metric(record("Anything.", facts=(), papers=())) is None


def test_right_wants_all_facts_a_gold_paper_and_the_budget() -> None:
    text = "It keeps 12 tokens and reaches 81.4%."
    assert right(record(text)) == Score(1.0)
    assert right(record("It keeps 12 tokens.")) == Score(0.0)
    assert right(record(text, cited=("hawk",))) == Score(0.0)
    # The facts stand within 80 words, but the whole answer has 7 + 80.
    assert right(record(text + " more" * 80)) == Score(0.0)


def test_papers_cited_are_counted_once() -> None:
    # Cited: owl (twice), hawk. Gold: owl, finch. One of two cited is gold, one of two gold is cited.
    one = record("…", papers=("owl", "finch"), cited=("owl", "owl", "hawk"))
    assert paper_precision(one) == Score(1 / 2)
    assert paper_recall(one) == Score(1 / 2)


def test_an_abstention_has_no_precision_of_papers_and_no_recall() -> None:
    one = record(status="abstained", cited=())
    assert paper_precision(one) is None
    assert paper_recall(one) == Score(0.0)


def test_papers_of_an_unanswerable_question_are_no_gold() -> None:
    one = record("Something.", kind="unanswerable")
    assert paper_precision(one) is None
    assert paper_recall(one) is None
    assert retrieval([one])["recall_5"] == [None]


def test_citation_recall_wants_a_citation_that_carries_the_statement() -> None:
    # Four statements: supported, weak, unsupported, and one that cites nothing.
    mark = Mark(1, "supported")
    one = record(statements=(said("supported", mark), said("weak", mark), said("unsupported", mark), said("supported")))
    assert citation_recall(one) == Score(1 / 4)
    assert citation_recall(one, lenient=True) == Score(2 / 4)


def test_citation_precision_leaves_out_what_is_not_needed() -> None:
    # One statement, three citations. 1 carries it alone; 2 does not, and the others do without it: irrelevant; 3 does
    # not either, but the others do not without it: needed. 2 of 3. In the second statement nothing carries: 0 of 1.
    first = said("supported", Mark(1, "supported", "supported"), Mark(2, "unsupported", "supported"),
                 Mark(3, "weak", "unsupported"))  # fmt: skip
    second = said("unsupported", Mark(1, "unsupported"))
    assert citation_precision(record(statements=(first, second))) == Score(2 / 4)


def test_an_answer_without_statements_has_no_score_for_citations() -> None:
    assert citation_recall(record()) is None
    assert citation_precision(record()) is None
    assert supported(record()) is None
    assert figures_quoted(record()) is None


def test_grounding_counts_statements_and_figures_over_all_answers() -> None:
    # 2 of 2 statements and 1 of 4: 3 of 6. Figures: 1 of 1 and 0 of 3: 1 of 4, not the mean of 1 and 0.
    first = record(statements=(said(figures=1, quoted=1), said()))
    second = record(statements=(said(figures=3), said("weak"), said("weak"), said("unsupported")))
    assert mean([supported(first), supported(second)]) == 3 / 6
    assert mean([figures_quoted(first), figures_quoted(second)]) == 1 / 4


def test_abstention_is_scored_by_the_two_kinds_of_error() -> None:
    # TP 3, FP 1, FN 2, and 4 answered as they should be.
    kinds = [("unanswerable", "abstained")] * 3 + [("fact", "abstained")] + [("unanswerable", "answered")] * 2
    records = [record(kind=kind, status=status) for kind, status in [*kinds, *[("fact", "answered")] * 4]]
    assert mean(map(abstention_precision, records)) == 3 / 4
    assert mean(map(abstention_recall, records)) == 3 / 5
    # 2·3 / (2·3 + 1 + 2), which is 2 · 3/4 · 3/5 / (3/4 + 3/5)
    assert mean(map(abstention_f1, records)) == pytest.approx(6 / 9)
    # one of five answerable questions
    assert mean(map(false_abstention, records)) == 1 / 5


def test_a_failure_is_no_abstention() -> None:
    assert abstention_precision(record(status="failed")) is None
    assert abstention_recall(record(kind="unanswerable", status="failed")) == Score(0.0)
    assert false_abstention(record(status="failed")) == Score(0.0)


def test_rankings_are_scored_by_the_gold_papers() -> None:
    # Gold: owl at rank 2, finch at rank 6. recall@5 1/2, recall@10 2/2, reciprocal rank 1/2.
    # nDCG@10 = (1/log2(3) + 1/log2(7)) / (1 + 1/log2(3)) = (0.63093 + 0.35621) / 1.63093 = 0.60526
    ranked = ("a", "owl", "b", "c", "d", "finch")
    found = retrieval([record(papers=("owl", "finch"), ranked=ranked), record(papers=()), record(status="failed")])
    assert found["recall_5"][0] == Score(1 / 2)
    assert found["recall_10"][0] == Score(1.0)
    assert found["mrr_10"][0] == Score(1 / 2)
    assert found["ndcg_10"][0].value == pytest.approx(0.60526, abs=1e-5)
    assert found["ndcg_10"][1] is None
    assert found["ndcg_10"][2] == Score(0.0)


def test_a_verdict_that_a_judge_did_not_give_is_no_score() -> None:
    assert judged(record(unscored="no verdict")) is None
    assert judged(record(judged=0.5)) == Score(0.5)


def test_latency_leaves_failures_out() -> None:
    # 10, 20, 30, 40: median 25; the 95th percentile is at position 3·0.95 = 2.85, so 30 + 0.85·10 = 38.5.
    records = [record(ms=ms) for ms in (40.0, 10.0, 30.0, 20.0)] + [record(status="failed", ms=9000.0)]
    assert latency_ms(records) == (25.0, pytest.approx(38.5))
    assert percentile([], 95) is None


def test_tokens_are_summed_and_an_unknown_cost_is_unknown() -> None:
    known, unknown = record(usage={"prompt_tokens": 7}, cost_usd=0.25), record(usage={"prompt_tokens": 5})
    assert tokens([known, unknown]) == {"prompt_tokens": 12}
    assert cost_usd([known, known]) == 0.5
    assert cost_usd([known, unknown]) is None
    assert cost_usd([record()]) == 0


def test_words_of_an_answer_are_counted_without_marks() -> None:
    assert answer_words(record("Twelve tokens [1].")) == Score(2.0)
    assert answer_words(record("It does not say.", status="abstained")) is None


def test_an_interval_is_around_the_mean_and_the_same_each_time() -> None:
    values = [Score(float(n % 3 == 0)) for n in range(60)]  # 20 ones, 40 zeros
    found = estimate(values)
    assert found.mean == pytest.approx(1 / 3)
    # The standard error is √(1/3 · 2/3 / 60) = 0.0609; 1.96 of them to each side.
    assert found.low == pytest.approx(1 / 3 - 0.119, abs=0.03)
    assert found.high == pytest.approx(1 / 3 + 0.119, abs=0.03)
    assert estimate(values) == found
    assert estimate([*values, None]) == found
    assert estimate([None, None]) is None


def test_a_difference_that_is_always_there_is_no_chance() -> None:
    before = [Score(0.0)] * 12 + [Score(1.0)] * 12
    found = difference(before, [Score(1.0)] * 24)
    assert (found.before, found.after, found.mean) == (0.5, 1.0, 0.5)
    assert (found.wins, found.losses, found.ties) == (12, 0, 12)
    assert found.low > 0
    # Only when all 12 differing questions are swapped the same way is the difference as large: 2 of 4096.
    assert found.p < 0.01


def test_as_many_wins_as_losses_may_be_chance() -> None:
    up, down = (Score(0.0), Score(1.0)), (Score(1.0), Score(0.0))
    found = difference(*zip(*[up, down] * 5, strict=True))
    assert found.mean == 0
    assert found.p == 1.0  # every swap gives a difference of 0 or more


def test_a_question_that_one_run_has_no_score_for_is_not_compared() -> None:
    found = difference([Score(1.0), None, Score(0.5)], [Score(1.0), Score(0.0), None])
    assert (found.before, found.after, found.ties) == (1.0, 1.0, 1)
    assert difference([None], [Score(1.0)]) is None


def test_pooled_means_are_taken_over_what_each_run_has() -> None:
    # Abstention precision: 1 of 1 before, 1 of 2 after.
    found = difference([Score(1.0), None], [Score(1.0), Score(0.0)], pooled=True)
    assert (found.before, found.after) == (1.0, 0.5)


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_run_does_not_differ_from_itself(outcomes) -> None:
    scores = [Score(float(one)) for one in outcomes]
    found = difference(scores, scores)
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_mean_lies_within_its_interval(values) -> None:
    found = estimate([Score(value) for value in values])
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
