"""Publishes what passed the gate; bad rows go to quarantine with their reasons."""

from typing import Any

from mardev.stages.context import StageContext
from mardev.stages.publishing import publish_runs


def publish_creators(context: StageContext, gated: list[int]) -> dict[str, Any]:
    """Publish the batches, parents before children."""
    reports = publish_runs(context, gated)
    return {report.asset: report.as_json() for report in reports}
