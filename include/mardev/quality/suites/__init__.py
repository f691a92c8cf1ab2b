"""One suite for each table behind a gate, in the module of the table's name."""

from functools import cache
from importlib import import_module

from mardev.quality.rules import Suite
from mardev.warehouse.assets import asset_named


@cache
def suite_of(asset: str) -> Suite:
    """The rules of `asset`.

    Raises:
        FixFirst: there is no such asset.
    """
    module = import_module(f"mardev.quality.suites.{asset_named(asset).name}")
    suite: Suite = module.SUITE
    return suite
