"""The gate as it is: Great Expectations on a real stage."""

import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.builders.batches import NOW, VALID_ROWS, snapshot_row, staged_run
from tests.builders.mishaps import at_statement, killing

from mardev.domain.words import World
from mardev.errors import FixFirst, TransportFailed
from mardev.quality import gate
from mardev.quality.gate import Batch, ask, validate, validate_all
from mardev.quality.rules import RowRule, SetRule, Suite
from mardev.quality.suites import suite_of
from mardev.quality.verdict import read_verdict
from mardev.settings import PROJECT_ROOT
from mardev.warehouse.staging import open_run
from mardev.warehouse.tables import expectation_result, ingest_run, validation_run
from mardev.warehouse.write import publish


def broken(decision):
    return {result.rule: result.unexpected_count for result in decision.results if not result.passed}


def ledger(engine, run):
    with engine.connect() as connection:
        return connection.execute(sa.select(ingest_run).where(ingest_run.c.ingest_run_id == run.ingest_run_id)).one()


def test_a_good_batch_passes_and_its_verdict_is_written(engine):
    run = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    decision = validate(engine, run)
    assert (decision.decision, decision.row_count, broken(decision), decision.flagged_count) == ("publish", 1, {}, 0)
    assert (ledger(engine, run).state, ledger(engine, run).flagged_count) == ("gated", 0)
    with engine.connect() as connection:
        assert read_verdict(connection, run) == decision
        [written] = connection.execute(sa.select(validation_run)).all()
        assert (written.decision, written.max_severity_failed, written.row_count) == ("publish", None, 1)


def test_bad_rows_within_tolerance_are_flagged_and_the_batch_passes(engine):
    rows = [snapshot_row(str(number), views=-1 if number == 0 else 100) for number in range(20)]
    run = staged_run(engine, "post_metric_snapshot", rows)
    decision = validate(engine, run)
    assert decision.decision == "publish_with_warnings"  # -1 views are fewer than 10 likes: odd, too
    assert broken(decision) == {"likes_are_fewer_than_views": 1}
    assert decision.flagged_count == ledger(engine, run).flagged_count == 1


def test_a_fifth_of_bad_rows_blocks_the_batch_and_the_verdict_stays(engine):
    rows = [snapshot_row(str(number), comments=-1 if number % 5 == 0 else 1) for number in range(20)]
    run = staged_run(engine, "post_metric_snapshot", rows)
    decision = validate(engine, run)
    assert decision.decision == "block"
    assert broken(decision) == {"comments_is_not_negative": 4}
    assert ledger(engine, run).state == "blocked"
    with engine.connect() as connection:
        kept = connection.execute(sa.select(expectation_result).where(~expectation_result.c.passed)).one()
    assert (kept.rule, kept.severity, kept.unexpected_count, kept.unexpected_percent) == (
        "comments_is_not_negative", "critical", 4, 20.0,
    )  # fmt: skip


def test_a_repeated_key_is_a_warning_that_flags_its_rows(engine):
    run = staged_run(engine, "post_metric_snapshot", [snapshot_row("a"), snapshot_row("a"), snapshot_row("a")])
    decision = validate(engine, run)
    assert (decision.decision, broken(decision), decision.flagged_count) == (
        "publish_with_warnings", {"key_is_unique_in_batch": 2}, 2,
    )  # fmt: skip


def test_an_empty_batch_passes_without_great_expectations(engine, monkeypatch):
    monkeypatch.setattr(gate, "ask", lambda *_: pytest.fail("was asked"))
    run = staged_run(engine, "hit", [])
    decision = validate(engine, run)
    assert (decision.decision, decision.row_count, decision.results) == ("publish", 0, ())
    assert publish(engine, run, ()).staged == 0


def test_several_batches_are_judged_in_one_go_each_by_its_own_suite(engine):
    good = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    bad = staged_run(
        engine, "conversion", [VALID_ROWS["conversion"] | {"kind": "stolen", "conversion_key": k} for k in "ab"]
    )
    empty = staged_run(engine, "session_report", [])
    decisions = validate_all(engine, [good, bad, empty])
    assert [decision.run for decision in decisions] == [good, bad, empty]
    assert [decision.decision for decision in decisions] == ["publish", "block", "publish"]
    assert broken(decisions[1]) == {"kind_is_known_word": 2}


