"""The assets that wake the next stage, one for each stage that hands over. An event only wakes; see `claim`."""

from airflow.sdk import Asset, PartitionedAssetTimetable

from mardev.domain.words import Stage
from mardev.stages.toolchain.claim import stage_before

ASSETS: dict[Stage, Asset] = {stage: Asset(f"mardev_{stage}") for stage in Stage if stage is not Stage.RETROSPECT}


def after_stage_before(stage: Stage) -> PartitionedAssetTimetable:
    """Schedule of `stage`: one run for each iteration that the stage before hands over."""
    before = stage_before(stage)
    if before is None:
        raise ValueError(f"{stage} is the first stage: nothing comes before it")
    return PartitionedAssetTimetable(assets=ASSETS[before])
