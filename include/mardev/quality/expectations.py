"""Our rules as Great Expectations. Importing this costs seconds: only the gate does it, when it needs it.

Great Expectations asks all the aggregates of a batch in one statement, so a suite of any length reads its stage once
for the rules, and once more for the key.
"""

# Great Expectations is not typed as mypy's strict mode wants it: its classes and decorators count as Any.
# mypy: disable-error-code="misc, untyped-decorator"

from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.compatibility import pydantic
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import metric_partial, metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from mardev.warehouse.quarantine import holds


def facts_asked(predicate: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the facts that the predicate asks for."""
    return {name: facts[name] for name in sa.text(predicate).compile().params}


def bound(predicate: str, facts: dict[str, Any]) -> sa.ColumnElement[bool]:
    """The predicate with its facts."""
    return holds(predicate).params(facts)


class RowsBreaking(TableMetricProvider):
    """How many rows do not fulfil a predicate; a null counts as not."""

    metric_name = "table.rows_breaking"
    value_keys = ("predicate", "facts")

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,  # noqa: N805  # Great Expectations makes it a class method
        execution_engine: Any,  # noqa: ARG002
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> Any:
        fulfilled = bound(metric_value_kwargs["predicate"], metric_value_kwargs["facts"])
        return sa.func.count().filter(~fulfilled), metric_domain_kwargs, {}


class BatchFulfilling(TableMetricProvider):
    """Whether an aggregate over all rows is true."""

    metric_name = "table.batch_fulfilling"
    value_keys = ("predicate", "facts")

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,  # noqa: N805  # Great Expectations makes it a class method
        execution_engine: Any,  # noqa: ARG002
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> Any:
        return bound(metric_value_kwargs["predicate"], metric_value_kwargs["facts"]), metric_domain_kwargs, {}


class RepeatedKeys(TableMetricProvider):
    """How many rows are one too many for their key."""

    metric_name = "table.repeated_keys"
    value_keys = ("key_columns",)

    @metric_value(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(
        cls,  # noqa: N805  # Great Expectations makes it a class method
        execution_engine: Any,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],  # noqa: ARG002
        runtime_configuration: dict[str, Any],  # noqa: ARG002
    ) -> int:
        batch, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        key: list[sa.ColumnElement[Any]] = [sa.column(name) for name in metric_value_kwargs["key_columns"]]
        extra = (sa.func.count() - 1).label("extra")
        groups = sa.select(extra).select_from(batch).group_by(*key).having(sa.func.count() > 1).subquery()
        total = sa.select(sa.func.coalesce(sa.func.sum(groups.c.extra), 0))
        return int(execution_engine.execute_query(total).scalar())


class RuleExpectation(BatchExpectation):
    """What the three kinds of rule have in common: the rule's name."""

    rule: str
    _configuration: ExpectationConfiguration | None = pydantic.PrivateAttr(default=None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """Written out once: Great Expectations asks dozens of times, and an expectation of ours never changes."""
        if self._configuration is None:
            self._configuration = super().configuration
        return self._configuration


class ExpectRowsToFulfil(RuleExpectation):
    """A row rule: at most `allowed_count` of the rows break it."""

    predicate: str
    facts: dict[str, Any]
    allowed_count: int

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.rows_breaking", "table.row_count")
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "predicate", "facts", "allowed_count")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        broken, rows = metrics["table.rows_breaking"], metrics["table.row_count"]
        percent = 100.0 * broken / rows if rows else 0.0
        return {
            "success": broken <= self.allowed_count,
            "result": {"element_count": rows, "unexpected_count": broken, "unexpected_percent": percent},
        }


class ExpectBatchToFulfil(RuleExpectation):
    """A set rule: the aggregate is true."""

    predicate: str
    facts: dict[str, Any]

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.batch_fulfilling",)
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "predicate", "facts")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        is_fulfilled = bool(metrics["table.batch_fulfilling"])
        return {"success": is_fulfilled, "result": {"observed_value": is_fulfilled}}


class ExpectKeysToBeUnique(RuleExpectation):
    """No two rows of the batch have the same key."""

    key_columns: list[str]

    metric_dependencies: ClassVar[tuple[str, ...]] = ("table.repeated_keys", "table.row_count")
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "key_columns")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        repeated, rows = metrics["table.repeated_keys"], metrics["table.row_count"]
        percent = 100.0 * repeated / rows if rows else 0.0
        return {
            "success": repeated == 0,
            "result": {"element_count": rows, "unexpected_count": repeated, "unexpected_percent": percent},
        }
