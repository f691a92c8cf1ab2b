"""Where a platform's terms leave a gap, the page says which, why, and what to do."""

from datetime import UTC, datetime

from mardev.pages.dark_figures import forecast_note, graph_note, rank_note, result_note, sum_of_views, views_note

AT = datetime(2026, 11, 5, tzinfo=UTC)


def placement(views, *, expired_at=None, published_at=AT):
    return {"views": views, "post_expired_at": expired_at, "published_at": published_at}


def test_a_plan_without_forecasts_says_why_and_what_to_do():
    note = forecast_note({"score_basis": {"features": ["graph"], "sources": ["youtube"], "approvals": {}}})
    assert "terms of YouTube" in note
    assert "approval_reference" in note
    assert "mardev_youtube" in note


def test_approved_scores_are_marked_as_ours_with_the_reference():
    basis = {"features": ["graph", "subscribers", "views"], "sources": ["youtube"], "approvals": {"youtube": "AMD-7"}}
    assert forecast_note({"score_basis": basis}) == (
        "Forecasts, ranks and reach are MarDev's own figures, not those of YouTube. YouTube approved it: AMD-7."
    )
    assert forecast_note({"score_basis": {}}) == forecast_note(None) == ""


def test_views_that_had_to_go_are_no_zero_and_views_not_counted_yet_are_no_gap():
    gone = [placement(None, expired_at=AT), placement(None)]
    assert sum_of_views(gone, "closed") is None
    assert "The views of 2 posts" in views_note(gone, "closed")
    assert views_note([placement(None)], "monitor") == ""
    assert sum_of_views([placement(None)], "monitor") == 0
    assert sum_of_views([placement(5), placement(None)], "closed") == 5
    assert "The views of 1 post " in views_note([placement(5), placement(None)], "closed")


def test_results_and_ranks_and_graphs_that_had_to_go_are_named():
    kpis = [
        {"kpi_key": "views", "name": "Views", "measured_at": AT, "result_value": None},
        {"kpi_key": "conversions", "name": "Installs", "measured_at": AT, "result_value": None},
        {"kpi_key": "cpm", "name": "Cost per 1,000 views", "measured_at": None, "result_value": None},
    ]
    assert result_note(kpis).startswith("Views: measured")
    assert "Installs" not in result_note(kpis)
    assert rank_note([{"rank_no": None}]).startswith("Ranks, communities and subscribers are gone")
    assert rank_note([{"rank_no": 1}, {"rank_no": None}]) == rank_note([]) == ""
    assert "had 1,500 creators" in graph_note({"node_count": 1500}, 0)
    assert graph_note({"node_count": 1500}, 3) == graph_note(None, 0) == ""
