import pytest
from tests.builders.batches import NOW

from mardev.domain.words import World
from mardev.errors import FixFirst, GateBlocked
from mardev.quality.rules import RowRule
from mardev.quality.suites import suite_of
from mardev.quality.verdict import KEY_IS_UNIQUE, GateDecision, RuleResult, refuse_blocked
from mardev.warehouse.assets import ASSETS
from mardev.warehouse.staging import IngestRun

RUN = IngestRun(7, "hit", World.SANDBOX, None, "refresh/run/hits", NOW)


def result(severity="critical", passed=False, unexpected_count: int | None = 3, rule="rule"):
    return RuleResult(rule, "expect_rows_to_fulfil", severity, passed, unexpected_count)


@pytest.mark.parametrize(("rows", "allowed"), [(1, 1), (20, 1), (39, 1), (40, 2), (1000, 50)])
def test_a_share_of_the_rows_may_be_bad_and_a_single_one_always(rows, allowed):
    assert RowRule("rule", "true").allowed_count(rows) == allowed


def test_where_none_may_be_bad_not_even_one_may():
    assert RowRule("rule", "true", tolerance_share=0).allowed_count(1000) == 0


@pytest.mark.parametrize("asset", ASSETS)
def test_every_asset_has_a_suite_that_asks_for_its_world_and_its_required_columns(asset):
    suite = suite_of(asset)
    names = [rule.name for rule in suite.row_rules]
    assert len(set(names)) == len(names)
    assert "world_is_the_run's" in names
    assert {f"{column}_is_present" for column in suite.key} <= set(names)
    assert suite.asset == asset


def test_an_asset_that_is_not_behind_a_gate_has_no_suite():
    with pytest.raises(FixFirst, match="deal is not an asset"):
        suite_of("deal")


@pytest.mark.parametrize(
    ("severities", "decision", "worst"),
    [
        ([], "publish", None),
        (["info"], "publish", "info"),
        (["warning", "info"], "publish_with_warnings", "warning"),
        (["warning", "critical", "info"], "block", "critical"),
    ],
)
def test_the_worst_broken_severity_decides(severities, decision, worst):
    passed = result(passed=True, unexpected_count=0)
    verdict = GateDecision(RUN, 10, (passed, *(result(severity) for severity in severities)))
    assert (verdict.decision, verdict.max_severity_failed) == (decision, worst)


def test_rows_are_flagged_by_critical_rules_even_within_tolerance_and_by_a_shared_key():
    verdict = GateDecision(
        RUN,
        10,
        (
            result(passed=True, unexpected_count=1),
            result("warning", unexpected_count=4),
            result("warning", unexpected_count=2, rule=KEY_IS_UNIQUE),
            result("critical", passed=True, unexpected_count=None),
        ),
    )
    assert verdict.flagged_count == 3  # 1 critical + 2 repeated keys


def test_a_refusal_says_what_was_broken_how_often_and_what_to_do():
    blocked = GateDecision(
        RUN, 10, (result(), result("warning", rule="other"), result(unexpected_count=None, rule="all"))
    )
    with pytest.raises(GateBlocked) as caught:
        refuse_blocked([GateDecision(RUN, 5), blocked])
    assert "hit (run 7, 10 rows): rule (3 times), all." in str(caught.value)
    assert "run the task again" in str(caught.value)
