"""The verdict on a statement: does what it cites say so? No model is needed; an embedder helps.

Way in: `verdict.check(statement, papers)` and `check_fields`. Way out: a `Grounding`: the verdict, the reasons in
words, and the exact run of the abstract that carries the statement (`quote`). Each of `checks` looks for one kind of
doubt, `weigh` adds the doubts up, and `citations` numbers what passed. Pure: text in, verdicts out.
"""
