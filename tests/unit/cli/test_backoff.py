from mardev.cli.supervisor.backoff import Backoff


def test_the_delay_doubles_up_to_its_bound():
    backoff = Backoff(most_deaths=10)
    assert [backoff.died(float(instant)) for instant in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_component_that_keeps_dying_is_given_up():
    backoff = Backoff(most_deaths=3)
    assert [backoff.died(float(instant)) for instant in range(4)] == [1, 2, 4, None]


def test_deaths_long_ago_are_forgotten():
    backoff = Backoff(most_deaths=2, window_seconds=60)
    backoff.died(0)
    backoff.died(1)
    assert backoff.died(100) == 1
