"""A stage step becomes an Airflow task: its context is built, its errors become what Airflow should do."""

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any

from airflow.providers.standard.decorators.python import _PythonDecoratedOperator
from airflow.sdk import get_current_context
from airflow.sdk.bases.decorator import task_decorator_factory

from mardev.domain.words import Lane
from mardev.errors import RetryLater
from mardev.orchestration.defaults import standard_options
from mardev.orchestration.running import stage_context
from mardev.orchestration.translation import airflow_errors
from mardev.orchestration.waiting import LONGEST_WAIT, clock_trigger
from mardev.stages.decisions import require_answers

Step = Callable[..., Any]


class StageOperator(_PythonDecoratedOperator):
    """Runs one step of a stage.

    `RetryLater` is tried again, or at its `not_before` when that is known (the triggerer waits, at the iteration's
    own clock; no worker does); `FixFirst` fails at once; a stage that belongs to another run is skipped.
    """

    custom_operator_name = "step"

    def execute(self, context: Any) -> Any:
        """Run the step and translate what it raises."""
        try:
            with airflow_errors():
                return super().execute(context)
        except RetryLater as trouble:
            if trouble.not_before is None:
                raise
            self.log.warning("%s Continuing at %s.", trouble, trouble.not_before.isoformat())
            self.defer(trigger=clock_trigger(trouble.not_before), method_name="execute_again", timeout=LONGEST_WAIT)

    def execute_again(self, context: Any, event: Mapping[str, Any] | None = None) -> Any:  # noqa: ARG002
        """The instant the step waited for has come."""
        return self.execute(context)


def stage_task(
    function: Step,
    *,
    lane: Lane | None = None,
    display_name: str | None = None,
    needs_answers: Collection[str] = (),
    **options: Any,
) -> Any:
    """Make an Airflow task of a step ``def step(context: StageContext, **upstream) -> small JSON``.

    Call the result in a DAG file like the step, without its context: ``stage_task(rank_creators)()``.

    Args:
        function: the step; its name becomes the task's id.
        lane: the team whose step it is.
        display_name: what people read; the function's name in words unless given.
        needs_answers: decisions that must have a recorded answer before the step runs, whatever colour their
            tasks have.
        options: any option of an Airflow task.
    """
    named = {"task_id": function.__name__, "task_display_name": display_name or in_words(function.__name__)}
    return task_decorator_factory(
        python_callable=_with_context(function, tuple(needs_answers)),
        multiple_outputs=False,
        decorated_operator_class=StageOperator,
        **{**standard_options(lane), **named, **options},
    )


def in_words(name: str) -> str:
    """``rank_creators`` as people read it: ``Rank creators``."""
    return name.replace("_", " ").capitalize()


def _with_context(function: Step, needs_answers: tuple[str, ...]) -> Step:
    """`function` without its first parameter, which is built from the running task."""

    @wraps(function)
    def run_step(*results: Any, **upstream: Any) -> Any:
        context = stage_context(get_current_context())
        if needs_answers:
            with context.warehouse.connect() as connection:
                require_answers(connection, context.iteration_key, needs_answers)
        return function(context, *results, **upstream)

    signature = inspect.signature(function)
    rest = list(signature.parameters.values())[1:]
    # Airflow reads the signature; a function has no such attribute until it is set.
    run_step.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
    del run_step.__wrapped__
    return run_step