def test_a_published_run_keeps_its_verdict(engine):
    run = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    first = validate(engine, run)
    publish(engine, run, ())
    assert validate(engine, run) == first
    assert ledger(engine, run).state == "published"


def test_what_is_not_staged_is_not_judged(engine):
    run = open_run(engine, "hit", World.SANDBOX, None, "a/b/c", NOW)
    with pytest.raises(FixFirst, match="is running, not staged"):
        validate(engine, run)


def test_what_no_gate_has_judged_has_no_verdict(engine):
    run = staged_run(engine, "hit", [])
    with engine.connect() as connection, pytest.raises(FixFirst, match="has passed no gate"):
        read_verdict(connection, run)


def test_a_row_count_far_from_the_usual_is_a_warning_once_there_is_history(engine):
    def rows(count, day):
        return [snapshot_row(str(number), snapshot_at=NOW - timedelta(days=day)) for number in range(count)]

    decisions = []
    for day, count in enumerate((10, 12, 11, 2, 11, 56)):  # usual: 11 / 5 = 2 to 55, other work not counted
        run = staged_run(engine, "post_metric_snapshot", rows(count, day), label=f"refresh/run_{day}/collect")
        decisions.append(validate(engine, run))
        publish(engine, run, ())
    assert [decision.decision for decision in decisions] == ["publish"] * 5 + ["publish_with_warnings"]
    assert broken(decisions[-1]) == {"row_count_is_usual": None}
    other_work = staged_run(engine, "post_metric_snapshot", rows(100, 9), label="plan/run_1/collect")
    assert validate(engine, other_work).decision == "publish"


def test_stale_rows_are_a_warning(engine):
    old = NOW - timedelta(days=3)
    run = staged_run(engine, "post_metric_snapshot", [snapshot_row(observed_at=old)])
    assert broken(validate(engine, run)) == {"observed_at_is_fresh": None}


@pytest.mark.parametrize("severity", ["info", "warning"])
def test_what_does_not_quarantine_is_reported_from_the_first_row_on(engine, severity):
    run = staged_run(engine, "hit", [VALID_ROWS["hit"] | {"hit_key": str(number)} for number in range(100)])
    suite = Suite("hit", ("hit_key", "hit_at"), (RowRule("not_seven", "hit_key <> '7'", severity),), ())
    assert [result.passed for result in ask(engine, [Batch(run, suite, 100)])[run]] == [False, True]


def test_a_rule_that_cannot_be_asked_is_named(engine):
    run = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    suite = Suite("hit", ("hit_key", "hit_at"), (), (SetRule("misspelt", "max(hit_ta) IS NOT NULL"),))
    with pytest.raises(FixFirst, match="The rule misspelt cannot be asked"):
        ask(engine, [Batch(run, suite, 1)])


def test_importing_the_gate_does_not_import_great_expectations():
    code = (
        "import sys, mardev.quality.gate, mardev.quality.release, mardev.stages.publishing;"
        "print([name for name in ('great_expectations', 'pandas', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT_ROOT / "include")
    assert done.stdout.strip() == "[]", done.stderr


def test_a_warehouse_that_goes_away_while_it_is_asked_is_asked_later(engine, postgres):
    run = staged_run(engine, "hit", [VALID_ROWS["hit"]])
    # Great Expectations asks on an engine of its own, and asks again before it gives up.
    away = at_statement(sa.Engine, killing(postgres), number=None, containing="FILTER")
    with away, pytest.raises(TransportFailed):
        validate(engine, run)
    assert ledger(engine, run).state == "staged"
    assert validate(engine, run).decision == "publish"


def test_a_warehouse_that_is_away_already_is_asked_later(engine):
    batch = Batch(staged_run(engine, "hit", [VALID_ROWS["hit"]]), suite_of("hit"), row_count=1)
    unreachable = sa.create_engine(engine.url.set(port=1))
    with pytest.raises(TransportFailed):
        ask(unreachable, [batch])
