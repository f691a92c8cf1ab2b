"""The audience-quality score: open, with reasons, fair across countries, and slow to blame."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mardev.settings import PROJECT_ROOT
from mardev.topidis.audience_signals import FEWEST_POSTS, WEIGHTS, AudienceFigures, Signal
from mardev.topidis.authenticity import Verdict, audience_quality
from mardev.topidis.growth_steps import PostFigures, growth_steps, says_giveaway
from mardev.topidis.pods import Pod
from mardev.topidis.reference import usual

NOW = datetime(2026, 10, 5, tzinfo=UTC)
SUBSCRIBERS = 20_000


def channel(key: str, *, seed: int, country: str = "DE", views: float = 3000, likes: float = 0.04, scatter: float = 0.5,
            posts: int = 20, subscribers: int | None = SUBSCRIBERS, **more) -> AudienceFigures:  # fmt: skip
    rng = np.random.default_rng(seed)
    drawn = views * np.exp(rng.normal(0, scatter, posts))
    return AudienceFigures(
        key, subscribers, "micro", country,
        [PostFigures(NOW - timedelta(5 * place), int(v), int(v * likes * np.exp(rng.normal(0, 0.1))), int(v / 250))
         for place, v in enumerate(drawn)],
        **more,
    )  # fmt: skip


def crowd(count: int = 60, **more) -> list[AudienceFigures]:
    return [channel(f"c{number}", seed=number, **more) for number in range(count)]


def growing(*, step_day: int | None = None, step: float = 0.25, lost: bool = False) -> list[tuple[datetime, int]]:
    counts = [SUBSCRIBERS * 1.0007**day for day in range(120)]
    if step_day is not None:
        counts = [
            c * (1 + step) if day >= step_day and not (lost and day > step_day + 10) else c
            for day, c in enumerate(counts)
        ]
    return [(NOW - timedelta(days=120 - day), round(c, -2)) for day, c in enumerate(counts)]


def test_ordinary_channels_have_nothing_unusual():
    scores = audience_quality(crowd())
    assert {score.verdict for score in scores} == {Verdict.NOTHING_UNUSUAL}
    assert min(score.score for score in scores) > 85


def test_even_views_that_nobody_likes_are_suspicious_and_the_reasons_say_both_figures():
    odd = channel("odd", seed=99, views=20_000, likes=0.002, scatter=0.02)
    score = audience_quality([*crowd(), odd])[-1]
    assert score.verdict is Verdict.SUSPICIOUS
    assert [reason.signal for reason in score.reasons][:2] == [Signal.EVEN_VIEWS, Signal.LIKES]
    assert "0.21 % of the views bring a like; 4 % is usual for micro channels in DE." in score.reasons[1].text


def test_one_odd_figure_alone_is_never_suspicious():
    odd = channel("odd", seed=99, views=400)
    score = audience_quality([*crowd(), odd])[-1]
    assert [reason.signal for reason in score.reasons] == [Signal.FEW_VIEWS]
    assert score.verdict is Verdict.LOOK_CLOSER


def test_a_country_that_likes_less_is_measured_by_itself():
    quiet = [channel(f"j{number}", seed=500 + number, country="JP", likes=0.008) for number in range(60)]
    scores = audience_quality([*crowd(), *quiet])
    assert all(score.verdict is Verdict.NOTHING_UNUSUAL for score in scores)
    alone = audience_quality([*crowd(), quiet[0]])[-1]
    assert Signal.LIKES in [reason.signal for reason in alone.reasons]
    assert alone.confidence < scores[-1].confidence


@pytest.mark.parametrize("step_day", [40, 90])
def test_a_giveaway_spike_is_explained_and_costs_nothing(step_day):
    spiky = channel("spiky", seed=3, history=growing(step_day=step_day))
    raffle = PostFigures(NOW - timedelta(days=121 - step_day), 30_000, 5_000, 9_000, is_giveaway=True)
    hosted = AudienceFigures(**{**vars(spiky), "posts": [*spiky.posts, raffle]})
    score = audience_quality([*crowd(), hosted])[-1]
    assert score.verdict is Verdict.NOTHING_UNUSUAL
    assert [(reason.is_explained, reason.points_lost) for reason in score.reasons] == [(True, 0.0)]
    assert "a giveaway ran at that time" in score.reasons[0].text


def test_a_step_that_nothing_explains_asks_what_happened_but_does_not_blame():
    score = audience_quality([*crowd(), channel("spiky", seed=3, history=growing(step_day=60))])[-1]
    assert score.verdict in (Verdict.NOTHING_UNUSUAL, Verdict.LOOK_CLOSER)
    assert "Ask what happened." in score.reasons[0].text
    lost = audience_quality([*crowd(), channel("spiky", seed=3, history=growing(step_day=60, lost=True))])[-1]
    assert lost.score < score.score
    assert "half of it was gone again" in lost.reasons[0].text


def test_a_small_post_does_not_explain_a_great_step():
    small = [PostFigures(NOW - timedelta(days=61), views) for views in (100, 100, 300)]
    (step,) = growth_steps(growing(step_day=60, step=2.0), small)
    assert step.explanation == ""
    large = [*small, PostFigures(NOW - timedelta(days=61), 400_000)]
    assert "times the usual views" in growth_steps(growing(step_day=60, step=2.0), large)[0].explanation


def test_rounded_counts_alone_are_no_step():
    assert growth_steps(growing(), []) == []
    assert growth_steps(growing()[:4], []) == []


def test_a_member_of_a_pod_is_suspicious():
    pod = Pod(("c0", "c1", "c2", "c3"), ("a", "b"), 0.01, 1.0)
    score = audience_quality(crowd(), [pod])[0]
    assert (score.verdict, score.score) == (Verdict.SUSPICIOUS, 40.0)
    assert "within the first hour" in score.reasons[0].text


@pytest.mark.parametrize("change", [{"posts": 9}, {"subscribers": 1_999}, {"subscribers": None}])
def test_too_little_data_gives_no_score(change):
    score = audience_quality([*crowd(), channel("small", seed=1, **change)])[-1]
    assert (score.score, score.verdict, score.reasons) == (None, Verdict.TOO_LITTLE_DATA, ())


def test_nobody_to_compare_with_is_no_error():
    assert audience_quality([]) == []
    assert audience_quality([channel("only", seed=1)])[0].verdict is Verdict.NOTHING_UNUSUAL


def test_half_of_a_cell_may_be_odd_without_moving_the_middle():
    values = np.array([1.0] * 51 + [9.0] * 49)
    assert usual(values, ["mid"] * 100, ["DE"] * 100).middle.tolist() == [1.0] * 100


def test_a_cell_of_three_leans_on_its_band():
    values = np.array([0.0] * 60 + [5.0] * 3)
    measured = usual(values, ["mid"] * 63, ["DE"] * 60 + ["JP"] * 3)
    assert measured.support[-1] == 3
    assert 0 < measured.middle[-1] == pytest.approx(5.0 * 3 / 23)


@pytest.mark.parametrize(
    "text", ["GIVEAWAY: win a phone", "Großes Gewinnspiel", "SORTEIO de 1 celular", "プレゼント企画！"]
)
def test_giveaways_are_recognised_in_the_languages_of_the_markets(text):
    assert says_giveaway(text)


def test_the_published_formula_names_every_weight_and_never_the_word():
    page = (PROJECT_ROOT / "docs" / "interfaces" / "audience_quality.md").read_text()
    for signal, weight in WEIGHTS.items():
        assert f"| `{signal}` | {weight:.2f} |" in page
    said = page + "".join(path.read_text() for path in (PROJECT_ROOT / "include/mardev/topidis").glob("*.py"))
    assert "fake" not in said.lower()
    assert f"fewer than {FEWEST_POSTS} posts" in page
