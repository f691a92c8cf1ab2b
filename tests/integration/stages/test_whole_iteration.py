"""One whole iteration by the stages' own code, in a world with planted faults."""

from mardev.domain.words import Stage


def test_it_ends_closed(worked):
    assert worked.value("SELECT state FROM core.iteration WHERE iteration_key = :key") == "closed"


def test_every_step_may_run_twice(worked):
    assert worked.changes_by_repeating == {}


def test_every_stage_is_handed_over_once(worked):
    claims = worked.rows("SELECT stage, handed_over_at FROM ops.stage_claim WHERE iteration_key = :key")
    assert sorted(claim["stage"] for claim in claims) == sorted(map(str, Stage))
    assert all(claim["handed_over_at"] for claim in claims)
