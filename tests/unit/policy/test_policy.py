"""What we may do with what a source tells us."""

from datetime import UTC, datetime, timedelta

import pytest

from mardev.domain.words import World
from mardev.errors import FixFirst
from mardev.policy.retention import expires_at, may_score, raw_answer_expires_at, require_scoring
from mardev.policy.sources import POLICIES, DataKind, SourceClass, policy_of

NOON = datetime(2026, 10, 5, 8, tzinfo=UTC)


def test_public_data_of_a_platform_is_kept_thirty_days():
    assert expires_at("youtube", NOON) == NOON + timedelta(days=30)
    assert expires_at("youtube", NOON, kind=DataKind.STATISTICS) == NOON + timedelta(days=30)


def test_an_approval_lengthens_the_life_of_statistics_only():
    approved = {"approval_reference": "YT-AUDIT-1"}
    assert expires_at("youtube", NOON, kind=DataKind.STATISTICS, **approved) == NOON + timedelta(days=36 * 30)
    assert expires_at("youtube", NOON, kind=DataKind.CONTENT, **approved) == NOON + timedelta(days=30)


@pytest.mark.parametrize("source", ["shop", "shlink", "analytics", "gmail"])
def test_our_own_systems_set_no_limit(source):
    assert expires_at(source, NOON) is None


def test_a_raw_answer_never_outlives_its_data():
    assert raw_answer_expires_at("youtube", NOON) <= expires_at("youtube", NOON)
    assert raw_answer_expires_at("shop", NOON) == NOON + timedelta(days=30)


def test_scores_from_a_platform_need_its_approval_in_a_live_world():
    assert not may_score("youtube", world=World.LIVE)
    assert not may_score("youtube", world=World.LIVE, approval_reference="")
    assert may_score("youtube", world=World.LIVE, approval_reference="YT-AUDIT-1")
    with pytest.raises(FixFirst, match="approval_reference"):
        require_scoring("youtube", world=World.LIVE)
    require_scoring("youtube", world=World.LIVE, approval_reference="YT-AUDIT-1")


def test_scores_are_free_in_the_sandbox_and_from_our_own_systems():
    require_scoring("youtube", world=World.SANDBOX)
    require_scoring("shop", world=World.LIVE)


def test_a_source_nobody_wrote_about_is_refused():
    with pytest.raises(FixFirst, match="no policy for the source"):
        policy_of("myspace")


def test_every_entry_says_what_it_rests_on():
    assert all(policy.basis and policy.source == name for name, policy in POLICIES.items())


def test_letters_are_never_archived_raw():
    assert all(not one.keeps_raw_answers for one in POLICIES.values() if one.source_class is SourceClass.CORRESPONDENCE)
