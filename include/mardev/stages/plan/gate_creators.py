"""The gate of what was collected: Great Expectations looks at the staged batches."""

from typing import Any

from mardev.stages.context import StageContext
from mardev.stages.publishing import gate_runs


def gate_creators(context: StageContext, collected: dict[str, Any]) -> list[int]:
    """Gate the batches that `collect_creators` staged.

    Returns:
        The ids of the batches that may be published.

    Raises:
        GateBlocked: a batch broke a critical rule; nothing of it is published.
    """
    run_ids: list[int] = collected["ingest_run_ids"]
    gate_runs(context, run_ids)
    return run_ids
