"""What the page says before the first question: what the library holds, and what can be asked."""

from __future__ import annotations

from collections.abc import Collection

from rag.model import Paper


def start_html(papers: Collection[Paper]) -> str:
    """How many papers there are, from when to when, and what can be asked of them."""
    if not papers:
        return (
            '<p class="fn-start fn-about">The library is empty. Bring papers in under “Add papers”, '
            "then ask what they say.</p>"
        )
    dates = sorted(paper.published for paper in papers if paper.published)
    count = f"{len(papers):,} paper{'s' * (len(papers) != 1)}"
    when = ""
    if dates:
        first, last = dates[0].strftime("%B %Y"), dates[-1].strftime("%B %Y")
        span = f"from {first} to {last}" if first != last else f"from {first}"
        undated = len(papers) - len(dates)
        when = f", {span}" + (f" ({undated:,} have no date)" if undated else "")
    return (
        f'<p class="fn-start fn-about"><strong>{count}{when}.</strong> Ask for a fact or a figure, for papers on a '
        "subject, for two of them side by side, for dates and authors; or set many papers side by side under "
        "“Across papers”.</p>"
    )
