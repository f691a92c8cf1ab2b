"""Our three intents as Airflow understands them."""

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from mardev.errors import FixFirst, StageAlreadyClaimed


@contextmanager
def airflow_errors() -> Iterator[None]:
    """Inside: `FixFirst` fails without another try, a stage of another run is skipped; `RetryLater` passes.

    Also a decorator: ``@airflow_errors()``.
    """
    try:
        yield
    except StageAlreadyClaimed as reason:
        raise AirflowSkipException(str(reason)) from reason
    except FixFirst as reason:
        raise AirflowFailException(str(reason)) from reason
